/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include "call.h"
#include "carriers.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer names are not told. */
#define BAGGAGE_KEY_SIZE 256

struct server {
    struct MHD_Daemon *daemon;
    cotel_tracer *tracer;
};

/* The body of a request, as far as it has come. */
struct request {
    char *body;
    size_t size;
    bool too_large;
};

struct answer {
    unsigned status;
    json_t *json; /* NULL: memory is out */
};

static struct answer refusal(unsigned status, const char *reason)
{
    return (struct answer){status, json_pack("{s:s}", "error", reason)};
}

/* ---- a list of calls ---- */

/* Why it is none; NULL when it is one. */
static const char *fault_of_calls(const json_t *calls)
{
    size_t index;
    json_t *call;
    if (!json_is_array(calls))
        return "the body has to be a JSON array";
    if (json_array_size(calls) > SERVER_MAX_CALLS)
        return "these are too many calls";
    json_array_foreach(calls, index, call)
    {
        const json_t *arguments = json_object_get(call, "arguments");
        if (!json_is_string(json_object_get(call, "url")))
            return "each call has to be an object with a \"url\"";
        if (arguments && !json_is_array(arguments))
            return "the \"arguments\" of a call have to be an array";
    }
    return NULL;
}

static struct answer make_calls(cotel_tracer *tracer, const json_t *calls)
{
    size_t index;
    json_t *call;
    json_t *results = json_array();
    json_array_foreach(calls, index, call)
    {
        const char *url = json_string_value(json_object_get(call, "url"));
        json_t *result = call_service(tracer, url, json_object_get(call, "arguments"));
        if (json_array_append_new(results, result) != 0) {
            json_decref(results);
            return (struct answer){MHD_HTTP_SERVICE_UNAVAILABLE, NULL};
        }
    }
    return (struct answer){MHD_HTTP_OK, results};
}

static struct answer serve_calls(const struct server *server, const struct request *request)
{
    if (request->too_large)
        return refusal(MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large");
    json_t *calls = json_loadb(request->body ? request->body : "", request->size, 0, NULL);
    if (!calls)
        return refusal(MHD_HTTP_BAD_REQUEST, "the body is not JSON");
    const char *fault = fault_of_calls(calls);
    struct answer answer =
        fault ? refusal(MHD_HTTP_BAD_REQUEST, fault) : make_calls(server->tracer, calls);
    json_decref(calls);
    return answer;
}

/* ---- the trace ---- */

/* A caller's mistake is no error of the service: that begins at 500. */
static void describe_request(const cotel_span *span, const char *method, const char *path,
                             unsigned status)
{
    cotel_span_set_string(span, "http.request.method", method);
    cotel_span_set_string(span, "url.path", path);
    cotel_span_set_int(span, "http.response.status_code", status);
    if (status >= 500)
        cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, NULL);
}

/* As attributes, so that a test can see what was understood. */
static void describe_baggage(const cotel_span *span)
{
    cotel_baggage *baggage = cotel_context_baggage(NULL);
    cotel_baggage_entry entry;
    for (size_t i = 0; cotel_baggage_at(baggage, i, &entry); i++) {
        char key[BAGGAGE_KEY_SIZE];
        int size = snprintf(key, sizeof key, "baggage.%.*s", (int)entry.name.size, entry.name.data);
        if (size > 0 && (size_t)size < sizeof key)
            cotel_span_set_string_n(span, key, (size_t)size, entry.value.data, entry.value.size);
    }
    cotel_baggage_unref(baggage);
}

static struct answer serve(const struct server *server, struct MHD_Connection *connection,
                           const struct request *request, const char *method, const char *path)
{
    cotel_context *caller =
        cotel_extract(cotel_context_empty(), &request_headers_getter, connection);
    cotel_token token = cotel_context_attach(caller);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_SERVER;
    cotel_span_scope scope = cotel_span_scope_start(server->tracer, method, &options);

    struct answer answer = strcmp(method, MHD_HTTP_METHOD_POST) == 0
                               ? serve_calls(server, request)
                               : refusal(MHD_HTTP_METHOD_NOT_ALLOWED, "calls are sent by POST");

    describe_request(&scope.span, method, path, answer.status);
    describe_baggage(&scope.span);
    cotel_span_scope_end(&scope);
    cotel_context_detach(token);
    cotel_context_unref(caller);
    return answer;
}

/* ---- libmicrohttpd ---- */

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer answer)
{
    char *text = answer.json ? json_dumps(answer.json, JSON_COMPACT) : NULL;
    json_decref(answer.json);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text ? strlen(text) : 0, text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(text);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    if (answer.status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_POST);
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

/* A body that is too large is read to its end all the same: a client that is still sending would
 * not see the answer. */
static enum MHD_Result collect(struct request *request, const char *data, size_t size)
{
    if (request->too_large || size > SERVER_MAX_BODY_BYTES - request->size) {
        request->too_large = true;
        return MHD_YES;
    }
    char *longer = realloc(request->body, request->size + size);
    if (!longer)
        return MHD_NO;
    memcpy(longer + request->size, data, size);
    request->body = longer;
    request->size += size;
    return MHD_YES;
}

/* Called with the head of a request, with each piece of its body, and at its end. */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    struct request *request = *state;
    (void)version;
    if (!request) {
        *state = calloc(1, sizeof *request);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*size == 0)
        return send_answer(connection, serve(user, connection, request, method, path));
    size_t taken = *size;
    *size = 0;
    return collect(request, data, taken);
}

static void end_request(void *user, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;
    (void)user, (void)connection, (void)code;
    if (request)
        free(request->body);
    free(request);
    *state = NULL;
}

struct server *server_start(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    server->tracer = cotel_tracer_get("cotel.interop.service", NULL);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, handle, server, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_CONNECTION_LIMIT,
        SERVER_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, SERVER_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MAX_HEADER_BYTES, MHD_OPTION_END);
    if (server->daemon)
        return server;
    free(server);
    return NULL;
}

uint16_t server_port(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void server_stop(struct server *server)
{
    MHD_stop_daemon(server->daemon);
    free(server);
}
