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
    assert_true(ct_buffer_append_byte(&buffer, 'c'));
    assert_true(ct_buffer_append_text(&buffer, "de"));
    assert_true(ct_buffer_append_format(&buffer, "%d-%s", 42, "f"));
    assert_int_equal(buffer.size, 9);
    assert_memory_equal(buffer.data, "abcde42-f", 9);
    ct_buffer_fini(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
}

static void nothing_can_be_appended(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append(&buffer, NULL, 0));
    assert_true(ct_buffer_append_text(&buffer, ""));
    assert_true(ct_buffer_append_format(&buffer, "%s", ""));
    assert_int_equal(buffer.size, 0);
    ct_buffer_fini(&buffer);
}

static void a_megabyte_of_single_bytes_is_kept(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    for (size_t i = 0; i < 1 << 20; i++)
        assert_true(ct_buffer_append_byte(&buffer, (uint8_t)(i * 31 >> 4)));
    assert_int_equal(buffer.size, 1 << 20);
    for (size_t i = 0; i < buffer.size; i++)
        assert_int_equal(buffer.data[i], (uint8_t)(i * 31 >> 4));
    ct_buffer_fini(&buffer);
}

static void a_format_longer_than_the_room_grows_it(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append_format(&buffer, "%01000d", 7));
    assert_int_equal(buffer.size, 1000);
    assert_int_equal(buffer.data[998], '0');
    assert_int_equal(buffer.data[999], '7');
    ct_buffer_fini(&buffer);
}

static void reserved_room_is_not_moved(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_reserve(&buffer, 500));
    const uint8_t *data = buffer.data;
    for (int i = 0; i < 500; i++)
        assert_true(ct_buffer_append_byte(&buffer, 'x'));
    assert_ptr_equal(buffer.data, data);
    ct_buffer_fini(&buffer);
}

static void out_of_memory_sticks_and_keeps_what_was_there(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append_text(&buffer, "kept"));
    out_of_memory = true;
    assert_false(ct_buffer_reserve(&buffer, 1000));
    out_of_memory = false;
    assert_true(buffer.failed);
    assert_false(ct_buffer_append_text(&buffer, "x"));
    assert_false(ct_buffer_append_format(&buffer, "x"));
    assert_int_equal(buffer.size, 4);
    assert_memory_equal(buffer.data, "kept", 4);
    ct_buffer_clear(&buffer);
    assert_true(ct_buffer_append_text(&buffer, "again"));
    assert_int_equal(buffer.size, 5);
    ct_buffer_fini(&buffer);
}

static void a_size_beyond_the_address_space_fails(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append_byte(&buffer, 'x'));
    assert_false(ct_buffer_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    ct_buffer_fini(&buffer);
    assert_false(buffer.failed);
}

static void taking_hands_over_the_bytes(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_null(ct_buffer_take(&buffer));
    assert_true(ct_buffer_append(&buffer, "mine", 5));
    char *mine = (char *)ct_buffer_take(&buffer);
    assert_string_equal(mine, "mine");
    assert_null(buffer.data);
    assert_int_equal(buffer.capacity, 0);
    free(mine);
}

static void taking_from_a_failed_buffer_leaves_nothing(void **state)
{
    struct ct_buffer buffer = CT_BUFFER_INIT;
    assert_true(ct_buffer_append_text(&buffer, "half"));
    assert_false(ct_buffer_reserve(&buffer, SIZE_MAX));
    assert_null(ct_buffer_take(&buffer));
    assert_null(buffer.data);
    assert_false(buffer.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_follow_each_other),
        cmocka_unit_test(nothing_can_be_appended),
        cmocka_unit_test(a_megabyte_of_single_bytes_is_kept),
        cmocka_unit_test(a_format_longer_than_the_room_grows_it),
        cmocka_unit_test(reserved_room_is_not_moved),
        cmocka_unit_test_teardown(out_of_memory_sticks_and_keeps_what_was_there, memory_is_back),
        cmocka_unit_test(a_size_beyond_the_address_space_fails),
        cmocka_unit_test(taking_hands_over_the_bytes),
        cmocka_unit_test(taking_from_a_failed_buffer_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
