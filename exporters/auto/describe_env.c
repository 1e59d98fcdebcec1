/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/auto.h>

#include <string.h>

#include "env.h"
#include "env_print.h"

static cotel_env_variable describe(const struct ct_env_variable *variable)
{
    cotel_env_variable described = {
        .size = sizeof described,
        .name = variable->name,
        .type = ct_env_kind_name(variable->kind),
        .default_value = ct_env_preset(variable),
        .goes_to = variable->goes_to,
        .general = variable->general,
    };
    struct ct_env_value value;
    struct ct_env_problem problem;
    cotel_str text;
    ct_env_resolve(variable, &value, &problem);
    described.source = value.source;
    described.decided_by = value.decided_by ? value.decided_by->name : NULL;
    described.is_set = ct_env_lookup(variable->name, &text);
    ct_env_print_value(variable, &value, described.value, sizeof described.value);
    ct_env_print_accepts(variable, described.accepts, sizeof described.accepts);
    ct_env_print_problem(variable, &problem, described.note, sizeof described.note);
    return described;
}

bool cotel_env_variable_at(size_t index, cotel_env_variable *out)
{
    if (!out || out->size < sizeof out->size || index >= ct_env_variable_count)
        return false;
    size_t size = out->size;
    cotel_env_variable described = describe(&ct_env_variables[index]);
    memcpy(out, &described, size < sizeof described ? size : sizeof described);
    out->size = size;
    return true;
}
