/* SPDX-License-Identifier: Apache-2.0 */
/* An output into memory, and what was written to it. */
#ifndef COTEL_TESTS_UNIT_EXPORTERS_CONSOLE_CAPTURE_H
#define COTEL_TESTS_UNIT_EXPORTERS_CONSOLE_CAPTURE_H

#include "exporters/console/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define CAPTURE_MAX 65536

static inline void capture_begin(struct ct_output *output)
{
    int fd = memfd_create("capture", MFD_CLOEXEC);
    assert_true(fd >= 0);
    ct_output_init(output, fd, UINT64_MAX);
}

/* Compares, and closes. */
static inline void assert_captured(struct ct_output *output, const char *expected)
{
    static char text[CAPTURE_MAX];
    assert_true(ct_output_flush(output));
    ssize_t size = pread(output->fd, text, sizeof text - 1, 0);
    assert_true(size >= 0);
    text[size] = '\0';
    assert_string_equal(text, expected);
    assert_int_equal(close(output->fd), 0);
}

#endif
