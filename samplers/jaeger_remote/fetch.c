/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/fetch.h"

#include "exporters/net/clock.h"
#include "exporters/net/easy.h"

#include <cotel/version.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HTTP_OK = 200, FIRST_BODY_BYTES = 4096 };

static const char user_agent[] = "cotel-jaeger-remote-sampler/" COTEL_VERSION;
static const char no_memory[] = "memory is out for the request";
static const char too_late[] = "no answer in time";

void ct_jaeger_fetch_init(struct ct_jaeger_fetch *fetch, const struct ct_jaeger_config *config)
{
    *fetch = (struct ct_jaeger_fetch){.config = config, .wake_fd = -1};
    ct_http_reactor_init(&fetch->reactor);
    ct_net_resolver_init(&fetch->resolver, config->endpoint.host);
}

void ct_jaeger_fetch_fini(struct ct_jaeger_fetch *fetch)
{
    ct_net_resolver_fini(&fetch->resolver, fetch->reactor.epoll_fd);
    ct_http_reactor_close(&fetch->reactor);
    curl_slist_free_all(fetch->addresses);
    free(fetch->body);
    ct_jaeger_fetch_init(fetch, fetch->config);
}

void ct_jaeger_fetch_forked(struct ct_jaeger_fetch *fetch)
{
    ct_http_reactor_abandon(&fetch->reactor);
    ct_net_resolver_forked(&fetch->resolver);
    ct_jaeger_fetch_init(fetch, fetch->config);
}

static bool fail(struct ct_jaeger_fetch *fetch, const char *wrong)
{
    fetch->wrong = wrong;
    return false;
}

/* ---- the answer ---- */

static bool reserve(struct ct_jaeger_fetch *fetch, size_t more)
{
    size_t capacity = fetch->capacity > 0 ? fetch->capacity : FIRST_BODY_BYTES;
    while (capacity - fetch->size < more) /* both are below max_response_bytes */
        capacity *= 2;
    if (capacity == fetch->capacity)
        return true;
    char *body = realloc(fetch->body, capacity);
    if (body == NULL)
        return false;
    fetch->body = body;
    fetch->capacity = capacity;
    return true;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *data)
{
    struct ct_jaeger_fetch *fetch = data;
    size_t more = size * count;
    if (more > fetch->config->max_response_bytes - fetch->size) {
        fetch->wrong = "the answer is longer than max_response_bytes";
        return CURL_WRITEFUNC_ERROR;
    }
    if (!reserve(fetch, more)) {
        fetch->wrong = no_memory;
        return CURL_WRITEFUNC_ERROR;
    }
    memcpy(fetch->body + fetch->size, bytes, more);
    fetch->size += more;
    return more;
}

static bool read_answer(struct ct_jaeger_fetch *fetch, CURL *easy, CURLcode code)
{
    long status = 0;
    if (fetch->wrong != NULL)
        return false;
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT)
        ct_net_resolver_distrust(&fetch->resolver);
    if (code != CURLE_OK)
        return fail(fetch, curl_easy_strerror(code));
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status); /* 0: none came */
    if (status == HTTP_OK)
        return true;
    snprintf(fetch->wrong_text, sizeof fetch->wrong_text, "HTTP status %ld", status);
    return fail(fetch, fetch->wrong_text);
}

/* ---- the way there ---- */

