/* SPDX-License-Identifier: Apache-2.0 */
/* Baggage as Jaeger has it: a header for each entry, uberctx-NAME; and jaeger-baggage, a list that
 * people give by hand. Names are those of headers, so their case is not kept: they are written and
 * read in lower case. Values are percent-encoded, as Jaeger's clients did. The format has no
 * metadata, and no limits: it gets those of W3C Baggage. */
#include "api/baggage.h"
#include "api/propagation/baggage_merge.h"
#include "api/propagation/baggage_text.h"
#include "api/propagation/jaeger.h"
#include "base/sized.h"
#include "wire/str.h"

/* The most keys of a carrier, and lines of a list, that are looked at: a getter that never ends
 * must not hang us. */
#define MAX_KEYS 4096
#define MAX_LISTS COTEL_BAGGAGE_HEADER_MAX_MEMBERS

static const cotel_str prefix = {"uberctx-", 8};
static const cotel_str list_key = {"jaeger-baggage", 14};

static bool put_lower(struct ct_baggage_room *room, cotel_str text)
{
    char *to = ct_room_take(room, text.size);
    for (size_t i = 0; to && i < text.size; i++)
        to[i] = ct_ascii_lower(text.data[i]);
    return to;
}

/* ---- writing ---- */

/* What a header can hold as it is; without plus, which forms take for a blank. */
static bool is_plain(char c)
{
    return c > ' ' && c <= '~' && c != '%' && c != '+';
}

static enum ct_baggage_verdict write_entry(const cotel_baggage_entry *entry,
                                           struct ct_baggage_room *room, const cotel_setter *setter,
                                           void *carrier)
{
    struct ct_baggage_room rest = *room;
    if (!ct_is_token(entry->name))
        return CT_BAGGAGE_MALFORMED;
    const char *key = rest.at;
    if (!ct_room_put(&rest, prefix) || !put_lower(&rest, entry->name))
        return CT_BAGGAGE_NO_ROOM;
    const char *value = rest.at;
    if (!ct_room_put_encoded(&rest, entry->value, is_plain))
        return CT_BAGGAGE_NO_ROOM;
    setter->set(carrier, cotel_str_n(key, (size_t)(value - key)),
                cotel_str_n(value, (size_t)(rest.at - value)));
    *room = rest;
    return CT_BAGGAGE_GOOD;
}

void ct_jaeger_baggage_inject(const cotel_context *context, const cotel_setter *setter,
                              void *carrier)
{
    const cotel_baggage *baggage = ct_context_baggage_pointer(context);
    if (!baggage)
        return;

    char text[COTEL_BAGGAGE_HEADER_MAX_SIZE];
    struct ct_baggage_room room = {text, sizeof text};
    size_t written = 0;
    cotel_baggage_entry entry;
    for (size_t i = 0; cotel_baggage_at(baggage, i, &entry); i++) {
        enum ct_baggage_verdict verdict = CT_BAGGAGE_NO_ROOM;
        if (written < COTEL_BAGGAGE_HEADER_MAX_MEMBERS)
            verdict = write_entry(&entry, &room, setter, carrier);
        written += verdict == CT_BAGGAGE_GOOD;
        ct_baggage_count(verdict);
    }
}

/* ---- reading ---- */

struct reading {
    char text[COTEL_BAGGAGE_HEADER_MAX_SIZE];
    cotel_baggage_entry entries[COTEL_BAGGAGE_HEADER_MAX_MEMBERS];
    struct ct_baggage_room room;
    struct ct_baggage_list list;
};

static enum ct_baggage_verdict put(struct reading *reading, cotel_str name, cotel_str value)
{
    struct ct_baggage_room rest = reading->room;
    cotel_baggage_entry entry = {.name = cotel_str_n(rest.at, name.size)};
    if (!ct_is_token(name))
        return CT_BAGGAGE_MALFORMED;
    if (!put_lower(&rest, name))
        return CT_BAGGAGE_NO_ROOM;
    char *decoded = ct_room_take(&rest, value.size);
    if (!decoded)
        return CT_BAGGAGE_NO_ROOM;
    entry.value = ct_percent_read(decoded, value);
    if (!ct_baggage_list_put(&reading->list, &entry))
        return CT_BAGGAGE_NO_ROOM;
    reading->room = rest;
    return CT_BAGGAGE_GOOD;
}

/* In an environment the dash has become an underscore. */
static bool has_prefix(cotel_str key)
{
    size_t word = prefix.size - 1;
    return key.size > prefix.size &&
           ct_str_equal_ascii(cotel_str_n(key.data, word), cotel_str_n(prefix.data, word)) &&
           (key.data[word] == '-' || key.data[word] == '_');
}

static void read_key(struct reading *reading, cotel_str key, const cotel_getter *getter,
                     void *carrier)
{
    cotel_str name = cotel_str_n(key.data + prefix.size, key.size - prefix.size);
    cotel_str value = getter->get(carrier, key, 0);
    ct_baggage_count(put(reading, name, ct_str_trim(ct_str(value.data, value.size))));
}

static void read_keys(struct reading *reading, const cotel_getter *getter, void *carrier)
{
    if (!CT_HAS_OP(getter, key))
        return;
    for (size_t i = 0; i <= MAX_KEYS; i++) {
        cotel_str key = getter->key(carrier, i);
        if (!key.data)
            return;
        if (i == MAX_KEYS)
            ct_baggage_count(CT_BAGGAGE_NO_ROOM);
        else if (has_prefix(key))
            read_key(reading, key, getter, carrier);
    }
}

static void read_list(struct reading *reading, cotel_str list)
{
    while (list.size > 0) {
        cotel_str member = ct_str_trim(ct_baggage_take_piece(&list, ','));
        if (member.size == 0)
            continue;
        bool has_value = memchr(member.data, '=', member.size);
        cotel_str name = ct_str_trim(ct_baggage_take_piece(&member, '='));
        ct_baggage_count(has_value ? put(reading, name, ct_str_trim(member))
                                   : CT_BAGGAGE_MALFORMED);
    }
}

static void read_lists(struct reading *reading, const cotel_getter *getter, void *carrier)
{
    for (size_t i = 0; i <= MAX_LISTS; i++) {
        cotel_str list = getter->get(carrier, list_key, i);
        if (!list.data)
            return;
        if (i == MAX_LISTS)
            ct_baggage_count(CT_BAGGAGE_NO_ROOM);
        else
            read_list(reading, list);
    }
}

cotel_context *ct_jaeger_baggage_extract(const cotel_context *context, const cotel_getter *getter,
                                         void *carrier)
{
    struct reading reading;
    reading.room = (struct ct_baggage_room){reading.text, sizeof reading.text};
    ct_baggage_list_init(&reading.list, reading.entries, COTEL_BAGGAGE_HEADER_MAX_MEMBERS, NULL);
    read_lists(&reading, getter, carrier);
    read_keys(&reading, getter, carrier);
    return ct_context_add_baggage(context, ct_baggage_list_build(&reading.list));
}

const char *ct_jaeger_baggage_field(const cotel_propagator *self, size_t index)
{
    (void)self;
    const char *const fields[] = {"uberctx-*", list_key.data};
    return index < sizeof fields / sizeof fields[0] ? fields[index] : NULL;
}
