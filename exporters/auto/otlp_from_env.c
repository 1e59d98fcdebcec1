/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/otlp.h>

#include <stdio.h>
#include <stdlib.h>

#include "env_parse.h"
#include "from_env.h"
#include "header_list.h"

/* In the variables 0 means no limit; some 25 days are as good as none. */
#define NO_TIMEOUT_MS CT_ENV_NUMBER_MAX

/* The variable for traces is the whole URL, the general one the base of the URLs of all signals. */
static char *traces_url(const struct ct_env_value *endpoint)
{
    char *url;
    if (!ct_env_is_general(endpoint))
        return strndup(endpoint->text.data, endpoint->text.size);
    cotel_str base = ct_env_without_slashes(endpoint->text);
    int size = asprintf(&url, "%.*s/%s", (int)base.size, base.data, CT_ENV_TRACES_PATH);
    return size < 0 ? NULL : url;
}

cotel_status ct_otlp_from_env(const struct ct_env *env, cotel_exporter **out)
{
    struct ct_header_list headers;
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    uint32_t timeout_ms = env->traces_timeout.number;
    char *endpoint = traces_url(&env->traces_endpoint);
    /* They are well-formed, or would not have come here. */
    if (!ct_header_list_parse(&headers, env->traces_headers.text) || !endpoint) {
        free(endpoint);
        ct_header_list_fini(&headers);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    options.endpoint = endpoint;
    options.headers = headers.items;
    options.header_count = headers.count;
    options.timeout_ms = timeout_ms ? timeout_ms : NO_TIMEOUT_MS;
    cotel_status status = cotel_otlp_http_exporter_create(&options, out);
    ct_header_list_fini(&headers);
    free(endpoint);
    return status;
}
