/* SPDX-License-Identifier: Apache-2.0 */
#include "discard_exporter.h"

#include <string.h>

static void accept(cotel_export *operation)
{
    const cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_ACCEPTED};
    cotel_export_done(operation, &result);
}

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    (void)self;
    (void)batch;
    (void)deadline_ns;
    accept(operation);
}

static char body[4 << 20];

static char *put(char *at, cotel_str bytes)
{
    memcpy(at, bytes.data, bytes.size);
    return at + bytes.size;
}

static void begin_concatenating(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                                uint64_t deadline_ns)
{
    (void)self;
    (void)deadline_ns;
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    char *at = put(body, cotel_resource_encoded(cotel_batch_resource(batch)));
    for (size_t i = 0; i < count; i++)
        at = put(put(at, groups[i].scope->encoded), groups[i].bytes);
    __asm__ volatile("" ::"r"(at) : "memory");
    accept(operation);
}

static void cancel(cotel_exporter *self, cotel_export *operation)
{
    (void)self;
    accept(operation);
}

static const cotel_exporter_ops ops = {
    .size = sizeof ops, .type = "discard_exporter", .begin = begin, .cancel = cancel};
static const cotel_exporter_ops concatenating_ops = {
    .size = sizeof ops, .type = "discard_exporter", .begin = begin_concatenating, .cancel = cancel};
static cotel_exporter plain = {&ops};
static cotel_exporter concatenating = {&concatenating_ops};

cotel_exporter *discard_exporter(bool concatenate)
{
    return concatenate ? &concatenating : &plain;
}
