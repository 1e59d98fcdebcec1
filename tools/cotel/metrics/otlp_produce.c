/* SPDX-License-Identifier: Apache-2.0 */
/* Three walks over all points, in the same order: how many there are, which is the newest of its
 * series, and the one that writes them. */
#include "metrics/otlp_produce.h"

#include "metrics/exposition.h"

#include <stdlib.h>
#include <string.h>

enum { TARGET_LABELS = 2 };

typedef Opentelemetry__Proto__Resource__V1__Resource pb_resource;
typedef Opentelemetry__Proto__Metrics__V1__ResourceMetrics pb_resource_metrics;
typedef Opentelemetry__Proto__Metrics__V1__ScopeMetrics pb_scope_metrics;

struct place {
    const pb_resource *resource;
    const pb_scope_metrics *scope;
    const pb_metric *metric;
    size_t point; /* in the metric */
    size_t index; /* of all points */
};

typedef bool (*visit_fn)(struct ct_otlp_producer *producer, const struct place *place, void *user);

static bool walk_metric(struct ct_otlp_producer *producer, struct place *place, visit_fn visit,
                        void *user)
{
    size_t count = ct_otlp_point_count(place->metric);

    for (place->point = 0; place->point < count; place->point++) {
        if (!visit(producer, place, user))
            return false;
        place->index++;
    }
    return true;
}

static bool walk_resource(struct ct_otlp_producer *producer, struct place *place,
                          const pb_resource_metrics *of, visit_fn visit, void *user)
{
    place->resource = of->resource;
    for (size_t i = 0; i < of->n_scope_metrics; i++) {
        place->scope = of->scope_metrics[i];
        for (size_t j = 0; j < place->scope->n_metrics; j++) {
            place->metric = place->scope->metrics[j];
            if (!walk_metric(producer, place, visit, user))
                return false;
        }
    }
    return true;
}

static bool walk(struct ct_otlp_producer *producer, visit_fn visit, void *user)
{
    struct place place = {0};

    for (size_t i = 0; i < producer->lines->count; i++) {
        const pb_request *request = producer->lines->requests[i];
        for (size_t j = 0; j < request->n_resource_metrics; j++)
            if (!walk_resource(producer, &place, request->resource_metrics[j], visit, user))
                return false;
    }
    return true;
}

/* ---- keys ---- */

/* Adds messages as their bytes, each with its length. */
struct packer {
    uint8_t *data; /* NULL: it only measures */
    size_t size;
};

static void pack_bytes(struct packer *packer, const void *bytes, size_t size)
{
    if (packer->data) {
        memcpy(packer->data + packer->size, &size, sizeof(size));
        if (size > 0)
            memcpy(packer->data + packer->size + sizeof(size), bytes, size);
    }
    packer->size += sizeof(size) + size;
}

static void pack_message(struct packer *packer, const ProtobufCMessage *message)
{
    size_t size = message ? protobuf_c_message_get_packed_size(message) : 0;

    if (packer->data) {
        memcpy(packer->data + packer->size, &size, sizeof(size));
        if (message)
            protobuf_c_message_pack(message, packer->data + packer->size + sizeof(size));
    }
    packer->size += sizeof(size) + size;
}

static void pack_series(struct packer *packer, const struct place *place)
{
    const ProtobufCBinaryData *name = &place->metric->name;
    size_t count;
    pb_attribute *const *attributes = ct_otlp_point_attributes(place->metric, place->point, &count);

    pack_message(packer, place->resource ? &place->resource->base : NULL);
    pack_message(packer, place->scope->scope ? &place->scope->scope->base : NULL);
    pack_bytes(packer, name->data, name->len);
    pack_bytes(packer, &place->metric->data_case, sizeof(place->metric->data_case));
    for (size_t i = 0; i < count; i++)
        pack_message(packer, &attributes[i]->base);
}

static bool series_key(struct ct_otlp_producer *producer, const struct place *place,
                       struct ct_text *key)
{
    struct packer measure = {0};

    pack_series(&measure, place);
    struct packer packer = {.data = ct_arena_alloc(&producer->arena, measure.size)};
    if (!packer.data)
        return false;
    pack_series(&packer, place);
    *key = (struct ct_text){(const char *)packer.data, packer.size};
    return true;
}

