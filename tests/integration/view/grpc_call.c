/* SPDX-License-Identifier: Apache-2.0 */
/* A caller of gRPC by libcurl, an implementation that is not ours:
 *
 *     grpc_call PORT PATH STREAMS [HEADER...]
 *
 * Posts standard input, as it is, on so many streams of one connection at a time. Prints the
 * headers and trailers of each answer, then its body in hexadecimal, then an empty line. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BODY = 16 * 1024 * 1024, TIMEOUT_MS = 20000 };

struct answer {
    char *headers;
    size_t headers_size;
    char *body;
    size_t body_size;
};

static char body[MAX_BODY];

static void append(char **to, size_t *to_size, const char *bytes, size_t size)
{
    char *grown = realloc(*to, *to_size + size + 1);
    if (!grown)
        abort();
    memcpy(grown + *to_size, bytes, size);
    *to = grown;
    *to_size += size;
}

static size_t on_header(char *bytes, size_t one, size_t size, void *user)
{
    struct answer *answer = user;

    append(&answer->headers, &answer->headers_size, bytes, size);
    return size;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *user)
{
    struct answer *answer = user;

    append(&answer->body, &answer->body_size, bytes, size);
    return size;
}

static CURL *prepare(struct answer *answer, const char *url, struct curl_slist *headers,
                     size_t size)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        abort();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, answer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    return easy;
}

/* Without empty lines: one stands between the headers and the trailers. */
static void tell(const struct answer *answer)
{
    char last = '\n';

    for (size_t i = 0; i < answer->headers_size; i++) {
        char next = answer->headers[i];
        if (next == '\r' || (next == '\n' && last == '\n'))
            continue;
        putchar(last = next);
    }
    printf("body: ");
    for (size_t i = 0; i < answer->body_size; i++)
        printf("%02x", (unsigned char)answer->body[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    char url[512];
    struct curl_slist *headers = curl_slist_append(NULL, "te: trailers");
    struct answer answer = {0};

    if (argc < 3)
        return 2;
    snprintf(url, sizeof(url), "http://127.0.0.1:%s%s", argv[1], argv[2]);
    for (int i = 3; i < argc; i++)
        headers = curl_slist_append(headers, argv[i]);

    CURL *easy = prepare(&answer, url, headers, fread(body, 1, sizeof(body), stdin));
    CURLcode result = curl_easy_perform(easy);
    if (result == CURLE_OK)
        tell(&answer);
    else
        fprintf(stderr, "grpc_call: %s\n", curl_easy_strerror(result));
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    free(answer.headers);
    free(answer.body);
    return result != CURLE_OK;
}
