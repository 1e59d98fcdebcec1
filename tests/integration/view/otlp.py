# SPDX-License-Identifier: Apache-2.0
"""Requests for traces, made by protoc from text: an implementation that is not ours."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGE = 'opentelemetry.proto.collector.trace.v1'
FILE = 'opentelemetry/proto/collector/trace/v1/trace_service.proto'
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def protoc(action, message, data, file=FILE):
    command = ['protoc', f'--proto_path={ROOT / "proto"}', f'--{action}={message}', file]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, timeout=30,
                          check=True).stdout


def octets(data):
    """A literal of the text format."""
    return '"' + ''.join(f'\\x{byte:02x}' for byte in data) + '"'


def value(content):
    """An AnyValue."""
    if content is None:
        return '{}'
    if isinstance(content, bool):
        return f'{{bool_value: {str(content).lower()}}}'
    if isinstance(content, int):
        return f'{{int_value: {content}}}'
    if isinstance(content, float):
        return f'{{double_value: {content}}}'
    if isinstance(content, str):
        return f'{{string_value: {octets(content.encode())}}}'
    if isinstance(content, bytes):
        return f'{{bytes_value: {octets(content)}}}'
    if isinstance(content, list):
        return '{array_value {' + ''.join(f'values {value(item)} ' for item in content) + '}}'
    return '{kvlist_value {' + pairs('values', content) + '}}'


def pairs(field, content):
    return ''.join(f'{field} {{key: {octets(k.encode())} value {value(v)}}} '
                   for k, v in content.items())


def span(trace, number, name, parent=0, start=0.0, seconds=1.0, attributes=None, extra=''):
    """A Span; trace and number become ids, start counts in seconds from START."""
    begin = START + round(start * SECOND)
    return (f'spans {{trace_id: {octets(trace.to_bytes(16, "big"))} '
            f'span_id: {octets(number.to_bytes(8, "big"))} '
            + (f'parent_span_id: {octets(parent.to_bytes(8, "big"))} ' if parent else '')
            + f'name: {octets(name.encode())} start_time_unix_nano: {begin} '
            f'end_time_unix_nano: {begin + round(seconds * SECOND)} '
            + pairs('attributes', attributes or {}) + extra + '}')


def resource(service, *spans, extra='', scope=''):
    """A ResourceSpans."""
    attributes = pairs('attributes', {'service.name': service} if service else {})
    return (f'resource_spans {{resource {{{attributes} {extra}}} '
            f'scope_spans {{{scope} {" ".join(spans)}}}}}')


def request(*resources):
    """The bytes of an ExportTraceServiceRequest."""
    return protoc('encode', f'{PACKAGE}.ExportTraceServiceRequest', ' '.join(resources).encode())


def length_field(number, content):
    """A field of a message by hand, for what protoc would not write."""
    size = len(content)
    varint = b''
    while size >= 0x80:
        varint += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + varint + bytes([size]) + content
