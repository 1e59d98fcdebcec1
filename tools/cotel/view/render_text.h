/* SPDX-License-Identifier: Apache-2.0 */
/* A trace as a tree to be read by people. */
#ifndef COTEL_TOOLS_COTEL_VIEW_RENDER_TEXT_H
#define COTEL_TOOLS_COTEL_VIEW_RENDER_TEXT_H

#include "view/store.h"

#include <stdio.h>

/* False when memory is out. Whether the writing went well, the stream tells. */
bool ct_render_text(FILE *out, const struct ct_trace *trace, bool colours);

#endif
