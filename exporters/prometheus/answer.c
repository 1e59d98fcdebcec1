/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/answer.h"

#include "exporters/net/clock.h"
#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/exposition.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct ct_prom_server *server;
    struct ct_prom_client *client;
    struct MHD_Connection *connection;
};

struct header {
    const char *name;
    const char *value;
};

/* Takes `response` over, which may be NULL. `bytes`: of its body. */
static bool send_response(const struct request *request, unsigned status,
                          struct MHD_Response *response, const struct header *headers, size_t bytes)
{
    bool complete = response != NULL;
    for (; complete && headers->name; headers++)
        complete = MHD_add_response_header(response, headers->name, headers->value) == MHD_YES;
    if (complete)
        complete = MHD_queue_response(request->connection, status, response) == MHD_YES;
    if (complete)
        ct_prom_client_takes(&request->server->clients, request->client, bytes, ct_net_now_ns());
    if (response)
        MHD_destroy_response(response); /* a reference of ours */
    return complete;
}

/* ---- a word to whoever asks for something else ---- */

static bool send_text(const struct request *request, unsigned status, const char *text,
                      const char *allow)
{
    const struct header headers[] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8"},
        {allow ? MHD_HTTP_HEADER_ALLOW : NULL, allow},
        {NULL, NULL},
    };
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
    return send_response(request, status, response, headers, strlen(text));
}

static bool send_directions(const struct request *request)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_text_puts(&text, "There is nothing here; metrics are at ");
    ct_prom_text_puts(&text, request->server->exporter->config.path);
    ct_prom_text_put(&text, cotel_str_n("\n", 2)); /* with the end of the string */
    bool sent = !text.failed && send_text(request, MHD_HTTP_NOT_FOUND, text.data, NULL);
    ct_prom_text_fini(&text);
    return sent;
}

/* ---- an exposition ---- */

/* The values of a header that may come in several lines, as one list. */
struct lines {
    const char *name;
    struct ct_prom_text text;
};

static enum MHD_Result add_line(void *user, enum MHD_ValueKind kind, const char *name,
                                const char *value)
{
    struct lines *lines = user;
    if (strcasecmp(name, lines->name) != 0 || !value)
        return MHD_YES;
    if (lines->text.size > 0)
        ct_prom_text_putc(&lines->text, ',');
    ct_prom_text_puts(&lines->text, value);
    return MHD_YES;
}

static struct lines find_lines(const struct request *request, const char *name)
{
    struct lines lines = {.name = name};
    (void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND, add_line, &lines);
    return lines;
}

static void negotiate(const struct request *request, cotel_prometheus_exposition *exposition)
{
    struct lines accept = find_lines(request, MHD_HTTP_HEADER_ACCEPT);
    struct lines encoding = find_lines(request, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    cotel_prometheus_negotiate(ct_prom_text_str(&accept.text), ct_prom_text_str(&encoding.text),
                               exposition);
    ct_prom_text_fini(&accept.text);
    ct_prom_text_fini(&encoding.text);
}

static bool send_exposition(const struct request *request, cotel_prometheus_exposition *exposition)
{
    struct ct_prom_counters *counters = &request->server->exporter->counters;
    const struct header headers[] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, exposition->content_type},
        {MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding"},
        {"X-Content-Type-Options", "nosniff"},
        {exposition->gzip ? MHD_HTTP_HEADER_CONTENT_ENCODING : NULL, "gzip"},
        {NULL, NULL},
    };
    size_t size = exposition->length;
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(size, exposition->owner, free);
    if (response)
        exposition->owner = NULL; /* the response's now */
    if (!send_response(request, MHD_HTTP_OK, response, headers, size))
        return false;
    ct_prom_count(&counters->scrapes, 1);
    ct_prom_count(&counters->scrape_bytes, size);
    return true;
}

static bool send_failure(const struct request *request, const char *reason)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_count(&request->server->exporter->counters.failures, 1);
    ct_prom_text_puts(&text, "The metrics could not be collected: ");
    ct_prom_text_puts(&text, reason);
    ct_prom_text_put(&text, cotel_str_n("\n", 2)); /* with the end of the string */
    bool sent = !text.failed && send_text(request, MHD_HTTP_SERVICE_UNAVAILABLE, text.data, NULL);
    ct_prom_text_fini(&text);
    return sent;
}

static bool is_too_much(const struct ct_prom_server *server, size_t length)
{
    size_t max = server->exporter->config.max_pending_bytes;
    return length > max || server->clients.pending_bytes > max - length;
}

static bool answer_scrape(const struct request *request)
{
    struct ct_prom_server *server = request->server;
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    bool sent;
    negotiate(request, &exposition);
    cotel_status status =
        ct_prom_expose(server->exporter, server->exporter->config.collect_timeout_ms, &exposition);
    if (status == COTEL_STATUS_SHUT_DOWN)
        sent = send_failure(request, "no meter provider is at work");
    else if (status != COTEL_STATUS_OK)
        sent = send_failure(request, cotel_status_text(status));
    else if (is_too_much(server, exposition.length))
        sent = send_failure(request, "other clients have not taken theirs yet");
    else
        sent = send_exposition(request, &exposition);
    cotel_prometheus_exposition_fini(&exposition);
    return sent;
}

bool ct_prom_is_read(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

bool ct_prom_answer(struct ct_prom_server *server, struct ct_prom_client *client,
                    struct MHD_Connection *connection, const char *method, const char *path)
{
    const struct request request = {server, client, connection};
    if (strcmp(path, server->exporter->config.path) != 0) {
        ct_prom_count(&server->exporter->counters.misdirected, 1);
        return send_directions(&request);
    }
    if (ct_prom_is_read(method))
        return answer_scrape(&request);
    ct_prom_count(&server->exporter->counters.misdirected, 1);
    return send_text(&request, MHD_HTTP_METHOD_NOT_ALLOWED, "Metrics are to be read: GET\n",
                     "GET, HEAD");
}
