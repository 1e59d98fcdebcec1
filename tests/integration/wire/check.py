#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the bytes that emit.c really sends, with a decoder that is not ours: protoc.

    check.py EMIT [unittest arguments]
"""

import os
import pathlib
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
import otlp_sink  # noqa: E402

EMIT = sys.argv.pop(1)

START_NS = 1700000000000000001
END_NS = 1700000000123456789
EVENT_NS = 1700000000000000777
REMOTE_TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
REMOTE_SPAN_ID = 'b7ad6b7169203331'
REMOTE_TRACESTATE = b'vendor=value,other=1'

# Span.flags and Link.flags: the W3C flags below, and whether it is known that the parent (or the
# linked one) is remote.
SAMPLED, RANDOM, KNOWN, REMOTE = 0x1, 0x2, 0x100, 0x200


def any_value(value):
    """An AnyValue as (kind, Python value); a message without a kind is the empty value."""
    if not value:
        return ('empty', None)
    (kind, (content,)), = value.items()
    if kind == 'array_value':
        content = [any_value(item) for item in content.get('values', [])]
    elif kind == 'kvlist_value':
        content = attributes(content.get('values', []))
    elif kind == 'string_value':
        content = content.decode()
    return (kind.removesuffix('_value'), content)


def attributes(pairs):
    keys = [pair['key'][0].decode() for pair in pairs]
    assert len(keys) == len(set(keys)), f'a key is there twice: {keys}'
    return {key: any_value(pair.get('value', [{}])[0]) for key, pair in zip(keys, pairs)}


def one(message, field, default=None):
    values = message.get(field, [default])
    assert len(values) == 1, f'{field} is there {len(values)} times'
    return values[0]


def run_emit():
    """Runs the program against a sink; returns its lines and what the sink got."""
    with otlp_sink.Sink() as sink:
        environment = {
            'PATH': os.environ['PATH'],
            'LD_LIBRARY_PATH': os.environ.get('LD_LIBRARY_PATH', ''),
            'NO_PROXY': '127.0.0.1',
            'OTEL_EXPORTER_OTLP_ENDPOINT': sink.url,
            'OTEL_EXPORTER_OTLP_HEADERS': 'x-test=a%20b',
            'OTEL_SERVICE_NAME': 'wire',
            'OTEL_RESOURCE_ATTRIBUTES': 'team=a%20b,service.name=loses',
            'OTEL_ENTITIES': 'rack{rack.id=7}[rack.row=b%2Cc]@https://example.com/racks',
        }
        result = subprocess.run([EMIT], env=environment, stdout=subprocess.PIPE, timeout=30,
                                check=True)
    return result.stdout.decode().split('\n')[:-1], sink.requests


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before_ns = time.time_ns()
        lines, cls.requests = run_emit()
        cls.after_ns = time.time_ns()
        # name -> (trace id, span id, W3C flags), as the program knows them
        cls.reported = {name: (trace_id, span_id, int(flags))
                        for name, trace_id, span_id, flags in map(str.split, lines)}
        cls.scopes = {}
        cls.spans = {}
        cls.span_count = 0
        for _, _, body in cls.requests:
            for resource_spans in otlp_sink.decode(body)['resource_spans']:
                cls.resource = resource_spans['resource'][0]
                for scope_spans in resource_spans['scope_spans']:
                    cls.take_scope(scope_spans)

    @classmethod
    def take_scope(cls, scope_spans):
        name = one(one(scope_spans, 'scope'), 'name').decode()
        cls.scopes[name] = scope_spans
        cls.span_count += len(scope_spans['spans'])
        for span in scope_spans['spans']:
            cls.spans[one(span, 'name').decode()] = span

    def parent_of(self, name):
        return one(self.spans[name], 'parent_span_id', b'').hex()

    # ---- the request ----

    def test_requests_are_those_of_otlp_over_http(self):
        for path, headers, _ in self.requests:
            self.assertEqual(path, '/v1/traces')
            self.assertEqual(headers['Content-Type'], 'application/x-protobuf')
            self.assertEqual(headers['x-test'], 'a b')
            self.assertRegex(headers['User-Agent'], r'^OTel-OTLP-Exporter-C/\d')

    def test_every_span_came_once(self):
        self.assertEqual(set(self.spans), set(self.reported))
        self.assertEqual(self.span_count, len(self.reported))

    def test_the_resource_says_who_sends(self):
        resource = attributes(self.resource['attributes'])
        self.assertEqual(resource['service.name'], ('string', 'wire'))
        self.assertEqual(resource['team'], ('string', 'a b'))
        self.assertEqual(resource['telemetry.sdk.name'], ('string', 'cotel'))
        self.assertEqual(resource['telemetry.sdk.language'], ('string', 'c'))
        self.assertIn('telemetry.sdk.version', resource)
        self.assertNotIn('dropped_attributes_count', self.resource)

    def test_entities_refer_to_attributes_of_the_resource(self):
        resource = attributes(self.resource['attributes'])
        entities = {one(entity, 'type'): entity for entity in self.resource['entity_refs']}
        self.assertEqual(len(entities), len(self.resource['entity_refs']))
        self.assertEqual(entities[b'rack'], {
            'schema_url': [b'https://example.com/racks'], 'type': [b'rack'],
            'id_keys': [b'rack.id'], 'description_keys': [b'rack.row']})
        self.assertEqual(resource['rack.row'], ('string', 'b,c'))
        self.assertEqual(entities[b'service']['id_keys'], [b'service.name'])
        self.assertNotIn('description_keys', entities[b'service'])
        self.assertIn(b'telemetry.sdk', entities)
        keys = [key.decode() for entity in entities.values()
                for key in entity['id_keys'] + entity.get('description_keys', [])]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertLessEqual(set(keys), set(resource))

    def test_scopes_are_told_apart(self):
        self.assertEqual(set(self.scopes), {'wire.first', 'wire.second'})
        second = one(self.scopes['wire.second'], 'scope')
        self.assertEqual(one(second, 'version'), b'2.0')
        self.assertEqual(attributes(second['attributes']), {'scope.kind': ('string', 'second')})
        self.assertEqual(one(self.scopes['wire.second'], 'schema_url'),
                         b'https://example.com/schema')
        self.assertNotIn('schema_url', self.scopes['wire.first'])

    # ---- ids, flags, times, kinds ----

    def test_ids_are_those_that_the_program_saw(self):
        for name, (trace_id, span_id, _) in self.reported.items():
            self.assertEqual(one(self.spans[name], 'trace_id').hex(), trace_id, name)
            self.assertEqual(one(self.spans[name], 'span_id').hex(), span_id, name)

    def test_parents(self):
        self.assertEqual(self.parent_of('values'), '')
        self.assertEqual(self.parent_of('internal'), '')
        self.assertEqual(self.parent_of('troubled'), self.reported['values'][1])
        self.assertEqual(self.reported['troubled'][0], self.reported['values'][0])
        self.assertEqual(self.parent_of('continued'), REMOTE_SPAN_ID)
        self.assertEqual(self.reported['continued'][0], REMOTE_TRACE_ID)

    def test_flags(self):
        new = SAMPLED | RANDOM  # ids of our own making are random
        for name, extra in {'values': KNOWN, 'internal': KNOWN, 'troubled': KNOWN,
                            'continued': KNOWN | REMOTE}.items():
            self.assertEqual(one(self.spans[name], 'flags', 0), new | extra, name)
            self.assertEqual(self.reported[name][2], new, name)

    def test_tracestate_goes_on(self):
        self.assertEqual(one(self.spans['continued'], 'trace_state'), REMOTE_TRACESTATE)
        self.assertNotIn('trace_state', self.spans['values'])

    def test_given_times(self):
        for name, start_ns in {'values': START_NS, 'troubled': START_NS + 1,
                               'continued': START_NS}.items():
            self.assertEqual(one(self.spans[name], 'start_time_unix_nano'), start_ns, name)
            self.assertEqual(one(self.spans[name], 'end_time_unix_nano'), END_NS, name)

    def test_measured_times(self):
        span = self.spans['internal']
        start_ns, end_ns = one(span, 'start_time_unix_nano'), one(span, 'end_time_unix_nano')
        self.assertLessEqual(self.before_ns - 1_000_000, start_ns)
        self.assertLessEqual(start_ns, end_ns)
        self.assertLessEqual(end_ns, self.after_ns + 1_000_000)

    def test_kinds(self):
        kinds = {name: one(span, 'kind') for name, span in self.spans.items()}
        self.assertEqual(kinds, {'values': 'SPAN_KIND_SERVER', 'troubled': 'SPAN_KIND_CLIENT',
                                 'continued': 'SPAN_KIND_CONSUMER',
                                 'internal': 'SPAN_KIND_INTERNAL',
                                 'producer': 'SPAN_KIND_PRODUCER'})

    # ---- attributes, events, links, status ----

    def test_attributes_of_every_kind(self):
        inner = {'depth': ('int', 2), 'word': ('string', 'deep')}
        mixed = [('int', 7), ('empty', None), ('string', 'x'), ('kvlist', inner)]
        self.assertEqual(attributes(self.spans['values']['attributes']), {
            'at.start': ('string', 'yes'),
            'replaced': ('int', 2),
            'string': ('string', 'grüß € 😀'),
            'string.empty': ('string', ''),
            'string.nul': ('string', 'a\0b'),
            'string.bad': ('string', 'a\ufffd z'),
            'bool.true': ('bool', True),
            'bool.false': ('bool', False),
            'int.min': ('int', -2**63),
            'int.max': ('int', 2**63 - 1),
            'int.zero': ('int', 0),
            'double': ('double', -1.5e-300),
            'double.zero': ('double', 0),
            'bytes': ('bytes', b'\x00\x01\xfe\xff'),
            'empty': ('empty', None),
            'strings': ('array', [('string', 'one'), ('string', ''), ('string', 'three')]),
            'bools': ('array', [('bool', True), ('bool', False)]),
            'ints': ('array', [('int', -1), ('int', 0), ('int', 1)]),
            'doubles': ('array', [('double', 0.25), ('double', -0.5)]),
            'array.empty': ('array', []),
            'map': ('kvlist', {'list': ('array', mixed), 'flag': ('bool', True)}),
            'map.empty': ('kvlist', {}),
        })

    def test_the_replaced_value_is_gone(self):
        self.assertFalse(any(b'old' in body for _, _, body in self.requests))
        self.assertFalse(any(b'working title' in body for _, _, body in self.requests))

    def test_events(self):
        retry, error = self.spans['troubled']['events']
        self.assertEqual(one(retry, 'name'), b'retry')
        self.assertEqual(one(retry, 'time_unix_nano'), EVENT_NS)
        self.assertEqual(attributes(retry['attributes']), {'attempt': ('int', 2)})
        self.assertEqual(one(error, 'name'), b'exception')
        self.assertEqual(attributes(error['attributes']), {
            'exception.type': ('string', 'IOError'), 'exception.message': ('string', 'it broke')})
        self.assertLess(self.before_ns - 1_000_000, one(error, 'time_unix_nano'))

    def test_links(self):
        local, remote = self.spans['troubled']['links']
        self.assertEqual(one(local, 'span_id').hex(), self.reported['values'][1])
        self.assertEqual(one(local, 'flags'), SAMPLED | RANDOM | KNOWN)
        self.assertNotIn('attributes', local)
        self.assertEqual(one(remote, 'trace_id').hex(), REMOTE_TRACE_ID)
        self.assertEqual(one(remote, 'span_id').hex(), REMOTE_SPAN_ID)
        self.assertEqual(one(remote, 'flags'), SAMPLED | RANDOM | KNOWN | REMOTE)
        self.assertEqual(one(remote, 'trace_state'), REMOTE_TRACESTATE)
        self.assertEqual(attributes(remote['attributes']), {'why': ('string', 'caused')})

    def test_statuses(self):
        self.assertEqual(one(self.spans['values'], 'status'), {'code': ['STATUS_CODE_OK']})
        self.assertEqual(one(self.spans['troubled'], 'status'),
                         {'code': ['STATUS_CODE_ERROR'], 'message': [b'no luck']})
        self.assertIn(one(self.spans['internal'], 'status', {}), ({}, {'code': [
            'STATUS_CODE_UNSET']}))

    def test_nothing_was_dropped(self):
        for name, span in self.spans.items():
            for part in [span] + span.get('events', []) + span.get('links', []):
                self.assertFalse([field for field in part if field.startswith('dropped')], name)

    def test_times_and_flags_are_fixed_size_on_the_wire(self):
        # Field 7 (start, fixed64) and field 16 (flags, fixed32), by tag and value, untouched by
        # any decoder.
        bodies = b''.join(body for _, _, body in self.requests)
        self.assertIn(b'\x39' + struct.pack('<Q', START_NS), bodies)
        self.assertIn(b'\x85\x01' + struct.pack('<I', SAMPLED | RANDOM | KNOWN | REMOTE), bodies)


if __name__ == '__main__':
    unittest.main(verbosity=1)
