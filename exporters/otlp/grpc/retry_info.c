/* SPDX-License-Identifier: Apache-2.0 */
/* grpc-status-details-bin: base64 of a google.rpc.Status whose details are google.protobuf.Any, one
 * of which may be a google.rpc.RetryInfo. */
#include "exporters/net/clock.h"
#include "exporters/otlp/grpc/status.h"
#include "proto/check.h"
#include "proto/error_details.pb-c.h"
#include "proto/status.pb-c.h"

#include <string.h>

/* A header this long is no status; nghttp2 takes no more than 64 KiB of headers anyway. */
enum { DETAILS_MAX_SIZE = 8192 };

static const char retry_info_type[] = "/google.rpc.RetryInfo";

static int digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Decodes, with or without padding; the size, 0 for what is no base64 or too long. */
static size_t decode(const char *text, size_t size, uint8_t *out, size_t capacity)
{
    uint32_t bits = 0;
    size_t used = 0;
    while (size > 0 && text[size - 1] == '=')
        size--;
    if (size / 4 * 3 + 3 > capacity)
        return 0;
    for (size_t i = 0; i < size; i++) {
        if (digit(text[i]) < 0)
            return 0;
        bits = bits << 6 | (uint32_t)digit(text[i]);
        if (i % 4 != 0)
            out[used++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return used;
}

static ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
                                size_t size)
{
    struct ct_proto_fault fault;
    if (ct_proto_check(type, bytes, size, &fault) != CT_PROTO_OK)
        return NULL;
    return protobuf_c_message_unpack(type, NULL, size, bytes);
}

static uint64_t duration_ns(const Google__Rpc__Duration *delay)
{
    if (delay == NULL || delay->seconds < 0 || delay->nanos < 0)
        return 0; /* at once, after the shortest wait */
    uint64_t seconds = (uint64_t)delay->seconds;
    uint64_t whole =
        seconds < UINT64_MAX / CT_NET_NS_PER_S ? seconds * CT_NET_NS_PER_S : CT_OTLP_NOT_SAID - 1;
    uint64_t sum = ct_net_after_ns(whole, (uint64_t)delay->nanos);
    return sum < CT_OTLP_NOT_SAID ? sum : CT_OTLP_NOT_SAID - 1;
}

static uint64_t read_retry_info(const Google__Rpc__Any *detail)
{
    size_t wanted = sizeof retry_info_type - 1;
    size_t size = detail->type_url.len;
    if (size < wanted ||
        memcmp(detail->type_url.data + size - wanted, retry_info_type, wanted) != 0)
        return CT_OTLP_NOT_SAID;
    ProtobufCMessage *message =
        unpack(&ct_google__rpc__retry_info__descriptor, detail->value.data, detail->value.len);
    if (message == NULL)
        return CT_OTLP_NOT_SAID;
    uint64_t delay = duration_ns(((const Google__Rpc__RetryInfo *)message)->retry_delay);
    protobuf_c_message_free_unpacked(message, NULL);
    return delay;
}

uint64_t ct_grpc_retry_delay_ns(const char *header, size_t size)
{
    uint8_t bytes[DETAILS_MAX_SIZE];
    size_t decoded = decode(header, size, bytes, sizeof bytes);
    ProtobufCMessage *message =
        decoded > 0 ? unpack(&ct_google__rpc__status__descriptor, bytes, decoded) : NULL;
    if (message == NULL)
        return CT_OTLP_NOT_SAID;
    const Google__Rpc__Status *status = (const Google__Rpc__Status *)message;
    uint64_t delay = CT_OTLP_NOT_SAID;
    for (size_t i = 0; i < status->n_details && delay == CT_OTLP_NOT_SAID; i++)
        delay = read_retry_info(status->details[i]);
    protobuf_c_message_free_unpacked(message, NULL);
    return delay;
}
