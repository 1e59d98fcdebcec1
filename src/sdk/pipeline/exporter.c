/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/exporter_ops.h"

void cotel_exporter_destroy(cotel_exporter *exporter)
{
    if (exporter != NULL && CT_HAS_OP(exporter->ops, destroy))
        exporter->ops->destroy(exporter);
}
