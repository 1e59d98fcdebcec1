/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/poller.h"

#include "exporters/net/clock.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* Room for a TLS handshake, deeply nested JSON and a sanitizer's frames; what is not touched costs
 * no memory. */
#define STACK_BYTES (1u << 20)

/* ---- what an answer brings ---- */

static bool is_news(const struct ct_jaeger_poller *poller, const char *json, size_t size)
{
    if (poller->last == NULL || poller->last_size != size)
        return true;
    return memcmp(poller->last, json, size) != 0;
}

/* The answer that is in force now. Without memory for it the next one counts as news. */
static void remember(struct ct_jaeger_poller *poller, const char *json, size_t size)
{
    free(poller->last);
    poller->last = malloc(size);
    poller->last_size = size;
    if (poller->last != NULL)
        memcpy(poller->last, json, size);
    atomic_fetch_add_explicit(&poller->changes, 1, memory_order_relaxed);
    cotel_diagnostics_report(COTEL_LOG_INFO, CT_JAEGER_COMPONENT,
                             "%s: another strategy is in force", poller->config->endpoint.shown);
}

static const char *put_in_force(struct ct_jaeger_poller *poller,
                                const struct ct_jaeger_strategy *strategy)
{
    const struct ct_jaeger_config *config = poller->config;
    if (strategy->left_out > 0)
        cotel_diagnostics_limited(&poller->crowd_limit, COTEL_LOG_WARNING, CT_JAEGER_COMPONENT,
                                  "%s: %zu operations beyond max_operations are left out",
                                  config->endpoint.shown, strategy->left_out);
    struct ct_jaeger_rules *rules =
        ct_jaeger_rules_of_strategy(strategy, config->max_operations, config->adds_attributes,
                                    ct_jaeger_board_shown(poller->board), ct_net_now_ns());
    if (rules != NULL && ct_jaeger_board_show(poller->board, rules))
        return NULL;
    ct_jaeger_rules_destroy(rules);
    return "memory is out for the strategy";
}

/* Crowded rules are made anew even of the same answer, so that names which are gone make room. */
const char *ct_jaeger_poller_take(struct ct_jaeger_poller *poller, const char *json, size_t size)
{
    struct ct_jaeger_strategy strategy;
    bool news = is_news(poller, json, size);
    if (!news && !ct_jaeger_rules_are_crowded(ct_jaeger_board_shown(poller->board)))
        return NULL;
    const char *wrong =
        ct_jaeger_strategy_read(&strategy, json, size, poller->config->max_operations);
    if (wrong != NULL)
        return wrong;
    wrong = put_in_force(poller, &strategy);
    ct_jaeger_strategy_fini(&strategy);
    if (wrong == NULL && news)
        remember(poller, json, size);
    return wrong;
}

/* ---- the thread ---- */

static bool is_stopping(const struct ct_jaeger_poller *poller)
{
    return atomic_load_explicit(&poller->stopping, memory_order_acquire);
}

static void poll_once(struct ct_jaeger_poller *poller)
{
    struct ct_jaeger_fetch *fetch = &poller->fetch;
    const char *wrong = NULL;
    if (!ct_jaeger_fetch_run(fetch, poller->wake_fd))
        wrong = fetch->wrong;
    if (is_stopping(poller))
        return;
    if (wrong == NULL)
        wrong = ct_jaeger_poller_take(poller, fetch->body, fetch->size);
    if (wrong != NULL) {
        atomic_fetch_add_explicit(&poller->failures, 1, memory_order_relaxed);
        cotel_diagnostics_limited(&poller->failure_limit, COTEL_LOG_WARNING, CT_JAEGER_COMPONENT,
                                  "%s: %s; the strategy stays as it is",
                                  poller->config->endpoint.shown, wrong);
    }
    atomic_fetch_add_explicit(&poller->polls, 1, memory_order_relaxed);
}

static void rest_until(const struct ct_jaeger_poller *poller, uint64_t then_ns)
{
    struct pollfd item = {.fd = poller->wake_fd, .events = POLLIN};
    for (;;) {
        uint64_t now_ns = ct_net_now_ns();
        if (now_ns >= then_ns || is_stopping(poller))
            return;
        uint64_t ms = (then_ns - now_ns) / CT_NET_NS_PER_MS + 1;
        (void)poll(&item, 1, ms < INT_MAX ? (int)ms : INT_MAX); /* whatever it says: look again */
    }
}

