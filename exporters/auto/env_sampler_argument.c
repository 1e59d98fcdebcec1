/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_SAMPLER_ARG: each sampler has its own idea of what it is. */
#include "env.h"
#include "env_parse.h"

static bool parse_ratio(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    bool is_good = ct_env_parse_ratio(text, &value->ratio);
    if (!is_good)
        ct_env_complain(problem, "is no ratio from 0 to 1");
    else
        value->text = text;
    return is_good;
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
    default:
        ct_env_complain(problem, "is for another sampler: this one takes no argument");
        return false;
    }
}
