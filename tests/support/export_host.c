/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/export_host.h"

#include <cotel/sdk/diagnostics.h>

#include <assert.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_GROUPS = 8 };

struct cotel_batch {
    cotel_signal signal;
    size_t count;
    size_t items;
    size_t group_count;
    cotel_batch_group groups[MAX_GROUPS];
    cotel_scope_view scopes[MAX_GROUPS];
};

struct cotel_export {
    struct host_result *result;
    cotel_batch *batch;
    void *data;
};

/* Resource{attributes{key "service.name" value{string "host"}}} and scopes named "a", "b" and so
 * on, by hand. */
static const char resource_bytes[] = "\x0a\x16\x0a\x0cservice.name\x12\x06\x0a\x04host";
static const char *const scope_bytes[MAX_GROUPS] = {"\x0a\x01"
                                                    "a",
                                                    "\x0a\x01"
                                                    "b",
                                                    "\x0a\x01"
                                                    "c",
                                                    "\x0a\x01"
                                                    "d",
                                                    "\x0a\x01"
                                                    "e",
                                                    "\x0a\x01"
                                                    "f",
                                                    "\x0a\x01"
                                                    "g",
                                                    "\x0a\x01"
                                                    "h"};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t host_now_ms(void)
{
    return now_ns() / 1000000u;
}

/* ---- batches ---- */

static size_t put_length(char *out, size_t length)
{
    size_t size = 0;
    for (; length >= 0x80; length >>= 7)
        out[size++] = (char)(length | 0x80);
    out[size++] = (char)length;
    return size;
}

/* ScopeSpans.spans{trace_id span_id name}: the name is padding + 4 long. */
static size_t put_span(char *out, unsigned number, size_t padding)
{
    char body[64];
    size_t size = 0;
    body[size++] = 0x0a;
    body[size++] = 16;
    memset(body + size, 0x11, 16);
    size += 16;
    body[size++] = 0x12;
    body[size++] = 8;
    snprintf(body + size, 9, "%08u", number);
    size += 8;
    body[size++] = 0x2a;
    size += put_length(body + size, padding + 4);
    char *at = out;
    *at++ = 0x12;
    at += put_length(at, size + padding + 4);
    memcpy(at, body, size);
    at += size;
    memcpy(at, "name", 4);
    memset(at + 4, 'x', padding);
    return (size_t)(at - out) + padding + 4;
}

/* ScopeMetrics.metrics{name gauge{data_points{as_int} ...}}, all shorter than 128 bytes. */
static size_t put_metric(char *out, unsigned number, size_t points)
{
    static const char point[] = "\x0a\x09\x31\x07\0\0\0\0\0\0\0";
    size_t gauge = points * (sizeof point - 1);
    assert(gauge < 100);
    char *at = out;
    *at++ = 0x12;
    *at++ = (char)(10 + 2 + gauge);
    at += snprintf(at, 11, "\x0a\x08%08u", number);
    *at++ = 0x2a;
    *at++ = (char)gauge;
    for (size_t i = 0; i < points; i++, at += sizeof point - 1)
        memcpy(at, point, sizeof point - 1);
    return (size_t)(at - out);
}

static void add_group(cotel_batch *batch, char *bytes, size_t size, size_t records)
{
    size_t i = batch->group_count++;
    batch->scopes[i] = (cotel_scope_view){
        .schema_url = i == 1 ? cotel_str_of("https://example.com/scope") : cotel_str_of(NULL),
        .encoded = cotel_str_of(scope_bytes[i]),
    };
    batch->groups[i] = (cotel_batch_group){&batch->scopes[i], {bytes, size}, records};
    batch->count += records;
}

cotel_batch *host_batch(size_t groups, size_t spans, size_t padding)
{
    assert(groups <= MAX_GROUPS);
    cotel_batch *batch = calloc(1, sizeof *batch);
    for (size_t i = 0; i < groups; i++) {
        char *bytes = malloc(spans * (padding + 64));
        size_t size = 0;
        for (size_t k = 0; k < spans; k++)
            size += put_span(bytes + size, (unsigned)(i * spans + k), padding);
        add_group(batch, bytes, size, spans);
    }
    batch->items = groups * spans;
    return batch;
}

cotel_batch *host_metrics(size_t groups, size_t metrics, size_t points)
{
    assert(groups <= MAX_GROUPS);
    cotel_batch *batch = calloc(1, sizeof *batch);
    batch->signal = COTEL_SIGNAL_METRICS;
    for (size_t i = 0; i < groups; i++) {
        char *bytes = malloc(metrics * 128);
        size_t size = 0;
        for (size_t k = 0; k < metrics; k++)
            size += put_metric(bytes + size, (unsigned)(i * metrics + k), points);
        add_group(batch, bytes, size, metrics);
    }
    batch->items = groups * metrics * points;
    return batch;
}

