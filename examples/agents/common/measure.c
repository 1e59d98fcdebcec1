/* SPDX-License-Identifier: Apache-2.0 */
#include "common/measure.h"
#include "common/llm.h"

#include <cotel/metrics.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Borrowed for ever; recording through one that is still NULL does nothing. */
static cotel_up_down_counter *work_active;
static cotel_counter *work_done;
static cotel_counter *messages;
static cotel_histogram *token_usage;
static cotel_double_histogram *operation_duration;
static cotel_double_histogram *first_chunk;
static cotel_double_counter *cost;
static cotel_observable *uptime;
static cotel_observable *memory;

/* ---- the process: asked for when somebody looks ------------------------------------------- */

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The second number of the file; 0 when it is not there. */
static long resident_pages(void)
{
    char text[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    char *rest = fgets(text, sizeof text, file) ? strchr(text, ' ') : NULL;
    fclose(file);
    return rest ? strtol(rest, NULL, 10) : 0;
}

static void observe_process(cotel_observer *observer, void *started_s)
{
    double up_s = seconds_of(CLOCK_MONOTONIC) - *(const double *)started_s;
    cotel_observe_double(observer, uptime, up_s, NULL, 0);
    cotel_observe(observer, memory, resident_pages() * sysconf(_SC_PAGESIZE), NULL, 0);
}

/* One callback for both: they are of one moment. */
static void make_process_instruments(cotel_meter *meter)
{
    static double started_s;
    started_s = seconds_of(CLOCK_MONOTONIC);

    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "s";
    options.description = "How long the process has been running";
    uptime = cotel_observable_double_gauge_get(meter, "process.uptime", &options, NULL, NULL);
    options.unit = "By";
    options.description = "The memory that the process has in use";
    memory =
        cotel_observable_up_down_counter_get(meter, "process.memory.usage", &options, NULL, NULL);
    cotel_observable *const both[] = {uptime, memory};
    cotel_observable_add_callback(both, COUNT_OF(both), observe_process, &started_s);
}

/* ---- the model, by the semantic conventions ----------------------------------------------- */

/* The boundaries are the conventions', so that all programs' histograms can be added up. */
static void make_call_instruments(cotel_meter *meter)
{
    static const double tokens[] = {1,     4,     16,     64,      256,     1024,     4096,
                                    16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
    static const double seconds[] = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                     1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};

    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "{token}";
    options.description = "Tokens that the model was given and has given";
    options.boundaries = tokens;
    options.boundary_count = COUNT_OF(tokens);
    token_usage = cotel_histogram_get(meter, "gen_ai.client.token.usage", &options);

    options.unit = "s";
    options.description = "How long a request to the model takes";
    options.boundaries = seconds;
    options.boundary_count = COUNT_OF(seconds);
    operation_duration =
        cotel_double_histogram_get(meter, "gen_ai.client.operation.duration", &options);
    options.description = "How long the first piece of a streamed answer takes";
    first_chunk =
        cotel_double_histogram_get(meter, "gen_ai.client.operation.time_to_first_chunk", &options);
}

static size_t describe(const struct measured_call *call, cotel_attribute *attributes)
{
    size_t count = 0;
    attributes[count++] = cotel_attribute_string("gen_ai.operation.name", "chat");
    attributes[count++] = cotel_attribute_string("gen_ai.provider.name", LLM_PROVIDER);
    attributes[count++] = cotel_attribute_string("gen_ai.request.model", call->model);
    attributes[count++] = cotel_attribute_string("server.address", call->address);
    attributes[count++] = cotel_attribute_int("server.port", call->port);
    if (call->response_model)
        attributes[count++] = cotel_attribute_string("gen_ai.response.model", call->response_model);
    return count;
}

/* In US dollars for a million tokens. What a model costs that is not listed is not known here. */
static const struct price {
    const char *model;
    double input;
    double output;
} prices[] = {{"gpt-4o", 2.50, 10.00}, {"gpt-4o-mini", 0.15, 0.60}};

static void measure_cost(const struct measured_call *call)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.provider.name", LLM_PROVIDER),
        cotel_attribute_string("gen_ai.request.model", call->model),
    };
    for (size_t i = 0; i < COUNT_OF(prices); i++) {
        const struct price *price = &prices[i];
        if (strcmp(price->model, call->model) != 0)
            continue;
        double dollars = ((double)call->input_tokens * price->input +
                          (double)call->output_tokens * price->output) /
                         1e6;
        cotel_double_counter_add(cost, dollars, attributes, COUNT_OF(attributes));
    }
}

void measure_call(const struct measured_call *call)
{
    cotel_attribute attributes[7];
    size_t count = describe(call, attributes);

    if (call->input_tokens >= 0 && call->output_tokens >= 0) {
        attributes[count] = cotel_attribute_string("gen_ai.token.type", "input");
        cotel_histogram_record(token_usage, call->input_tokens, attributes, count + 1);
        attributes[count] = cotel_attribute_string("gen_ai.token.type", "output");
        cotel_histogram_record(token_usage, call->output_tokens, attributes, count + 1);
        measure_cost(call);
    }
    if (call->first_chunk_s > 0)
        cotel_double_histogram_record(first_chunk, call->first_chunk_s, attributes, count);
    if (call->error_type)
        attributes[count++] = cotel_attribute_string("error.type", call->error_type);
    cotel_double_histogram_record(operation_duration, call->duration_s, attributes, count);
}

/* ---- the agents --------------------------------------------------------------------------- */

static void make_work_instruments(cotel_meter *meter)
{
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "{task}";
    options.description = "Pieces of work under way";
    work_active = cotel_up_down_counter_get(meter, "agents.tasks.active", &options);
    options.description = "Pieces of work that came to an end";
    work_done = cotel_counter_get(meter, "agents.tasks", &options);

    options.unit = "{message}";
    options.description = "Messages between agents";
    messages = cotel_counter_get(meter, "agents.messages", &options);

    options.unit = "{USD}";
    options.description = "What the model's tokens cost, in US dollars";
    cost = cotel_double_counter_get(meter, "agents.cost", &options);
}

void measure_work_begin(const char *what)
{
    const cotel_attribute task = cotel_attribute_string("agents.task.kind", what);
    cotel_up_down_counter_add(work_active, 1, &task, 1);
}

void measure_work_end(const char *what, const char *error_type)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("agents.task.kind", what),
        cotel_attribute_string("error.type", error_type ? error_type : ""),
    };
    cotel_up_down_counter_add(work_active, -1, attributes, 1);
    cotel_counter_add(work_done, 1, attributes, error_type ? 2 : 1);
}

void measure_message(const char *kind, bool is_sent)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("agents.message.kind", kind),
        cotel_attribute_string("network.io.direction", is_sent ? "transmit" : "receive"),
    };
    cotel_counter_add(messages, 1, attributes, COUNT_OF(attributes));
}

void measure_start(void)
{
    cotel_meter *meter = cotel_meter_get("agents", NULL);
    make_process_instruments(meter);
    make_call_instruments(meter);
    make_work_instruments(meter);
}
