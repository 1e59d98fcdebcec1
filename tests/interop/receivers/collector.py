# SPDX-License-Identifier: Apache-2.0
"""What cotel sends to a real Collector is what that writes to a file, field by field. The file is
read by the official classes of another language.

    collector.py EMIT BUILD [unittest arguments]      RECEIVER is the Collector
"""

import struct
import subprocess
import sys
import time
import unittest
import urllib.parse

import expected
import receiver
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

EMIT, BUILD = sys.argv.pop(1), sys.argv.pop(1)
RESOURCE = {'team': 'a b', 'telemetry.sdk.name': 'cotel', 'telemetry.sdk.language': 'c',
            'rack.id': '7', 'rack.row': 'b,c'}
ENTITIES = 'rack{rack.id=7}[rack.row=b%2Cc]@https://example.com/racks'
AGENTS = {'orchestrator', 'writer', 'critic'}


def make_config(folder, doors):
    return f'''
receivers: {doors}
exporters:
  debug: {{verbosity: basic}}
  file: {{path: {folder}/traces, format: proto, flush_interval: 50ms}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces:
      receivers: [otlp/plain, otlp/tls, otlp/mtls]
      exporters: [file, debug]
'''


def read_messages(path):
    """What is whole in the file: each message comes behind its length."""
    data, at = path.read_bytes(), 0
    while at + 4 <= len(data):
        (size,) = struct.unpack_from('>I', data, at)
        if at + 4 + size > len(data):
            return
        yield trace_service_pb2.ExportTraceServiceRequest.FromString(data[at + 4:at + 4 + size])
        at += 4 + size


def attribute(run):
    """For OTEL_RESOURCE_ATTRIBUTES: what tells the spans of a run from others."""
    return f'run={urllib.parse.quote(run)}'


def by_key(resource):
    return {pair.key: pair.value for pair in resource.attributes}


