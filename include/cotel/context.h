/* SPDX-License-Identifier: Apache-2.0 */
/** @file context.h
 *  What travels with the work: the current span, baggage and values of the program's own, made
 *  current on a thread, captured for another one, or handed on in a message.
 *
 *  A cotel_context never changes once it is made. Each thread has a current one; attaching
 *  another returns a token that puts the old one back. Being current is separate from living:
 *  attaching a span neither starts nor ends it.
 *
 *      cotel_context *context = cotel_context_capture();       // on the thread that has the work
 *      ...
 *      cotel_token token = cotel_context_attach(context);      // on the thread that does it
 *      do_work();
 *      cotel_context_detach(token);
 *      cotel_context_unref(context);
 *
 *  Implements: context/README.md of the specification.
 */
#ifndef COTEL_CONTEXT_H
#define COTEL_CONTEXT_H

#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Immutable and counted. No function here returns NULL: when memory is out they return the
 *  empty context, which needs none. Where one is taken, NULL stands for the current one. */
typedef struct cotel_context cotel_context;

/** Says what to put back. A plain value; its members are private. One that came from a failed
 *  attach, that was used already, that is older than another one of its thread, or that is from
 *  another thread is harmless to detach (and counted, see cotel_context_stats()). */
typedef struct cotel_token {
    void *state;
    uint64_t serial;
    uint32_t index;
    uint32_t reserved;
} cotel_token;

/** The most contexts that can be attached on one thread at a time. One more is not attached, and
 *  counted; its token is harmless. */
#define COTEL_CONTEXT_MAX_DEPTH 4096

/** The context without a span, baggage or values. Static; ref and unref do nothing to it.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API cotel_context *cotel_context_empty(void);

/** The current context of this thread. Borrowed: good until this thread attaches or detaches
 *  next; cotel_context_ref() to keep it. Any thread; never blocks, never allocates. Since 0.1. */
COTEL_API const cotel_context *cotel_context_current(void);

/** The current context as a reference of your own, for a work queue or a callback.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API cotel_context *cotel_context_capture(void);

/** A reference to a context that equals this one. It is the same object, or a copy when the
 *  original is borrowed from a thread. NULL takes the current one.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API cotel_context *cotel_context_ref(const cotel_context *context);

/** Gives a reference back; the last one frees it. Takes NULL. Any thread; never blocks. Since 0.1.
 */
COTEL_API void cotel_context_unref(cotel_context *context);

/** Makes `context` the current one of this thread, until the token is detached. The library
 *  keeps what it needs: `context` may be unref'd at once.
 *  Any thread; never blocks; allocates only beyond 16 levels. Since 0.1. */
COTEL_API cotel_token cotel_context_attach(const cotel_context *context);

/** Puts back what was current before the attach. In the wrong order, the context that was
 *  attached later stays current, and the detached one is skipped when its turn comes.
 *  On the thread that attached it; elsewhere harmless and counted. Never blocks. Since 0.1. */
COTEL_API void cotel_context_detach(cotel_token token);

/* ---- values of the program's own ---- */

/** Finds a value in a context. Compared by identity: two keys of one name are two keys. */
typedef struct cotel_context_key cotel_context_key;

/** The most keys of a process. */
#define COTEL_CONTEXT_MAX_KEYS 1024

/** The most values that one context holds, baggage included. */
#define COTEL_CONTEXT_MAX_VALUES 64

/** A new key. The name is for people only, and is copied; NULL is the empty one. Borrowed for ever:
 *  keys are never freed, so make each one once and keep it in a static.
 *  @return NULL when memory is out or COTEL_CONTEXT_MAX_KEYS are there; with such a key nothing is
 *          ever stored or found. Any thread; never blocks. Since 0.1.
 *  Implements: context/README.md "Create a key". */
COTEL_API const cotel_context_key *cotel_context_key_create(const char *name);

/** Its name; empty for NULL. Any thread; never blocks. Since 0.1. */
COTEL_API const char *cotel_context_key_name(const cotel_context_key *key);

/** A context like `base` (NULL: the current one), in which `key` has `value`. Yours to unref.
 *  @param destroy called once with the value, on any thread, when the last context that holds it
 *                 is gone (for a value that could not be stored: before this returns); must not
 *                 block. NULL: the value is borrowed and must outlive all such contexts.
 *  A NULL value takes the key out. A value beyond COTEL_CONTEXT_MAX_VALUES, or without a key, is
 *  not stored, and counted; the result is like `base`. Any thread; never blocks. Since 0.1.
 *  Implements: context/README.md "Set value". */
COTEL_API cotel_context *cotel_context_with_value(const cotel_context *base,
                                                  const cotel_context_key *key, void *value,
                                                  void (*destroy)(void *value));

/** The value that `key` has in a context (NULL: the current one), or NULL. Borrowed, as long as
 *  the context. Any thread; never blocks. Since 0.1. Implements: context/README.md "Get value". */
COTEL_API void *cotel_context_value(const cotel_context *context, const cotel_context_key *key);

/* ---- what went wrong ---- */

/** What went wrong with tokens and values in this process. Since 0.1. */
typedef struct cotel_context_counts {
    size_t size;               /**< in: sizeof of this struct */
    uint64_t out_of_order;     /**< detached before a later one was; nothing was lost */
    uint64_t wrong_thread;     /**< detached on another thread; nothing was changed */
    uint64_t already_detached; /**< detached twice, or never attached; nothing was changed */
    uint64_t not_attached;     /**< too deep, or out of memory; the old context stayed */
    uint64_t not_stored;       /**< a value without key, room or memory; the others stayed */
} cotel_context_counts;

/** Fills *counts as far as counts->size goes. Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_context_stats(cotel_context_counts *counts);

/** Where the current context of the running piece of work is kept. By default in the thread; an
 *  event loop or a coroutine library that runs many pieces on one thread brings its own place:
 *  one pointer a piece of work, NULL at first.
 *
 *  Both functions are called on the thread that runs the work, must not block, and must not call
 *  cotel. */
typedef struct cotel_context_storage {
    size_t size; /**< sizeof of this struct */
    void *(*get)(void *user);
    void (*set)(void *user, void *state);
    void *user; /**< must outlive every later call */
} cotel_context_storage;

/** Replaces the storage for the process; NULL goes back to the thread's own.
 *  To be called before the first attach; the struct is copied.
 *  @return false, with nothing changed, when a function is missing. Since 0.1. */
COTEL_API bool cotel_context_set_storage(const cotel_context_storage *storage);

/** Frees what cotel keeps behind a pointer that it gave to cotel_context_storage.set(), when a
 *  piece of work ends. Takes NULL. Any thread, when nobody uses it. Since 0.1. */
COTEL_API void cotel_context_state_destroy(void *state);

COTEL_END_DECLS

#endif
