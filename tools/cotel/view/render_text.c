/* SPDX-License-Identifier: Apache-2.0 */
/* Three columns: the tree with durations, the service, and what is worth a word: tokens of a
 * language model, and errors. Widths fit the widest row, so each row is measured by printing it to
 * nowhere first. */
#include "view/render_text.h"

#include "view/duration.h"
#include "view/text.h"
#include "view/tree.h"

#include <stdlib.h>
#include <string.h>

enum {
    TREE_MIN_COLUMNS = 42,
    SERVICE_MIN_COLUMNS = 10,
    GAP_COLUMNS = 2,
    NAME_MAX_COLUMNS = 60,
    SERVICE_MAX_COLUMNS = 32,
    ERROR_MAX_COLUMNS = 100,
    MAX_DRAWN_DEPTH = 32, /* deeper rows stand here too, with a mark */
    MAX_NAMED_SERVICES = 64
};

#define GUIDE_OPEN "\xE2\x94\x82   "             /* │    */
#define GUIDE_BRANCH "\xE2\x94\x9C\xE2\x94\x80 " /* ├─ */
#define GUIDE_LAST "\xE2\x94\x94\xE2\x94\x80 "   /* └─ */
#define DEEPER "\xE2\x8B\xAF "                   /* ⋯ */
#define CROSS "\xE2\x9C\x97"                     /* ✗ */

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define RED_BOLD "\033[1;31m"
#define PLAIN "\033[0m"

static const char *const service_colours[] = {"\033[36m", "\033[35m", "\033[33m",
                                              "\033[34m", "\033[32m", "\033[96m"};

struct renderer {
    FILE *out;
    bool colours;
    const struct ct_trace *trace;
    struct ct_tree tree;
    bool open[MAX_DRAWN_DEPTH + 1]; /* does a row of that depth still follow? */
    size_t tree_columns;
    size_t service_columns;
    struct ct_text services[MAX_NAMED_SERVICES]; /* in the order of their first row */
    size_t service_count;
};

static void begin_style(const struct renderer *renderer, FILE *out, const char *style)
{
    if (renderer->colours && out)
        fputs(style, out);
}

static void end_style(const struct renderer *renderer, FILE *out)
{
    begin_style(renderer, out, PLAIN);
}

static size_t print_guide(FILE *out, const char *guide, size_t columns)
{
    if (out)
        fputs(guide, out);
    return columns;
}

static size_t print_guides(const struct renderer *renderer, FILE *out, const struct ct_row *row)
{
    size_t depth = row->depth < MAX_DRAWN_DEPTH ? row->depth : MAX_DRAWN_DEPTH;
    size_t columns = 0;

    if (depth == 0)
        return 0;
    begin_style(renderer, out, DIM);
    columns += print_guide(out, "  ", 2);
    for (size_t level = 1; level < depth; level++)
        columns += print_guide(out, renderer->open[level] ? GUIDE_OPEN : "    ", 4);
    columns += print_guide(out, row->is_last ? GUIDE_LAST : GUIDE_BRANCH, 3);
    if (row->depth > MAX_DRAWN_DEPTH)
        columns += print_guide(out, DEEPER, 2);
    end_style(renderer, out);
    return columns;
}

static bool is_error(const struct ct_span *span)
{
    return span->status == CT_SPAN_ERROR;
}

static size_t print_duration(const struct renderer *renderer, FILE *out, const struct ct_span *span)
{
    char duration[CT_DURATION_SIZE];

    ct_duration_format(duration, span->start_unix_ns, span->end_unix_ns);
    begin_style(renderer, out, DIM);
    if (out)
        fprintf(out, " (%s)", duration);
    end_style(renderer, out);
    return strlen(" ()") + ct_text_print(NULL, ct_text_of(duration), CT_DURATION_SIZE);
}

