/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include <cotel/propagation.h>

#include "api/propagation/environment_name.h"
#include "wire/str.h"

static char *const *variables_of(void *carrier)
{
    static char *const none[] = {NULL};
    char *const *variables = carrier ? carrier : environ;
    return variables ? variables : none; /* clearenv() leaves NULL */
}

static cotel_str get(void *carrier, cotel_str key, size_t index)
{
    struct ct_environment_name name;
    if (index > 0 || !ct_environment_name_of(ct_str(key.data, key.size), &name))
        return cotel_str_n(NULL, 0);

    const char *value = NULL;
    for (char *const *variable = variables_of(carrier); *variable && !value; variable++)
        value = ct_environment_value(*variable, &name);
    return cotel_str_of(value);
}

static cotel_str key_at(void *carrier, size_t index)
{
    for (char *const *variable = variables_of(carrier); *variable; variable++) {
        cotel_str name = cotel_str_n(*variable, strcspn(*variable, "="));
        if (name.data[name.size] == '=' && ct_environment_name_is_normal(name) && index-- == 0)
            return name;
    }
    return cotel_str_n(NULL, 0);
}

const cotel_getter cotel_environment_getter = {
    .size = sizeof(cotel_getter),
    .get = get,
    .key = key_at,
};
