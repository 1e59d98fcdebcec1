/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/auto/header_list.h"

static void pairs_are_read_and_values_decoded(void **state)
{
    struct ct_header_list list;
    assert_true(
        ct_header_list_parse(&list, cotel_str_of("api-key=s3cret, x = a%20b%3D ,,empty=,e=a=b,")));
    const char *expected[][2] = {{"api-key", "s3cret"}, {"x", "a b="}, {"empty", ""}, {"e", "a=b"}};
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(list.items[i].name, expected[i][0]);
        assert_string_equal(list.items[i].value, expected[i][1]);
    }
    ct_header_list_fini(&list);
}

static void none_given_is_an_empty_list(void **state)
{
    struct ct_header_list list;
    assert_true(ct_header_list_parse(&list, cotel_str_of(NULL)));
    assert_int_equal(list.count, 0);
    ct_header_list_fini(&list);
    assert_true(ct_header_list_parse(&list, cotel_str_of(" , ")));
    assert_int_equal(list.count, 0);
    ct_header_list_fini(&list);
}

static void one_malformed_member_discards_all(void **state)
{
    const char *wrong[] = {"a=1,b", "a=1,=2", "a=1,b=%4",  "a=1,b=%0a",
                           "a b=1", "a:=1",   "\xc3\xa9=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ct_header_list list;
        assert_false(ct_header_list_parse(&list, cotel_str_of(wrong[i])));
        assert_int_equal(list.count, 0);
        assert_null(list.items);
        ct_header_list_fini(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_read_and_values_decoded),
        cmocka_unit_test(none_given_is_an_empty_list),
        cmocka_unit_test(one_malformed_member_discards_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
