/* SPDX-License-Identifier: Apache-2.0 */
/* What is told to the compiler where it cannot know better: which way is the common one, and which
 * small functions must not become calls on the hot path. */
#ifndef COTEL_SRC_BASE_COMPILER_H
#define COTEL_SRC_BASE_COMPILER_H

#define CT_LIKELY(x) __builtin_expect(!!(x), 1)
#define CT_UNLIKELY(x) __builtin_expect(!!(x), 0)

#define CT_ALWAYS_INLINE static inline __attribute__((always_inline))

#endif
