/* SPDX-License-Identifier: Apache-2.0 */
/* A span's body outside a slot, and what it holds as the public view reads it. */
#ifndef COTEL_TESTS_UNIT_SDK_TRACE_BODY_FIXTURE_H
#define COTEL_TESTS_UNIT_SDK_TRACE_BODY_FIXTURE_H

#include "sdk/trace/body.h"

#define FIXTURE_BYTES 256
#define FIXTURE_INDEX 4

struct body_fixture {
    struct ct_body body;
    struct ct_live_memory memory;
    cotel_span_limits limits;
    uint8_t bytes[FIXTURE_BYTES];
    struct ct_index_entry index[FIXTURE_INDEX];
};

/* Small inline memory, so that tests see it outgrown. */
static inline void body_fixture_begin(struct body_fixture *fixture, const char *name)
{
    fixture->limits = (cotel_span_limits)COTEL_SPAN_LIMITS_INIT;
    fixture->memory.most = 64u << 20;
    atomic_store(&fixture->memory.used, 0);
    atomic_store(&fixture->memory.serial, 1);
    fixture->body = (struct ct_body){.limits = &fixture->limits,
                                     .memory = &fixture->memory,
                                     .memory_serial = 1,
                                     .inline_data = fixture->bytes,
                                     .inline_index = fixture->index};
    struct ct_body_head head = {.kind = COTEL_SPAN_KIND_SERVER,
                                .start_unix_ns = 1000,
                                .flags = 0x101,
                                .name = cotel_str_of(name)};
    memset(&head.trace_id, 0xab, sizeof head.trace_id);
    memset(&head.span_id, 0xcd, sizeof head.span_id);
    ct_body_begin(&fixture->body, &head, FIXTURE_BYTES, FIXTURE_INDEX);
}

static inline cotel_str body_fixture_bytes(const struct body_fixture *fixture)
{
    return cotel_str_n((const char *)fixture->body.data, fixture->body.size);
}

static inline bool body_fixture_holds(const struct body_fixture *fixture, const char *text)
{
    return memmem(fixture->body.data, fixture->body.size, text, strlen(text)) != NULL;
}

#endif
