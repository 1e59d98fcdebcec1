/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/series.h"

#include "sdk/metrics/exemplar/exemplars.h"
#include "wire/attribute_copy.h"
#include "wire/value.h"

#include <sched.h>
#include <stdlib.h>
#include <time.h>

/* A holder needs a few nanoseconds, unless it was preempted: then it needs the processor. */
#define SPINS_BEFORE_YIELD 64

/* A holder of a lower priority does not get it by yielding. */
#define YIELDS_BEFORE_SLEEP 16
#define SLEEP_NS 50000

static inline void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static void wait_a_while(unsigned waits)
{
    const struct timespec nap = {.tv_nsec = SLEEP_NS};
    if (waits % SPINS_BEFORE_YIELD != 0)
        pause_briefly();
    else if (waits < SPINS_BEFORE_YIELD * YIELDS_BEFORE_SLEEP)
        (void)sched_yield();
    else
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
}

void ct_series_lock_slow_path(struct ct_series *series)
{
    for (unsigned waits = 1;; waits++) {
        if (atomic_load_explicit(&series->locked, memory_order_relaxed) == 0 &&
            atomic_exchange_explicit(&series->locked, 1, memory_order_acquire) == 0)
            return;
        wait_a_while(waits);
    }
}

/* The series, its state and its encoded attributes are one block; the attributes another one. */
static struct ct_series *assemble(cotel_attribute *items, size_t count, uint32_t field,
                                  size_t state_size)
{
    size_t encoded_size =
        ct_attributes_size(field, items, count, &ct_value_unlimited, UINT32_MAX, NULL);
    struct ct_series *series = calloc(1, sizeof *series + state_size + encoded_size);
    if (series == NULL)
        return NULL;
    uint8_t *encoded = series->state + state_size;
    (void)ct_attributes_write(encoded, field, items, count, &ct_value_unlimited, UINT32_MAX);
    series->set = (struct ct_attribute_set){items, count};
    series->hash = ct_set_hash(series->set);
    series->encoded = cotel_str_n((const char *)encoded, encoded_size);
    return series;
}

struct ct_series *ct_series_create(struct ct_attribute_set set, uint32_t field, size_t state_size)
{
    size_t kept = 0;
    cotel_attribute *items = NULL;
    if (set.count != 0 && (items = ct_attributes_copy(set.items, set.count, &kept)) == NULL)
        return NULL;
    struct ct_series *series = assemble(items, kept, field, state_size);
    if (series == NULL)
        free(items);
    return series;
}

void ct_series_destroy(struct ct_series *series)
{
    ct_exemplars_destroy(atomic_load_explicit(&series->exemplars, memory_order_relaxed));
    free((void *)(uintptr_t)series->set.items);
    free(series);
}

void ct_series_destroy_all(struct ct_series *series)
{
    while (series != NULL) {
        struct ct_series *next = ct_series_next(series);
        ct_series_destroy(series);
        series = next;
    }
}
