/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share. */
#ifndef COTEL_TESTS_FAULT_OTLP_HTTP_FAULTS_H
#define COTEL_TESTS_FAULT_OTLP_HTTP_FAULTS_H

#include "tests/support/export_host.h"
#include "tests/support/fault_server.h"

#include <cotel/exporters/otlp.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Plenty, on a machine that is busy with other things. */
enum { PATIENCE_MS = 10000 };

/* Options with short waits: the first retry comes after 10 to 20 ms. */
static inline cotel_otlp_http_options quick_options(const char *url)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = url;
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    return options;
}

static inline cotel_exporter *quick_exporter(const char *url)
{
    cotel_otlp_http_options options = quick_options(url);
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

/* Sends one batch of ten spans to a peer with this plan. */
static inline struct host_result export_to(struct fault_server *server, uint64_t timeout_ms)
{
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    struct host_result result = host_export(exporter, host_batch(2, 5, 100), timeout_ms);
    host_finish(exporter);
    assert_int_equal(result.done, 1);
    return result;
}

#endif
