/* SPDX-License-Identifier: Apache-2.0 */
/* How a span comes to be: its ids, the sampler's word, and, if it is to be recorded, a slot. */
#include "sdk/trace/tracer.h"

#include "base/clock.h"
#include "base/compiler.h"
#include "base/sized.h"
#include "sdk/provider/provider.h"
#include "sdk/sampler/sampler.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/span_processors.h"

#define OTLP_FLAG_HAS_IS_REMOTE 0x100u
#define OTLP_FLAG_IS_REMOTE 0x200u

/* Ids are handled as words: an id that is written in two stores and then copied by one load of
 * sixteen bytes would have to wait for the store buffer. */
struct ct_trace_words {
    uint64_t first;
    uint64_t second;
};

/* One start on its way. */
struct start {
    struct ct_thread *thread;
    struct ct_thread_counters *counters;
    struct ct_sdk_tracer *tracer;
    struct ct_provider *provider;
    cotel_str name;
    const cotel_span_options *options;
    const cotel_context *context;
    const cotel_span *parent;
    bool has_parent;
    struct ct_trace_words trace_id;
    uint64_t span_id;
    uint8_t trace_flags;
    const cotel_tracestate *tracestate; /* a reference; NULL: none */
    cotel_sampling_result sampling;     /* only decision and attribute_count when it is fixed */
    cotel_attribute room[COTEL_SAMPLING_ROOM]; /* of the result */
};

static struct ct_trace_words words_of(const cotel_trace_id *id)
{
    struct ct_trace_words words;
    memcpy(&words, id, sizeof words);
    return words;
}

static bool is_zero(struct ct_trace_words words)
{
    return (words.first | words.second) == 0;
}

static uint64_t word_of(const cotel_span_id *id)
{
    uint64_t word;
    memcpy(&word, id, sizeof word);
    return word;
}

static struct ct_trace_words random_trace_id(struct ct_random *random)
{
    struct ct_trace_words words;
    do {
        words.first = ct_random_next(random);
        words.second = ct_random_next(random);
    } while (is_zero(words));
    return words;
}

static void begin_trace(struct start *start)
{
    cotel_id_generator *generator = start->provider->id_generator;
    if (CT_LIKELY(generator == NULL)) {
        start->trace_id = random_trace_id(&start->thread->random);
        start->trace_flags = COTEL_TRACE_FLAG_RANDOM;
        return;
    }
    cotel_trace_id id = {{0}};
    generator->ops->trace_id(generator, &id);
    start->trace_id = words_of(&id);
    start->trace_flags = CT_MEMBER(generator->ops, random, false) ? COTEL_TRACE_FLAG_RANDOM : 0;
}

static uint64_t new_span_id(struct start *start)
{
    cotel_id_generator *generator = start->provider->id_generator;
    if (generator != NULL) {
        cotel_span_id id = {{0}};
        generator->ops->span_id(generator, &id);
        return word_of(&id);
    }
    uint64_t word;
    do {
        word = ct_random_next(&start->thread->random);
    } while (word == 0);
    return word;
}

static void take_trace_from_parent(struct start *start)
{
    struct ct_trace_words parent_trace = words_of(&start->parent->trace_id);
    start->has_parent = !is_zero(parent_trace) && word_of(&start->parent->span_id) != 0;
    if (start->has_parent) {
        start->trace_id = parent_trace;
        start->trace_flags = start->parent->trace_flags & COTEL_TRACE_FLAG_RANDOM;
    } else {
        begin_trace(start);
    }
    /* A root may have one too: so a program says how random its traces are. */
    if (CT_UNLIKELY(start->parent->state & COTEL_SPAN_STATE_TRACESTATE))
        start->tracestate = cotel_context_tracestate(start->context);
}

static void ask_sampler(struct start *start)
{
    const cotel_span_options *options = start->options;
    cotel_sampling_parameters parameters = {
        .size = sizeof parameters,
        .parent_context = start->context,
        .parent = start->parent,
        .parent_is_remote = (start->parent->state & COTEL_SPAN_STATE_REMOTE) != 0,
        .random = (start->trace_flags & COTEL_TRACE_FLAG_RANDOM) != 0,
        .kind = options->kind,
        .name = start->name,
        .attributes = options->attributes,
        .attribute_count = options->attributes != NULL ? options->attribute_count : 0,
        .links = options->links,
        .link_count = options->links != NULL ? options->link_count : 0,
        .tracestate = start->tracestate};
    memcpy(&parameters.trace_id, &start->trace_id, sizeof parameters.trace_id);
    start->sampling = (cotel_sampling_result){.size = sizeof start->sampling, .room = start->room};
    cotel_sampler *sampler = start->provider->sampler;
    sampler->ops->should_sample(sampler, &parameters, &start->sampling);
    if (start->sampling.sets_tracestate) {
        cotel_tracestate_unref(start->tracestate);
        start->tracestate = start->sampling.tracestate;
    }
}

/* A tracestate may have to be changed, which only the sampler can tell. A decision that is fixed
 * pays nothing for what a sampler reads and writes. */
