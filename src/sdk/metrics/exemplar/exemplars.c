/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/exemplar/exemplars.h"

#include <cotel/trace.h>

#include <assert.h>
#include <stdlib.h>

#include "base/sized.h"
#include "sdk/metrics/exemplar/left_out.h"
#include "wire/field_numbers.h"
#include "wire/ids.h"
#include "wire/writer.h"

/* A place: an exemplar without its attributes. */
struct place {
    bool taken;
    bool is_double;
    bool has_span;
    uint16_t attribute_size;
    int64_t integer;
    double floating;
    uint64_t time_unix_ns;
    cotel_trace_id trace_id;
    cotel_span_id span_id;
};

struct ct_exemplars {
    cotel_exemplar_reservoir *reservoir;
    uint8_t *attributes; /* CT_EXEMPLAR_ATTRIBUTE_BYTES a place; NULL: none are kept */
    size_t count;
    struct place places[];
};

/* Time, value, trace id and span id, with their tags. */
#define FIXED_BYTES_MAX (2 * (1 + 8) + (2 + 16) + (2 + 8))

/* Tags, and lengths of messages as large as an exemplar can be. */
#define TAG_BYTES_MAX 5
#define LENGTH_BYTES_MAX 2

static void destroy_reservoir(cotel_exemplar_reservoir *reservoir)
{
    if (reservoir && CT_HAS_OP(reservoir->ops, destroy))
        reservoir->ops->destroy(reservoir);
}

static struct ct_exemplars *allocate(size_t count, bool keeps_attributes)
{
    size_t attributes = keeps_attributes ? count * CT_EXEMPLAR_ATTRIBUTE_BYTES : 0;
    size_t places = count * sizeof(struct place);
    struct ct_exemplars *exemplars = calloc(1, sizeof *exemplars + places + attributes);
    if (exemplars && keeps_attributes)
        exemplars->attributes = (uint8_t *)(exemplars->places + count);
    return exemplars;
}

static bool can_offer(const cotel_exemplar_reservoir *reservoir)
{
    return reservoir && CT_HAS_OP(reservoir->ops, offer);
}

struct ct_exemplars *ct_exemplars_create(const cotel_exemplar_reservoir_factory *factory,
                                         bool keeps_attributes)
{
    size_t count = 0;
    if (!CT_HAS_OP(factory, create))
        return NULL;
    cotel_exemplar_reservoir *reservoir = factory->create(CT_MEMBER(factory, user, NULL), &count);
    struct ct_exemplars *exemplars = NULL;
    if (can_offer(reservoir) && count >= 1 && count <= COTEL_EXEMPLAR_MAX_PLACES)
        exemplars = allocate(count, keeps_attributes);
    if (!exemplars) {
        destroy_reservoir(reservoir);
        return NULL;
    }
    exemplars->reservoir = reservoir;
    exemplars->count = count;
    return exemplars;
}

void ct_exemplars_destroy(struct ct_exemplars *exemplars)
{
    if (!exemplars)
        return;
    destroy_reservoir(exemplars->reservoir);
    free(exemplars);
}

/* ---- offering ---- */

static void note_span(struct place *place, const cotel_context *context)
{
    place->has_span = false;
    if (!context)
        return;
    const cotel_span *span = cotel_context_span_pointer(context);
    place->has_span = ct_ids_are_valid(&span->trace_id, &span->span_id);
    place->trace_id = span->trace_id;
    place->span_id = span->span_id;
}

static uint8_t *attributes_of(const struct ct_exemplars *exemplars, size_t index)
{
    return exemplars->attributes + index * CT_EXEMPLAR_ATTRIBUTE_BYTES;
}

static void fill(struct ct_exemplars *exemplars, size_t index, const cotel_measurement *measurement,
                 const struct ct_key_filter *filter)
{
    struct place *place = &exemplars->places[index];
    place->taken = true;
    place->is_double = measurement->is_double;
    place->integer = measurement->integer;
    place->floating = measurement->floating;
    place->time_unix_ns = measurement->time_unix_ns;
    note_span(place, measurement->context);
    if (exemplars->attributes)
        place->attribute_size = (uint16_t)ct_left_out_write(
            attributes_of(exemplars, index), CT_EXEMPLAR_ATTRIBUTE_BYTES, measurement, filter);
}

void ct_exemplars_offer(struct ct_exemplars *exemplars, const cotel_measurement *measurement,
                        const struct ct_key_filter *filter)
{
    int index = exemplars->reservoir->ops->offer(exemplars->reservoir, measurement);
    if (index >= 0 && (size_t)index < exemplars->count)
        fill(exemplars, (size_t)index, measurement, filter);
}

/* ---- taking ---- */

size_t ct_exemplars_most_bytes(const struct ct_exemplars *exemplars)
{
    size_t attributes = exemplars->attributes ? CT_EXEMPLAR_ATTRIBUTE_BYTES : 0;
    return exemplars->count * (TAG_BYTES_MAX + LENGTH_BYTES_MAX + FIXED_BYTES_MAX + attributes);
}

static size_t body_size(const struct place *place)
{
    size_t size = ct_field_fixed64_size(CT_EXEMPLAR_TIME) +
                  ct_field_fixed64_size(CT_EXEMPLAR_DOUBLE) + place->attribute_size;
    if (place->has_span)
        size += ct_field_bytes_size(CT_EXEMPLAR_SPAN_ID, sizeof place->span_id.bytes) +
                ct_field_bytes_size(CT_EXEMPLAR_TRACE_ID, sizeof place->trace_id.bytes);
    return size;
}

static uint8_t *write_value(uint8_t *at, const struct place *place)
{
    if (place->is_double)
        return ct_put_field_double(at, CT_EXEMPLAR_DOUBLE, place->floating);
    return ct_put_field_fixed64(at, CT_EXEMPLAR_INT, (uint64_t)place->integer);
}

static uint8_t *write_exemplar(uint8_t *at, uint32_t field, const struct place *place,
                               const uint8_t *attributes)
{
    at = ct_put_length(at, field, body_size(place));
    at = ct_put_field_fixed64(at, CT_EXEMPLAR_TIME, place->time_unix_ns);
    at = write_value(at, place);
    if (place->has_span) {
        at = ct_put_field_bytes(at, CT_EXEMPLAR_SPAN_ID, place->span_id.bytes,
                                sizeof place->span_id.bytes);
        at = ct_put_field_bytes(at, CT_EXEMPLAR_TRACE_ID, place->trace_id.bytes,
                                sizeof place->trace_id.bytes);
    }
    assert(attributes != NULL || place->attribute_size == 0);
    return ct_put_bytes(at, attributes, place->attribute_size);
}

static void begin_collection(struct ct_exemplars *exemplars)
{
    cotel_exemplar_reservoir *reservoir = exemplars->reservoir;
    for (size_t i = 0; i < exemplars->count; i++)
        exemplars->places[i].taken = false;
    if (CT_HAS_OP(reservoir->ops, collected))
        reservoir->ops->collected(reservoir);
}

void ct_exemplars_take(struct ct_exemplars *exemplars, uint32_t field, struct ct_buffer *out)
{
    assert(out->capacity - out->size >= ct_exemplars_most_bytes(exemplars));
    uint8_t *at = out->data + out->size;
    for (size_t i = 0; i < exemplars->count; i++) {
        const struct place *place = &exemplars->places[i];
        if (place->taken)
            at = write_exemplar(at, field, place,
                                exemplars->attributes ? attributes_of(exemplars, i) : NULL);
    }
    out->size = (size_t)(at - out->data);
    begin_collection(exemplars);
}