static size_t print_tree_column(const struct renderer *renderer, FILE *out,
                                const struct ct_row *row)
{
    size_t columns = print_guides(renderer, out, row);

    begin_style(renderer, out, is_error(row->span) ? RED_BOLD : BOLD);
    columns += row->span->name.size ? ct_text_print(out, row->span->name, NAME_MAX_COLUMNS)
                                    : ct_text_print(out, ct_text_of("(no name)"), NAME_MAX_COLUMNS);
    end_style(renderer, out);
    return columns + print_duration(renderer, out, row->span);
}

/* Which services there are decides their colours: the first few rows of a trace all differ. */
static size_t service_number(struct renderer *renderer, struct ct_text service)
{
    size_t i = 0;

    for (; i < renderer->service_count; i++)
        if (renderer->services[i].size == service.size &&
            memcmp(renderer->services[i].data, service.data, service.size) == 0)
            return i;
    if (i < MAX_NAMED_SERVICES)
        renderer->services[renderer->service_count++] = service;
    return i;
}

static size_t print_service(struct renderer *renderer, FILE *out, struct ct_text service)
{
    size_t colours = sizeof(service_colours) / sizeof(service_colours[0]);

    if (service.size == 0)
        return 0;
    begin_style(renderer, out, service_colours[service_number(renderer, service) % colours]);
    size_t columns = ct_text_print(out, service, SERVICE_MAX_COLUMNS);
    end_style(renderer, out);
    return columns;
}

static const struct ct_value *find_of_kind(const struct ct_attributes *attributes, const char *key,
                                           enum ct_value_kind kind)
{
    const struct ct_value *value = ct_attributes_find(attributes, key);
    return value && value->kind == kind ? value : NULL;
}

static const struct ct_value *tokens(const struct ct_span *span, bool in)
{
    return find_of_kind(&span->attributes,
                        in ? "gen_ai.usage.input_tokens" : "gen_ai.usage.output_tokens",
                        CT_VALUE_INT);
}

static void print_tokens(const struct renderer *renderer, const struct ct_span *span)
{
    const struct ct_value *in = tokens(span, true);
    const struct ct_value *out = tokens(span, false);

    if (in)
        fprintf(renderer->out, "in %lld ", (long long)in->as.integer);
    if (out)
        fprintf(renderer->out, "out %lld ", (long long)out->as.integer);
    fputs("tokens", renderer->out);
}

/* The status's own words, else those of the last exception, else the error's type. */
static struct ct_text error_words(const struct ct_span *span)
{
    const struct ct_value *words = NULL;

    if (span->status_message.size)
        return span->status_message;
    for (size_t i = span->event_count; i > 0 && !words; i--) {
        const struct ct_attributes *attributes = &span->events[i - 1].attributes;
        words = find_of_kind(attributes, "exception.message", CT_VALUE_TEXT);
        if (!words)
            words = find_of_kind(attributes, "exception.type", CT_VALUE_TEXT);
    }
    if (!words)
        words = find_of_kind(&span->attributes, "error.type", CT_VALUE_TEXT);
    return words ? words->as.text : (struct ct_text){0};
}

static void print_error(const struct renderer *renderer, const struct ct_span *span)
{
    struct ct_text words = error_words(span);

    begin_style(renderer, renderer->out, RED);
    fputs(renderer->colours && words.size ? CROSS : CROSS " ERROR", renderer->out);
    if (words.size) {
        fputc(' ', renderer->out);
        ct_text_print(renderer->out, words, ERROR_MAX_COLUMNS);
    }
    end_style(renderer, renderer->out);
}

static bool has_tokens(const struct ct_span *span)
{
    return tokens(span, true) || tokens(span, false);
}

static void pad(FILE *out, size_t from, size_t to)
{
    if (from < to)
        fprintf(out, "%*s", (int)(to - from), "");
}

