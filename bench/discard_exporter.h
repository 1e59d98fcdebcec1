/* SPDX-License-Identifier: Apache-2.0 */
/* An exporter that takes every batch at once and keeps none. */
#ifndef COTEL_BENCH_DISCARD_EXPORTER_H
#define COTEL_BENCH_DISCARD_EXPORTER_H

#include <cotel/sdk/exporter.h>

/* Static; any number of processors may have it. With `concatenate` it also writes each batch as one
 * contiguous request body, as a transport without scattered writes would have to. */
cotel_exporter *discard_exporter(bool concatenate);

#endif
