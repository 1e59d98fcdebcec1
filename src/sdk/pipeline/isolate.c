/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/isolate.h"

#include <assert.h>
#include <stdlib.h>

#include "sdk/pipeline/pipeline.h"

static bool is_culprit_hidden(cotel_export_outcome outcome)
{
    return outcome == COTEL_EXPORT_TOO_LARGE || outcome == COTEL_EXPORT_INVALID;
}

/* Those of the operation; new ones when it carries a batch that was not halved before. NULL when
 * memory is out. */
static struct ct_suspects *suspects_of(struct cotel_export *operation)
{
    if (operation->suspects != NULL)
        return operation->suspects;
    struct ct_suspects *suspects = malloc(sizeof *suspects);
    if (suspects == NULL)
        return NULL;
    *suspects = (struct ct_suspects){
        .references = 1,
        .splits_left = CT_ISOLATION_MAX_SPLITS,
        .names_left = CT_ISOLATION_MAX_NAMES,
    };
    operation->suspects = suspects;
    return suspects;
}

void ct_suspects_unref(struct ct_suspects *suspects)
{
    if (suspects != NULL && --suspects->references == 0)
        free(suspects);
}

static struct ct_part *part_create(const struct cotel_export *operation, size_t first, size_t count)
{
    struct ct_part *part = malloc(sizeof *part);
    cotel_batch *batch = part != NULL ? ct_batch_slice(operation->batch, first, count) : NULL;
    if (batch == NULL) {
        free(part);
        return NULL;
    }
    operation->suspects->references++;
    *part = (struct ct_part){
        .batch = batch,
        .deadline_ns = operation->deadline_ns,
        .number = operation->number,
        .suspects = operation->suspects,
    };
    return part;
}

static void part_destroy(struct ct_part *part)
{
    if (part == NULL)
        return;
    cotel_batch_unref(part->batch);
    ct_suspects_unref(part->suspects);
    free(part);
}

bool ct_isolation_split(struct cotel_export *operation, cotel_export_outcome outcome)
{
    struct ct_pipeline *pipeline = operation->pipeline;
    size_t count = operation->batch->count;
    if (!is_culprit_hidden(outcome) || count < 2)
        return false;
    struct ct_suspects *suspects = suspects_of(operation);
    if (suspects == NULL || suspects->splits_left == 0)
        return false;
    struct ct_part *first = part_create(operation, 0, count / 2);
    struct ct_part *second = part_create(operation, count / 2, count - count / 2);
    if (first == NULL || second == NULL) {
        part_destroy(first);
        part_destroy(second);
        return false;
    }
    suspects->splits_left--;
    second->next = pipeline->parts;
    first->next = second;
    pipeline->parts = first;
    return true;
}

void ct_isolation_resume(struct ct_pipeline *pipeline, struct cotel_export *operation)
{
    struct ct_part *part = pipeline->parts;
    assert(part != NULL && operation->batch == NULL);
    pipeline->parts = part->next;
    *operation = (struct cotel_export){
        .pipeline = pipeline,
        .batch = part->batch,
        .deadline_ns = part->deadline_ns,
        .number = part->number,
        .cancelled_for = COTEL_DROP_FAILED,
        .suspects = part->suspects,
    };
    free(part);
}

bool ct_isolation_found(const struct cotel_export *operation, cotel_export_outcome outcome)
{
    struct ct_suspects *suspects = operation->suspects;
    if (!is_culprit_hidden(outcome) || operation->batch->count != 1)
        return false;
    if (suspects == NULL)
        return true;
    if (suspects->names_left == 0)
        return false;
    suspects->names_left--;
    return true;
}
