/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/exporter.h"

#include "exporters/net/clock.h"
#include "exporters/prometheus/lifecycle.h"
#include "exporters/prometheus/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long whoever destroys a reader waits for a collection that is under way. One that takes
 * longer is inside a callback that hangs, and comes back to nothing of the reader's. */
#define DESTROY_WAIT_NS CT_NET_NS_PER_S

/* ---- references ---- */

bool ct_prom_exporter_try_ref(cotel_prometheus_exporter *exporter)
{
    /* Relaxed: the registry's lock keeps it from being freed meanwhile. */
    unsigned count = atomic_load_explicit(&exporter->references, memory_order_relaxed);
    while (count > 0) {
        if (atomic_compare_exchange_weak_explicit(&exporter->references, &count, count + 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    }
    return false;
}

void ct_prom_exporter_unref(cotel_prometheus_exporter *exporter)
{
    /* Release what this owner did; the last one acquires what all did. */
    if (atomic_fetch_sub_explicit(&exporter->references, 1, memory_order_acq_rel) != 1)
        return;
    ct_prom_registry_remove(exporter);
    ct_prom_renderer_destroy(exporter->renderer);
    ct_prom_lifecycle_fini(exporter);
    ct_prom_config_fini(&exporter->config);
    free(exporter);
}

/* ---- what the reader is told ---- */

static cotel_status on_shutdown(void *user, uint64_t deadline_ns)
{
    return ct_prom_shut_down(user, deadline_ns);
}

static void on_forked(void *user)
{
    ct_prom_exporter_forked(user);
}

static void forget_reader(cotel_prometheus_exporter *exporter)
{
    uint64_t deadline_ns = ct_net_after_ns(ct_net_now_ns(), DESTROY_WAIT_NS);
    cotel_status status = ct_prom_turn_take(&exporter->rendering, deadline_ns);
    /* Relaxed: it is our turn, or else nobody uses what it leads to. */
    atomic_store_explicit(&exporter->reader, NULL, memory_order_relaxed);
    if (status == COTEL_STATUS_OK)
        ct_prom_turn_give(&exporter->rendering);
}

static void on_destroy(void *user)
{
    cotel_prometheus_exporter *exporter = user;
    (void)ct_prom_shut_down(exporter, UINT64_MAX); /* SHUT_DOWN: as it should be */
    forget_reader(exporter);
    ct_prom_exporter_unref(exporter);
}

static const cotel_metric_reader_events events = {
    .size = sizeof events,
    .shutdown = on_shutdown,
    .forked = on_forked,
    .destroy = on_destroy,
};

/* Whatever the temporalities that it comes with, Prometheus' are cumulative. */
static cotel_status create_reader(cotel_prometheus_exporter *exporter,
                                  const cotel_metric_reader_options *given)
{
    cotel_metric_reader *reader = NULL;
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    if (given && given->size < sizeof given->size)
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (given)
        memcpy(&options, given, given->size < sizeof options ? given->size : sizeof options);
    options.size = sizeof options;
    for (size_t i = 0; i < COTEL_INSTRUMENT_KINDS; i++)
        options.temporality[i] = COTEL_TEMPORALITY_CUMULATIVE;
    cotel_status status = cotel_metric_reader_create(&options, &events, exporter, &reader);
    /* Release: the thread, which is there already, sees the reader whole. */
    atomic_store_explicit(&exporter->reader, reader, memory_order_release);
    return status;
}

/* ---- making ---- */

static cotel_status create_exporter(const cotel_prometheus_options *options,
                                    cotel_prometheus_exporter **out)
{
    cotel_prometheus_exporter *exporter = calloc(1, sizeof *exporter);
    if (!exporter)
        return COTEL_STATUS_OUT_OF_MEMORY;
    exporter->pid = getpid();
    exporter->server.wake_fd = exporter->server.daemon_fd = -1;
    atomic_init(&exporter->references, 1);
    cotel_status status = ct_prom_config_init(&exporter->config, options);
    if (status != COTEL_STATUS_OK) {
        free(exporter);
        return status;
    }
    ct_prom_lifecycle_init(exporter);
    ct_prom_registry_add(exporter);
    *out = exporter;
    return COTEL_STATUS_OK;
}

/* The reader goes last: it takes over what is the caller's until all has succeeded. */
static cotel_status complete(cotel_prometheus_exporter *exporter,
                             const cotel_prometheus_options *options)
{
    int listen_error;
    cotel_status status = ct_prom_start(exporter, &listen_error);
    if (status == COTEL_STATUS_OK)
        status = create_reader(exporter, options->reader);
    if (status == COTEL_STATUS_OK)
        atomic_fetch_add_explicit(&exporter->references, 1, memory_order_relaxed);
    else
        (void)ct_prom_shut_down(exporter, UINT64_MAX);
    return status;
}

cotel_status cotel_prometheus_exporter_create(const cotel_prometheus_options *options,
                                              cotel_prometheus_exporter **out)
{
    cotel_prometheus_options whole;
    cotel_prometheus_exporter *exporter;
    if (!out || !ct_prom_options_complete(options, &whole))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = create_exporter(&whole, &exporter);
    if (status != COTEL_STATUS_OK)
        return status;
    status = complete(exporter, &whole);
    if (status == COTEL_STATUS_OK)
        *out = exporter;
    else
        ct_prom_exporter_unref(exporter);
    return status;
}

cotel_metric_reader *cotel_prometheus_exporter_as_reader(cotel_prometheus_exporter *exporter)
{
    if (!exporter)
        return NULL;
    /* Relaxed, as where it is read: who destroys it has been told that this has returned. */
    atomic_store_explicit(&exporter->is_given, true, memory_order_relaxed);
    return atomic_load_explicit(&exporter->reader, memory_order_relaxed);
}

void cotel_prometheus_exporter_destroy(cotel_prometheus_exporter *exporter)
{
    if (!exporter)
        return;
    if (!atomic_load_explicit(&exporter->is_given, memory_order_relaxed))
        cotel_metric_reader_destroy(atomic_load_explicit(&exporter->reader, memory_order_relaxed));
    ct_prom_exporter_unref(exporter);
}

/* ---- what it tells, and starting again ---- */

cotel_status cotel_prometheus_exporter_start(cotel_prometheus_exporter *exporter)
{
    int listen_error;
    if (!exporter)
        return COTEL_STATUS_INVALID_ARGUMENT;
    ct_prom_registry_lock();
    ct_prom_exporter_forked(exporter); /* by _Fork(), which nobody is told of */
    ct_prom_registry_unlock();
    cotel_status status = ct_prom_start(exporter, &listen_error);
    if (status != COTEL_STATUS_OK || listen_error == 0)
        return status;
    errno = listen_error;
    return COTEL_STATUS_SYSTEM_ERROR;
}

static bool is_listening(const cotel_prometheus_exporter *exporter)
{
    /* Acquire: the address was written before. */
    return exporter && atomic_load_explicit(&exporter->is_listening, memory_order_acquire);
}

const char *cotel_prometheus_exporter_address(const cotel_prometheus_exporter *exporter)
{
    return is_listening(exporter) ? exporter->address : "";
}

uint16_t cotel_prometheus_exporter_port(const cotel_prometheus_exporter *exporter)
{
    return is_listening(exporter) ? exporter->port : 0;
}

static uint64_t read_count(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void cotel_prometheus_stats(const cotel_prometheus_exporter *exporter, cotel_prometheus_counts *out)
{
    cotel_prometheus_counts counts = {.size = sizeof counts};
    if (!out || out->size < sizeof out->size)
        return;
    if (exporter) {
        const struct ct_prom_counters *counters = &exporter->counters;
        counts.connections = read_count(&counters->connections);
        counts.refused = read_count(&counters->refused);
        counts.slow = read_count(&counters->slow);
        counts.scrapes = read_count(&counters->scrapes);
        counts.scrape_bytes = read_count(&counters->scrape_bytes);
        counts.failures = read_count(&counters->failures);
        counts.misdirected = read_count(&counters->misdirected);
        counts.files = read_count(&counters->files);
        counts.file_failures = read_count(&counters->file_failures);
    }
    counts.size = out->size;
    memcpy(out, &counts, out->size < sizeof counts ? out->size : sizeof counts);
}
