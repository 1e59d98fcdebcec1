/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a run: a table on stdout, and one flat JSON object in a file. */
#ifndef COTEL_BENCH_REPORT_H
#define COTEL_BENCH_REPORT_H

/* `key` and `what` are static. `mark` is the first mark to reach, as text, or NULL. */
void report_add(const char *key, double value, const char *unit, const char *what,
                const char *mark);

void report_print(void);

/* @return 0, or -1 with errno. */
int report_write(const char *path);

#endif
