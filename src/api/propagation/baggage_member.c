/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/baggage_member.h"

#include "api/propagation/counts.h"
#include "wire/str.h"

static bool is_baggage_octet(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
}

/* A percent sign must be encoded. A plus need not be, but there are readers that take it for a
 * blank, as in forms. */
static bool is_plain_in_value(char c)
{
    return is_baggage_octet(c) && c != '%' && c != '+';
}

static bool all_are(cotel_str text, bool (*is_fine)(char c))
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_fine(text.data[i]))
            return false;
    }
    return true;
}

/* One property behind its semicolon. Its value is encoded already, where somebody took care. */
static enum ct_baggage_verdict put_property(struct ct_baggage_room *room, cotel_str property)
{
    bool has_value = memchr(property.data, '=', property.size);
    cotel_str key = ct_str_trim(ct_baggage_take_piece(&property, '='));
    if (!ct_is_token(key))
        return CT_BAGGAGE_MALFORMED;
    bool fits = ct_room_put(room, cotel_str_of(";")) && ct_room_put(room, key);
    if (has_value)
        fits = fits && ct_room_put(room, cotel_str_of("=")) &&
               ct_room_put_encoded(room, ct_str_trim(property), is_baggage_octet);
    return fits ? CT_BAGGAGE_GOOD : CT_BAGGAGE_NO_ROOM;
}

/* False when there is no room for all that are good. */
static bool put_properties(struct ct_baggage_room *room, cotel_str properties)
{
    while (properties.size > 0) {
        cotel_str property = ct_str_trim(ct_baggage_take_piece(&properties, ';'));
        if (property.size == 0)
            continue;
        enum ct_baggage_verdict verdict = put_property(room, property);
        if (verdict == CT_BAGGAGE_NO_ROOM)
            return false;
        ct_propagation_count(CT_PROPAGATION_MALFORMED, verdict == CT_BAGGAGE_MALFORMED);
    }
    return true;
}

enum ct_baggage_verdict ct_baggage_member_read(cotel_str text, struct ct_baggage_room *room,
                                               cotel_baggage_entry *out)
{
    cotel_str value = ct_baggage_take_piece(&text, ';');
    if (!memchr(value.data, '=', value.size))
        return CT_BAGGAGE_MALFORMED;
    cotel_str key = ct_str_trim(ct_baggage_take_piece(&value, '='));
    value = ct_str_trim(value);
    if (!ct_is_token(key) || !all_are(value, is_baggage_octet))
        return CT_BAGGAGE_MALFORMED;

    struct ct_baggage_room rest = *room;
    char *decoded = ct_room_take(&rest, strlen(",=") + key.size + value.size);
    const char *properties = rest.at;
    if (!decoded || !put_properties(&rest, text))
        return CT_BAGGAGE_NO_ROOM;
    size_t size = (size_t)(rest.at - properties);
    out->name = key;
    out->value = ct_percent_read(decoded, value);
    out->metadata = size > 0 ? cotel_str_n(properties + 1, size - 1) : cotel_str_n(NULL, 0);
    *room = rest;
    return CT_BAGGAGE_GOOD;
}

enum ct_baggage_verdict ct_baggage_member_write(const cotel_baggage_entry *entry,
                                                struct ct_baggage_room *room)
{
    struct ct_baggage_room rest = *room;
    if (!ct_is_token(entry->name))
        return CT_BAGGAGE_MALFORMED;
    if (!ct_room_put(&rest, cotel_str_of(",")) || !ct_room_put(&rest, entry->name) ||
        !ct_room_put(&rest, cotel_str_of("=")) ||
        !ct_room_put_encoded(&rest, entry->value, is_plain_in_value) ||
        !put_properties(&rest, entry->metadata))
        return CT_BAGGAGE_NO_ROOM;
    *room = rest;
    return CT_BAGGAGE_GOOD;
}
