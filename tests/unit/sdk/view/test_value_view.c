/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sdk/view/read.h"
#include "text.h"

#define DEEP 100000

static void the_last_member_of_a_value_counts(void **state)
{
    cotel_value_view value;
    /* string_value: "s", then int_value: 5 */
    assert_true(ct_read_value(LITERAL("\x0a\x01s\x18\x05"), &value));
    assert_int_equal(value.type, COTEL_VALUE_INT);
    assert_int_equal(value.integer, 5);
    assert_int_equal(value.text.size, 0);
}

static void a_member_that_nobody_knows_leaves_it_empty(void **state)
{
    cotel_value_view value;
    assert_true(ct_read_value(LITERAL("\x42\x01x"), &value));
    assert_int_equal(value.type, COTEL_VALUE_EMPTY);
}

static void members_of_the_wrong_type_are_refused(void **state)
{
    const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {
        {"\x08\x01", 2}, {"\x12\x00", 2}, {"\x1a\x00", 2}, {"\x20\x01", 2},
        {"\x28\x01", 2}, {"\x30\x01", 2}, {"\x38\x01", 2},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cotel_value_view value;
        assert_false(ct_read_value(cotel_str_n(wrong[i].bytes, wrong[i].size), &value));
    }
}

static void a_value_that_holds_nothing_has_no_items(void **state)
{
    cotel_value_view value = {.type = COTEL_VALUE_STRING, .text = LITERAL("\x0a\x00")}, item;
    cotel_iterator items = cotel_value_view_items(&value);
    assert_false(cotel_iterator_next_value(&items, &item));
    items = cotel_value_view_items(NULL);
    assert_false(cotel_iterator_next_value(&items, &item));
    assert_false(cotel_iterator_next_value(NULL, &item));
    assert_false(cotel_iterator_next_value(&items, NULL));
}

/* Writes `depth` arrays, each of one element, from the inside out, to the end of the memory. */
static cotel_str nested_arrays(uint8_t *memory, size_t capacity, int depth)
{
    size_t at = capacity;
    for (int level = 0; level < depth; level++) {
        for (int part = 0; part < 2; part++) { /* values: inner, then array_value: that */
            uint8_t head[8];
            size_t size = capacity - at, head_size = 0;
            head[head_size++] = part == 0 ? 0x0a : 0x2a;
            for (; size >= 0x80; size >>= 7)
                head[head_size++] = (uint8_t)(size | 0x80);
            head[head_size++] = (uint8_t)size;
            at -= head_size;
            memcpy(memory + at, head, head_size);
        }
    }
    return cotel_str_n((const char *)memory + at, capacity - at);
}

static void no_depth_exhausts_the_stack(void **state)
{
    size_t capacity = (size_t)DEEP * 16;
    uint8_t *memory = malloc(capacity);
    assert_non_null(memory);
    cotel_value_view value;
    assert_true(ct_read_value(nested_arrays(memory, capacity, DEEP), &value));
    int depth = 0;
    for (; value.type == COTEL_VALUE_ARRAY; depth++) {
        cotel_iterator items = cotel_value_view_items(&value);
        assert_true(cotel_iterator_next_value(&items, &value));
    }
    assert_int_equal(depth, DEEP);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_member_of_a_value_counts),
        cmocka_unit_test(a_member_that_nobody_knows_leaves_it_empty),
        cmocka_unit_test(members_of_the_wrong_type_are_refused),
        cmocka_unit_test(a_value_that_holds_nothing_has_no_items),
        cmocka_unit_test(no_depth_exhausts_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
