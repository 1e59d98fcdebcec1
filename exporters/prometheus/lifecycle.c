/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/lifecycle.h"

#include "exporters/net/clock.h"
#include "exporters/prometheus/atomic_file.h"
#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/files.h"
#include "exporters/prometheus/registry.h"
#include "exporters/prometheus/start_report.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for callbacks of the program's and a sanitizer's frames; what is not touched costs no
 * memory.
 */
#define STACK_BYTES (1u << 20)

/* How long clients may take what they were answered after all is over. */
#define LINGER_NS (500 * CT_NET_NS_PER_MS)

/* What of exit() the files of one exporter may take. */
#define EXIT_MS 500

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- locks ---- */

static const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;
static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

void ct_prom_lifecycle_init(cotel_prometheus_exporter *exporter)
{
    ct_prom_turn_init(&exporter->rendering);
    exporter->state_lock = fresh_mutex;
    exporter->thread_ended = fresh_cond;
}

void ct_prom_lifecycle_fini(cotel_prometheus_exporter *exporter)
{
    free(exporter->target_path);
    ct_prom_text_fini(&exporter->target_text);
    (void)pthread_cond_destroy(&exporter->thread_ended);
    (void)pthread_mutex_destroy(&exporter->state_lock);
    ct_prom_turn_fini(&exporter->rendering);
}

/* ---- the target file; the state is locked ---- */

/* 0, or what errno says. */
static int write_target(cotel_prometheus_exporter *exporter)
{
    const struct ct_prom_config *config = &exporter->config;
    free(exporter->target_path);
    exporter->target_path = ct_prom_file_name(config->target_file);
    ct_prom_text_clear(&exporter->target_text);
    if (!exporter->target_path ||
        !ct_prom_target_describe(config, &exporter->server.sockets, &exporter->target_text))
        return ENOMEM;
    return ct_prom_file_replace(exporter->target_path, exporter->target_text.data,
                                exporter->target_text.size, false);
}

static void remove_target(cotel_prometheus_exporter *exporter)
{
    if (exporter->has_target)
        ct_prom_file_remove(exporter->target_path, exporter->target_text.data,
                            exporter->target_text.size);
    exporter->has_target = false;
}

/* ---- the thread ---- */

static void *thread_main(void *argument)
{
    cotel_prometheus_exporter *exporter = argument;
    (void)pthread_setname_np(pthread_self(), "cotel-prom");
    ct_prom_server_run(&exporter->server);
    (void)pthread_mutex_lock(&exporter->state_lock);
    ct_prom_server_fini(&exporter->server);
    exporter->has_thread = false;
    (void)pthread_cond_broadcast(&exporter->thread_ended);
    (void)pthread_mutex_unlock(&exporter->state_lock);
    ct_prom_exporter_unref(exporter);
    return NULL;
}

static int create_thread(cotel_prometheus_exporter *exporter)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return error;
    error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (error == 0)
        error = pthread_create(&exporter->thread, &attributes, thread_main, exporter);
    (void)pthread_attr_destroy(&attributes);
    return error;
}

/* The thread inherits the mask: the program's signals are for the program's threads. */
static int start_thread(cotel_prometheus_exporter *exporter)
{
    sigset_t all, before;
    /* Relaxed: the caller has a reference. */
    atomic_fetch_add_explicit(&exporter->references, 1, memory_order_relaxed);
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = create_thread(exporter);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    exporter->has_thread = error == 0;
    if (error != 0)
        ct_prom_exporter_unref(exporter);
    return error;
}

/* ---- starting; the state is locked ---- */

static void publish_address(cotel_prometheus_exporter *exporter)
{
    const struct ct_prom_sockets *sockets = &exporter->server.sockets;
    memcpy(exporter->address, sockets->address, sizeof exporter->address);
    exporter->port = sockets->port;
    /* Release: whoever sees it sees the address. */
    atomic_store_explicit(&exporter->is_listening, true, memory_order_release);
}

