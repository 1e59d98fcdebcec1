/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/config.h"
#include "exporters/otlp/exporter.h"

#include "exporters/net/clock.h"
#include "exporters/net/easy.h"
#include "exporters/otlp/http/headers.h"
#include "exporters/otlp/user_agent.h"

#include <stdlib.h>
#include <string.h>

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
        (unsigned)options->encoding > COTEL_OTLP_ENCODING_JSON ||
        (unsigned)options->http_version > COTEL_OTLP_HTTP_VERSION_1_1)
        return false;
    if (ct_otlp_signal_of(options->signal) == NULL)
        return false;
    return options->concurrency > 0 && options->concurrency <= CT_OTLP_MAX_CONCURRENCY;
}

static bool can_speak_http2(void)
{
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
}

/* In the clear there is nobody to agree with on HTTP/2. */
static long number_of_version(cotel_otlp_http_version version)
{
    return version == COTEL_OTLP_HTTP_VERSION_AUTO && can_speak_http2() ? CURL_HTTP_VERSION_2TLS
                                                                        : CURL_HTTP_VERSION_1_1;
}

/* All that has memory of its own. */
static cotel_status copy_texts(struct ct_http_config *config,
                               const cotel_otlp_http_options *options)
{
    const char *url = options->endpoint != NULL ? options->endpoint : config->signal->http_endpoint;
    cotel_status status = ct_http_endpoint_init(&config->endpoint, url);
    if (status == COTEL_STATUS_OK)
        status = ct_http_route_init(&config->route, options);
    if (status == COTEL_STATUS_OK)
        status = ct_otlp_tls_files_init(&config->tls, options->tls);
    if (status == COTEL_STATUS_OK)
        status = ct_otlp_user_agent(options->user_agent, &config->user_agent);
    if (status == COTEL_STATUS_OK)
        status = ct_http_headers_build(options->headers, options->header_count, &config->format,
                                       &config->headers);
    return status;
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
        .signal = ct_otlp_signal_of(options.signal),
        .backoff = {ct_net_ms(options.backoff_initial_ms), ct_net_ms(options.backoff_max_ms)},
        .timeout_ns = ct_net_ms(options.timeout_ms),
        .connect_timeout_ms = ct_http_easy_timeout(options.connect_timeout_ms),
        .http_version = number_of_version(options.http_version),
        .concurrency = options.concurrency,
        .max_request_bytes = options.max_request_bytes,
        .max_response_bytes = options.max_response_bytes,
        .format = {.compression = options.compression, .encoding = options.encoding},
    };
    status = copy_texts(config, &options);
    if (status != COTEL_STATUS_OK)
        ct_http_config_fini(config);
    return status;
}

void ct_http_config_fini(struct ct_http_config *config)
{
    ct_http_endpoint_fini(&config->endpoint);
    ct_http_route_fini(&config->route);
    ct_otlp_tls_files_fini(&config->tls);
    curl_slist_free_all(config->headers);
    free(config->user_agent);
    config->headers = NULL;
    config->user_agent = NULL;
}
