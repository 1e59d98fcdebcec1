/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into resources, and hearing what is told about them. */
#ifndef COTEL_TESTS_SPEC_RESOURCE_SUPPORT_H
#define COTEL_TESTS_SPEC_RESOURCE_SUPPORT_H

#include "../support/sdk_fixture.h"

#include <cotel/sdk/diagnostics.h>
#include <cotel/version.h>

/* An empty environment, and nothing told yet. */
int resource_setup(void **state);
int resource_teardown(void **state);

/* How many warnings and errors there were, and the last one. */
int told(void);
const char *last_message(void);

void set(const char *name, const char *value);

cotel_resource *one_attribute(const char *key, const char *text, const char *schema_url);

/* Takes both references. */
cotel_resource *merged(cotel_resource *old, cotel_resource *updating);

size_t attributes_of(const cotel_resource *resource);
void assert_attribute(const cotel_resource *resource, const char *key, const char *text);
void assert_no_attribute(const cotel_resource *resource, const char *key);

/* NULL when there is none of that type. */
const cotel_entity *entity_of(const cotel_resource *resource, const char *type);
size_t entities_of(const cotel_resource *resource);

/* The keys of id and description are as "{a,b}[c]". */
void assert_entity(const cotel_resource *resource, const char *type, const char *expected);

#endif
