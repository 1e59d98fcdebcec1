/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as the shortest text that reads as the same number, whatever the program's locale. */
#ifndef COTEL_SRC_SDK_SAMPLER_NUMBER_TEXT_H
#define COTEL_SRC_SDK_SAMPLER_NUMBER_TEXT_H

#include <cotel/attribute.h>

/* "-2.2250738585072014e-308" and a NUL; any int64_t fits too. */
#define CT_NUMBER_TEXT_SIZE 32

/* "0.1", "1e-20", "1"; "NaN", "Infinity", "-Infinity". Returns out. */
const char *ct_double_text(double number, char out[CT_NUMBER_TEXT_SIZE]);

#endif
