/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/answer.h"

#include "exporters/otlp/encode/response.h"
#include "exporters/otlp/encode/text.h"
#include "exporters/otlp/http/retry_after.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Of the statuses with a meaning of their own in OTLP. */
enum {
    HTTP_BAD_REQUEST = 400,
    HTTP_TOO_LARGE = 413,
    HTTP_TOO_MANY_REQUESTS = 429,
    HTTP_BAD_GATEWAY = 502,
    HTTP_UNAVAILABLE = 503,
    HTTP_GATEWAY_TIMEOUT = 504
};

static enum ct_otlp_verdict verdict_of_status(long status)
{
    if (status >= 200 && status < 300)
        return CT_OTLP_ACCEPTED;
    switch (status) {
    case HTTP_BAD_REQUEST:
        return CT_OTLP_INVALID;
    case HTTP_TOO_LARGE:
        return CT_OTLP_TOO_LARGE;
    case HTTP_TOO_MANY_REQUESTS:
    case HTTP_BAD_GATEWAY:
    case HTTP_UNAVAILABLE:
    case HTTP_GATEWAY_TIMEOUT:
        return CT_OTLP_RETRY;
    default:
        return CT_OTLP_REFUSED;
    }
}

/* Trouble that may be over soon; whatever else happens would happen again. */
static enum ct_otlp_verdict verdict_of_code(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT: /* the connection's own timeout */
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_PROXY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CERTPROBLEM: /* files that were good are being replaced */
    case CURLE_SSL_CACERT_BADFILE:
        return CT_OTLP_RETRY;
    default:
        return CT_OTLP_FAILED;
    }
}

bool ct_http_answer_is_unreachable(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;
}

static const char *header_of(CURL *easy, const char *name)
{
    struct curl_header *header = NULL;
    if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return header->value;
}

static bool has_type(CURL *easy, const char *wanted)
{
    const char *type = header_of(easy, "Content-Type");
    if (type == NULL)
        return false;
    size_t length = strlen(wanted);
    return strncasecmp(type, wanted, length) == 0 && strchr("; \t", type[length]) != NULL;
}

static bool is_protobuf(CURL *easy)
{
    return has_type(easy, "application/x-protobuf") || has_type(easy, "application/protobuf");
}

static bool is_json(CURL *easy)
{
    return has_type(easy, "application/json");
}

static size_t kept_size(const struct ct_http_transfer *transfer)
{
    return transfer->received < CT_HTTP_KEPT_BYTES ? transfer->received : CT_HTTP_KEPT_BYTES;
}

/* What the peer says to its status: the message of a Status, or a text as it is. */
static void read_reason(struct ct_http_transfer *transfer, char *reason, size_t capacity)
{
    reason[0] = '\0';
    size_t size = kept_size(transfer);
    if (is_protobuf(transfer->easy))
        (void)ct_otlp_status_read(transfer->kept, size, reason, capacity); /* empty if it is none */
    else if (is_json(transfer->easy))
        (void)ct_otlp_status_read_json(transfer->kept, size, reason, capacity);
    else if (has_type(transfer->easy, "text/plain"))
        ct_otlp_printable(reason, capacity, transfer->kept, size);
}

static bool read_response(struct ct_http_transfer *transfer, struct ct_otlp_response *response)
{
    size_t size = kept_size(transfer);
    if (is_json(transfer->easy))
        return ct_otlp_response_read_json(transfer->kept, size, transfer->signal, response);
    return ct_otlp_response_read(transfer->kept, size, response);
}

/* An answer of success is one, whatever its body is like: to send the items again would double
 * them. */
static void read_success(struct ct_http_transfer *transfer, struct ct_otlp_answer *answer)
{
    if (transfer->received == 0)
        return;
    struct ct_otlp_response response;
    if (!is_protobuf(transfer->easy) && !is_json(transfer->easy)) {
        snprintf(answer->message, sizeof answer->message,
                 "the peer accepts with an answer that is not OTLP's; is it an OTLP endpoint?");
    } else if (!read_response(transfer, &response)) {
        snprintf(answer->message, sizeof answer->message,
                 "the peer accepts with an answer that cannot be decoded");
    } else if (response.rejected > 0) {
        answer->rejected = response.rejected;
        snprintf(answer->message, sizeof answer->message, "the peer rejects %" PRIu64 " %s: %s",
                 response.rejected, transfer->signal->items, response.text);
    } else if (response.text[0] != '\0') {
        snprintf(answer->message, sizeof answer->message, "the peer warns: %s", response.text);
    }
}

static void read_failure(struct ct_http_transfer *transfer, long status,
                         struct ct_otlp_answer *answer)
{
    char reason[CT_OTLP_TEXT_SIZE];
    read_reason(transfer, reason, sizeof reason);
    snprintf(answer->message, sizeof answer->message, "HTTP status %ld%s%s", status,
             reason[0] != '\0' ? ": " : "", reason);
    if (answer->verdict == CT_OTLP_RETRY)
        answer->retry_after_ns =
            ct_http_retry_after_ns(header_of(transfer->easy, "Retry-After"), time(NULL));
}

static void describe_code(const struct ct_http_transfer *transfer, CURLcode code,
                          struct ct_otlp_answer *answer)
{
    const char *text = transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(code);
    ct_otlp_printable(answer->message, sizeof answer->message, text, strlen(text));
}

/* A status line that came is the peer's word, even if what should follow it was cut off. */
static bool has_answered(CURLcode code, long status)
{
    if (code == CURLE_OK)
        return true;
    return status >= 200 && (code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR ||
                             code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM);
}

/* A proxy that opens no way to the peer says so with a status of its own. It knows nothing of the
 * batch, so none of them is at fault. */
static bool is_held_by_proxy(CURL *easy, long *status)
{
    *status = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, status); /* 0: nobody was asked */
    return *status >= 300;
}

static void read_refusal_of_proxy(long status, struct ct_otlp_answer *answer)
{
    bool may_pass = verdict_of_status(status) == CT_OTLP_RETRY;
    answer->verdict = may_pass ? CT_OTLP_RETRY : CT_OTLP_REFUSED;
    snprintf(answer->message, sizeof answer->message, "the proxy answers HTTP status %ld", status);
}

void ct_http_answer_read(struct ct_http_transfer *transfer, CURLcode code,
                         struct ct_otlp_answer *answer)
{
    *answer = (struct ct_otlp_answer){.retry_after_ns = CT_OTLP_NOT_SAID};
    if (transfer->received > transfer->max_response_bytes) {
        answer->verdict = CT_OTLP_FAILED;
        snprintf(answer->message, sizeof answer->message, "the answer is longer than %zu bytes",
                 transfer->max_response_bytes);
        return;
    }
    long status = 0;
    if (code != CURLE_OK && is_held_by_proxy(transfer->easy, &status)) {
        read_refusal_of_proxy(status, answer);
        return;
    }
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status); /* 0: none came */
    if (!has_answered(code, status)) {
        answer->verdict = verdict_of_code(code);
        describe_code(transfer, code, answer);
        return;
    }
    answer->verdict = verdict_of_status(status);
    if (answer->verdict == CT_OTLP_ACCEPTED)
        read_success(transfer, answer);
    else
        read_failure(transfer, status, answer);
}
