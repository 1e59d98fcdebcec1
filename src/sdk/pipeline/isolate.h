/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the records that a peer will not take.
 *
 * A batch that is refused as too large, or as malformed, is halved, and the halves are sent one
 * after the other, until what is refused is a single record: that one is lost, and named. To find
 * one of 512 takes 18 more requests. A peer that refuses whatever it gets must not be asked a
 * thousand times, so a batch is halved so often and no more; what is left of it then is lost.
 *
 * Everything here is the driver's. */
#ifndef COTEL_SRC_SDK_PIPELINE_ISOLATE_H
#define COTEL_SRC_SDK_PIPELINE_ISOLATE_H

#include <cotel/sdk/exporter.h>

struct ct_pipeline;

/* How often one batch is halved: enough for seven culprits among 512. */
#define CT_ISOLATION_MAX_SPLITS 64u

/* How many lost records of one batch are named. */
#define CT_ISOLATION_MAX_NAMES 16u

/* What the parts of one batch share. */
struct ct_suspects {
    uint32_t references;
    uint32_t splits_left;
    uint32_t names_left;
};

/* A part of a refused batch that waits to be sent. */
struct ct_part {
    struct ct_part *next;
    cotel_batch *batch;
    uint64_t deadline_ns; /* of the whole batch */
    uint64_t number;      /* of the whole batch */
    struct ct_suspects *suspects;
};

/* Puts the halves of a refused batch before what waits. False: it can't be halved, so it is lost.
 */
bool ct_isolation_split(struct cotel_export *operation, cotel_export_outcome outcome);

/* The part to be sent next becomes the operation's batch; there is one. */
void ct_isolation_resume(struct ct_pipeline *pipeline, struct cotel_export *operation);

/* Whether the record that a batch comes down to is to be named in diagnostics; at most
 * CT_ISOLATION_MAX_NAMES times for a batch. */
bool ct_isolation_found(const struct cotel_export *operation, cotel_export_outcome outcome);

/* Takes NULL. */
void ct_suspects_unref(struct ct_suspects *suspects);

#endif
