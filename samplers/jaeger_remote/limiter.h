/* SPDX-License-Identifier: Apache-2.0 */
/* So many traces a second, as a leaky bucket: credit comes back evenly, and as much as a second's
 * worth (one trace at least) can be saved up.
 *
 * All of its state is one word, the time at which the bucket will be full again. Whoever takes a
 * credit moves that time on by what a credit takes to come back; there is one to be had as long as
 * the time is near enough. So taking one is a compare-and-swap and nothing else. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_LIMITER_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_LIMITER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ct_jaeger_limiter {
    _Atomic uint64_t full_at_ns;
    uint64_t credit_ns; /* in which one credit comes back; 0: none ever does */
    uint64_t slack_ns;  /* how far ahead full_at_ns may be while there is a credit left */
};

/* Full. `per_second` is not negative; 0: nothing is ever to be had. */
void ct_jaeger_limiter_init(struct ct_jaeger_limiter *limiter, double per_second);

/* Takes one credit; false: there is none. Any thread, lock-free. `now_ns` may run a little
 * backwards from thread to thread. */
bool ct_jaeger_limiter_take(struct ct_jaeger_limiter *limiter, uint64_t now_ns);

/* Whether nothing is missing: then it is as good as new. */
bool ct_jaeger_limiter_is_full(const struct ct_jaeger_limiter *limiter, uint64_t now_ns);

/* What is missing in `before` is to be missing here, counted in credits. Of a new limiter. */
void ct_jaeger_limiter_inherit(struct ct_jaeger_limiter *limiter,
                               const struct ct_jaeger_limiter *before, uint64_t now_ns);

#endif
