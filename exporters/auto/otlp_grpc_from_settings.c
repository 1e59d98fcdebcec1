/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/otlp_grpc.h>

#include "otlp_settings.h"

cotel_status ct_otlp_grpc_from_settings(const struct ct_otlp_settings *settings,
                                        cotel_exporter **out)
{
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.endpoint = settings->endpoint;
    options.headers = settings->headers.items;
    options.header_count = settings->headers.count;
    options.timeout_ms = settings->timeout_ms;
    options.compression = settings->compression;
    options.insecure = settings->insecure;
    options.tls = &settings->tls;
    options.signal = settings->signal;
    return cotel_otlp_grpc_exporter_create(&options, out);
}
