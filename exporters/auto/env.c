/* SPDX-License-Identifier: Apache-2.0 */
#include "env.h"

#include <cotel/sdk/provider.h>

#include <stdlib.h>
#include <string.h>

#include "env_parse.h"
#include "env_print.h"

/* What a text of the table is that none of the environment can be. */
#define UNLIMITED "unlimited"

bool ct_env_lookup(const char *name, cotel_str *text)
{
    *text = ct_env_trim(cotel_str_of(getenv(name)));
    return text->size != 0;
}

/* The general variable's text is read as the own one's would be: for an endpoint it is the signal's
 * protocol that counts. */
static bool take_general(const struct ct_env_variable *variable, struct ct_env_value *value)
{
    const struct ct_env_variable *general =
        variable->general ? ct_env_find(variable->general) : NULL;
    struct ct_env_problem told_there;
    cotel_str text;
    if (!general || !ct_env_lookup(general->name, &text) ||
        !ct_env_value_parse(value, variable, text, &told_there))
        return false;
    value->source = COTEL_ENV_GENERAL;
    value->decided_by = general;
    value->path = ct_env_path(variable);
    return true;
}

/* Of several pairs of that name the last one counts. */
static bool find_pair(cotel_str pairs, const char *key, cotel_str *value)
{
    cotel_str member, found = {NULL, 0};
    while (ct_env_next_member(&pairs, &member)) {
        const char *equals = member.size ? memchr(member.data, '=', member.size) : NULL;
        size_t size = equals ? (size_t)(equals - member.data) : 0;
        if (ct_env_is_text(ct_env_trim(cotel_str_n(member.data, size)), key))
            found = ct_env_trim(cotel_str_n(equals + 1, member.size - size - 1));
    }
    *value = found;
    return found.size != 0;
}

static bool take_pair(const struct ct_env_variable *variable, struct ct_env_value *value)
{
    const struct ct_env_variable *list = variable->pairs ? ct_env_find(variable->pairs) : NULL;
    struct ct_env_value pairs;
    struct ct_env_problem told_there;
    if (!list)
        return false;
    ct_env_resolve(list, &pairs, &told_there);
    if (!find_pair(pairs.text, variable->key, &value->text))
        return false;
    value->source = COTEL_ENV_GENERAL;
    value->decided_by = list;
    return true;
}

/* A default that the kind can't read is none: the argument of a sampler that takes no such one. */
static void take_default(const struct ct_env_variable *variable, struct ct_env_value *value)
{
    struct ct_env_problem none;
    cotel_str preset = cotel_str_of(ct_env_preset(variable));
    value->source = COTEL_ENV_DEFAULT;
    if (ct_env_is_word(preset, UNLIMITED))
        value->number = COTEL_UNLIMITED;
    else if (preset.size != 0)
        (void)ct_env_value_parse(value, variable, preset, &none);
}

static void resolve_unread(const struct ct_env_variable *variable, struct ct_env_value *value,
                           struct ct_env_problem *problem)
{
    cotel_str text;
    value->source = COTEL_ENV_NOT_READ;
    if (ct_env_lookup(variable->name, &text) &&
        !(variable->anyway && ct_env_is_word(text, variable->anyway)))
        ct_env_complain(problem, "is not read by this version");
}

static void decide(const struct ct_env_variable *variable, struct ct_env_value *value,
                   struct ct_env_problem *problem)
{
    cotel_str text;
    bool is_set = ct_env_lookup(variable->name, &text);
    if (is_set && ct_env_value_parse(value, variable, text, problem)) {
        value->source = COTEL_ENV_ENVIRONMENT;
        value->decided_by = variable;
        return;
    }
    if (!take_general(variable, value) && !take_pair(variable, value))
        take_default(variable, value);
    if (is_set)
        value->source = COTEL_ENV_INVALID;
}

static void lower(const struct ct_env_variable *variable, struct ct_env_value *value,
                  struct ct_env_problem *problem)
{
    const struct ct_env_variable *bound = ct_env_find(variable->at_most);
    struct ct_env_value most;
    struct ct_env_problem told_there;
    ct_env_resolve(bound, &most, &told_there);
    if (value->number <= most.number)
        return;
    value->number = most.number;
    value->decided_by = bound;
    if (value->source == COTEL_ENV_ENVIRONMENT)
        ct_env_complain(problem, "is more than %s", bound->name);
    value->source = value->source == COTEL_ENV_DEFAULT ? COTEL_ENV_GENERAL : COTEL_ENV_INVALID;
}

void ct_env_resolve(const struct ct_env_variable *variable, struct ct_env_value *value,
                    struct ct_env_problem *problem)
{
    problem->text[0] = '\0';
    *value = (struct ct_env_value){.decided_by = NULL};
    if (variable->reader == CT_ENV_NOBODY) {
        resolve_unread(variable, value, problem);
        return;
    }
    decide(variable, value, problem);
    if (variable->at_most)
        lower(variable, value, problem);
}

/* A path stays what it is, whatever is wrong with the file: then that is all there is to say. */
static void tell(const struct ct_env_variable *variable, const struct ct_env_value *value,
                 const struct ct_env_problem *problem)
{
    char wrong[COTEL_ENV_TEXT_SIZE], taken[COTEL_ENV_TEXT_SIZE];
    ct_env_print_problem(variable, problem, wrong, sizeof wrong);
    ct_env_print_value(variable, value, taken, sizeof taken);
    if (variable->kind == CT_ENV_PATH && value->source == COTEL_ENV_ENVIRONMENT) {
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT, "%s", wrong);
        return;
    }
    cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT, "%s; %s is %s", wrong,
                             taken[0] ? taken : "it", taken[0] ? "taken" : "ignored");
}

void ct_env_read(struct ct_env *env)
{
    struct ct_env_problem told_later;
    for (size_t i = 0; i < ct_env_variable_count; i++) {
        const struct ct_env_variable *variable = &ct_env_variables[i];
        if (variable->reader == CT_ENV_INIT)
            ct_env_resolve(variable, (struct ct_env_value *)((char *)env + variable->offset),
                           &told_later);
    }
}

/* The resource's detection tells of its own. */
void ct_env_tell_problems(void)
{
    for (size_t i = 0; i < ct_env_variable_count; i++) {
        const struct ct_env_variable *variable = &ct_env_variables[i];
        struct ct_env_value value;
        struct ct_env_problem problem;
        ct_env_resolve(variable, &value, &problem);
        if (problem.text[0] != '\0' && variable->reader != CT_ENV_RESOURCE)
            tell(variable, &value, &problem);
    }
}
