/* SPDX-License-Identifier: Apache-2.0 */
/* Structs that begin with their size: what of them may be read. One side may have been compiled
 * with an older header than the other; a member beyond the size that it states is not there. */
#ifndef COTEL_SRC_BASE_SIZED_H
#define COTEL_SRC_BASE_SIZED_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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

/* Puts what an options struct of the caller's says over the defaults that `whole` holds. `given`,
 * which may be NULL, begins with its size. False when that was never set: then what the rest says
 * can't be told. */
static inline bool ct_sized_read(void *whole, size_t whole_size, const void *given)
{
    size_t size = whole_size;
    if (!given)
        return true;
    memcpy(&size, given, sizeof size);
    if (size < sizeof size)
        return false;
    memcpy(whole, given, size < whole_size ? size : whole_size);
    return true;
}

#endif
