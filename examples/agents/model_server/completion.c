/* SPDX-License-Identifier: Apache-2.0 */
#include "model_server/completion.h"
#include "model_server/compose.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES_A_TOKEN 4
#define EVENT_WORDS 6

/* Roughly what tokenizers make of English. */
static json_int_t count_tokens(size_t bytes)
{
    return (json_int_t)((bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN);
}

/* FNV-1a: the same prompt gets the same id. */
static uint64_t hash(const char *text)
{
    uint64_t value = 0xcbf29ce484222325u;
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 0x100000001b3u;
    return value;
}

static const char *content_of(const json_t *message)
{
    const char *content = json_string_value(json_object_get(message, "content"));
    return content ? content : "";
}

bool completion_make(const json_t *request, struct completion *completion)
{
    const json_t *messages = json_object_get(request, "messages");
    const char *model = json_string_value(json_object_get(request, "model"));
    if (!model || json_array_size(messages) == 0)
        return false;

    size_t index;
    json_t *message;
    size_t bytes = 0;
    json_array_foreach(messages, index, message) bytes += strlen(content_of(message));

    const char *prompt = content_of(json_array_get(messages, json_array_size(messages) - 1));
    *completion = (struct completion){.text = compose(prompt), .created = (long long)time(NULL)};
    if (!completion->text)
        return false;
    snprintf(completion->id, sizeof completion->id, "chatcmpl-%016llx",
             (unsigned long long)hash(prompt));
    snprintf(completion->model, sizeof completion->model, "%s-stand-in", model);
    completion->prompt_tokens = count_tokens(bytes);
    completion->completion_tokens = count_tokens(strlen(completion->text));
    return true;
}

void completion_fini(struct completion *completion)
{
    free(completion->text);
    completion->text = NULL;
}

static char *dump(json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    json_decref(value);
    return text;
}

static json_t *usage(const struct completion *completion)
{
    return json_pack("{s:I, s:I, s:I}", "prompt_tokens", completion->prompt_tokens,
                     "completion_tokens", completion->completion_tokens, "total_tokens",
                     completion->prompt_tokens + completion->completion_tokens);
}

char *completion_to_json(const struct completion *completion)
{
    json_t *choice = json_pack("{s:i, s:{s:s, s:s}, s:s}", "index", 0, "message", "role",
                               "assistant", "content", completion->text, "finish_reason", "stop");
    return dump(json_pack("{s:s, s:s, s:I, s:s, s:[o], s:o}", "id", completion->id, "object",
                          "chat.completion", "created", (json_int_t)completion->created, "model",
                          completion->model, "choices", choice, "usage", usage(completion)));
}

/* ---- in pieces ---------------------------------------------------------------------------- */

/* `choices` and `usage` are taken over. */
static void print_event(FILE *out, const struct completion *completion, json_t *choices,
                        json_t *usage_or_null)
{
    char *text =
        dump(json_pack("{s:s, s:s, s:I, s:s, s:o, s:o}", "id", completion->id, "object",
                       "chat.completion.chunk", "created", (json_int_t)completion->created, "model",
                       completion->model, "choices", choices, "usage", usage_or_null));
    fprintf(out, "data: %s\n\n", text ? text : "{}");
    free(text);
}

/* The size of the next few words, spaces included. */
static size_t piece_size(const char *text)
{
    size_t size = 0;
    for (int words = 0; words < EVENT_WORDS && text[size]; words++) {
        size += strcspn(text + size, " \n");
        size += strspn(text + size, " \n");
    }
    return size;
}

static void print_pieces(FILE *out, const struct completion *completion)
{
    for (const char *at = completion->text; *at;) {
        size_t size = piece_size(at);
        json_t *choices = json_pack("[{s:i, s:{s:s%}, s:n}]", "index", 0, "delta", "content", at,
                                    size, "finish_reason");
        print_event(out, completion, choices, json_null());
        at += size;
    }
}

char *completion_to_events(const struct completion *completion)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    print_pieces(out, completion);
    json_t *last = json_pack("[{s:i, s:{}, s:s}]", "index", 0, "delta", "finish_reason", "stop");
    print_event(out, completion, last, json_null());
    print_event(out, completion, json_array(), usage(completion));
    fputs("data: [DONE]\n\n", out);
    fclose(out);
    return text;
}

char *completion_error(const char *type, const char *message)
{
    return dump(json_pack("{s:{s:s, s:s}}", "error", "type", type, "message", message));
}
