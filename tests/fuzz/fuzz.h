/* SPDX-License-Identifier: Apache-2.0 */
/* What all fuzz targets share. With clang and -Dfuzz=enabled libFuzzer calls the target, otherwise
 * driver.c does, with the seeds. */
#ifndef COTEL_TESTS_FUZZ_FUZZ_H
#define COTEL_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An expectation about the library. Not assert(), which a build may leave out. */
#define MUST(condition)                                                                    \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

/* Takes input apart, byte by byte; zeros when it has run out. */
struct input {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t take_byte(struct input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

/* Up to `most` bytes in place; the length is the next byte of the input. */
static inline const char *take_text(struct input *input, size_t most, size_t *size)
{
    size_t wanted = take_byte(input) % (most + 1);
    *size = wanted < input->left ? wanted : input->left;
    const char *text = (const char *)input->at;
    input->at += *size;
    input->left -= *size;
    return text;
}

#endif
