/* SPDX-License-Identifier: Apache-2.0 */
/* An exporter from inside.
 *
 * It belongs to the process that made it or, in a forked child, inherited it. Who has a reference:
 * the maker, the reader, and the thread while there is one: so a thread that a user's callback
 * holds up beyond a shutdown's deadline is left behind, and what it uses stays. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_EXPORTER_H
#define COTEL_EXPORTERS_PROMETHEUS_EXPORTER_H

#include "exporters/prometheus/config.h"
#include "exporters/prometheus/server.h"
#include "exporters/prometheus/text.h"
#include "exporters/prometheus/turn.h"

#include <cotel/sdk/diagnostics.h>

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

struct ct_prom_counters {
    atomic_uint_fast64_t connections;
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t slow;
    atomic_uint_fast64_t scrapes;
    atomic_uint_fast64_t scrape_bytes;
    atomic_uint_fast64_t failures;
    atomic_uint_fast64_t misdirected;
    atomic_uint_fast64_t files;
    atomic_uint_fast64_t file_failures;
};

/* Relaxed: a count orders nothing. */
static inline void ct_prom_count(atomic_uint_fast64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

enum ct_prom_state {
    CT_PROM_STOPPED,  /* as made, or in a forked child */
    CT_PROM_RUNNING,  /* there is a thread */
    CT_PROM_SHUT_DOWN /* for good */
};

struct cotel_prometheus_exporter {
    /* Constant. */
    struct ct_prom_config config;

    atomic_uint references;
    atomic_bool is_given; /* the reader was handed out */
    struct ct_prom_counters counters;
    cotel_diagnostics_limit file_limit;

    /* Guards what a collection uses, from the reader to the renderer's memory. */
    struct ct_prom_turn rendering;
    _Atomic(cotel_metric_reader *) reader;       /* NULL: it is destroyed */
    struct ct_prom_renderer *renderer;           /* NULL: none yet in this process */
    struct ct_prom_renderer *inherited_renderer; /* a parent's thread may have been in it */

    /* Guards what follows. Never taken with the other one held. */
    pthread_mutex_t state_lock;
    pthread_cond_t thread_ended;
    enum ct_prom_state state;
    bool has_thread;   /* it has not ended */
    bool is_inherited; /* by a forked child, which has not started it */
    pthread_t thread;
    bool has_target; /* the target file is there: */
    char *target_path;
    struct ct_prom_text target_text;
    struct ct_prom_server server;

    /* What the address functions tell. Written before `is_listening`. */
    char address[CT_PROM_ADDRESS_SIZE];
    uint16_t port;
    atomic_bool is_listening;

    /* Guarded by the registry's lock. */
    pid_t pid; /* whose it is */
    cotel_prometheus_exporter *next;
};

/* False: it has none any more, and is about to be freed. */
bool ct_prom_exporter_try_ref(cotel_prometheus_exporter *exporter);
void ct_prom_exporter_unref(cotel_prometheus_exporter *exporter);

/* In a forked child: closes descriptors without a word, and makes anew what the parent's threads
 * may have held. Does nothing the second time. Async-signal-safe. */
void ct_prom_exporter_forked(cotel_prometheus_exporter *exporter);

/* The process ends: the files are left as shutdown leaves them. */
void ct_prom_exporter_exits(cotel_prometheus_exporter *exporter);

#endif
