/* SPDX-License-Identifier: Apache-2.0 */
/* A metric reader from inside, and what a provider does with its readers.
 *
 * A reader is made by the program, claimed by one provider (attach), and begins to collect when
 * that is complete (start). Collecting is the reader's: it makes the writer, asks the provider for
 * its metrics and then each producer, one collection at a time, whether the worker wants it (the
 * reader is periodic, and has a pipeline) or somebody who calls cotel_metric_reader_collect(). */
#ifndef COTEL_SRC_SDK_METRICS_READER_READER_H
#define COTEL_SRC_SDK_METRICS_READER_READER_H

#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/provider.h>

#include "base/fork.h"
#include "sdk/metrics/writer.h"

#include <pthread.h>
#include <stdatomic.h>

struct ct_pipeline;

/* The provider's metrics, as one of its readers has to see them. */
struct ct_reader_source {
    /* Runs callbacks and writes what there is; on the thread that collects, one call at a time for
     * a reader. The reader's lock is not held.
     * @return OK; TIMEOUT (what was written counts); OUT_OF_MEMORY. */
    cotel_status (*collect)(void *user, struct cotel_metric_reader *reader,
                            cotel_metric_writer *writer, uint64_t deadline_ns);
    void *user;
};

enum ct_reader_state {
    CT_READER_UNATTACHED,
    CT_READER_ATTACHED, /* by a provider that is not complete yet */
    CT_READER_STARTED,
    CT_READER_SHUT_DOWN
};

struct cotel_metric_reader {
    /* Constant. What the options point to is the reader's own, but for the filter. */
    cotel_metric_reader_options options;
    size_t max_points;                 /* in a batch of the pipeline's; 0: no limit */
    size_t max_bytes;                  /* likewise */
    struct ct_pipeline *pipeline;      /* NULL: it is not periodic */
    cotel_metric_reader_events events; /* what is not there is NULL */
    void *user;

    /* Constant while it is attached, but for the resource in a forked child. */
    struct ct_reader_source source;
    cotel_resource *resource; /* a reference */

    struct ct_fork_lock lock; /* guards what follows */
    pthread_cond_t changed;   /* a collection has ended */
    enum ct_reader_state state;
    bool collecting;

    struct ct_buffer room; /* of the collector's, from one collection to the next */

    /* Written by the thread that collects. */
    _Atomic uint64_t collections;
    _Atomic uint64_t lost;      /* points that there was no memory for */
    _Atomic uint64_t malformed; /* points of producers that were left out */
};

/* ---- for the provider: its owner's calls, one at a time ---- */

/* Claims a reader. @return OK; INVALID_ARGUMENT (it has a provider, or had one). */
cotel_status ct_reader_attach(cotel_metric_reader *reader, const struct ct_reader_source *source);

/* Takes a claim back: the reader is as it was before ct_reader_attach(). Not once it is started. */
void ct_reader_detach(cotel_metric_reader *reader);

/* From now on they collect: the provider is complete. The first collection of a periodic one comes
 * an interval later. The worker is started if the runtime has one. */
void ct_readers_start(cotel_metric_reader *const *readers, size_t count, cotel_runtime *runtime,
                      cotel_resource *resource);

/* Collects and exports for all of them, and waits until the peers have it. All begin at once, so a
 * stuck one does not eat the time of the others. @return the first status that is not OK. */
cotel_status ct_readers_flush(cotel_metric_reader *const *readers, size_t count,
                              uint64_t deadline_ns);

/* The same for the last time; later collections are refused. Afterwards the runtime may be stopped.
 * @param abandoned grows by the points that were given up. */
cotel_status ct_readers_shutdown(cotel_metric_reader *const *readers, size_t count,
                                 uint64_t deadline_ns, uint64_t *abandoned);

/* In a forked child, behind ct_runtime_forked() and when the provider's own state is in order:
 * nobody collects, counts are zero, events are told, the worker is started. */
void ct_readers_forked(cotel_metric_reader *const *readers, size_t count, cotel_runtime *runtime,
                       cotel_resource *resource);

/* Frees a reader with all that passed to it: shut down, or never started, and its runtime stopped
 * but not destroyed. @return false when a collection or an exporter does not come back: then the
 * reader, and whatever its source uses, must stay. Takes NULL. */
bool ct_reader_destroy(cotel_metric_reader *reader);

/* ---- any thread ---- */

/* Whether the calling thread is inside a collection, where waiting for one would be waiting for
 * oneself: of whatever reader. */
bool ct_reader_is_collecting_here(void);

#endif
