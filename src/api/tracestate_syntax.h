/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys and values a tracestate may hold: W3C Trace Context Level 2, sections 3.3.1.3.1 and
 * 3.3.1.3.2. Level 2 takes '@' anywhere but at the front of a key. */
#ifndef COTEL_SRC_API_TRACESTATE_SYNTAX_H
#define COTEL_SRC_API_TRACESTATE_SYNTAX_H

#include "api/tracestate.h"

static inline bool ct_tracestate_is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static inline bool ct_tracestate_is_key_char(char c)
{
    return ct_tracestate_is_alphanumeric(c) || c == '_' || c == '-' || c == '*' || c == '/' ||
           c == '@';
}

static inline bool ct_tracestate_is_value_char(char c)
{
    return c >= ' ' && c <= '~' && c != ',' && c != '=';
}

static inline bool ct_tracestate_key_is_valid(cotel_str key)
{
    if (!key.data || key.size == 0 || key.size > CT_TRACESTATE_MAX_KEY_SIZE)
        return false;
    if (!ct_tracestate_is_alphanumeric(key.data[0]))
        return false;
    for (size_t i = 1; i < key.size; i++) {
        if (!ct_tracestate_is_key_char(key.data[i]))
            return false;
    }
    return true;
}

static inline bool ct_tracestate_value_is_valid(cotel_str value)
{
    if (!value.data || value.size == 0 || value.size > CT_TRACESTATE_MAX_VALUE_SIZE)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        if (!ct_tracestate_is_value_char(value.data[i]))
            return false;
    }
    return value.data[value.size - 1] != ' ';
}

#endif
