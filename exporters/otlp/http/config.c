/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/config.h"
#include "exporters/otlp/exporter.h"

#include "exporters/net/clock.h"
#include "exporters/net/easy.h"
#include "exporters/otlp/http/headers.h"

#include <string.h>

static const char default_endpoint[] = "http://localhost:4318/v1/traces";

void cotel_otlp_http_options_init(cotel_otlp_http_options *options)
{
    if (options != NULL)
        *options = (cotel_otlp_http_options)COTEL_OTLP_HTTP_OPTIONS_INIT;
}

/* Fields beyond the caller's size keep their defaults. */
static cotel_status complete(const cotel_otlp_http_options *given, cotel_otlp_http_options *out)
{
    cotel_otlp_http_options_init(out);
    if (given == NULL)
        return COTEL_STATUS_OK;
    if (given->size < sizeof given->size)
        return COTEL_STATUS_INVALID_ARGUMENT;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return COTEL_STATUS_OK;
}

static bool is_valid(const cotel_otlp_http_options *options)
{
    if (options->headers == NULL && options->header_count > 0)
        return false;
    if ((unsigned)options->compression > COTEL_OTLP_COMPRESSION_ZSTD ||
        (unsigned)options->encoding > COTEL_OTLP_ENCODING_JSON)
        return false;
    return options->concurrency > 0 && options->concurrency <= CT_OTLP_MAX_CONCURRENCY;
}

cotel_status ct_http_config_init(struct ct_http_config *config,
                                 const cotel_otlp_http_options *given)
{
    cotel_otlp_http_options options;
    cotel_status status = complete(given, &options);
    if (status != COTEL_STATUS_OK)
        return status;
    if (!is_valid(&options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (!ct_otlp_can_compress(options.compression))
        return COTEL_STATUS_NOT_SUPPORTED;

    *config = (struct ct_http_config){
        .backoff = {ct_net_ms(options.backoff_initial_ms), ct_net_ms(options.backoff_max_ms)},
        .timeout_ns = ct_net_ms(options.timeout_ms),
        .connect_timeout_ms = ct_http_easy_timeout(options.connect_timeout_ms),
        .concurrency = options.concurrency,
        .max_request_bytes = options.max_request_bytes,
        .max_response_bytes = options.max_response_bytes,
        .format = {.compression = options.compression, .encoding = options.encoding},
    };
    const char *url = options.endpoint != NULL ? options.endpoint : default_endpoint;
    status = ct_http_endpoint_init(&config->endpoint, url);
    if (status != COTEL_STATUS_OK)
        return status;
    status = ct_otlp_tls_files_init(&config->tls, options.tls);
    if (status == COTEL_STATUS_OK)
        status = ct_http_headers_build(options.headers, options.header_count, &config->format,
                                       &config->headers);
    if (status != COTEL_STATUS_OK)
        ct_http_config_fini(config);
    return status;
}

void ct_http_config_fini(struct ct_http_config *config)
{
    ct_http_endpoint_fini(&config->endpoint);
    ct_otlp_tls_files_fini(&config->tls);
    curl_slist_free_all(config->headers);
    config->headers = NULL;
}
