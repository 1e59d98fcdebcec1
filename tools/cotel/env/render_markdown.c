/* SPDX-License-Identifier: Apache-2.0 */
#include "env/render.h"

static const char head[] =
    "# The environment\n"
    "\n"
    "`cotel_sdk_init_from_env()` sets cotel up from these variables, those of the OpenTelemetry\n"
    "specification and one of cotel's own (`OTEL_C_...`). `cotel env` shows what they come to in "
    "your environment, and wrote this page\n"
    "(`cotel env --markdown`).\n"
    "\n"
    "An empty variable is as one that is not set, and spaces around a value do not count. Words "
    "are\n"
    "known in either case; of a list each counts once. Times are in milliseconds. A value that "
    "cannot be\n"
    "used is told to diagnostics, and is then as one that is not set. Where a variable for one "
    "signal\n"
    "or one kind of record is not set, the general one named in the last column counts, and then "
    "the\n"
    "default.\n"
    "\n"
    "A certificate or key that cannot be read is told too, and then there is no OTLP exporter: "
    "cotel\n"
    "makes no connection with less security than was asked for. The scheme of an endpoint goes "
    "before\n"
    "OTEL_EXPORTER_OTLP_INSECURE. A compression that a build is without is told, and none is "
    "used.\n"
    "\n"
    "## What cotel reads\n"
    "\n"
    "| variable | takes | default | sets |\n"
    "|---|---|---|---|\n";

static const char middle[] =
    "\n"
    "## What it does not read yet\n"
    "\n"
    "Setting one of these is told to diagnostics, unless it asks for what is done anyway.\n"
    "\n"
    "| variable | takes | default | will set |\n"
    "|---|---|---|---|\n";

/* A cell must not hold a bar; none of these texts does. */
static void put_row(FILE *out, const cotel_env_variable *variable)
{
    const char *tick = *variable->default_value ? "`" : "";

    fprintf(out, "| `%s` | %s", variable->name, variable->type);
    if (*variable->accepts)
        fprintf(out, ": %s", variable->accepts);
    fprintf(out, " | %s%s%s | %s", tick, variable->default_value, tick, variable->goes_to);
    if (variable->general)
        fprintf(out, "; else `%s`", variable->general);
    fputs(" |\n", out);
}

static void put_rows(FILE *out, bool of_unread)
{
    cotel_env_variable variable;

    for (size_t i = 0; ct_env_next(&i, false, &variable);)
        if ((variable.source == COTEL_ENV_NOT_READ) == of_unread)
            put_row(out, &variable);
}

void ct_env_render_markdown(FILE *out)
{
    fputs(head, out);
    put_rows(out, false);
    fputs(middle, out);
    put_rows(out, true);
}
