/* SPDX-License-Identifier: Apache-2.0 */
#include "model_server/server.h"
#include "model_server/completion.h"
#include "model_server/reply.h"

#include <microhttpd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REQUEST_BYTES (1u << 20)
/* More connections wait. */
#define MAX_CONNECTIONS 64
#define IDLE_TIMEOUT_S 30

/* The body of a request, as far as it has come. */
struct request {
    char *data;
    size_t size;
    bool too_large;
};

static bool collect(struct request *request, const char *data, size_t size)
{
    if (request->size + size > MAX_REQUEST_BYTES) {
        request->too_large = true;
        return true;
    }
    char *longer = realloc(request->data, request->size + size + 1);
    if (!longer)
        return false;
    memcpy(longer + request->size, data, size);
    request->data = longer;
    request->size += size;
    request->data[request->size] = '\0';
    return true;
}

/* ---- the answer --------------------------------------------------------------------------- */

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *type,
                              const char *message)
{
    return reply_json(connection, status, completion_error(type, message));
}

static enum MHD_Result complete(struct server *server, struct MHD_Connection *connection,
                                const json_t *asked)
{
    struct completion completion;
    if (!completion_make(asked, &completion))
        return refuse(connection, 400, "invalid_request_error", "a model and messages are needed");
    enum MHD_Result result;
    if (json_is_true(json_object_get(asked, "stream"))) {
        result =
            reply_events(connection, completion_to_events(&completion), server->options.slow_ms);
    } else {
        reply_pause(server->options.slow_ms);
        result = reply_json(connection, 200, completion_to_json(&completion));
    }
    completion_fini(&completion);
    return result;
}

/* Shows on stdout which trace each request belongs to. A server with cotel inside would extract
 * its context from there; this one only proves that it came. */
static void log_request(struct MHD_Connection *connection)
{
    const char *parent = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "traceparent");
    printf("request traceparent %s\n", parent ? parent : "-");
    fflush(stdout);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
                              const struct request *request)
{
    log_request(connection);
    if (request->too_large)
        return refuse(connection, 413, "invalid_request_error", "the request is too large");
    unsigned number = atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    if (number < server->options.fail)
        return refuse(connection, 503, "overloaded_error", "the model is overloaded");

    json_t *asked = json_loadb(request->data ? request->data : "", request->size, 0, NULL);
    enum MHD_Result result = complete(server, connection, asked);
    json_decref(asked);
    return result;
}

/* ---- libmicrohttpd calls these ------------------------------------------------------------ */

/* Called first with the headers, then with each part of the body, last with none. */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)version;
    struct request *request = *state;
    if (!request) {
        *state = calloc(1, sizeof *request);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        bool taken = collect(request, data, *size);
        *size = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (strcmp(url, "/v1/chat/completions") != 0)
        return refuse(connection, 404, "invalid_request_error", "there is no such endpoint");
    if (strcmp(method, "POST") != 0)
        return refuse(connection, 405, "invalid_request_error", "only POST is answered");
    return answer(user, connection, request);
}

static void on_completed(void *user, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)user, (void)connection, (void)code;
    struct request *request = *state;
    if (request)
        free(request->data);
    free(request);
    *state = NULL;
}

uint16_t server_start(struct server *server, const struct server_options *options)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(options->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    server->options = *options;
    atomic_init(&server->requests, 0);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, on_request, server, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_END);
    if (!server->daemon)
        return 0;
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void server_stop(struct server *server)
{
    MHD_stop_daemon(server->daemon);
}
