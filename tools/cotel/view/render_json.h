/* SPDX-License-Identifier: Apache-2.0 */
/* A trace as one JSON object on a line, for programs. docs/view.md tells what is in it. */
#ifndef COTEL_TOOLS_COTEL_VIEW_RENDER_JSON_H
#define COTEL_TOOLS_COTEL_VIEW_RENDER_JSON_H

#include "view/store.h"

#include <stdio.h>

/* False when memory is out; then nothing was written. */
bool ct_render_json(FILE *out, const struct ct_trace *trace);

#endif
