/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/errno_name.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static void numbers_have_their_names(void **state)
{
    assert_string_equal(ct_errno_name(EPERM), "EPERM");
    assert_string_equal(ct_errno_name(ENOENT), "ENOENT");
    assert_string_equal(ct_errno_name(EAGAIN), "EAGAIN");
    assert_string_equal(ct_errno_name(ETIMEDOUT), "ETIMEDOUT");
}

static void other_numbers_have_none(void **state)
{
    static const int numbers[] = {0, -1, -ENOENT, 41, 58, 134, 4096, INT_MAX, INT_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_null(ct_errno_name(numbers[i]));
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
static void the_c_library_knows_the_same_names(void **state)
{
    for (int number = 1; number < 4096; number++) {
        const char *name = ct_errno_name(number), *expected = strerrorname_np(number);
        assert_int_equal(name == NULL, expected == NULL);
        if (name != NULL)
            assert_string_equal(name, expected);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_names),
        cmocka_unit_test(other_numbers_have_none),
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
        cmocka_unit_test(the_c_library_knows_the_same_names),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
