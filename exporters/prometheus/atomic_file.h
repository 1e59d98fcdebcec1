/* SPDX-License-Identifier: Apache-2.0 */
/* Files that appear whole: written under another name in the same folder, and then renamed. The
 * other name begins with a dot and ends in ".tmp", so that neither the textfile collector nor
 * file_sd_configs takes it for one of theirs. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_ATOMIC_FILE_H
#define COTEL_EXPORTERS_PROMETHEUS_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Puts the bytes where the path leads, in place of what is there. `lasts`: they are on the disk
 * when it returns, and the new name is. @return 0, or what errno says; then what was there still
 * is. */
int ct_prom_file_replace(const char *path, const char *data, size_t size, bool lasts);

/* Removes the file, unless it holds something else than those bytes: then it is another's. */
void ct_prom_file_remove(const char *path, const char *data, size_t size);

#endif
