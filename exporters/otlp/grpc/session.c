/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/session.h"

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
static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct ct_grpc_connection *connection = user;
    (void)session;
    if (frame->hd.type == NGHTTP2_GOAWAY)
        connection->is_leaving = true;
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
