/* SPDX-License-Identifier: Apache-2.0 */
/* The value of a Retry-After header. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_RETRY_AFTER_H
#define COTEL_EXPORTERS_OTLP_HTTP_RETRY_AFTER_H

#include <stdint.h>
#include <time.h>

/* How long the peer asks to be left alone, in ns: a number of seconds, or an HTTP date, seen from
 * `now`; a date that has passed is 0, a number too large for ns the largest. CT_OTLP_NOT_SAID when
 * it is neither. `value` may be NULL. */
uint64_t ct_http_retry_after_ns(const char *value, time_t now);

#endif
