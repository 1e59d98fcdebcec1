/* SPDX-License-Identifier: Apache-2.0 */
/* The options of an exporter, checked and copied. Never changes once it is made. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_CONFIG_H
#define COTEL_EXPORTERS_OTLP_HTTP_CONFIG_H

#include "exporters/net/endpoint.h"
#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/http/route.h"
#include "exporters/otlp/retry.h"
#include "exporters/otlp/signal.h"
#include "exporters/otlp/tls_files.h"

#include <cotel/exporters/otlp_http.h>

#include <curl/curl.h>

struct ct_http_config {
    const struct ct_otlp_signal *signal;
    struct ct_http_endpoint endpoint;
    struct ct_http_route route;
    struct curl_slist *headers;
    char *user_agent;
    long http_version; /* as libcurl numbers them */
    struct ct_otlp_backoff backoff;
    uint64_t timeout_ns;
    long connect_timeout_ms;
    size_t concurrency;
    size_t max_request_bytes;
    size_t max_response_bytes;
    struct ct_otlp_format format;
    struct ct_otlp_tls_files tls;
};

/* Of options as the caller has given them: NULL, or of an older or newer size. Errors as
 * cotel_otlp_http_exporter_create(). */
cotel_status ct_http_config_init(struct ct_http_config *config,
                                 const cotel_otlp_http_options *given);

void ct_http_config_fini(struct ct_http_config *config);

#endif
