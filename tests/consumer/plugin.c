/* SPDX-License-Identifier: Apache-2.0 */
/* An instrumented library: it knows the API only, and takes its tracer as it is loaded, so before
 * the program has set up an SDK. */
#include "plugin.h"

#include <cotel/cotel.h>

static cotel_tracer *tracer;

__attribute__((constructor)) static void load(void)
{
    tracer = cotel_tracer_get("plugin", NULL);
}

void plugin_work(void)
{
    cotel_span span = cotel_span_start(tracer, "plugin.work", NULL);
    cotel_span_set_string(&span, "plugin.what", "work");
    cotel_span_set_int(&span, "plugin.recording", cotel_span_is_recording(&span));
    cotel_span_add_event(&span, "plugin.event", NULL, 0);
    cotel_span_end(&span);
}
