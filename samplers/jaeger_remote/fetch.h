/* SPDX-License-Identifier: Apache-2.0 */
/* One GET at a time, waited for on a descriptor that can interrupt it. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_FETCH_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_FETCH_H

#include "exporters/net/reactor.h"
#include "exporters/net/resolve.h"
#include "samplers/jaeger_remote/config.h"

/* Of the thread that polls; a forked child takes it over by ct_jaeger_fetch_forked(). */
struct ct_jaeger_fetch {
    const struct ct_jaeger_config *config;
    int wake_fd; /* readable: everything ends; borrowed */
    uint64_t deadline_ns;
    struct ct_http_reactor reactor;
    struct ct_net_resolver resolver;
    struct curl_slist *addresses;
    size_t size;
    size_t capacity;
    char *body; /* of the last answer */
    const char *wrong;
    char wrong_text[64]; /* for what is not static */
};

/* `config` must outlive it. */
void ct_jaeger_fetch_init(struct ct_jaeger_fetch *fetch, const struct ct_jaeger_config *config);

void ct_jaeger_fetch_fini(struct ct_jaeger_fetch *fetch);

/* Gets the answer: its `size` bytes in `body`, until the next call. false: `wrong` says why not. */
bool ct_jaeger_fetch_run(struct ct_jaeger_fetch *fetch, int wake_fd);

/* In a forked child: closes what it inherited without a word, and forgets the rest. */
void ct_jaeger_fetch_forked(struct ct_jaeger_fetch *fetch);

#endif
