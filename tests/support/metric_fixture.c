/* SPDX-License-Identifier: Apache-2.0 */
#include "metric_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "metric_batches.h"

#define COLLECT_MS 10000

static size_t messages;
static char last_message[512];
static cotel_log_level last_level;

static void on_message(void *user, cotel_log_level level, const char *component,
                       const char *message)
{
    (void)user;
    (void)component;
    (void)snprintf(last_message, sizeof last_message, "%s", message);
    last_level = level;
    messages++;
}

size_t told_count(void)
{
    return messages;
}

const char *told_last(void)
{
    return last_message;
}

cotel_log_level told_level(void)
{
    return last_level;
}

void assert_told(size_t before, cotel_log_level level, const char *words)
{
    if (messages != before + 1 || last_level != level || !strstr(last_message, words))
        fail_msg("%zu messages, the last of level %d: %s", messages - before, (int)last_level,
                 last_message);
}

void metric_fixture_start(struct metric_fixture *fixture,
                          const cotel_meter_provider_options *options,
                          const cotel_metric_reader_options *reader_options)
{
    cotel_meter_provider_options used = COTEL_METER_PROVIDER_OPTIONS_INIT;
    if (options)
        used = *options;
    messages = 0;
    last_message[0] = '\0';
    cotel_diagnostics_set(on_message, NULL, COTEL_LOG_WARNING);
    assert_int_equal(cotel_metric_reader_create(reader_options, NULL, NULL, &fixture->reader),
                     COTEL_STATUS_OK);
    used.readers = &fixture->reader;
    used.reader_count = 1;
    assert_int_equal(cotel_meter_provider_create(&used, &fixture->provider), COTEL_STATUS_OK);
    fixture->meter = cotel_meter_provider_get_meter(fixture->provider, "library", NULL);
}

void metric_fixture_start_with_views(struct metric_fixture *fixture, const cotel_view *views,
                                     size_t count)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.views = views;
    options.view_count = count;
    metric_fixture_start(fixture, &options, NULL);
}

void metric_fixture_stop(struct metric_fixture *fixture)
{
    cotel_meter_provider_destroy(fixture->provider);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
}

cotel_batch *metric_fixture_collect(struct metric_fixture *fixture)
{
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(fixture->reader, COLLECT_MS, &batch),
                     COTEL_STATUS_OK);
    return batch;
}

void assert_collected(struct metric_fixture *fixture, const char *expected)
{
    cotel_batch *batch = metric_fixture_collect(fixture);
    if (batch)
        assert_metric_batch(batch, METRIC_TEXT_NO_TIMES, expected);
    else
        assert_string_equal("", expected);
    cotel_batch_unref(batch);
}

const char *collected_names(struct metric_fixture *fixture)
{
    static char names[1024];
    cotel_batch *batch = metric_fixture_collect(fixture);
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    size_t used = 0;
    names[0] = '\0';
    while (batch && cotel_batch_next_metric(batch, &cursor, &metric, NULL)) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.*s", used ? " " : "",
                                 (int)metric.name.size, metric.name.data);
        assert_true(used < sizeof names);
    }
    cotel_batch_unref(batch);
    return names;
}

cotel_metric_counts metric_counts(struct metric_fixture *fixture)
{
    cotel_metric_counts counts = {.size = sizeof counts};
    cotel_metric_stats(fixture->provider, &counts);
    return counts;
}
