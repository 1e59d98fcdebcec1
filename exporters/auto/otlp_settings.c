/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "env_parse.h"

/* In the variables 0 means no limit; some 25 days are as good as none. */
#define NO_TIMEOUT_MS CT_ENV_NUMBER_MAX

static bool copy_endpoint(const struct ct_env_value *endpoint, char **out)
{
    cotel_str text = endpoint->text;
    if (!endpoint->path) {
        *out = strndup(text.data, text.size);
        return *out != NULL;
    }
    text = ct_env_without_slashes(text);
    if (asprintf(out, "%.*s/%s", (int)text.size, text.data, endpoint->path) >= 0)
        return true;
    *out = NULL;
    return false;
}

static bool copy_path(const struct ct_env_value *path, char **out)
{
    if (path->text.size == 0)
        return true;
    *out = strndup(path->text.data, path->text.size);
    return *out != NULL;
}

cotel_status ct_otlp_settings_init(struct ct_otlp_settings *settings, const struct ct_env_otlp *env,
                                   cotel_signal signal)
{
    uint32_t timeout_ms = env->timeout.number;
    *settings = (struct ct_otlp_settings){
        .signal = signal,
        .protocol = (enum ct_env_protocol)env->protocol.word,
        .timeout_ms = timeout_ms ? timeout_ms : NO_TIMEOUT_MS,
        .compression = (cotel_otlp_compression)env->compression.word,
        .insecure = env->insecure.boolean,
        .tls = COTEL_OTLP_TLS_OPTIONS_INIT,
    };
    /* The headers are well-formed, or would not have come here. */
    if (!copy_endpoint(&env->endpoint, &settings->endpoint) ||
        !ct_header_list_parse(&settings->headers, env->headers.text) ||
        !copy_path(&env->certificate, &settings->ca_file) ||
        !copy_path(&env->client_certificate, &settings->certificate_file) ||
        !copy_path(&env->client_key, &settings->key_file))
        return COTEL_STATUS_OUT_OF_MEMORY;
    settings->tls.ca_file = settings->ca_file;
    settings->tls.certificate_file = settings->certificate_file;
    settings->tls.key_file = settings->key_file;
    return COTEL_STATUS_OK;
}

void ct_otlp_settings_fini(struct ct_otlp_settings *settings)
{
    free(settings->endpoint);
    ct_header_list_fini(&settings->headers);
    free(settings->ca_file);
    free(settings->certificate_file);
    free(settings->key_file);
}
