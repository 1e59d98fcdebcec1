/* SPDX-License-Identifier: Apache-2.0 */
/* Which sets of attributes are the same, and how well their hashes tell the others apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/metrics/series_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define FIELD 7
#define MANY (1u << 20)

/* Of a table that is half full with a good hash, no chain is long. */
#define LONGEST_CHAIN 64u

#define SET(...)                                                                \
    ((struct ct_attribute_set){(const cotel_attribute[]){__VA_ARGS__},          \
                               sizeof((const cotel_attribute[]){__VA_ARGS__}) / \
                                   sizeof(cotel_attribute)})

static cotel_attribute text(const char *key, const char *value, size_t size)
{
    cotel_attribute attribute = cotel_attribute_string(key, "");
    attribute.value.as.string = (cotel_str){value, size};
    return attribute;
}

/* Whether a series of `first` is found by `second`, as a recorder or as who adds it looks. */
static bool is_same(struct ct_attribute_set first, struct ct_attribute_set second)
{
    struct ct_series_table *table = ct_series_table_create(1);
    struct ct_series *stored = ct_series_create(first, FIELD, 0);
    struct ct_series *other = ct_series_create(second, FIELD, 0);
    ct_series_table_put(table, stored);
    bool found = ct_series_table_find(table, second, ct_set_hash(second)) == stored;
    bool found_normal = ct_series_table_find(table, other->set, other->hash) == stored;
    if (ct_set_is_normal(second))
        assert_int_equal(found, found_normal);
    ct_series_destroy(stored);
    ct_series_destroy(other);
    free(table);
    return found_normal;
}

static void the_order_does_not_matter(void **state)
{
    (void)state;
    assert_true(is_same(SET(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)),
                        SET(cotel_attribute_int("b", 2), cotel_attribute_int("a", 1))));
}

static void values_belong_to_their_keys(void **state)
{
    (void)state;
    struct ct_attribute_set one = SET(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2));
    struct ct_attribute_set other = SET(cotel_attribute_int("a", 2), cotel_attribute_int("b", 1));
    assert_false(is_same(one, other));
    assert_int_not_equal(ct_set_hash(one), ct_set_hash(other));
}

static void of_equal_keys_the_last_counts_and_an_empty_one_is_not_there(void **state)
{
    (void)state;
    assert_true(is_same(SET(cotel_attribute_int("a", 1)),
                        SET(cotel_attribute_int("a", 2), cotel_attribute_int("a", 1))));
    assert_true(is_same(SET(cotel_attribute_int("a", 1)),
                        SET(cotel_attribute_int("a", 1), cotel_attribute_int("", 1))));
    assert_true(is_same((struct ct_attribute_set){NULL, 0}, SET(cotel_attribute_int("", 1))));
}

static void types_tell_apart(void **state)
{
    const cotel_attribute all[] = {cotel_attribute_int("a", 1), cotel_attribute_bool("a", true),
                                   cotel_attribute_double("a", 1),
                                   cotel_attribute_string("a", "1")};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++)
            assert_int_equal(is_same(SET(all[i]), SET(all[j])), i == j);
    }
    assert_false(is_same(SET(cotel_attribute_int("a", 0)), SET(cotel_attribute_double("a", 0))));
    assert_false(is_same(SET(cotel_attribute_double("a", 0)), SET(cotel_attribute_int("a", 0))));
}

static void doubles_are_compared_by_their_bits(void **state)
{
    (void)state;
    assert_true(
        is_same(SET(cotel_attribute_double("a", NAN)), SET(cotel_attribute_double("a", NAN))));
    assert_false(
        is_same(SET(cotel_attribute_double("a", 0.0)), SET(cotel_attribute_double("a", -0.0))));
}

static void text_that_is_not_there_or_not_utf8_is_what_is_kept_of_it(void **state)
{
    (void)state;
    assert_true(is_same(SET(text("a", NULL, 0)), SET(text("a", "", 0))));
    assert_true(is_same(SET(text("a", NULL, 3)), SET(text("a", "", 0))));
    assert_true(is_same(SET(text("a", "\xff", 1)), SET(text("a", "\xef\xbf\xbd", 3))));
    assert_false(is_same(SET(text("a", "x\0y", 3)), SET(text("a", "x\0z", 3))));
}

static void arrays_are_compared_item_by_item(void **state)
{
    const int64_t one[] = {1, 2}, same[] = {1, 2}, other[] = {1, 3};
    cotel_attribute attributes[3] = {{{"a", 1}, {0}}, {{"a", 1}, {0}}, {{"a", 1}, {0}}};
    const int64_t *items[] = {one, same, other};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        attributes[i].value.type = COTEL_VALUE_INT_ARRAY;
        attributes[i].value.as.integers.items = items[i];
        attributes[i].value.as.integers.count = 2;
    }
    assert_true(is_same(SET(attributes[0]), SET(attributes[1])));
    assert_false(is_same(SET(attributes[0]), SET(attributes[2])));
}

