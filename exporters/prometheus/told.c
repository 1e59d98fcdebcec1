/* SPDX-License-Identifier: Apache-2.0 */
#include "told.h"

#include <cotel/sdk/diagnostics.h>

#define COMPONENT "prometheus_exporter"

static const char *const texts[] = {
    [CT_PROM_NO_NAME] = "has a name of which nothing is left for Prometheus: it is left out",
    [CT_PROM_TYPE_CONFLICT] =
        "has a name that a metric of another type has taken: it is left out, the first one stays",
    [CT_PROM_HELP_CONFLICT] = "has several descriptions: the first one is shown",
    [CT_PROM_UNIT_CONFLICT] = "has several units: the first one is shown",
    [CT_PROM_DUPLICATE_SERIES] =
        "has several series with the same labels: the first of them is shown",
    [CT_PROM_BAD_COUNTER] =
        "is a counter with a value that is negative or no number: such series are left out",
    [CT_PROM_TOO_MANY_DELTAS] = "comes as deltas, as too many series do: new ones are left out",
    [CT_PROM_DELTA_OVERLAP] =
        "comes as deltas that overlap: those that were counted already are left out",
};

static uint64_t hash_of(enum ct_prom_trouble trouble, cotel_str name)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    uint64_t hash = (UINT64_C(0xcbf29ce484222325) ^ (uint64_t)trouble) * prime;
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ (unsigned char)name.data[i]) * prime;
    return hash;
}

static bool was_told(const struct ct_prom_told *told, uint64_t hash)
{
    for (size_t i = 0; i < told->count; i++)
        if (told->items[i] == hash)
            return true;
    return false;
}

void ct_prom_tell(struct ct_prom_told *told, enum ct_prom_trouble trouble, cotel_str name)
{
    uint64_t hash = hash_of(trouble, name);
    struct ct_prom_news *news = &told->news;
    if (was_told(told, hash) || told->count == CT_PROM_MAX_TOLD || news->count == CT_PROM_MAX_NEWS)
        return;
    told->items[told->count++] = hash;
    struct ct_prom_news_item *item = &news->items[news->count++];
    item->trouble = trouble;
    item->size = name.size < CT_PROM_MAX_SHOWN ? name.size : CT_PROM_MAX_SHOWN;
    if (item->size > 0)
        memcpy(item->name, name.data, item->size);
}

void ct_prom_news_report(const struct ct_prom_news *news)
{
    for (size_t i = 0; i < news->count; i++) {
        const struct ct_prom_news_item *item = &news->items[i];
        cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT, "metric \"%.*s\" %s",
                                 (int)item->size, item->name, texts[item->trouble]);
    }
}
