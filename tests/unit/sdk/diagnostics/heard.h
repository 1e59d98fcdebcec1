/* SPDX-License-Identifier: Apache-2.0 */
/* A listener that keeps the last message. */
#ifndef COTEL_TESTS_UNIT_SDK_DIAGNOSTICS_HEARD_H
#define COTEL_TESTS_UNIT_SDK_DIAGNOSTICS_HEARD_H

#include <cotel/sdk/diagnostics.h>

#include <stdio.h>

struct heard {
    int count;
    cotel_log_level level;
    char component[64];
    char message[1024];
};

static inline void hear(void *user, cotel_log_level level, const char *component,
                        const char *message)
{
    struct heard *heard = user;
    heard->count++;
    heard->level = level;
    (void)snprintf(heard->component, sizeof heard->component, "%s", component);
    (void)snprintf(heard->message, sizeof heard->message, "%s", message);
}

static inline void stop_listening(void)
{
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
}

#endif
