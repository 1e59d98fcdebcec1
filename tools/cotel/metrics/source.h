/* SPDX-License-Identifier: Apache-2.0 */
/* Where an exposition is had from: a URL, a file, or stdin. */
#ifndef COTEL_TOOLS_COTEL_METRICS_SOURCE_H
#define COTEL_TOOLS_COTEL_METRICS_SOURCE_H

#include "metrics/exposition.h"

enum { CT_SOURCE_CONNECT_MS = 5000, CT_SOURCE_TIMEOUT_MS = 15000 };

#define CT_SOURCE_DEFAULT_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct ct_source {
    char *data; /* yours to free, also on failure */
    size_t size;
    size_t capacity;
    size_t max_bytes;    /* more is a failure; set before */
    bool is_openmetrics; /* the peer says so */
    bool is_prometheus;  /* the peer says that it is the text format */
};

/* Is it a URL, not a file? */
bool ct_source_is_url(const char *from);

/* `from` is a URL of http or https, the path of a file, or "-". */
bool ct_source_read(struct ct_source *source, const char *from, struct ct_fault *fault);

/* Adds what has come. False, with the reason: it is too much, or memory is out. */
bool ct_source_add(struct ct_source *source, const char *bytes, size_t size,
                   struct ct_fault *fault);

/* By HTTP; a build without libcurl fails. */
bool ct_source_fetch(struct ct_source *source, const char *url, struct ct_fault *fault);

#endif
