/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that takes everything: a process of its own on loopback that reads OTLP/HTTP requests,
 * throws the bodies away and answers 200. */
#ifndef COTEL_BENCH_SINK_H
#define COTEL_BENCH_SINK_H

#include <sys/types.h>

struct sink {
    pid_t pid;
    int port;
};

/* @return 0, or -1 with errno. */
int sink_start(struct sink *sink);

void sink_stop(struct sink *sink);

#endif
