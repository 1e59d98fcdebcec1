/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/strategy.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The parts of an answer; NULL: not there. */
struct parts {
    json_t *probabilistic;
    json_t *rate_limiting;
    json_t *per_operation;
    bool means_rate_limiting; /* by strategyType */
};

static const char no_memory[] = "memory is out for the answer";
static const char no_object[] = "a part of the answer is no JSON object";

/* A member that is an object, or nothing. False: it is something else. */
static bool get_object(const json_t *parent, const char *name, json_t **out)
{
    json_t *member = json_object_get(parent, name);
    *out = json_is_object(member) ? member : NULL;
    return *out != NULL || member == NULL || json_is_null(member);
}

/* A member between 0 and `most`; 0 when it is not there. False: it is something else. */
static bool get_number(const json_t *parent, const char *name, double most, double *out)
{
    const json_t *member = json_object_get(parent, name);
    *out = json_number_value(member); /* 0 for what is no number */
    if (member != NULL && !json_is_null(member) && !json_is_number(member))
        return false;
    return *out >= 0 && *out <= most;
}

/* The enum's name or its number. */
static bool read_type(const json_t *root, bool *means_rate_limiting)
{
    const json_t *type = json_object_get(root, "strategyType");
    *means_rate_limiting = false;
    if (type == NULL || json_is_null(type))
        return true;
    const char *name = json_string_value(type);
    if (name != NULL) {
        *means_rate_limiting = strcmp(name, "RATE_LIMITING") == 0;
        return *means_rate_limiting || strcmp(name, "PROBABILISTIC") == 0;
    }
    json_int_t number = json_integer_value(type);
    *means_rate_limiting = number == 1;
    return json_is_integer(type) && (number == 0 || number == 1);
}

static const char *find_parts(const json_t *root, struct parts *parts)
{
    if (!json_is_object(root))
        return no_object;
    if (!read_type(root, &parts->means_rate_limiting))
        return "the answer's strategyType is not known";
    if (!get_object(root, "probabilisticSampling", &parts->probabilistic) ||
        !get_object(root, "rateLimitingSampling", &parts->rate_limiting) ||
        !get_object(root, "operationSampling", &parts->per_operation))
        return no_object;
    return NULL;
}

static const char *read_probabilistic(struct ct_jaeger_strategy *strategy, const json_t *part)
{
    strategy->kind = CT_JAEGER_PROBABILISTIC;
    return get_number(part, "samplingRate", 1, &strategy->ratio)
               ? NULL
               : "the answer's samplingRate is not between 0 and 1";
}

static const char *read_rate_limiting(struct ct_jaeger_strategy *strategy, const json_t *part)
{
    strategy->kind = CT_JAEGER_RATE_LIMITING;
    return get_number(part, "maxTracesPerSecond", INT32_MAX, &strategy->per_second)
               ? NULL
               : "the answer's maxTracesPerSecond is out of range";
}

static const char *read_operation(struct ct_jaeger_operation *operation, const json_t *item)
{
    json_t *part;
    const json_t *name = json_object_get(item, "operation");
    if (!json_is_string(name))
        return "an operation of the answer has no name";
    if (!get_object(item, "probabilisticSampling", &part) || part == NULL)
        return "an operation of the answer has no strategy";
    if (!get_number(part, "samplingRate", 1, &operation->ratio))
        return "an operation's samplingRate is not between 0 and 1";
    operation->name = json_string_value(name);
    operation->name_size = json_string_length(name);
    return NULL;
}

static const char *read_operations(struct ct_jaeger_strategy *strategy, const json_t *list,
                                   size_t max_operations)
{
    if (list != NULL && !json_is_null(list) && !json_is_array(list))
        return "the answer's perOperationStrategies is no list";
    size_t all = json_array_size(list); /* 0 for what is no array */
    size_t count = all < max_operations ? all : max_operations;
    strategy->left_out = all - count;
    if (count == 0)
        return NULL;
    strategy->operations = calloc(count, sizeof *strategy->operations);
    if (strategy->operations == NULL)
        return no_memory;
    strategy->operation_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *wrong = read_operation(&strategy->operations[i], json_array_get(list, i));
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static const char *read_per_operation(struct ct_jaeger_strategy *strategy, const json_t *part,
                                      size_t max_operations)
{
    strategy->kind = CT_JAEGER_PER_OPERATION;
    if (!get_number(part, "defaultSamplingProbability", 1, &strategy->ratio))
        return "the answer's defaultSamplingProbability is not between 0 and 1";
    if (!get_number(part, "defaultLowerBoundTracesPerSecond", INT32_MAX, &strategy->per_second))
        return "the answer's defaultLowerBoundTracesPerSecond is out of range";
    return read_operations(strategy, json_object_get(part, "perOperationStrategies"),
                           max_operations);
}

static const char *read_document(struct ct_jaeger_strategy *strategy, size_t max_operations)
{
    struct parts parts;
    const char *wrong = find_parts(strategy->document, &parts);
    if (wrong != NULL)
        return wrong;
    if (parts.per_operation != NULL)
        return read_per_operation(strategy, parts.per_operation, max_operations);
    if (parts.rate_limiting != NULL && (parts.means_rate_limiting || parts.probabilistic == NULL))
        return read_rate_limiting(strategy, parts.rate_limiting);
    if (parts.probabilistic != NULL)
        return read_probabilistic(strategy, parts.probabilistic);
    return "the answer has no strategy";
}

const char *ct_jaeger_strategy_read(struct ct_jaeger_strategy *strategy, const char *json,
                                    size_t size, size_t max_operations)
{
    json_error_t error;
    *strategy = (struct ct_jaeger_strategy){.document = json_loadb(json, size, 0, &error)};
    if (strategy->document == NULL)
        return json_error_code(&error) == json_error_out_of_memory ? no_memory
                                                                   : "the answer is not JSON";
    const char *wrong = read_document(strategy, max_operations);
    if (wrong != NULL)
        ct_jaeger_strategy_fini(strategy);
    return wrong;
}

void ct_jaeger_strategy_fini(struct ct_jaeger_strategy *strategy)
{
    free(strategy->operations);
    json_decref(strategy->document);
    *strategy = (struct ct_jaeger_strategy){.document = NULL};
}
