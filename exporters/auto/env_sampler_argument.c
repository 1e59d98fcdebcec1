/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_SAMPLER_ARG: each sampler has its own idea of what it is. */
#include "env.h"
#include "env_parse.h"
#include "jaeger_argument.h"

static bool parse_ratio(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    bool is_good = ct_env_parse_ratio(text, &value->ratio);
    if (!is_good)
        ct_env_complain(problem, "is no ratio from 0 to 1");
    else
        value->text = text;
    return is_good;
}

/* The member is not quoted, only named: an endpoint may have a password in it. */
static bool parse_jaeger(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    struct ct_jaeger_argument argument;
    cotel_str wrong;
    if (ct_jaeger_argument_read(&argument, text, &wrong)) {
        value->text = text;
        return true;
    }
    if (wrong.size == 0)
        wrong = cotel_str_of("a nameless member");
    ct_env_complain(problem,
                    "has %.*s, which is none of endpoint=URL, pollingIntervalMs=1 to %d and "
                    "initialSamplingRate=0 to 1",
                    (int)wrong.size, wrong.data, CT_ENV_NUMBER_MAX);
    return false;
}

bool ct_env_sampler_argument_parse(struct ct_env_value *value, cotel_str text,
                                   struct ct_env_problem *problem)
{
    struct ct_env_value sampler;
    struct ct_env_problem of_sampler;
    ct_env_resolve(ct_env_find("OTEL_TRACES_SAMPLER"), &sampler, &of_sampler);
    switch (sampler.word) {
    case CT_ENV_TRACE_ID_RATIO:
    case CT_ENV_PARENT_TRACE_ID_RATIO:
        return parse_ratio(value, text, problem);
    case CT_ENV_JAEGER_REMOTE:
    case CT_ENV_PARENT_JAEGER_REMOTE:
        return parse_jaeger(value, text, problem);
    default:
        ct_env_complain(problem, "is for another sampler: this one takes no argument");
        return false;
    }
}
