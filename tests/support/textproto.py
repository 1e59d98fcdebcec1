# SPDX-License-Identifier: Apache-2.0
"""Reads what `protoc --decode` prints: protobuf's text format, as far as protoc writes it.

A message becomes a dict from field name to the list of its values, in order. Strings and bytes
become bytes; numbers and booleans what they say; names of enum values stay text.
"""

import re

_TOKEN = re.compile(rb'\s*(?:([A-Za-z_]\w*)\s*(:|\{)|(\}))')
_STRING = re.compile(rb'\s*"((?:[^"\\]|\\.)*)"')
_WORD = re.compile(rb'\s*([^\s]+)')
_ESCAPE = re.compile(rb'\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))', re.S)
_SIMPLE = {b'n': b'\n', b't': b'\t', b'r': b'\r'}


def _unescape(match):
    octal, hexadecimal, simple = match.groups()
    if octal:
        return bytes([int(octal, 8)])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    return _SIMPLE.get(simple, simple)


def _scalar(text):
    if text in (b'true', b'false'):
        return text == b'true'
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text.decode()


def _value(text, at):
    string = _STRING.match(text, at)
    if string:
        return _ESCAPE.sub(_unescape, string.group(1)), string.end()
    word = _WORD.match(text, at)
    return _scalar(word.group(1)), word.end()


def _message(text, at):
    fields = {}
    while True:
        token = _TOKEN.match(text, at)
        if not token:
            if text[at:].strip():
                raise ValueError(f'not text format: {text[at:at + 60]!r}')
            return fields, len(text)
        at = token.end()
        name, mark, closing = token.groups()
        if closing:
            return fields, at
        value, at = _message(text, at) if mark == b'{' else _value(text, at)
        fields.setdefault(name.decode(), []).append(value)


def parse(text):
    """The message that `text` (bytes) shows."""
    return _message(text, 0)[0]
