/* SPDX-License-Identifier: Apache-2.0 */
/* Any sequence of changes to a span, through its handle and in on_ending: the finished bytes decode
 * to what a plain model says. */
#include <cotel/sdk/provider.h>
#include <cotel/sdk/span_view.h>
#include <cotel/trace.h>

#include "fuzz.h"

enum { KEYS = 8, MAX_ATTRIBUTES = 6, MAX_EVENTS = 3, MAX_NAME_SIZE = 40 };

/* The place of the key that is not UTF-8: stored repaired, and refused by rename as a new one. */
enum { NOT_UTF8 = 5 };
static const char *const keys[KEYS] = {"a", "bb", "key", "key2", "a.longer.key", "k\xff", "x", "y"};

/* A key as it is stored, by which it is found. */
static cotel_str stored_key(size_t key)
{
    return cotel_str_of(key == NOT_UTF8 ? "k\xef\xbf\xbd" : keys[key]);
}

/* What the span should hold: of each key the text it was set to last. */
static struct model {
    bool present[KEYS];
    cotel_str text[KEYS];
    uint32_t attributes;
    uint32_t dropped_attributes;
    uint32_t events;
    cotel_str name;
} model;

static struct input input;

static void model_set(size_t key, cotel_str text)
{
    if (!model.present[key] && model.attributes == MAX_ATTRIBUTES) {
        model.dropped_attributes++;
        return;
    }
    model.attributes += !model.present[key];
    model.present[key] = true;
    model.text[key] = text;
}

static void model_remove(size_t key)
{
    model.attributes -= model.present[key];
    model.present[key] = false;
}

static cotel_str take_str(size_t most)
{
    size_t size;
    const char *text = take_text(&input, most, &size);
    return cotel_str_n(text, size);
}

/* Through the handle, until the input says otherwise. */
static void change(const cotel_span *span)
{
    for (uint8_t what = take_byte(&input); what % 5 != 4 && input.left > 0;
         what = take_byte(&input)) {
        size_t key = what / 5 % KEYS;
        cotel_str text = take_str(200);
        if (what % 5 == 0) {
            cotel_span_set_string_n(span, keys[key], strlen(keys[key]), text.data, text.size);
            model_set(key, text);
        } else if (what % 5 == 1) {
            cotel_attribute map[] = {cotel_attribute_of("in", cotel_value_string(text)),
                                     cotel_attribute_int("n", what)};
            cotel_span_add_event_at(span, text.data, text.size, 0, map, 2);
            model.events++;
        } else if (what % 5 == 2) {
            model.name = cotel_str_n(text.data, text.size % MAX_NAME_SIZE);
            cotel_span_update_name_n(span, model.name.data, model.name.size);
        } else {
            cotel_span_set_status_n(span, COTEL_STATUS_CODE_ERROR, text.data, text.size);
        }
    }
}

/* What only grows, or is replaced by what is the span's own. */
static void add_while_ending(cotel_span_data *span, uint8_t what)
{
    cotel_str text = take_str(200);
    cotel_attribute attribute = cotel_attribute_of("in", cotel_value_string(text));
    cotel_span_view view;
    cotel_span_data_view(span, &view);
    if (what % 3 == 0) {
        cotel_span_data_add_event(span, what % 2 == 0 ? view.name : text, what, &attribute, 1);
        model.events++;
    } else if (what % 3 == 1) {
        cotel_span_data_set_status(span, COTEL_STATUS_CODE_ERROR,
                                   what % 2 == 0 ? view.status_description : text);
    } else {
        cotel_span_data_set_name(span, view.name);
    }
}

static void change_while_ending(cotel_span_processor *self, cotel_span_data *span)
{
    (void)self;
    while (input.left > 0) {
        uint8_t what = take_byte(&input);
        size_t key = what / 4 % KEYS;
        if (what % 4 == 3) {
            add_while_ending(span, what / 4);
        } else if (what % 4 == 0) {
            cotel_str text = take_str(200);
            cotel_attribute attribute = cotel_attribute_of(keys[key], cotel_value_string(text));
            cotel_span_data_set(span, &attribute);
            model_set(key, text);
        } else if (what % 4 == 1) {
            MUST(cotel_span_data_remove(span, stored_key(key)) == model.present[key]);
            model_remove(key);
        } else {
            size_t to = take_byte(&input) % KEYS;
            bool renamed = cotel_span_data_rename(span, stored_key(key), cotel_str_of(keys[to]));
            MUST(renamed == (model.present[key] && to != NOT_UTF8));
            if (renamed && to != key) {
                cotel_str text = model.text[key];
                model_remove(key);
                model_set(to, text);
            }
        }
    }
}

static bool is_ascii(cotel_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    }
    return true;
}

/* Text that was not valid is another one now; how it is repaired is not this target's affair. */
static void check_same(cotel_str found, cotel_str set)
{
    if (is_ascii(set))
        MUST(found.size == set.size && (set.size == 0 || !memcmp(found.data, set.data, set.size)));
}

static void check_bytes(cotel_str bytes)
{
    cotel_span_view view;
    MUST(cotel_span_view_decode(bytes, &view));
    check_same(view.name, model.name);
    MUST(view.dropped_attributes == model.dropped_attributes);
    MUST(view.dropped_events == (model.events > MAX_EVENTS ? model.events - MAX_EVENTS : 0));
    uint32_t count = 0;
    cotel_attribute_view attribute;
    for (cotel_iterator i = cotel_span_view_attributes(&view);
         cotel_iterator_next_attribute(&i, &attribute);)
        count++;
    MUST(count == model.attributes);
    for (size_t key = 0; key < KEYS; key++) {
        cotel_value_view value;
        MUST(cotel_span_view_get(&view, stored_key(key), &value) == model.present[key]);
        if (model.present[key])
            check_same(value.text, model.text[key]);
    }
}

static void check_end(cotel_span_processor *self, const cotel_span_data *span)
{
    (void)self;
    size_t size = cotel_span_data_encoded_size(span);
    char *bytes = malloc(size ? size : 1);
    MUST(bytes);
    cotel_span_data_encode(span, bytes);
    check_bytes(cotel_str_n(bytes, size));
    free(bytes);
}

static const cotel_span_processor_ops checker_ops = {
    .size = sizeof(checker_ops), .on_ending = change_while_ending, .on_end = check_end};
static cotel_span_processor checker = {&checker_ops};

static cotel_tracer *make_tracer(void)
{
    cotel_span_processor *processors[] = {&checker};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors = processors;
    options.processor_count = 1;
    options.limits.attributes = MAX_ATTRIBUTES;
    options.limits.events = MAX_EVENTS;
    options.worker = COTEL_WORKER_CALLER;
    cotel_tracer_provider *provider = NULL;
    MUST(cotel_tracer_provider_create(&options, &provider) == COTEL_STATUS_OK);
    return cotel_tracer_provider_get_tracer(provider, "fuzz", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static cotel_tracer *tracer;
    if (!tracer)
        tracer = make_tracer();
    memset(&model, 0, sizeof(model));
    model.name = cotel_str_of("start");
    input = (struct input){data, size};

    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    cotel_span span = cotel_span_start(tracer, "start", &options);
    MUST(cotel_span_is_recording(&span));
    change(&span);
    cotel_span_end(&span);
    return 0;
}
