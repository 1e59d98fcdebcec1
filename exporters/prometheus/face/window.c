/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"

#include <stdlib.h>
#include <time.h>

#define NS_PER_SECOND UINT64_C(1000000000)

static uint64_t unix_ns(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static bool has_quantiles(const struct ct_window_settings *settings)
{
    return settings->targets.count > 0;
}

static void begin(struct ct_window *window, const struct ct_window_settings *settings,
                  uint64_t now_ns)
{
    window->generation = ct_face_generation();
    window->start_unix_ns = unix_ns();
    window->step_ends_ns = now_ns + settings->step_ns;
}

bool ct_window_init(struct ct_window *window, const struct ct_window_settings *settings,
                    uint64_t now_ns)
{
    *window = (struct ct_window){.count = 0};
    begin(window, settings, now_ns);
    if (!has_quantiles(settings))
        return true;
    window->buffers = calloc(2, sizeof *window->buffers);
    window->streams = calloc(settings->steps, sizeof *window->streams);
    if (window->buffers && window->streams)
        return true;
    ct_window_fini(window, settings);
    return false;
}

void ct_window_fini(struct ct_window *window, const struct ct_window_settings *settings)
{
    for (uint32_t i = 0; window->streams && i < settings->steps; i++)
        ct_quantiles_fini(&window->streams[i]);
    free(window->streams);
    free(window->buffers);
    *window = (struct ct_window){.count = 0};
}

/* In a forked child, under the lock: what was recorded is the parent's to tell. Another thread of
 * the parent may have been in the middle of anything, so the samples' memory is let go unfreed: it
 * may have been freed. */
static void start_over(struct ct_window *window, const struct ct_window_settings *settings,
                       uint64_t now_ns)
{
    ct_face_lock(&window->streams_lock);
    window->count = 0;
    window->sum = 0;
    window->inexact = 0;
    window->oldest = 0;
    for (uint32_t i = 0; has_quantiles(settings) && i < settings->steps; i++)
        window->streams[i] = (struct ct_quantiles){NULL, 0, 0, 0};
    for (uint32_t i = 0; window->buffers && i < 2; i++)
        window->buffers[i].count = 0;
    begin(window, settings, now_ns);
    ct_face_unlock(&window->streams_lock);
}

/* Takes the lock, in the process whose the values are. */
static void enter(struct ct_window *window, const struct ct_window_settings *settings,
                  uint64_t now_ns)
{
    ct_face_lock(&window->lock);
    if (window->generation != ct_face_generation())
        start_over(window, settings, now_ns);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void merge(struct ct_window *window, const struct ct_window_settings *settings,
                  struct ct_window_buffer *cold)
{
    if (cold->count == 0)
        return;
    qsort(cold->values, cold->count, sizeof cold->values[0], ascending);
    bool inexact = false;
    for (uint32_t i = 0; i < settings->steps; i++)
        inexact |= ct_quantiles_add(&window->streams[i], &settings->targets, cold->values,
                                    cold->count) != CT_QUANTILES_KEPT;
    window->inexact += inexact;
    cold->count = 0;
}

static void rotate(struct ct_window *window, const struct ct_window_settings *settings,
                   uint64_t steps)
{
    for (uint64_t i = 0; i < steps && i < settings->steps; i++) {
        ct_quantiles_clear(&window->streams[window->oldest]);
        window->oldest = (window->oldest + 1) % settings->steps;
    }
}

/* Lets a buffer go, that is full or of a step that has ended, and leaves the lock. Returns with the
 * streams' lock. */
static void flush(struct ct_window *window, const struct ct_window_settings *settings,
                  uint64_t now_ns)
{
    ct_face_lock(&window->streams_lock);
    struct ct_window_buffer *full = &window->buffers[window->hot];
    window->hot ^= 1; /* one store, so that a child finds two buffers whenever it was forked */
    uint64_t steps = 0;
    if (now_ns >= window->step_ends_ns) {
        steps = (now_ns - window->step_ends_ns) / settings->step_ns + 1;
        window->step_ends_ns += steps * settings->step_ns;
    }
    ct_face_unlock(&window->lock);
    merge(window, settings, full);
    rotate(window, settings, steps);
}

static void put(struct ct_window *window, double value)
{
    window->count++;
    window->sum += value;
    if (!window->buffers)
        return;
    struct ct_window_buffer *hot = &window->buffers[window->hot];
    hot->values[hot->count++] = value;
}

static bool is_due(const struct ct_window *window, uint64_t now_ns)
{
    return window->buffers && (window->buffers[window->hot].count == CT_WINDOW_BUFFER ||
                               now_ns >= window->step_ends_ns);
}

void ct_window_add(struct ct_window *window, const struct ct_window_settings *settings,
                   double value, uint64_t now_ns)
{
    enter(window, settings, now_ns);
    while (is_due(window, now_ns)) {
        flush(window, settings, now_ns);
        ct_face_unlock(&window->streams_lock);
        enter(window, settings, now_ns);
    }
    put(window, value);
    ct_face_unlock(&window->lock);
}

void ct_window_look(struct ct_window *window, const struct ct_window_settings *settings,
                    uint64_t now_ns, struct ct_window_view *view)
{
    enter(window, settings, now_ns);
    view->start_unix_ns = window->start_unix_ns;
    view->count = window->count;
    view->sum = window->sum;
    view->inexact = 0;
    if (!has_quantiles(settings)) {
        ct_face_unlock(&window->lock);
        return;
    }
    flush(window, settings, now_ns);
    for (size_t i = 0; i < settings->targets.count; i++)
        view->values[i] =
            ct_quantiles_at(&window->streams[window->oldest], &settings->targets.items[i]);
    view->inexact = window->inexact;
    window->inexact = 0;
    ct_face_unlock(&window->streams_lock);
}
