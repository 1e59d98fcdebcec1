/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at structs of exporters, which may be shorter than today's. */
#ifndef COTEL_SRC_SDK_PIPELINE_EXPORTER_OPS_H
#define COTEL_SRC_SDK_PIPELINE_EXPORTER_OPS_H

#include <cotel/sdk/exporter.h>

#include <string.h>

/* Whether a struct that starts with its size reaches over a member. */
#define CT_HAS_MEMBER(pointer, type, member) \
    ((pointer)->size >= offsetof(type, member) + sizeof((pointer)->member))

/* Whether an exporter has an operation. */
#define CT_EXPORTER_HAS(exporter, member) \
    (CT_HAS_MEMBER((exporter)->ops, cotel_exporter_ops, member) && (exporter)->ops->member != NULL)

/* As far as `from` goes; the rest of `to` stays. */
static inline void ct_exporter_copy_result(cotel_export_result *to, const cotel_export_result *from)
{
    if (from != NULL)
        memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
}

#endif
