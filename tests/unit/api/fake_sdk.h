/* SPDX-License-Identifier: Apache-2.0 */
/* An SDK that records nothing but which calls came over the seam. Slots are never unmapped, and a
 * generation tells stale handles, as the seam demands. */
#ifndef COTEL_TESTS_UNIT_API_FAKE_SDK_H
#define COTEL_TESTS_UNIT_API_FAKE_SDK_H

#include <stdatomic.h>

#include "api/provider.h"

#define FAKE_TEXT_SIZE 64

struct fake_provider {
    cotel_tracer_provider base;
    _Atomic unsigned tracers; /* how often get_tracer was called */
    bool refuses;             /* get_tracer gives NULL */
    char last_scope[FAKE_TEXT_SIZE];
    size_t last_attribute_count;
};

/* The calls on spans, over all threads. */
struct fake_calls {
    _Atomic unsigned started;
    _Atomic unsigned ended;
    _Atomic unsigned stale_ends;
    _Atomic unsigned set;
    char last_call[FAKE_TEXT_SIZE];
    char last_key[FAKE_TEXT_SIZE];
    char last_text[FAKE_TEXT_SIZE];
    int64_t last_int;
    double last_double;
    uint64_t last_time;
    size_t last_count;
};
extern struct fake_calls fake_calls;

/* Spans that start from now on: with this tracestate (a reference is kept), not recording. */
extern cotel_tracestate *fake_tracestate;
extern bool fake_sampled_out;

/* The table of a span, whose size a test may change. */
extern struct ct_span_ops fake_span_ops;
extern struct ct_tracer_ops fake_tracer_ops;
extern bool fake_enabled;

#define FAKE_PROVIDER_INIT             \
    {                                  \
        .base = { &fake_provider_ops } \
    }
extern struct ct_provider_ops fake_provider_ops;

/* Forgets all calls. */
void fake_reset(void);

#endif
