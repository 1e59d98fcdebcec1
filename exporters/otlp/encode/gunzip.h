/* SPDX-License-Identifier: Apache-2.0 */
/* Undoing gzip, up to a limit: what comes from outside may be a few bytes that become gigabytes. */
#ifndef COTEL_EXPORTERS_OTLP_ENCODE_GUNZIP_H
#define COTEL_EXPORTERS_OTLP_ENCODE_GUNZIP_H

#include <stddef.h>

enum ct_otlp_gunzip {
    CT_OTLP_GUNZIP_OK,
    CT_OTLP_GUNZIP_TOO_LONG,
    CT_OTLP_GUNZIP_FAILED /* it is no gzip, or memory is out */
};

/* *out gets what is to be freed, with OK only. */
enum ct_otlp_gunzip ct_otlp_gunzip(const void *bytes, size_t size, size_t limit, char **out,
                                   size_t *out_size);

#endif
