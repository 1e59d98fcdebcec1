/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/otlp_peer_internal.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    char head[OTLP_PEER_HEAD_SIZE];
    size_t head_size;
    size_t body_size;
};

#define HEADER(name, value)                                                         \
    {                                                                               \
        (uint8_t *)(name), (uint8_t *)(value), sizeof(name) - 1, sizeof(value) - 1, \
            NGHTTP2_NV_FLAG_NONE                                                    \
    }

static ssize_t on_send(nghttp2_session *session, const uint8_t *bytes, size_t size, int flags,
                       void *data)
{
    return otlp_link_write(data, bytes, size) ? (ssize_t)size : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *data)
{
    struct stream *stream = calloc(1, sizeof *stream);
    return nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *data)
{
    struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    size_t room = sizeof stream->head - stream->head_size;
    int size = snprintf(stream->head + stream->head_size, room, "%.*s: %.*s\r\n", (int)name_size,
                        (const char *)name, (int)value_size, (const char *)value);
    if ((size_t)size < room)
        stream->head_size += (size_t)size;
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t size, void *data)
{
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    stream->body_size += size;
    return 0;
}

/* An empty message, and the status behind it. */
static ssize_t on_answer(nghttp2_session *session, int32_t id, uint8_t *out, size_t capacity,
                         uint32_t *flags, nghttp2_data_source *source, void *data)
{
    const nghttp2_nv trailer = HEADER("grpc-status", "0");
    enum { MESSAGE_SIZE = 5 };
    memset(out, 0, MESSAGE_SIZE);
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_submit_trailer(session, id, &trailer, 1);
    return MESSAGE_SIZE;
}

static void answer(nghttp2_session *session, int32_t id, bool is_grpc)
{
    const nghttp2_nv http[] = {HEADER(":status", "200"),
                               HEADER("content-type", "application/x-protobuf")};
    const nghttp2_nv grpc[] = {HEADER(":status", "200"),
                               HEADER("content-type", "application/grpc")};
    const nghttp2_data_provider message = {.read_callback = on_answer};
    if (is_grpc)
        nghttp2_submit_response(session, id, grpc, 2, &message);
    else
        nghttp2_submit_response(session, id, http, 2, NULL);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *data)
{
    struct otlp_link *link = data;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0 || frame->hd.stream_id == 0)
        return 0;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    otlp_peer_note_head(link->peer, stream->head);
    otlp_peer_note_request(link->peer, stream->body_size);
    answer(session, frame->hd.stream_id,
           strstr(stream->head, "content-type: application/grpc") != NULL);
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *data)
{
    free(nghttp2_session_get_stream_user_data(session, id));
    return 0;
}

static nghttp2_session *open_session(struct otlp_link *link)
{
    nghttp2_session_callbacks *callbacks;
    nghttp2_session *session = NULL;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return NULL;
    nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_server_new(&session, callbacks, link);
    nghttp2_session_callbacks_del(callbacks);
    return session;
}

void otlp_peer_serve_http2(struct otlp_link *link, const char *first, size_t size)
{
    char bytes[16384];
    nghttp2_session *session = open_session(link);
    if (session == NULL)
        return;
    bool is_fine = nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, NULL, 0) == 0 &&
                   nghttp2_session_mem_recv(session, (const uint8_t *)first, size) >= 0;
    while (is_fine && nghttp2_session_send(session) == 0) {
        long got = otlp_link_read(link, bytes, sizeof bytes);
        is_fine =
            got > 0 && nghttp2_session_mem_recv(session, (const uint8_t *)bytes, (size_t)got) >= 0;
    }
    nghttp2_session_del(session);
}
