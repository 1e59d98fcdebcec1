/* SPDX-License-Identifier: Apache-2.0 */
/* The file that the writer leaves behind. */
#ifndef AGENTS_WRITER_ARTIFACT_H
#define AGENTS_WRITER_ARTIFACT_H

#include <stddef.h>

/* Saves `text` in `folder`, in a file named after the title, under a span `save_artifact`. An older
 * draft is replaced in one step, so that nobody reads half a file.
 * Returns the path, to be freed; NULL when it failed. */
char *artifact_save(const char *folder, const char *title, const char *text);

#endif