cotel_signal cotel_batch_signal(const cotel_batch *batch)
{
    return batch->signal;
}

size_t cotel_batch_items(const cotel_batch *batch)
{
    return batch->items;
}

cotel_resource *cotel_batch_resource(const cotel_batch *batch)
{
    return NULL;
}

size_t cotel_batch_count(const cotel_batch *batch)
{
    return batch->count;
}

const cotel_batch_group *cotel_batch_groups(const cotel_batch *batch, size_t *count)
{
    *count = batch->group_count;
    return batch->groups;
}

void cotel_batch_unref(cotel_batch *batch)
{
    for (size_t i = 0; i < batch->group_count; i++)
        free((char *)batch->groups[i].bytes.data);
    free(batch);
}

cotel_str cotel_resource_encoded(const cotel_resource *resource)
{
    return cotel_str_n(resource_bytes, sizeof resource_bytes - 1);
}

cotel_str cotel_resource_schema_url(const cotel_resource *resource)
{
    return cotel_str_of("https://example.com/resource");
}

void cotel_diagnostics_limited(cotel_diagnostics_limit *limit, cotel_log_level level,
                               const char *component, const char *format, ...)
{
}

/* ---- driving ---- */

static uint64_t longest_ns;

static void note_call(uint64_t began_ns)
{
    uint64_t took = now_ns() - began_ns;
    longest_ns = took > longest_ns ? took : longest_ns;
}

uint64_t host_longest_call_ns(void)
{
    return longest_ns;
}

/* The spans are gone once an operation has ended, and the exporter must not look back. */
void cotel_export_done(cotel_export *operation, const cotel_export_result *result)
{
    struct host_result *out = operation->result;
    out->done++;
    out->outcome = result->outcome;
    out->rejected = result->rejected;
    snprintf(out->message, sizeof out->message, "%s", result->message ? result->message : "");
    for (size_t i = 0; i < operation->batch->group_count; i++) {
        cotel_str bytes = operation->batch->groups[i].bytes;
        memset((char *)bytes.data, 0xee, bytes.size);
    }
    cotel_batch_unref(operation->batch);
    free(operation);
}

cotel_export *host_begin(cotel_exporter *exporter, cotel_batch *batch, uint64_t timeout_ms,
                         struct host_result *result)
{
    *result = (struct host_result){0};
    cotel_export *operation = calloc(1, sizeof *operation);
    operation->result = result;
    operation->batch = batch;
    uint64_t began = now_ns();
    exporter->ops->begin(exporter, operation, batch, began + timeout_ms * 1000000u);
    note_call(began);
    return operation;
}

static bool all_done(struct host_result *const *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i]->done == 0)
            return false;
    }
    return true;
}

static void wait_and_drive(cotel_exporter *exporter, uint64_t end_ns)
{
    struct pollfd item = {.fd = exporter->ops->poll_fd(exporter), .events = POLLIN};
    uint64_t next = exporter->ops->next_deadline_ns(exporter);
    uint64_t until = next < end_ns ? next : end_ns;
    uint64_t now = now_ns();
    uint64_t wait_ns = until > now ? until - now : 0;
    struct timespec wait = {(time_t)(wait_ns / 1000000000u), (long)(wait_ns % 1000000000u)};
    ppoll(&item, 1, &wait, NULL);
    uint64_t began = now_ns();
    exporter->ops->drive(exporter);
    note_call(began);
}

bool host_drive(cotel_exporter *exporter, struct host_result *const *results, size_t count,
                uint64_t limit_ms)
{
    uint64_t end_ns = now_ns() + limit_ms * 1000000u;
    while (!all_done(results, count) && now_ns() < end_ns)
        wait_and_drive(exporter, end_ns);
    return all_done(results, count);
}

struct host_result host_export(cotel_exporter *exporter, cotel_batch *batch, uint64_t timeout_ms)
{
    struct host_result result;
    struct host_result *results[] = {&result};
    host_begin(exporter, batch, timeout_ms, &result);
    host_drive(exporter, results, 1, timeout_ms + 2000);
    return result;
}

void host_finish(cotel_exporter *exporter)
{
    uint64_t began = now_ns();
    exporter->ops->shutdown(exporter);
    note_call(began);
    exporter->ops->destroy(exporter);
}

size_t host_open_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    assert(folder != NULL);
    size_t count = 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}
