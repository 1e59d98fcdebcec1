/* SPDX-License-Identifier: Apache-2.0 */
/* Structs that begin with their size: what of them may be read. One side may have been compiled
 * with an older header than the other; a member beyond the size that it states is not there. */
#ifndef COTEL_SRC_BASE_SIZED_H
#define COTEL_SRC_BASE_SIZED_H

#include <stddef.h>

/* Whether the struct that `pointer` points to reaches over `member`. */
#define CT_REACHES(pointer, member) \
    ((pointer)->size >= offsetof(__typeof__(*(pointer)), member) + sizeof((pointer)->member))

/* The same for what may be NULL, which reaches over nothing. */
#define CT_HAS(pointer, member) ((pointer) && CT_REACHES(pointer, member))

/* Whether a plug-in's table has a function, which it may be too old for or leave out. */
#define CT_HAS_OP(ops, entry) (CT_HAS(ops, entry) && (ops)->entry)

/* The member, or what counts when it is not there. */
#define CT_MEMBER(pointer, member, otherwise) \
    (CT_HAS(pointer, member) ? (pointer)->member : (otherwise))

#endif
