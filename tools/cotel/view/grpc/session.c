/* SPDX-License-Identifier: Apache-2.0 */
/* A call that is refused before its message has come whole is answered at its end all the same,
 * since not every client reads an answer while it still sends. But no longer than for what the peer
 * may send before it could know: then the stream is reset behind the answer, as HTTP/2 has it. */
#include "view/grpc/session.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    struct ct_grpc_call call;
    bool is_answered;
    bool is_ended;    /* by the peer */
    size_t swallowed; /* since the outcome was decided */
    uint8_t *answer;  /* the message of a success, its head before it */
    size_t answer_size;
    size_t answer_sent;
    struct stream *next;
    struct stream **link;
};

struct ct_grpc_session {
    nghttp2_session *http2;
    struct ct_grpc_host *host;
    struct stream *streams;
};

#define HEADER(name, value)                                                                       \
    {                                                                                             \
        (uint8_t *)(uintptr_t)(name), (uint8_t *)(uintptr_t)(value), strlen(name), strlen(value), \
            NGHTTP2_NV_FLAG_NONE                                                                  \
    }

enum { STATUS_SIZE = 12 };

struct trailers {
    char status[STATUS_SIZE];
    char message[CT_GRPC_MESSAGE_SIZE];
};

static void make_trailers(const struct ct_outcome *outcome, struct trailers *out)
{
    snprintf(out->status, sizeof(out->status), "%d", (int)ct_outcome_grpc_code(outcome));
    ct_grpc_encode_message(outcome->http_status == 200 ? "" : outcome->reason, out->message);
}

/* Called by nghttp2 for the body of an answer; behind it come the trailers. */
static ssize_t read_answer(nghttp2_session *http2, int32_t id, uint8_t *to, size_t room,
                           uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct stream *stream = source->ptr;
    struct trailers trailers;
    size_t left = stream->answer_size - stream->answer_sent;
    size_t size = left < room ? left : room;

    memcpy(to, stream->answer + stream->answer_sent, size);
    stream->answer_sent += size;
    if (size < left)
        return (ssize_t)size;

    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    make_trailers(&stream->call.outcome, &trailers);
    const nghttp2_nv headers[] = {HEADER("grpc-status", trailers.status)};
    return nghttp2_submit_trailer(http2, id, headers, 1) == 0 ? (ssize_t)size
                                                              : NGHTTP2_ERR_CALLBACK_FAILURE;
}

/* The reply behind the five bytes that gRPC puts before each message. */
static bool make_answer(struct stream *stream)
{
    struct ct_reply reply = ct_reply_make(&stream->call.outcome, CT_FORMAT_PROTOBUF);

    stream->answer = calloc(1, CT_GRPC_HEAD_SIZE + reply.size_bytes);
    if (stream->answer) {
        stream->answer_size = CT_GRPC_HEAD_SIZE + reply.size_bytes;
        for (unsigned i = 0; i < 4; i++)
            stream->answer[1 + i] = (uint8_t)(reply.size_bytes >> (24 - 8 * i));
        if (reply.body)
            memcpy(stream->answer + CT_GRPC_HEAD_SIZE, reply.body, reply.size_bytes);
    }
    free(reply.body);
    return stream->answer != NULL;
}

static int answer_success(nghttp2_session *http2, int32_t id, struct stream *stream)
{
    const nghttp2_nv headers[] = {HEADER(":status", "200"),
                                  HEADER("content-type", "application/grpc"),
                                  HEADER("grpc-accept-encoding", "identity,gzip")};
    nghttp2_data_provider provider = {.source.ptr = stream, .read_callback = read_answer};

    if (!make_answer(stream))
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    return nghttp2_submit_response(http2, id, headers, sizeof(headers) / sizeof(headers[0]),
                                   &provider);
}

/* Trailers and nothing else. */
static int answer_failure(nghttp2_session *http2, int32_t id, const struct stream *stream)
{
    struct trailers trailers;

    make_trailers(&stream->call.outcome, &trailers);
    const nghttp2_nv headers[] = {
        HEADER(":status", "200"), HEADER("content-type", "application/grpc"),
        HEADER("grpc-accept-encoding", "identity,gzip"), HEADER("grpc-status", trailers.status),
        HEADER("grpc-message", trailers.message)};
    return nghttp2_submit_response(http2, id, headers, sizeof(headers) / sizeof(headers[0]), NULL);
}

/* To a caller that does not speak gRPC. */
static int answer_stranger(nghttp2_session *http2, int32_t id)
{
    const nghttp2_nv headers[] = {HEADER(":status", "415")};

    return nghttp2_submit_response(http2, id, headers, 1, NULL);
}

/* If there is an outcome, and it is time. Not 0: the connection cannot go on. */
static int answer(struct ct_grpc_session *session, int32_t id, struct stream *stream)
{
    const struct ct_outcome *outcome = &stream->call.outcome;
    const struct ct_receiver_callbacks *callbacks = &session->host->callbacks;

    if (!outcome->http_status || stream->is_answered)
        return 0;
    ct_grpc_call_forget(&stream->call, session->host);
    if (!stream->is_ended && stream->swallowed < CT_GRPC_WINDOW_BYTES)
        return 0;
    stream->is_answered = true;
    if (outcome->reason[0])
        callbacks->refused(callbacks->user, ct_grpc_code_name(ct_outcome_grpc_code(outcome)),
                           outcome->reason);
    if (!stream->call.is_grpc)
        return answer_stranger(session->http2, id);
    return outcome->http_status == 200 ? answer_success(session->http2, id, stream)
                                       : answer_failure(session->http2, id, stream);
}

static struct stream *find(nghttp2_session *http2, int32_t id)
{
    return nghttp2_session_get_stream_user_data(http2, id);
}

