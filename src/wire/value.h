/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes and their values as OTLP: KeyValue and AnyValue messages, under limits.
 *
 * Sizes first, then bytes: both walks apply the same rules, so the second writes exactly what the
 * first one counted. */
#ifndef COTEL_SRC_WIRE_VALUE_H
#define COTEL_SRC_WIRE_VALUE_H

#include <cotel/attribute.h>

/* The deepest nesting that is ever written, whatever the limits say: it bounds the recursion. */
#define CT_VALUE_MAX_DEPTH 64

struct ct_value_limits {
    uint32_t length; /* characters of a string, bytes of a bytes value; UINT32_MAX: no limit */
    uint32_t depth;  /* arrays and maps within each other; at most CT_VALUE_MAX_DEPTH */
    bool *cut;       /* NULL, or set to true when one of them takes something of a value away */
};

extern const struct ct_value_limits ct_value_unlimited;

/* Text as it will be stored: valid UTF-8, cut to `length` characters. */
size_t ct_text_size(cotel_str text, uint32_t length);
uint8_t *ct_text_write(uint8_t *at, cotel_str text, uint32_t length);

/* Whole text as field `field`; an empty one is left out. */
size_t ct_text_field_size(uint32_t field, cotel_str text);
uint8_t *ct_text_field_write(uint8_t *at, uint32_t field, cotel_str text);

/* A KeyValue message as field `field`, with tag and length. */
size_t ct_attribute_size(uint32_t field, const cotel_attribute *attribute,
                         const struct ct_value_limits *limits);
uint8_t *ct_attribute_write(uint8_t *at, uint32_t field, const cotel_attribute *attribute,
                            const struct ct_value_limits *limits);

/* Attributes as repeated KeyValue fields, for a message that is written once: empty keys are left
 * out, of equal keys the last value stays, and the first `most` keys are written. *left_out gets
 * the number of attributes that were refused (it may be NULL). Linear up to many entries. */
size_t ct_attributes_size(uint32_t field, const cotel_attribute *attributes, size_t count,
                          const struct ct_value_limits *limits, uint32_t most, uint32_t *left_out);
uint8_t *ct_attributes_write(uint8_t *at, uint32_t field, const cotel_attribute *attributes,
                             size_t count, const struct ct_value_limits *limits, uint32_t most);

#endif
