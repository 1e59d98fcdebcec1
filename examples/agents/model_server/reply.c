/* SPDX-License-Identifier: Apache-2.0 */
#include "model_server/reply.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK_BYTES 4096

void reply_pause(unsigned duration_ms)
{
    struct timespec left = {.tv_sec = duration_ms / 1000,
                            .tv_nsec = (duration_ms % 1000) * 1000000L};
    nanosleep(&left, NULL);
}

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status,
                                     const char *type, struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result reply_json(struct MHD_Connection *connection, unsigned status, char *json)
{
    if (!json)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(json), json, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(json);
    return send_response(connection, status, "application/json", response);
}

/* ---- in pieces ---------------------------------------------------------------------------- */

struct events {
    char *text;
    size_t size;
    unsigned pause_ms; /* before each event */
};

/* The end of the event that holds `position`. */
static size_t event_end(const struct events *events, size_t position)
{
    const char *end = strstr(events->text + position, "\n\n");
    return end ? (size_t)(end + 2 - events->text) : events->size;
}

static ssize_t next_piece(void *user, uint64_t position, char *out, size_t capacity)
{
    struct events *events = user;
    if (position >= events->size)
        return MHD_CONTENT_READER_END_OF_STREAM;
    reply_pause(events->pause_ms);
    size_t size = event_end(events, position) - position;
    if (size > capacity)
        size = capacity;
    memcpy(out, events->text + position, size);
    return (ssize_t)size;
}

static void free_events(void *user)
{
    struct events *events = user;
    free(events->text);
    free(events);
}

static unsigned count_events(const char *text)
{
    unsigned count = 0;
    while ((text = strstr(text, "\n\n"))) {
        count++;
        text += 2;
    }
    return count ? count : 1;
}

enum MHD_Result reply_events(struct MHD_Connection *connection, char *events, unsigned duration_ms)
{
    struct events *stream = events ? calloc(1, sizeof *stream) : NULL;
    if (!stream) {
        free(events);
        return MHD_NO;
    }
    stream->text = events;
    stream->size = strlen(events);
    stream->pause_ms = duration_ms / count_events(events);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, next_piece, stream, free_events);
    if (!response)
        free_events(stream);
    return send_response(connection, 200, "text/event-stream", response);
}
