/* SPDX-License-Identifier: Apache-2.0 */
#include "exposition.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void record(const struct exposition *how, const char *text, size_t size)
{
    static int number;
    const char *folder = getenv("COTEL_EXPOSITIONS");
    if (!folder)
        return;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%d-%d%s.%s", folder, (int)getpid(), number++,
                   how->is_odd ? ".odd" : "",
                   how->format == COTEL_PROMETHEUS_OPENMETRICS ? "om" : "txt");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

char *expose(const struct exposition *how, struct ct_prom_renderer *renderer, cotel_batch *batch)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    assert_true(ct_prom_render(renderer, batch, how->resource, how->format, how->escaping, &text));
    record(how, text.data, text.size);
    char *copy = malloc(text.size + 1);
    assert_non_null(copy);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    assert_int_equal(strlen(copy), text.size);
    ct_prom_text_fini(&text);
    return copy;
}

void assert_next_exposition(const struct exposition *how, struct ct_prom_renderer *renderer,
                            cotel_batch *batch, const char *expected)
{
    char *text = expose(how, renderer, batch);
    assert_string_equal(text, expected);
    free(text);
    cotel_batch_unref(batch);
}

void assert_exposition(const struct exposition *how, cotel_batch *batch, const char *expected)
{
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&how->settings);
    assert_non_null(renderer);
    assert_next_exposition(how, renderer, batch, expected);
    ct_prom_renderer_destroy(renderer);
}
