/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/library.h"

#include <curl/curl.h>
#include <pthread.h>

static CURLcode state;

static void start(void)
{
    state = curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool ct_http_library_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, start) == 0 && state == CURLE_OK;
}
