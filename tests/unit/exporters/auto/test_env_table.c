/* SPDX-License-Identifier: Apache-2.0 */
/* The table against itself: what one row says holds in the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exporters/auto/env.h"

#define FOR_EACH(row)                                          \
    for (const struct ct_env_variable *row = ct_env_variables; \
         row < ct_env_variables + ct_env_variable_count; row++)

static void every_name_is_there_once(void **state)
{
    FOR_EACH(row)
    {
        assert_memory_equal(row->name, "OTEL_", 5);
        assert_ptr_equal(ct_env_find(row->name), row);
    }
    assert_null(ct_env_find("OTEL_"));
}

static void every_row_says_what_it_sets_and_what_it_holds(void **state)
{
    FOR_EACH(row)
    {
        assert_non_null(row->preset);
        assert_true(row->goes_to[0] != '\0');
        assert_true(ct_env_kind_name(row->kind)[0] != '\0');
        assert_true((row->words != NULL) ==
                    (row->kind == CT_ENV_ENUM || row->kind == CT_ENV_ENUM_LIST));
    }
}

/* Sets each variable to its own default: only a number that is unlimited cannot be said. */
static void every_default_is_a_value_of_its_kind(void **state)
{
    FOR_EACH(row)
    {
        struct ct_env_value value = {.word = 0};
        struct ct_env_problem problem = {.text = ""};
        bool is_special = row->kind == CT_ENV_SAMPLER_ARGUMENT;
        if (row->preset[0] == '\0' || is_special || strcmp(row->preset, "unlimited") == 0)
            continue;
        if (!ct_env_value_parse(&value, row, cotel_str_of(row->preset), &problem))
            fail_msg("%s=%s %s", row->name, row->preset, problem.text);
    }
}

static void a_general_variable_is_one_and_of_the_same_kind(void **state)
{
    size_t generals = 0;
    FOR_EACH(row)
    {
        if (!row->general)
            continue;
        const struct ct_env_variable *general = ct_env_find(row->general);
        assert_non_null(general);
        assert_int_equal(general->reader, CT_ENV_GENERAL);
        assert_int_equal(general->kind, row->kind);
        assert_int_equal(general->least, row->least);
        assert_null(general->general);
        generals++;
    }
    assert_int_equal(generals, 22);
}

static void what_a_row_says_of_another_fits_it(void **state)
{
    FOR_EACH(row)
    {
        assert_true((row->pairs != NULL) == (row->key != NULL));
        if (row->pairs)
            assert_int_equal(ct_env_find(row->pairs)->kind, CT_ENV_PAIRS);
        if (row->at_most)
            assert_int_equal(ct_env_find(row->at_most)->kind, row->kind);
        assert_true((row->kind == CT_ENV_OTLP_ENDPOINT) == (row->protocol != NULL));
        assert_true((row->protocol != NULL) == (row->grpc_preset != NULL));
        assert_true((row->exporters != NULL) == (row->path != NULL));
        if (row->protocol)
            assert_int_equal(ct_env_find(row->protocol)->reader, row->reader);
        if (row->exporters)
            assert_int_equal(ct_env_find(row->exporters)->kind, CT_ENV_ENUM_LIST);
        assert_true(row->most == 0 || row->kind == CT_ENV_INTEGER);
    }
}

static void each_list_has_room_for_all_its_words(void **state)
{
    FOR_EACH(row)
    {
        size_t words = 0;
        while (row->words && row->words[words].text)
            words++;
        assert_true(words <= CT_ENV_LIST_MAX);
    }
}

/* sdk-environment-variables.md and protocol/exporter.md of 1.60, and what the semantic conventions
 * add to them; and one of cotel's own, named as such ones are to be. */
static void the_whole_of_the_specification_is_there(void **state)
{
    assert_int_equal(ct_env_variable_count, 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_there_once),
        cmocka_unit_test(every_row_says_what_it_sets_and_what_it_holds),
        cmocka_unit_test(every_default_is_a_value_of_its_kind),
        cmocka_unit_test(a_general_variable_is_one_and_of_the_same_kind),
        cmocka_unit_test(what_a_row_says_of_another_fits_it),
        cmocka_unit_test(each_list_has_room_for_all_its_words),
        cmocka_unit_test(the_whole_of_the_specification_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
