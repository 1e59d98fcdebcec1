/* SPDX-License-Identifier: Apache-2.0 */
/* Where the formats differ: in OpenMetrics what belongs to a family stands together, and metadata
 * before samples; a name that comes again is an error. In the text format a family may go on later,
 * so each sample's is looked up, unless it is that of the line before. */
#include "metrics/parse.h"

#include "metrics/keys.h"
#include "metrics/lex.h"
#include "metrics/series.h"

#include <string.h>

struct parser {
    struct ct_exposition *exposition;
    struct ct_fault *fault;
    bool is_openmetrics;
    bool is_ended;        /* "# EOF" has come */
    struct ct_keys names; /* of families, as samples or metadata bring them */
    struct ct_series series;
    size_t current; /* the family of the line before; SIZE_MAX: none */
    unsigned told;  /* of the current family: HAS_* */
};

enum { HAS_TYPE = 1, HAS_HELP = 2, HAS_UNIT = 4 };

static struct ct_family *family_at(const struct parser *parser, size_t index)
{
    return &parser->exposition->families[index];
}

/* Makes the family of that name the current one. */
static bool enter(struct parser *parser, struct ct_text name)
{
    size_t fresh = parser->exposition->family_count;
    size_t *index = ct_keys_put(&parser->names, name, fresh);

    if (!index)
        return ct_fault_set(parser->fault, "memory is out");
    if (*index == parser->current)
        return true;
    if (*index != fresh && parser->is_openmetrics)
        return ct_fault_set(parser->fault, "a metric goes on after another one has begun");
    if (*index == fresh && !ct_exposition_add(parser->exposition, name))
        return ct_fault_set(parser->fault, "memory is out");
    parser->current = *index;
    parser->told = 0;
    return true;
}

/* ---- metadata ---- */

static bool tell_once(struct parser *parser, unsigned what)
{
    const struct ct_family *family = family_at(parser, parser->current);

    if (parser->is_openmetrics && family->sample_count > 0)
        return ct_fault_set(parser->fault, "metadata behind samples");
    if ((parser->is_openmetrics || what == HAS_TYPE) && (parser->told & what))
        return ct_fault_set(parser->fault, "metadata that is there twice");
    parser->told |= what;
    return true;
}

/* Each format has names that the other one lacks. */
static bool is_type_of_format(const struct parser *parser, struct ct_text word,
                              enum ct_family_type type)
{
    if (parser->is_openmetrics)
        return !ct_text_equals(word, "untyped");
    return ct_text_equals(word, "untyped") || type == CT_FAMILY_COUNTER ||
           type == CT_FAMILY_GAUGE || type == CT_FAMILY_HISTOGRAM || type == CT_FAMILY_SUMMARY;
}

static bool take_type(struct parser *parser, struct ct_cursor *cursor, struct ct_family *family)
{
    struct ct_text word = ct_lex_word(cursor);

    ct_lex_blanks(cursor);
    if (!ct_family_type_of(word, &family->type) || cursor->at != cursor->end ||
        !is_type_of_format(parser, word, family->type))
        return ct_fault_set(parser->fault, "a type that is none");
    if (family->sample_count > 0)
        return ct_fault_set(parser->fault, "the type comes behind samples");
    return true;
}

static bool take_unit(struct parser *parser, struct ct_cursor *cursor, struct ct_family *family)
{
    family->unit = ct_lex_word(cursor);
    size_t size = family->unit.size, name_size = family->name.size;

    if (cursor->at != cursor->end)
        return ct_fault_set(parser->fault, "a unit with a blank in it");
    if (size == 0 || (name_size > size && family->name.data[name_size - size - 1] == '_' &&
                      memcmp(family->name.data + name_size - size, family->unit.data, size) == 0))
        return true;
    return ct_fault_set(parser->fault, "a unit that the name does not end in");
}

static bool take_metadata(struct parser *parser, struct ct_cursor *cursor, unsigned what)
{
    struct ct_text name;

    if (!ct_lex_metric_name(cursor, &name) || !enter(parser, name) || !tell_once(parser, what))
        return false;
    struct ct_family *family = family_at(parser, parser->current);
    if (!ct_lex_gap(cursor) && (what != HAS_HELP || cursor->at != cursor->end))
        return ct_fault_set(parser->fault, "metadata without a text");
    if (what == HAS_HELP)
        return ct_lex_help(cursor, &family->help);
    return what == HAS_TYPE ? take_type(parser, cursor, family) : take_unit(parser, cursor, family);
}

