/* SPDX-License-Identifier: Apache-2.0 */
/* What an HTTP exchange that has ended means for the batch. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_ANSWER_H
#define COTEL_EXPORTERS_OTLP_HTTP_ANSWER_H

#include "exporters/otlp/http/transfer.h"
#include "exporters/otlp/retry.h"

#include <curl/curl.h>

/* Reads status, headers and body of a transfer that has ended with `code`. */
void ct_http_answer_read(struct ct_http_transfer *transfer, CURLcode code,
                         struct ct_otlp_answer *answer);

/* The peer could not be reached at all, so its address may be wrong. */
bool ct_http_answer_is_unreachable(CURLcode code);

#endif
