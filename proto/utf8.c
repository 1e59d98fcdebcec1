/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Most text is ASCII: eight characters a step. */
static size_t skip_ascii(const uint8_t *bytes, size_t size, size_t i)
{
    for (; size - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, bytes + i, sizeof(eight));
        if (eight & HIGH_BITS)
            break;
    }
    while (i < size && bytes[i] < 0x80)
        i++;
    return i;
}

static size_t continuation_bytes(uint8_t lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 3;
    return 0;
}

/* What is forbidden beyond the lead byte shows in the second: overlong forms, surrogates, and what
 * lies above U+10FFFF. */
static int second_byte_fits(uint8_t lead, uint8_t second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return 1;
    }
}

/* Length of the character that begins here with a byte above 0x7F; 0 if none does. */
static size_t character(const uint8_t *bytes, size_t size)
{
    size_t more = continuation_bytes(bytes[0]);
    if (more == 0 || more >= size || !second_byte_fits(bytes[0], bytes[1]))
        return 0;

    for (size_t i = 1; i <= more; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return 1 + more;
}

size_t ct_proto_utf8_valid_prefix(const uint8_t *bytes, size_t size)
{
    size_t i = 0;

    while ((i = skip_ascii(bytes, size, i)) < size) {
        size_t length = character(bytes + i, size - i);
        if (length == 0)
            break;
        i += length;
    }
    return i;
}
