/* SPDX-License-Identifier: Apache-2.0 */
/** @file visibility.h
 *  What every other header needs: linkage, export and result macros. Declares no function.
 */
#ifndef COTEL_VISIBILITY_H
#define COTEL_VISIBILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define COTEL_BEGIN_DECLS extern "C" {
#define COTEL_END_DECLS }
#else
#define COTEL_BEGIN_DECLS
#define COTEL_END_DECLS
#endif

#if defined(__GNUC__)
/** Marks a function that a cotel library exports. */
#define COTEL_API __attribute__((visibility("default")))
/** The result must be looked at; the compiler warns otherwise. */
#define COTEL_MUST_CHECK __attribute__((warn_unused_result))
#else
#define COTEL_API
#define COTEL_MUST_CHECK
#endif

#endif
