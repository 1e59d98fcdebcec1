/* SPDX-License-Identifier: Apache-2.0 */
#include "view/grpc/call.h"

#include "view/inflate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_TYPE "application/grpc"

/* application/grpc, +proto or not, whatever parameters follow it. */
static bool is_grpc_type(const char *value)
{
    size_t length = strlen(CONTENT_TYPE);

    if (strncmp(value, CONTENT_TYPE, length) != 0)
        return false;
    value += length;
    if (strncmp(value, "+proto", strlen("+proto")) == 0)
        value += strlen("+proto");
    return *value == '\0' || *value == ';' || *value == ' ';
}

void ct_grpc_call_header(struct ct_grpc_call *call, const char *name, const char *value)
{
    if (strcmp(name, ":method") == 0)
        call->is_post = strcmp(value, "POST") == 0;
    else if (strcmp(name, ":path") == 0)
        call->is_for_us = ct_signal_of_method(value, &call->signal);
    else if (strcmp(name, "content-type") == 0)
        call->is_grpc = is_grpc_type(value);
    else if (strcmp(name, "grpc-encoding") == 0) {
        call->is_gzip = strcmp(value, "gzip") == 0;
        call->is_encoding_unknown = !call->is_gzip && strcmp(value, "identity") != 0;
    }
}

void ct_grpc_call_begin(struct ct_grpc_call *call)
{
    if (!call->is_grpc)
        ct_outcome_refuse(&call->outcome, 415, "this port takes gRPC, application/grpc");
    else if (!call->is_post)
        ct_outcome_refuse(&call->outcome, 501, "calls are sent by POST");
    else if (!call->is_for_us)
        ct_outcome_refuse(&call->outcome, 501,
                          "only traces and metrics are taken, by Export of OTLP's services");
    else if (call->is_encoding_unknown)
        ct_outcome_refuse(&call->outcome, 501, "this encoding is not known: gzip and identity are");
}

void ct_grpc_call_forget(struct ct_grpc_call *call, struct ct_grpc_host *host)
{
    if (call->message)
        host->held_bytes -= call->message_size;
    free(call->message);
    call->message = NULL;
}

static void begin_message(struct ct_grpc_call *call, struct ct_grpc_host *host)
{
    uint32_t size = (uint32_t)call->head[1] << 24 | (uint32_t)call->head[2] << 16 |
                    (uint32_t)call->head[3] << 8 | call->head[4];

    if (call->head[0] > 1 || (call->head[0] == 1 && !call->is_gzip))
        ct_outcome_refuse(&call->outcome, 500, "a message is packed in a way that was not told");
    else if (size > host->max_message_bytes)
        ct_outcome_refuse(&call->outcome, 413, "the message of %u bytes is larger than %zu",
                          (unsigned)size, host->max_message_bytes);
    else if (size > CT_RECEIVER_MAX_HELD_BYTES - host->held_bytes)
        ct_outcome_refuse(&call->outcome, 503, "too many large messages arrive at once");
    else if (!(call->message = malloc(size ? size : 1)))
        ct_outcome_refuse(&call->outcome, 503, "memory is out");
    else
        host->held_bytes += call->message_size = size;
}

/* Returns how much of it belongs to the message's head. */
static size_t take_head(struct ct_grpc_call *call, struct ct_grpc_host *host, const uint8_t *data,
                        size_t size)
{
    size_t missing = CT_GRPC_HEAD_SIZE - call->head_size;
    size_t taken = size < missing ? size : missing;

    memcpy(call->head + call->head_size, data, taken);
    call->head_size += taken;
    if (taken > 0 && call->head_size == CT_GRPC_HEAD_SIZE)
        begin_message(call, host);
    return taken;
}

void ct_grpc_call_data(struct ct_grpc_call *call, struct ct_grpc_host *host, const uint8_t *data,
                       size_t size)
{
    if (call->outcome.http_status || size == 0)
        return;
    size_t taken = take_head(call, host, data, size);
    if (call->outcome.http_status || taken == size)
        return;
    if (size - taken > call->message_size - call->received) {
        ct_outcome_refuse(&call->outcome, 501, "there is more than one message in the call");
        return;
    }
    memcpy(call->message + call->received, data + taken, size - taken);
    call->received += size - taken;
}

static struct ct_outcome take(const struct ct_grpc_call *call, const struct ct_grpc_host *host,
                              const uint8_t *message, size_t size)
{
    return host->callbacks.take(host->callbacks.user, call->signal, CT_FORMAT_PROTOBUF, message,
                                size);
}

static void take_gzip(struct ct_grpc_call *call, const struct ct_grpc_host *host)
{
    uint8_t *opened = NULL;
    size_t size = 0;

    switch (
        ct_inflate(call->message, call->message_size, host->max_message_bytes, &opened, &size)) {
    case CT_INFLATE_OK:
        call->outcome = take(call, host, opened, size);
        break;
    case CT_INFLATE_MALFORMED:
        ct_outcome_refuse(&call->outcome, 500, "the message is not gzip, or is cut off");
        break;
    case CT_INFLATE_TOO_LARGE:
        ct_outcome_refuse(&call->outcome, 413, "the message unfolds to more than %zu bytes",
                          host->max_message_bytes);
        break;
    case CT_INFLATE_OUT_OF_MEMORY:
        ct_outcome_refuse(&call->outcome, 503, "memory is out");
        break;
    }
    free(opened);
}

void ct_grpc_call_end(struct ct_grpc_call *call, struct ct_grpc_host *host)
{
    if (call->outcome.http_status)
        return;
    if (call->head_size == 0)
        ct_outcome_refuse(&call->outcome, 501, "there is no message in the call");
    else if (call->head_size < CT_GRPC_HEAD_SIZE || call->received < call->message_size)
        ct_outcome_refuse(&call->outcome, 500, "the message is cut off");
    else if (call->head[0] == 1)
        take_gzip(call, host);
    else
        call->outcome = take(call, host, call->message, call->message_size);
}

void ct_grpc_encode_message(const char *text, char out[CT_GRPC_MESSAGE_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    size_t size = 0;

    for (const char *c = text; *c && size + 3 < CT_GRPC_MESSAGE_SIZE; c++) {
        uint8_t byte = (uint8_t)*c;
        if (byte >= 0x20 && byte < 0x7F && byte != '%') {
            out[size++] = *c;
            continue;
        }
        out[size++] = '%';
        out[size++] = digits[byte >> 4];
        out[size++] = digits[byte & 15];
    }
    out[size] = '\0';
}

const char *ct_grpc_code_name(enum ct_grpc_code code)
{
    switch (code) {
    case CT_GRPC_OK:
        return "OK";
    case CT_GRPC_INVALID_ARGUMENT:
        return "INVALID_ARGUMENT";
    case CT_GRPC_NOT_FOUND:
        return "NOT_FOUND";
    case CT_GRPC_RESOURCE_EXHAUSTED:
        return "RESOURCE_EXHAUSTED";
    case CT_GRPC_UNIMPLEMENTED:
        return "UNIMPLEMENTED";
    case CT_GRPC_INTERNAL:
        return "INTERNAL";
    case CT_GRPC_UNAVAILABLE:
        return "UNAVAILABLE";
    case CT_GRPC_UNKNOWN:
        break;
    }
    return "UNKNOWN";
}
