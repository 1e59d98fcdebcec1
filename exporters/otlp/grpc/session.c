/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/session.h"

#include "exporters/otlp/encode/text.h"

#include <stdio.h>

/* Of the peer's last words. */
enum { GOODBYE_SIZE = 128 };

/* NULL: it was given up. */
static struct ct_grpc_call *call_of(nghttp2_session *session, int32_t stream)
{
    return nghttp2_session_get_stream_user_data(session, stream);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *user)
{
    struct ct_grpc_call *call = call_of(session, frame->hd.stream_id);
    (void)flags, (void)user;
    if (call != NULL)
        ct_grpc_call_header(call, (const char *)name, name_size, (const char *)value, value_size);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes,
                   size_t size, void *user)
{
    struct ct_grpc_call *call = call_of(session, stream);
    (void)flags, (void)user;
    if (call != NULL)
        ct_grpc_call_data(call, bytes, size);
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *user)
{
    struct ct_grpc_call *call = call_of(session, stream);
    (void)user;
    if (call != NULL)
        ct_grpc_call_closed(call, error);
    return 0;
}

/* A peer that says goodbye still answers what it has taken; nghttp2 closes the other streams as
 * refused, so these are tried again. */
static void take_goodbye(struct ct_grpc_connection *connection, const nghttp2_goaway *goodbye)
{
    char text[GOODBYE_SIZE];
    ct_otlp_printable(text, sizeof text, goodbye->opaque_data, goodbye->opaque_data_len);
    snprintf(connection->error, sizeof connection->error, "the peer says goodbye (%s)%s%s",
             nghttp2_http2_strerror(goodbye->error_code), text[0] != '\0' ? ": " : "", text);
    connection->is_leaving = true;
}

/* A peer may end its answer before it has taken the whole request, and then may take no more of it:
 * a status is all that there is to wait for. */
static void take_end(nghttp2_session *session, int32_t stream)
{
    struct ct_grpc_call *call = call_of(session, stream);
    if (call != NULL)
        ct_grpc_call_ended(call);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct ct_grpc_connection *connection = user;
    bool is_answer = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (frame->hd.type == NGHTTP2_SETTINGS)
        connection->is_greeted = true;
    else if (frame->hd.type == NGHTTP2_GOAWAY)
        take_goodbye(connection, &frame->goaway);
    else if (is_answer && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        take_end(session, frame->hd.stream_id);
    return 0;
}

static nghttp2_session *create(struct ct_grpc_connection *connection,
                               nghttp2_session_callbacks *callbacks)
{
    static const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
    nghttp2_session *session = NULL;
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    if (nghttp2_session_client_new(&session, callbacks, connection) != 0)
        return NULL;
    if (nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 1) == 0)
        return session;
    nghttp2_session_del(session);
    return NULL;
}

nghttp2_session *ct_grpc_session_create(struct ct_grpc_connection *connection)
{
    nghttp2_session_callbacks *callbacks;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return NULL;
    nghttp2_session *session = create(connection, callbacks);
    nghttp2_session_callbacks_del(callbacks);
    return session;
}
