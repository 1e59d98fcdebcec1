/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_EXPORTER_OTLP_..._ENDPOINT: each protocol has its own idea of what one is, by default too.
 * Each signal has its own protocol, so the general endpoint may be good for one and not for
 * another. */
#include <string.h>

#include "env.h"
#include "env_parse.h"

/* What another variable comes to; what is wrong with it is told there. */
static struct ct_env_value value_of(const char *name)
{
    struct ct_env_value value;
    struct ct_env_problem told_there;
    ct_env_resolve(ct_env_find(name), &value, &told_there);
    return value;
}

static bool is_over_grpc(const struct ct_env_variable *endpoint)
{
    return endpoint->protocol && value_of(endpoint->protocol).word == CT_ENV_GRPC;
}

const char *ct_env_preset(const struct ct_env_variable *variable)
{
    return is_over_grpc(variable) ? variable->grpc_preset : variable->preset;
}

const char *ct_env_path(const struct ct_env_variable *variable)
{
    return is_over_grpc(variable) ? NULL : variable->path;
}

static bool check(const struct ct_env_variable *endpoint, cotel_str text,
                  struct ct_env_problem *problem)
{
    bool is_over_http = !is_over_grpc(endpoint);
    bool is_good = is_over_http ? ct_env_is_url(text) : ct_env_is_grpc_target(text);
    if (!is_good && is_over_http)
        ct_env_complain(problem, "is no URL that begins with http:// or https://");
    else if (!is_good)
        ct_env_complain(problem, "is no URL of http or https, no HOST:PORT and no unix:PATH");
    return is_good;
}

static bool has_otlp(const struct ct_env_list *exporters)
{
    for (size_t i = 0; i < exporters->count; i++) {
        if (exporters->items[i] == CT_ENV_OTLP)
            return true;
    }
    return false;
}

/* Whether a signal goes to the general endpoint, if that can be used. */
static bool is_on(const struct ct_env_variable *general, const struct ct_env_variable *endpoint)
{
    cotel_str own;
    struct ct_env_problem told_there;
    if (!endpoint->general || strcmp(endpoint->general, general->name) != 0)
        return false;
    if (ct_env_lookup(endpoint->name, &own) && check(endpoint, own, &told_there))
        return false;
    const struct ct_env_value exporters = value_of(endpoint->exporters);
    return has_otlp(&exporters.list);
}

/* It is good if it is for one of the signals that depend on it; the others have their defaults. */
static bool check_general(const struct ct_env_variable *general, cotel_str text,
                          struct ct_env_problem *problem)
{
    const struct ct_env_variable *unserved = NULL;
    size_t users = 0, served = 0;
    for (const struct ct_env_variable *row = ct_env_variables;
         row < ct_env_variables + ct_env_variable_count; row++) {
        if (!is_on(general, row))
            continue;
        bool is_served = check(row, text, problem);
        unserved = is_served ? unserved : row;
        served += is_served;
        users++;
    }
    if (served != 0 && unserved)
        ct_env_complain(problem, "is nothing that %s can send to", unserved->protocol);
    return users == 0 ? check(general, text, problem) : served != 0;
}

bool ct_env_endpoint_parse(struct ct_env_value *value, const struct ct_env_variable *variable,
                           cotel_str text, struct ct_env_problem *problem)
{
    bool is_good = variable->reader == CT_ENV_GENERAL ? check_general(variable, text, problem)
                                                      : check(variable, text, problem);
    if (is_good)
        value->text = text;
    return is_good;
}