static void a_set_of_more_attributes_than_are_plain_is_found_too(void **state)
{
    for (size_t count = CT_SET_PLAIN_MAX; count <= CT_SET_PLAIN_MAX + 1; count++) {
        char keys[CT_SET_PLAIN_MAX + 1][8];
        cotel_attribute items[CT_SET_PLAIN_MAX + 1], reversed[CT_SET_PLAIN_MAX + 1];
        for (size_t i = 0; i < count; i++) {
            snprintf(keys[i], sizeof keys[i], "key%zu", i);
            items[i] = reversed[count - 1 - i] = cotel_attribute_int(keys[i], (int64_t)i);
        }
        struct ct_attribute_set set = {items, count};
        assert_int_equal(ct_set_is_normal(set), count <= CT_SET_PLAIN_MAX);
        assert_true(is_same(set, (struct ct_attribute_set){reversed, count}));
        items[0].value.as.integer = -1;
        assert_false(is_same(set, (struct ct_attribute_set){reversed, count}));
    }
    (void)state;
}

/* ---- hashes ---- */

/* What linear probing comes to with these hashes, in a table half full. */
static unsigned longest_chain(const uint32_t *hashes)
{
    const size_t slots = 2 * (size_t)MANY;
    unsigned char *taken = calloc(slots, 1);
    unsigned longest = 0;
    for (size_t i = 0; i < MANY; i++) {
        unsigned chain = 1;
        size_t at = hashes[i] & (slots - 1);
        for (; taken[at]; at = (at + 1) & (slots - 1))
            chain++;
        taken[at] = 1;
        longest = chain > longest ? chain : longest;
    }
    free(taken);
    return longest;
}

static int by_number(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

static unsigned most_alike(uint32_t *hashes)
{
    unsigned most = 1, alike = 1;
    qsort(hashes, MANY, sizeof *hashes, by_number);
    for (size_t i = 1; i < MANY; i++) {
        alike = hashes[i] == hashes[i - 1] ? alike + 1 : 1;
        most = alike > most ? alike : most;
    }
    return most;
}

static struct ct_attribute_set counted(cotel_attribute *room, uint32_t i)
{
    room[0] = cotel_attribute_int("a", i & 1023);
    room[1] = cotel_attribute_int("b", i >> 10);
    return (struct ct_attribute_set){room, 2};
}

static struct ct_attribute_set high_bits(cotel_attribute *room, uint32_t i)
{
    room[0] = cotel_attribute_int("a", (int64_t)((uint64_t)i << 44));
    return (struct ct_attribute_set){room, 1};
}

static struct ct_attribute_set doubles(cotel_attribute *room, uint32_t i)
{
    room[0] = cotel_attribute_double("a", i);
    return (struct ct_attribute_set){room, 1};
}

/* A bit of the number in each of 20 attributes. */
static struct ct_attribute_set bits(cotel_attribute *room, uint32_t i)
{
    static const char keys[] = "abcdefghijklmnopqrst";
    for (size_t k = 0; k < 20; k++) {
        room[k] = cotel_attribute_bool("", i >> k & 1);
        room[k].key = (cotel_str){&keys[k], 1};
    }
    return (struct ct_attribute_set){room, 20};
}

static struct ct_attribute_set texts(cotel_attribute *room, uint32_t i)
{
    static char digits[24];
    int size = snprintf(digits, sizeof digits, "/users/%08u/x", i);
    room[0] = text("path", digits, (size_t)size);
    return (struct ct_attribute_set){room, 1};
}

static void a_million_sets_of_few_differing_bits_are_spread(void **state)
{
    struct ct_attribute_set (*const makers[])(cotel_attribute *, uint32_t) = {counted, high_bits,
                                                                              doubles, bits, texts};
    uint32_t *hashes = malloc(MANY * sizeof *hashes);
    cotel_attribute room[20];
    (void)state;
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++) {
        for (uint32_t i = 0; i < MANY; i++)
            hashes[i] = ct_set_hash(makers[m](room, i));
        unsigned chain = longest_chain(hashes), alike = most_alike(hashes);
        assert_true(chain <= LONGEST_CHAIN);
        assert_true(alike <= 6);
    }
    free(hashes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_does_not_matter),
        cmocka_unit_test(values_belong_to_their_keys),
        cmocka_unit_test(of_equal_keys_the_last_counts_and_an_empty_one_is_not_there),
        cmocka_unit_test(types_tell_apart),
        cmocka_unit_test(doubles_are_compared_by_their_bits),
        cmocka_unit_test(text_that_is_not_there_or_not_utf8_is_what_is_kept_of_it),
        cmocka_unit_test(arrays_are_compared_item_by_item),
        cmocka_unit_test(a_set_of_more_attributes_than_are_plain_is_found_too),
        cmocka_unit_test(a_million_sets_of_few_differing_bits_are_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
