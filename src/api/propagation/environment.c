/* SPDX-License-Identifier: Apache-2.0 */
/* The environment of a child process. What the base has of the propagator's own variables belongs
 * to another context; it goes as soon as one is set, so that the child does not find, say, the new
 * TRACEPARENT beside an old TRACESTATE. */
#include <stdlib.h>
#include <unistd.h>

#include <cotel/propagation.h>

#include "api/propagation/environment_name.h"
#include "base/sized.h"
#include "wire/str.h"

struct cotel_environment {
    char **variables; /* each is ours; ends with NULL */
    size_t count;
    size_t capacity;               /* with the closing NULL */
    bool incomplete;               /* memory was out */
    const cotel_propagator *stale; /* whose variables have to go first; NULL: none have */
};

static bool reserve(cotel_environment *environment, size_t capacity)
{
    if (capacity <= environment->capacity)
        return true;
    char **variables = realloc(environment->variables, capacity * sizeof *variables);
    if (!variables)
        return false;
    environment->variables = variables;
    environment->capacity = capacity;
    return true;
}

/* Takes over `variable`, which may be NULL for lack of memory. */
static bool append(cotel_environment *environment, char *variable)
{
    if (!variable || !reserve(environment, environment->count + 2)) {
        free(variable);
        return false;
    }
    environment->variables[environment->count++] = variable;
    environment->variables[environment->count] = NULL;
    return true;
}

static bool begins_with(const char *variable, const struct ct_environment_name *name)
{
    return strncmp(variable, name->text, name->size) == 0;
}

static void remove_names(cotel_environment *environment, const struct ct_environment_name *name,
                         bool all_that_begin_so)
{
    size_t kept = 0;
    for (size_t i = 0; i < environment->count; i++) {
        const char *variable = environment->variables[i];
        if (all_that_begin_so ? begins_with(variable, name)
                              : ct_environment_value(variable, name) != NULL)
            free(environment->variables[i]);
        else
            environment->variables[kept++] = environment->variables[i];
    }
    environment->count = kept;
    environment->variables[kept] = NULL;
}

/* A field that ends in an asterisk stands for all that begin so. */
static void remove_field(cotel_environment *environment, const char *field)
{
    struct ct_environment_name name;
    size_t size = strlen(field);
    bool all_that_begin_so = size > 0 && field[size - 1] == '*';
    if (ct_environment_name_of(cotel_str_n(field, size - all_that_begin_so), &name))
        remove_names(environment, &name, all_that_begin_so);
}

static void remove_stale(cotel_environment *environment)
{
    const cotel_propagator *propagator = environment->stale;
    const char *field;
    environment->stale = NULL;
    if (!propagator)
        return;
    if (CT_HAS_OP(propagator->ops, field)) {
        for (size_t i = 0; (field = propagator->ops->field(propagator, i)); i++)
            remove_field(environment, field);
    }
    if (CT_HAS_OP(propagator->ops, extra_field)) {
        for (size_t i = 0; (field = propagator->ops->extra_field(propagator, i)); i++)
            remove_field(environment, field);
    }
}

static char *join(const struct ct_environment_name *name, cotel_str value)
{
    char *variable = malloc(name->size + value.size + 2);
    if (!variable)
        return NULL;
    memcpy(variable, name->text, name->size);
    variable[name->size] = '=';
    if (value.size > 0)
        memcpy(variable + name->size + 1, value.data, value.size);
    variable[name->size + 1 + value.size] = '\0';
    return variable;
}

static void set(void *carrier, cotel_str key, cotel_str value)
{
    cotel_environment *environment = carrier;
    struct ct_environment_name name;
    value = ct_str(value.data, value.size);
    if (!environment || ct_str_has_nul(value) ||
        !ct_environment_name_of(ct_str(key.data, key.size), &name))
        return;

    remove_stale(environment);
    remove_names(environment, &name, false);
    if (!append(environment, join(&name, value)))
        environment->incomplete = true;
}

const cotel_setter cotel_environment_setter = {.size = sizeof(cotel_setter), .set = set};

static bool copy_all(cotel_environment *environment, char *const *base)
{
    size_t count = 0;
    while (base && base[count])
        count++;
    if (!reserve(environment, count + 1))
        return false;
    environment->variables[0] = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!append(environment, strdup(base[i])))
            return false;
    }
    return true;
}

static bool fill(cotel_environment *environment, const cotel_context *context, char *const *base)
{
    if (!copy_all(environment, base ? base : environ))
        return false;
    environment->stale = cotel_propagator_global();
    cotel_inject(context, &cotel_environment_setter, environment);
    environment->stale = NULL;
    return !environment->incomplete;
}

cotel_status cotel_environment_create(const cotel_context *context, char *const *base,
                                      cotel_environment **out)
{
    if (!out)
        return COTEL_STATUS_INVALID_ARGUMENT;

    cotel_environment *environment = calloc(1, sizeof *environment);
    if (!environment || !fill(environment, context, base)) {
        cotel_environment_destroy(environment);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = environment;
    return COTEL_STATUS_OK;
}

char *const *cotel_environment_variables(const cotel_environment *environment)
{
    static char *const none[] = {NULL};
    return environment ? environment->variables : none;
}

void cotel_environment_destroy(cotel_environment *environment)
{
    if (!environment)
        return;
    for (size_t i = 0; i < environment->count; i++)
        free(environment->variables[i]);
    free(environment->variables);
    free(environment);
}
