/* SPDX-License-Identifier: Apache-2.0 */
/** @file composable_sampler.h
 *  Samplers that are put together from parts.
 *
 *  A composable sampler does not decide: it says which share of traces it would take, as a
 *  threshold, and one sampler at the top decides by the trace's randomness and writes the threshold
 *  into the tracestate. So parts may be combined as one likes, and the counts that a backend
 *  extrapolates from the thresholds stay right.
 *
 *      static const char *const health[] = {"/healthz", "/livez"};
 *      cotel_composable_sampler *tenth = NULL, *rules = NULL, *follow = NULL;
 *      cotel_sampler *sampler = NULL;
 *      ... cotel_composable_probability_create(0.1, &tenth) ...
 *      const cotel_sampling_rule list[] = {
 *          {.size = sizeof *list, .sampler = cotel_composable_always_off(),
 *           .attribute_values = {"http.route", health, 2}},
 *          {.size = sizeof *list, .sampler = tenth},
 *      };
 *      ... cotel_composable_rule_based_create(list, 2, &rules) ...
 *      ... cotel_composable_parent_threshold_create(rules, &follow) ...
 *      ... cotel_sampler_composite_create(follow, &sampler) ...
 *
 *  Ownership: a composable sampler belongs to whom it is given and is destroyed with it. Whoever
 *  takes one over does so on success only.
 *
 *  Implements: trace/sdk.md "CompositeSampler" (Development).
 */
#ifndef COTEL_SDK_COMPOSABLE_SAMPLER_H
#define COTEL_SDK_COMPOSABLE_SAMPLER_H

#include <cotel/sdk/sampler.h>

COTEL_BEGIN_DECLS

/** A threshold is how many of 2^56 traces are rejected: 0 takes all of them. */
#define COTEL_THRESHOLD_ALL UINT64_C(0)
/** No threshold: the span is dropped. */
#define COTEL_THRESHOLD_NONE (UINT64_C(1) << 56)

/** The threshold of a share of traces, to four significant hexadecimal digits.
 *  COTEL_THRESHOLD_NONE for a ratio below 2^-56 and what is not a number; COTEL_THRESHOLD_ALL from
 *  1 on. Any thread; never blocks. Since 0.1. */
COTEL_API uint64_t cotel_sampling_threshold(double ratio);

/** For how many spans a sampled one stands: 2^56 / (2^56 - threshold). 0 where there is no
 *  threshold. Any thread; never blocks. Since 0.1. */
COTEL_API double cotel_sampling_adjusted_count(uint64_t threshold);

/** What a composable sampler may look at: all that a sampler may but the trace id, which it must
 *  not have a say about. Read only; everything is borrowed for the call. */
typedef struct cotel_composable_parameters {
    size_t size;
    const cotel_context *parent_context; /**< never NULL */
    const cotel_span *parent;            /**< its span; not valid for a root span. Never NULL */
    cotel_parent_state parent_state;
    /** What the parent's tracestate says; COTEL_THRESHOLD_NONE when that is nothing, or when the
     *  parent is sampled and could not have been under this threshold. */
    uint64_t parent_threshold;
    const cotel_tracestate *tracestate; /**< the parent's; NULL: none */
    cotel_span_kind kind;
    cotel_str name;
    const cotel_attribute *attributes;
    size_t attribute_count;
    const cotel_link *links;
    size_t link_count;
} cotel_composable_parameters;

/** Gives attributes for a span that is sampled: writes up to `room` of them to `out`. What they
 *  point to lives as long as the sampler, or is what the parameters point to.
 *  @return how many it wrote. All providers of a span share COTEL_SAMPLING_ROOM; what goes beyond
 *          is left out. */
typedef size_t (*cotel_attributes_provider)(void *user,
                                            const cotel_composable_parameters *parameters,
                                            cotel_attribute *out, size_t room);

/** Gives a span's tracestate, after the decision: a new reference, NULL for an empty one. `state`
 *  is borrowed. The entry `ot` is not for composable samplers: changes to it have no effect. */