static void *poller_main(void *argument)
{
    struct ct_jaeger_poller *poller = argument;
    (void)pthread_setname_np(pthread_self(), "cotel-sampling");
    while (!is_stopping(poller)) {
        uint64_t next_ns = ct_net_after_ns(ct_net_now_ns(), ct_net_ms(poller->config->interval_ms));
        poll_once(poller);
        rest_until(poller, next_ns);
    }
    return NULL;
}

static int create_thread(struct ct_jaeger_poller *poller)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return error;
    error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (error == 0)
        error = pthread_create(&poller->thread, &attributes, poller_main, poller);
    (void)pthread_attr_destroy(&attributes);
    return error;
}

/* The thread inherits the mask: the program's signals are for the program's threads. */
static int start_thread(struct ct_jaeger_poller *poller)
{
    sigset_t all, before;
    poller->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (poller->wake_fd < 0)
        return errno;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = create_thread(poller);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

/* ---- start and stop ---- */

static void close_wake_fd(struct ct_jaeger_poller *poller)
{
    if (poller->wake_fd >= 0)
        close(poller->wake_fd);
    poller->wake_fd = -1;
}

static void reset_counts(struct ct_jaeger_poller *poller)
{
    atomic_store_explicit(&poller->polls, 0, memory_order_relaxed);
    atomic_store_explicit(&poller->failures, 0, memory_order_relaxed);
    atomic_store_explicit(&poller->changes, 0, memory_order_relaxed);
}

/* In a forked child: the parent's thread may have been anywhere, so what was its own is left as it
 * is, but for descriptors. */
static void forget_parent(struct ct_jaeger_poller *poller)
{
    close_wake_fd(poller);
    ct_jaeger_fetch_forked(&poller->fetch);
    ct_jaeger_board_forked(poller->board);
    poller->last = NULL;
    poller->failure_limit = (cotel_diagnostics_limit){0};
    poller->crowd_limit = (cotel_diagnostics_limit){0};
    reset_counts(poller);
}

bool ct_jaeger_poller_start(struct ct_jaeger_poller *poller)
{
    uint32_t stage = CT_JAEGER_UNSTARTED;
    /* Acquire and release: who stops it after another thread started it sees the thread. */
    if (!atomic_compare_exchange_strong_explicit(poller->stage, &stage, CT_JAEGER_STARTING,
                                                 memory_order_acquire, memory_order_acquire))
        return true;
    if (poller->pid != 0)
        forget_parent(poller);
    int error = start_thread(poller);
    poller->pid = error == 0 ? getpid() : 0;
    if (error != 0)
        close_wake_fd(poller);
    atomic_store_explicit(poller->stage, CT_JAEGER_STARTED, memory_order_release);
    if (error != 0)
        cotel_diagnostics_report(COTEL_LOG_ERROR, CT_JAEGER_COMPONENT,
                                 "no thread could be started (%s): strategies are not asked for",
                                 strerror(error));
    return error == 0;
}

bool ct_jaeger_poller_stop(struct ct_jaeger_poller *poller)
{
    const uint64_t one = 1;
    if (poller->pid != getpid())
        return true; /* it never was, or is the parent's */
    atomic_store_explicit(&poller->stopping, true, memory_order_release);
    ssize_t written = write(poller->wake_fd, &one, sizeof one);
    assert(written == (ssize_t)sizeof one); /* an eventfd takes its first event */
    (void)written;
    if (pthread_equal(pthread_self(), poller->thread)) {
        (void)pthread_detach(poller->thread);
        return false;
    }
    (void)pthread_join(poller->thread, NULL); /* cannot fail: ours, and joined once */
    poller->pid = 0;
    return true;
}

/* Where the kernel cannot empty pages (before 4.14, emulators) a child goes on without polling. */
static _Atomic uint32_t *create_page(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return NULL;
    (void)madvise(page, size, MADV_WIPEONFORK);
    return page;
}

bool ct_jaeger_poller_init(struct ct_jaeger_poller *poller, const struct ct_jaeger_config *config,
                           struct ct_jaeger_board *board)
{
    *poller = (struct ct_jaeger_poller){.config = config, .board = board, .wake_fd = -1};
    ct_jaeger_fetch_init(&poller->fetch, config);
    poller->stage = create_page();
    return poller->stage != NULL;
}

void ct_jaeger_poller_fini(struct ct_jaeger_poller *poller)
{
    bool is_parents = poller->pid != 0; /* stop() has cleared ours */
    if (is_parents)
        forget_parent(poller);
    else
        ct_jaeger_fetch_fini(&poller->fetch);
    close_wake_fd(poller);
    free(poller->last);
    (void)munmap(poller->stage, (size_t)sysconf(_SC_PAGESIZE)); /* cannot fail: it is ours */
}
