/* SPDX-License-Identifier: Apache-2.0 */
/* Names of headers as names of environment variables: context/env-carriers.md of the
 * specification. */
#ifndef COTEL_SRC_API_PROPAGATION_ENVIRONMENT_NAME_H
#define COTEL_SRC_API_PROPAGATION_ENVIRONMENT_NAME_H

#include <cotel/attribute.h>

/* Longer names are not carried. */
#define CT_ENVIRONMENT_NAME_MAX_SIZE 255

struct ct_environment_name {
    size_t size;
    char text[CT_ENVIRONMENT_NAME_MAX_SIZE + 1];
};

/* The normalised form of a key. False when it would be too long. */
bool ct_environment_name_of(cotel_str key, struct ct_environment_name *name);

/* Whether a name already is in normalised form. */
bool ct_environment_name_is_normal(cotel_str name);

/* The value if `variable`, as in environ, has this name; otherwise NULL. */
const char *ct_environment_value(const char *variable, const struct ct_environment_name *name);

#endif
