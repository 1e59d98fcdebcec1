#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Repairs every string of one to four of the bytes at which UTF-8 changes its mind with Python's
decoder, and prints a checksum of the results for each first byte: test_utf8_golden.c does the same
with ours."""
import itertools
import zlib

BYTES = bytes.fromhex('00417f80 8f909fa0 bfc0c1c2 dfe0e1ec edeeeff0 f1f3f4f5 ff')


def checksum(first):
    crc = 0
    for length in range(4):
        for rest in itertools.product(BYTES, repeat=length):
            text = bytes((first,) + rest).decode('utf-8', 'replace').encode()
            crc = zlib.crc32(text + b'\n', crc)
    return crc


print('static const struct golden {')
print('    unsigned char first;')
print('    uint32_t checksum;')
print('} goldens[] = {')
for byte in BYTES:
    print(f'    {{0x{byte:02x}, 0x{checksum(byte):08x}}},')
print('};')
