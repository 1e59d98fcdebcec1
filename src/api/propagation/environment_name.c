/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/environment_name.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A character of several bytes becomes one underscore: its further bytes are skipped. */
static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static char normal_char(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)(c - 'a' + 'A');
    return (c >= 'A' && c <= 'Z') || is_digit(c) ? c : '_';
}

bool ct_environment_name_of(cotel_str key, struct ct_environment_name *name)
{
    name->size = 0;
    if (key.size == 0 || is_digit(key.data[0]))
        name->text[name->size++] = '_';
    for (size_t i = 0; i < key.size; i++) {
        if (i > 0 && is_continuation(key.data[i]))
            continue;
        if (name->size == CT_ENVIRONMENT_NAME_MAX_SIZE)
            return false;
        name->text[name->size++] = normal_char(key.data[i]);
    }
    name->text[name->size] = '\0';
    return true;
}

bool ct_environment_name_is_normal(cotel_str name)
{
    if (name.size == 0 || is_digit(name.data[0]))
        return false;
    for (size_t i = 0; i < name.size; i++) {
        if (normal_char(name.data[i]) != name.data[i])
            return false;
    }
    return true;
}

const char *ct_environment_value(const char *variable, const struct ct_environment_name *name)
{
    if (strncmp(variable, name->text, name->size) != 0 || variable[name->size] != '=')
        return NULL;
    return variable + name->size + 1;
}
