/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/exporter_ops.h"

void cotel_exporter_destroy(cotel_exporter *exporter)
{
    if (exporter != NULL && exporter->ops != NULL && CT_EXPORTER_HAS(exporter, destroy))
        exporter->ops->destroy(exporter);
}
