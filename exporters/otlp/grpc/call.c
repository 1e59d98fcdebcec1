/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/call.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/grpc/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gRPC has eight digits for a timeout. */
#define TIMEOUT_DIGITS_MAX UINT64_C(99999999)

enum { OWN_HEADERS = 10, TIMEOUT_SIZE = 24 };

/* ---- the request ---- */

static nghttp2_nv header_of(const char *name, const char *value)
{
    return (nghttp2_nv){
        .name = (uint8_t *)(uintptr_t)name,
        .value = (uint8_t *)(uintptr_t)value,
        .namelen = strlen(name),
        .valuelen = strlen(value),
        .flags = NGHTTP2_NV_FLAG_NONE,
    };
}

/* Credentials must not enter the compression's table, where others might guess at them. */
static nghttp2_nv secret_of(const struct ct_grpc_header *header)
{
    nghttp2_nv pair = header_of(header->name, header->value);
    pair.flags = NGHTTP2_NV_FLAG_NO_INDEX;
    return pair;
}

static void format_timeout(uint64_t timeout_ns, char out[TIMEOUT_SIZE])
{
    uint64_t ms = timeout_ns / CT_NET_NS_PER_MS;
    uint64_t s = timeout_ns / CT_NET_NS_PER_S;
    if (ms <= TIMEOUT_DIGITS_MAX)
        snprintf(out, TIMEOUT_SIZE, "%" PRIu64 "m", ms > 0 ? ms : 1);
    else
        snprintf(out, TIMEOUT_SIZE, "%" PRIu64 "S",
                 s < TIMEOUT_DIGITS_MAX ? s : TIMEOUT_DIGITS_MAX);
}

/* The caller's own word goes before ours, as it does over HTTP. */
static bool names_agent(const struct ct_grpc_config *config)
{
    for (size_t i = 0; i < config->header_count; i++) {
        if (strcmp(config->headers[i].name, "user-agent") == 0)
            return true;
    }
    return false;
}

static size_t write_headers(nghttp2_nv *out, const struct ct_grpc_config *config,
                            const char *timeout)
{
    const char *encoding = ct_otlp_compression_name(config->format.compression);
    size_t count = 0;
    out[count++] = header_of(":method", "POST");
    out[count++] = header_of(":scheme", config->target.is_secure ? "https" : "http");
    out[count++] = header_of(":path", config->signal->grpc_path);
    out[count++] = header_of(":authority", config->target.authority);
    out[count++] = header_of("te", "trailers");
    out[count++] = header_of("content-type", "application/grpc");
    if (!names_agent(config))
        out[count++] = header_of("user-agent", config->user_agent);
    out[count++] = header_of("grpc-timeout", timeout);
    out[count++] = header_of("grpc-accept-encoding", "identity,gzip");
    if (encoding != NULL)
        out[count++] = header_of("grpc-encoding", encoding);
    for (size_t i = 0; i < config->header_count; i++)
        out[count++] = secret_of(&config->headers[i]);
    return count;
}

static void write_prefix(struct ct_grpc_call *call, const struct ct_otlp_request *body,
                         cotel_otlp_compression compression)
{
    size_t size = body->size;
    call->prefix[0] = compression != COTEL_OTLP_COMPRESSION_NONE;
    for (size_t i = 4; i > 0; i--, size >>= 8)
        call->prefix[i] = (unsigned char)size;
}

static bool is_sent(const struct ct_grpc_call *call)
{
    return call->prefix_sent == CT_GRPC_PREFIX_SIZE && ct_otlp_request_is_read(call->body);
}

/* nghttp2 asks for the request's bytes when the peer's windows have room. */
static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *out, size_t capacity,
                         uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct ct_grpc_call *call = source->ptr;
    (void)user;
    if (call->session != session || call->stream != stream) /* it was given up */
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    size_t used = CT_GRPC_PREFIX_SIZE - call->prefix_sent;
    used = used < capacity ? used : capacity;
    memcpy(out, call->prefix + call->prefix_sent, used);
    call->prefix_sent += used;
    used += ct_otlp_request_read(call->body, (char *)out + used, capacity - used);
    if (is_sent(call))
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)used;
}

/* Ready for another request, but for the memory that it keeps. */
static bool reset(struct ct_grpc_call *call, const struct ct_grpc_config *config)
{
    unsigned char *kept = call->kept != NULL ? call->kept : malloc(CT_GRPC_KEPT_BYTES);
    *call = (struct ct_grpc_call){
        .code = -1,
        .retry_after_ns = CT_OTLP_NOT_SAID,
        .signal = config->signal,
        .max_response_bytes = config->max_response_bytes,
        .kept = kept,
    };
    return kept != NULL;
}

