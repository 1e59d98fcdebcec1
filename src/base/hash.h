/* SPDX-License-Identifier: Apache-2.0 */
/* A 32-bit hash of short keys, to preselect candidates whose bytes are then compared. Not seeded:
 * never the only defence of a table that a stranger fills. The value depends on the machine's byte
 * order and may change from version to version: not for files or the wire. */
#ifndef COTEL_SRC_BASE_HASH_H
#define COTEL_SRC_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Odd, half of the bits set, no pattern: digits of pi and e. */
#define CT_HASH_STATE UINT64_C(0x243f6a8885a308d3)
#define CT_HASH_FACTOR UINT64_C(0xb7e151628aed2a6b)

static inline uint64_t ct_hash_load(const void *at, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, at, size);
    return word;
}

/* A multiplication carries bits up only, so the upper half is brought down between two. */
static inline uint64_t ct_hash_mix(uint64_t state, uint64_t word)
{
    state = (state ^ word) * CT_HASH_FACTOR;
    return state ^ state >> 32;
}

/* The last 1 to 8 bytes, or none, as one word; loads of a fixed size that may overlap. */
static inline uint64_t ct_hash_tail(const char *at, size_t size)
{
    if (size >= 4)
        return ct_hash_load(at, 4) << 32 | ct_hash_load(at + size - 4, 4);
    if (size >= 2)
        return ct_hash_load(at, 2) << 32 | ct_hash_load(at + size - 2, 2);
    return size ? (unsigned char)at[0] : 0;
}

static inline uint32_t ct_hash(const void *data, size_t size)
{
    const char *at = (const char *)data;
    /* Multiplied, the size reaches all bits: no difference of a few bytes undoes that of sizes. */
    uint64_t state = (size + 1) * CT_HASH_STATE;
    for (; size > 8; at += 8, size -= 8)
        state = ct_hash_mix(state, ct_hash_load(at, 8));
    state = ct_hash_mix(state, ct_hash_tail(at, size));
    return (uint32_t)((state * CT_HASH_FACTOR) >> 32); /* the half that all bits reached */
}

#endif
