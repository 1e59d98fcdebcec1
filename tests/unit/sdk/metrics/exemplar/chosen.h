/* SPDX-License-Identifier: Apache-2.0 */
/* A reservoir that answers what it is told, and exemplars read back as those of a NumberDataPoint
 * by the decoder that is made of the schema. */
#ifndef COTEL_TESTS_UNIT_SDK_METRICS_EXEMPLAR_CHOSEN_H
#define COTEL_TESTS_UNIT_SDK_METRICS_EXEMPLAR_CHOSEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/metrics.pb-c.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "sdk/metrics/view/key_filter.h"
#include "wire/field_numbers.h"

typedef Opentelemetry__Proto__Metrics__V1__NumberDataPoint point_message;
typedef Opentelemetry__Proto__Metrics__V1__Exemplar exemplar_message;

struct chosen {
    cotel_exemplar_reservoir base;
    int place; /* what it answers */
    int collections;
    int destroyed;
    size_t places;
};

static inline int offer_chosen(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    return ((struct chosen *)self)->place;
}

static inline void count_collection(cotel_exemplar_reservoir *self)
{
    ((struct chosen *)self)->collections++;
}

static inline void count_destruction(cotel_exemplar_reservoir *self)
{
    ((struct chosen *)self)->destroyed++;
}

static const cotel_exemplar_reservoir_ops chosen_ops = {.size = sizeof chosen_ops,
                                                        .offer = offer_chosen,
                                                        .collected = count_collection,
                                                        .destroy = count_destruction};

static inline cotel_exemplar_reservoir *create_chosen(void *user, size_t *places)
{
    struct chosen *chosen = user;
    *places = chosen->places;
    return &chosen->base;
}

static inline cotel_exemplar_reservoir_factory factory_of(struct chosen *chosen)
{
    return (cotel_exemplar_reservoir_factory){
        .size = sizeof(cotel_exemplar_reservoir_factory), .create = create_chosen, .user = chosen};
}

static inline struct ct_exemplars *make(struct chosen *chosen, bool keeps_attributes)
{
    cotel_exemplar_reservoir_factory factory = factory_of(chosen);
    struct ct_exemplars *exemplars = ct_exemplars_create(&factory, keeps_attributes);
    assert_non_null(exemplars);
    return exemplars;
}

static inline struct chosen first_of(size_t places)
{
    return (struct chosen){.base = {&chosen_ops}, .places = places};
}

/* ---- reading ---- */

static inline point_message *take(struct ct_exemplars *exemplars)
{
    struct ct_buffer bytes = CT_BUFFER_INIT;
    assert_true(ct_buffer_reserve(&bytes, ct_exemplars_most_bytes(exemplars)));
    const uint8_t *before = bytes.data;
    ct_exemplars_take(exemplars, CT_NUMBER_POINT_EXEMPLARS, &bytes);
    assert_ptr_equal(bytes.data, before); /* nothing was allocated */
    point_message *point = ct_opentelemetry__proto__metrics__v1__number_data_point__unpack(
        NULL, bytes.size, bytes.data);
    assert_non_null(point);
    ct_buffer_fini(&bytes);
    return point;
}

static inline void let_go(point_message *point)
{
    ct_opentelemetry__proto__metrics__v1__number_data_point__free_unpacked(point, NULL);
}

#endif
