/* SPDX-License-Identifier: Apache-2.0 */
/* One trace over two programs, with a message format of one's own: header lines, an empty line, a
 * body. Run both ends over a pipe:
 *
 *     context_in_messages send | context_in_messages receive */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024

/* The session that the work belongs to travels with it, as baggage. */
static cotel_token enter_session(const char *id)
{
    cotel_baggage *baggage = cotel_baggage_set(NULL, "session.id", id);
    cotel_context *session = cotel_context_with_baggage(NULL, baggage);
    cotel_token token = cotel_context_attach(session);
    cotel_context_unref(session);
    cotel_baggage_unref(baggage);
    return token;
}

/* The context goes into a cotel_headers, and from there into the message. */
static void send_message(cotel_tracer *tracer)
{
    cotel_token session = enter_session("s-17");
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_PRODUCER;
    cotel_span_scope scope = cotel_span_scope_start(tracer, "send", &options);

    cotel_headers headers = {0};
    cotel_inject(NULL, &cotel_headers_setter, &headers);
    for (size_t i = 0; i < headers.count; i++)
        printf("%s: %s\n", headers.items[i].key, headers.items[i].value);
    printf("\nhello\n");

    cotel_span_scope_end(&scope);
    cotel_context_detach(session);
}

/* Reads header lines up to the empty one. */
static void read_headers(FILE *in, cotel_headers *headers)
{
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, in) && line[0] != '\n') {
        line[strcspn(line, "\n")] = '\0';
        char *colon = strstr(line, ": ");
        if (!colon)
            continue;
        *colon = '\0';
        cotel_headers_set(headers, cotel_str_of(line), cotel_str_of(colon + 2));
    }
}

static void set_session(const cotel_span *span, const cotel_context *context)
{
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_baggage_entry entry;
    if (cotel_baggage_get(baggage, cotel_str_of("session.id"), &entry)) {
        const cotel_attribute session =
            cotel_attribute_of("session.id", cotel_value_string(entry.value));
        cotel_span_set_attribute(span, &session);
    }
    cotel_baggage_unref(baggage);
}

/* The span of the work has the sender's span for a parent: it was extracted from the message. */
static void receive_message(cotel_tracer *tracer)
{
    cotel_headers headers = {0};
    read_headers(stdin, &headers);
    cotel_context *sender = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);

    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CONSUMER;
    options.parent = sender;
    cotel_span span = cotel_span_start(tracer, "process", &options);

    set_session(&span, sender);
    char body[LINE_BYTES];
    if (fgets(body, sizeof body, stdin))
        cotel_span_set_int(&span, "message.size", (int64_t)strlen(body));

    cotel_span_end(&span);
    cotel_context_unref(sender);
}

int main(int argc, char **argv)
{
    bool sends = argc == 2 && strcmp(argv[1], "send") == 0;
    bool receives = argc == 2 && strcmp(argv[1], "receive") == 0;
    if (!sends && !receives) {
        fprintf(stderr, "usage: %s send|receive\n", argv[0]);
        return 2;
    }
    setenv("OTEL_SERVICE_NAME", sends ? "sender" : "receiver", 0);
    cotel_sdk_init_from_env();
    cotel_tracer *tracer = cotel_tracer_get("context.in.messages", NULL);
    if (sends)
        send_message(tracer);
    else
        receive_message(tracer);
    return cotel_sdk_shutdown(2000, NULL);
}
