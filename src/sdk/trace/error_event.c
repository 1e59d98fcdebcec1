/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/error_event.h"

#include "base/errno_name.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>

static void add(struct ct_error_event *event, const char *key, const char *text)
{
    event->attributes[event->count++] = cotel_attribute_string(key, text);
}

/* What has no name is told by its number, as the conventions have it for codes. */
static const char *type_of(struct ct_error_event *event, int errnum)
{
    const char *name = ct_errno_name(errnum);
    if (name != NULL)
        return name;
    (void)snprintf(event->number, sizeof event->number, "%d", errnum);
    return event->number;
}

/* In the C locale: who reads traces searches for one text, whatever language the program speaks. */
static const char *message_of(struct ct_error_event *event, const char *what, int errnum)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return what;
    const char *why = strerror_l(errnum, c_locale);
    if (what == NULL)
        (void)snprintf(event->message, sizeof event->message, "%s", why);
    else
        (void)snprintf(event->message, sizeof event->message, "%.*s: %s", CT_ERROR_WHAT_MOST, what,
                       why);
    freelocale(c_locale);
    return event->message;
}

static int positive(int errnum)
{
    return errnum >= 0 ? errnum : errnum == INT_MIN ? INT_MAX : -errnum;
}

static void fill(struct ct_error_event *event, const cotel_error_options *options,
                 const void *caller)
{
    const char *type = options->type, *message = options->message;
    int errnum = positive(options->errnum);
    if (errnum != 0) {
        type = type != NULL ? type : type_of(event, errnum);
        message = message_of(event, message, errnum);
    }
    event->count = 0;
    if (type != NULL)
        add(event, "exception.type", type);
    if (message != NULL)
        add(event, "exception.message", message);
    if (options->backtrace && ct_backtrace(event->stack, caller) != 0)
        add(event, "exception.stacktrace", event->stack);
}

void ct_error_event_fill(struct ct_error_event *event, const cotel_error_options *options,
                         const void *caller)
{
    int saved_errno = errno;
    fill(event, options, caller);
    errno = saved_errno;
}
