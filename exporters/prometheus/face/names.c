/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stddef.h>
#include <string.h>

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(const char *name, bool colons)
{
    if (!name || *name == '\0' || (*name >= '0' && *name <= '9'))
        return false;
    for (; *name; name++)
        if (!begins_name(*name) && !(*name >= '0' && *name <= '9') && !(colons && *name == ':'))
            return false;
    return true;
}

bool ct_face_is_metric_name(const char *name)
{
    return is_name(name, true);
}

bool ct_face_is_label_name(const char *name)
{
    return is_name(name, false) && strncmp(name, "__", 2) != 0;
}

/* How many bytes follow the first one of a character, and the least and greatest second byte: what
 * keeps overlong forms, surrogates and what is beyond U+10FFFF out. */
static int following(unsigned char first, unsigned char *least, unsigned char *greatest)
{
    *least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *greatest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80)
        return 0;
    if (first < 0xC2 || first > 0xF4)
        return -1;
    return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

bool ct_face_is_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)(text ? text : "");
    while (*at) {
        unsigned char least, greatest;
        int more = following(*at++, &least, &greatest);
        if (more < 0)
            return false;
        for (; more > 0; more--, at++) {
            if (*at < least || *at > greatest)
                return false;
            least = 0x80;
            greatest = 0xBF;
        }
    }
    return true;
}
