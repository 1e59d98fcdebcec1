/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_READ_FILE_H
#define COTEL_SRC_SDK_RESOURCE_READ_FILE_H

#include "base/buffer.h"

/* Appends a small file, such as one of /proc, up to `max_size` bytes of it. False when it can't be
 * read; the buffer then holds what was read before. */
bool ct_read_file(const char *path, size_t max_size, struct ct_buffer *out);

#endif