/* Listens if it is to. What is wrong with that is in the report. */
static void open_sockets(cotel_prometheus_exporter *exporter, struct ct_prom_sockets *sockets,
                         struct ct_prom_start_report *report)
{
    const struct ct_prom_config *config = &exporter->config;
    *sockets = (struct ct_prom_sockets){.count = 0};
    if (config->listens)
        report->listen_error =
            ct_prom_sockets_open(sockets, config->host, config->port, config->takes_next_port);
}

/* Takes the sockets over. 0, or what errno says. */
static int run(cotel_prometheus_exporter *exporter, struct ct_prom_sockets *sockets)
{
    int error = ct_prom_server_init(&exporter->server, exporter, sockets);
    if (error != 0) {
        ct_prom_sockets_close(sockets);
        return error;
    }
    error = start_thread(exporter);
    if (error != 0)
        ct_prom_server_fini(&exporter->server);
    return error;
}

/* The thread may have begun to serve; what it then changes of the server is not looked at. */
static void announce(cotel_prometheus_exporter *exporter, struct ct_prom_start_report *report)
{
    report->sockets = exporter->server.sockets;
    publish_address(exporter);
    if (!exporter->config.target_file)
        return;
    report->wrote_target = true;
    report->target_error = write_target(exporter);
    exporter->has_target = report->target_error == 0;
}

static int start(cotel_prometheus_exporter *exporter, struct ct_prom_start_report *report)
{
    struct ct_prom_sockets sockets;
    exporter->is_inherited = false;
    open_sockets(exporter, &sockets, report);
    if (sockets.count == 0 && exporter->config.textfile_interval_ns == 0)
        return 0;
    int error = run(exporter, &sockets);
    if (error != 0)
        return error;
    exporter->state = CT_PROM_RUNNING;
    if (sockets.count > 0)
        announce(exporter, report);
    return 0;
}

/* Waits for the thread's end. False: the deadline has passed, or it is the calling thread. */
static bool join(cotel_prometheus_exporter *exporter, uint64_t deadline_ns)
{
    const struct timespec until = {.tv_sec = (time_t)(deadline_ns / CT_NET_NS_PER_S),
                                   .tv_nsec = (long)(deadline_ns % CT_NET_NS_PER_S)};
    bool is_self = pthread_equal(pthread_self(), exporter->thread);
    int error = is_self ? ETIMEDOUT : 0;
    while (exporter->has_thread && error == 0)
        error = pthread_cond_clockwait(&exporter->thread_ended, &exporter->state_lock,
                                       CLOCK_MONOTONIC, &until);
    if (exporter->has_thread)
        (void)pthread_detach(exporter->thread);
    else
        (void)pthread_join(exporter->thread, NULL); /* which has nothing left to do */
    return !exporter->has_thread;
}

/* A thread that only writes files makes way for one that listens too. False: nothing is to do. */
static bool prepare_start(cotel_prometheus_exporter *exporter)
{
    if (exporter->state != CT_PROM_RUNNING)
        return true;
    if (!exporter->config.listens ||
        atomic_load_explicit(&exporter->is_listening, memory_order_relaxed))
        return false;
    ct_prom_server_stop(&exporter->server, ct_net_now_ns());
    if (!join(exporter, UINT64_MAX))
        return false;
    exporter->state = CT_PROM_STOPPED;
    return true;
}

cotel_status ct_prom_start(cotel_prometheus_exporter *exporter, int *listen_error)
{
    struct ct_prom_start_report report = {.listen_error = 0};
    cotel_status status = COTEL_STATUS_OK;
    int error = 0;
    (void)pthread_mutex_lock(&exporter->state_lock);
    if (exporter->state == CT_PROM_SHUT_DOWN)
        status = COTEL_STATUS_SHUT_DOWN;
    else if (prepare_start(exporter))
        error = start(exporter, &report);
    (void)pthread_mutex_unlock(&exporter->state_lock);
    ct_prom_report_start(exporter, &report);
    *listen_error = report.listen_error;
    if (error != 0)
        status = error == ENOMEM ? COTEL_STATUS_OUT_OF_MEMORY : COTEL_STATUS_SYSTEM_ERROR;
    errno = error;
    return status;
}

