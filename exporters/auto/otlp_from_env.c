/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/otlp.h>

#include <stdio.h>
#include <stdlib.h>

#include "env_parse.h"
#include "from_env.h"
#include "header_list.h"

#define DEFAULT_BASE "http://localhost:4318"
#define TRACES_PATH "v1/traces"

/* In the variables 0 means no limit; some 25 days are as good as none. */
#define NO_TIMEOUT_MS CT_ENV_NUMBER_MAX

/* The variable for traces is the whole URL, the general one the base of the URLs of all signals. */
char *ct_otlp_endpoint(const struct ct_env *env)
{
    char *url = NULL;
    if (env->traces_endpoint) {
        cotel_str whole = ct_env_trim(cotel_str_of(env->traces_endpoint));
        return strndup(whole.data, whole.size);
    }
    cotel_str base = ct_env_trim(cotel_str_of(env->endpoint ? env->endpoint : DEFAULT_BASE));
    while (base.size != 0 && base.data[base.size - 1] == '/')
        base.size--;
    int size = asprintf(&url, "%.*s/%s", (int)base.size, base.data, TRACES_PATH);
    return size < 0 ? NULL : url;
}

static void read_timeout(const struct ct_env *env, uint64_t *timeout_ms)
{
    const struct ct_env_number *given =
        env->traces_timeout_ms.is_set ? &env->traces_timeout_ms : &env->timeout_ms;
    if (given->is_set)
        *timeout_ms = given->value ? given->value : NO_TIMEOUT_MS;
}

/* What is malformed is not quoted: headers hold keys. */
static void read_headers(const struct ct_env *env, struct ct_header_list *headers)
{
    const char *given = env->traces_headers ? env->traces_headers : env->headers;
    if (!ct_header_list_parse(headers, given))
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                                 "OTEL_EXPORTER_OTLP_%sHEADERS is malformed and is ignored",
                                 env->traces_headers ? "TRACES_" : "");
}

cotel_status ct_otlp_from_env(const struct ct_env *env, cotel_exporter **out)
{
    struct ct_header_list headers;
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    char *endpoint = ct_otlp_endpoint(env);
    if (!endpoint)
        return COTEL_STATUS_OUT_OF_MEMORY;
    read_headers(env, &headers);
    read_timeout(env, &options.timeout_ms);
    options.endpoint = endpoint;
    options.headers = headers.items;
    options.header_count = headers.count;
    cotel_status status = cotel_otlp_http_exporter_create(&options, out);
    ct_header_list_fini(&headers);
    free(endpoint);
    return status;
}
