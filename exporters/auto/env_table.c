/* SPDX-License-Identifier: Apache-2.0 */
#include "env_table.h"

#include <stdlib.h>

#include "env_parse.h"

enum kind {
    TEXT,            /* const char *: taken as it is */
    BOOL,            /* bool */
    NUMBER,          /* uint32_t */
    OPTIONAL_NUMBER, /* struct ct_env_number */
    WORD,            /* int: the value of one of `words` */
    UNSUPPORTED      /* nothing reads it; any value but the first word is told */
};

struct word {
    const char *text; /* NULL ends the list */
    int value;
};

static const struct word samplers[] = {
    {"always_on", CT_ENV_ALWAYS_ON},
    {"always_off", CT_ENV_ALWAYS_OFF},
    {"traceidratio", CT_ENV_TRACE_ID_RATIO},
    {"parentbased_always_on", CT_ENV_PARENT_ALWAYS_ON},
    {"parentbased_always_off", CT_ENV_PARENT_ALWAYS_OFF},
    {"parentbased_traceidratio", CT_ENV_PARENT_TRACE_ID_RATIO},
    {NULL, 0},
};

static const struct word log_levels[] = {
    {"none", 0},
    {"error", COTEL_LOG_ERROR},
    {"warn", COTEL_LOG_WARNING},
    {"warning", COTEL_LOG_WARNING},
    {"info", COTEL_LOG_INFO},
    {"debug", COTEL_LOG_DEBUG},
    {NULL, 0},
};

static const struct word protocols[] = {{"http/protobuf", 0}, {NULL, 0}};
static const struct word propagators[] = {{"tracecontext", 0}, {NULL, 0}};
static const struct word compressions[] = {{"none", 0}, {NULL, 0}};
static const struct word nothing[] = {{NULL, 0}};

struct variable {
    const char *name;
    enum kind kind;
    uint32_t least;           /* of NUMBER */
    size_t offset;            /* in struct ct_env */
    int64_t preset;           /* of BOOL, NUMBER and WORD */
    const struct word *words; /* of WORD and UNSUPPORTED */
};

#define TO(member) .offset = offsetof(struct ct_env, member)

static const struct variable variables[] = {
    {"OTEL_SDK_DISABLED", BOOL, TO(sdk_disabled), .preset = false},
    {"OTEL_LOG_LEVEL", WORD, TO(log_level), .preset = -1, .words = log_levels},
    {"OTEL_TRACES_EXPORTER", TEXT, TO(traces_exporter)},
    {"OTEL_TRACES_SAMPLER", WORD, TO(sampler), .preset = CT_ENV_PARENT_ALWAYS_ON,
     .words = samplers},
    {"OTEL_TRACES_SAMPLER_ARG", TEXT, TO(sampler_arg)},

    {"OTEL_BSP_SCHEDULE_DELAY", NUMBER, TO(schedule_delay_ms), .preset = 5000},
    {"OTEL_BSP_EXPORT_TIMEOUT", NUMBER, TO(export_timeout_ms), .preset = 30000},
    {"OTEL_BSP_MAX_QUEUE_SIZE", NUMBER, TO(max_queue_size), .preset = 2048, .least = 1},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", NUMBER, TO(max_export_batch_size), .preset = 512,
     .least = 1},

    {"OTEL_ATTRIBUTE_COUNT_LIMIT", OPTIONAL_NUMBER, TO(attribute_count)},
    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", OPTIONAL_NUMBER, TO(attribute_value_length)},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", OPTIONAL_NUMBER, TO(span_attribute_count)},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", OPTIONAL_NUMBER, TO(span_attribute_value_length)},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", OPTIONAL_NUMBER, TO(event_attribute_count)},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", OPTIONAL_NUMBER, TO(link_attribute_count)},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", NUMBER, TO(event_count), .preset = 128},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", NUMBER, TO(link_count), .preset = 128},

    {"OTEL_EXPORTER_OTLP_ENDPOINT", TEXT, TO(endpoint)},
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", TEXT, TO(traces_endpoint)},
    {"OTEL_EXPORTER_OTLP_HEADERS", TEXT, TO(headers)},
    {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", TEXT, TO(traces_headers)},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", OPTIONAL_NUMBER, TO(timeout_ms)},
    {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", OPTIONAL_NUMBER, TO(traces_timeout_ms)},

    {"OTEL_EXPORTER_OTLP_PROTOCOL", UNSUPPORTED, .words = protocols},
    {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", UNSUPPORTED, .words = protocols},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", UNSUPPORTED, .words = compressions},
    {"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", UNSUPPORTED, .words = compressions},
    {"OTEL_EXPORTER_OTLP_CERTIFICATE", UNSUPPORTED, .words = nothing},
    {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", UNSUPPORTED, .words = nothing},
    {"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", UNSUPPORTED, .words = nothing},
    {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", UNSUPPORTED, .words = nothing},
    {"OTEL_EXPORTER_OTLP_CLIENT_KEY", UNSUPPORTED, .words = nothing},
    {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", UNSUPPORTED, .words = nothing},
    {"OTEL_PROPAGATORS", UNSUPPORTED, .words = propagators},
    {"OTEL_CONFIG_FILE", UNSUPPORTED, .words = nothing},
};

static const struct word *find_word(const struct word *words, cotel_str text)
{
    text = ct_env_trim(text);
    while (words->text && !ct_env_is_word(text, words->text))
        words++;
    return words->text ? words : NULL;
}

static bool parse_bool(cotel_str text, const struct variable *variable, bool *out)
{
    *out = variable->preset;
    return text.size == 0 || ct_env_parse_bool(text, out);
}

static bool parse_number(cotel_str text, const struct variable *variable, uint32_t *out)
{
    uint32_t number;
    *out = (uint32_t)variable->preset;
    if (text.size == 0)
        return true;
    if (!ct_env_parse_number(text, &number) || number < variable->least)
        return false;
    *out = number;
    return true;
}

static bool parse_optional(cotel_str text, struct ct_env_number *out)
{
    *out = (struct ct_env_number){.is_set = false};
    if (text.size == 0)
        return true;
    out->is_set = ct_env_parse_number(text, &out->value);
    return out->is_set;
}

static bool parse_word(cotel_str text, const struct variable *variable, int *out)
{
    *out = (int)variable->preset;
    if (text.size == 0)
        return true;
    const struct word *word = find_word(variable->words, text);
    if (word)
        *out = word->value;
    return word != NULL;
}

/* False when the value cannot be used; the member then has its default. */
static bool parse(const char *value, const struct variable *variable, void *member)
{
    cotel_str text = cotel_str_of(value);
    switch (variable->kind) {
    case TEXT:
        *(const char **)member = text.size ? value : NULL;
        return true;
    case BOOL:
        return parse_bool(text, variable, member);
    case NUMBER:
        return parse_number(text, variable, member);
    case OPTIONAL_NUMBER:
        return parse_optional(text, member);
    case WORD:
        return parse_word(text, variable, member);
    case UNSUPPORTED:
        return text.size == 0 || find_word(variable->words, text);
    }
    return true;
}

static void tell(const struct variable *variable, const char *value)
{
    if (variable->kind == UNSUPPORTED)
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                                 "%s=%s is not supported and is ignored", variable->name, value);
    else
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                                 "%s=%s cannot be used; the default is taken", variable->name,
                                 value);
}

void ct_env_read(struct ct_env *env)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i].name);
        if (!parse(value, &variables[i], (char *)env + variables[i].offset))
            tell(&variables[i], value);
    }
}
