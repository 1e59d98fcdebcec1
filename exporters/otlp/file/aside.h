/* SPDX-License-Identifier: Apache-2.0 */
/* The names of files that were set aside: the path's, with when and by whom before the extension.
 * In the order of the alphabet they are in the order of time. */
#ifndef COTEL_EXPORTERS_OTLP_FILE_ASIDE_H
#define COTEL_EXPORTERS_OTLP_FILE_ASIDE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* "-20261121T075901.123456789Z-" and a process id, with room. */
enum { CT_ASIDE_MARK_SIZE = 48 };

/* A name for a file that is set aside now; false: it is too long. */
bool ct_aside_name(const char *path, struct timespec now, pid_t process, char out[PATH_MAX]);

/* Deletes the oldest of the files that were set aside for `path`, so that `kept` are left.
 * Returns how many it deleted. */
unsigned ct_aside_prune(const char *path, uint32_t kept);

#endif
