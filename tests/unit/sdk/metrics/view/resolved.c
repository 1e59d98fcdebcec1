/* SPDX-License-Identifier: Apache-2.0 */
#include "resolved.h"

#include <cotel/sdk/diagnostics.h>

#include <stdio.h>

static size_t messages;
static char last_message[512];

static void on_message(void *user, cotel_log_level level, const char *component,
                       const char *message)
{
    (void)user;
    (void)component;
    assert_int_equal(level, COTEL_LOG_WARNING);
    (void)snprintf(last_message, sizeof last_message, "%s", message);
    messages++;
}

size_t told(void)
{
    return messages;
}

const char *told_last(void)
{
    return last_message;
}

void resolved_init(struct resolved *resolved, const cotel_view *views, size_t count,
                   cotel_view_matching_mode mode)
{
    *resolved = (struct resolved){
        .scope = {.name = cotel_str_of("library"),
                  .version = cotel_str_of("1.2"),
                  .schema_url = cotel_str_of("https://schema/1")},
        .info = {.kind = COTEL_INSTRUMENT_HISTOGRAM,
                 .is_double = true,
                 .name = cotel_str_of("http.duration"),
                 .unit = cotel_str_of("s"),
                 .description = cotel_str_of("how long")},
        .reader = COTEL_METRIC_READER_OPTIONS_INIT,
    };
    messages = 0;
    last_message[0] = '\0';
    cotel_diagnostics_set(on_message, NULL, COTEL_LOG_DEBUG);
    assert_int_equal(ct_views_create(views, count, mode, &resolved->views), COTEL_STATUS_OK);
}

void resolved_fini(struct resolved *resolved)
{
    ct_views_destroy(resolved->views);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
}

size_t resolve(struct resolved *resolved)
{
    resolved->count =
        ct_views_resolve(resolved->views, &resolved->scope, &resolved->info, &resolved->reader,
                         resolved->streams, COUNT(resolved->streams));
    return resolved->count;
}

const struct ct_stream_config *stream_of(struct resolved *resolved, const char *name)
{
    resolved->info.name = cotel_str_of(name);
    assert_int_equal(resolve(resolved), 1);
    return &resolved->streams[0];
}

const struct ct_stream_config *stream_of_kind(struct resolved *resolved, cotel_instrument_kind kind)
{
    resolved->info.kind = kind;
    assert_int_equal(resolve(resolved), 1);
    return &resolved->streams[0];
}

const char *kept_keys(const struct ct_stream_config *stream)
{
    static char letters[6];
    char *end = letters;
    for (char c = 'a'; c <= 'e'; c++) {
        if (ct_key_filter_keeps(stream->keys, cotel_str_n(&c, 1)))
            *end++ = c;
    }
    *end = '\0';
    return letters;
}
