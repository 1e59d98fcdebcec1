/* SPDX-License-Identifier: Apache-2.0 */
/* cotel-bench [--quick] [--json FILE] [--only otlp|span|frame|propagate|metrics]: measures what
 * docs/benchmarks.md defines. */
#include "report.h"
#include "works.h"

#include <stdio.h>
#include <string.h>

static const struct effort full = {
    .repeats = 31, .spans = 200000, .w2_spans = 1000000, .w2_repeats = 9, .w2b_runs = 9};
static const struct effort quick = {
    .repeats = 15, .spans = 100000, .w2_spans = 1000000, .w2_repeats = 5, .w2b_runs = 9};

/* First the one whose peak memory is told: the others use queues without bound. */
static const struct {
    const char *name;
    void (*run)(const struct effort *effort);
} works[] = {{"otlp", work_otlp},
             {"span", work_span},
             {"frame", work_frame},
             {"propagate", work_propagate},
             {"metrics", work_metrics}};

static int usage(void)
{
    fputs("usage: cotel-bench [--quick] [--json FILE] [--only otlp|span|frame|propagate|metrics]\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const struct effort *effort = &full;
    const char *json = NULL, *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            effort = &quick;
        else if (strcmp(argv[i], "--json") == 0 && i + 1 < argc)
            json = argv[++i];
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            only = argv[++i];
        else
            return usage();
    }
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        if (only == NULL || strcmp(only, works[i].name) == 0)
            works[i].run(effort);
    }
    report_print();
    if (json != NULL && report_write(json) != 0) {
        perror(json);
        return 1;
    }
    return 0;
}
