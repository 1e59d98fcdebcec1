/* SPDX-License-Identifier: Apache-2.0 */
#include "api/metrics/meter.h"

#include "api/metrics/callback.h"
#include "api/metrics/instrument.h"
#include "api/scope.h"
#include "base/sized.h"

static void *ask(void *provider, const struct ct_scope *scope)
{
    cotel_meter_provider *self = provider;
    return CT_HAS_OP(self->ops, get_meter) ? self->ops->get_meter(self, scope) : NULL;
}

/* Instruments first: callbacks are added for what they are bound to. */
static void bound(struct ct_registered *one, void *provider)
{
    const cotel_meter *meter = (const cotel_meter *)one;
    struct ct_node *node = ct_list_first(&meter->instruments);
    for (; node; node = ct_list_next(node))
        ct_instrument_bind((struct ct_instrument *)node, provider);
    for (node = ct_list_first(&meter->callbacks); node; node = ct_list_next(node))
        ct_callback_bind((cotel_callback *)node, provider);
}

static void forget(struct ct_registered *one, void *provider)
{
    const cotel_meter *meter = (const cotel_meter *)one;
    struct ct_node *node = ct_list_first(&meter->callbacks);
    for (; node; node = ct_list_next(node))
        ct_callback_forget((cotel_callback *)node, provider);
    for (node = ct_list_first(&meter->instruments); node; node = ct_list_next(node))
        ct_instrument_forget((struct ct_instrument *)node, provider);
}

static void mend(struct ct_registered *one)
{
    cotel_meter *meter = (cotel_meter *)one;
    ct_list_mend(&meter->instruments);
    ct_list_mend(&meter->callbacks);
    struct ct_node *node = ct_list_first(&meter->instruments);
    for (; node; node = ct_list_next(node))
        ct_list_mend(&((struct ct_instrument *)node)->bounds);
}

static const struct ct_registry_kind kind = {
    .size = sizeof(cotel_meter), .ask = ask, .bound = bound, .forget = forget, .mend = mend};

static cotel_meter shared_meter;
struct ct_registry ct_meters = {
    .kind = &kind, .shared = &shared_meter.registered, .lock = CT_FORK_LOCK_INIT};

void cotel_meter_options_init(cotel_meter_options *options)
{
    const cotel_meter_options defaults = COTEL_METER_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

cotel_meter_provider *cotel_meter_provider_global(void)
{
    return ct_provider_slot_global(&ct_meters);
}

void cotel_meter_provider_set_global(cotel_meter_provider *provider)
{
    ct_provider_slot_set_global(&ct_meters, provider);
}

void cotel_meter_provider_forget(cotel_meter_provider *provider)
{
    ct_provider_slot_forget(&ct_meters, provider);
}

static void tell_nameless(cotel_meter_provider *provider)
{
    if (!provider)
        provider = cotel_meter_provider_global();
    if (provider && CT_HAS_OP(provider->ops, nameless))
        provider->ops->nameless(provider);
}

cotel_meter *cotel_meter_provider_get_meter(cotel_meter_provider *provider, const char *name,
                                            const cotel_meter_options *options)
{
    struct ct_scope scope = CT_SCOPE_OF(name, options);
    if (scope.name.size == 0)
        tell_nameless(provider);
    return (cotel_meter *)ct_registry_get(&ct_meters, provider, &scope);
}

cotel_meter *cotel_meter_get(const char *name, const cotel_meter_options *options)
{
    return cotel_meter_provider_get_meter(NULL, name, options);
}
