/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment says about OTLP, as the exporters of all protocols want it. */
#ifndef COTEL_EXPORTERS_AUTO_OTLP_SETTINGS_H
#define COTEL_EXPORTERS_AUTO_OTLP_SETTINGS_H

#include "env.h"
#include "header_list.h"

struct ct_otlp_settings {
    cotel_signal signal;
    enum ct_env_protocol protocol;
    char *endpoint;
    struct ct_header_list headers;
    uint64_t timeout_ms;
    cotel_otlp_compression compression;
    bool insecure;
    char *ca_file, *certificate_file, *key_file; /* NULL: none */
    cotel_otlp_tls_options tls;                  /* borrows these */
};

/* OUT_OF_MEMORY. To be ended by fini() in any case. */
cotel_status ct_otlp_settings_init(struct ct_otlp_settings *settings, const struct ct_env_otlp *env,
                                   cotel_signal signal);

void ct_otlp_settings_fini(struct ct_otlp_settings *settings);

/* An exporter over gRPC; NOT_FOUND: it is not in this build, which is told. */
cotel_status ct_otlp_grpc_from_settings(const struct ct_otlp_settings *settings,
                                        cotel_exporter **out);

#endif
