/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as `baggage` headers, a line each, over a baggage with any one entry: what is sent is
 * within the limits and reads back as what was sent, the members that were left out are counted. */
#include <cotel/baggage.h>
#include <cotel/propagation.h>

#include "fuzz.h"

/* For the longest header a cotel_headers has no room. */
struct sent {
    char text[COTEL_BAGGAGE_HEADER_MAX_SIZE];
    size_t size;
};

static void set(void *carrier, cotel_str key, cotel_str value)
{
    struct sent *sent = carrier;
    MUST(key.size == strlen("baggage"));
    MUST(value.size > 0 && value.size <= sizeof sent->text);
    memcpy(sent->text, value.data, value.size);
    sent->size = value.size;
}

/* The index-th line of the carrier, which is a cotel_str. */
static cotel_str get(void *carrier, cotel_str key, size_t index)
{
    cotel_str rest = *(const cotel_str *)carrier;
    (void)key;
    for (; rest.data; index--) {
        const char *end = rest.size > 0 ? memchr(rest.data, '\n', rest.size) : NULL;
        size_t size = end ? (size_t)(end - rest.data) : rest.size;
        if (index == 0)
            return cotel_str_n(rest.data, size);
        rest = end ? cotel_str_n(end + 1, rest.size - size - 1) : cotel_str_n(NULL, 0);
    }
    return cotel_str_n(NULL, 0);
}

static const cotel_setter setter = {.size = sizeof setter, .set = set};
static const cotel_getter getter = {.size = sizeof getter, .get = get};

static void inject(const cotel_context *context, struct sent *sent)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    sent->size = 0;
    propagator->ops->inject(propagator, context, &setter, sent);
}

static cotel_context *extract(const cotel_context *base, cotel_str text)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    return propagator->ops->extract(propagator, base, &getter, &text);
}

static uint64_t left_out(void)
{
    cotel_propagation_counts counts = {.size = sizeof counts};
    cotel_propagation_stats(&counts);
    return counts.malformed + counts.over_limit;
}

static bool same(cotel_str a, cotel_str b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static size_t count_of(const cotel_context *context)
{
    cotel_baggage *baggage = cotel_context_baggage(context);
    size_t count = cotel_baggage_count(baggage);
    cotel_baggage_unref(baggage);
    return count;
}

/* Each entry that came back is that of its name. */
static void compare(const cotel_context *context, const cotel_context *back, bool with_metadata)
{
    cotel_baggage *baggage = cotel_context_baggage(context), *again = cotel_context_baggage(back);
    cotel_baggage_entry entry, original;
    for (size_t i = 0; cotel_baggage_at(again, i, &entry); i++) {
        MUST(cotel_baggage_get(baggage, entry.name, &original));
        MUST(same(entry.value, original.value));
        MUST(!with_metadata || same(entry.metadata, original.metadata));
    }
    cotel_baggage_unref(again);
    cotel_baggage_unref(baggage);
}

/* Sends what a context has; returns what arrives. */
static cotel_context *send(const cotel_context *context, bool with_metadata)
{
    static struct sent sent;
    uint64_t before = left_out();
    inject(context, &sent);
    uint64_t missing = left_out() - before;
    cotel_context *back = extract(cotel_context_empty(), cotel_str_n(sent.text, sent.size));
    MUST(left_out() - before == missing); /* all that is sent is well-formed */
    size_t count = count_of(back);
    MUST(count <= COTEL_BAGGAGE_HEADER_MAX_MEMBERS);
    MUST(with_metadata ? count + missing == count_of(context) : count <= count_of(context));
    compare(context, back, with_metadata);
    return back;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    cotel_baggage_entry entry;
    entry.name.data = take_text(&input, 32, &entry.name.size);
    entry.value.data = take_text(&input, 32, &entry.value.size);
    entry.metadata.data = take_text(&input, 32, &entry.metadata.size);

    /* What comes in goes on as it is, metadata and all. */
    cotel_context *read =
        extract(cotel_context_empty(), cotel_str_n((const char *)input.at, input.left));
    cotel_context *passed_on = send(read, true);
    cotel_context *again = send(passed_on, true);
    MUST(count_of(again) == count_of(passed_on));

    /* With an entry of any kind, nothing else changes. */
    cotel_baggage *baggage = cotel_context_baggage(read);
    cotel_baggage *more = cotel_baggage_set_entry(baggage, &entry);
    MUST(cotel_baggage_count(more) >= cotel_baggage_count(baggage));
    cotel_context *changed = cotel_context_with_baggage(read, more);
    cotel_context *arrived = send(changed, false);
    cotel_baggage *fewer = cotel_baggage_remove(more, entry.name);
    MUST(!cotel_baggage_get(fewer, entry.name, NULL));

    cotel_baggage_unref(fewer);
    cotel_context_unref(arrived);
    cotel_context_unref(changed);
    cotel_baggage_unref(more);
    cotel_baggage_unref(baggage);
    cotel_context_unref(again);
    cotel_context_unref(passed_on);
    cotel_context_unref(read);
    return 0;
}
