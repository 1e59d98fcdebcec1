/* SPDX-License-Identifier: Apache-2.0 */
/* What the answer to a call means. */
#include "exporters/otlp/encode/gunzip.h"
#include "exporters/otlp/encode/response.h"
#include "exporters/otlp/grpc/call.h"
#include "exporters/otlp/grpc/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int code_of(const struct ct_grpc_call *call)
{
    if (call->code >= 0)
        return call->code;
    if (call->reset != NGHTTP2_NO_ERROR)
        return ct_grpc_code_of_reset(call->reset);
    return call->http_status != 200 ? ct_grpc_code_of_http(call->http_status) : CT_GRPC_UNKNOWN;
}

/* The message in the answer; false: there is none, or it is not all there. */
static bool find_message(const struct ct_grpc_call *call, const unsigned char **message,
                         size_t *size)
{
    if (call->received < CT_GRPC_PREFIX_SIZE || call->received > CT_GRPC_KEPT_BYTES)
        return false;
    *message = call->kept + CT_GRPC_PREFIX_SIZE;
    *size = (size_t)call->kept[1] << 24 | (size_t)call->kept[2] << 16 | (size_t)call->kept[3] << 8 |
            call->kept[4];
    return *size <= call->received - CT_GRPC_PREFIX_SIZE;
}

enum reading { READ, UNREADABLE, TOO_LONG };

static enum reading read_packed(const struct ct_grpc_call *call, const unsigned char *message,
                                size_t size, struct ct_otlp_response *response)
{
    char *plain = NULL;
    size_t plain_size = 0;
    enum reading reading = UNREADABLE;
    switch (ct_otlp_gunzip(message, size, call->max_response_bytes, &plain, &plain_size)) {
    case CT_OTLP_GUNZIP_OK:
        reading = ct_otlp_response_read(plain, plain_size, response) ? READ : UNREADABLE;
        break;
    case CT_OTLP_GUNZIP_TOO_LONG:
        reading = TOO_LONG;
        break;
    case CT_OTLP_GUNZIP_FAILED:
        break;
    }
    free(plain);
    return reading;
}

static enum reading read_response(const struct ct_grpc_call *call,
                                  struct ct_otlp_response *response)
{
    const unsigned char *message;
    size_t size;
    *response = (struct ct_otlp_response){0};
    if (!find_message(call, &message, &size))
        return UNREADABLE;
    bool is_packed = call->kept[0] != 0;
    if (is_packed && call->is_compressed)
        return read_packed(call, message, size, response);
    return !is_packed && ct_otlp_response_read(message, size, response) ? READ : UNREADABLE;
}

static void fail_for_length(const struct ct_grpc_call *call, struct ct_otlp_answer *answer)
{
    answer->verdict = CT_OTLP_FAILED;
    snprintf(answer->message, sizeof answer->message, "the answer is longer than %zu bytes",
             call->max_response_bytes);
}

/* An answer of success is one, whatever its message is like: to send the items again would double
 * them. */
static void read_success(const struct ct_grpc_call *call, struct ct_otlp_answer *answer)
{
    struct ct_otlp_response response;
    switch (read_response(call, &response)) {
    case TOO_LONG:
        fail_for_length(call, answer);
        break;
    case UNREADABLE:
        snprintf(answer->message, sizeof answer->message,
                 "the peer accepts with an answer that cannot be decoded");
        break;
    case READ:
        answer->rejected = response.rejected;
        if (response.rejected > 0)
            snprintf(answer->message, sizeof answer->message, "the peer rejects %" PRIu64 " %s: %s",
                     response.rejected, call->signal->items, response.text);
        else if (response.text[0] != '\0')
            snprintf(answer->message, sizeof answer->message, "the peer warns: %s", response.text);
        break;
    }
}

/* What to say behind the status: the peer's words, or why there are none. */
static const char *reason_of(const struct ct_grpc_call *call)
{
    if (call->code >= 0 || call->message[0] != '\0')
        return call->message;
    return call->reset != NGHTTP2_NO_ERROR ? nghttp2_http2_strerror(call->reset)
                                           : "the answer has no status";
}

static void tell_status(const struct ct_grpc_call *call, int code, struct ct_otlp_answer *answer)
{
    const char *reason = reason_of(call);
    snprintf(answer->message, sizeof answer->message, "gRPC status %s%s%s", ct_grpc_code_name(code),
             reason[0] != '\0' ? ": " : "", reason);
}

void ct_grpc_call_answer(const struct ct_grpc_call *call, struct ct_otlp_answer *answer)
{
    *answer = (struct ct_otlp_answer){.retry_after_ns = call->retry_after_ns};
    if (call->is_too_long) {
        fail_for_length(call, answer);
        return;
    }
    if (call->was_cut && call->code < 0) {
        answer->verdict = CT_OTLP_RETRY;
        snprintf(answer->message, sizeof answer->message,
                 "the connection broke before the answer: %s", call->message);
        return;
    }
    int code = code_of(call);
    answer->verdict = ct_grpc_verdict(code, call->retry_after_ns != CT_OTLP_NOT_SAID);
    if (answer->verdict == CT_OTLP_ACCEPTED)
        read_success(call, answer);
    else if (call->code < 0 && !call->is_grpc && call->http_status != 0)
        snprintf(answer->message, sizeof answer->message,
                 "HTTP status %d, not of gRPC; is it an OTLP endpoint?", call->http_status);
    else
        tell_status(call, code, answer);
}