typedef cotel_tracestate *(*cotel_tracestate_provider)(void *user, const cotel_tracestate *state,
                                                       cotel_sampling_decision decision);

/** How many providers of a kind an intent holds: one for each sampler of a nest that has some. */
#define COTEL_SAMPLING_PROVIDERS 8

/** What a composable sampler wants. It comes filled with COTEL_THRESHOLD_NONE and nothing else. */
typedef struct cotel_sampling_intent {
    size_t size;
    uint64_t threshold; /**< below 2^56, or COTEL_THRESHOLD_NONE */
    /** Whether the threshold may be used to extrapolate counts. If not, the decision falls by a
     *  fresh random number, and the span's tracestate gets no threshold. */
    bool adjusted_count_reliable;
    /** Filled by cotel_sampling_intent_add_*(). They are called in this order. */
    size_t attributes_provider_count;
    size_t tracestate_provider_count;
    struct {
        cotel_attributes_provider provide;
        void *user;
    } attributes_providers[COTEL_SAMPLING_PROVIDERS];
    struct {
        cotel_tracestate_provider provide;
        void *user;
    } tracestate_providers[COTEL_SAMPLING_PROVIDERS];
} cotel_sampling_intent;

/** Adds a provider. Of equal attribute keys the last one counts, so one that delegates and then
 *  adds its own overrules its delegate. `user` is for the provider and lives as long as the
 * sampler.
 *  @return false, without a change, when all places are taken or a pointer is NULL. Since 0.1. */
COTEL_API bool cotel_sampling_intent_add_attributes(cotel_sampling_intent *intent,
                                                    cotel_attributes_provider provide, void *user);
COTEL_API bool cotel_sampling_intent_add_tracestate(cotel_sampling_intent *intent,
                                                    cotel_tracestate_provider provide, void *user);

/** Implementers put this struct first into their own. */
typedef struct cotel_composable_sampler {
    const struct cotel_composable_sampler_ops *ops;
} cotel_composable_sampler;

/** What a composable sampler does. All functions but destroy: any thread, several at a time, must
 *  not block. */
typedef struct cotel_composable_sampler_ops {
    size_t size; /**< sizeof of this struct */
    /** One that delegates hands both on and then changes the intent. */
    void (*get_intent)(cotel_composable_sampler *self,
                       const cotel_composable_parameters *parameters,
                       cotel_sampling_intent *intent);
    /** Its name with its settings; as long-lived as the sampler. */
    const char *(*description)(const cotel_composable_sampler *self);
    /** Frees it; NULL: nothing to free. Called once, by its owner. */
    void (*destroy)(cotel_composable_sampler *self);
} cotel_composable_sampler_ops;

/** The sampler at the top: "CompositeSampler{...}". Takes the root over.
 *  @return OK, INVALID_ARGUMENT (root is NULL or without get_intent, out is NULL), OUT_OF_MEMORY.
 *  Since 0.1. */
COTEL_API cotel_status cotel_sampler_composite_create(cotel_composable_sampler *root,
                                                      cotel_sampler **out) COTEL_MUST_CHECK;

/** Every span. "ComposableAlwaysOn". Static: destroying it does nothing. Since 0.1. */
COTEL_API cotel_composable_sampler *cotel_composable_always_on(void);

/** No span. "ComposableAlwaysOff". Static: destroying it does nothing. Since 0.1. */
COTEL_API cotel_composable_sampler *cotel_composable_always_off(void);

/** A share of traces, 2^-56 to 1; 0 gives cotel_composable_always_off().
 *  "ComposableProbability{0.01}".
 *  @return OK, INVALID_ARGUMENT (another ratio, out is NULL), OUT_OF_MEMORY. Since 0.1. */
COTEL_API cotel_status
cotel_composable_probability_create(double ratio, cotel_composable_sampler **out) COTEL_MUST_CHECK;

/** What the parent was: its threshold; without one, sampled or not as the parent is. Root spans are
 *  for `root`, which it takes over. "ComposableParentThreshold{root:...}".
 *  @return OK, INVALID_ARGUMENT (root is NULL or without get_intent, out is NULL), OUT_OF_MEMORY.
 *  Since 0.1. */
