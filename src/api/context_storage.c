/* SPDX-License-Identifier: Apache-2.0 */
/* The thread-local is one pointer; what it points to lies on the heap, and a key's destructor
 * frees it when the thread ends. The key is made by whoever needs it first, without a lock or
 * pthread_once(): a process that was forked while another thread was at it would wait for ever. */
#include "api/context_storage.h"

#include <pthread.h>

#include "base/sized.h"

__thread struct ct_context_stack *ct_context_thread_stack;

/* The key, and one more: 0 is none yet. */
static _Atomic uint64_t key_and_one;

/* One copy, written before `ct_context_storage` points to it. */
static cotel_context_storage storage_copy;
_Atomic(const cotel_context_storage *) ct_context_storage;

bool cotel_context_set_storage(const cotel_context_storage *replacement)
{
    if (replacement && !(CT_HAS(replacement, user) && replacement->get && replacement->set))
        return false;

    /* Release: the copy is complete for those who find the pointer. */
    atomic_store_explicit(&ct_context_storage, NULL, memory_order_release);
    if (replacement) {
        storage_copy = *replacement;
        atomic_store_explicit(&ct_context_storage, &storage_copy, memory_order_release);
    }
    return true;
}

static void destroy_at_thread_exit(void *stack)
{
    ct_context_thread_stack = NULL;
    cotel_context_state_destroy(stack);
}

static bool get_key(pthread_key_t *key)
{
    /* Relaxed: the number is all there is to it; nothing lies behind it. */
    uint64_t known = atomic_load_explicit(&key_and_one, memory_order_relaxed);
    if (known == 0) {
        if (pthread_key_create(key, destroy_at_thread_exit) != 0)
            return false;
        if (atomic_compare_exchange_strong_explicit(&key_and_one, &known, (uint64_t)*key + 1,
                                                    memory_order_relaxed, memory_order_relaxed))
            return true;
        (void)pthread_key_delete(*key); /* fails only for a key that is none */
    }
    *key = (pthread_key_t)(known - 1);
    return true;
}

bool ct_context_storage_set(struct ct_context_stack *stack)
{
    const cotel_context_storage *own =
        atomic_load_explicit(&ct_context_storage, memory_order_acquire);
    if (CT_UNLIKELY(own)) {
        own->set(own->user, stack);
        return true;
    }

    pthread_key_t key;
    if (!get_key(&key) || pthread_setspecific(key, stack) != 0)
        return false;
    ct_context_thread_stack = stack;
    return true;
}
