/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes from the peer, in pieces of any size, into a session with calls under way. Each call
 * ends at most once, and what it came to is told in one plain line. The input: a byte for the size
 * of the pieces, and the bytes. */
#include "exporters/otlp/grpc/session.h"

#include "fuzz.h"

enum { CALLS = 3, ENDLESS = 1000, MAX_RESPONSE = 4096 };

struct peer {
    struct ct_grpc_connection connection;
    struct ct_grpc_call calls[CALLS];
    struct ct_otlp_request bodies[CALLS];
};

/* What the session has to say goes nowhere. */
static void send_all(nghttp2_session *session)
{
    const uint8_t *frame;
    for (int i = 0; i < ENDLESS && nghttp2_session_mem_send(session, &frame) > 0; i++)
        ;
}

static void start_calls(struct peer *peer)
{
    static char name[] = "x-key", value[] = "v", authority[] = "localhost", agent[] = "fuzz";
    static struct ct_grpc_header header = {name, value};
    static struct ct_otlp_piece piece = {"\x0a\x00", 2};
    const struct ct_grpc_config config = {
        .signal = ct_otlp_signal_of(COTEL_SIGNAL_METRICS),
        .target = {.authority = authority},
        .headers = &header,
        .header_count = 1,
        .user_agent = agent,
        .max_response_bytes = MAX_RESPONSE,
    };
    for (size_t i = 0; i < CALLS; i++) {
        peer->bodies[i] = (struct ct_otlp_request){.size = 2, .pieces = &piece, .piece_count = 1};
        MUST(ct_grpc_call_start(&peer->calls[i], peer->connection.session, &config,
                                &peer->bodies[i], 1, 1000000));
    }
    send_all(peer->connection.session);
}

static void feed(struct peer *peer, const uint8_t *data, size_t size, size_t piece)
{
    nghttp2_session *session = peer->connection.session;
    for (size_t at = 0; at < size; at += piece) {
        size_t these = size - at < piece ? size - at : piece;
        if (nghttp2_session_mem_recv(session, data + at, these) < 0)
            return;
        send_all(session);
    }
}

static void must_be_plain(const char *text, size_t capacity)
{
    MUST(memchr(text, '\0', capacity) != NULL);
    for (; *text != '\0'; text++)
        MUST(*text >= 0x20 && *text < 0x7f);
}

static void look_at(const struct ct_grpc_call *call)
{
    struct ct_otlp_answer answer;
    MUST(call->is_done && call->session == NULL);
    ct_grpc_call_answer(call, &answer);
    MUST(answer.verdict <= CT_OTLP_FAILED);
    MUST(answer.verdict == CT_OTLP_ACCEPTED || answer.message[0] != '\0');
    MUST(answer.verdict == CT_OTLP_ACCEPTED || answer.rejected == 0);
    must_be_plain(answer.message, sizeof answer.message);
}

/* The first one is given up, if it is still there; the others break with the connection. */
static void end_calls(struct peer *peer)
{
    bool was_done = peer->calls[0].is_done;
    if (was_done)
        look_at(&peer->calls[0]);
    ct_grpc_call_stop(&peer->calls[0]);
    send_all(peer->connection.session);
    MUST(!peer->calls[0].is_done);
    for (size_t i = 1; i < CALLS; i++) {
        if (!peer->calls[i].is_done)
            ct_grpc_call_cut(&peer->calls[i], "the end");
        look_at(&peer->calls[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct peer peer = {.connection = {.stage = CT_GRPC_OPEN}};
    if (size == 0)
        return 0;
    peer.connection.session = ct_grpc_session_create(&peer.connection);
    MUST(peer.connection.session != NULL);
    start_calls(&peer);
    feed(&peer, data + 1, size - 1, (size_t)data[0] * 16 + 1);
    must_be_plain(peer.connection.error, sizeof peer.connection.error);
    end_calls(&peer);
    nghttp2_session_del(peer.connection.session);
    for (size_t i = 0; i < CALLS; i++)
        ct_grpc_call_fini(&peer.calls[i]);
    return 0;
}