/* Behind the '#'. Other comments mean nothing in the text format. */
static bool take_comment(struct parser *parser, struct ct_cursor *cursor)
{
    bool has_gap = ct_lex_gap(cursor);
    struct ct_text word = ct_lex_word(cursor);

    if (parser->is_openmetrics && has_gap && ct_text_equals(word, "EOF") &&
        cursor->at == cursor->end) {
        parser->is_ended = true;
        return true;
    }
    unsigned what = ct_text_equals(word, "TYPE")                             ? HAS_TYPE
                    : ct_text_equals(word, "HELP")                           ? HAS_HELP
                    : ct_text_equals(word, "UNIT") && parser->is_openmetrics ? HAS_UNIT
                                                                             : 0;
    bool is_metadata = has_gap && what && ct_lex_gap(cursor);
    if (!is_metadata && parser->is_openmetrics)
        return ct_fault_set(parser->fault, "a comment, which OpenMetrics does not have");
    return !is_metadata || take_metadata(parser, cursor, what);
}

/* ---- samples ---- */

/* The text format knows nothing of these: there they are metrics like any other. */
static bool is_of_openmetrics(struct ct_text suffix)
{
    return ct_text_equals(suffix, "_created") || ct_text_equals(suffix, "_total");
}

static bool belongs(const struct parser *parser, size_t family, struct ct_text suffix)
{
    bool has_suffix = ct_family_has_suffix(family_at(parser, family)->type, suffix);

    if (parser->is_openmetrics)
        return has_suffix;
    return suffix.size == 0 || (has_suffix && !is_of_openmetrics(suffix));
}

/* The family that such a sample is of; SIZE_MAX: there is none. */
static size_t find_family(const struct parser *parser, struct ct_text name)
{
    const char *ending;

    for (size_t i = 0; (ending = ct_suffix_at(i)); i++) {
        size_t size = strlen(ending);
        if (!ct_text_ends_with(name, ending) || name.size == size)
            continue;
        struct ct_text stem = {name.data, name.size - size}, suffix = {name.data + stem.size, size};
        const size_t *index = ct_keys_find(&parser->names, stem);
        if (index && belongs(parser, *index, suffix))
            return *index;
    }
    return SIZE_MAX;
}

/* Mostly it is the family of the line before; a name of its own goes before a suffix, though. */
static bool find_home(struct parser *parser, const struct ct_sample *sample)
{
    if (parser->current != SIZE_MAX && parser->is_openmetrics) {
        const struct ct_family *family = family_at(parser, parser->current);
        struct ct_text suffix = ct_sample_suffix(family, sample);
        if (suffix.data && belongs(parser, parser->current, suffix))
            return true;
    }
    size_t index = find_family(parser, sample->name);
    return enter(parser, index == SIZE_MAX ? sample->name : family_at(parser, index)->name);
}

static bool take_exemplar(struct parser *parser, struct ct_cursor *cursor, struct ct_sample *sample)
{
    struct ct_exemplar *exemplar = ct_arena_alloc(&parser->exposition->arena, sizeof(*exemplar));

    if (!exemplar)
        return ct_fault_set(parser->fault, "memory is out");
    if (!ct_lex_gap(cursor) || cursor->at == cursor->end || *cursor->at != '{')
        return ct_fault_set(parser->fault, "an exemplar without labels");
    if (!ct_lex_labels(cursor, &exemplar->labels, NULL))
        return false;
    if (!ct_lex_gap(cursor) || !ct_lex_number(cursor, &exemplar->value))
        return ct_fault_set(parser->fault, "an exemplar without a number");
    if (ct_lex_gap(cursor) && !ct_lex_time(cursor, &exemplar->time))
        return false;
    sample->exemplar = exemplar;
    return true;
}

/* Time and exemplar, both of which may be missing. */
static bool take_tail(struct parser *parser, struct ct_cursor *cursor, struct ct_sample *sample)
{
    while (ct_lex_gap(cursor) && (cursor->at < cursor->end || parser->is_openmetrics)) {
        bool is_exemplar = parser->is_openmetrics && ct_lex_take(cursor, '#');
        if (sample->exemplar || (sample->time.is_known && !is_exemplar))
            return ct_fault_set(parser->fault, "more behind the number than belongs there");
        if (!(is_exemplar ? take_exemplar(parser, cursor, sample)
                          : ct_lex_time(cursor, &sample->time)))
            return false;
    }
    return cursor->at == cursor->end || ct_fault_set(parser->fault, "more behind the number");
}

