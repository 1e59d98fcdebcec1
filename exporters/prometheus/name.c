/* SPDX-License-Identifier: Apache-2.0 */
#include "name.h"

#include "name_internal.h"
#include "unit.h"

static const char total[] = "total";
/* Before what may not lead a label's name: digits, and the two underscores of names that are
 * Prometheus' own. */
static const char key_prefix[] = "key_";
static const char reserved_prefix[] = "key";

bool ct_prom_is_plain_char(char c, enum ct_prom_name_kind kind)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c == ':' && kind == CT_PROM_METRIC_NAME);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ct_prom_name_is_plain(cotel_str name, enum ct_prom_name_kind kind)
{
    if (name.size == 0 || is_digit(name.data[0]))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!ct_prom_is_plain_char(name.data[i], kind))
            return false;
    return true;
}

static bool translates(cotel_prometheus_translation translation)
{
    return translation == COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES ||
           translation == COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES;
}

static bool has_suffixes(cotel_prometheus_translation translation)
{
    return translation == COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES ||
           translation == COTEL_PROMETHEUS_UTF8_WITH_SUFFIXES;
}

/* Appends with everything else, and runs of it, as one underscore. */
static void put_underscored(struct ct_prom_text *out, cotel_str name, enum ct_prom_name_kind kind)
{
    bool after_underscore = false;
    for (size_t i = 0; i < name.size; i++) {
        char c = ct_prom_is_plain_char(name.data[i], kind) ? name.data[i] : '_';
        if (c != '_' || !after_underscore)
            ct_prom_text_putc(out, c);
        after_underscore = c == '_';
    }
}

/* Cuts the underscores off both ends of what stands behind `begin`. */
static void trim_underscores(struct ct_prom_text *out, size_t begin)
{
    while (out->size > begin && out->data[out->size - 1] == '_')
        out->size--;
    size_t leading = 0;
    while (begin + leading < out->size && out->data[begin + leading] == '_')
        leading++;
    if (leading == 0)
        return;
    memmove(out->data + begin, out->data + begin + leading, out->size - begin - leading);
    out->size -= leading;
}

void ct_prom_name_unit(struct ct_prom_text *out, cotel_prometheus_translation translation,
                       cotel_str unit)
{
    if (!translates(translation)) {
        ct_prom_unit_put(out, unit);
        return;
    }
    struct ct_prom_text words = {NULL, 0, 0, false};
    ct_prom_unit_put(&words, unit);
    size_t begin = out->size;
    put_underscored(out, ct_prom_text_str(&words), CT_PROM_METRIC_NAME);
    out->failed = out->failed || words.failed;
    if (!out->failed)
        trim_underscores(out, begin);
    ct_prom_text_fini(&words);
}

/* Whether a name's last word is this one. A name may be nothing but it. */
static bool ends_with_word(cotel_str name, cotel_str word)
{
    if (!name.data || name.size < word.size ||
        memcmp(name.data + name.size - word.size, word.data, word.size) != 0)
        return false;
    if (name.size == word.size)
        return true;
    char before = name.data[name.size - word.size - 1];
    return before == '_' || !ct_prom_is_plain_char(before, CT_PROM_LABEL_NAME);
}

/* Appends _word to the name at `begin`, without doubling an underscore. */
static void put_suffix(struct ct_prom_text *out, size_t begin, cotel_str word)
{
    if (out->size == begin || out->data[out->size - 1] != '_')
        ct_prom_text_putc(out, '_');
    ct_prom_text_put(out, word);
}

/* The unit comes before the total, whichever of them the name has already. */
static void put_suffixes(struct ct_prom_text *out, size_t begin, cotel_str unit, bool is_counter)
{
    if (out->failed)
        return;
    cotel_str word = cotel_str_of(total);
    cotel_str name = cotel_str_n(out->data + begin, out->size - begin);
    bool is_total = is_counter && name.size == word.size && ends_with_word(name, word);
    if (is_counter && !is_total && ends_with_word(name, word))
        out->size -= word.size + 1;
    name.size = out->size - begin;
    if (unit.size > 0 && !ends_with_word(name, unit))
        put_suffix(out, begin, unit);
    if (is_counter && (!is_total || unit.size > 0))
        put_suffix(out, begin, word);
}

/* Whether there is anything but underscores. */
static bool says_something(cotel_str name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] != '_')
            return true;
    return false;
}

bool ct_prom_name_metric(struct ct_prom_text *out, cotel_prometheus_translation translation,
                         cotel_str name, cotel_str unit, bool is_counter)
{
    size_t begin = out->size;
    if (!translates(translation)) {
        ct_prom_text_put(out, name);
    } else {
        if (name.size > 0 && is_digit(name.data[0]))
            ct_prom_text_putc(out, '_');
        put_underscored(out, name, CT_PROM_METRIC_NAME);
    }
    if (out->failed || out->size == begin)
        return false;
    cotel_str translated = cotel_str_n(out->data + begin, out->size - begin);
    if (translates(translation) && !says_something(translated)) {
        out->size = begin;
        return false;
    }
    if (has_suffixes(translation))
        put_suffixes(out, begin, unit, is_counter);
    return !out->failed;
}

static void translate_label(struct ct_prom_text *out, cotel_prometheus_translation translation,
                            cotel_str key)
{
    if (!translates(translation)) {
        ct_prom_text_put(out, key);
        return;
    }
    if (key.size > 0 && is_digit(key.data[0]))
        ct_prom_text_puts(out, key_prefix);
    put_underscored(out, key, CT_PROM_LABEL_NAME);
}

void ct_prom_name_label(struct ct_prom_text *out, cotel_prometheus_translation translation,
                        cotel_prometheus_escaping escaping, cotel_str key)
{
    struct ct_prom_text translated = {NULL, 0, 0, false}, name = {NULL, 0, 0, false};
    translate_label(&translated, translation, key);
    ct_prom_name_escape(&name, escaping, ct_prom_text_str(&translated), CT_PROM_LABEL_NAME);
    if (name.size >= 2 && memcmp(name.data, "__", 2) == 0)
        ct_prom_text_puts(out, reserved_prefix);
    ct_prom_text_put(out, ct_prom_text_str(&name));
    out->failed = out->failed || translated.failed || name.failed;
    ct_prom_text_fini(&translated);
    ct_prom_text_fini(&name);
}