static void sample(struct start *start)
{
    int8_t fixed = start->provider->fixed_decision[ct_sampler_parent_state(
        start->has_parent, (start->parent->state & COTEL_SPAN_STATE_REMOTE) != 0,
        start->parent->trace_flags)];
    if (CT_UNLIKELY(fixed == CT_ASK_SAMPLER || start->tracestate != NULL)) {
        ask_sampler(start);
        return;
    }
    start->sampling.decision = (cotel_sampling_decision)fixed;
    start->sampling.attribute_count = 0;
}

/* The members behind the slot, as the word that they make up in memory. */
static uint64_t tail_word(uint32_t generation, uint8_t trace_flags, uint8_t state)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (uint64_t)state << 40 | (uint64_t)trace_flags << 32 | generation;
#else
    return (uint64_t)generation << 32 | (uint64_t)trace_flags << 24 | (uint64_t)state << 16;
#endif
}

/* The handle is composed of whole words at once, for it is copied right away; see above. */
static void put_handle(const struct start *start, struct ct_span_slot *slot, uint8_t state,
                       cotel_span *out)
{
    typedef uint64_t two_words __attribute__((vector_size(16)));
    two_words trace_id = {start->trace_id.first, start->trace_id.second};
    two_words span_id_and_slot = {start->span_id, (uintptr_t)slot};
    uint64_t last =
        tail_word(slot != NULL ? ct_slot_generation(slot) : 0, start->trace_flags, state);
    _Static_assert(offsetof(cotel_span, slot) == 24 && sizeof(cotel_span) == 40,
                   "the words are those of the handle's layout");
    memcpy(out, &trace_id, sizeof trace_id);
    memcpy((char *)out + sizeof trace_id, &span_id_and_slot, sizeof span_id_and_slot);
    memcpy((char *)out + sizeof trace_id + sizeof span_id_and_slot, &last, sizeof last);
}

static struct ct_span_slot *take_slot(struct start *start)
{
    struct ct_provider *provider = start->provider;
    struct ct_span_slot *slot = ct_slot_cache_take(
        &start->thread->slots[provider->index], &provider->memory, start->tracer->provider_serial);
    if (slot == NULL) {
        ct_count(&start->counters->refused);
        return NULL;
    }
    slot->tracer = start->tracer;
    slot->provider_serial = start->tracer->provider_serial;
    atomic_store_explicit(&slot->epoch, start->thread->epoch, memory_order_relaxed);
    slot->tracestate = start->tracestate;
    slot->ending = false;
    return slot;
}

/* From here on other threads that get the handle may use the slot. */
static void publish(const struct start *start, struct ct_span_slot *slot, uint8_t state,
                    cotel_span *out)
{
    if (slot->tracestate != NULL)
        state |= COTEL_SPAN_STATE_TRACESTATE;
    put_handle(start, slot, state, out);
    atomic_store_explicit(&slot->state, ct_slot_state(ct_slot_generation(slot), CT_SLOT_LIVE),
                          memory_order_release);
}

/* A span that is not recorded is its handle alone, unless it has a tracestate to carry on. */
static void start_unrecorded(struct start *start, cotel_span *out)
{
    ct_count(&start->counters->unsampled);
    struct ct_span_slot *slot = start->tracestate != NULL ? take_slot(start) : NULL;
    if (slot == NULL) {
        if (start->tracestate != NULL)
            cotel_tracestate_unref(start->tracestate);
        put_handle(start, NULL, 0, out);
        return;
    }
    slot->recording = slot->sampled = false;
    publish(start, slot, 0, out);
}

static void set_start_time(struct ct_span_slot *slot, uint64_t start_unix_ns)
{
    if (start_unix_ns != 0) {
        slot->start_unix_ns = start_unix_ns;
        slot->start_fast_ns = 0;
        return;
    }
    slot->start_fast_ns = ct_clock_fast_ns();
    slot->start_unix_ns = ct_clock_fast_to_unix_ns(slot->start_fast_ns);
}

static cotel_span_kind valid_kind(cotel_span_kind kind)
{
    return kind >= COTEL_SPAN_KIND_INTERNAL && kind <= COTEL_SPAN_KIND_CONSUMER
               ? kind
               : COTEL_SPAN_KIND_INTERNAL;
}

static void begin_body(struct start *start, struct ct_span_slot *slot)
{
    struct ct_body_head head = {.has_parent = start->has_parent,
                                .flags = start->trace_flags | OTLP_FLAG_HAS_IS_REMOTE,
                                .kind = valid_kind(start->options->kind),
                                .start_unix_ns = slot->start_unix_ns,
                                .name = start->name};
    if (slot->tracestate != NULL)
        head.tracestate = cotel_tracestate_header(slot->tracestate);
    memcpy(&head.trace_id, &start->trace_id, sizeof head.trace_id);
    memcpy(&head.span_id, &start->span_id, sizeof head.span_id);
    if (start->has_parent) {
        head.parent_span_id = start->parent->span_id;
        if (start->parent->state & COTEL_SPAN_STATE_REMOTE)
            head.flags |= OTLP_FLAG_IS_REMOTE;
    }
    slot->body.limits = &start->tracer->limits;
    slot->body.memory = &start->provider->memory;
    slot->body.memory_serial = start->tracer->provider_serial;
    ct_body_begin(&slot->body, &head, CT_SLOT_INLINE_BYTES, CT_SLOT_INLINE_INDEX);
}

