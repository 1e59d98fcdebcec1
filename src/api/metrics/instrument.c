/* SPDX-License-Identifier: Apache-2.0 */
#include "api/metrics/instrument.h"

#include <stdalign.h>
#include <stdlib.h>

#include "api/metrics/bound.h"
#include "base/hash.h"
#include "base/sized.h"

/* All of all meters. */
static struct ct_chains instruments;

/* Given out when there can be no other. */
static struct ct_instrument shared_instrument;

static uint32_t hash_in(const cotel_meter *meter, const struct ct_instrument_wish *wish)
{
    const uint32_t parts[] = {ct_hash(&meter, sizeof meter), ct_instrument_wish_hash(wish)};
    return ct_hash(parts, sizeof parts);
}

static struct ct_instrument *of_link(struct ct_chain_link *link)
{
    return (struct ct_instrument *)(void *)((char *)link - offsetof(struct ct_instrument, link));
}

static struct ct_instrument *find(const cotel_meter *meter, const struct ct_instrument_wish *wish,
                                  uint32_t hash)
{
    struct ct_chain_link *link = ct_chains_first(&instruments, hash);
    for (; link; link = link->next) {
        struct ct_instrument *instrument = of_link(link);
        if (link->hash == hash && instrument->meter == meter &&
            ct_instrument_wish_is(wish, &instrument->info))
            return instrument;
    }
    return NULL;
}

/* Looked at once, so that recording need not look. */
static bool can_record(const struct ct_instrument_ops *ops, const struct ct_instrument_info *info)
{
    if (info->kind >= COTEL_INSTRUMENT_OBSERVABLE_COUNTER)
        return true;
    return info->is_double ? CT_HAS_OP(ops, record_double) : CT_HAS_OP(ops, record_int);
}

static struct ct_instrument_impl *ask(struct ct_instrument *instrument)
{
    struct ct_meter_impl *meter = ct_meter_impl(instrument->meter);
    if (!meter || !CT_HAS_OP(meter->ops, get_instrument))
        return NULL;
    struct ct_instrument_impl *impl = meter->ops->get_instrument(meter, &instrument->info);
    return impl && can_record(impl->ops, &instrument->info) ? impl : NULL;
}

/* Asks a provider, unless it was the last one to be asked. */
static struct ct_instrument_impl *answer_of(struct ct_instrument *instrument, void *provider)
{
    if (!provider)
        return NULL;
    if (instrument->asked != provider) {
        instrument->answer = ask(instrument);
        instrument->asked = provider;
    }
    return instrument->answer;
}

void ct_instrument_bind(struct ct_instrument *instrument, void *provider)
{
    /* Release pairs with ct_instrument_impl(). */
    atomic_store_explicit(&instrument->impl, answer_of(instrument, provider), memory_order_release);
    struct ct_node *node = ct_list_first(&instrument->bounds);
    for (; node; node = ct_list_next(node))
        ct_bound_bind((struct ct_bound *)node, provider);
}

void ct_instrument_forget(struct ct_instrument *instrument, const void *provider)
{
    if (instrument->asked == provider) {
        instrument->asked = NULL;
        instrument->answer = NULL;
    }
    struct ct_node *node = ct_list_first(&instrument->bounds);
    for (; node; node = ct_list_next(node))
        ct_bound_forget((struct ct_bound *)node, provider);
}

static struct ct_instrument *create(cotel_meter *meter, const struct ct_instrument_wish *wish)
{
    const size_t align = alignof(max_align_t);
    const size_t head = (sizeof(struct ct_instrument) + align - 1) / align * align;
    char *block = calloc(1, head + ct_instrument_info_size(wish));
    if (!block)
        return NULL;

    struct ct_instrument *instrument = (struct ct_instrument *)(void *)block;
    atomic_init(&instrument->impl, NULL);
    instrument->meter = meter;
    ct_instrument_info_copy(wish, block + head, &instrument->info);
    return instrument;
}

/* Under the lock. */
static struct ct_instrument *add(cotel_meter *meter, const struct ct_instrument_wish *wish,
                                 uint32_t hash)
{
    if (meter->instrument_count >= COTEL_METER_MAX_INSTRUMENTS)
        return &shared_instrument;
    struct ct_instrument *instrument = create(meter, wish);
    if (!instrument)
        return &shared_instrument;

    ct_instrument_bind(instrument, ct_meter_provider(meter));
    /* In this order: one that a forked child can find is bound anew with its meter. */
    ct_list_add(&meter->instruments, &instrument->node);
    ct_chains_add(&instruments, &instrument->link, hash);
    meter->instrument_count++;
    return instrument;
}

/* What an SDK has to say about a new one, it can only say without the lock. */
static void let_tell(const cotel_meter *meter)
{
    struct ct_meter_impl *impl = ct_meter_impl(meter);
    if (impl && CT_HAS_OP(impl->ops, tell))
        impl->ops->tell(impl);
}

struct ct_instrument *ct_instrument_get(cotel_meter *meter, cotel_instrument_kind kind,
                                        bool is_double, const char *name,
                                        const cotel_instrument_options *options)
{
    if (!meter || ct_meter_is_shared(meter))
        return &shared_instrument;
    struct ct_instrument_wish wish = ct_instrument_wish_of(kind, is_double, name, options);
    uint32_t hash = hash_in(meter, &wish);
    struct ct_instrument *instrument = find(meter, &wish, hash);
    if (instrument)
        return instrument;

    ct_registry_lock(&ct_meters);
    instrument = find(meter, &wish, hash);
    if (!instrument)
        instrument = add(meter, &wish, hash);
    ct_registry_unlock(&ct_meters);
    let_tell(meter);
    return instrument;
}
