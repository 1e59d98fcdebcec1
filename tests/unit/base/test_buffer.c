/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static bool out_of_memory;

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_realloc(void *memory, size_t size)
{
    return out_of_memory ? NULL : __real_realloc(memory, size);
}

static int memory_is_back(void **state)
{
    out_of_memory = false;
    return 0;
}

static void appends_follow_each_other(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append(&buffer, "ab", 2));
    assert_true(ct_buffer_append(&buffer, "c", 1));
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.data, "abc", 3);
    ct_buffer_fini(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
}

static void nothing_can_be_appended(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append(&buffer, NULL, 0));
    assert_int_equal(buffer.size, 0);
    ct_buffer_fini(&buffer);
}

static void a_megabyte_of_single_bytes_is_kept(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    for (size_t i = 0; i < 1 << 20; i++) {
        uint8_t byte = (uint8_t)(i * 31 >> 4);
        assert_true(ct_buffer_append(&buffer, &byte, 1));
    }
    assert_int_equal(buffer.size, 1 << 20);
    for (size_t i = 0; i < buffer.size; i++)
        assert_int_equal(buffer.data[i], (uint8_t)(i * 31 >> 4));
    ct_buffer_fini(&buffer);
}

static void out_of_memory_keeps_what_was_there(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    char more[1000] = {0};
    assert_true(ct_buffer_append(&buffer, "kept", 4));
    out_of_memory = true;
    assert_false(ct_buffer_append(&buffer, more, sizeof more));
    out_of_memory = false;
    assert_int_equal(buffer.size, 4);
    assert_memory_equal(buffer.data, "kept", 4);
    ct_buffer_fini(&buffer);
}

static void a_size_beyond_the_address_space_fails(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append(&buffer, "x", 1));
    assert_false(ct_buffer_append(&buffer, "x", SIZE_MAX));
    ct_buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_follow_each_other),
        cmocka_unit_test(nothing_can_be_appended),
        cmocka_unit_test(a_megabyte_of_single_bytes_is_kept),
        cmocka_unit_test_teardown(out_of_memory_keeps_what_was_there, memory_is_back),
        cmocka_unit_test(a_size_beyond_the_address_space_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
