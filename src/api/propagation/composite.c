/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/composite.h"

#include <stdlib.h>

#include "api/context.h"
#include "base/sized.h"

/* A composite of the user's: one block. */
struct owned {
    struct ct_composite composite;
    const cotel_propagator *members[];
};

static const struct ct_composite *composite_of(const cotel_propagator *self)
{
    return (const struct ct_composite *)self;
}

static void inject(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier)
{
    const struct ct_composite *composite = composite_of(self);
    context = ct_context_or_current(context);
    for (size_t i = 0; i < composite->count; i++) {
        const cotel_propagator *member = composite->members[i];
        if (CT_HAS_OP(member->ops, inject))
            member->ops->inject(member, context, setter, carrier);
    }
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    const struct ct_composite *composite = composite_of(self);
    cotel_context *found = NULL; /* by the members so far; ours */
    context = ct_context_or_current(context);
    for (size_t i = 0; i < composite->count; i++) {
        const cotel_propagator *member = composite->members[i];
        if (!CT_HAS_OP(member->ops, extract))
            continue;
        cotel_context *more =
            member->ops->extract(member, found ? found : context, getter, carrier);
        if (!more) /* not allowed, and yet nothing of the others is lost */
            continue;
        cotel_context_unref(found);
        found = more;
    }
    return found ? found : cotel_context_ref(context);
}

static const char *field_of(const cotel_propagator *member, size_t index)
{
    return CT_HAS_OP(member->ops, field) ? member->ops->field(member, index) : NULL;
}

/* Whether a member before the one at `end` has it. */
static bool is_listed(const struct ct_composite *composite, size_t end, const char *field)
{
    for (size_t i = 0; i < end; i++) {
        const char *other;
        for (size_t j = 0; (other = field_of(composite->members[i], j)); j++) {
            if (strcmp(other, field) == 0)
                return true;
        }
    }
    return false;
}

static const char *field(const cotel_propagator *self, size_t index)
{
    const struct ct_composite *composite = composite_of(self);
    for (size_t i = 0; i < composite->count; i++) {
        const char *candidate;
        for (size_t j = 0; (candidate = field_of(composite->members[i], j)); j++) {
            if (!is_listed(composite, i, candidate) && index-- == 0)
                return candidate;
        }
    }
    return NULL;
}

static const char *extra_field(const cotel_propagator *self, size_t index)
{
    const struct ct_composite *composite = composite_of(self);
    for (size_t i = 0; i < composite->count; i++) {
        const cotel_propagator *member = composite->members[i];
        const char *found;
        if (!CT_HAS_OP(member->ops, extra_field))
            continue;
        for (size_t j = 0; (found = member->ops->extra_field(member, j)); j++) {
            if (index-- == 0)
                return found;
        }
    }
    return NULL;
}

const cotel_propagator_ops ct_composite_ops = {
    .size = sizeof ct_composite_ops,
    .inject = inject,
    .extract = extract,
    .field = field,
    .extra_field = extra_field,
};

static bool are_usable(const cotel_propagator *const *propagators, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!propagators[i] || !propagators[i]->ops)
            return false;
    }
    return true;
}

static struct owned *create(const cotel_propagator *const *propagators, size_t count)
{
    struct owned *owned = malloc(sizeof *owned + count * sizeof owned->members[0]);
    if (!owned)
        return NULL;
    owned->composite = (struct ct_composite){{&ct_composite_ops}, count, owned->members};
    for (size_t i = 0; i < count; i++)
        owned->members[i] = propagators[i];
    return owned;
}

cotel_status cotel_propagator_composite_create(const cotel_propagator *const *propagators,
                                               size_t count, cotel_propagator **out)
{
    if (!out || (!propagators && count > 0))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (count > COTEL_COMPOSITE_MAX_PROPAGATORS)
        return COTEL_STATUS_LIMIT_REACHED;
    if (!are_usable(propagators, count))
        return COTEL_STATUS_INVALID_ARGUMENT;

    struct owned *owned = create(propagators, count);
    if (!owned)
        return COTEL_STATUS_OUT_OF_MEMORY;
    *out = &owned->composite.base;
    return COTEL_STATUS_OK;
}

void cotel_propagator_composite_destroy(cotel_propagator *composite)
{
    free(composite); /* the block begins with it */
}
