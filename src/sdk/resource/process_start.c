/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/process_start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sdk/resource/read_file.h"

/* /proc/stat has a line for each processor and one with a number for each interrupt before the one
 * that is wanted. */
#define STAT_MAX_SIZE (1u << 20)

/* proc(5): the third field follows the name of the command, which is in brackets and may hold
 * anything; the 22nd is the start time. */
#define FIELDS_BETWEEN 19

#define BOOT_TIME "\nbtime "

static bool parse_number(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && end != text;
}

bool ct_process_start_ticks(const char *stat, uint64_t *ticks)
{
    const char *at = strrchr(stat, ')');
    if (!at || at[1] != ' ')
        return false;
    at += 2;
    for (int i = 0; i < FIELDS_BETWEEN && at; i++) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    return at && parse_number(at, ticks);
}

bool ct_boot_seconds(const char *stat, uint64_t *seconds)
{
    const char *line = strstr(stat, BOOT_TIME);
    return line && parse_number(line + strlen(BOOT_TIME), seconds);
}

static bool read_number(const char *path, bool (*find)(const char *text, uint64_t *number),
                        uint64_t *number)
{
    struct ct_buffer file = CT_BUFFER_INIT;
    bool found = ct_read_file(path, STAT_MAX_SIZE, &file) && ct_buffer_append(&file, "", 1) &&
                 find((const char *)file.data, number);
    ct_buffer_fini(&file);
    return found;
}

bool ct_process_start(char out[CT_PROCESS_START_SIZE])
{
    uint64_t ticks, boot;
    long per_second = sysconf(_SC_CLK_TCK);
    if (per_second <= 0 || !read_number("/proc/self/stat", ct_process_start_ticks, &ticks) ||
        !read_number("/proc/stat", ct_boot_seconds, &boot))
        return false;
    uint64_t rate = (uint64_t)per_second;
    time_t seconds = (time_t)(boot + ticks / rate);
    unsigned milliseconds = (unsigned)(ticks % rate * 1000 / rate);
    struct tm utc;
    char date[CT_PROCESS_START_SIZE];
    if (!gmtime_r(&seconds, &utc) || strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        return false;
    return snprintf(out, CT_PROCESS_START_SIZE, "%.24s.%03uZ", date, milliseconds % 1000) <
           CT_PROCESS_START_SIZE;
}
