/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/resource/os_release.h"

static void assert_name(const char *file, const char *expected)
{
    char text[256];
    size_t size = strlen(file);
    memcpy(text, file, size);
    cotel_str found = ct_os_release_get(text, size, "PRETTY_NAME");
    assert_int_equal(found.size, strlen(expected));
    if (found.size != 0)
        assert_memory_equal(found.data, expected, found.size);
}

static void a_value_is_found_with_and_without_quotes(void **state)
{
    assert_name("PRETTY_NAME=Plain\n", "Plain");
    assert_name("ID=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=y\n",
                "Debian GNU/Linux 12 (bookworm)");
    assert_name("PRETTY_NAME='it is'", "it is");
}

static void escapes_are_taken_off_as_a_shell_does(void **state)
{
    assert_name("PRETTY_NAME=\"a \\\"b\\\" \\$c\"\n", "a \"b\" $c");
    assert_name("PRETTY_NAME='a\\b'\n", "a\\b");
    assert_name("PRETTY_NAME=\"it's\"\n", "it's");
    assert_name("PRETTY_NAME=ends\\", "ends\\");
}

static void another_name_is_not_taken_for_it(void **state)
{
    assert_name("", "");
    assert_name("PRETTY_NAME\nPRETTY_NAMES=x\nXPRETTY_NAME=y\n", "");
    assert_name("PRETTY_NAME=", "");
    assert_name("\n\nPRETTY_NAME=late", "late");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_with_and_without_quotes),
        cmocka_unit_test(escapes_are_taken_off_as_a_shell_does),
        cmocka_unit_test(another_name_is_not_taken_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
