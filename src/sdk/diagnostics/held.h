/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that came up under a lock. The function that is told may call cotel, so it is never
 * called with one held: what such code has to say is held, and told when the lock is let go. */
#ifndef COTEL_SRC_SDK_DIAGNOSTICS_HELD_H
#define COTEL_SRC_SDK_DIAGNOSTICS_HELD_H

#include <cotel/sdk/diagnostics.h>

/* The most that are held at a time; more are left out. */
#define CT_HELD_MAX 64

struct ct_held_message;

/* All zeros: none. */
struct ct_held_messages {
    struct ct_held_message *first;
    struct ct_held_message *last;
    unsigned count;
};

/* From now on what this thread has to say goes into `held`, until ct_diagnostics_let_go().
 * @return false, with nothing to let go: it says nothing now anyway, or memory is out. */
bool ct_diagnostics_hold(struct ct_held_messages *held);
void ct_diagnostics_let_go(void);

/* `component` is static. */
void ct_held_messages_add(struct ct_held_messages *held, cotel_log_level level,
                          const char *component, const char *message);

/* Moves those of `from` behind those of `to`. */
void ct_held_messages_move(struct ct_held_messages *to, struct ct_held_messages *from);

/* Tells and frees them. */
void ct_held_messages_tell(struct ct_held_messages *held);

#endif
