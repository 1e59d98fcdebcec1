/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/composable.h"
#include "wire/attribute_copy.h"

struct annotating {
    cotel_composable_sampler base;
    cotel_composable_sampler *delegate;
    cotel_attribute *attributes;
    size_t count;
    char *description;
};

static size_t provide(void *user, const cotel_composable_parameters *parameters,
                      cotel_attribute *out, size_t room)
{
    const struct annotating *sampler = user;
    size_t count = sampler->count < room ? sampler->count : room;
    memcpy(out, sampler->attributes, count * sizeof *out);
    return count;
}

static void get_intent(cotel_composable_sampler *self,
                       const cotel_composable_parameters *parameters, cotel_sampling_intent *intent)
{
    struct annotating *sampler = (struct annotating *)self;
    ct_composable_ask(sampler->delegate, parameters, intent);
    if (sampler->count > 0)
        (void)cotel_sampling_intent_add_attributes(intent, provide, sampler);
}

static const char *description(const cotel_composable_sampler *self)
{
    return ((const struct annotating *)self)->description;
}

static void release(struct annotating *sampler)
{
    free(sampler->attributes);
    free(sampler->description);
    free(sampler);
}

static void destroy(cotel_composable_sampler *self)
{
    struct annotating *sampler = (struct annotating *)self;
    cotel_composable_sampler_destroy(sampler->delegate);
    release(sampler);
}

static const cotel_composable_sampler_ops ops = {
    .size = sizeof ops,
    .get_intent = get_intent,
    .description = description,
    .destroy = destroy,
};

/* "ComposableAnnotating{[key,key],delegate}"; NULL when memory is out. */
static char *describe(const struct annotating *sampler)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    (void)fputs("ComposableAnnotating{[", stream);
    for (size_t i = 0; i < sampler->count; i++)
        (void)fprintf(stream, "%s%.*s", i > 0 ? "," : "", (int)sampler->attributes[i].key.size,
                      sampler->attributes[i].key.data);
    (void)fprintf(stream, "],%s}", ct_composable_description(sampler->delegate));
    return ct_description_finish(stream, &text);
}

static bool all_have_keys(const cotel_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!attributes[i].key.data || attributes[i].key.size == 0)
            return false;
    }
    return true;
}

cotel_status cotel_composable_annotating_create(const cotel_attribute *attributes, size_t count,
                                                cotel_composable_sampler *delegate,
                                                cotel_composable_sampler **out)
{
    if (!out || !ct_composable_is_usable(delegate) || (count > 0 && !attributes))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (count > COTEL_SAMPLING_ROOM)
        return COTEL_STATUS_LIMIT_REACHED;
    if (!all_have_keys(attributes, count))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct annotating *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    sampler->delegate = delegate;
    sampler->attributes = ct_attributes_copy(attributes, count, &sampler->count);
    sampler->description = sampler->attributes ? describe(sampler) : NULL;
    if (!sampler->description) {
        release(sampler);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
