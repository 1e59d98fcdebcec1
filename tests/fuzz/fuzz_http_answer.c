/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a peer sends back over HTTP, from the status line on: libcurl reads them from a
 * socket, and what is made of them has a verdict, a number and one plain line. */
#include "exporters/otlp/http/answer.h"

#include "fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#define MOST_BYTES 65536 /* that a socket takes with nobody reading */
#define ANSWER_LIMIT 1000

static curl_socket_t give_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose, (void)address;
    return *(int *)user;
}

static int is_connected(void *user, curl_socket_t fd, curlsocktype purpose)
{
    (void)user, (void)fd, (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* As the transfer's own does. */
static size_t keep(char *bytes, size_t size, size_t count, void *user)
{
    struct ct_http_transfer *transfer = user;
    size_t length = size * count, kept = transfer->received;
    transfer->received += length;
    if (transfer->received > transfer->max_response_bytes)
        return CURL_WRITEFUNC_ERROR;
    memcpy(transfer->kept + kept, bytes, length);
    return length;
}

static void configure(CURL *easy, struct ct_http_transfer *transfer, int *fd)
{
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1/v1/traces");
    bad |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    bad |= curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, "");
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, give_socket);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fd);
    bad |= curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, is_connected);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    MUST(bad == CURLE_OK);
}

static void must_be_sound(const struct ct_otlp_answer *answer)
{
    MUST(answer->verdict >= CT_OTLP_ACCEPTED && answer->verdict <= CT_OTLP_FAILED);
    MUST(answer->rejected == 0 || answer->verdict == CT_OTLP_ACCEPTED);
    MUST(answer->rejected <= INT64_MAX);
    MUST(answer->retry_after_ns == CT_OTLP_NOT_SAID || answer->verdict == CT_OTLP_RETRY);
    MUST(answer->verdict == CT_OTLP_ACCEPTED || answer->message[0] != '\0');
    MUST(memchr(answer->message, '\0', sizeof answer->message) != NULL);
    for (const char *c = answer->message; *c != '\0'; c++)
        MUST(*c >= 0x20 && *c < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    char kept[ANSWER_LIMIT];
    struct ct_http_transfer transfer = {.kept = kept,
                                        .signal = ct_otlp_signal_of(COTEL_SIGNAL_METRICS),
                                        .max_response_bytes = ANSWER_LIMIT};
    struct ct_otlp_answer answer;
    if (size > MOST_BYTES)
        return 0;
    MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    MUST(send(ends[1], data, size, MSG_NOSIGNAL) == (ssize_t)size);
    MUST(shutdown(ends[1], SHUT_WR) == 0);
    transfer.easy = curl_easy_init();
    MUST(transfer.easy != NULL);
    configure(transfer.easy, &transfer, &ends[0]);
    CURLcode code = curl_easy_perform(transfer.easy);
    ct_http_answer_read(&transfer, code, &answer);
    must_be_sound(&answer);
    curl_easy_cleanup(transfer.easy); /* closes its end */
    close(ends[1]);
    return 0;
}
