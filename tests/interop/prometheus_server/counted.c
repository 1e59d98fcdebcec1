/* SPDX-License-Identifier: Apache-2.0 */
/* A program whose metrics are known: a hundred ticks a second, by the clock, and each tick records
 * the same. The line "pause" on stdin ends the ticking and is answered by the totals, as JSON; the
 * end of stdin ends the program. OTEL_* variables say how it is scraped. */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 10000000
#define DOLLARS_OF_A_TICK 0.25
/* Values of the histogram go round: 0.01, 0.02, ... 1. */
#define VALUES 100

static struct {
    cotel_counter *jobs;
    cotel_double_counter *money;
    cotel_double_histogram *duration;
    cotel_up_down_counter *level;
    cotel_gauge *last;
} instruments;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void make_instruments(void)
{
    static const double boundaries[] = {0.1, 0.2, 0.4, 0.8};
    cotel_meter *meter = cotel_meter_get("counted", NULL);
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    instruments.jobs = cotel_counter_get(meter, "jobs", NULL);
    instruments.money = cotel_double_counter_get(meter, "money.spent", NULL);
    instruments.level = cotel_up_down_counter_get(meter, "queue.level", NULL);
    instruments.last = cotel_gauge_get(meter, "tick.last", NULL);
    options.unit = "s";
    options.boundaries = boundaries;
    options.boundary_count = sizeof boundaries / sizeof *boundaries;
    instruments.duration = cotel_double_histogram_get(meter, "job.duration", &options);
}

static void tick(uint64_t number)
{
    const cotel_attribute slow = cotel_attribute_string("worker", "slow");
    const cotel_attribute fast = cotel_attribute_string("worker", "fast");
    cotel_counter_add(instruments.jobs, 1, &slow, 1);
    cotel_counter_add(instruments.jobs, 3, &fast, 1);
    cotel_double_counter_add(instruments.money, DOLLARS_OF_A_TICK, NULL, 0);
    cotel_up_down_counter_add(instruments.level, number % 2 ? -2 : 3, NULL, 0);
    cotel_gauge_record(instruments.last, (int64_t)number, NULL, 0);
    cotel_double_histogram_record(instruments.duration, (double)(number % VALUES + 1) / VALUES,
                                  NULL, 0);
}

/* Waits until the next tick for something on stdin; a tick that is late is made up for. */
static bool stdin_is_ready(uint64_t due_ns)
{
    uint64_t now = now_ns();
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int wait_ms = due_ns == 0 ? -1 : due_ns > now ? (int)((due_ns - now) / 1000000) : 0;
    return poll(&input, 1, wait_ms) > 0;
}

int main(void)
{
    char line[64];
    uint64_t ticks = 0, start_ns = now_ns();
    bool ticking = true;

    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_ERROR);
    if (cotel_sdk_init_from_env() != COTEL_STATUS_OK)
        return 1;
    make_instruments();
    for (;;) {
        uint64_t due_ns = start_ns + ticks * TICK_NS;
        if (stdin_is_ready(ticking ? due_ns : 0)) {
            if (read(STDIN_FILENO, line, sizeof line) <= 0)
                break;
            ticking = false;
            printf("{\"ticks\": %" PRIu64 "}\n", ticks);
            fflush(stdout);
        } else if (ticking && now_ns() >= due_ns) {
            tick(ticks++);
        }
    }
    return cotel_sdk_shutdown(2000, NULL) != COTEL_STATUS_OK;
}
