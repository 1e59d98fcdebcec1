/* SPDX-License-Identifier: Apache-2.0 */
/* What one variable comes to: its text, read as its kind wants it. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_VALUE_H
#define COTEL_EXPORTERS_AUTO_ENV_VALUE_H

#include <cotel/sdk/auto.h>

#include "env_table.h"

/* The most words that a list may know. */
#define CT_ENV_LIST_MAX 8

/* The longest complaint about a text. */
#define CT_ENV_PROBLEM_SIZE 256

/* Values of words, in the order in which they were given, each once. */
struct ct_env_list {
    size_t count;
    int items[CT_ENV_LIST_MAX];
};

/* What the kind of the variable does not fill is zero. */
struct ct_env_value {
    cotel_env_source source;
    /* Whose text it is: the variable's own, or the general one's; NULL: it is the default. */
    const struct ct_env_variable *decided_by;
    bool boolean;
    uint32_t number; /* COTEL_UNLIMITED: no limit, where that is the default */
    int word;
    struct ct_env_list list;
    double ratio;     /* of a sampler */
    cotel_str text;   /* trimmed; borrowed from the environment; empty: none */
    const char *path; /* of a URL: what is to follow the text, behind one slash; NULL: nothing */
};

/* What is wrong with a text: the sentence that it begins; empty: nothing. */
struct ct_env_problem {
    char text[CT_ENV_PROBLEM_SIZE];
};

/* Writes what is wrong. */
void ct_env_complain(struct ct_env_problem *problem, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Reads a text, which is trimmed and not empty. False when nothing of it can be used; *value is
 * then untouched. There may be a problem even when it is true: a list with an unknown word. */
bool ct_env_value_parse(struct ct_env_value *value, const struct ct_env_variable *variable,
                        cotel_str text, struct ct_env_problem *problem);

/* The largest number that it may be. */
uint32_t ct_env_most(const struct ct_env_variable *variable);

/* The same for CT_ENV_SAMPLER_ARGUMENT: it hangs on the sampler that the environment names. */
bool ct_env_sampler_argument_parse(struct ct_env_value *value, cotel_str text,
                                   struct ct_env_problem *problem);

/* The same for CT_ENV_OTLP_ENDPOINT. */
bool ct_env_endpoint_parse(struct ct_env_value *value, const struct ct_env_variable *variable,
                           cotel_str text, struct ct_env_problem *problem);

/* What is the default where the environment is as it is. */
const char *ct_env_preset(const struct ct_env_variable *variable);

/* What follows the general variable's URL there; NULL: nothing. */
const char *ct_env_path(const struct ct_env_variable *variable);

#endif
