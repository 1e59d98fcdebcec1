/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/resolve.h"

#include "exporters/net/clock.h"

#include <assert.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Shared by the asker and the thread; whoever lets go last frees it. The thread writes `addresses`
 * and `error` before it sets `done` (release), and the asker reads them after it has seen that
 * (acquire). */
struct ct_net_lookup {
    atomic_int references;
    atomic_bool done;
    int event_fd; /* readable when done */
    int error;
    char *addresses;
    char host[];
};

static void lookup_unref(struct ct_net_lookup *lookup)
{
    /* acq_rel: what the other one did to it happened before it is freed. */
    if (atomic_fetch_sub_explicit(&lookup->references, 1, memory_order_acq_rel) != 1)
        return;
    close(lookup->event_fd);
    free(lookup->addresses);
    free(lookup);
}

enum { LIST_SIZE = CT_NET_MAX_ADDRESSES * INET6_ADDRSTRLEN }; /* a comma or a NUL each */

/* Appends one address as digits; false: none, or no room. Link-local ones with a zone are left out:
 * what takes the list has no syntax for them. */
static bool append_address(char *list, size_t *used, const struct addrinfo *info)
{
    char digits[NI_MAXHOST];
    if (getnameinfo(info->ai_addr, info->ai_addrlen, digits, sizeof digits, NULL, 0,
                    NI_NUMERICHOST) != 0)
        return false;
    if (strchr(digits, '%') != NULL)
        return false;
    size_t room = LIST_SIZE - *used;
    int size = snprintf(list + *used, room, "%s%s", *used > 0 ? "," : "", digits);
    if (size < 0 || (size_t)size >= room) {
        list[*used] = '\0';
        return false;
    }
    *used += (size_t)size;
    return true;
}

/* The list as text, malloc'd; NULL: nothing usable, or memory. */
static char *format_addresses(const struct addrinfo *found)
{
    char *list = malloc(LIST_SIZE);
    if (list == NULL)
        return NULL;
    size_t used = 0;
    unsigned count = 0;
    for (const struct addrinfo *info = found; info != NULL; info = info->ai_next) {
        if (count < CT_NET_MAX_ADDRESSES && append_address(list, &used, info))
            count++;
    }
    if (count > 0)
        return list;
    free(list);
    return NULL;
}

static void *lookup_main(void *argument)
{
    struct ct_net_lookup *lookup = argument;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    lookup->error = getaddrinfo(lookup->host, NULL, &hints, &found);
    if (lookup->error == 0) {
        lookup->addresses = format_addresses(found);
        freeaddrinfo(found);
        if (lookup->addresses == NULL)
            lookup->error = EAI_NONAME;
    }
    atomic_store_explicit(&lookup->done, true, memory_order_release);
    const uint64_t one = 1;
    ssize_t written = write(lookup->event_fd, &one, sizeof one);
    assert(written == (ssize_t)sizeof one); /* an eventfd takes its first event */
    (void)written;
    lookup_unref(lookup);
    return NULL;
}

/* The program's signals are none of the thread's business, so it is born with all blocked. */
static bool start_thread(struct ct_net_lookup *lookup)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    bool started = false;
    if (pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0) {
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_t thread;
        started = pthread_create(&thread, &attributes, lookup_main, lookup) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attributes);
    return started;
}

static struct ct_net_lookup *lookup_create(const char *host)
{
    size_t length = strlen(host);
    struct ct_net_lookup *lookup = calloc(1, sizeof *lookup + length + 1);
    if (lookup == NULL)
        return NULL;
    memcpy(lookup->host, host, length + 1);
    lookup->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (lookup->event_fd < 0) {
        free(lookup);
        return NULL;
    }
    atomic_init(&lookup->references, 1);
    atomic_init(&lookup->done, false);
    return lookup;
}

static struct ct_net_lookup *lookup_start(const char *host, int epoll_fd)
{
    struct ct_net_lookup *lookup = lookup_create(host);
    if (lookup == NULL)
        return NULL;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = lookup->event_fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, lookup->event_fd, &event) != 0) {
        lookup_unref(lookup);
        return NULL;
    }
    atomic_store_explicit(&lookup->references, 2, memory_order_relaxed); /* nobody else knows it */
    if (!start_thread(lookup)) {
        atomic_store_explicit(&lookup->references, 1, memory_order_relaxed);
        (void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, lookup->event_fd, NULL);
        lookup_unref(lookup);
        return NULL;
    }
    return lookup;
}

/* The thread may keep the descriptor open a little longer, so it is taken out by hand. */
static void let_go(struct ct_net_resolver *resolver, int epoll_fd)
{
    if (epoll_fd >= 0)
        (void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, resolver->lookup->event_fd, NULL);
    lookup_unref(resolver->lookup);
    resolver->lookup = NULL;
}

void ct_net_resolver_init(struct ct_net_resolver *resolver, const char *host)
{
    *resolver = (struct ct_net_resolver){.host = host};
}

void ct_net_resolver_fini(struct ct_net_resolver *resolver, int epoll_fd)
{
    if (resolver->lookup != NULL)
        let_go(resolver, epoll_fd);
    free(resolver->addresses);
    resolver->addresses = NULL;
}

enum ct_net_names ct_net_resolver_want(struct ct_net_resolver *resolver, int epoll_fd,
                                       uint64_t now_ns)
{
    if (resolver->addresses != NULL && now_ns < resolver->fresh_until_ns)
        return CT_NET_NAMES_READY;
    if (resolver->lookup == NULL)
        resolver->lookup = lookup_start(resolver->host, epoll_fd);
    if (resolver->addresses != NULL)
        return CT_NET_NAMES_READY;
    return resolver->lookup != NULL ? CT_NET_NAMES_PENDING : CT_NET_NAMES_FAILED;
}

bool ct_net_resolver_collect(struct ct_net_resolver *resolver, int epoll_fd, uint64_t now_ns)
{
    struct ct_net_lookup *lookup = resolver->lookup;
    if (lookup == NULL || !atomic_load_explicit(&lookup->done, memory_order_acquire))
        return false;
    resolver->error = lookup->error;
    if (lookup->addresses != NULL) {
        free(resolver->addresses);
        resolver->addresses = lookup->addresses;
        lookup->addresses = NULL; /* the thread is through with it */
        resolver->fresh_until_ns = ct_net_after_ns(now_ns, CT_NET_NAME_FRESH_NS);
        resolver->generation++;
    }
    let_go(resolver, epoll_fd);
    return true;
}

const char *ct_net_resolver_addresses(const struct ct_net_resolver *resolver)
{
    return resolver->addresses;
}

bool ct_net_resolver_is_busy(const struct ct_net_resolver *resolver)
{
    return resolver->lookup != NULL;
}

const char *ct_net_resolver_error(const struct ct_net_resolver *resolver)
{
    return resolver->error != 0 ? gai_strerror(resolver->error) : "no thread for a name lookup";
}

void ct_net_resolver_distrust(struct ct_net_resolver *resolver)
{
    resolver->fresh_until_ns = 0;
}

void ct_net_resolver_forked(struct ct_net_resolver *resolver)
{
    if (resolver->lookup != NULL)
        close(resolver->lookup->event_fd);
    ct_net_resolver_init(resolver, resolver->host);
}
