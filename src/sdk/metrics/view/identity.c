/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/view/identity.h"

#include <cotel/metrics.h>

#include "wire/str.h"

static bool is_letter(char c)
{
    char lower = ct_ascii_lower(c);
    return lower >= 'a' && lower <= 'z';
}

static bool may_follow(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/';
}

bool ct_instrument_name_is_valid(cotel_str name)
{
    if (name.size == 0 || name.size > COTEL_INSTRUMENT_MAX_NAME || !is_letter(name.data[0]))
        return false;
    for (size_t i = 1; i < name.size; i++) {
        if (!may_follow(name.data[i]))
            return false;
    }
    return true;
}

bool ct_instrument_unit_is_valid(cotel_str unit)
{
    if (unit.size > COTEL_INSTRUMENT_MAX_UNIT)
        return false;
    for (size_t i = 0; i < unit.size; i++) {
        if ((unsigned char)unit.data[i] > 0x7f)
            return false;
    }
    return true;
}

bool ct_instrument_name_equal(cotel_str a, cotel_str b)
{
    return ct_str_equal_ascii(a, b);
}
