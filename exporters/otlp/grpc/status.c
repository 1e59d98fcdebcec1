/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/status.h"

#include "exporters/otlp/encode/text.h"

#include <nghttp2/nghttp2.h>

/* X(name, what to do). RESOURCE_EXHAUSTED without a delay mostly means that the message is larger
 * than the peer takes. */
#define CODES(X)                     \
    X(OK, ACCEPTED)                  \
    X(CANCELLED, RETRY)              \
    X(UNKNOWN, REFUSED)              \
    X(INVALID_ARGUMENT, INVALID)     \
    X(DEADLINE_EXCEEDED, RETRY)      \
    X(NOT_FOUND, REFUSED)            \
    X(ALREADY_EXISTS, REFUSED)       \
    X(PERMISSION_DENIED, REFUSED)    \
    X(RESOURCE_EXHAUSTED, TOO_LARGE) \
    X(FAILED_PRECONDITION, REFUSED)  \
    X(ABORTED, RETRY)                \
    X(OUT_OF_RANGE, RETRY)           \
    X(UNIMPLEMENTED, REFUSED)        \
    X(INTERNAL, REFUSED)             \
    X(UNAVAILABLE, RETRY)            \
    X(DATA_LOSS, RETRY)              \
    X(UNAUTHENTICATED, REFUSED)

static const struct {
    const char *name;
    enum ct_otlp_verdict verdict;
} codes[CT_GRPC_CODES] = {
#define CODE(name, verdict) [CT_GRPC_##name] = {#name, CT_OTLP_##verdict},
    CODES(CODE)
#undef CODE
};

static int known(int code)
{
    return code >= 0 && code < CT_GRPC_CODES ? code : CT_GRPC_UNKNOWN;
}

const char *ct_grpc_code_name(int code)
{
    return codes[known(code)].name;
}

int ct_grpc_code_read(const char *text, size_t size)
{
    int code = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || code >= CT_GRPC_CODES)
            return CT_GRPC_UNKNOWN;
        code = code * 10 + (text[i] - '0');
    }
    return size > 0 ? known(code) : CT_GRPC_UNKNOWN;
}

enum ct_otlp_verdict ct_grpc_verdict(int code, bool has_retry_info)
{
    if (code == CT_GRPC_RESOURCE_EXHAUSTED && has_retry_info)
        return CT_OTLP_RETRY;
    return codes[known(code)].verdict;
}

int ct_grpc_code_of_http(int status)
{
    switch (status) {
    case 400:
        return CT_GRPC_INTERNAL;
    case 401:
        return CT_GRPC_UNAUTHENTICATED;
    case 403:
        return CT_GRPC_PERMISSION_DENIED;
    case 404:
        return CT_GRPC_UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
        return CT_GRPC_UNAVAILABLE;
    default:
        return CT_GRPC_UNKNOWN;
    }
}

int ct_grpc_code_of_reset(uint32_t error)
{
    switch (error) {
    case NGHTTP2_REFUSED_STREAM:
    case NGHTTP2_ENHANCE_YOUR_CALM: /* of the connection's manners, not of the message's size */
        return CT_GRPC_UNAVAILABLE;
    case NGHTTP2_CANCEL:
        return CT_GRPC_CANCELLED;
    case NGHTTP2_INADEQUATE_SECURITY:
        return CT_GRPC_PERMISSION_DENIED;
    default:
        return CT_GRPC_INTERNAL;
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What is no escape stands for itself. */
void ct_grpc_message_read(const char *text, size_t size, char *out, size_t capacity)
{
    size_t used = 0;
    for (size_t i = 0; i < size && used + 1 < capacity; i++) {
        bool is_escape =
            text[i] == '%' && size - i > 2 && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        char c = is_escape ? (char)(digit(text[i + 1]) << 4 | digit(text[i + 2])) : text[i];
        ct_otlp_printable(out + used++, 2, &c, 1);
        i += is_escape ? 2 : 0;
    }
    out[used] = '\0';
}
