/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define KEYS 100000

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t collisions(uint32_t *hashes, size_t count)
{
    size_t equal = 0;
    qsort(hashes, count, sizeof(*hashes), by_value);
    for (size_t i = 1; i < count; i++)
        equal += hashes[i] == hashes[i - 1];
    return equal;
}

static void equal_keys_hash_alike_wherever_they_lie(void **state)
{
    char room[80];
    const char key[] = "gen_ai.usage.output_tokens.and.what.follows.beyond.a.line.of.64b";
    for (size_t size = 0; size < sizeof(key); size++) {
        uint32_t hash = ct_hash(key, size);
        for (size_t offset = 0; offset < 8; offset++) {
            memset(room, 'x', sizeof(room));
            memcpy(room + offset, key, size);
            assert_int_equal(ct_hash(room + offset, size), hash);
        }
    }
}

static void similar_keys_collide_no_more_than_by_chance(void **state)
{
    static const char *const formats[] = {"k%d", "%d", "agent.%06d.cost", "%08x%08x"};
    uint32_t *hashes = malloc(KEYS * sizeof(*hashes));
    assert_non_null(hashes);
    for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++) {
        for (int i = 0; i < KEYS; i++) {
            char key[64];
            (void)snprintf(key, sizeof(key), formats[f], i, i);
            hashes[i] = ct_hash(key, strlen(key));
        }
        /* By chance 1.2 of 100,000. */
        assert_true(collisions(hashes, KEYS) < 12);
    }
    free(hashes);
}

static void zeros_of_different_length_differ(void **state)
{
    static const char zeros[65];
    uint32_t hashes[65];
    for (size_t size = 0; size < 65; size++)
        hashes[size] = ct_hash(zeros, size);
    assert_int_equal(collisions(hashes, 65), 0);
}

/* How many of the hash's bits change when `bit` of the key does. */
static int changed_bits(char *key, size_t size, size_t bit)
{
    uint32_t before = ct_hash(key, size);
    key[bit / 8] = (char)(key[bit / 8] ^ 1 << bit % 8);
    return __builtin_popcount(before ^ ct_hash(key, size));
}

static void every_bit_of_a_key_changes_half_of_the_hash(void **state)
{
    for (size_t size = 1; size <= 40; size++) {
        for (size_t bit = 0; bit < size * 8; bit++) {
            int changed = 0;
            for (int round = 0; round < 64; round++) {
                char key[40];
                for (size_t i = 0; i < size; i++)
                    key[i] = (char)(i * 37 + (size_t)round * 101);
                changed += changed_bits(key, size, bit);
            }
            assert_in_range(changed / 64, 9, 23);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_keys_hash_alike_wherever_they_lie),
        cmocka_unit_test(similar_keys_collide_no_more_than_by_chance),
        cmocka_unit_test(zeros_of_different_length_differ),
        cmocka_unit_test(every_bit_of_a_key_changes_half_of_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
