/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/config.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/user_agent.h"

#include <stdlib.h>
#include <string.h>

static const char default_endpoint[] = "http://localhost:4317";

/* What the transport itself says, and what HTTP/2 has no place for; a caller who sets it would
 * break the request. */
static const char *const own_names[] = {
    "connection", "content-length",    "content-type", "host", "keep-alive", "proxy-connection",
    "te",         "transfer-encoding", "upgrade",
};

void cotel_otlp_grpc_options_init(cotel_otlp_grpc_options *options)
{
    if (options != NULL)
        *options = (cotel_otlp_grpc_options)COTEL_OTLP_GRPC_OPTIONS_INIT;
}

/* Fields beyond the caller's size keep their defaults. */
static bool complete(const cotel_otlp_grpc_options *given, cotel_otlp_grpc_options *out)
{
    cotel_otlp_grpc_options_init(out);
    if (given == NULL)
        return true;
    if (given->size < sizeof given->size)
        return false;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return true;
}

static bool is_printable(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7e)
            return false;
    }
    return true;
}

static bool is_valid(const cotel_otlp_grpc_options *options)
{
    if (options->headers == NULL && options->header_count > 0)
        return false;
    if (options->header_count > CT_GRPC_MAX_HEADERS ||
        (unsigned)options->compression > COTEL_OTLP_COMPRESSION_ZSTD)
        return false;
    if (ct_otlp_signal_of(options->signal) == NULL)
        return false;
    return options->concurrency > 0 && options->concurrency <= CT_OTLP_MAX_CONCURRENCY;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Header-Name of gRPC's protocol, in lower case. */
static bool is_name(const char *name)
{
    size_t size = strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz_-.");
    return size > 0 && name[size] == '\0' && strncmp(name, "grpc-", 5) != 0;
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++) {
        if (strcmp(name, own_names[i]) == 0)
            return true;
    }
    return false;
}

static cotel_status copy_header(const cotel_otlp_header *header, struct ct_grpc_header *out)
{
    if (header->name == NULL || header->value == NULL || !is_printable(header->value))
        return COTEL_STATUS_INVALID_ARGUMENT;
    out->name = strdup(header->name);
    out->value = strdup(header->value);
    if (out->name == NULL || out->value == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    for (char *c = out->name; *c != '\0'; c++)
        *c = lower(*c);
    return is_name(out->name) && !is_own(out->name) ? COTEL_STATUS_OK
                                                    : COTEL_STATUS_INVALID_ARGUMENT;
}

static cotel_status copy_headers(struct ct_grpc_config *config,
                                 const cotel_otlp_grpc_options *options)
{
    if (options->header_count == 0)
        return COTEL_STATUS_OK;
    config->headers = calloc(options->header_count, sizeof *config->headers);
    if (config->headers == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    config->header_count = options->header_count;
    for (size_t i = 0; i < options->header_count; i++) {
        cotel_status status = copy_header(&options->headers[i], &config->headers[i]);
        if (status != COTEL_STATUS_OK)
            return status;
    }
    return COTEL_STATUS_OK;
}

static cotel_status copy_texts(struct ct_grpc_config *config,
                               const cotel_otlp_grpc_options *options)
{
    const char *endpoint = options->endpoint != NULL ? options->endpoint : default_endpoint;
    cotel_status status = ct_grpc_target_init(&config->target, endpoint, options->insecure);
    if (status == COTEL_STATUS_OK)
        status = ct_otlp_tls_files_init(&config->tls, options->tls);
    if (status == COTEL_STATUS_OK)
        status = copy_headers(config, options);
    if (status == COTEL_STATUS_OK)
        status = ct_otlp_user_agent(options->user_agent, &config->user_agent);
    return status;
}

cotel_status ct_grpc_config_init(struct ct_grpc_config *config,
                                 const cotel_otlp_grpc_options *given)
{
    cotel_otlp_grpc_options options;
    if (!complete(given, &options) || !is_valid(&options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (!ct_otlp_can_compress(options.compression))
        return COTEL_STATUS_NOT_SUPPORTED;
    *config = (struct ct_grpc_config){
        .signal = ct_otlp_signal_of(options.signal),
        .backoff = {ct_net_ms(options.backoff_initial_ms), ct_net_ms(options.backoff_max_ms)},
        .format = {.compression = options.compression},
        .timeout_ns = ct_net_ms(options.timeout_ms),
        .connect_timeout_ns = ct_net_ms(options.connect_timeout_ms),
        .keepalive_ns = ct_net_ms(options.keepalive_ms),
        .keepalive_timeout_ns = ct_net_ms(options.keepalive_timeout_ms),
        .concurrency = options.concurrency,
        .max_request_bytes = options.max_request_bytes,
        .max_response_bytes = options.max_response_bytes,
    };
    cotel_status status = copy_texts(config, &options);
    if (status != COTEL_STATUS_OK)
        ct_grpc_config_fini(config);
    return status;
}

void ct_grpc_config_fini(struct ct_grpc_config *config)
{
    ct_grpc_target_fini(&config->target);
    ct_otlp_tls_files_fini(&config->tls);
    for (size_t i = 0; i < config->header_count; i++) {
        free(config->headers[i].name);
        free(config->headers[i].value);
    }
    free(config->headers);
    free(config->user_agent);
    *config = (struct ct_grpc_config){.headers = NULL};
}