/* ---- stopping ---- */

/* So that Prometheus looks elsewhere before the server is gone. False: somebody has done it. */
static bool begin_shutdown(cotel_prometheus_exporter *exporter)
{
    (void)pthread_mutex_lock(&exporter->state_lock);
    bool is_first = exporter->state != CT_PROM_SHUT_DOWN;
    exporter->state = CT_PROM_SHUT_DOWN;
    remove_target(exporter);
    (void)pthread_mutex_unlock(&exporter->state_lock);
    return is_first;
}

static void write_last_textfile(cotel_prometheus_exporter *exporter, uint64_t deadline_ns)
{
    uint64_t now_ns = ct_net_now_ns();
    uint64_t left_ms = deadline_ns > now_ns ? (deadline_ns - now_ns) / CT_NET_NS_PER_MS : 0;
    if (exporter->config.textfile_at_shutdown && !exporter->is_inherited)
        ct_prom_textfile_write(exporter, earlier(left_ms, exporter->config.collect_timeout_ms),
                               true);
}

cotel_status ct_prom_shut_down(cotel_prometheus_exporter *exporter, uint64_t deadline_ns)
{
    if (!begin_shutdown(exporter))
        return COTEL_STATUS_SHUT_DOWN;
    write_last_textfile(exporter, deadline_ns);
    bool ended = true;
    (void)pthread_mutex_lock(&exporter->state_lock);
    if (exporter->has_thread) {
        uint64_t linger_ns = ct_net_after_ns(ct_net_now_ns(), LINGER_NS);
        ct_prom_server_stop(&exporter->server, earlier(deadline_ns, linger_ns));
        ended = join(exporter, deadline_ns);
    }
    atomic_store_explicit(&exporter->is_listening, false, memory_order_release);
    (void)pthread_mutex_unlock(&exporter->state_lock);
    return ended ? COTEL_STATUS_OK : COTEL_STATUS_TIMEOUT;
}

/* A shutdown has done all of this. */
void ct_prom_exporter_exits(cotel_prometheus_exporter *exporter)
{
    uint64_t deadline_ns = ct_net_after_ns(ct_net_now_ns(), EXIT_MS * CT_NET_NS_PER_MS);
    (void)pthread_mutex_lock(&exporter->state_lock);
    bool is_due = exporter->state != CT_PROM_SHUT_DOWN && exporter->pid == getpid();
    if (is_due)
        remove_target(exporter);
    (void)pthread_mutex_unlock(&exporter->state_lock);
    if (is_due)
        write_last_textfile(exporter, deadline_ns);
}

/* ---- in a forked child ---- */

static void forget_counts(struct ct_prom_counters *counters)
{
    atomic_uint_fast64_t *const all[] = {
        &counters->connections, &counters->refused,      &counters->slow,
        &counters->scrapes,     &counters->scrape_bytes, &counters->failures,
        &counters->misdirected, &counters->files,        &counters->file_failures,
    };
    /* Relaxed: there is one thread. */
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        atomic_store_explicit(all[i], 0, memory_order_relaxed);
}

/* The parent's threads may have been anywhere: what they may have held is made anew, and what they
 * may have been writing is left as it is. */
void ct_prom_exporter_forked(cotel_prometheus_exporter *exporter)
{
    if (exporter->pid == getpid())
        return;
    exporter->pid = getpid();
    ct_prom_server_forked(&exporter->server);
    ct_prom_lifecycle_init(exporter);
    if (exporter->has_thread)
        atomic_fetch_sub_explicit(&exporter->references, 1, memory_order_relaxed);
    exporter->has_thread = false;
    exporter->is_inherited = true;
    if (exporter->state == CT_PROM_RUNNING)
        exporter->state = CT_PROM_STOPPED;
    exporter->has_target = false;
    if (exporter->renderer)
        exporter->inherited_renderer = exporter->renderer;
    exporter->renderer = NULL;
    exporter->file_limit = (cotel_diagnostics_limit){0};
    forget_counts(&exporter->counters);
    atomic_store_explicit(&exporter->is_listening, false, memory_order_relaxed);
}
