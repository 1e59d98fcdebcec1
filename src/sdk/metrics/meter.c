/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/meter.h"

#include "sdk/metrics/callback.h"
#include "sdk/metrics/instrument.h"
#include "wire/scope.h"

#include <stdlib.h>

static void tell(struct ct_meter_impl *impl)
{
    ct_meter_provider_tell(((struct ct_sdk_meter *)impl)->provider);
}

static const struct ct_meter_ops meter_ops = {
    .size = sizeof meter_ops,
    .get_instrument = ct_sdk_instrument_get,
    .add_callback = ct_sdk_callback_add,
    .remove_callback = ct_sdk_callback_remove,
    .release_callback = ct_sdk_callback_release,
    .tell = tell,
};

/* Release: who sees it on sees all that it needs. */
static void set_on(struct ct_sdk_meter *meter, bool on)
{
    atomic_store_explicit(&meter->on, on, memory_order_release);
}

void ct_sdk_meter_configure(struct ct_sdk_meter *meter)
{
    struct ct_meter_provider *provider = meter->provider;
    cotel_meter_config config = {.size = sizeof config, .enabled = true};
    bool up = !atomic_load_explicit(&provider->shut_down, memory_order_relaxed);
    if (up && provider->configurator != NULL)
        provider->configurator(&meter->scope, &config, provider->configurator_user);
    set_on(meter, up && config.enabled);
}

static void append(struct ct_sdk_meter *meter)
{
    struct ct_meter_provider *provider = meter->provider;
    (void)ct_fork_lock(&provider->lock);
    ct_sdk_meter_configure(meter);
    if (provider->last != NULL)
        atomic_store_explicit(&provider->last->next, meter, memory_order_release);
    else
        atomic_store_explicit(&provider->first, meter, memory_order_release);
    provider->last = meter;
    ct_fork_unlock(&provider->lock);
}

struct ct_meter_impl *ct_sdk_meter_create(cotel_meter_provider *provider,
                                          const struct ct_scope *scope)
{
    size_t size = ct_scope_encoded_size(scope);
    struct ct_sdk_meter *meter = calloc(1, sizeof *meter + size);
    if (meter == NULL)
        return NULL;
    uint8_t *encoded = (uint8_t *)(meter + 1);
    (void)ct_scope_encode(encoded, scope);
    meter->impl.ops = &meter_ops;
    meter->provider = ct_meter_provider_of(provider);
    meter->scope = (cotel_scope_view){.name = scope->name,
                                      .version = scope->version,
                                      .schema_url = scope->schema_url,
                                      .attributes = scope->attributes,
                                      .attribute_count = scope->attribute_count,
                                      .encoded = cotel_str_n((const char *)encoded, size)};
    append(meter);
    return &meter->impl;
}
