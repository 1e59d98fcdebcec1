/* SPDX-License-Identifier: Apache-2.0 */
/* What an exporter has and answers; its structs may be shorter than today's. */
#ifndef COTEL_SRC_SDK_PIPELINE_EXPORTER_OPS_H
#define COTEL_SRC_SDK_PIPELINE_EXPORTER_OPS_H

#include <cotel/sdk/exporter.h>

#include "base/sized.h"

#include <string.h>

/* As far as `from` goes; the rest of `to` stays. */
static inline void ct_exporter_copy_result(cotel_export_result *to, const cotel_export_result *from)
{
    if (from != NULL)
        memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
}

#endif
