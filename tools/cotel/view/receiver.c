/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a request often shows in its head, but libmicrohttpd lets us answer only
 * before the body or after it, and a client that is cut off in the middle of sending may never read
 * the answer. So a refused body is swallowed, to a limit, and answered at its end; only a client
 * that asks before it sends (Expect: 100-continue) is told at once. */
#include "view/receiver.h"

#include "view/inflate.h"
#include "view/listen.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PROTOBUF "application/x-protobuf"
#define JSON "application/json"

enum { FIRST_BODY_CAPACITY = 16 * 1024 };

struct ct_receiver {
    struct MHD_Daemon *daemon;
    uint16_t port;
    int descriptor;
    size_t held_bytes;
    struct ct_receiver_callbacks callbacks;
};

struct request {
    uint8_t *body;
    size_t size;
    size_t capacity;
    size_t swallowed;
    bool is_gzip;
    enum ct_signal signal;
    enum ct_format format;
    struct ct_outcome outcome; /* undecided: none so far */
};

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The media type, whatever parameters follow it. */
static bool is_type(const char *content_type, const char *type)
{
    size_t length = strlen(type);

    return content_type && strncasecmp(content_type, type, length) == 0 &&
           strchr("; \t", content_type[length]);
}

static void check_type(struct request *request, const char *content_type)
{
    if (is_type(content_type, JSON))
        request->format = CT_FORMAT_JSON;
    else if (!is_type(content_type, PROTOBUF))
        ct_outcome_refuse(&request->outcome, 415,
                          "the content type has to be " PROTOBUF
                          " (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf) or " JSON);
}

static void check_encoding(struct request *request, const char *encoding)
{
    if (!encoding || !*encoding || strcasecmp(encoding, "identity") == 0)
        return;
    request->is_gzip = strcasecmp(encoding, "gzip") == 0;
    if (!request->is_gzip)
        ct_outcome_refuse(&request->outcome, 415,
                          "this content encoding is not known: gzip and identity are");
}

static void check_length(struct request *request, const char *length)
{
    if (length && strtoull(length, NULL, 10) > CT_RECEIVER_MAX_BODY_BYTES)
        ct_outcome_refuse(&request->outcome, 413, "the body is larger than %d bytes",
                          CT_RECEIVER_MAX_BODY_BYTES);
}

static void check_head(struct request *request, struct MHD_Connection *connection, const char *path,
                       const char *method)
{
    if (!ct_signal_of_path(path, &request->signal))
        ct_outcome_refuse(&request->outcome, 404,
                          "there is nothing here: traces go to /v1/traces, metrics to /v1/metrics");
    if (strcmp(method, "POST") != 0)
        ct_outcome_refuse(&request->outcome, 405, "traces and metrics are sent by POST");
    check_type(request, header(connection, MHD_HTTP_HEADER_CONTENT_TYPE));
    check_encoding(request, header(connection, MHD_HTTP_HEADER_CONTENT_ENCODING));
    check_length(request, header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH));
}

static bool make_room(struct ct_receiver *receiver, struct request *request, size_t size)
{
    size_t capacity = request->capacity ? request->capacity : FIRST_BODY_CAPACITY;
    while (capacity < size)
        capacity *= 2;
    if (capacity == request->capacity)
        return true;

    size_t growth = capacity - request->capacity;
    if (growth > CT_RECEIVER_MAX_HELD_BYTES - receiver->held_bytes)
        return false;
    uint8_t *body = realloc(request->body, capacity);
    if (!body)
        return false;
    request->body = body;
    request->capacity = capacity;
    receiver->held_bytes += growth;
    return true;
}

static void forget_body(struct ct_receiver *receiver, struct request *request)
{
    receiver->held_bytes -= request->capacity;
    free(request->body);
    request->body = NULL;
    request->size = request->capacity = 0;
}

