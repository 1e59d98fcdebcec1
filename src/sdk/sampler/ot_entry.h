/* SPDX-License-Identifier: Apache-2.0 */
/* OpenTelemetry's own entry of the tracestate, "ot": a list of `key:value`, joined by ';'. Keys
 * are [a-z][a-z0-9]* and there once, values [A-Za-z0-9._-]*, and the whole is at most 256
 * characters. A list that breaks a rule is as good as none: nothing is read from it, and the first
 * change replaces it. What others put there is handed on byte for byte.
 *
 * Implements: trace/tracestate-handling.md. */
#ifndef COTEL_SRC_SDK_SAMPLER_OT_ENTRY_H
#define COTEL_SRC_SDK_SAMPLER_OT_ENTRY_H

#include <cotel/span_context.h>

#define CT_OT_KEY "ot"
#define CT_OT_MAX_SIZE 256

/* The value of an entry that was changed. */
struct ct_ot_entry {
    size_t size;
    char text[CT_OT_MAX_SIZE];
};

/* Whether it follows the rules; the empty list does not, as it can't stand in a tracestate. */
bool ct_ot_is_valid(cotel_str list);

/* The value of a key of a valid list; data is NULL when it is not there. */
cotel_str ct_ot_find(cotel_str list, cotel_str key);

/* The same of any list: nothing is there when it is not valid. */
static inline cotel_str ct_ot_get(cotel_str list, cotel_str key)
{
    return ct_ot_is_valid(list) ? ct_ot_find(list, key) : cotel_str_n(NULL, 0);
}

/* The list with key:value, in front. False, with *out untouched, when key or value is not valid or
 * the list would be too long. */
bool ct_ot_set(cotel_str list, cotel_str key, cotel_str value, struct ct_ot_entry *out);

/* The list without the key; of size 0 when nothing is left. */
void ct_ot_remove(cotel_str list, cotel_str key, struct ct_ot_entry *out);

#endif