static bool parse_sample(struct parser *parser, struct ct_cursor *cursor, struct ct_sample *sample)
{
    bool is_named = cursor->at < cursor->end && *cursor->at != '{';

    if (is_named && !ct_lex_metric_name(cursor, &sample->name))
        return false;
    ct_lex_blanks(cursor);
    bool has_labels = cursor->at < cursor->end && *cursor->at == '{';
    if (has_labels && !ct_lex_labels(cursor, &sample->labels, is_named ? NULL : &sample->name))
        return false;
    if (!sample->name.data)
        return ct_fault_set(parser->fault, "labels without a name of a metric");
    bool has_gap = ct_lex_gap(cursor) || cursor->at[-1] == ' ' || cursor->at[-1] == '\t';
    if (!has_gap && !(has_labels && !parser->is_openmetrics))
        return ct_fault_set(parser->fault, "no blank before the number");
    return ct_lex_number(cursor, &sample->value) && take_tail(parser, cursor, sample);
}

static bool take_sample(struct parser *parser, struct ct_cursor *cursor)
{
    struct ct_sample sample = {0};

    if (!parse_sample(parser, cursor, &sample) || !find_home(parser, &sample))
        return false;
    struct ct_family *family = family_at(parser, parser->current);
    if (parser->is_openmetrics &&
        !ct_family_has_suffix(family->type, ct_sample_suffix(family, &sample)))
        return ct_fault_set(parser->fault, "a sample that its metric's type does not have");
    return ct_series_check(&parser->series, parser->exposition, family, &sample, parser->fault) &&
           ct_family_add(parser->exposition, family, &sample, parser->fault);
}

/* ---- lines ---- */

static bool take_line(struct parser *parser, struct ct_cursor *cursor)
{
    if (parser->is_ended)
        return ct_fault_set(parser->fault, "a line behind # EOF");
    ct_lex_blanks(cursor);
    if (cursor->at == cursor->end)
        return !parser->is_openmetrics || ct_fault_set(parser->fault, "an empty line");
    if (ct_lex_take(cursor, '#'))
        return take_comment(parser, cursor);
    return take_sample(parser, cursor);
}

static bool take_lines(struct parser *parser, struct ct_text text)
{
    const char *end = text.data + text.size;

    for (const char *at = text.data; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        struct ct_cursor cursor = {.at = at,
                                   .end = line_end ? line_end : end,
                                   .is_openmetrics = parser->is_openmetrics,
                                   .exposition = parser->exposition,
                                   .fault = parser->fault};
        parser->fault->line++;
        if (!take_line(parser, &cursor))
            return false;
        at = line_end ? line_end + 1 : end;
    }
    parser->fault->line++;
    if (parser->is_openmetrics && !parser->is_ended)
        return ct_fault_set(parser->fault, "# EOF is missing: this is not all");
    return true;
}

/* Counters of the text format are called by what their samples are called. */
static void rename_counters(struct parser *parser)
{
    for (size_t i = 0; i < parser->exposition->family_count; i++) {
        struct ct_family *family = family_at(parser, i);
        struct ct_text stem = family->name;
        if (family->type != CT_FAMILY_COUNTER || !ct_text_ends_with(stem, "_total"))
            continue;
        stem.size -= strlen("_total");
        if (stem.size > 0 && !ct_keys_find(&parser->names, stem))
            family->name = stem;
    }
}

enum ct_text_format ct_text_format_of(struct ct_text text)
{
    while (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    return ct_text_equals(text, "# EOF") || ct_text_ends_with(text, "\n# EOF") ? CT_TEXT_OPENMETRICS
                                                                               : CT_TEXT_PROMETHEUS;
}

bool ct_parse(struct ct_text text, enum ct_text_format format, struct ct_exposition *exposition,
              struct ct_fault *fault)
{
    struct parser parser = {.exposition = exposition,
                            .fault = fault,
                            .is_openmetrics = format == CT_TEXT_OPENMETRICS,
                            .current = SIZE_MAX};

    *fault = (struct ct_fault){0};
    bool is_whole = take_lines(&parser, text);
    if (!parser.is_openmetrics)
        rename_counters(&parser);
    ct_keys_fini(&parser.names);
    ct_series_fini(&parser.series);
    return is_whole;
}
