/* SPDX-License-Identifier: Apache-2.0 */
/* Any metrics, rendered in any way: each line is a comment or a sample by the grammar, no family
 * has its type told twice, and an exposition of OpenMetrics ends as such. */
#include "fuzz.h"

#include <cotel/sdk/metric_data.h>

#include "exporters/prometheus/render.h"
#include "sdk/metrics/writer.h"

enum { MOST_ATTRIBUTES = 4, MOST_TEXT = 24, MOST_METRICS = 16, MOST_POINTS = 6, MOST_TYPES = 64 };

/* ---- what is rendered ---------------------------------------------------------------------- */

static size_t take_attributes(struct input *input, cotel_attribute *out)
{
    size_t count = take_byte(input) % (MOST_ATTRIBUTES + 1);
    for (size_t i = 0; i < count; i++) {
        uint8_t kind = take_byte(input);
        out[i].key.data = take_text(input, MOST_TEXT, &out[i].key.size);
        if (out[i].key.size == 0)
            out[i].key = cotel_str_of("k");
        cotel_str text;
        text.data = take_text(input, MOST_TEXT, &text.size);
        out[i].value = kind % 4 == 0   ? cotel_value_bytes(text.data, text.size)
                       : kind % 4 == 1 ? cotel_value_int((int64_t)kind << 40)
                                       : cotel_value_string(text);
    }
    return count;
}

static void write_point(struct input *input, cotel_metric_writer *writer)
{
    static const double boundaries[] = {-1, 0, 2.5};
    uint64_t counts[] = {take_byte(input), take_byte(input), take_byte(input), take_byte(input)};
    cotel_attribute attributes[MOST_ATTRIBUTES];
    const cotel_quantile_data quantiles[] = {{0.5, -1}, {take_byte(input) / 255.0, 2}};
    cotel_exemplar exemplar = {.time_unix_ns = take_byte(input),
                               .value = {.type = COTEL_NUMBER_INT, .integer = 2},
                               .attributes = attributes};
    exemplar.trace_id.bytes[3] = exemplar.span_id.bytes[1] = take_byte(input);
    cotel_point point = {.size = sizeof point, .attributes = attributes};
    uint8_t what = take_byte(input);
    point.attribute_count = exemplar.attribute_count = take_attributes(input, attributes);
    point.value.type = what & 1 ? COTEL_NUMBER_INT : COTEL_NUMBER_DOUBLE;
    point.value.integer = (int64_t)counts[0] * counts[1];
    point.value.floating = (double)counts[2] / (counts[3] + 1);
    point.count = counts[0] + counts[1] + counts[2] + counts[3];
    point.has_sum = what & 2;
    point.sum = (double)counts[0] - (double)counts[1];
    point.boundaries = boundaries;
    point.boundary_count = what & 4 ? 3 : 0;
    point.bucket_counts = what & 4 ? counts : NULL;
    point.scale = (int32_t)(what >> 3) - 12;
    point.positive = (cotel_buckets){(int32_t)counts[0] - 100, 3, counts + 1};
    point.negative = (cotel_buckets){(int32_t)counts[1] - 100, 2, counts};
    point.quantiles = quantiles;
    point.quantile_count = 2;
    point.exemplars = &exemplar;
    point.exemplar_count = what & 8 ? 1 : 0;
    cotel_metric_writer_point(writer, &point);
}

static void write_metric(struct input *input, cotel_metric_writer *writer)
{
    static const cotel_metric_type types[] = {
        COTEL_METRIC_GAUGE, COTEL_METRIC_SUM, COTEL_METRIC_HISTOGRAM,
        COTEL_METRIC_EXPONENTIAL_HISTOGRAM, COTEL_METRIC_SUMMARY};
    uint8_t what = take_byte(input);
    cotel_metric_head head = {.size = sizeof head,
                              .type = types[what % 5],
                              .is_monotonic = what & 64,
                              .temporality = what & 128 ? COTEL_TEMPORALITY_DELTA
                                                        : COTEL_TEMPORALITY_CUMULATIVE};
    head.name.data = take_text(input, MOST_TEXT, &head.name.size);
    head.unit.data = take_text(input, MOST_TEXT, &head.unit.size);
    head.description.data = take_text(input, MOST_TEXT, &head.description.size);
    if (!cotel_metric_writer_metric(writer, &head))
        return;
    for (uint8_t points = take_byte(input) % MOST_POINTS; points > 0; points--)
        write_point(input, writer);
}

/* ---- what is expected ---------------------------------------------------------------------- */

/* The rest of a line. */
struct rest {
    const char *at;
    const char *end;
};

static bool take_char(struct rest *rest, char c)
{
    if (rest->at == rest->end || *rest->at != c)
        return false;
    rest->at++;
    return true;
}

static bool take_literal(struct rest *rest, const char *text)
{
    size_t size = strlen(text);
    if ((size_t)(rest->end - rest->at) < size || memcmp(rest->at, text, size) != 0)
        return false;
    rest->at += size;
    return true;
}

