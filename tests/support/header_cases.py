# SPDX-License-Identifier: Apache-2.0
"""Reads the files of tests/spec/data, whose README.md tells the form."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[1] / 'spec/data'
WORDS = {'>', 'bytes', 'calls', 'entry', 'flags', 'property', 'trace', 'tracestate'}
KEPT_TRACE_ID = b'0af7651916cd43dd8448eb211c80319c'

_ESCAPE = re.compile(rb'\\(?:(s)|(t)|(\\)|x([0-9a-fA-F]{2})|\((\d+) ([^)]*)\))')


def _replacement(match):
    space, tab, _, byte, count, text = match.groups()
    if count:
        return text * int(count)
    return b' ' if space else b'\t' if tab else bytes.fromhex(byte.decode()) if byte else b'\\'


class Case:
    """Everything that came from a value is bytes."""

    def __init__(self, name):
        self.name = name
        self.headers = []  # (name, value), in order
        self.calls = 1
        self.trace = self.flags = self.tracestate = self.size = None
        self.entries = {}  # name: (value, [(property, value or None)])

    def add(self, word, rest):
        value = _ESCAPE.sub(_replacement, rest)
        if word == '>':
            name, _, value = value.partition(b':')
            self.headers.append((name, value.removeprefix(b' ')))
        elif word == 'entry':
            name, _, value = value.partition(b'=')
            self._properties = []
            self.entries[name] = (value, self._properties)
        elif word == 'property':
            name, equals, value = value.partition(b'=')
            self._properties.append((name, value if equals else None))
        elif word == 'calls':
            self.calls = int(value)
        elif word == 'bytes':
            self.size = int(value)
        else:
            setattr(self, word, value)


def read(name):
    cases = []
    for number, line in enumerate((FOLDER / name).read_bytes().splitlines(), 1):
        if not line or line.startswith(b'#'):
            continue
        word, _, rest = line.partition(b' ')
        word = word.decode()
        if word == 'case':
            cases.append(Case(rest.decode()))
        elif word in WORDS and cases:
            cases[-1].add(word, rest)
        else:
            raise ValueError(f'{name}:{number}: {word}')
    return cases
