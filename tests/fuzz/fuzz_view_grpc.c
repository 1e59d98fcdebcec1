/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes behind HTTP/2's preface, in pieces, as a connection to cotel view: no message that is
 * handed in is larger than allowed, what is held is given back, and there is an end to what is
 * said. */
#include "fuzz.h"

#include "view/grpc/session.h"

enum { MAX_MESSAGE_BYTES = 512 };

static struct ct_outcome take(void *user, enum ct_signal signal, enum ct_format format,
                              const uint8_t *body, size_t size)
{
    struct ct_outcome outcome = {.http_status = 200};

    MUST(format == CT_FORMAT_PROTOBUF && size <= MAX_MESSAGE_BYTES);
    for (size_t i = 0; i < size; i++)
        if (body[i] == 0xFF)
            outcome.http_status = 400;
    return outcome;
}

static void refused(void *user, const char *answer, const char *reason)
{
    MUST(answer[0] && reason[0]);
}

static bool send_all(struct ct_grpc_session *session)
{
    const uint8_t *bytes;
    bool failed;

    while (ct_grpc_session_next(session, &bytes, &failed) > 0)
        MUST(bytes);
    return !failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    struct ct_grpc_host host = {.callbacks = {.take = take, .refused = refused},
                                .max_message_bytes = MAX_MESSAGE_BYTES};
    struct ct_grpc_session *session = ct_grpc_session_create(&host);
    struct input input = {data, size};

    MUST(session);
    MUST(ct_grpc_session_receive(session, (const uint8_t *)preface, sizeof(preface) - 1));
    while (input.left > 0 && send_all(session)) {
        size_t piece;
        const char *bytes = take_text(&input, 255, &piece);
        if (!ct_grpc_session_receive(session, (const uint8_t *)bytes, piece))
            break;
    }
    ct_grpc_session_wind_up(session);
    send_all(session);
    ct_grpc_session_destroy(session);
    MUST(host.held_bytes == 0);
    return 0;
}