bool ct_grpc_call_start(struct ct_grpc_call *call, nghttp2_session *session,
                        const struct ct_grpc_config *config, struct ct_otlp_request *body,
                        uint64_t now_ns, uint64_t timeout_ns)
{
    nghttp2_nv headers[OWN_HEADERS + CT_GRPC_MAX_HEADERS];
    char timeout[TIMEOUT_SIZE];
    if (!reset(call, config) || !ct_otlp_request_seek(body, 0))
        return false;
    format_timeout(timeout_ns, timeout);
    write_prefix(call, body, config->format.compression);
    const nghttp2_data_provider provider = {.source.ptr = call, .read_callback = read_body};
    call->stream = nghttp2_submit_request(session, NULL, headers,
                                          write_headers(headers, config, timeout), &provider, call);
    if (call->stream < 0)
        return false;
    call->started_ns = now_ns;
    call->body = body;
    call->session = session;
    return true;
}

/* ---- the answer ---- */

static bool is(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

static bool starts_with(const char *text, size_t size, const char *word)
{
    return size >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

/* nghttp2 has seen to it that there are three digits. */
static int read_status(const char *digits, size_t count)
{
    int status = 0;
    for (size_t i = 0; i < count; i++)
        status = status * 10 + (digits[i] - '0');
    return status;
}

void ct_grpc_call_header(struct ct_grpc_call *call, const char *name, size_t name_size,
                         const char *value, size_t value_size)
{
    if (is(name, name_size, ":status"))
        call->http_status = read_status(value, value_size);
    else if (is(name, name_size, "content-type"))
        call->is_grpc = starts_with(value, value_size, "application/grpc");
    else if (is(name, name_size, "grpc-encoding"))
        call->is_compressed = is(value, value_size, "gzip");
    else if (is(name, name_size, "grpc-status"))
        call->code = ct_grpc_code_read(value, value_size);
    else if (is(name, name_size, "grpc-message"))
        ct_grpc_message_read(value, value_size, call->message, sizeof call->message);
    else if (is(name, name_size, "grpc-status-details-bin"))
        call->retry_after_ns = ct_grpc_retry_delay_ns(value, value_size);
}

/* What is left of the stream is nothing to us; the session may take a while to close it. */
static void let_go(struct ct_grpc_call *call)
{
    (void)nghttp2_session_set_stream_user_data(call->session, call->stream, NULL);
}

static void tell_off(struct ct_grpc_call *call)
{
    (void)nghttp2_submit_rst_stream(call->session, NGHTTP2_FLAG_NONE, call->stream, NGHTTP2_CANCEL);
}

void ct_grpc_call_data(struct ct_grpc_call *call, const unsigned char *bytes, size_t size)
{
    size_t kept = call->received;
    call->received += size;
    if (kept < CT_GRPC_KEPT_BYTES) {
        size_t room = CT_GRPC_KEPT_BYTES - kept;
        memcpy(call->kept + kept, bytes, size < room ? size : room);
    }
    if (call->received <= call->max_response_bytes + CT_GRPC_PREFIX_SIZE || call->is_too_long)
        return;
    call->is_too_long = true;
    tell_off(call);
}

static void end(struct ct_grpc_call *call)
{
    call->is_done = true;
    call->session = NULL;
    call->body = NULL;
}

void ct_grpc_call_ended(struct ct_grpc_call *call)
{
    if (!is_sent(call))
        tell_off(call);
    let_go(call);
    end(call);
}

void ct_grpc_call_closed(struct ct_grpc_call *call, uint32_t error)
{
    call->reset = error;
    end(call);
}

void ct_grpc_call_cut(struct ct_grpc_call *call, const char *why)
{
    if (call->code < 0) /* a status that came says more */
        snprintf(call->message, sizeof call->message, "%s", why);
    call->was_cut = true;
    end(call);
}

void ct_grpc_call_stop(struct ct_grpc_call *call)
{
    if (call->session != NULL) {
        tell_off(call);
        let_go(call);
    }
    end(call);
    call->is_done = false;
}

void ct_grpc_call_fini(struct ct_grpc_call *call)
{
    free(call->kept);
    *call = (struct ct_grpc_call){.session = NULL};
}
