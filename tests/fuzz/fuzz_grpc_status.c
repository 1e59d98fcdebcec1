/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as grpc-status, grpc-message and grpc-status-details-bin; the last one also as what its
 * base64 stands for, so that a fuzzer need not learn base64 to reach the messages in it. */
#include "exporters/otlp/grpc/status.h"

#include "fuzz.h"

static void read_message(const char *text, size_t size, size_t capacity)
{
    char out[256];
    ct_grpc_message_read(text, size, out, capacity);
    MUST(strlen(out) < capacity && strlen(out) <= size);
    for (const char *c = out; *c != '\0'; c++)
        MUST(*c >= 0x20 && *c < 0x7f);
}

/* In base64 with neither padding nor mercy; the size. */
static size_t encode(const uint8_t *data, size_t size, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = 0;
    for (size_t bit = 0; bit < 8 * size; bit += 6) {
        unsigned next = bit / 8 + 1 < size ? data[bit / 8 + 1] : 0;
        unsigned pair = (unsigned)data[bit / 8] << 8 | next;
        out[used++] = digits[pair >> (10 - bit % 8) & 63];
    }
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    int code = ct_grpc_code_read(text, size);
    MUST(code >= 0 && code < CT_GRPC_CODES);
    read_message(text, size, 256);
    read_message(text, size, 1 + size % 8);
    (void)ct_grpc_retry_delay_ns(text, size);
    char *header = malloc(2 * size + 1);
    MUST(header != NULL);
    uint64_t delay = ct_grpc_retry_delay_ns(header, encode(data, size, header));
    MUST(size > 0 || delay == CT_OTLP_NOT_SAID);
    free(header);
    return 0;
}
