/* SPDX-License-Identifier: Apache-2.0 */
/* What types of metrics become, and whatever stands around them. */
#include "exposition.h"

static void a_monotonic_sum_is_a_counter(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o"),
                                          cotel_attribute_int("retry", 1)};
    const cotel_point points[] = {metric_point_int(5, attributes, 2),
                                  metric_point_int(7, attributes, 1)};
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_SUM, "gen_ai.tokens", "By", "How many"), points, 2};
    assert_exposition(&(struct exposition)TEXT, metric_batch_of(NULL, &metric, 1),
                      "# HELP gen_ai_tokens_bytes_total How many\n"
                      "# TYPE gen_ai_tokens_bytes_total counter\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\",retry=\"1\"} 5\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\"} 7\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_monotonic_sum_is_a_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
