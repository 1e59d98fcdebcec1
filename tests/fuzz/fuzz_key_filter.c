/* SPDX-License-Identifier: Apache-2.0 */
/* Up to four lists of attribute keys, alone and together, against going through the lists. */
#include "fuzz.h"

#include "sdk/metrics/view/key_filter.h"

#define MOST_LISTS 4
#define MOST_KEYS 16
#define MOST_SIZE 40

struct list {
    enum ct_key_filter_mode mode;
    cotel_str keys[MOST_KEYS];
    size_t count;
    struct ct_key_filter *filter;
};

static cotel_str take_key(struct input *input)
{
    size_t size;
    const char *data = take_text(input, MOST_SIZE, &size);
    return cotel_str_n(data, size);
}

static void take_list(struct input *input, struct list *list)
{
    uint8_t head = take_byte(input);
    list->mode = head & 1 ? CT_KEYS_ONLY_LISTED : CT_KEYS_ALL_BUT_LISTED;
    list->count = (head >> 1) % (MOST_KEYS + 1);
    for (size_t i = 0; i < list->count; i++)
        list->keys[i] = take_key(input);
    list->filter = ct_key_filter_create(list->mode, list->keys, list->count);
    MUST(list->filter);
}

static bool keeps(const struct list *list, cotel_str key)
{
    bool listed = false;
    for (size_t i = 0; i < list->count; i++) {
        if (list->keys[i].size == key.size &&
            (key.size == 0 || memcmp(list->keys[i].data, key.data, key.size) == 0))
            listed = true;
    }
    return listed == (list->mode == CT_KEYS_ONLY_LISTED);
}

/* Asks each list for a key, and then the filter of all. */
static void ask(const struct list *lists, size_t count, const struct ct_key_filter *all,
                cotel_str key)
{
    bool kept = true;
    for (size_t i = 0; i < count; i++) {
        bool expected = keeps(&lists[i], key);
        MUST(ct_key_filter_keeps(lists[i].filter, key) == expected);
        kept = kept && expected;
    }
    MUST(ct_key_filter_keeps(all, key) == kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct list lists[MOST_LISTS];
    const struct ct_key_filter *filters[MOST_LISTS];
    size_t count = take_byte(&input) % MOST_LISTS + 1;
    for (size_t i = 0; i < count; i++) {
        take_list(&input, &lists[i]);
        filters[i] = lists[i].filter;
    }
    struct ct_key_filter *all = ct_key_filter_all_of(filters, count);
    MUST(all && ct_key_filter_equal(all, all));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < lists[i].count; k++)
            ask(lists, count, all, lists[i].keys[k]);
    }
    while (input.left > 0)
        ask(lists, count, all, take_key(&input));
    for (size_t i = 0; i < count; i++)
        ct_key_filter_destroy(lists[i].filter);
    ct_key_filter_destroy(all);
    return 0;
}
