/* SPDX-License-Identifier: Apache-2.0 */
/* Where the rules in force are shown, and how long those that were in force have to be kept.
 *
 * The attributes of a decision are the rules' own and have to last until the thread's next call, so
 * a count of who is inside would not do. Instead each thread has a pin: a pointer to the rules that
 * it used last, which stay until it uses others, or ends. That makes the common case cheap, too: as
 * long as the thread's pin is on the rules in force, nothing is to be done.
 *
 * Moving a pin is Dekker's pattern. The thread stores its pin, then looks again which rules are in
 * force; who changes the rules stores the new ones, then looks at the pins. All four are seq_cst,
 * so one of the two sees the other: either the thread sees that the rules have changed and moves
 * on, or the pin is seen and the rules are kept. A pin that is on rules since before needs no
 * second look: they cannot have been freed meanwhile.
 *
 * Rules that nobody pins are freed at the next change; so at most one for each thread is kept.
 *
 * fork: a child inherits rules and pins as they are. The pins of threads that it has not got hold
 * what they held, once; nothing is ever half-changed, for each change is one store. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_BOARD_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_BOARD_H

#include "samplers/jaeger_remote/rules.h"

#include <stdatomic.h>

struct ct_jaeger_pin;

/* Rules that are not in force any more, and may be pinned. */
struct ct_jaeger_retired {
    struct ct_jaeger_rules *rules;
    struct ct_jaeger_retired *next;
};

struct ct_jaeger_board {
    _Atomic(struct ct_jaeger_rules *) current;
    _Atomic(struct ct_jaeger_pin *) pins; /* of all threads; threads push, show() takes out */
    struct ct_jaeger_retired *retired;    /* show()'s own */
};

/* Owns `first` from now on. false: no key for what threads hold; `first` is untouched. */
bool ct_jaeger_board_init(struct ct_jaeger_board *board, struct ct_jaeger_rules *first);

/* Frees all rules. No other call is under way, none will come. */
void ct_jaeger_board_fini(struct ct_jaeger_board *board);

/* The rules in force: good until the thread's next call. NULL: memory is out. Any thread, without
 * a lock; allocates at the thread's first call. */
struct ct_jaeger_rules *ct_jaeger_board_use(struct ct_jaeger_board *board);

/* Puts others in force, which it owns from now on, and frees what nobody uses. false: memory is
 * out, and all is as it was. One thread at a time. */
bool ct_jaeger_board_show(struct ct_jaeger_board *board, struct ct_jaeger_rules *rules);

/* The rules in force, for the thread that calls show(). */
const struct ct_jaeger_rules *ct_jaeger_board_shown(const struct ct_jaeger_board *board);

/* In a forked child, before the first show(): the parent may have been in one. What was about to
 * be freed is left alone. */
void ct_jaeger_board_forked(struct ct_jaeger_board *board);

#endif
