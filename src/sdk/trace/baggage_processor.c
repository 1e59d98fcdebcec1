/* SPDX-License-Identifier: Apache-2.0 */
/* Copies chosen baggage to spans. One block: the processor, pointers to its names, the names. */
#include <cotel/sdk/baggage_processor.h>

#include <stdlib.h>

#include "base/sized.h"
#include "base/wildcard.h"

struct baggage_processor {
    cotel_span_processor base;
    bool (*wants)(void *user, const cotel_baggage_entry *entry);
    void *user;
    size_t name_count;
    const char *names[];
};

static bool is_chosen(const struct baggage_processor *self, const cotel_baggage_entry *entry)
{
    for (size_t i = 0; i < self->name_count; i++) {
        const char *name = self->names[i];
        if (ct_wildcard_matches(name, strlen(name), entry->name.data, entry->name.size))
            return true;
    }
    return self->wants && self->wants(self->user, entry);
}

static void on_start(cotel_span_processor *self, cotel_span_data *span, const cotel_context *parent)
{
    cotel_baggage *baggage = cotel_context_baggage(parent);
    cotel_baggage_entry entry;
    cotel_value_view present;
    for (size_t i = 0; cotel_baggage_at(baggage, i, &entry); i++) {
        if (!is_chosen((const struct baggage_processor *)self, &entry) ||
            cotel_span_data_get(span, entry.name, &present))
            continue;
        const cotel_attribute attribute = {entry.name, cotel_value_string(entry.value)};
        (void)cotel_span_data_set(span, &attribute); /* counts what the limits refuse */
    }
    cotel_baggage_unref(baggage);
}

static void destroy(cotel_span_processor *self)
{
    free(self);
}

static const cotel_span_processor_ops baggage_ops = {
    .size = sizeof baggage_ops,
    .on_start = on_start,
    .destroy = destroy,
};

void cotel_baggage_processor_options_init(cotel_baggage_processor_options *options)
{
    if (options)
        *options = (cotel_baggage_processor_options)COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT;
}

/* The bytes of all names with their NULs; 0 when one of them is none. */
static size_t names_size(const cotel_baggage_processor_options *options)
{
    size_t size = 0;
    for (size_t i = 0; i < options->name_count; i++) {
        const char *name = options->names[i];
        if (!name || *name == '\0')
            return 0;
        size += strlen(name) + 1;
    }
    return size;
}

static cotel_status check(const cotel_baggage_processor_options *options)
{
    if (options->name_count == 0)
        return options->wants ? COTEL_STATUS_OK : COTEL_STATUS_INVALID_ARGUMENT;
    if (options->name_count > COTEL_BAGGAGE_MAX_ENTRIES)
        return COTEL_STATUS_LIMIT_REACHED;
    return options->names && names_size(options) > 0 ? COTEL_STATUS_OK
                                                     : COTEL_STATUS_INVALID_ARGUMENT;
}

static void copy_names(struct baggage_processor *processor, const char *const *names)
{
    char *at = (char *)&processor->names[processor->name_count];
    for (size_t i = 0; i < processor->name_count; i++) {
        size_t size = strlen(names[i]) + 1;
        memcpy(at, names[i], size);
        processor->names[i] = at;
        at += size;
    }
}

cotel_status cotel_baggage_processor_create(const cotel_baggage_processor_options *options,
                                            cotel_span_processor **out)
{
    cotel_baggage_processor_options all = COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT;
    if (!out || !ct_sized_read(&all, sizeof all, options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = check(&all);
    if (status != COTEL_STATUS_OK)
        return status;

    struct baggage_processor *processor =
        malloc(sizeof *processor + all.name_count * sizeof processor->names[0] + names_size(&all));
    if (!processor)
        return COTEL_STATUS_OUT_OF_MEMORY;
    processor->base.ops = &baggage_ops;
    processor->wants = all.wants;
    processor->user = all.user;
    processor->name_count = all.name_count;
    copy_names(processor, all.names);
    *out = &processor->base;
    return COTEL_STATUS_OK;
}
