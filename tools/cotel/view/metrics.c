/* SPDX-License-Identifier: Apache-2.0 */
#include "view/metrics.h"

#include "proto/check.h"
#include "proto/json.h"
#include "view/metrics_internal.h"
#include "view/signal.h"

#include <stdlib.h>
#include <string.h>

/* Where each type of a Metric has its points. */
static const char *const types[] = {"gauge", "sum", "histogram", "exponentialHistogram", "summary"};

struct ct_metrics *ct_metrics_create(void)
{
    struct ct_metrics *metrics = calloc(1, sizeof(*metrics));

    if (metrics)
        metrics->entries = json_object();
    if (metrics && metrics->entries)
        return metrics;
    free(metrics);
    return NULL;
}

void ct_metrics_destroy(struct ct_metrics *metrics)
{
    if (!metrics)
        return;
    json_decref(metrics->entries);
    free(metrics);
}

uint64_t ct_metrics_points(const struct ct_metrics *metrics)
{
    return metrics->points;
}

uint64_t ct_metrics_left_out(const struct ct_metrics *metrics)
{
    return metrics->left_out;
}

const char *ct_metric_type(const json_t *metric)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (json_object_get(metric, types[i]))
            return types[i];
    return NULL;
}

/* The text of what tells one from another, as a key; from malloc. */
static char *key_of(const json_t *value)
{
    return value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : strdup("");
}

/* Under a key there is one object; `fresh` becomes it if there is none yet. Takes `fresh`.
 * Borrowed; NULL: memory is out. */
static json_t *find_or_put(json_t *object, const json_t *identity, json_t *fresh)
{
    char *key = key_of(identity);
    json_t *found = key ? json_object_get(object, key) : NULL;

    if (key && !found && json_object_set(object, key, fresh) == 0)
        found = fresh;
    free(key);
    json_decref(fresh);
    return found;
}

/* The metric without its points, which go into "series" by their attributes. */
static json_t *find_entry(struct ct_metrics *metrics, const json_t *resource, const json_t *scope,
                          const json_t *metric, const char *type)
{
    json_t *head = json_copy((json_t *)(uintptr_t)metric);
    json_t *data = json_copy(json_object_get(metric, type));

    if (data)
        (void)json_object_del(data, "dataPoints");
    if (!head || json_object_set_new(head, type, data) != 0) {
        json_decref(head);
        return NULL;
    }
    json_t *entry = json_pack("{s:O*, s:O*, s:o, s:{}}", "resource", resource, "scope", scope,
                              "metric", head, "series");
    json_t *identity =
        entry ? json_pack("[O?, O?, O]", resource, scope, json_object_get(entry, "metric")) : NULL;
    json_t *found = identity ? find_or_put(metrics->entries, identity, json_incref(entry)) : NULL;
    json_decref(identity);
    json_decref(entry);
    return found;
}

static bool has_room(const struct ct_metrics *metrics, size_t size)
{
    return metrics->series < CT_METRICS_MAX_SERIES && size <= CT_METRICS_MAX_BYTES &&
           metrics->bytes <= CT_METRICS_MAX_BYTES - size;
}

static bool put_point(struct ct_metrics *metrics, json_t *series, json_t *point)
{
    char *key = key_of(json_object_get(point, "attributes"));
    char *text = key_of(point);
    size_t size = key && text ? strlen(key) + strlen(text) : 0;
    bool is_known = key && json_object_get(series, key);
    bool is_done = key && text;

    metrics->points++;
    if (is_done && !is_known && !has_room(metrics, size)) {
        metrics->left_out++;
    } else if (is_done) {
        is_done = json_object_set(series, key, point) == 0;
        metrics->series += !is_known;
        metrics->bytes += is_known ? 0 : size;
    }
    free(key);
    free(text);
    return is_done;
}

static bool take_metric(struct ct_metrics *metrics, const json_t *resource, const json_t *scope,
                        const json_t *metric)
{
    const char *type = ct_metric_type(metric);
    json_t *points = json_object_get(json_object_get(metric, type ? type : ""), "dataPoints");
    json_t *point;
    size_t i;

    if (json_array_size(points) == 0)
        return true;
    json_t *series = json_object_get(find_entry(metrics, resource, scope, metric, type), "series");
    bool is_whole = series != NULL;
    json_array_foreach(points, i, point)
    {
        is_whole = is_whole && put_point(metrics, series, point);
    }
    return is_whole;
}

static bool take_scope(struct ct_metrics *metrics, const json_t *resource, const json_t *scope)
{
    bool is_whole = true;
    json_t *metric;
    size_t i;

    json_array_foreach(json_object_get(scope, "metrics"), i, metric)
    {
        is_whole &= take_metric(metrics, json_object_get(resource, "resource"),
                                json_object_get(scope, "scope"), metric);
    }
    return is_whole;
}

static bool take_all(struct ct_metrics *metrics, const json_t *request)
{
    bool is_whole = true;
    json_t *resource, *scope;
    size_t i, j;

    json_array_foreach(json_object_get(request, "resourceMetrics"), i, resource)
    {
        json_array_foreach(json_object_get(resource, "scopeMetrics"), j, scope)
        {
            is_whole &= take_scope(metrics, resource, scope);
        }
    }
    return is_whole;
}

static json_t *decode(const uint8_t *body, size_t size_bytes)
{
    struct ct_json text = {0};
    json_t *request = NULL;

    if (ct_proto_json_append(&text, ct_signal_request_type(CT_SIGNAL_METRICS),
                             body ? (const void *)body : "", size_bytes))
        request = json_loadb(text.data, text.size, JSON_ALLOW_NUL, NULL);
    free(text.data);
    return request;
}

struct ct_outcome ct_metrics_take(struct ct_metrics *metrics, const uint8_t *body,
                                  size_t size_bytes)
{
    struct ct_outcome outcome = {0};
    struct ct_proto_fault fault;

    enum ct_proto_verdict verdict =
        ct_proto_check(ct_signal_request_type(CT_SIGNAL_METRICS), body, size_bytes, &fault);
    if (verdict != CT_PROTO_OK) {
        ct_outcome_refuse(&outcome, verdict == CT_PROTO_TOO_LARGE ? 413 : 400, "at byte %zu: %s",
                          fault.offset, fault.reason);
        return outcome;
    }
    json_t *request = decode(body, size_bytes);
    if (!request || !take_all(metrics, request))
        ct_outcome_refuse(&outcome, 503, "memory is out");
    ct_outcome_refuse(&outcome, 200, "%s", "");
    json_decref(request);
    return outcome;
}
