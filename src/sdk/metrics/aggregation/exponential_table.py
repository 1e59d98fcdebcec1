#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes exponential_table.h, by integer arithmetic alone. With --check: proves what
exponential_index.c says of its precision, for each of the 2^20 boundaries."""
import sys
from math import isqrt

COARSE = 7    # the scale of the table
FINE = 20     # the highest scale
CELLS = 8     # bits of the significand that the table is entered by
DIGITS = 400  # bits behind the point in this computation
LIMB = 1 << 64


def roots():
    """2^(2^-k) for k from 0 on, with DIGITS bits behind the point, rounded down."""
    value = 2 << DIGITS
    result = [value]
    for _ in range(FINE):
        value = isqrt(value << DIGITS)
        result.append(value)
    return result


def power(root, numerator, scale):
    """2^(numerator/2^scale) with DIGITS bits behind the point, off by less than 2^-300."""
    value = 1 << DIGITS
    for k in range(scale + 1):
        if numerator >> (scale - k) & 1:
            value = value * root[k] >> DIGITS
    return value


def boundaries(root):
    return [power(root, i, COARSE) >> (DIGITS - 52) for i in range((1 << COARSE) + 1)]


def below(bounds, cell):
    """How many boundaries lie below the first significand of a cell."""
    first = (1 << 52) + (cell << (52 - CELLS))
    return sum(bound < first for bound in bounds)


def rows(items, width):
    for at in range(0, len(items), width):
        yield '    ' + ', '.join(items[at:at + width]) + ','


def table():
    root = roots()
    bounds = boundaries(root)
    assert all(below(bounds, cell + 1) - below(bounds, cell) <= 1 for cell in range(255))
    yield '/* SPDX-License-Identifier: Apache-2.0 */'
    yield '/* Written by exponential_table.py; a test compares. */'
    yield '#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_TABLE_H'
    yield '#define COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_TABLE_H'
    yield ''
    yield '/* clang-format off */'
    yield ''
    yield f'/* 2^(i/{1 << COARSE}), with 52 bits behind the point, rounded down. */'
    yield f'static const uint64_t coarse_boundaries[{len(bounds)}] = {{'
    yield from rows([f'UINT64_C(0x{bound:014x})' for bound in bounds], 4)
    yield '};'
    yield ''
    yield '/* How many of them lie below all significands with these first bits. */'
    yield f'static const uint8_t coarse_guess[{1 << CELLS}] = {{'
    yield from rows([str(below(bounds, cell)) for cell in range(1 << CELLS)], 16)
    yield '};'
    yield ''
    yield '/* 2^(1/2^(k+1)), with 127 bits behind the point, rounded down: high, low. */'
    yield f'static const uint64_t roots[{FINE}][2] = {{'
    for value in root[1:]:
        value >>= DIGITS - 127
        yield f'    {{UINT64_C(0x{value // LIMB:016x}), UINT64_C(0x{value % LIMB:016x})}},'
    yield '};'
    yield ''
    yield '/* clang-format on */'
    yield ''
    yield '#endif'


def product(a, b):
    """As exponential_index.c multiplies: the products of the low halves are left out."""
    a1, a0, b1, b0 = a // LIMB, a % LIMB, b // LIMB, b % LIMB
    return (a1 * b1 + a1 * b0 // LIMB + a0 * b1 // LIMB) << 1


def check():
    root = roots()
    short = [value >> (DIGITS - 127) for value in root]
    exact, rounded, least = {0: 1 << DIGITS}, {0: 1 << 127}, 1
    for i in range(1, 1 << FINE):
        bit = i & -i
        k = FINE - (bit.bit_length() - 1)
        rest = i ^ bit
        exact[i] = exact[rest] * root[k] >> DIGITS
        rounded[i] = product(rounded[rest], short[k])
        assert exact[i] >> (DIGITS - 52) == rounded[i] >> 75, i
        fraction = (exact[i] & ((1 << (DIGITS - 52)) - 1)) / (1 << (DIGITS - 52))
        least = min(least, fraction, 1 - fraction)
    print(f'no boundary is nearer than {least:.3g} units to a double; all are rounded right')


if __name__ == '__main__':
    if sys.argv[1:] == ['--check']:
        check()
    else:
        print('\n'.join(table()))
