/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/diagnostics/held.h"

#include <stdlib.h>
#include <string.h>

struct ct_held_message {
    struct ct_held_message *next;
    cotel_log_level level;
    const char *component;
    char text[];
};

static void append(struct ct_held_messages *held, struct ct_held_message *first,
                   struct ct_held_message *last, unsigned count)
{
    if (held->last)
        held->last->next = first;
    else
        held->first = first;
    held->last = last;
    held->count += count;
}

void ct_held_messages_add(struct ct_held_messages *held, cotel_log_level level,
                          const char *component, const char *message)
{
    size_t size = strlen(message) + 1;
    if (held->count >= CT_HELD_MAX)
        return;
    struct ct_held_message *item = malloc(sizeof *item + size);
    if (!item)
        return;
    *item = (struct ct_held_message){.level = level, .component = component};
    memcpy(item->text, message, size);
    append(held, item, item, 1);
}

void ct_held_messages_move(struct ct_held_messages *to, struct ct_held_messages *from)
{
    if (from->first)
        append(to, from->first, from->last, from->count);
    *from = (struct ct_held_messages){NULL, NULL, 0};
}

void ct_held_messages_tell(struct ct_held_messages *held)
{
    struct ct_held_message *item = held->first;
    *held = (struct ct_held_messages){NULL, NULL, 0};
    while (item) {
        struct ct_held_message *next = item->next;
        cotel_diagnostics_report(item->level, item->component, "%s", item->text);
        free(item);
        item = next;
    }
}
