/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to tell of a batch. A conflict comes back with every exposition; it is told once.
 * Rendering happens under a lock, and nothing may be told under one, so what is new is taken out
 * first and told later. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_TOLD_H
#define COTEL_EXPORTERS_PROMETHEUS_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include <cotel/attribute.h>

/* How many things are remembered; there is no telling beyond. */
#define CT_PROM_MAX_TOLD 256

/* How many are told after one exposition; the others after later ones. */
#define CT_PROM_MAX_NEWS 16

/* A metric may have any name, a message not any length. */
#define CT_PROM_MAX_SHOWN 128

/* What may be told of a metric. */
enum ct_prom_trouble {
    CT_PROM_NO_NAME,
    CT_PROM_TYPE_CONFLICT,
    CT_PROM_HELP_CONFLICT,
    CT_PROM_UNIT_CONFLICT,
    CT_PROM_DUPLICATE_SERIES,
    CT_PROM_BAD_COUNTER,
    CT_PROM_TOO_MANY_DELTAS,
    CT_PROM_DELTA_OVERLAP
};

struct ct_prom_news_item {
    enum ct_prom_trouble trouble;
    size_t size;
    char name[CT_PROM_MAX_SHOWN];
};

struct ct_prom_news {
    struct ct_prom_news_item items[CT_PROM_MAX_NEWS];
    size_t count;
};

/* Zero-initialise it. */
struct ct_prom_told {
    uint64_t items[CT_PROM_MAX_TOLD];
    size_t count;
    struct ct_prom_news news;
};

/* There is this trouble with a metric: news, if it was not said before. */
void ct_prom_tell(struct ct_prom_told *told, enum ct_prom_trouble trouble, cotel_str name);

/* Tells them. No lock may be held. */
void ct_prom_news_report(const struct ct_prom_news *news);

#endif
