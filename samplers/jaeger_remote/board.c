/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/board.h"

#include <pthread.h>
#include <stdlib.h>

/* A thread's hold on one board. It has two owners, whose last one frees it: the thread, by its list
 * (thread-private), and the board, by `next`. */
struct ct_jaeger_pin {
    _Atomic(struct ct_jaeger_rules *) rules;
    atomic_int owners;
    atomic_bool is_orphan; /* the board is gone */
    const struct ct_jaeger_board *board;
    struct ct_jaeger_pin *next;
    struct ct_jaeger_pin *next_of_thread;
};

/* A thread's list of pins. The key is the process's, so that a thread that ends can never meet a
 * board that is being freed; the pins of boards that are gone leave when the list is walked. */
static pthread_key_t key;
static bool has_key;

static void disown(struct ct_jaeger_pin *pin)
{
    /* acq_rel: what the other owner did to it happened before it is freed. */
    if (atomic_fetch_sub_explicit(&pin->owners, 1, memory_order_acq_rel) == 1)
        free(pin);
}

static void thread_ends(void *first)
{
    struct ct_jaeger_pin *pin = first;
    while (pin != NULL) {
        struct ct_jaeger_pin *next = pin->next_of_thread;
        /* Release: the thread has read its last of the rules. */
        atomic_store_explicit(&pin->rules, NULL, memory_order_release);
        disown(pin);
        pin = next;
    }
}

static void make_key(void)
{
    has_key = pthread_key_create(&key, thread_ends) == 0;
}

bool ct_jaeger_board_init(struct ct_jaeger_board *board, struct ct_jaeger_rules *first)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pthread_once(&once, make_key) != 0 || !has_key)
        return false;
    *board = (struct ct_jaeger_board){.retired = NULL};
    atomic_init(&board->current, first);
    atomic_init(&board->pins, NULL);
    return true;
}

/* ---- threads that use the rules ---- */

static struct ct_jaeger_pin *create_pin(struct ct_jaeger_board *board)
{
    struct ct_jaeger_pin *pin = calloc(1, sizeof *pin);
    if (pin == NULL)
        return NULL;
    pin->board = board;
    pin->next_of_thread = pthread_getspecific(key);
    if (pthread_setspecific(key, pin) != 0) {
        free(pin);
        return NULL;
    }
    atomic_init(&pin->owners, 2);
    /* Before the pin is first set, and seq_cst like that: who would see it set finds it. */
    struct ct_jaeger_pin *head = atomic_load_explicit(&board->pins, memory_order_relaxed);
    do
        pin->next = head;
    while (!atomic_compare_exchange_weak_explicit(&board->pins, &head, pin, memory_order_seq_cst,
                                                  memory_order_relaxed));
    return pin;
}

/* A board may lie where one that is gone has lain: its pins are orphans, and leave. Relaxed: who
 * uses the new board knows of the end of the old one. */
static struct ct_jaeger_pin *pin_of(struct ct_jaeger_board *board)
{
    struct ct_jaeger_pin *pin = pthread_getspecific(key);
    struct ct_jaeger_pin *before = NULL;
    while (pin != NULL) {
        struct ct_jaeger_pin *next = pin->next_of_thread;
        if (!atomic_load_explicit(&pin->is_orphan, memory_order_relaxed)) {
            if (pin->board == board)
                return pin;
            before = pin;
        } else {
            if (before != NULL)
                before->next_of_thread = next;
            else if (pthread_setspecific(key, next) != 0)
                return NULL; /* does not happen: the key has its place since the first time */
            disown(pin);
        }
        pin = next;
    }
    return create_pin(board);
}

struct ct_jaeger_rules *ct_jaeger_board_use(struct ct_jaeger_board *board)
{
    struct ct_jaeger_pin *pin = pin_of(board);
    if (pin == NULL)
        return NULL;
    /* Acquire: the rules are seen whole. (Of rules that the pin is on already they were.) */
    struct ct_jaeger_rules *rules = atomic_load_explicit(&board->current, memory_order_acquire);
    struct ct_jaeger_rules *seen = atomic_load_explicit(&pin->rules, memory_order_relaxed);
    while (seen != rules) {
        atomic_store_explicit(&pin->rules, rules, memory_order_seq_cst);
        seen = rules;
        rules = atomic_load_explicit(&board->current, memory_order_seq_cst);
    }
    return rules;
}

/* ---- the one that changes them ---- */

const struct ct_jaeger_rules *ct_jaeger_board_shown(const struct ct_jaeger_board *board)
{
    return atomic_load_explicit(&board->current, memory_order_relaxed); /* its own store */
}

/* Takes out the pins of threads that have ended, but for the newest: threads push before it. */
static void drop_ended(struct ct_jaeger_board *board)
{
    struct ct_jaeger_pin *pin = atomic_load_explicit(&board->pins, memory_order_acquire);
    while (pin != NULL && pin->next != NULL) {
        struct ct_jaeger_pin *next = pin->next;
        if (atomic_load_explicit(&next->owners, memory_order_acquire) > 1) {
            pin = next;
            continue;
        }
        pin->next = next->next;
        free(next);
    }
}

static bool is_pinned(struct ct_jaeger_board *board, const struct ct_jaeger_rules *rules)
{
    struct ct_jaeger_pin *pin = atomic_load_explicit(&board->pins, memory_order_seq_cst);
    for (; pin != NULL; pin = pin->next) {
        if (atomic_load_explicit(&pin->rules, memory_order_seq_cst) == rules)
            return true;
    }
    return false;
}

static void free_unpinned(struct ct_jaeger_board *board)
{
    struct ct_jaeger_retired **link = &board->retired;
    while (*link != NULL) {
        struct ct_jaeger_retired *retired = *link;
        if (is_pinned(board, retired->rules)) {
            link = &retired->next;
            continue;
        }
        *link = retired->next;
        ct_jaeger_rules_destroy(retired->rules);
        free(retired);
    }
}

bool ct_jaeger_board_show(struct ct_jaeger_board *board, struct ct_jaeger_rules *rules)
{
    struct ct_jaeger_retired *retired = malloc(sizeof *retired);
    if (retired == NULL)
        return false;
    retired->rules = atomic_exchange_explicit(&board->current, rules, memory_order_seq_cst);
    retired->next = board->retired;
    board->retired = retired;
    drop_ended(board);
    free_unpinned(board);
    return true;
}

void ct_jaeger_board_forked(struct ct_jaeger_board *board)
{
    board->retired = NULL;
}

/* ---- the end ---- */

static void orphan_pins(struct ct_jaeger_board *board)
{
    struct ct_jaeger_pin *pin = atomic_load_explicit(&board->pins, memory_order_acquire);
    while (pin != NULL) {
        struct ct_jaeger_pin *next = pin->next;
        atomic_store_explicit(&pin->is_orphan, true, memory_order_relaxed);
        disown(pin);
        pin = next;
    }
}

void ct_jaeger_board_fini(struct ct_jaeger_board *board)
{
    orphan_pins(board);
    while (board->retired != NULL) {
        struct ct_jaeger_retired *next = board->retired->next;
        ct_jaeger_rules_destroy(board->retired->rules);
        free(board->retired);
        board->retired = next;
    }
    ct_jaeger_rules_destroy(atomic_load_explicit(&board->current, memory_order_relaxed));
}