static enum MHD_Result swallow(struct request *request, size_t size)
{
    request->swallowed += size;
    return request->swallowed > CT_RECEIVER_MAX_SWALLOWED_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result receive(struct ct_receiver *receiver, struct request *request,
                               const char *data, size_t size)
{
    if (!request->outcome.http_status && size > CT_RECEIVER_MAX_BODY_BYTES - request->size)
        ct_outcome_refuse(&request->outcome, 413, "the body is larger than %d bytes",
                          CT_RECEIVER_MAX_BODY_BYTES);
    if (!request->outcome.http_status && !make_room(receiver, request, request->size + size))
        ct_outcome_refuse(&request->outcome, 503, "too many large bodies arrive at once");
    if (request->outcome.http_status) {
        forget_body(receiver, request);
        return swallow(request, size);
    }

    memcpy(request->body + request->size, data, size);
    request->size += size;
    return MHD_YES;
}

/* Replaces the body by what it unfolds to. Only one body is open at a time. */
static void open_gzip(struct ct_receiver *receiver, struct request *request, uint8_t **opened,
                      size_t *size)
{
    switch (ct_inflate(request->body, request->size, CT_RECEIVER_MAX_BODY_BYTES, opened, size)) {
    case CT_INFLATE_OK:
        break;
    case CT_INFLATE_MALFORMED:
        ct_outcome_refuse(&request->outcome, 400, "the body is not gzip, or is cut off");
        break;
    case CT_INFLATE_TOO_LARGE:
        ct_outcome_refuse(&request->outcome, 413, "the body unfolds to more than %d bytes",
                          CT_RECEIVER_MAX_BODY_BYTES);
        break;
    case CT_INFLATE_OUT_OF_MEMORY:
        ct_outcome_refuse(&request->outcome, 503, "memory is out");
        break;
    }
}

static void take_gzip(struct ct_receiver *receiver, struct request *request)
{
    uint8_t *opened = NULL;
    size_t size = 0;

    open_gzip(receiver, request, &opened, &size);
    if (!request->outcome.http_status)
        request->outcome = receiver->callbacks.take(receiver->callbacks.user, request->signal,
                                                    request->format, opened, size);
    free(opened);
}

static void take(struct ct_receiver *receiver, struct request *request)
{
    if (request->is_gzip)
        take_gzip(receiver, request);
    else
        request->outcome = receiver->callbacks.take(receiver->callbacks.user, request->signal,
                                                    request->format, request->body, request->size);
}

static void decide(struct ct_receiver *receiver, struct request *request)
{
    char status[16];

    if (!request->outcome.http_status)
        take(receiver, request);
    snprintf(status, sizeof(status), "%u", request->outcome.http_status);
    if (request->outcome.reason[0])
        receiver->callbacks.refused(receiver->callbacks.user, status, request->outcome.reason);
}

static enum MHD_Result answer(struct ct_receiver *receiver, struct MHD_Connection *connection,
                              struct request *request)
{
    decide(receiver, request);
    struct ct_reply reply = ct_reply_make(&request->outcome, request->format);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply.size_bytes, reply.body, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(reply.body);
        return MHD_NO;
    }

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                            request->format == CT_FORMAT_JSON ? JSON : PROTOBUF);
    if (reply.http_status == 405)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "POST");
    if (reply.http_status == 503)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    enum MHD_Result result = MHD_queue_response(connection, reply.http_status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result begin(struct ct_receiver *receiver, struct MHD_Connection *connection,
                             const char *path, const char *method, void **state)
{
    struct request *request = calloc(1, sizeof(*request));
    if (!request)
        return MHD_NO;
    *state = request;

    check_head(request, connection, path, method);
    const char *expect = header(connection, MHD_HTTP_HEADER_EXPECT);
    if (request->outcome.http_status && expect && strcasecmp(expect, "100-continue") == 0)
        return answer(receiver, connection, request);
    return MHD_YES;
}

/* libmicrohttpd calls this for the head of a request, for each piece of its body, and at its end.
 */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    struct ct_receiver *receiver = user;

    if (!*state)
        return begin(receiver, connection, path, method, state);
    if (*size == 0)
        return answer(receiver, connection, *state);

    enum MHD_Result result = receive(receiver, *state, data, *size);
    *size = 0;
    return result;
}

static void end(void *user, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;

    if (!request)
        return;
    forget_body(user, request);
    free(request);
    *state = NULL;
}

static bool start_daemon(struct ct_receiver *receiver, int listener)
{
    receiver->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, handle, receiver, MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_NOTIFY_COMPLETED, end, receiver, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CT_RECEIVER_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CT_RECEIVER_IDLE_SECONDS, MHD_OPTION_END);
    if (!receiver->daemon)
        return false;

    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(receiver->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!info || info->epoll_fd < 0) {
        MHD_stop_daemon(receiver->daemon); /* closes the listener too */
        return false;
    }
    receiver->descriptor = info->epoll_fd;
    return true;
}

struct ct_receiver *ct_receiver_create(uint16_t port, const struct ct_receiver_callbacks *callbacks)
{
    struct ct_receiver *receiver = calloc(1, sizeof(*receiver));
    if (!receiver)
        return NULL;
    receiver->port = port;
    receiver->callbacks = *callbacks;

    int listener = ct_listen_on_loopback(&receiver->port);
    if (listener >= 0 && start_daemon(receiver, listener))
        return receiver;
    int reason = listener < 0 ? errno : ENOMEM;
    free(receiver);
    errno = reason;
    return NULL;
}

void ct_receiver_destroy(struct ct_receiver *receiver)
{
    if (!receiver)
        return;
    MHD_stop_daemon(receiver->daemon);
    free(receiver);
}

uint16_t ct_receiver_port(const struct ct_receiver *receiver)
{
    return receiver->port;
}

int ct_receiver_descriptor(const struct ct_receiver *receiver)
{
    return receiver->descriptor;
}

int ct_receiver_timeout_ms(const struct ct_receiver *receiver)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;

    if (MHD_get_timeout(receiver->daemon, &timeout_ms) != MHD_YES)
        return -1;
    return timeout_ms > 60000 ? 60000 : (int)timeout_ms;
}

void ct_receiver_run(struct ct_receiver *receiver)
{
    MHD_run(receiver->daemon);
}
