/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/diagnostics/held.h"
#include "sdk/diagnostics/tell.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Room for " (... more left out)" with any number. */
#define LEFT_OUT_MAX 48

/* A thread inside the function has a value here; one whose messages are held has them. A key, since
 * a thread-local would be a second one of the library, and this is far from any hot path. */
static pthread_key_t inside_key;
static pthread_once_t inside_once = PTHREAD_ONCE_INIT;
static bool inside_key_exists;

static void create_inside_key(void)
{
    inside_key_exists = pthread_key_create(&inside_key, NULL) == 0;
}

/* False when this thread is inside already, or when that could not be noted: better silent than
 * calling each other without end. */
static bool enter(void)
{
    if (pthread_once(&inside_once, create_inside_key) != 0 || !inside_key_exists)
        return false;
    return !pthread_getspecific(inside_key) && pthread_setspecific(inside_key, &inside_key) == 0;
}

static struct ct_held_messages *held_by_thread(void)
{
    if (pthread_once(&inside_once, create_inside_key) != 0 || !inside_key_exists)
        return NULL;
    void *value = pthread_getspecific(inside_key);
    return value != &inside_key ? value : NULL;
}

bool ct_diagnostics_hold(struct ct_held_messages *held)
{
    *held = (struct ct_held_messages){NULL, NULL, 0};
    if (pthread_once(&inside_once, create_inside_key) != 0 || !inside_key_exists)
        return false;
    return !pthread_getspecific(inside_key) && pthread_setspecific(inside_key, held) == 0;
}

static void leave(void)
{
    /* Cannot fail: the value's place was made by enter(). */
    (void)pthread_setspecific(inside_key, NULL);
}

/* What a peer said may be quoted in a message: it must not be able to forge lines. */
static void make_one_line(char *message)
{
    for (char *at = message; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    }
}

static void format_message(char message[CT_DIAGNOSTICS_MESSAGE_MAX], uint64_t left_out,
                           const char *format, va_list arguments)
{
    char tail[LEFT_OUT_MAX] = "";
    if (left_out > 0)
        (void)snprintf(tail, sizeof tail, " (%" PRIu64 " more left out)", left_out);
    size_t room = CT_DIAGNOSTICS_MESSAGE_MAX - strlen(tail);
    if (vsnprintf(message, room, format, arguments) < 0)
        message[0] = '\0';
    make_one_line(message);
    memcpy(message + strlen(message), tail, strlen(tail) + 1);
}

void ct_diagnostics_tell(const struct ct_diagnostics_setting *setting, cotel_log_level level,
                         const char *component, uint64_t left_out, const char *format,
                         va_list arguments)
{
    int saved_errno = errno;
    struct ct_held_messages *held = held_by_thread();
    char message[CT_DIAGNOSTICS_MESSAGE_MAX];
    if (held) {
        format_message(message, left_out, format, arguments);
        ct_held_messages_add(held, level, component ? component : "cotel", message);
    } else if (enter()) {
        format_message(message, left_out, format, arguments);
        setting->function(setting->user, level, component ? component : "cotel", message);
        leave();
    }
    errno = saved_errno;
}

void ct_diagnostics_let_go(void)
{
    leave();
}

void cotel_diagnostics_report(cotel_log_level level, const char *component, const char *format, ...)
{
    struct ct_diagnostics_setting setting = ct_diagnostics_setting_get();
    if (!ct_diagnostics_setting_wants(&setting, level) || !format)
        return;
    va_list arguments;
    va_start(arguments, format);
    ct_diagnostics_tell(&setting, level, component, 0, format, arguments);
    va_end(arguments);
}
