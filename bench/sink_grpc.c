/* SPDX-License-Identifier: Apache-2.0 */
/* The gRPC sink: HTTP/2 by nghttp2, with windows wide enough that no request waits for one, since
 * HTTP/1.1 has none to wait for. One connection at a time: an exporter has one. */
#include "sink.h"

#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES (1 << 20)
#define WINDOW_BYTES (16 << 20)
#define OUT_BYTES (64 << 10) /* more than a frame */

static uint8_t buffer[BUFFER_BYTES];

#define HEADER(name, value)                                                           \
    {                                                                                 \
        (uint8_t *)(name), (uint8_t *)(value), sizeof(name) - 1, sizeof(value) - 1, 0 \
    }

static nghttp2_nv head[] = {HEADER(":status", "200"), HEADER("content-type", "application/grpc")};
static nghttp2_nv trailers[] = {HEADER("grpc-status", "0")};

/* A message of no bytes: a response that says nothing is wrong. */
static ssize_t read_answer(nghttp2_session *session, int32_t stream, uint8_t *out, size_t capacity,
                           uint32_t *flags, nghttp2_data_source *source, void *user)
{
    const size_t size = 5;
    (void)source, (void)user;
    if (capacity < size ||
        nghttp2_submit_trailer(session, stream, trailers, sizeof trailers / sizeof *trailers) != 0)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    for (size_t i = 0; i < size; i++)
        out[i] = 0;
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    return (ssize_t)size;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    const nghttp2_data_provider answer = {.read_callback = read_answer};
    (void)user;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0 ||
        (frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS))
        return 0;
    return nghttp2_submit_response(session, frame->hd.stream_id, head, sizeof head / sizeof *head,
                                   &answer);
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = send(fd, bytes, size, MSG_NOSIGNAL);
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* All that there is to say in one go, as far as it fits. */
static bool send_frames(nghttp2_session *session, int fd)
{
    static uint8_t out[OUT_BYTES];
    size_t used = 0;
    const uint8_t *frame;
    ssize_t size;
    while ((size = nghttp2_session_mem_send(session, &frame)) > 0) {
        if (used + (size_t)size > sizeof out) {
            if (!write_all(fd, out, used))
                return false;
            used = 0;
        }
        memcpy(out + used, frame, (size_t)size);
        used += (size_t)size;
    }
    return size == 0 && write_all(fd, out, used);
}

static nghttp2_session *open_session(void)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW_BYTES}};
    nghttp2_session_callbacks *callbacks;
    nghttp2_session *session = NULL;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return NULL;
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    if (nghttp2_session_server_new(&session, callbacks, NULL) != 0)
        session = NULL;
    nghttp2_session_callbacks_del(callbacks);
    if (session == NULL ||
        (nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 1) == 0 &&
         nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, WINDOW_BYTES) == 0))
        return session;
    nghttp2_session_del(session);
    return NULL;
}

static void serve_one(int fd)
{
    nghttp2_session *session = open_session();
    ssize_t size;
    while (session != NULL && send_frames(session, fd) &&
           (size = read(fd, buffer, sizeof buffer)) > 0) {
        if (nghttp2_session_mem_recv(session, buffer, (size_t)size) != size)
            break;
    }
    nghttp2_session_del(session);
}

void sink_serve_grpc(int listener)
{
    int fd;
    while ((fd = sink_accept(listener)) >= 0) {
        serve_one(fd);
        close(fd);
    }
}
