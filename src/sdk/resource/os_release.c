/* SPDX-License-Identifier: Apache-2.0 */
/* os-release(5): lines of NAME=value as a shell would read them, without substitution. */
#include "sdk/resource/os_release.h"

/* Takes quotes off, and backslashes before what they quote. */
static cotel_str unquote(char *at, size_t size)
{
    char *to = at;
    char quote = '\0';
    for (size_t i = 0; i < size; i++) {
        char c = at[i];
        if (c == '\\' && quote != '\'' && i + 1 < size)
            *to++ = at[++i];
        else if (quote == '\0' && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote && quote != '\0')
            quote = '\0';
        else
            *to++ = c;
    }
    return cotel_str_n(at, (size_t)(to - at));
}

cotel_str ct_os_release_get(char *text, size_t size, const char *name)
{
    size_t name_size = strlen(name);
    for (char *line = text, *end = text + size, *next; line < end; line = next) {
        char *line_end = memchr(line, '\n', (size_t)(end - line));
        line_end = line_end ? line_end : end;
        next = line_end < end ? line_end + 1 : end;
        size_t line_size = (size_t)(line_end - line);
        if (line_size > name_size && memcmp(line, name, name_size) == 0 && line[name_size] == '=')
            return unquote(line + name_size + 1, line_size - name_size - 1);
    }
    return cotel_str_n(NULL, 0);
}
