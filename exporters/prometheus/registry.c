/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/registry.h"

#include "exporters/prometheus/exporter.h"

#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static cotel_prometheus_exporter *first; /* guarded by `lock` */

void ct_prom_registry_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void ct_prom_registry_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

/* In the child it is unlocked by the thread that locked it. */
static void in_child(void)
{
    for (cotel_prometheus_exporter *exporter = first; exporter; exporter = exporter->next)
        ct_prom_exporter_forked(exporter);
    ct_prom_registry_unlock();
}

/* The next exporter that has not been told, with a reference. Telling is done without the lock. */
static cotel_prometheus_exporter *take_for_exit(const cotel_prometheus_exporter *after)
{
    ct_prom_registry_lock();
    cotel_prometheus_exporter *exporter = after ? after->next : first;
    while (exporter && !ct_prom_exporter_try_ref(exporter))
        exporter = exporter->next;
    ct_prom_registry_unlock();
    return exporter;
}

static void at_exit(void)
{
    cotel_prometheus_exporter *exporter = take_for_exit(NULL);
    while (exporter) {
        ct_prom_exporter_exits(exporter);
        cotel_prometheus_exporter *next = take_for_exit(exporter);
        ct_prom_exporter_unref(exporter);
        exporter = next;
    }
}

static void begin(void)
{
    (void)pthread_atfork(ct_prom_registry_lock, ct_prom_registry_unlock, in_child);
    (void)atexit(at_exit);
}

void ct_prom_registry_add(cotel_prometheus_exporter *exporter)
{
    (void)pthread_once(&once, begin);
    ct_prom_registry_lock();
    exporter->next = first;
    first = exporter;
    ct_prom_registry_unlock();
}

void ct_prom_registry_remove(cotel_prometheus_exporter *exporter)
{
    ct_prom_registry_lock();
    cotel_prometheus_exporter **at = &first;
    while (*at && *at != exporter)
        at = &(*at)->next;
    if (*at)
        *at = exporter->next;
    ct_prom_registry_unlock();
}