static int on_begin_headers(nghttp2_session *http2, const nghttp2_frame *frame, void *user)
{
    struct ct_grpc_session *session = user;

    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    struct stream *stream = calloc(1, sizeof(*stream));
    if (!stream)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    stream->next = session->streams;
    stream->link = &session->streams;
    if (stream->next)
        stream->next->link = &stream->next;
    session->streams = stream;
    return nghttp2_session_set_stream_user_data(http2, frame->hd.stream_id, stream);
}

/* nghttp2 ends both with a NUL. */
static int on_header(nghttp2_session *http2, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *user)
{
    struct stream *stream = find(http2, frame->hd.stream_id);

    if (stream && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        ct_grpc_call_header(&stream->call, (const char *)name, (const char *)value);
    return 0;
}

static int on_data(nghttp2_session *http2, uint8_t flags, int32_t id, const uint8_t *data,
                   size_t size, void *user)
{
    struct ct_grpc_session *session = user;
    struct stream *stream = find(http2, id);

    if (!stream)
        return 0;
    ct_grpc_call_data(&stream->call, session->host, data, size);
    if (stream->call.outcome.http_status)
        stream->swallowed += size;
    return answer(session, id, stream);
}

static int on_frame_received(nghttp2_session *http2, const nghttp2_frame *frame, void *user)
{
    struct ct_grpc_session *session = user;
    bool is_headers = frame->hd.type == NGHTTP2_HEADERS;

    if (!is_headers && frame->hd.type != NGHTTP2_DATA)
        return 0;
    struct stream *stream = find(http2, frame->hd.stream_id);
    if (!stream)
        return 0;
    if (is_headers && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        ct_grpc_call_begin(&stream->call);
    if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) {
        stream->is_ended = true;
        ct_grpc_call_end(&stream->call, session->host);
    }
    return answer(session, frame->hd.stream_id, stream);
}

static int on_frame_sent(nghttp2_session *http2, const nghttp2_frame *frame, void *user)
{
    if (frame->hd.type != NGHTTP2_HEADERS || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
        return 0;
    const struct stream *stream = find(http2, frame->hd.stream_id);
    if (!stream || stream->is_ended)
        return 0;
    return nghttp2_submit_rst_stream(http2, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                     NGHTTP2_NO_ERROR);
}

static void release(struct ct_grpc_session *session, struct stream *stream)
{
    ct_grpc_call_forget(&stream->call, session->host);
    free(stream->answer);
    free(stream);
}

static void forget(struct ct_grpc_session *session, struct stream *stream)
{
    *stream->link = stream->next;
    if (stream->next)
        stream->next->link = stream->link;
    release(session, stream);
}

static int on_stream_closed(nghttp2_session *http2, int32_t id, uint32_t error, void *user)
{
    struct stream *stream = find(http2, id);

    if (stream)
        forget(user, stream);
    return 0;
}

static int open_http2(struct ct_grpc_session *session)
{
    nghttp2_session_callbacks *callbacks;

    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return NGHTTP2_ERR_NOMEM;
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
    int result = nghttp2_session_server_new(&session->http2, callbacks, session);
    nghttp2_session_callbacks_del(callbacks);
    return result;
}

static int introduce(struct ct_grpc_session *session)
{
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, CT_GRPC_MAX_STREAMS},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, CT_GRPC_WINDOW_BYTES}};

    if (nghttp2_submit_settings(session->http2, NGHTTP2_FLAG_NONE, settings,
                                sizeof(settings) / sizeof(settings[0])) != 0)
        return -1;
    return nghttp2_session_set_local_window_size(session->http2, NGHTTP2_FLAG_NONE, 0,
                                                 CT_GRPC_CONNECTION_WINDOW_BYTES);
}

struct ct_grpc_session *ct_grpc_session_create(struct ct_grpc_host *host)
{
    struct ct_grpc_session *session = calloc(1, sizeof(*session));
    if (!session)
        return NULL;
    session->host = host;
    if (open_http2(session) != 0 || introduce(session) != 0) {
        ct_grpc_session_destroy(session);
        return NULL;
    }
    return session;
}

void ct_grpc_session_destroy(struct ct_grpc_session *session)
{
    if (!session)
        return;
    nghttp2_session_del(session->http2);
    for (struct stream *stream = session->streams, *next; stream; stream = next) {
        next = stream->next;
        release(session, stream);
    }
    free(session);
}

bool ct_grpc_session_receive(struct ct_grpc_session *session, const uint8_t *bytes, size_t size)
{
    const struct ct_receiver_callbacks *callbacks = &session->host->callbacks;

    ssize_t taken = nghttp2_session_mem_recv(session->http2, bytes, size);
    if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC)
        callbacks->refused(callbacks->user, "by hanging up",
                           "this port takes gRPC, which is HTTP/2 from its first byte, without TLS;"
                           " OTLP/HTTP has a port of its own");
    return taken == (ssize_t)size;
}

size_t ct_grpc_session_next(struct ct_grpc_session *session, const uint8_t **bytes, bool *failed)
{
    ssize_t size = nghttp2_session_mem_send(session->http2, bytes);

    *failed = size < 0;
    return size > 0 ? (size_t)size : 0;
}

void ct_grpc_session_wind_up(struct ct_grpc_session *session)
{
    int32_t last = nghttp2_session_get_last_proc_stream_id(session->http2);

    if (nghttp2_submit_goaway(session->http2, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, NULL, 0) !=
        0)
        nghttp2_session_terminate_session(session->http2, NGHTTP2_NO_ERROR);
}

bool ct_grpc_session_is_over(struct ct_grpc_session *session)
{
    return !nghttp2_session_want_read(session->http2) &&
           !nghttp2_session_want_write(session->http2);
}
