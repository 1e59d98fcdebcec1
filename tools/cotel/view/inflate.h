/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a gzip body, with an end to how large it may become: a kilobyte can unfold to a megabyte.
 */
#ifndef COTEL_TOOLS_COTEL_VIEW_INFLATE_H
#define COTEL_TOOLS_COTEL_VIEW_INFLATE_H

#include <stddef.h>
#include <stdint.h>

enum ct_inflate_result {
    CT_INFLATE_OK,
    CT_INFLATE_MALFORMED, /* also: cut off, or followed by something else */
    CT_INFLATE_TOO_LARGE,
    CT_INFLATE_OUT_OF_MEMORY
};

/* On success *out is the caller's to free; otherwise it is NULL. */
enum ct_inflate_result ct_inflate(const uint8_t *bytes, size_t size_bytes, size_t limit_bytes,
                                  uint8_t **out, size_t *out_size_bytes);

#endif
