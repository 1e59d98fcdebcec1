/* SPDX-License-Identifier: Apache-2.0 */
/* What a processor takes out of a span is nowhere in the bytes that go over the wire. The peer is a
 * plain socket that keeps all it gets. */
#include "../../support/sdk_fixture.h"

#include <cotel/exporters/otlp.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECRET "hunter2-and-more"
#define OTHER_SECRET "4111111111111111"
#define BYTES (1u << 20)

/* ---- the peer ---- */

struct peer {
    int listener;
    unsigned port;
    pthread_t thread;
    char bytes[BYTES];
    size_t size;
};

/* Whether bytes from `start` on are a whole request. */
static bool is_whole(const struct peer *peer, size_t start)
{
    const char *head = peer->bytes + start;
    const char *body = memmem(head, peer->size - start, "\r\n\r\n", 4);
    const char *length = memmem(head, peer->size - start, "Content-Length: ", 16);
    if (body == NULL || length == NULL || length > body)
        return false;
    size_t size = strtoul(length + 16, NULL, 10);
    return (size_t)(peer->bytes + peer->size - (body + 4)) >= size;
}

static void serve(struct peer *peer, int connection)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"
                                 "Content-Length: 0\r\n\r\n";
    for (size_t start = peer->size;;) {
        ssize_t got = recv(connection, peer->bytes + peer->size, BYTES - 1 - peer->size, 0);
        if (got <= 0)
            break;
        peer->size += (size_t)got;
        if (!is_whole(peer, start))
            continue;
        if (send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0)
            break;
        start = peer->size;
    }
    (void)close(connection);
}

/* One connection after another, until the listener is shut down. */
static void *listen_on(void *state)
{
    struct peer *peer = state;
    int connection;
    while ((connection = accept(peer->listener, NULL, NULL)) >= 0)
        serve(peer, connection);
    return NULL;
}

static struct peer *peer_start(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    struct peer *peer = calloc(1, sizeof *peer);
    assert_non_null(peer);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(peer->listener, 8), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&peer->thread, NULL, listen_on, peer), 0);
    return peer;
}

/* The provider is gone, so its connection is closed, and the peer has read all. */
static void peer_stop(struct peer *peer)
{
    (void)shutdown(peer->listener, SHUT_RDWR);
    assert_int_equal(pthread_join(peer->thread, NULL), 0);
    (void)close(peer->listener);
}

static bool got(const struct peer *peer, const char *text)
{
    return memmem(peer->bytes, peer->size, text, strlen(text)) != NULL;
}

/* ---- processors ---- */

static void redact(cotel_span_processor *self, cotel_span_data *span)
{
    const cotel_attribute masked = cotel_attribute_string("card", "***");
    (void)cotel_span_data_remove(span, cotel_str_of("password"));
    (void)cotel_span_data_set(span, &masked);
}

static unsigned card_was_masked;

static void look_and_rename(cotel_span_processor *self, cotel_span_data *span)
{
    cotel_value_view value;
    if (cotel_span_data_get(span, cotel_str_of("card"), &value) && text_is(value.text, "***"))
        card_was_masked++;
    (void)cotel_span_data_rename(span, cotel_str_of("card"), cotel_str_of("payment"));
}

static const cotel_span_processor_ops redacting_ops = {.size = sizeof redacting_ops,
                                                       .on_ending = redact},
                                      renaming_ops = {.size = sizeof renaming_ops,
                                                      .on_ending = look_and_rename};

static cotel_tracer_provider *provider_to(const struct peer *peer)
{
    static cotel_span_processor redacting = {&redacting_ops}, renaming = {&renaming_ops};
    char url[64];
    cotel_exporter *exporter;
    cotel_span_processor *processors[] = {NULL, &redacting, &renaming};
    cotel_tracer_provider *provider;
    cotel_otlp_http_options http = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/v1/traces", peer->port);
    http.endpoint = url;
    assert_int_equal(cotel_otlp_http_exporter_create(&http, &exporter), COTEL_STATUS_OK);
    /* The exporting one comes first: all on_ending run before any on_end. */
    assert_int_equal(cotel_batch_processor_create(exporter, NULL, &processors[0]), COTEL_STATUS_OK);
    options.processors = processors;
    options.processor_count = COUNT_OF(processors);
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    return provider;
}

static void make_span(cotel_tracer *tracer, int number)
{
    cotel_span span = cotel_span_start(tracer, "checkout " SECRET, NULL);
    cotel_span_set_string(&span, "first", "stays");
    cotel_span_set_string(&span, "password", SECRET);
    cotel_span_set_string(&span, "card", OTHER_SECRET);
    cotel_span_set_string(&span, "overwritten", SECRET);
    for (int i = 0; i < number; i++) /* some outgrow the slot, some do not */
        cotel_span_add_event(&span, "an event that takes room", NULL, 0);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, SECRET);
    cotel_span_set_string(&span, "overwritten", "harmless");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "declined");
    cotel_span_update_name(&span, "checkout");
    cotel_span_end(&span);
}

static void no_secret_goes_over_the_wire(void **state)
{
    struct peer *peer = peer_start();
    cotel_tracer_provider *provider = provider_to(peer);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "redaction", NULL);
    for (int i = 0; i < 100; i++)
        make_span(tracer, i);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, FLUSH_MS, NULL), COTEL_STATUS_OK);
    assert_int_equal(sdk_counts(provider).pipelines[0].accepted, 100);
    cotel_tracer_provider_destroy(provider);
    peer_stop(peer);
    assert_int_equal(card_was_masked, 100);
    assert_true(got(peer, "checkout"));
    assert_true(got(peer, "harmless"));
    assert_true(got(peer, "declined"));
    assert_true(got(peer, "payment"));
    assert_true(got(peer, "***"));
    assert_false(got(peer, SECRET));
    assert_false(got(peer, OTHER_SECRET));
    assert_false(got(peer, "password"));
    assert_false(got(peer, "card"));
    free(peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_secret_goes_over_the_wire)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
