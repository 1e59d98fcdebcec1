/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/diagnostics.h>

#include <stdio.h>

static const char *level_name(cotel_log_level level)
{
    switch (level) {
    case COTEL_LOG_ERROR:
        return "error";
    case COTEL_LOG_WARNING:
        return "warning";
    case COTEL_LOG_INFO:
        return "info";
    case COTEL_LOG_DEBUG:
        return "debug";
    }
    return "unknown";
}

void cotel_diagnostics_to_file(void *user, cotel_log_level level, const char *component,
                               const char *message)
{
    FILE *file = user ? (FILE *)user : stderr;
    /* One call, so that lines of several threads do not mix. If the file can't be written to,
     * there is nobody left to tell. */
    (void)fprintf(file, "cotel: %s: %s: %s\n", level_name(level), component ? component : "cotel",
                  message ? message : "");
}
