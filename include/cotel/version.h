/* SPDX-License-Identifier: Apache-2.0 */
/** @file version.h
 *  The version of cotel, at compile time and of the library that is loaded.
 */
#ifndef COTEL_VERSION_H
#define COTEL_VERSION_H

#include <cotel/visibility.h>

/* The one place where the version is written: the build reads it from here. */
#define COTEL_VERSION_MAJOR 0
#define COTEL_VERSION_MINOR 1
#define COTEL_VERSION_PATCH 0
#define COTEL_VERSION "0.1.0"

/** The version as a number that compares: 0xMMmmpp. */
#define COTEL_VERSION_NUMBER \
    ((COTEL_VERSION_MAJOR << 16) | (COTEL_VERSION_MINOR << 8) | COTEL_VERSION_PATCH)

COTEL_BEGIN_DECLS

/** The version of the libcotel-api that is loaded, such as "0.1.0". Static, never NULL.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API const char *cotel_version(void);

/** The same as a number of the form COTEL_VERSION_NUMBER. Any thread; never blocks. Since 0.1. */
COTEL_API uint32_t cotel_version_number(void);

COTEL_END_DECLS

#endif
