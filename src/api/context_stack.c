/* SPDX-License-Identifier: Apache-2.0 */
/* The contexts that are attached to one thread (or one piece of work, see context_storage.h), the
 * current one on top.
 *
 * A token names its stack, its place in it and a serial number. It is only ever compared with the
 * stack of the thread that hands it in, so a token from elsewhere, or from a stack that is gone,
 * is never followed. Detached out of order, an entry keeps its place and loses its serial number;
 * it is taken away when it comes to lie on top. So the top entry is always one that counts. */
#include <assert.h>
#include <stdlib.h>

#include "api/context_counts.h"
#include "api/context_stack.h"
#include "base/compiler.h"

/* Each stack draws its serial numbers from a range of its own, so that a token for an old stack
 * does not fit a new one at the same address. */
#define SERIALS_PER_STACK (UINT64_C(1) << 40)

/* Memory that the stack has grown into. It stays when that is outgrown too, at most as much again
 * in all: an SDK that is starting a span still reads the parent from it while callbacks of the
 * user's, which may attach contexts, are running. */
struct ct_context_block {
    struct ct_context_block *older;
    struct ct_context_entry entries[];
};

static _Atomic uint64_t next_range = 1;

static struct ct_context_stack *stack_create(void)
{
    struct ct_context_stack *stack = malloc(sizeof *stack);
    if (!stack)
        return NULL;
    stack->depth = 0;
    stack->capacity = CT_CONTEXT_INLINE_ENTRIES;
    /* Relaxed: only that no two get the same number matters. */
    stack->next_serial =
        atomic_fetch_add_explicit(&next_range, SERIALS_PER_STACK, memory_order_relaxed);
    stack->entries = stack->inline_entries;
    stack->blocks = NULL;
    if (!ct_context_storage_set(stack)) {
        free(stack);
        return NULL;
    }
    return stack;
}

static bool grow(struct ct_context_stack *stack)
{
    if (stack->capacity >= COTEL_CONTEXT_MAX_DEPTH)
        return false;

    uint32_t capacity = stack->capacity * 2;
    struct ct_context_block *block = malloc(sizeof *block + capacity * sizeof *block->entries);
    if (!block)
        return false;
    memcpy(block->entries, stack->entries, stack->depth * sizeof *block->entries);
    block->older = stack->blocks;
    stack->blocks = block;
    stack->entries = block->entries;
    stack->capacity = capacity;
    return true;
}

/* Takes over the references to the tracestate and the values. */
CT_ALWAYS_INLINE cotel_token push(struct ct_context_stack *stack, const cotel_span *span,
                                  cotel_tracestate *tracestate, struct ct_context_values *values)
{
    struct ct_context_entry *entry = &stack->entries[stack->depth];
    atomic_init(&entry->context.refs, 0);
    entry->context.span = *span;
    entry->context.tracestate = tracestate;
    entry->context.values = values;
    entry->serial = stack->next_serial++;
    return (cotel_token){.state = stack, .serial = entry->serial, .index = stack->depth++};
}

static bool has_room(const struct ct_context_stack *stack)
{
    return stack && stack->depth < stack->capacity;
}

/* This thread's stack, with room for one entry more; NULL, and counted, if that can't be had. */
static struct ct_context_stack *stack_with_room(void)
{
    struct ct_context_stack *stack = ct_context_storage_get();
    if (!stack)
        stack = stack_create();
    if (!stack || (!has_room(stack) && !grow(stack))) {
        ct_context_count(CT_CONTEXT_NOT_ATTACHED);
        return NULL;
    }
    return stack;
}

static const cotel_context *top(const struct ct_context_stack *stack)
{
    const cotel_context *context = ct_context_stack_top(stack);
    return context ? context : &ct_context_none;
}

const cotel_context *cotel_context_current(void)
{
    return top(ct_context_storage_get());
}

cotel_token cotel_context_attach(const cotel_context *context)
{
    /* Copied first: a borrowed context lies in the stack, and moves when that grows. */
    context = ct_context_or_current(context);
    const cotel_span span = context->span;
    cotel_tracestate *tracestate = context->tracestate;
    struct ct_context_values *values = context->values;

    struct ct_context_stack *stack = stack_with_room();
    if (!stack)
        return (cotel_token){.state = NULL};
    return push(stack, &span, cotel_tracestate_ref(tracestate), ct_context_values_ref(values));
}

/* For the first span of a thread, every time that the stack grows, and where a tracestate or
 * values go on. */
static cotel_token activate_slowly(const cotel_span *span)
{
    const cotel_span copy = span ? *span : cotel_span_none(); /* it may be borrowed, as above */
    struct ct_context_stack *stack = stack_with_room();
    if (!stack)
        return (cotel_token){.state = NULL};
    const cotel_context *base = top(stack);
    return push(stack, &copy, ct_context_inherit_tracestate(base, &copy),
                ct_context_values_ref(base->values));
}

/* Whether nothing of the base goes on but the span that is put over it. */
static bool is_bare(const cotel_context *base, const cotel_span *span)
{
    return !base->tracestate && !base->values && !(span->state & COTEL_SPAN_STATE_TRACESTATE);
}

cotel_token cotel_span_activate(const cotel_span *span)
{
    struct ct_context_stack *stack = ct_context_storage_get();
    if (CT_UNLIKELY(!span || !has_room(stack) || !is_bare(top(stack), span)))
        return activate_slowly(span);
    return push(stack, span, NULL, NULL);
}

/* Apart, so that the common way saves no registers for it. */
__attribute__((noinline)) static void let_go(const cotel_context *context)
{
    cotel_tracestate_unref(context->tracestate);
    ct_context_values_unref(context->values);
}

static void pop(struct ct_context_stack *stack)
{
    assert(stack->depth > 0);
    const cotel_context *context = &stack->entries[--stack->depth].context;
    if (CT_UNLIKELY(context->tracestate || context->values))
        let_go(context);
}

void cotel_context_detach(cotel_token token)
{
    if (!token.state)
        return;
    struct ct_context_stack *stack = ct_context_storage_get();
    if (CT_UNLIKELY(stack != token.state)) {
        ct_context_count(CT_CONTEXT_WRONG_THREAD);
        return;
    }
    if (CT_UNLIKELY(token.index >= stack->depth ||
                    stack->entries[token.index].serial != token.serial)) {
        ct_context_count(CT_CONTEXT_ALREADY_DETACHED);
        return;
    }
    stack->entries[token.index].serial = 0;
    if (CT_UNLIKELY(token.index + 1 < stack->depth))
        ct_context_count(CT_CONTEXT_OUT_OF_ORDER);
    while (stack->depth > 0 && stack->entries[stack->depth - 1].serial == 0)
        pop(stack);
}

void cotel_context_state_destroy(void *state)
{
    struct ct_context_stack *stack = state;
    if (!stack)
        return;
    while (stack->depth > 0)
        pop(stack);
    for (struct ct_context_block *block = stack->blocks, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    free(stack);
}
