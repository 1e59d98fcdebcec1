/* SPDX-License-Identifier: Apache-2.0 */
#include "common/llm.h"
#include "common/llm_http.h"
#include "common/measure.h"

#include <cotel/cotel.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_ATTEMPTS 3
#define FIRST_PAUSE_MS 50 /* doubles with each attempt */
#define MAX_TOKENS 1024
#define TEMPERATURE 0.2

static bool is_streaming(void)
{
    const char *value = getenv("LLM_STREAM");
    return value && strcmp(value, "1") == 0;
}

const char *llm_model(void)
{
    const char *model = getenv("LLM_MODEL");
    return model && *model ? model : "gpt-4o";
}

/* ---- what is asked ------------------------------------------------------------------------ */

static char *write_request(const char *instructions, const char *prompt)
{
    json_t *request =
        json_pack("{s:s, s:i, s:f, s:[{s:s, s:s}, {s:s, s:s}]}", "model", llm_model(), "max_tokens",
                  MAX_TOKENS, "temperature", TEMPERATURE, "messages", "role", "system", "content",
                  instructions, "role", "user", "content", prompt);
    if (is_streaming()) {
        json_object_set_new(request, "stream", json_true());
        json_object_set_new(request, "stream_options", json_pack("{s:b}", "include_usage", 1));
    }
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    return text;
}

/* What is known before the request goes out is given at the start: a sampler can use it. */
static cotel_span start_chat(const struct llm_server *server, uint64_t start_ns)
{
    cotel_attribute attributes[10];
    size_t count = 0;
    attributes[count++] = cotel_attribute_string("gen_ai.operation.name", "chat");
    attributes[count++] = cotel_attribute_string("gen_ai.provider.name", LLM_PROVIDER);
    attributes[count++] = cotel_attribute_string("gen_ai.request.model", llm_model());
    attributes[count++] = cotel_attribute_int("gen_ai.request.max_tokens", MAX_TOKENS);
    attributes[count++] = cotel_attribute_double("gen_ai.request.temperature", TEMPERATURE);
    attributes[count++] = cotel_attribute_string("server.address", server->host);
    attributes[count++] = cotel_attribute_int("server.port", server->port);
    if (is_streaming())
        attributes[count++] = cotel_attribute_bool("gen_ai.request.stream", true);

    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    options.start_unix_ns = start_ns;
    options.attributes = attributes;
    options.attribute_count = count;
    char name[128];
    snprintf(name, sizeof name, "chat %s", llm_model());
    return cotel_span_start(cotel_tracer_get("agents.llm", NULL), name, &options);
}

/* ---- what is answered --------------------------------------------------------------------- */

static void record_text(const cotel_span *span, const char *key, const json_t *value)
{
    if (json_is_string(value))
        cotel_span_set_string_n(span, key, strlen(key), json_string_value(value),
                                json_string_length(value));
}

static void record_number(const cotel_span *span, const char *key, const json_t *value)
{
    if (json_is_integer(value))
        cotel_span_set_int(span, key, json_integer_value(value));
}

static void record_reply(const cotel_span *span, const struct llm_reply *reply)
{
    const json_t *usage = json_object_get(reply->completion, "usage");
    const json_t *choice = json_array_get(json_object_get(reply->completion, "choices"), 0);
    const json_t *reason = json_object_get(choice, "finish_reason");

    record_text(span, "gen_ai.response.id", json_object_get(reply->completion, "id"));
    record_text(span, "gen_ai.response.model", json_object_get(reply->completion, "model"));
    record_number(span, "gen_ai.usage.input_tokens", json_object_get(usage, "prompt_tokens"));
    record_number(span, "gen_ai.usage.output_tokens", json_object_get(usage, "completion_tokens"));
    if (json_is_string(reason)) {
        const cotel_str reasons[] = {cotel_str_of(json_string_value(reason))};
        const cotel_attribute attribute = cotel_attribute_of("gen_ai.response.finish_reasons",
                                                             cotel_value_string_array(reasons, 1));
        cotel_span_set_attribute(span, &attribute);
    }
    if (reply->first_chunk_s > 0)
        cotel_span_set_double(span, "gen_ai.response.time_to_first_chunk", reply->first_chunk_s);
}

static int64_t tokens_of(const json_t *usage, const char *key)
{
    const json_t *tokens = json_object_get(usage, key);
    return json_is_integer(tokens) ? json_integer_value(tokens) : -1;
}

static void measure_reply(const struct llm_server *server, const struct llm_reply *reply,
                          double duration_s)
{
    const json_t *usage = json_object_get(reply->completion, "usage");
    const struct measured_call call = {
        .model = llm_model(),
        .response_model = json_string_value(json_object_get(reply->completion, "model")),
        .address = server->host,
        .port = server->port,
        .error_type = reply->error_type,
        .duration_s = duration_s,
        .first_chunk_s = reply->first_chunk_s,
        .input_tokens = tokens_of(usage, "prompt_tokens"),
        .output_tokens = tokens_of(usage, "completion_tokens"),
    };
    measure_call(&call);
}

/* Copies the text out of a completion; NULL when it has none. */
static char *reply_text(const struct llm_reply *reply)
{
    const json_t *choice = json_array_get(json_object_get(reply->completion, "choices"), 0);
    const json_t *content = json_object_get(json_object_get(choice, "message"), "content");
    return json_is_string(content) ? strdup(json_string_value(content)) : NULL;
}

/* ---- one attempt, several attempts -------------------------------------------------------- */

static uint64_t now_unix_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The span is current while the request is made, so that its ids go out with it, and while its
 * metrics are recorded, so that they point to it. Both have one duration. */
static char *attempt(const struct llm_server *server, const char *request, struct llm_reply *reply)
{
    uint64_t start_ns = now_unix_ns();
    cotel_span span = start_chat(server, start_ns);
    cotel_token token = cotel_span_activate(&span);

    llm_http_post(server, request, is_streaming(), reply);
    char *text = reply->error_type ? NULL : reply_text(reply);
    if (!text && !reply->error_type)
        reply->error_type = "malformed_answer";
    record_reply(&span, reply);
    if (!text) {
        cotel_span_set_string(&span, "error.type", reply->error_type);
        cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, reply->error_text);
    }

    uint64_t end_ns = now_unix_ns();
    measure_reply(server, reply, (double)(int64_t)(end_ns - start_ns) / 1e9);
    cotel_context_detach(token);
    cotel_span_end_at(&span, end_ns);
    return text;
}

static void pause_before_attempt(int number)
{
    const struct timespec pause = {.tv_nsec = (FIRST_PAUSE_MS << number) * 1000000L};
    nanosleep(&pause, NULL);
}

char *llm_chat(const char *instructions, const char *prompt, const char **error_type)
{
    struct llm_server server;
    if (!llm_server_from_env(&server)) {
        *error_type = "bad_llm_url";
        return NULL;
    }
    char *request = write_request(instructions, prompt);
    char *text = NULL;
    for (int i = 0; request && !text && i < MAX_ATTEMPTS; i++) {
        struct llm_reply reply = {0};
        text = attempt(&server, request, &reply);
        *error_type = reply.error_type;
        bool again = !text && reply.may_pass && i + 1 < MAX_ATTEMPTS;
        llm_reply_fini(&reply);
        if (!again)
            break;
        pause_before_attempt(i);
    }
    free(request);
    return text;
}
