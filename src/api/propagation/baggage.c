/* SPDX-License-Identifier: Apache-2.0 */
/* The W3C propagator of baggage. Of what is beyond a limit no member is written or read in part; a
 * later one that still fits goes. */
#include <cotel/baggage.h>
#include <cotel/propagation.h>

#include "api/baggage.h"
#include "api/context.h"
#include "api/propagation/baggage_member.h"
#include "api/propagation/baggage_merge.h"
#include "api/propagation/builtin.h"
#include "api/propagation/counts.h"
#include "base/sized.h"
#include "wire/str.h"

/* The most headers that are read: a getter that never ends must not hang us. */
#define MAX_HEADERS COTEL_BAGGAGE_HEADER_MAX_MEMBERS

/* The comma before the first member is not sent. */
#define ROOM_SIZE (1 + COTEL_BAGGAGE_HEADER_MAX_SIZE)

static const cotel_str baggage_key = {"baggage", 7};

void ct_baggage_inject(const cotel_context *context, const cotel_setter *setter, void *carrier)
{
    const cotel_baggage *baggage = ct_context_baggage_pointer(context);
    if (!baggage || !CT_HAS_OP(setter, set))
        return;

    char text[ROOM_SIZE];
    struct ct_baggage_room room = {text, sizeof text};
    size_t written = 0;
    cotel_baggage_entry entry;
    for (size_t i = 0; cotel_baggage_at(baggage, i, &entry); i++) {
        enum ct_baggage_verdict verdict = CT_BAGGAGE_NO_ROOM;
        if (written < COTEL_BAGGAGE_HEADER_MAX_MEMBERS)
            verdict = ct_baggage_member_write(&entry, &room);
        written += verdict == CT_BAGGAGE_GOOD;
        ct_baggage_count(verdict);
    }
    if (written > 0)
        setter->set(carrier, baggage_key, cotel_str_n(text + 1, (size_t)(room.at - text) - 1));
}

static void inject(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier)
{
    (void)self;
    ct_baggage_inject(ct_context_or_current(context), setter, carrier);
}

static void read_header(cotel_str header, struct ct_baggage_room *room,
                        struct ct_baggage_list *list)
{
    while (header.size > 0) {
        cotel_baggage_entry entry;
        cotel_str text = ct_str_trim(ct_baggage_take_piece(&header, ','));
        if (text.size == 0)
            continue;
        enum ct_baggage_verdict verdict = ct_baggage_member_read(text, room, &entry);
        if (verdict == CT_BAGGAGE_GOOD && !ct_baggage_list_put(list, &entry))
            verdict = CT_BAGGAGE_NO_ROOM;
        ct_baggage_count(verdict);
    }
}

/* Apart, for its large frame: mostly there is no header. */
__attribute__((noinline)) static cotel_baggage *read_headers(cotel_str header,
                                                             const cotel_getter *getter,
                                                             void *carrier)
{
    char text[ROOM_SIZE];
    struct ct_baggage_room room = {text, sizeof text};
    cotel_baggage_entry members[COTEL_BAGGAGE_HEADER_MAX_MEMBERS];
    struct ct_baggage_list list;
    ct_baggage_list_init(&list, members, COTEL_BAGGAGE_HEADER_MAX_MEMBERS, NULL);
    for (size_t i = 1; header.data && i <= MAX_HEADERS; i++) {
        read_header(header, &room, &list);
        header = getter->get(carrier, baggage_key, i);
    }
    ct_propagation_count(CT_PROPAGATION_OVER_LIMIT, header.data != NULL);
    return ct_baggage_list_build(&list);
}

cotel_baggage *ct_baggage_read(const cotel_getter *getter, void *carrier)
{
    if (!CT_HAS_OP(getter, get))
        return NULL;
    cotel_str first = getter->get(carrier, baggage_key, 0);
    return first.data ? read_headers(first, getter, carrier) : NULL;
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    (void)self;
    return ct_context_add_baggage(ct_context_or_current(context), ct_baggage_read(getter, carrier));
}

static const char *field(const cotel_propagator *self, size_t index)
{
    (void)self;
    return index == 0 ? baggage_key.data : NULL;
}

static const cotel_propagator_ops ops = {
    .size = sizeof ops,
    .inject = inject,
    .extract = extract,
    .field = field,
};

const cotel_propagator ct_propagator_baggage = {&ops};

const cotel_propagator *cotel_propagator_baggage(void)
{
    return &ct_propagator_baggage;
}
