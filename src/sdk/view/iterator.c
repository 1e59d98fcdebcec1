/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/view/read.h"

cotel_iterator ct_iterator_of(cotel_str bytes, uint32_t field)
{
    struct ct_wire_reader reader = ct_read_message(bytes);
    return (cotel_iterator){
        .at = (const char *)reader.at, .end = (const char *)reader.end, .field = field};
}

bool ct_iterator_stop(cotel_iterator *iterator)
{
    iterator->at = iterator->end;
    return false;
}

bool ct_iterator_next(cotel_iterator *iterator, cotel_str *message)
{
    struct ct_wire_reader reader =
        ct_wire_reader_of(iterator->at, (size_t)(iterator->end - iterator->at));
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (field.number != iterator->field)
            continue;
        iterator->at = (const char *)reader.at;
        return ct_read_text(&field, message) || ct_iterator_stop(iterator);
    }
    return ct_iterator_stop(iterator);
}
