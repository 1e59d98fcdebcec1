/* SPDX-License-Identifier: Apache-2.0 */
/* A provider of its own for each test, with a batch processor before an exporter that keeps what it
 * gets. Public API only. Everything ends the test when it fails. */
#ifndef COTEL_TESTS_SUPPORT_SDK_FIXTURE_H
#define COTEL_TESTS_SUPPORT_SDK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Sanitizers slow everything down some ten times: stress tests then do a share of their work. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SANITIZED_SHARE(count) ((count) / 10)
#else
#define SANITIZED_SHARE(count) (count)
#endif

/* ThreadSanitizer sees fork() only, and so believes an inherited mutex to be locked. */
#ifdef __SANITIZE_THREAD__
#define FORK_UNSEEN fork
#else
#define FORK_UNSEEN _Fork
#endif

#define FLUSH_MS 10000

struct sdk_fixture {
    cotel_memory_exporter *memory;
    cotel_tracer_provider *provider;
    cotel_tracer *tracer;
};

/* `options` (NULL: defaults) may name processors, which then come before the exporting one. */
void sdk_fixture_start(struct sdk_fixture *fixture, const cotel_tracer_provider_options *options);
void sdk_fixture_stop(struct sdk_fixture *fixture);

void sdk_fixture_flush(struct sdk_fixture *fixture);

/* Flushes; the one span of that name. Borrowed until the fixture stops. */
cotel_span_view sdk_fixture_span(struct sdk_fixture *fixture, const char *name);

/* Flushes; how many spans have come. */
size_t sdk_fixture_count(struct sdk_fixture *fixture);

cotel_sdk_counts sdk_counts(cotel_tracer_provider *provider);

/* The identities of sdk/stats.h, at rest. */
void assert_identities(cotel_tracer_provider *provider);

/* A context in which that remote parent is current; yours to unref. `tracestate` may be NULL. */
cotel_context *remote_parent(const char *traceparent, const char *tracestate);

bool text_is(cotel_str text, const char *expected);
#define assert_text(text, expected) assert_true(text_is((text), (expected)))

/* The string or integer attribute of a span; fails when it is not there. */
const char *string_attribute(const cotel_span_view *span, const char *key, char out[128]);
int64_t int_attribute(const cotel_span_view *span, const char *key);
bool has_attribute(const cotel_span_view *span, const char *key);
size_t attribute_count(const cotel_span_view *span);

#endif