def in_order(message):
    """The message with its attributes in the order of their keys, which has no meaning."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        repeated = not hasattr(value, 'ListFields')
        for item in value if repeated else [value]:
            in_order(item)
        if field.message_type.name == 'KeyValue':
            value.sort(key=lambda pair: pair.key)
    return message


class ToCollector(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.collector = cls.enterClassContext(receiver.Receiver(make_config))

    def resources(self, run):
        """What came of the run: each ResourceSpans."""
        return [resource for message in read_messages(self.collector.folder / 'traces')
                for resource in message.resource_spans
                if by_key(resource.resource).get('run') == expected.any_value(run)]

    def await_spans(self, run, count):
        """All ResourceSpans of the run, when there are so many spans in them."""
        def arrived():
            found = self.resources(run)
            spans = [span for resource in found for scope in resource.scope_spans
                     for span in scope.spans]
            return found if len(spans) >= count else None
        found = receiver.eventually(arrived)
        self.assertIsNotNone(found, f'not all came: {self.collector.log()}')
        return found

    # ---- one program that sets values of every kind ----

    def check_values(self, protocol, form):
        run = f'{protocol} {form}'
        before_ns = time.time_ns()
        reported = receiver.run_values(EMIT, self.collector.environment(protocol, form) | {
            'OTEL_RESOURCE_ATTRIBUTES': 'team=a%20b,' + attribute(run),
            'OTEL_ENTITIES': ENTITIES})
        resources = self.await_spans(run, len(reported))
        for resource in resources:
            self.check_resource(resource.resource)
        scopes = {scope.scope.name: scope for resource in resources
                  for scope in resource.scope_spans}
        self.check_scopes(scopes)
        spans = [span for resource in resources for scope in resource.scope_spans
                 for span in scope.spans]
        self.check_spans(spans, expected.spans_of(reported), before_ns)

    def check_resource(self, resource):
        values = by_key(resource)
        self.assertEqual(len(values), len(resource.attributes), 'a key is there twice')
        for key, value in (RESOURCE | {'service.name': 'values'}).items():
            self.assertEqual(values[key], expected.any_value(value), key)
        (rack,) = [entity for entity in resource.entity_refs if entity.type == 'rack']
        self.assertEqual((rack.schema_url, list(rack.id_keys), list(rack.description_keys)),
                         ('https://example.com/racks', ['rack.id'], ['rack.row']))

    def check_scopes(self, scopes):
        self.assertEqual(set(scopes), {'wire.first', 'wire.second'})
        second = scopes['wire.second']
        self.assertEqual(second.schema_url, 'https://example.com/schema')
        self.assertEqual(second.scope.version, '2.0')
        self.assertEqual(list(second.scope.attributes),
                         expected.attributes({'scope.kind': 'second'}))
        self.assertEqual(scopes['wire.first'].schema_url, '')
        self.assertEqual([span.name for span in second.spans], ['continued'])

    def check_spans(self, spans, wanted, before_ns):
        self.assertEqual(sorted(span.name for span in spans), sorted(wanted))
        for span in spans:
            with self.subTest(span=span.name):
                self.take_measured_times(span, wanted[span.name], before_ns)
                self.assertEqual(str(in_order(span)), str(in_order(wanted[span.name])))
                self.assertEqual(span, wanted[span.name])

    def take_measured_times(self, span, wanted, before_ns):
        """Where the library looked at the clock, a time between then and now is right."""
        def take(got, to, *fields):
            for field in fields:
                if getattr(to, field) == 0:
                    self.assertLess(before_ns - 1_000_000, getattr(got, field))
                    self.assertLess(getattr(got, field), time.time_ns() + 1_000_000)
                    setattr(to, field, getattr(got, field))
        take(span, wanted, 'start_time_unix_nano', 'end_time_unix_nano')
        for event, wanted_event in zip(span.events, wanted.events):
            take(event, wanted_event, 'time_unix_nano')

    def test_values_of_every_kind_are_filed_as_they_were_set(self):
        for protocol, form in receiver.WAYS:
            with self.subTest(protocol=protocol, form=form):
                self.check_values(protocol, form)

    # ---- the agents' demo ----

    def check_demo(self, protocol, form):
        run = f'demo {protocol} {form}'
        trace_id, count = receiver.run_demo(BUILD, self.collector.environment(protocol, form) | {
            'OTEL_RESOURCE_ATTRIBUTES': attribute(run)})
        resources = self.await_spans(run, count)
        services = {by_key(resource.resource)['service.name'].string_value
                    for resource in resources}
        self.assertEqual(services, AGENTS)
        spans = [span for resource in resources for scope in resource.scope_spans
                 for span in scope.spans]
        ids = {span.span_id for span in spans}
        self.assertEqual((len(spans), len(ids)), (count, count))
        self.assertEqual({span.trace_id.hex() for span in spans}, {trace_id})
        roots = [span.name for span in spans if span.parent_span_id not in ids]
        self.assertEqual(roots, ['execute_task'])
        failed = [span for span in spans if span.status.code == trace_pb2.Status.STATUS_CODE_ERROR]
        self.assertTrue(failed, 'the model failed once')

    def test_the_demo_arrives_whole(self):
        for protocol, form in receiver.WAYS:
            with self.subTest(protocol=protocol, form=form):
                self.check_demo(protocol, form)

    # ---- and what must not arrive ----

    def test_who_is_not_known_is_not_let_in(self):
        for protocol in receiver.PROTOCOLS:
            for client in (None, 'stranger'):
                with self.subTest(protocol=protocol, client=client):
                    run = f'{protocol} {client}'
                    environment = self.collector.environment(protocol, 'mtls', client) | {
                        'OTEL_RESOURCE_ATTRIBUTES': attribute(run),
                        'OTEL_EXPORTER_OTLP_TIMEOUT': '500'}
                    with self.assertRaises(subprocess.CalledProcessError):
                        receiver.run_values(EMIT, environment)
                    self.assertEqual(self.resources(run), [])


if __name__ == '__main__':
    receiver.main()
