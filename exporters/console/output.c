/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PIECE_SIZE 256
#define NS_PER_MS 1000000u
#define NS_PER_SECOND 1000000000u

void ct_output_init(struct ct_output *output, int fd, uint64_t deadline_ns)
{
    output->fd = fd;
    output->deadline_ns = deadline_ns;
    output->failed = false;
    output->used = 0;
}

static int remaining_ms(uint64_t deadline_ns)
{
    struct timespec now = {0, 0};
    /* Cannot fail: Linux always has this clock. */
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_ns = (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
    if (deadline_ns <= now_ns)
        return 0;
    uint64_t ms = (deadline_ns - now_ns) / NS_PER_MS + 1;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* For a descriptor that was set not to block: waits for room. */
static bool wait_for_room(const struct ct_output *output)
{
    struct pollfd item = {.fd = output->fd, .events = POLLOUT};
    int ready = poll(&item, 1, remaining_ms(output->deadline_ns));
    return ready > 0 || (ready < 0 && errno == EINTR);
}

static bool write_all(const struct ct_output *output, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(output->fd, data, size);
        if (written >= 0) {
            data += written;
            size -= (size_t)written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_for_room(output))
                return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool ct_output_flush(struct ct_output *output)
{
    if (!output->failed)
        output->failed = !write_all(output, output->buffer, output->used);
    output->used = 0;
    return !output->failed;
}

void ct_output_put(struct ct_output *output, const char *text, size_t size)
{
    while (size > 0 && !output->failed) {
        size_t room = sizeof output->buffer - output->used;
        size_t step = size < room ? size : room;
        memcpy(output->buffer + output->used, text, step);
        output->used += step;
        text += step;
        size -= step;
        if (output->used == sizeof output->buffer)
            (void)ct_output_flush(output);
    }
}

void ct_output_format(struct ct_output *output, const char *format, ...)
{
    char piece[PIECE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (size > 0)
        ct_output_put(output, piece, (size_t)size < sizeof piece ? (size_t)size : sizeof piece - 1);
}

/* The letter of a control character's short escape; 0: it has none. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '"':
    case '\\':
        return (char)c;
    default:
        return 0;
    }
}

/* How many bytes at `at` have to be escaped as one character; 0: none. C1 controls are two bytes
 * in UTF-8, and terminals obey them too. */
static size_t control_size(const unsigned char *at, size_t size)
{
    if (*at < 0x20 || *at == 0x7f || *at == '"' || *at == '\\')
        return 1;
    return size >= 2 && at[0] == 0xc2 && at[1] < 0xa0 ? 2 : 0;
}

void ct_output_text(struct ct_output *output, cotel_str text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    size_t plain = 0;
    for (size_t i = 0; i < text.size;) {
        size_t size = control_size(at + i, text.size - i);
        if (size == 0) {
            i++;
            continue;
        }
        ct_output_put(output, text.data + plain, i - plain);
        unsigned char c = at[i + size - 1];
        if (short_escape(c))
            ct_output_format(output, "\\%c", short_escape(c));
        else
            ct_output_format(output, "\\u%04x", c);
        i += size;
        plain = i;
    }
    if (text.size > plain)
        ct_output_put(output, text.data + plain, text.size - plain);
}
