/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/retry_after.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/retry.h"

#include <curl/curl.h>
#include <string.h>

/* The longest wait that still differs from CT_OTLP_NOT_SAID; any deadline comes first. */
#define LONGEST_S (UINT64_MAX / CT_NET_NS_PER_S - 1)

static uint64_t seconds_to_ns(uint64_t seconds)
{
    return (seconds < LONGEST_S ? seconds : LONGEST_S) * CT_NET_NS_PER_S;
}

static uint64_t parse_seconds(const char *digits, size_t count)
{
    uint64_t seconds = 0;
    for (size_t i = 0; i < count && seconds < LONGEST_S; i++)
        seconds = seconds * 10 + (uint64_t)(digits[i] - '0');
    return seconds;
}

uint64_t ct_http_retry_after_ns(const char *value, time_t now)
{
    if (value == NULL)
        return CT_OTLP_NOT_SAID;
    value += strspn(value, " \t");
    size_t digits = strspn(value, "0123456789");
    if (digits > 0 && value[digits + strspn(value + digits, " \t")] == '\0')
        return seconds_to_ns(parse_seconds(value, digits));

    time_t date = curl_getdate(value, NULL);
    if (date < 0)
        return CT_OTLP_NOT_SAID;
    return date > now ? seconds_to_ns((uint64_t)(date - now)) : 0;
}
