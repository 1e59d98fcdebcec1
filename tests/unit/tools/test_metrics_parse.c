/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ct_exposition exposition;
static struct ct_fault fault;

static int tear_down(void **state)
{
    ct_exposition_fini(&exposition);
    return 0;
}

static bool parse(const char *text, enum ct_text_format format)
{
    ct_exposition_fini(&exposition);
    return ct_parse(ct_text_of(text), format, &exposition, &fault);
}

static void check_refused(const char *text, enum ct_text_format format, size_t line)
{
    assert_false(parse(text, format));
    assert_int_equal(fault.line, line);
    assert_true(fault.reason[0] != '\0');
}

static void assert_text(struct ct_text text, const char *expected)
{
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data, expected, text.size);
}

static void a_sample_has_all_its_parts(void **state)
{
    assert_true(parse("a:b{l=\"x\\n\\\"\\\\\"} -1.5e2 12", CT_TEXT_PROMETHEUS));
    assert_int_equal(exposition.family_count, 1);
    const struct ct_sample *sample = exposition.families[0].samples;
    assert_text(sample->name, "a:b");
    assert_int_equal(sample->labels.count, 1);
    assert_text(sample->labels.items[0].name, "l");
    assert_text(sample->labels.items[0].value, "x\n\"\\");
    assert_true(sample->value == -150);
    assert_true(sample->time.is_known);
    assert_int_equal(sample->time.unix_ns, 12000000);
    assert_null(sample->exemplar);
}

static void samples_find_their_family(void **state)
{
    assert_true(
        parse("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nx 1\nh_sum 1\nh_count 1\nh_total 1\n",
              CT_TEXT_PROMETHEUS));
    assert_int_equal(exposition.family_count, 3);
    assert_int_equal(exposition.families[0].sample_count, 3);
    assert_text(exposition.families[1].name, "x");
    assert_text(exposition.families[2].name, "h_total"); /* histograms have none */
}

static void a_family_of_its_own_goes_before_another_ones_suffix(void **state)
{
    assert_true(parse("# TYPE h histogram\n# TYPE h_sum gauge\nh_sum 1\n", CT_TEXT_PROMETHEUS));
    assert_int_equal(exposition.families[0].sample_count, 0);
    assert_int_equal(exposition.families[1].sample_count, 1);
}

static void counters_are_called_without_total(void **state)
{
    assert_true(parse("# TYPE a_total counter\na_total 1\n# TYPE b counter\nb 1\n"
                      "# TYPE _total counter\n_total 1\n",
                      CT_TEXT_PROMETHEUS));
    assert_text(exposition.families[0].name, "a");
    assert_text(exposition.families[0].samples[0].name, "a_total");
    assert_text(exposition.families[1].name, "b");
    assert_text(exposition.families[2].name, "_total");
}

static void the_format_is_seen_at_the_end(void **state)
{
    assert_int_equal(ct_text_format_of(ct_text_of("a 1\n# EOF\n")), CT_TEXT_OPENMETRICS);
    assert_int_equal(ct_text_format_of(ct_text_of("# EOF")), CT_TEXT_OPENMETRICS);
    assert_int_equal(ct_text_format_of(ct_text_of("a 1\n")), CT_TEXT_PROMETHEUS);
    assert_int_equal(ct_text_format_of(ct_text_of("a 1\n# EOFF\n")), CT_TEXT_PROMETHEUS);
    assert_int_equal(ct_text_format_of(ct_text_of("")), CT_TEXT_PROMETHEUS);
}

static void exemplars_have_labels_a_number_and_a_time(void **state)
{
    assert_true(parse("a 1 # {t=\"x\"} 2 3.5\n# EOF", CT_TEXT_OPENMETRICS));
    const struct ct_exemplar *exemplar = exposition.families[0].samples[0].exemplar;
    assert_text(exemplar->labels.items[0].value, "x");
    assert_true(exemplar->value == 2);
    assert_int_equal(exemplar->time.unix_ns, 3500000000);
    assert_false(exposition.families[0].samples[0].time.is_known);
    check_refused("a 1 # {} \n# EOF", CT_TEXT_OPENMETRICS, 1);
    check_refused("a 1 # {} 1 # {} 1\n# EOF", CT_TEXT_OPENMETRICS, 1);
    check_refused("a 1 # 1\n# EOF", CT_TEXT_OPENMETRICS, 1);
    check_refused("a 1 # {} 1 1 1\n# EOF", CT_TEXT_OPENMETRICS, 1);
}

static void openmetrics_reads_an_escape_that_is_none_as_it_is(void **state)
{
    assert_true(parse("a{b=\"\\q\"} 1\n# EOF\n", CT_TEXT_OPENMETRICS));
    assert_text(exposition.families[0].samples[0].labels.items[0].value, "\\q");
}

static void a_series_is_there_once_whatever_the_order_of_its_labels(void **state)
{
    check_refused("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\n", CT_TEXT_PROMETHEUS, 2);
    assert_true(parse("a{x=\"1\",y=\"2\"} 1\na{y=\"1\",x=\"2\"} 1\n", CT_TEXT_PROMETHEUS));
    check_refused("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1\n",
                  CT_TEXT_PROMETHEUS, 3);
    assert_true(parse("a{le=\"1\"} 1\na{le=\"1.0\"} 1\n", CT_TEXT_PROMETHEUS));
    assert_true(parse("a{x=\"1y\"} 1\na{x=\"1\",y=\"\"} 1\n", CT_TEXT_PROMETHEUS));
    assert_true(parse("a 1 1\na 1 2\na 1\na 1 0\n", CT_TEXT_PROMETHEUS)); /* at other times */
}

static void what_came_before_a_fault_is_there(void **state)
{
    check_refused("a 1\nb\n", CT_TEXT_PROMETHEUS, 2);
    assert_int_equal(exposition.family_count, 1);
}

static void no_prefix_of_a_text_is_trouble(void **state)
{
    static const char text[] = "# TYPE a counter\n# HELP a b\\n\n# UNIT a a\n"
                               "a_total{\"x\"=\"y\\\"\",} 1 2 # {z=\"\"} 3e-1 4\n# EOF\n";
    char copy[sizeof(text)];

    for (size_t size = 0; size < sizeof(text); size++)
        for (int format = CT_TEXT_PROMETHEUS; format <= CT_TEXT_OPENMETRICS; format++) {
            char *end = copy + sizeof(copy) - size; /* it ends where the memory does */
            memcpy(end, text, size);
            ct_exposition_fini(&exposition);
            (void)ct_parse((struct ct_text){end, size}, (enum ct_text_format)format, &exposition,
                           &fault);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_sample_has_all_its_parts, tear_down),
        cmocka_unit_test_teardown(samples_find_their_family, tear_down),
        cmocka_unit_test_teardown(a_family_of_its_own_goes_before_another_ones_suffix, tear_down),
        cmocka_unit_test_teardown(counters_are_called_without_total, tear_down),
        cmocka_unit_test(the_format_is_seen_at_the_end),
        cmocka_unit_test_teardown(exemplars_have_labels_a_number_and_a_time, tear_down),
        cmocka_unit_test_teardown(openmetrics_reads_an_escape_that_is_none_as_it_is, tear_down),
        cmocka_unit_test_teardown(a_series_is_there_once_whatever_the_order_of_its_labels,
                                  tear_down),
        cmocka_unit_test_teardown(what_came_before_a_fault_is_there, tear_down),
        cmocka_unit_test_teardown(no_prefix_of_a_text_is_trouble, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
