/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP headers as carriers: those that came in, as libmicrohttpd has them, and those that go out,
 * as libcurl takes them. */
#ifndef COTEL_TESTS_INTEROP_SERVICE_CARRIERS_H
#define COTEL_TESTS_INTEROP_SERVICE_CARRIERS_H

#include <cotel/cotel.h>

#include <curl/curl.h>

/* Over a struct MHD_Connection. A header that came several times has several values, in order. */
extern const cotel_getter request_headers_getter;

/* Over a struct outgoing_headers. */
extern const cotel_setter outgoing_headers_setter;

struct outgoing_headers {
    struct curl_slist *list; /* whoever begins it frees it */
    bool out_of_memory;
};

void outgoing_headers_add(struct outgoing_headers *headers, cotel_str name, cotel_str value);

#endif
