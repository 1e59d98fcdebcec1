/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/fork.h"
#include "base/random.h"
#include "children.h"

static enum { KERNEL_GIVES, KERNEL_REFUSES, KERNEL_GIVES_ZEROS } kernel;
static unsigned flags_seen;

ssize_t __real_getrandom(void *out, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags);

ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags)
{
    flags_seen = flags;
    if (kernel == KERNEL_GIVES)
        return __real_getrandom(out, size, flags);
    if (kernel == KERNEL_GIVES_ZEROS) {
        memset(out, 0, size);
        return (ssize_t)size;
    }
    errno = EAGAIN;
    return -1;
}

static int kernel_gives_again(void **state)
{
    kernel = KERNEL_GIVES;
    return 0;
}

/* Worked out by the reference code of the algorithm's authors. */
static void the_sequence_is_that_of_xoshiro256_plus_plus(void **state)
{
    struct ct_random random = {{1, 2, 3, 4}};
    const uint64_t expected[] = {
        41943041,
        58720359,
        UINT64_C(3588806011781223),
        UINT64_C(3591011842654386),
        UINT64_C(9228616714210784205),
        UINT64_C(9973669472204895162),
        UINT64_C(14011001112246962877),
        UINT64_C(12406186145184390807),
    };
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        assert_true(ct_random_next(&random) == expected[i]);
}

static void seeding_never_waits(void **state)
{
    struct ct_random random;
    ct_random_seed(&random);
    assert_true(flags_seen & GRND_NONBLOCK);
}

static void assert_seeds_differ(void)
{
    struct ct_random random;
    uint64_t seen[100];
    for (size_t i = 0; i < 100; i++) {
        ct_random_seed(&random);
        assert_true((random.state[0] | random.state[1] | random.state[2] | random.state[3]) != 0);
        seen[i] = ct_random_next(&random);
        for (size_t j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    }
}

static void seeds_differ_whatever_the_kernel_does(void **state)
{
    kernel = KERNEL_GIVES;
    assert_seeds_differ();
    kernel = KERNEL_REFUSES;
    assert_seeds_differ();
    kernel = KERNEL_GIVES_ZEROS;
    assert_seeds_differ();
}

/* Written by children, read by the parent. */
static uint64_t *shared;

static int reseeds(void)
{
    struct ct_random random;
    ct_random_seed(&random);
    for (int i = 0; i < 4; i++)
        shared[i] = ct_random_next(&random);
    return 0;
}

static void a_child_that_seeds_again_draws_others(void **state)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    for (int refused = 0; refused < 2; refused++) {
        kernel = refused ? KERNEL_REFUSES : KERNEL_GIVES;
        uint64_t first[4];
        assert_int_equal(in_child(fork, reseeds), 0);
        memcpy(first, shared, sizeof(first));
        assert_int_equal(in_child(fork, reseeds), 0);
        for (int i = 0; i < 4; i++)
            assert_true(first[i] != shared[i]);
    }
    assert_int_equal(munmap(shared, 4096), 0);
}

static void bits_are_balanced(void **state)
{
    struct ct_random random;
    int ones[64] = {0};
    ct_random_seed(&random);
    for (int i = 0; i < 10000; i++) {
        uint64_t x = ct_random_next(&random);
        for (int bit = 0; bit < 64; bit++)
            ones[bit] += (int)(x >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++)
        assert_in_range(ones[bit], 4600, 5400); /* eight standard deviations */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sequence_is_that_of_xoshiro256_plus_plus),
        cmocka_unit_test(seeding_never_waits),
        cmocka_unit_test_teardown(seeds_differ_whatever_the_kernel_does, kernel_gives_again),
        cmocka_unit_test_teardown(a_child_that_seeds_again_draws_others, kernel_gives_again),
        cmocka_unit_test(bits_are_balanced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
