/* SPDX-License-Identifier: Apache-2.0 */
#include "common/llm_http.h"
#include "common/llm_stream.h"

#include <cotel/propagation.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT_MS 2000L
#define REQUEST_TIMEOUT_MS 60000L
/* A longer answer is a failure. */
#define MAX_ANSWER_BYTES (4u << 20)

/* ---- the server --------------------------------------------------------------------------- */

static bool read_url_parts(CURLU *url, struct llm_server *server)
{
    char *host = NULL;
    char *port = NULL;
    bool known = curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                 curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    if (known) {
        snprintf(server->host, sizeof server->host, "%s", host);
        server->port = strtol(port, NULL, 10); /* libcurl has checked it */
    }
    curl_free(host);
    curl_free(port);
    return known;
}

bool llm_server_from_env(struct llm_server *server)
{
    const char *base = getenv("LLM_URL");
    CURLU *url = curl_url();
    bool known = base && url && curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
                 read_url_parts(url, server);
    curl_url_cleanup(url);
    if (!known) {
        fprintf(stderr, "LLM_URL is not set, or no URL\n");
        return false;
    }
    snprintf(server->url, sizeof server->url, "%s/chat/completions", base);
    return true;
}

/* ---- the headers -------------------------------------------------------------------------- */

static void add_header(struct curl_slist **headers, const char *name, cotel_str value)
{
    char *line;
    if (asprintf(&line, "%s: %.*s", name, (int)value.size, value.data) < 0)
        return;
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (longer)
        *headers = longer;
    free(line);
}

/* The carrier of the trace is libcurl's header list; this is all that cotel_inject() needs. */
static void set_header(void *carrier, cotel_str key, cotel_str value)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)key.size, key.data);
    add_header(carrier, name, value);
}

static const cotel_setter curl_setter = {sizeof curl_setter, set_header};

static struct curl_slist *make_headers(void)
{
    struct curl_slist *headers = NULL;
    add_header(&headers, "Content-Type", cotel_str_of("application/json"));
    const char *key = getenv("LLM_API_KEY");
    char *bearer = NULL;
    if (key && *key && asprintf(&bearer, "Bearer %s", key) >= 0) {
        add_header(&headers, "Authorization", cotel_str_of(bearer));
        free(bearer);
    }
    cotel_inject(NULL, &curl_setter, &headers);
    return headers;
}

/* ---- the exchange ------------------------------------------------------------------------- */

struct answer {
    FILE *file; /* collects the body, as it comes */
    char *body;
    size_t body_size;
    size_t received;
    struct llm_stream *stream; /* NULL when not streamed */
};

static size_t take_bytes(char *data, size_t one, size_t count, void *user)
{
    struct answer *answer = user;
    size_t size = one * count;
    answer->received += size;
    if (answer->received > MAX_ANSWER_BYTES)
        return 0;
    if (answer->stream)
        llm_stream_feed(answer->stream, data, size);
    return fwrite(data, 1, size, answer->file);
}

static CURLcode perform(const struct llm_server *server, const char *request, struct answer *answer,
                        long *status)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        return CURLE_FAILED_INIT;
    struct curl_slist *headers = make_headers();
    curl_easy_setopt(curl, CURLOPT_URL, server->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, REQUEST_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code;
}

/* ---- what became of it -------------------------------------------------------------------- */

static void fail(struct llm_reply *reply, const char *type, const char *text, bool may_pass)
{
    reply->error_type = type;
    reply->may_pass = may_pass;
    snprintf(reply->error_text, sizeof reply->error_text, "%s", text);
}

static const char *transport_error_type(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "name_not_resolved";
    case CURLE_COULDNT_CONNECT:
        return "connect_failed";
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    default:
        return "transport_failed";
    }
}

static const char *status_error_type(long status)
{
    static const struct {
        long status;
        const char *name;
    } known[] = {{400, "400"}, {401, "401"}, {403, "403"}, {404, "404"}, {408, "408"},
                 {429, "429"}, {500, "500"}, {502, "502"}, {503, "503"}, {504, "504"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].status == status)
            return known[i].name;
    return "_OTHER";
}

static void judge(CURLcode code, long status, const char *body, struct llm_reply *reply)
{
    if (code != CURLE_OK) {
        fail(reply, transport_error_type(code), curl_easy_strerror(code), true);
        return;
    }
    if (status == 200)
        return;
    json_t *answer = json_loads(body, 0, NULL);
    const json_t *message = json_object_get(json_object_get(answer, "error"), "message");
    const char *text = json_string_value(message);
    fail(reply, status_error_type(status), text ? text : "the server refused",
         status >= 500 || status == 429 || status == 408);
    json_decref(answer);
}

static void exchange(const struct llm_server *server, const char *request, struct answer *answer,
                     struct llm_reply *reply)
{
    long status = 0;
    CURLcode code = perform(server, request, answer, &status);
    fflush(answer->file);
    judge(code, status, answer->body, reply);
    if (reply->error_type)
        return;
    if (answer->stream)
        reply->completion = llm_stream_finish(answer->stream, &reply->first_chunk_s);
    else
        reply->completion = json_loadb(answer->body, answer->body_size, 0, NULL);
}

void llm_http_post(const struct llm_server *server, const char *request, bool stream,
                   struct llm_reply *reply)
{
    struct llm_stream pieces = {0};
    struct answer answer = {.stream = stream ? &pieces : NULL};
    answer.file = open_memstream(&answer.body, &answer.body_size);
    if (answer.file && (!stream || llm_stream_init(&pieces)))
        exchange(server, request, &answer, reply);
    else
        fail(reply, "out_of_memory", "out of memory", false);
    llm_stream_fini(&pieces);
    if (answer.file)
        fclose(answer.file);
    free(answer.body);
}

void llm_reply_fini(struct llm_reply *reply)
{
    json_decref(reply->completion);
    reply->completion = NULL;
}