/* ---- which point is the newest ---- */

static bool count_point(struct ct_otlp_producer *producer, const struct place *place, void *user)
{
    producer->point_count++;
    return true;
}

static bool note_point(struct ct_otlp_producer *producer, const struct place *place, void *user)
{
    struct ct_text key;

    const size_t *series = series_key(producer, place, &key)
                               ? ct_keys_put(&producer->keys, key, producer->keys.count)
                               : NULL;
    if (!series)
        return false;
    producer->series_of[place->index] = *series;
    producer->newest[*series] = place->index;
    return true;
}

static bool is_same_resource(const pb_resource *left, const pb_resource *right)
{
    static const pb_resource none = OPENTELEMETRY__PROTO__RESOURCE__V1__RESOURCE__INIT;
    const ProtobufCMessage *a = &(left ? left : &none)->base, *b = &(right ? right : &none)->base;
    size_t size = protobuf_c_message_get_packed_size(a);

    if (size != protobuf_c_message_get_packed_size(b))
        return false;
    uint8_t *bytes = malloc(2 * size + 1);
    if (!bytes)
        return false;
    protobuf_c_message_pack(a, bytes);
    protobuf_c_message_pack(b, bytes + size);
    bool is_same = memcmp(bytes, bytes + size, size) == 0;
    free(bytes);
    return is_same;
}

static const pb_resource_metrics *first_resource(const struct ct_otlp_producer *producer)
{
    for (size_t i = 0; i < producer->lines->count; i++)
        if (producer->lines->requests[i]->n_resource_metrics > 0)
            return producer->lines->requests[i]->resource_metrics[0];
    return NULL;
}

static bool are_several(const struct ct_otlp_producer *producer)
{
    const pb_resource_metrics *first = first_resource(producer);

    for (size_t i = 0; i < producer->lines->count; i++) {
        const pb_request *request = producer->lines->requests[i];
        for (size_t j = 0; j < request->n_resource_metrics; j++)
            if (!is_same_resource(first->resource, request->resource_metrics[j]->resource))
                return true;
    }
    return false;
}

const pb_resource *ct_otlp_producer_resource(const struct ct_otlp_producer *producer)
{
    const pb_resource_metrics *first = producer->are_several ? NULL : first_resource(producer);

    return first ? first->resource : NULL;
}

/* ---- writing ---- */

struct writing {
    cotel_metric_writer *writer;
    const pb_scope_metrics *scope;
    const pb_metric *metric;
    bool is_wanted;
    struct ct_arena arena; /* of one point */
};

static struct ct_text attribute_text(const pb_resource *resource, const char *key)
{
    for (size_t i = 0; resource && i < resource->n_attributes; i++) {
        const pb_attribute *attribute = resource->attributes[i];
        const struct ct_text name = {(const char *)attribute->key.data, attribute->key.len};
        if (ct_text_equals(name, key) && attribute->value &&
            attribute->value->value_case ==
                OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE)
            return (struct ct_text){(const char *)attribute->value->string_value.data,
                                    attribute->value->string_value.len};
    }
    return (struct ct_text){"", 0};
}

/* Job and instance of a resource, as Prometheus makes them. */
static bool put_target(struct ct_arena *arena, const pb_resource *resource,
                       cotel_attribute labels[TARGET_LABELS])
{
    struct ct_text space = attribute_text(resource, "service.namespace");
    struct ct_text name = attribute_text(resource, "service.name");
    struct ct_text instance = attribute_text(resource, "service.instance.id");
    char *job = ct_arena_alloc(arena, space.size + name.size + 1), *at = job;

    if (!job)
        return false;
    memcpy(at, space.data, space.size);
    at += space.size;
    if (space.size > 0)
        *at++ = '/';
    memcpy(at, name.data, name.size);
    at += name.size;
    labels[0] = cotel_attribute_of("job", cotel_value_string(cotel_str_n(job, (size_t)(at - job))));
    labels[1] = cotel_attribute_of("instance",
                                   cotel_value_string(cotel_str_n(instance.data, instance.size)));
    return true;
}