/* Text in quotes; nothing in it may need an escape that it does not have. */
static bool take_quoted(struct rest *rest)
{
    if (!take_char(rest, '"'))
        return false;
    while (rest->at < rest->end && *rest->at != '"')
        if (take_char(rest, '\\'))
            MUST(take_char(rest, '\\') || take_char(rest, '"') || take_char(rest, 'n'));
        else
            rest->at++;
    return take_char(rest, '"');
}

static bool take_plain(struct rest *rest, bool is_metric)
{
    const char *begin = rest->at;
    while (rest->at < rest->end &&
           (*rest->at == '_' || (*rest->at >= '0' && *rest->at <= '9' && rest->at > begin) ||
            (*rest->at >= 'a' && *rest->at <= 'z') || (*rest->at >= 'A' && *rest->at <= 'Z') ||
            (is_metric && *rest->at == ':')))
        rest->at++;
    return rest->at > begin;
}

static void must_take_labels(struct rest *rest)
{
    while (!take_char(rest, '}')) {
        MUST(take_quoted(rest) || take_plain(rest, false));
        if (take_char(rest, '=')) /* without: the name of the metric */
            MUST(take_quoted(rest));
        (void)take_char(rest, ',');
    }
}

static void must_take_number(struct rest *rest)
{
    char *end = NULL;
    MUST(rest->at < rest->end && (*rest->at == '-' || *rest->at == '+' || *rest->at == 'N' ||
                                  (*rest->at >= '0' && *rest->at <= '9')));
    (void)strtod(rest->at, &end); /* the text ends with a NUL */
    MUST(end > rest->at && end <= rest->end);
    rest->at = end;
}

static void must_be_sample(struct rest rest, bool is_openmetrics)
{
    (void)take_plain(&rest, true);
    if (take_char(&rest, '{'))
        must_take_labels(&rest);
    MUST(take_char(&rest, ' '));
    must_take_number(&rest);
    if (rest.at < rest.end) {
        MUST(is_openmetrics && take_literal(&rest, " # {"));
        must_take_labels(&rest);
        MUST(take_char(&rest, ' '));
        must_take_number(&rest);
        if (take_char(&rest, ' '))
            must_take_number(&rest);
    }
    MUST(rest.at == rest.end);
}

/* Names of families, in order. */
struct types {
    cotel_str names[MOST_TYPES];
    size_t count;
};

static void must_be_comment(struct rest rest, struct types *types)
{
    bool is_type = take_literal(&rest, "TYPE ");
    MUST(is_type || take_literal(&rest, "HELP ") || take_literal(&rest, "UNIT "));
    const char *name = rest.at;
    MUST(take_quoted(&rest) || take_plain(&rest, true));
    cotel_str found = cotel_str_n(name, (size_t)(rest.at - name));
    MUST(take_char(&rest, ' '));
    for (size_t i = 0; is_type && i < types->count; i++)
        MUST(types->names[i].size != found.size ||
             memcmp(types->names[i].data, found.data, found.size) != 0);
    if (is_type && types->count < MOST_TYPES)
        types->names[types->count++] = found;
}

static void must_be_exposition(const struct ct_prom_text *text, bool is_openmetrics)
{
    struct types types = {.count = 0};
    const char *at = text->data, *end = text->data + text->size - 1; /* before the NUL */
    bool is_ended = false;
    while (at < end) {
        MUST(!is_ended);
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        MUST(line_end);
        struct rest rest = {at, line_end};
        is_ended = line_end - at == 5 && memcmp(at, "# EOF", 5) == 0;
        if (!is_ended && take_literal(&rest, "# "))
            must_be_comment(rest, &types);
        else if (!is_ended)
            must_be_sample(rest, is_openmetrics);
        at = line_end + 1;
    }
    MUST(is_ended == is_openmetrics);
}

/* ---- both ---------------------------------------------------------------------------------- */

static struct ct_metric_batches take_batches(struct input *input)
{
    const struct ct_metric_writer_options options = {.resource = NULL};
    struct ct_metric_batches batches = {NULL, 0};
    cotel_metric_writer *writer = ct_metric_writer_create(&options);
    MUST(writer);
    for (uint8_t metrics = take_byte(input) % MOST_METRICS; metrics > 0; metrics--)
        write_metric(input, writer);
    ct_metric_writer_finish(writer, &batches);
    ct_metric_writer_destroy(writer);
    return batches;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint8_t how = take_byte(&input);
    const struct ct_prom_settings settings = {
        .translation = (cotel_prometheus_translation)(how & 3), .scope_labels = how & 32};
    cotel_prometheus_format format =
        how & 16 ? COTEL_PROMETHEUS_OPENMETRICS : COTEL_PROMETHEUS_TEXT;
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&settings);
    struct ct_prom_text text = {NULL, 0, 0, false};
    MUST(renderer);
    for (int round = 0; round < 2; round++) {
        struct ct_metric_batches batches = take_batches(&input);
        MUST(ct_prom_render(renderer, batches.count > 0 ? batches.items[0] : NULL, NULL, format,
                            (cotel_prometheus_escaping)(how >> 2 & 3), &text));
        ct_prom_text_putc(&text, '\0');
        must_be_exposition(&text, format == COTEL_PROMETHEUS_OPENMETRICS);
        ct_metric_batches_fini(&batches);
    }
    ct_prom_text_fini(&text);
    ct_prom_renderer_destroy(renderer);
    return 0;
}
