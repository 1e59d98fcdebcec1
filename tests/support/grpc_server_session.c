/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/grpc_server_internal.h"

#include <stdio.h>
#include <string.h>

static const char empty_message[5];

static struct peer_stream *find_stream(struct peer_connection *connection, int32_t id)
{
    for (size_t i = 0; i < PEER_STREAMS; i++) {
        if (connection->streams[i].id == id)
            return &connection->streams[i];
    }
    return NULL;
}

/* ---- answers ---- */

static size_t put(nghttp2_nv *out, size_t count, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return count;
    out[count] = (nghttp2_nv){(uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value, strlen(name),
                              strlen(value), NGHTTP2_NV_FLAG_NONE};
    return count + 1;
}

static size_t put_trailers(nghttp2_nv *out, size_t count, const struct grpc_plan *plan)
{
    count = put(out, count, "grpc-status", plan->status != NULL ? plan->status : "0");
    count = put(out, count, "grpc-message", plan->message);
    return put(out, count, "grpc-status-details-bin", plan->details);
}

static void end_body(struct peer_connection *connection, struct peer_stream *stream,
                     uint32_t *flags)
{
    nghttp2_nv trailers[3];
    size_t count = put_trailers(trailers, 0, &stream->plan);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream->plan.fault == GRPC_CUT) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        connection->is_closing = true;
    } else if (count > 0) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        nghttp2_submit_trailer(connection->session, stream->id, trailers, count);
    }
}

static ssize_t read_answer(nghttp2_session *session, int32_t id, uint8_t *out, size_t capacity,
                           uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct peer_connection *connection = user;
    struct peer_stream *stream = find_stream(connection, id);
    const struct grpc_plan *plan = &stream->plan;
    const char *body = plan->body_size > 0 ? plan->body : empty_message;
    size_t size = plan->body_size > 0 ? plan->body_size : sizeof empty_message;
    size_t left = size - stream->body_sent;
    size_t used = left < capacity ? left : capacity;
    if (body != NULL)
        memcpy(out, body + stream->body_sent, used);
    else
        memset(out, 0, used);
    stream->body_sent += used;
    if (stream->body_sent == size)
        end_body(connection, stream, flags);
    return (ssize_t)used;
}

static void answer(struct peer_connection *connection, struct peer_stream *stream)
{
    const struct grpc_plan *plan = &stream->plan;
    const nghttp2_data_provider provider = {.read_callback = read_answer};
    char status[8];
    nghttp2_nv headers[8];
    snprintf(status, sizeof status, "%d", plan->http_status ? plan->http_status : 200);
    size_t count = put(headers, 0, ":status", status);
    count = put(headers, count, "content-type",
                plan->content_type != NULL ? plan->content_type : "application/grpc");
    count = put(headers, count, "grpc-encoding", plan->encoding);
    if (plan->is_short)
        count = put_trailers(headers, count, plan);
    nghttp2_submit_response(connection->session, stream->id, headers, count,
                            plan->is_short ? NULL : &provider);
}

static void say_goodbye(struct peer_connection *connection, int32_t last_stream)
{
    static const uint8_t text[] = "max_age";
    nghttp2_submit_goaway(connection->session, NGHTTP2_FLAG_NONE, last_stream, NGHTTP2_NO_ERROR,
                          text, sizeof text - 1);
    connection->is_closing = true;
}

/* Those that wait are answered together. */
static void release(struct peer_connection *connection, unsigned wanted)
{
    unsigned waiting = 0;
    for (size_t i = 0; i < PEER_STREAMS; i++)
        waiting += connection->streams[i].id != 0 && connection->streams[i].is_whole;
    for (size_t i = 0; waiting >= wanted && i < PEER_STREAMS; i++) {
        if (connection->streams[i].id != 0 && connection->streams[i].is_whole)
            answer(connection, &connection->streams[i]);
    }
}

static void on_whole(struct peer_connection *connection, struct peer_stream *stream)
{
    pthread_mutex_lock(&connection->server->lock);
    connection->server->requests++;
    pthread_mutex_unlock(&connection->server->lock);
    stream->is_whole = true;
    switch (stream->plan.fault) {
    case GRPC_HOLD:
        release(connection, stream->plan.times);
        break;
    case GRPC_HANG_UP:
        connection->is_dead = true;
        break;
    case GRPC_DRIP:
        connection->is_dripping = true;
        answer(connection, stream);
        break;
    case GRPC_LAST_ANSWER:
        answer(connection, stream);
        say_goodbye(connection, stream->id);
        break;
    case GRPC_ANSWER:
    case GRPC_CUT:
        answer(connection, stream);
        break;
    default: /* was met when the request began */
        break;
    }
}

