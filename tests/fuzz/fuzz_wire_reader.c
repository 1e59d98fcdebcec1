/* SPDX-License-Identifier: Apache-2.0 */
/* The reader ends, either at the end of the message or at what it calls malformed, and every field
 * lies within; inner messages likewise, to a depth. */
#include "wire/reader.h"

#include "fuzz.h"

#define DEPTH_MAX 16

/* Reads each byte, so that a sanitizer sees one that is not there. */
static unsigned sum(const uint8_t *bytes, size_t size)
{
    unsigned total = 0;
    for (size_t i = 0; i < size; i++)
        total += bytes[i];
    return total;
}

static void walk(struct ct_wire_reader reader, int depth)
{
    struct ct_wire_field field;
    volatile unsigned total = 0;
    const uint8_t *begin = reader.at;
    for (const uint8_t *last = begin; ct_wire_next(&reader, &field); last = reader.at) {
        MUST(last < reader.at && reader.at <= reader.end);
        MUST(field.number >= 1 && field.number <= CT_WIRE_FIELD_NUMBER_MAX);
        if (field.type != CT_WIRE_BYTES)
            continue;
        MUST(field.bytes > begin && field.bytes + field.size <= reader.end);
        total += sum(field.bytes, field.size);
        if (depth < DEPTH_MAX)
            walk(ct_wire_field_message(&field), depth + 1);
    }
    (void)total; /* read on purpose, for the sanitizers */
    MUST(reader.malformed || reader.at == reader.end);
    MUST(!ct_wire_next(&reader, &field));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk(ct_wire_reader_of(data, size), 0);
    return 0;
}
