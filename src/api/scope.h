/* SPDX-License-Identifier: Apache-2.0 */
/* The scope that a user asks for. */
#ifndef COTEL_SRC_API_SCOPE_H
#define COTEL_SRC_API_SCOPE_H

#include "base/sized.h"
#include "wire/scope.h"

static inline struct ct_scope ct_scope_of(const char *name, const char *version,
                                          const char *schema_url, const cotel_attribute *attributes,
                                          size_t attribute_count)
{
    return (struct ct_scope){
        .name = cotel_str_of(name),
        .version = cotel_str_of(version),
        .schema_url = cotel_str_of(schema_url),
        .attributes = attributes,
        .attribute_count = attributes ? attribute_count : 0,
    };
}

/* Of a name, and options of tracers or meters, which may be NULL. Borrows. */
#define CT_SCOPE_OF(name, options)                                                             \
    ct_scope_of(name, CT_MEMBER(options, version, NULL), CT_MEMBER(options, schema_url, NULL), \
                CT_MEMBER(options, attributes, NULL), CT_MEMBER(options, attribute_count, 0))

#endif