/* ---- requests ---- */

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct peer_connection *connection = user;
    struct peer_stream *stream = find_stream(connection, 0);
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    peer_must(stream != NULL, "streams of the peer");
    *stream = (struct peer_stream){.id = frame->hd.stream_id,
                                   .plan = peer_plan(connection->server, true)};
    pthread_mutex_lock(&connection->server->lock);
    connection->server->begun++;
    connection->server->head_size = 0;
    pthread_mutex_unlock(&connection->server->lock);
    return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *user)
{
    struct grpc_server *server = ((struct peer_connection *)user)->server;
    pthread_mutex_lock(&server->lock);
    size_t room = sizeof server->head - server->head_size;
    int size = snprintf(server->head + server->head_size, room, "%.*s: %.*s\n", (int)name_size,
                        (const char *)name, (int)value_size, (const char *)value);
    server->head_size += (size_t)size < room ? (size_t)size : 0;
    pthread_mutex_unlock(&server->lock);
    return 0;
}

static void on_head(struct peer_connection *connection, struct peer_stream *stream)
{
    switch (stream->plan.fault) {
    case GRPC_ANSWER_EARLY:
        answer(connection, stream);
        break;
    case GRPC_GOODBYE:
        say_goodbye(connection, stream->id - 2 > 0 ? stream->id - 2 : 0);
        break;
    case GRPC_RESET_STREAM:
        nghttp2_submit_rst_stream(connection->session, NGHTTP2_FLAG_NONE, stream->id,
                                  stream->plan.reset);
        break;
    default:
        break;
    }
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct peer_connection *connection = user;
    struct peer_stream *stream = find_stream(connection, frame->hd.stream_id);
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) {
        pthread_mutex_lock(&connection->server->lock);
        connection->server->pings++;
        pthread_mutex_unlock(&connection->server->lock);
    }
    if (frame->hd.stream_id == 0 || stream == NULL)
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS)
        on_head(connection, stream);
    if ((frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
        (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        on_whole(connection, stream);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t size, void *user)
{
    struct peer_connection *connection = user;
    const struct peer_stream *stream = find_stream(connection, id);
    pthread_mutex_lock(&connection->server->lock);
    connection->server->body_bytes += size;
    pthread_mutex_unlock(&connection->server->lock);
    if (stream == NULL || stream->plan.fault != GRPC_ANSWER_EARLY)
        nghttp2_session_consume(session, id, size);
    if (stream != NULL && stream->plan.fault == GRPC_RESET)
        connection->is_dead = connection->is_reset = true;
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
    struct peer_stream *stream = find_stream(user, id);
    if (stream != NULL)
        stream->id = 0;
    return 0;
}

/* ---- sessions ---- */

static void submit_settings(struct peer_connection *connection)
{
    const struct grpc_plan plan = peer_plan(connection->server, false);
    nghttp2_settings_entry entries[2];
    size_t count = 0;
    if (plan.window > 0)
        entries[count++] =
            (nghttp2_settings_entry){NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, plan.window};
    if (plan.streams > 0)
        entries[count++] =
            (nghttp2_settings_entry){NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, plan.streams};
    nghttp2_submit_settings(connection->session, NGHTTP2_FLAG_NONE, entries, count);
}

/* Windows are opened by hand, so that a request can be left unread. */
void peer_session_open(struct peer_connection *connection)
{
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *option;
    peer_must(nghttp2_session_callbacks_new(&callbacks) == 0, "callbacks");
    peer_must(nghttp2_option_new(&option) == 0, "options");
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    peer_must(nghttp2_session_server_new2(&connection->session, callbacks, connection, option) == 0,
              "session");
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    submit_settings(connection);
}

bool peer_session_take(struct peer_connection *connection, const void *bytes, size_t size)
{
    return nghttp2_session_mem_recv(connection->session, bytes, size) >= 0;
}

void peer_session_fill(struct peer_connection *connection)
{
    const uint8_t *frame;
    ssize_t size;
    while (PEER_OUT_SIZE - connection->out_size > PEER_OUT_SIZE / 2 &&
           (size = nghttp2_session_mem_send(connection->session, &frame)) > 0) {
        memcpy(connection->out + connection->out_size, frame, (size_t)size);
        connection->out_size += (size_t)size;
    }
}