COTEL_API cotel_status cotel_composable_parent_threshold_create(
    cotel_composable_sampler *root, cotel_composable_sampler **out) COTEL_MUST_CHECK;

/** Adds attributes to the spans that `delegate` takes; they count more than the delegate's own.
 *  The attributes are copied, the delegate is taken over. "ComposableAnnotating{...}".
 *  @return OK, INVALID_ARGUMENT (delegate is NULL or without get_intent, attributes is NULL with a
 *          count, an empty key, out is NULL), LIMIT_REACHED (more than COTEL_SAMPLING_ROOM),
 *          OUT_OF_MEMORY. Since 0.1. */
COTEL_API cotel_status cotel_composable_annotating_create(
    const cotel_attribute *attributes, size_t count, cotel_composable_sampler *delegate,
    cotel_composable_sampler **out) COTEL_MUST_CHECK;

/** Whether a rule of your own holds. Any thread, several at a time; must not block. */
typedef bool (*cotel_sampling_predicate)(void *user, const cotel_composable_parameters *parameters);

/** Bits of a rule's `parents`. Root spans have none. */
#define COTEL_RULE_PARENT_NONE 0x1u
#define COTEL_RULE_PARENT_REMOTE 0x2u
#define COTEL_RULE_PARENT_LOCAL 0x4u

/** The bit of a kind in a rule's `span_kinds`. */
#define COTEL_RULE_SPAN_KIND(kind) (1u << (kind))

/** An attribute that is given at the start has one of these values. What is no text is compared by
 *  its text: 404, true, 0.5, NaN; of an array one item is enough. Bytes and maps never match. */
typedef struct cotel_rule_attribute_values {
    const char *key; /**< NULL: no such condition */
    const char *const *values;
    size_t value_count;
} cotel_rule_attribute_values;

/** The same by patterns, in which `*` stands for any text and `?` for one character: the value
 *  matches one of `included` (without any: all values do) and none of `excluded`. */
typedef struct cotel_rule_attribute_patterns {
    const char *key; /**< NULL: no such condition */
    const char *const *included;
    size_t included_count;
    const char *const *excluded;
    size_t excluded_count;
} cotel_rule_attribute_patterns;

/** A rule: which spans it is for, and what becomes of them. All conditions that are there must
 *  hold; one without any is for every span. Zero-initialise it. */
typedef struct cotel_sampling_rule {
    size_t size;                       /**< sizeof of this struct; in an array the same for all */
    cotel_composable_sampler *sampler; /**< required */
    cotel_rule_attribute_values attribute_values;
    cotel_rule_attribute_patterns attribute_patterns;
    uint32_t span_kinds;                /**< COTEL_RULE_SPAN_KIND() of each; 0: any */
    uint32_t parents;                   /**< COTEL_RULE_PARENT_* of each; 0: any */
    cotel_sampling_predicate predicate; /**< NULL: none */
    void *user;                         /**< for the predicate */
    /** Frees `user` when the sampler is destroyed; NULL: nothing to free. */
    void (*destroy_user)(void *user);
} cotel_sampling_rule;

/** The first rule that matches decides; where none does, the span is dropped. Rules are copied,
 *  their samplers and `user`s taken over; a sampler must be given once.
 *  "ComposableRuleBased{[...]}".
 *  @return OK, INVALID_ARGUMENT (rules is NULL with a count, a rule without size, usable sampler or
 *          with NULL for a text, one sampler given twice, out is NULL), OUT_OF_MEMORY. Since 0.1.
 *  The conditions are those of `rule_based` in opentelemetry-configuration. */
COTEL_API cotel_status
cotel_composable_rule_based_create(const cotel_sampling_rule *rules, size_t count,
                                   cotel_composable_sampler **out) COTEL_MUST_CHECK;

/** Destroys a composable sampler that was given to nobody. Takes NULL. Since 0.1. */
COTEL_API void cotel_composable_sampler_destroy(cotel_composable_sampler *sampler);

COTEL_END_DECLS

#endif