static void begin_scope(struct writing *writing, const pb_scope_metrics *of)
{
    static const Opentelemetry__Proto__Common__V1__InstrumentationScope none =
        OPENTELEMETRY__PROTO__COMMON__V1__INSTRUMENTATION_SCOPE__INIT;
    const Opentelemetry__Proto__Common__V1__InstrumentationScope *scope =
        of->scope ? of->scope : &none;
    char *name = ct_arena_alloc(&writing->arena, scope->name.len + 1);
    char *version = ct_arena_alloc(&writing->arena, scope->version.len + 1);
    char *url = ct_arena_alloc(&writing->arena, of->schema_url.len + 1);
    const cotel_attribute *attributes =
        ct_otlp_attributes(&writing->arena, scope->attributes, scope->n_attributes, 0);

    if (!name || !version || !url || !attributes)
        return;
    memcpy(name, scope->name.len ? (const char *)scope->name.data : "", scope->name.len);
    memcpy(version, scope->version.len ? (const char *)scope->version.data : "",
           scope->version.len);
    memcpy(url, of->schema_url.len ? (const char *)of->schema_url.data : "", of->schema_url.len);
    cotel_metric_writer_scope(writing->writer, name, version, url, attributes, scope->n_attributes);
}

/* Tells the writer where we are, if it does not know. */
static bool enter(struct writing *writing, const struct place *place)
{
    cotel_metric_head head;

    if (writing->scope != place->scope)
        begin_scope(writing, place->scope);
    if (writing->scope != place->scope || writing->metric != place->metric)
        writing->is_wanted = ct_otlp_head(place->metric, &head) &&
                             cotel_metric_writer_metric(writing->writer, &head);
    writing->scope = place->scope;
    writing->metric = place->metric;
    return writing->is_wanted;
}

static bool put_point(struct ct_otlp_producer *producer, struct writing *writing,
                      const struct place *place)
{
    cotel_point point;
    size_t count;
    pb_attribute *const *attributes = ct_otlp_point_attributes(place->metric, place->point, &count);
    cotel_attribute *copies = ct_otlp_attributes(&writing->arena, attributes, count, TARGET_LABELS);

    if (!copies || !ct_otlp_point(&writing->arena, place->metric, place->point, &point) ||
        (producer->are_several && !put_target(&writing->arena, place->resource, copies + count)))
        return false;
    point.attributes = copies;
    point.attribute_count = count + (producer->are_several ? TARGET_LABELS : 0);
    cotel_metric_writer_point(writing->writer, &point);
    return true;
}

static bool write_point(struct ct_otlp_producer *producer, const struct place *place, void *user)
{
    struct writing *writing = user;
    cotel_metric_head head;
    bool is_delta =
        ct_otlp_head(place->metric, &head) && head.temporality == COTEL_TEMPORALITY_DELTA;

    if (!is_delta && producer->newest[producer->series_of[place->index]] != place->index)
        return true;
    bool is_well = !enter(writing, place) || put_point(producer, writing, place);
    ct_arena_fini(&writing->arena);
    return is_well;
}

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    struct ct_otlp_producer *producer = (struct ct_otlp_producer *)self;
    struct writing writing = {.writer = writer};

    producer->failed = !walk(producer, write_point, &writing);
    return producer->failed ? COTEL_STATUS_OUT_OF_MEMORY : COTEL_STATUS_OK;
}

/* ---- life ---- */

bool ct_otlp_producer_init(struct ct_otlp_producer *producer, const struct ct_otlp_lines *lines)
{
    static const cotel_metric_producer_ops ops = {.size = sizeof(ops), .produce = produce};

    *producer = (struct ct_otlp_producer){.base.ops = &ops, .lines = lines};
    producer->are_several = are_several(producer);
    (void)walk(producer, count_point, NULL);
    producer->newest = calloc(producer->point_count + 1, sizeof(*producer->newest));
    producer->series_of = calloc(producer->point_count + 1, sizeof(*producer->series_of));
    return producer->newest && producer->series_of && walk(producer, note_point, NULL);
}

void ct_otlp_producer_fini(struct ct_otlp_producer *producer)
{
    free(producer->newest);
    free(producer->series_of);
    ct_keys_fini(&producer->keys);
    ct_arena_fini(&producer->arena);
}
