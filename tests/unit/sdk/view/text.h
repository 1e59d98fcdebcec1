/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TESTS_UNIT_SDK_VIEW_TEXT_H
#define COTEL_TESTS_UNIT_SDK_VIEW_TEXT_H

#include <cotel/sdk/span_view.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_text(found, expected)                               \
    do {                                                           \
        assert_int_equal((found).size, strlen(expected));          \
        assert_memory_equal((found).data, expected, (found).size); \
    } while (0)

/* Bytes in a string literal, NULs and all. */
#define LITERAL(text) cotel_str_n(text, sizeof(text) - 1)

#endif
