/* SPDX-License-Identifier: Apache-2.0 */
/* A resource as an OTLP message: its attributes, and for each entity an EntityRef with the keys
 * that are its own. */
#ifndef COTEL_SRC_SDK_RESOURCE_ENCODE_H
#define COTEL_SRC_SDK_RESOURCE_ENCODE_H

#include <cotel/sdk/resource.h>

struct ct_resource_content {
    const cotel_attribute *attributes; /* those of entities too */
    size_t attribute_count;
    const cotel_entity *entities;
    size_t entity_count;
};

size_t ct_resource_encoded_size(const struct ct_resource_content *content);

/* Writes as many bytes; returns the place behind them. */
uint8_t *ct_resource_encode(uint8_t *at, const struct ct_resource_content *content);

#endif
