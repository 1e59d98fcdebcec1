/* SPDX-License-Identifier: Apache-2.0 */
#include "view/duration.h"

#include <stdio.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

enum { SECONDS_PER_MINUTE = 60, SECONDS_PER_HOUR = 3600 };

/* Cut, not rounded, so that no number reaches the next unit. */
static void format_tenths(char *text, uint64_t ns, uint64_t unit, const char *name)
{
    snprintf(text, CT_DURATION_SIZE, "%llu.%u%s", (unsigned long long)(ns / unit),
             (unsigned)(ns % unit * 10 / unit), name);
}

/* Tenths while they say something: 1.2ms, but 12ms. */
static void format_small(char *text, uint64_t ns, uint64_t unit, const char *name)
{
    if (ns < 10 * unit)
        format_tenths(text, ns, unit, name);
    else
        snprintf(text, CT_DURATION_SIZE, "%llu%s", (unsigned long long)(ns / unit), name);
}

static void format_minutes(char *text, uint64_t seconds)
{
    unsigned long long hours = seconds / SECONDS_PER_HOUR;
    unsigned minutes = (unsigned)(seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE);

    if (hours)
        snprintf(text, CT_DURATION_SIZE, "%lluh%02um", hours, minutes);
    else
        snprintf(text, CT_DURATION_SIZE, "%um%02us", minutes,
                 (unsigned)(seconds % SECONDS_PER_MINUTE));
}

void ct_duration_format(char text[CT_DURATION_SIZE], uint64_t start_ns, uint64_t end_ns)
{
    uint64_t ns = end_ns - start_ns;

    if (end_ns < start_ns)
        snprintf(text, CT_DURATION_SIZE, "ends before it starts");
    else if (ns < NS_PER_US)
        snprintf(text, CT_DURATION_SIZE, "%lluns", (unsigned long long)ns);
    else if (ns < NS_PER_MS)
        format_small(text, ns, NS_PER_US, "\xC2\xB5s");
    else if (ns < NS_PER_S / 10)
        format_small(text, ns, NS_PER_MS, "ms");
    else if (ns < SECONDS_PER_MINUTE * NS_PER_S)
        format_tenths(text, ns, NS_PER_S, "s");
    else
        format_minutes(text, ns / NS_PER_S);
}
