/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_PIPELINE_BLOCKING_EXPORTER_H
#define COTEL_SRC_SDK_PIPELINE_BLOCKING_EXPORTER_H

#include <cotel/sdk/exporter.h>

/* Whether the calling thread is that of this exporter; false for any other kind of exporter. */
bool ct_blocking_exporter_is_inside(const cotel_exporter *exporter);

#endif
