/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/otlp_http.h>

#include "from_env.h"
#include "otlp_settings.h"

static cotel_status create_http(const struct ct_otlp_settings *settings, cotel_exporter **out)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = settings->endpoint;
    options.headers = settings->headers.items;
    options.header_count = settings->headers.count;
    options.timeout_ms = settings->timeout_ms;
    options.compression = settings->compression;
    options.encoding = settings->protocol == CT_ENV_HTTP_JSON ? COTEL_OTLP_ENCODING_JSON
                                                              : COTEL_OTLP_ENCODING_PROTOBUF;
    options.tls = &settings->tls;
    options.signal = settings->signal;
    return cotel_otlp_http_exporter_create(&options, out);
}

static cotel_status create(const struct ct_otlp_settings *settings, cotel_exporter **out)
{
    return settings->protocol == CT_ENV_GRPC ? ct_otlp_grpc_from_settings(settings, out)
                                             : create_http(settings, out);
}

/* Larger requests are better than none. */
static cotel_status create_uncompressed(struct ct_otlp_settings *settings, cotel_exporter **out)
{
    cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                             "the compression zstd is not in this build: none is taken");
    settings->compression = COTEL_OTLP_COMPRESSION_NONE;
    return create(settings, out);
}

/* Each file may come from another variable, so nothing has looked at both. */
static cotel_status check(const struct ct_otlp_settings *settings)
{
    if (!settings->key_file || settings->certificate_file)
        return COTEL_STATUS_OK;
    cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                             "there is a client key for OTLP, %s, and no client certificate",
                             settings->key_file);
    return COTEL_STATUS_INVALID_ARGUMENT;
}

cotel_status ct_otlp_from_env(const struct ct_env_otlp *env, cotel_signal signal,
                              cotel_exporter **out)
{
    struct ct_otlp_settings settings;
    cotel_status status = ct_otlp_settings_init(&settings, env, signal);
    if (status == COTEL_STATUS_OK)
        status = check(&settings);
    if (status == COTEL_STATUS_OK)
        status = create(&settings, out);
    if (status == COTEL_STATUS_NOT_SUPPORTED && settings.compression == COTEL_OTLP_COMPRESSION_ZSTD)
        status = create_uncompressed(&settings, out);
    ct_otlp_settings_fini(&settings);
    return status;
}
