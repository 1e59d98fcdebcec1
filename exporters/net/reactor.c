/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/reactor.h"

#include "exporters/net/clock.h"

#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_AT_A_TIME = 64 };

/* libcurl calls this when what it waits for on a socket changes. `known` is what was assigned to
 * the socket: something once it is in the set. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
    struct ct_http_reactor *reactor = data;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(reactor->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        curl_multi_assign(reactor->multi, fd, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = fd};
    if (what & CURL_POLL_IN)
        event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
        event.events |= EPOLLOUT;
    int operation = known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    /* Out of watches: the transfer stands still until its deadline. Saying so to libcurl would make
     * it give up the whole multi handle. */
    if (epoll_ctl(reactor->epoll_fd, operation, fd, &event) == 0)
        curl_multi_assign(reactor->multi, fd, reactor);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
    struct ct_http_reactor *reactor = data;
    reactor->timer_ns = timeout_ms < 0
                            ? UINT64_MAX
                            : ct_net_after_ns(ct_net_now_ns(), ct_net_ms((uint64_t)timeout_ms));
    return 0;
}

void ct_http_reactor_init(struct ct_http_reactor *reactor)
{
    *reactor = (struct ct_http_reactor){.epoll_fd = -1, .timer_ns = UINT64_MAX};
}

static bool configure(struct ct_http_reactor *reactor, size_t connections)
{
    CURLM *multi = reactor->multi;
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, reactor) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERDATA, reactor) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)connections) == CURLM_OK;
}

bool ct_http_reactor_open(struct ct_http_reactor *reactor, size_t connections)
{
    if (reactor->multi != NULL)
        return true;
    reactor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (reactor->epoll_fd < 0)
        return false;
    reactor->multi = curl_multi_init();
    if (reactor->multi != NULL && configure(reactor, connections))
        return true;
    ct_http_reactor_close(reactor);
    return false;
}

static int actions_of(uint32_t events)
{
    int actions = 0;
    if (events & EPOLLIN)
        actions |= CURL_CSELECT_IN;
    if (events & EPOLLOUT)
        actions |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP))
        actions |= CURL_CSELECT_ERR;
    return actions;
}

/* The set may hold a descriptor that is not libcurl's (a name lookup's): it is told all the same,
 * and ignores what it does not know. */
static void run_sockets(struct ct_http_reactor *reactor)
{
    struct epoll_event events[EVENTS_AT_A_TIME];
    int count = epoll_wait(reactor->epoll_fd, events, EVENTS_AT_A_TIME, 0);
    int running = 0;
    for (int i = 0; i < count; i++) /* not one when it failed; a signal: next time */
        curl_multi_socket_action(reactor->multi, events[i].data.fd, actions_of(events[i].events),
                                 &running);
}

void ct_http_reactor_run(struct ct_http_reactor *reactor, uint64_t now_ns)
{
    if (reactor->multi == NULL)
        return;
    if (now_ns >= reactor->timer_ns) {
        int running = 0;
        reactor->timer_ns = UINT64_MAX; /* libcurl sets it again if it wants to */
        curl_multi_socket_action(reactor->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    run_sockets(reactor);
}

CURL *ct_http_reactor_next_done(struct ct_http_reactor *reactor, CURLcode *code)
{
    if (reactor->multi == NULL)
        return NULL;
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(reactor->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

void ct_http_reactor_close(struct ct_http_reactor *reactor)
{
    if (reactor->multi != NULL)
        curl_multi_cleanup(reactor->multi);
    if (reactor->epoll_fd >= 0)
        close(reactor->epoll_fd);
    ct_http_reactor_init(reactor);
}

void ct_http_reactor_abandon(struct ct_http_reactor *reactor)
{
    ct_http_sockets_abandon(&reactor->sockets);
    if (reactor->epoll_fd >= 0)
        close(reactor->epoll_fd);
    ct_http_reactor_init(reactor);
}