static int milliseconds_until(uint64_t then_ns)
{
    uint64_t now_ns = ct_net_now_ns();
    if (then_ns <= now_ns)
        return 0;
    uint64_t ms = (then_ns - now_ns) / CT_NET_NS_PER_MS + 1;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* Waits until the reactor has something to do. false: it is over, by the deadline or by order. */
static bool wait_for_more(struct ct_jaeger_fetch *fetch)
{
    uint64_t timer_ns = fetch->reactor.timer_ns;
    struct pollfd items[] = {
        {.fd = fetch->wake_fd, .events = POLLIN},
        {.fd = fetch->reactor.epoll_fd, .events = POLLIN},
    };
    uint64_t until_ns = timer_ns < fetch->deadline_ns ? timer_ns : fetch->deadline_ns;
    int ready = poll(items, 2, milliseconds_until(until_ns));
    if (ready < 0 && errno != EINTR)
        return fail(fetch, "poll failed");
    if (ready > 0 && items[0].revents != 0)
        return fail(fetch, "the sampler is being destroyed");
    return ct_net_now_ns() < fetch->deadline_ns || fail(fetch, too_late);
}

/* Waits for an address of the host's, and hands it to libcurl. */
static bool find_host(struct ct_jaeger_fetch *fetch, CURL *easy)
{
    struct ct_net_resolver *resolver = &fetch->resolver;
    int epoll_fd = fetch->reactor.epoll_fd;
    if (!fetch->config->endpoint.needs_lookup)
        return true;
    enum ct_net_names names = ct_net_resolver_want(resolver, epoll_fd, ct_net_now_ns());
    while (names == CT_NET_NAMES_PENDING && ct_net_resolver_addresses(resolver) == NULL) {
        if (!wait_for_more(fetch))
            return false;
        if (ct_net_resolver_collect(resolver, epoll_fd, ct_net_now_ns()))
            break;
    }
    const char *addresses = ct_net_resolver_addresses(resolver);
    if (addresses == NULL)
        return fail(fetch, ct_net_resolver_error(resolver));
    curl_slist_free_all(fetch->addresses);
    fetch->addresses = ct_http_easy_addresses(&fetch->config->endpoint, addresses);
    if (fetch->addresses == NULL ||
        curl_easy_setopt(easy, CURLOPT_RESOLVE, fetch->addresses) != CURLE_OK)
        return fail(fetch, no_memory);
    return true;
}

static bool configure(struct ct_jaeger_fetch *fetch, CURL *easy)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(easy, option, value)
    SET(CURLOPT_HTTPGET, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L); /* until the next poll it would idle for a minute */
    SET(CURLOPT_USERAGENT, user_agent);
    SET(CURLOPT_WRITEFUNCTION, on_write);
    SET(CURLOPT_WRITEDATA, fetch);
#undef SET
    return bad == CURLE_OK &&
           ct_http_easy_configure(easy, &fetch->reactor, fetch->config->url,
                                  ct_http_easy_timeout(fetch->config->timeout_ms));
}

static bool drive(struct ct_jaeger_fetch *fetch, CURL *easy)
{
    CURLcode code = CURLE_OK;
    for (;;) {
        ct_http_reactor_run(&fetch->reactor, ct_net_now_ns());
        (void)ct_net_resolver_collect(&fetch->resolver, fetch->reactor.epoll_fd, ct_net_now_ns());
        if (ct_http_reactor_next_done(&fetch->reactor, &code) != NULL)
            return read_answer(fetch, easy, code);
        if (!wait_for_more(fetch))
            return false;
    }
}

static bool get(struct ct_jaeger_fetch *fetch, CURL *easy)
{
    if (!configure(fetch, easy))
        return fail(fetch, no_memory);
    if (!find_host(fetch, easy))
        return false;
    if (curl_multi_add_handle(fetch->reactor.multi, easy) != CURLM_OK)
        return fail(fetch, no_memory);
    bool got = drive(fetch, easy);
    curl_multi_remove_handle(fetch->reactor.multi, easy);
    return got;
}

bool ct_jaeger_fetch_run(struct ct_jaeger_fetch *fetch, int wake_fd)
{
    fetch->wake_fd = wake_fd;
    fetch->deadline_ns = ct_net_after_ns(ct_net_now_ns(), ct_net_ms(fetch->config->timeout_ms));
    fetch->size = 0;
    fetch->wrong = NULL;
    if (!ct_http_reactor_open(&fetch->reactor, 1))
        return fail(fetch, "no descriptors or memory for a connection");
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return fail(fetch, no_memory);
    bool got = get(fetch, easy);
    curl_easy_cleanup(easy);
    return got;
}
