/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/write.h"

#include "proto/json_text.h"

#include <math.h>
#include <stdlib.h>

static void put_text(struct ct_json *json, struct ct_text text)
{
    ct_json_put_string(json, (const uint8_t *)(text.data ? text.data : ""), text.size);
}

static void put_labels(struct ct_json *json, const struct ct_labels *labels)
{
    ct_json_put_text(json, "\"labels\":{");
    for (size_t i = 0; i < labels->count; i++) {
        if (i > 0)
            ct_json_put_char(json, ',');
        put_text(json, labels->items[i].name);
        ct_json_put_char(json, ':');
        put_text(json, labels->items[i].value);
    }
    ct_json_put_char(json, '}');
}

static void put_value(struct ct_json *json, double value, struct ct_time time)
{
    ct_json_put_text(json, ",\"value\":");
    if (value == 0 && signbit(value))
        ct_json_put_text(json, "-0.0"); /* -0 is an integer to many readers, which lose its sign */
    else
        ct_json_put_double(json, value);
    if (!time.is_known)
        return;
    ct_json_put_text(json, ",\"time_unix_ns\":");
    ct_json_put_signed(json, time.unix_ns, false);
}

static void put_sample(struct ct_json *json, const struct ct_sample *sample)
{
    ct_json_put_text(json, "{\"name\":");
    put_text(json, sample->name);
    ct_json_put_char(json, ',');
    put_labels(json, &sample->labels);
    put_value(json, sample->value, sample->time);
    if (sample->exemplar) {
        ct_json_put_text(json, ",\"exemplar\":{");
        put_labels(json, &sample->exemplar->labels);
        put_value(json, sample->exemplar->value, sample->exemplar->time);
        ct_json_put_char(json, '}');
    }
    ct_json_put_char(json, '}');
}

static void put_family(struct ct_json *json, const struct ct_family *family)
{
    ct_json_put_text(json, "{\"name\":");
    put_text(json, family->name);
    ct_json_put_text(json, ",\"type\":\"");
    ct_json_put_text(json, ct_family_type_name(family->type));
    ct_json_put_text(json, "\",\"help\":");
    put_text(json, family->help);
    ct_json_put_text(json, ",\"unit\":");
    put_text(json, family->unit);
    ct_json_put_text(json, ",\"samples\":[");
    for (size_t i = 0; i < family->sample_count; i++) {
        ct_json_put_text(json, i > 0 ? ",\n  " : "\n  ");
        put_sample(json, &family->samples[i]);
    }
    ct_json_put_text(json, "]}");
}

bool ct_write_json(const struct ct_exposition *exposition, FILE *out)
{
    struct ct_json json = {0};
    bool is_whole = true;

    fputs("{\"families\":[", out);
    for (size_t i = 0; i < exposition->family_count && is_whole; i++) {
        json.size = 0;
        ct_json_put_text(&json, i > 0 ? ",\n " : "\n ");
        put_family(&json, &exposition->families[i]);
        is_whole = !json.failed;
        if (is_whole)
            fwrite(json.data, 1, json.size, out);
    }
    fputs("]}\n", out);
    free(json.data);
    return is_whole;
}
