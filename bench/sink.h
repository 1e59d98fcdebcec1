/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that takes everything: a process of its own on loopback that reads OTLP requests, throws
 * the bodies away and answers that all is well. */
#ifndef COTEL_BENCH_SINK_H
#define COTEL_BENCH_SINK_H

#include <sys/types.h>

struct sink {
    pid_t pid;
    int port;
};

/* `serve` is one of those below. @return 0, or -1 with errno. */
int sink_start(struct sink *sink, void (*serve)(int listener));

void sink_stop(struct sink *sink);

/* Each takes connections from `listener` as long as that works. */
void sink_serve_http(int listener);
void sink_serve_grpc(int listener);

/* The next connection, set not to delay small answers; -1: none. */
int sink_accept(int listener);

#endif
