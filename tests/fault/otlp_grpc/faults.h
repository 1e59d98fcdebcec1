/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share. */
#ifndef COTEL_TESTS_FAULT_OTLP_GRPC_FAULTS_H
#define COTEL_TESTS_FAULT_OTLP_GRPC_FAULTS_H

#include "tests/support/export_host.h"
#include "tests/support/grpc_server.h"

#include <cotel/exporters/otlp_grpc.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Plenty, on a machine that is busy with other things. */
enum { PATIENCE_MS = 10000 };

/* Options with short waits: the first retry comes after 10 to 20 ms. */
static inline cotel_otlp_grpc_options quick_options(const char *url)
{
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.endpoint = url;
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    return options;
}

static inline cotel_exporter *exporter_with(const cotel_otlp_grpc_options *options)
{
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_grpc_exporter_create(options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

static inline cotel_exporter *quick_exporter(const char *url)
{
    cotel_otlp_grpc_options options = quick_options(url);
    return exporter_with(&options);
}

static inline struct host_result send_ten(cotel_exporter *exporter, uint64_t timeout_ms)
{
    struct host_result result = host_export(exporter, host_batch(2, 5, 100), timeout_ms);
    assert_int_equal(result.done, 1);
    return result;
}

/* Sends one batch of ten spans to a peer, by an exporter of its own. */
static inline struct host_result export_to(struct grpc_server *server, uint64_t timeout_ms)
{
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    struct host_result result = send_ten(exporter, timeout_ms);
    host_finish(exporter);
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
    return result;
}

static inline void must_say(const struct host_result *result, const char *words)
{
    if (strstr(result->message, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, result->message);
}

#endif
