/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as the tracestate's `ot` entry: whatever is changed in it, the result follows the rules,
 * the other members are what they were, and a change that is refused leaves all as it was. */
#include "fuzz.h"

#include "sdk/sampler/ot_entry.h"
#include "sdk/sampler/threshold.h"
#include "wire/str.h"

static cotel_str text_of(const struct ct_ot_entry *entry)
{
    return cotel_str_n(entry->text, entry->size);
}

/* Every key of `list` but `key` has the same value in `changed`. */
static void others_are_the_same(cotel_str list, cotel_str changed, cotel_str key)
{
    if (!ct_ot_is_valid(list))
        return;
    while (list.size > 0) {
        const char *end = memchr(list.data, ';', list.size);
        size_t size = end ? (size_t)(end - list.data) : list.size;
        size_t key_size = (size_t)((const char *)memchr(list.data, ':', size) - list.data);
        cotel_str other = cotel_str_n(list.data, key_size);
        cotel_str value = cotel_str_n(list.data + key_size + 1, size - key_size - 1);
        if (!ct_str_equal(other, key))
            MUST(ct_str_equal(ct_ot_get(changed, other), value));
        size_t step = end ? size + 1 : size;
        list = cotel_str_n(list.data + step, list.size - step);
    }
}

static void check_set(cotel_str list, cotel_str key, cotel_str value)
{
    struct ct_ot_entry entry = {.size = 1, .text = "?"};
    if (!ct_ot_set(list, key, value, &entry)) {
        MUST(entry.size == 1 && entry.text[0] == '?');
        return;
    }
    MUST(entry.size <= CT_OT_MAX_SIZE && ct_ot_is_valid(text_of(&entry)));
    MUST(ct_str_equal(ct_ot_get(text_of(&entry), key), value));
    others_are_the_same(list, text_of(&entry), key);
}

static void check_remove(cotel_str list, cotel_str key)
{
    struct ct_ot_entry entry;
    ct_ot_remove(list, key, &entry);
    MUST(entry.size == 0 || ct_ot_is_valid(text_of(&entry)));
    MUST(entry.size <= list.size);
    MUST(!ct_ot_get(text_of(&entry), key).data);
    others_are_the_same(list, text_of(&entry), key);
}

/* What reads as a threshold is written as what reads as the same. */
static void check_threshold(cotel_str text)
{
    char digits[CT_THRESHOLD_DIGITS];
    uint64_t threshold, again;
    if (!ct_threshold_read(text, &threshold))
        return;
    MUST(threshold < COTEL_THRESHOLD_NONE);
    size_t size = ct_threshold_write(threshold, digits);
    MUST(size <= text.size && ct_threshold_read(cotel_str_n(digits, size), &again));
    MUST(again == threshold);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t key_size, value_size;
    const char *key = take_text(&input, 8, &key_size);
    const char *value = take_text(&input, 255, &value_size);
    cotel_str list = cotel_str_n((const char *)input.at, input.left);
    check_set(list, cotel_str_n(key, key_size), cotel_str_n(value, value_size));
    check_remove(list, cotel_str_n(key, key_size));
    check_threshold(cotel_str_n(value, value_size));
    return 0;
}