static void print_span(struct renderer *renderer, const struct ct_row *row)
{
    const struct ct_span *span = row->span;
    bool has_details = has_tokens(span) || is_error(span);

    size_t columns = print_tree_column(renderer, renderer->out, row);
    if (span->origin->service.size || has_details) {
        pad(renderer->out, columns, renderer->tree_columns + GAP_COLUMNS);
        columns = print_service(renderer, renderer->out, span->origin->service);
    }
    if (has_details)
        pad(renderer->out, columns, renderer->service_columns + GAP_COLUMNS);
    if (has_tokens(span))
        print_tokens(renderer, span);
    if (has_tokens(span) && is_error(span))
        fputs("  ", renderer->out);
    if (is_error(span))
        print_error(renderer, span);
    fputc('\n', renderer->out);
}

static void print_note(const struct renderer *renderer, const struct ct_row *row)
{
    begin_style(renderer, renderer->out, DIM);
    if (row->kind == CT_ROW_PARENT_MISSING) {
        fputs("(parent ", renderer->out);
        for (size_t i = 0; i < CT_SPAN_ID_SIZE; i++)
            fprintf(renderer->out, "%02x", row->span->parent_span_id[i]);
        fputs(" has not come)", renderer->out);
    } else {
        fputs("(these name each other as parents)", renderer->out);
    }
    end_style(renderer, renderer->out);
    fputc('\n', renderer->out);
}

static void print_row(struct renderer *renderer, const struct ct_row *row)
{
    if (row->kind == CT_ROW_SPAN)
        print_span(renderer, row);
    else
        print_note(renderer, row);
    if (row->depth <= MAX_DRAWN_DEPTH)
        renderer->open[row->depth] = !row->is_last;
}

/* Only a service with something behind it needs its column to be wide. */
static void measure(struct renderer *renderer)
{
    renderer->tree_columns = TREE_MIN_COLUMNS;
    renderer->service_columns = SERVICE_MIN_COLUMNS;

    for (size_t i = 0; i < renderer->tree.count; i++) {
        const struct ct_row *row = &renderer->tree.rows[i];
        if (row->kind != CT_ROW_SPAN)
            continue;
        size_t columns = print_tree_column(renderer, NULL, row);
        if (columns > renderer->tree_columns)
            renderer->tree_columns = columns;
        columns = print_service(renderer, NULL, row->span->origin->service);
        if (columns > renderer->service_columns && (has_tokens(row->span) || is_error(row->span)))
            renderer->service_columns = columns;
    }
}

static void print_count(FILE *out, size_t count, const char *or_more, const char *noun)
{
    fprintf(out, "%zu%s %s%s", count, or_more, noun, count == 1 ? "" : "s");
}

static void print_heading(const struct renderer *renderer)
{
    FILE *out = renderer->out;
    const struct ct_trace *trace = renderer->trace;

    begin_style(renderer, out, DIM);
    fputs("trace ", out);
    for (size_t i = 0; i < CT_TRACE_ID_SIZE; i++)
        fprintf(out, "%02x", trace->id[i]);
    fputs("  ", out);
    print_count(out, trace->spans.count, "", "span");
    fputs(", ", out);
    print_count(out, renderer->service_count,
                renderer->service_count == MAX_NAMED_SERVICES ? "+" : "", "service");
    if (trace->spans_shown)
        fprintf(out, ", %zu of them late", trace->spans.count - trace->spans_shown);
    if (trace->duplicates)
        fprintf(out, ", %zu more came twice", trace->duplicates);
    end_style(renderer, out);
    fputc('\n', out);
}

bool ct_render_text(FILE *out, const struct ct_trace *trace, bool colours)
{
    struct renderer renderer = {.out = out, .colours = colours, .trace = trace};

    if (!ct_tree_init(&renderer.tree, &trace->spans))
        return false;
    measure(&renderer);
    print_heading(&renderer);
    for (size_t i = 0; i < renderer.tree.count; i++)
        print_row(&renderer, &renderer.tree.rows[i]);
    fputc('\n', out);
    ct_tree_fini(&renderer.tree);
    return true;
}
