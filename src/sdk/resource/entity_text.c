/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/entity_text.h"

#include "sdk/resource/percent.h"
#include "sdk/resource/take.h"

#define NAMES "._-"
#define RESERVED "{}[]@;,="

/* What a URI may have besides letters and digits. */
#define URI_MARKS "-._~:/?#[]@!$&'()*+,;=%"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

/* A letter, and then letters, digits and some marks. */
static bool is_name(cotel_str text, const char *marks)
{
    if (text.size == 0 || !is_letter(text.data[0]))
        return false;
    for (size_t i = 1; i < text.size; i++) {
        char c = text.data[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && !is_one_of(c, marks))
            return false;
    }
    return true;
}

bool ct_is_uri(cotel_str text)
{
    cotel_str scheme = ct_take_until(&text, ':');
    if (text.size == 0 || !is_name(scheme, "+-."))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && !is_one_of(c, URI_MARKS))
            return false;
    }
    return true;
}

static const char *add_pair(struct ct_attribute_list *list, cotel_str pair, char *scratch)
{
    size_t whole = pair.size, size;
    cotel_str key = ct_take_until(&pair, '=');
    if (key.size == whole)
        return "an attribute without '='";
    if (!is_name(key, NAMES))
        return "a key that is missing or has characters that it must not have";
    for (size_t i = 0; i < pair.size; i++) {
        if (is_one_of(pair.data[i], RESERVED))
            return "a value with a character that must be percent-encoded";
    }
    if (!ct_percent_decode(pair, scratch, &size))
        return "a percent sign without two hexadecimal digits";
    if (list->count == CT_ENTITY_TEXT_MOST_ATTRIBUTES)
        return "too many attributes";
    const cotel_attribute attribute = {key, cotel_value_string(cotel_str_n(scratch, size))};
    ct_attribute_list_add(list, attribute);
    return NULL;
}

static const char *add_pairs(struct ct_attribute_list *list, cotel_str pairs, char *scratch)
{
    const char *mistake = NULL;
    bool is_last = false;
    while (!mistake && !is_last) {
        size_t before = pairs.size;
        cotel_str pair = ct_take_until(&pairs, ',');
        is_last = pair.size == before;
        mistake = add_pair(list, pair, scratch);
    }
    return mistake;
}

/* What is between the two characters, at the start of `text`. */
static bool take_block(cotel_str *text, char open, char close, cotel_str *block)
{
    if (text->size == 0 || text->data[0] != open || !memchr(text->data, close, text->size))
        return false;
    cotel_str rest = cotel_str_n(text->data + 1, text->size - 1);
    *block = ct_take_until(&rest, close);
    *text = rest;
    return true;
}

static const char *parse(cotel_str text, struct ct_found_entity *out, char *scratch)
{
    size_t type_size = 0;
    while (type_size < text.size && text.data[type_size] != '{')
        type_size++;
    out->type = cotel_str_n(text.data, type_size);
    if (!is_name(out->type, NAMES))
        return "its type is missing or has characters that it must not have";

    cotel_str rest = cotel_str_n(text.data + type_size, text.size - type_size), block;
    if (!take_block(&rest, '{', '}', &block))
        return "its braces are missing or do not close";
    if (block.size == 0)
        return "nothing identifies it";
    const char *mistake = add_pairs(&out->id, block, scratch);
    if (!mistake && take_block(&rest, '[', ']', &block) && block.size != 0)
        mistake = add_pairs(&out->description, block, scratch);
    if (mistake || rest.size == 0)
        return mistake;
    if (rest.data[0] != '@')
        return "there is something behind its end";
    out->schema_url = cotel_str_n(rest.data + 1, rest.size - 1);
    return NULL;
}

const char *ct_entity_parse(cotel_str text, struct ct_found_entity *out, char *scratch)
{
    *out = (struct ct_found_entity){.id_keys = 1};
    const char *mistake = parse(text, out, scratch);
    if (mistake) {
        ct_attribute_list_fini(&out->id);
        ct_attribute_list_fini(&out->description);
    }
    return mistake;
}
