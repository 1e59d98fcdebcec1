/* SPDX-License-Identifier: Apache-2.0 */
/* The header lines of every request, checked once and built once. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_HEADERS_H
#define COTEL_EXPORTERS_OTLP_HTTP_HEADERS_H

#include "exporters/otlp/encode/request.h"

#include <cotel/exporters/otlp_http.h>

#include <curl/curl.h>

/* Our own header lines, by what bodies look like, and the caller's. INVALID_ARGUMENT: a name that
 * is no token, a value with control characters, or a header that is the exporter's own business.
 * OUT_OF_MEMORY. */
cotel_status ct_http_headers_build(const cotel_otlp_header *headers, size_t count,
                                   const struct ct_otlp_format *format, struct curl_slist **out);

#endif
