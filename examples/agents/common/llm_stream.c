/* SPDX-License-Identifier: Apache-2.0 */
#include "common/llm_stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

bool llm_stream_init(struct llm_stream *stream)
{
    stream->start_ns = now_ns();
    stream->line = open_memstream(&stream->line_text, &stream->line_size);
    stream->content = open_memstream(&stream->content_text, &stream->content_size);
    stream->completion = json_object();
    return stream->line && stream->content && stream->completion;
}

static void keep(json_t *object, const char *key, json_t *value)
{
    if (value && !json_is_null(value))
        json_object_set(object, key, value);
}

static void take_chunk(struct llm_stream *stream, const json_t *chunk)
{
    const json_t *choice = json_array_get(json_object_get(chunk, "choices"), 0);
    const json_t *content = json_object_get(json_object_get(choice, "delta"), "content");
    if (json_is_string(content) && json_string_length(content) > 0) {
        if (stream->first_chunk_ns == 0)
            stream->first_chunk_ns = now_ns();
        fwrite(json_string_value(content), 1, json_string_length(content), stream->content);
    }
    keep(stream->completion, "id", json_object_get(chunk, "id"));
    keep(stream->completion, "model", json_object_get(chunk, "model"));
    keep(stream->completion, "usage", json_object_get(chunk, "usage"));
    keep(stream->completion, "finish_reason", json_object_get(choice, "finish_reason"));
}

static void take_line(struct llm_stream *stream)
{
    static const char field[] = "data: ";
    fflush(stream->line);
    if (strncmp(stream->line_text, field, sizeof field - 1) == 0) {
        json_t *chunk = json_loads(stream->line_text + sizeof field - 1, 0, NULL);
        take_chunk(stream, chunk); /* NULL for [DONE], and then nothing happens */
        json_decref(chunk);
    }
    rewind(stream->line);
}

void llm_stream_feed(struct llm_stream *stream, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n') {
            putc(data[i], stream->line);
            continue;
        }
        putc('\0', stream->line);
        take_line(stream);
    }
}

json_t *llm_stream_finish(struct llm_stream *stream, double *first_chunk_s)
{
    if (stream->first_chunk_ns == 0)
        return NULL;
    *first_chunk_s = (double)(stream->first_chunk_ns - stream->start_ns) / 1e9;
    fflush(stream->content);
    json_t *reason = json_object_get(stream->completion, "finish_reason");
    json_t *choice = json_pack("{s:{s:s%}, s:O?}", "message", "content", stream->content_text,
                               stream->content_size, "finish_reason", reason);
    json_object_set_new(stream->completion, "choices", json_pack("[o]", choice));
    json_object_del(stream->completion, "finish_reason");
    return json_incref(stream->completion);
}

void llm_stream_fini(struct llm_stream *stream)
{
    if (stream->line)
        fclose(stream->line);
    if (stream->content)
        fclose(stream->content);
    free(stream->line_text);
    free(stream->content_text);
    json_decref(stream->completion);
}
