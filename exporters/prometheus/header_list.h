/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the lists that headers are: members between commas, each with parameters behind semicolons
 * whose values may stand in quotes. Reads in place and allocates nothing; any bytes. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_HEADER_LIST_H
#define COTEL_EXPORTERS_PROMETHEUS_HEADER_LIST_H

#include <cotel/attribute.h>

#include <stdbool.h>

/* The next member of *rest, which is moved behind it; without the blanks around it. Empty members
 * are skipped. False at the end. */
bool ct_header_next_member(cotel_str *rest, cotel_str *member);

/* What of a member stands before its parameters; *parameters gets them. */
cotel_str ct_header_split_member(cotel_str member, cotel_str *parameters);

/* The next parameter of *rest. The value is without its quotes; what is escaped in it stays so.
 * False at the end. */
bool ct_header_next_parameter(cotel_str *rest, cotel_str *name, cotel_str *value);

/* Whether it is that text, whatever the case of its ASCII letters. */
bool ct_header_is(cotel_str text, const char *expected);

/* The weight that `q` states, in thousandths, at most 1000; -1: it states none. */
int ct_header_weight(cotel_str q);

#endif
