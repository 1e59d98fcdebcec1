# SPDX-License-Identifier: Apache-2.0
"""Compares our .proto files with the official schema, field by field, and what the generated C code
holds for text with what the schema calls a string.

    check.py FIELDS FILE.proto...         FIELDS is list_fields.c; run by a Python that has
                                          opentelemetry-proto
"""

import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from google.protobuf import descriptor_pb2

FIELDS, *FILES = sys.argv[1:]
PROTO = pathlib.Path(__file__).resolve().parents[3] / 'proto'
OURS_ONLY = 'google/'  # not of OTLP; the package does not have it

Field = descriptor_pb2.FieldDescriptorProto


def our_files():
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(['protoc', f'--proto_path={PROTO}', f'--descriptor_set_out={out.name}',
                        *map(os.path.realpath, FILES)], check=True, timeout=60)
        files = descriptor_pb2.FileDescriptorSet.FromString(out.read()).file
    return {file.name: file for file in files if not file.name.startswith(OURS_ONLY)}


def official_file(name):
    module = importlib.import_module(name.removesuffix('.proto').replace('/', '.') + '_pb2')
    file = descriptor_pb2.FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(file)
    return file


def describe_enum(enum, prefix):
    yield f'{prefix}enum {enum.name}'
    for value in enum.value:
        yield f'{prefix}enum {enum.name}.{value.name} = {value.number}'


def describe_field(field, oneofs, prefix):
    oneof = oneofs[field.oneof_index].name if field.HasField('oneof_index') else '-'
    json_name = field.json_name or camel(field.name)
    return (f'{prefix}{field.name} = {field.number} {Field.Type.Name(field.type)} '
            f'{Field.Label.Name(field.label)} type={field.type_name} json={json_name} '
            f'oneof={oneof} optional={field.proto3_optional} options={field.options}')


def camel(name):
    first, *others = name.split('_')
    return first + ''.join(word.capitalize() for word in others)


def describe_message(message, prefix=''):
    inner = f'{prefix}{message.name}.'
    yield f'{prefix}message {message.name} options={message.options}'
    for reserved in message.reserved_range:
        yield f'{inner}reserved {reserved.start}..{reserved.end}'
    for name in message.reserved_name:
        yield f'{inner}reserved {name}'
    for field in message.field:
        yield describe_field(field, message.oneof_decl, inner)
    for enum in message.enum_type:
        yield from describe_enum(enum, inner)
    for nested in message.nested_type:
        yield from describe_message(nested, inner)


def describe(file):
    """Every fact of a file that decides about the wire, JSON or generated names; order is free."""
    yield f'package {file.package} syntax {file.syntax} options={file.options}'
    for name in file.dependency:
        yield f'imports {name}'
    for message in file.message_type:
        yield from describe_message(message)
    for enum in file.enum_type:
        yield from describe_enum(enum, '')
    for service in file.service:
        for method in service.method:
            yield (f'rpc {service.name}.{method.name} {method.input_type} {method.output_type} '
                   f'{method.client_streaming} {method.server_streaming}')


def text_fields(message, prefix):
    """The strings and bytes of a message as list_fields.c prints them."""
    name = f'{prefix}.{message.name}'
    for field in message.field:
        if field.type in (Field.TYPE_STRING, Field.TYPE_BYTES):
            kind = 'text' if field.type == Field.TYPE_STRING else 'bytes'
            yield f'{name}.{field.name} {kind}'
    for nested in message.nested_type:
        yield from text_fields(nested, name)


class Descriptors(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.ours = our_files()
        cls.official = {name: official_file(name) for name in cls.ours}

    def test_every_field_is_that_of_the_schema(self):
        self.assertGreaterEqual(len(self.ours), 4)
        for name, file in self.ours.items():
            with self.subTest(name):
                self.assertEqual(sorted(describe(file)), sorted(describe(self.official[name])))

    def test_text_is_checked_and_bytes_are_not(self):
        result = subprocess.run([FIELDS], stdout=subprocess.PIPE, check=True, timeout=60)
        official = [line for file in self.official.values() for message in file.message_type
                    for line in text_fields(message, file.package)]
        self.assertEqual(sorted(result.stdout.decode().splitlines()), sorted(official))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
