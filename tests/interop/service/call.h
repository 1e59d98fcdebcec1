/* SPDX-License-Identifier: Apache-2.0 */
/* Calls from one service to another: a CLIENT span each, and its context in the headers. */
#ifndef COTEL_TESTS_INTEROP_SERVICE_CALL_H
#define COTEL_TESTS_INTEROP_SERVICE_CALL_H

#include <cotel/cotel.h>

#include <jansson.h>

/* The bounds of one call. */
#define CALL_TIMEOUT_MS 5000L

/* POSTs `arguments` (NULL: an empty array) to `url`, which must be http and lead to loopback, as a
 * child of the current span. Returns what came of it, {"url", "status"} or {"url", "error"}; NULL
 * when memory is out. */
json_t *call_service(cotel_tracer *tracer, const char *url, const json_t *arguments);

#endif