static void add_start_data(const struct start *start, struct ct_body *body)
{
    const cotel_span_options *options = start->options;
    for (size_t i = 0; options->attributes != NULL && i < options->attribute_count; i++)
        ct_body_set(body, &options->attributes[i]);
    for (size_t i = 0; i < start->sampling.attribute_count; i++)
        ct_body_set(body, &start->sampling.attributes[i]);
    for (size_t i = 0; options->links != NULL && i < options->link_count; i++)
        ct_body_add_link(body, &options->links[i]);
}

static void start_recorded(struct start *start, cotel_span *out)
{
    bool sampled = start->sampling.decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
    struct ct_span_slot *slot = take_slot(start);
    if (slot == NULL) {
        cotel_tracestate_unref(start->tracestate);
        start->tracestate = NULL;
        start_unrecorded(start, out);
        return;
    }
    if (sampled)
        start->trace_flags |= COTEL_TRACE_FLAG_SAMPLED;
    slot->recording = true;
    slot->sampled = sampled;
    set_start_time(slot, start->options->start_unix_ns);
    begin_body(start, slot);
    add_start_data(start, &slot->body);
    ct_count(&start->counters->slots_taken);
    ct_processors_on_start(start->provider, slot, start->context);
    publish(start, slot, COTEL_SPAN_STATE_RECORDING, out);
}

/* What the parent says goes on unchanged: there is nobody who would record. */
static void pass_parent_on(const cotel_span *parent, cotel_span *out)
{
    *out = *parent;
    out->slot = NULL;
    out->generation = 0;
    out->state &= (uint8_t) ~(COTEL_SPAN_STATE_RECORDING | COTEL_SPAN_STATE_TRACESTATE);
}

/* For who has no ids to give, since the id generator gave zeros, or nobody to tell. */
static void start_nothing(struct start *start, cotel_span *out)
{
    cotel_tracestate_unref(start->tracestate);
    ct_count(&start->counters->unsampled);
    pass_parent_on(start->parent, out);
}

static bool has_listeners(const struct ct_provider *provider)
{
    return ct_provider_processor_count(provider) != 0;
}

/* The order is the specification's: trace id, sampler, span id. Without processors a child is what
 * it would be without an SDK, and what it would be for a caller who heeds cotel_tracer_enabled(): a
 * program that exports nothing must not unsample the traces that pass through it, nor put an id
 * into them that nobody will ever see. */
static void start_with(struct start *start, cotel_span *out)
{
    take_trace_from_parent(start);
    if (CT_UNLIKELY(is_zero(start->trace_id) ||
                    (start->has_parent && !has_listeners(start->provider)))) {
        start_nothing(start, out);
        return;
    }
    sample(start);
    start->span_id = new_span_id(start);
    if (start->span_id == 0)
        start_nothing(start, out);
    else if (start->sampling.decision == COTEL_SAMPLING_DROP || !has_listeners(start->provider))
        start_unrecorded(start, out);
    else
        start_recorded(start, out);
}

static const cotel_span_options defaults = COTEL_SPAN_OPTIONS_INIT;

static void take_context(struct start *start)
{
    const cotel_span_options *options = start->options;
    if (options->root) {
        start->context = start->provider->no_context;
        start->parent = start->provider->no_parent;
        return;
    }
    start->context = options->parent != NULL ? options->parent : cotel_context_current();
    start->parent = cotel_context_span_pointer(start->context);
}

void ct_span_start(struct ct_tracer_impl *impl, cotel_str name, const cotel_span_options *options,
                   cotel_span *out)
{
    struct ct_sdk_tracer *tracer = (struct ct_sdk_tracer *)impl;
    cotel_span_options whole;
    if (options == NULL) {
        options = &defaults;
    } else if (options->size < sizeof whole) {
        whole = defaults;
        memcpy(&whole, options, options->size);
        options = &whole;
    }
    struct start start; /* filled in on the way: zeroing all of it would cost more than it does */
    start.tracer = tracer;
    start.provider = tracer->provider;
    start.name = name;
    start.options = options;
    start.tracestate = NULL;
    take_context(&start);
    start.thread = ct_thread_self();
    if (start.thread == NULL) {
        pass_parent_on(start.parent, out);
        return;
    }
    ct_provider_enter(start.thread);
    start.counters = &start.thread->counters[start.provider->index];
    if (ct_provider_is_up(start.provider, tracer->provider_serial)) {
        ct_count(&start.counters->started);
        start_with(&start, out);
    } else {
        ct_count(&start.thread->counters[CT_COUNTERS_OF_NOBODY].after_shutdown);
        pass_parent_on(start.parent, out);
    }
    ct_provider_leave(start.thread);
}
