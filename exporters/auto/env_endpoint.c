/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_EXPORTER_OTLP_..._ENDPOINT: each protocol has its own idea of what one is, by default too.
 */
#include "env.h"
#include "env_parse.h"

static bool is_over_grpc(const struct ct_env_variable *endpoint)
{
    struct ct_env_value protocol;
    struct ct_env_problem told_there;
    if (!endpoint->protocol)
        return false;
    ct_env_resolve(ct_env_find(endpoint->protocol), &protocol, &told_there);
    return protocol.word == CT_ENV_GRPC;
}

const char *ct_env_preset(const struct ct_env_variable *variable)
{
    return is_over_grpc(variable) ? variable->grpc_preset : variable->preset;
}

const char *ct_env_path(const struct ct_env_variable *variable)
{
    return is_over_grpc(variable) ? NULL : variable->path;
}

bool ct_env_endpoint_parse(struct ct_env_value *value, const struct ct_env_variable *variable,
                           cotel_str text, struct ct_env_problem *problem)
{
    bool is_over_http = !is_over_grpc(variable);
    bool is_good = is_over_http ? ct_env_is_url(text) : ct_env_is_grpc_target(text);
    if (is_good)
        value->text = text;
    else if (is_over_http)
        ct_env_complain(problem, "is no URL that begins with http:// or https://");
    else
        ct_env_complain(problem, "is no URL of http or https, no HOST:PORT and no unix:PATH");
    return is_good;
}
