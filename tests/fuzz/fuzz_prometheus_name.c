/* SPDX-License-Identifier: Apache-2.0 */
/* Any name and unit under each translation and escaping: what is not meant for readers of UTF-8 is
 * a name that every reader takes, and says what it is. */
#include "fuzz.h"

#include "exporters/prometheus/name.h"

#define MOST 96

static bool ends_with(const struct ct_prom_text *text, const char *end)
{
    size_t size = strlen(end);
    return text->size >= size && memcmp(text->data + text->size - size, end, size) == 0;
}

static bool contains(const struct ct_prom_text *text, const char *part)
{
    return text->size > 0 && memmem(text->data, text->size, part, strlen(part));
}

static void check_metric(cotel_prometheus_translation translation,
                         cotel_prometheus_escaping escaping, cotel_str name, cotel_str unit,
                         bool is_counter)
{
    struct ct_prom_text words = {NULL, 0, 0, false}, translated = words, escaped = words;
    ct_prom_name_unit(&words, translation, unit);
    bool is_named =
        ct_prom_name_metric(&translated, translation, name, ct_prom_text_str(&words), is_counter);
    MUST(is_named == (translated.size > 0));
    if (is_named) {
        bool underscores = translation == COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES ||
                           translation == COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES;
        if (underscores) {
            MUST(ct_prom_name_is_plain(ct_prom_text_str(&translated), CT_PROM_METRIC_NAME));
            MUST(!contains(&translated, "__"));
        }
        if (translation == COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES && is_counter)
            MUST(ends_with(&translated, "total"));
        ct_prom_name_escape(&escaped, escaping, ct_prom_text_str(&translated), CT_PROM_METRIC_NAME);
        if (escaping != COTEL_PROMETHEUS_ALLOW_UTF8)
            MUST(ct_prom_name_is_plain(ct_prom_text_str(&escaped), CT_PROM_METRIC_NAME));
    }
    ct_prom_text_fini(&words);
    ct_prom_text_fini(&translated);
    ct_prom_text_fini(&escaped);
}

static void check_label(cotel_prometheus_translation translation,
                        cotel_prometheus_escaping escaping, cotel_str key)
{
    struct ct_prom_text label = {NULL, 0, 0, false};
    ct_prom_name_label(&label, translation, escaping, key);
    MUST(label.size > 0);
    MUST(label.size < 2 || memcmp(label.data, "__", 2) != 0);
    if (escaping != COTEL_PROMETHEUS_ALLOW_UTF8)
        MUST(ct_prom_name_is_plain(ct_prom_text_str(&label), CT_PROM_LABEL_NAME));
    ct_prom_text_fini(&label);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint8_t how = take_byte(&input);
    cotel_prometheus_translation translation = (cotel_prometheus_translation)(how & 3);
    cotel_prometheus_escaping escaping = (cotel_prometheus_escaping)(how >> 2 & 3);
    cotel_str unit, name;
    unit.data = take_text(&input, MOST, &unit.size);
    name = cotel_str_n((const char *)input.at, input.left);
    check_metric(translation, escaping, name, unit, how & 16);
    if (name.size > 0)
        check_label(translation, escaping, name);
    return 0;
}
