# SPDX-License-Identifier: Apache-2.0
"""Metrics of every kind arrive at a real Collector as they were recorded, over every transport the
same: what it writes to a file is read by the official classes of another language, and so is what
cotel itself writes.

    collector_metrics.py MEASURED [unittest arguments]      RECEIVER is the Collector
"""

import base64
import itertools
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import expected
import expected_metrics
import receiver
from expected_metrics import DELTA, PREFERENCES, ROUNDS
from google.protobuf import json_format
from opentelemetry.proto.metrics.v1 import metrics_pb2

MEASURED = sys.argv.pop(1)
# What measurements are told in time by may be a few milliseconds old.
CLOCK_STEP_NS = 20_000_000
# Of measured.c.
SERIES, BATCH = 1000, 64


def make_config(folder, doors):
    return f'''
receivers: {doors}
exporters:
  file: {{path: {folder}/metrics, format: proto, flush_interval: 50ms}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{metrics: {{receivers: [otlp/plain, otlp/tls, otlp/mtls], exporters: [file]}}}}
'''


def read_messages(path):
    """What is whole in the Collector's file: each message comes behind its length."""
    data, at = path.read_bytes(), 0
    while at + 4 <= len(data):
        (size,) = struct.unpack_from('>I', data, at)
        if at + 4 + size > len(data):
            return
        yield metrics_pb2.MetricsData.FromString(data[at + 4:at + 4 + size])
        at += 4 + size


def read_lines(path):
    """OTLP/JSON, line by line. Ids are hexadecimal there: the one difference to protobuf's JSON."""
    def as_protobuf(found):
        return f'"{found[1]}":"{base64.b64encode(bytes.fromhex(found[2])).decode()}"'
    for line in path.read_text().splitlines():
        text = re.sub(r'"((?:trace|span)Id)":"([0-9a-f]+)"', as_protobuf, line)
        yield json_format.Parse(text, metrics_pb2.MetricsData())


def data_of(metric):
    return getattr(metric, metric.WhichOneof('data'))


def key_of(point):
    return tuple(sorted(str(pair) for pair in point.attributes))


def in_order(metric):
    """The metric with points and attributes in an order that has no meaning, and each time that a
    clock told taken out: of its series the (start, time)."""
    times = {}
    for point in data_of(metric).data_points:
        point.attributes.sort(key=lambda pair: pair.key)
        if metric.WhichOneof('data') == 'exponential_histogram':
            point.negative.SetInParent()  # an empty one is the same as none
        if point.time_unix_nano != expected_metrics.PRODUCED_NS:
            times[key_of(point)] = (point.start_time_unix_nano, point.time_unix_nano)
            point.start_time_unix_nano = point.time_unix_nano = 0
    data_of(metric).data_points.sort(key=key_of)
    return times


class Metrics(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.collector = cls.enterClassContext(receiver.Receiver(make_config))
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def run_program(self, transport, *arguments):
        """Everything that came of a run: a MetricsData for each request or line."""
        run = f'{transport} {" ".join(arguments)}'
        environment = receiver.OWN | {
            'OTEL_SERVICE_NAME': 'measured',
            'OTEL_RESOURCE_ATTRIBUTES': f'run={urllib.parse.quote(run)}'}
        path = self.folder / run.replace('/', '-')
        where = str(path)
        if transport != 'file':
            where = self.collector.environment(transport, 'plain')['OTEL_EXPORTER_OTLP_ENDPOINT']
        subprocess.run([MEASURED, *arguments, transport, where], env=environment, check=True,
                       timeout=receiver.SEND_LIMIT_S)
        return list(read_lines(path)) if transport == 'file' else self.arrived(run)

    def arrived(self, run):
        """All of the run, when nothing new comes any more."""
        def own():
            return [message for message in read_messages(self.collector.folder / 'metrics')
                    if all(self.is_of(resource, run) for resource in message.resource_metrics)]
        # The program ends when all was taken; the Collector's file is at most a flush behind.
        receiver.eventually(lambda: len(own()) >= ROUNDS)
        before = -1
        while before != (before := len(own())):
            time.sleep(0.2)
        return own()

    def is_of(self, resource, run):
        values = {pair.key: pair.value for pair in resource.resource.attributes}
        return values['run'] == expected.any_value(run)

    # ---- all kinds ----

    def check_collection(self, message, preference, round_):
        """Compares all but times; returns (scope, metric, series) -> (start, time)."""
        (resource,) = message.resource_metrics
        wanted = expected_metrics.Collection(preference, round_).scopes()
        self.assertEqual(sorted(scope.scope.name for scope in resource.scope_metrics),
                         sorted(wanted))
        times = {}
        for scope in resource.scope_metrics:
            name = scope.scope.name
            scope.scope.attributes.sort(key=lambda pair: pair.key)
            self.assertEqual((scope.scope, scope.schema_url), expected_metrics.SCOPES[name])
            self.assertEqual(sorted(metric.name for metric in scope.metrics), sorted(wanted[name]))
            for metric in scope.metrics:
                self.check_exemplar_times(metric)
                for series, span in in_order(metric).items():
                    times[name, metric.name, series] = span + (metric.WhichOneof('data'),)
                in_order(wanted[name][metric.name])
                self.assertEqual(str(metric), str(wanted[name][metric.name]))
        return times

    def check_exemplar_times(self, metric):
        for point in data_of(metric).data_points:
            for exemplar in getattr(point, 'exemplars', []):
                self.assertLessEqual(point.start_time_unix_nano - CLOCK_STEP_NS,
                                     exemplar.time_unix_nano)
                self.assertLessEqual(exemplar.time_unix_nano, point.time_unix_nano)
                exemplar.time_unix_nano = 0

    def check_times(self, preference, first, second, before_ns, after_ns):
        for (scope, name, series), (start, end, kind) in second.items():
            self.assertTrue(before_ns <= start <= end <= after_ns, name)
            if kind == 'gauge' or (scope, name, series) not in first:
                continue
            first_start, first_end, _ = first[scope, name, series]
            self.assertLess(first_end, end)
            metric = expected_metrics.Collection(preference, 0).scopes()[scope][name]
            is_delta = data_of(metric).aggregation_temporality == DELTA
            self.assertEqual(start, first_end if is_delta else first_start, name)

    def check_every(self, transport, preference):
        before_ns = time.time_ns() - CLOCK_STEP_NS
        messages = self.run_program(transport, 'every', str(PREFERENCES[preference]))
        after_ns = time.time_ns()
        self.assertEqual(len(messages), ROUNDS)
        first, second = (self.check_collection(message, preference, round_)
                         for round_, message in enumerate(messages))
        self.check_times(preference, first, second, before_ns, after_ns)
        # What is left of times is zero: what remains is the same whatever brought it.
        return [[str(scope) for scope in sorted(message.resource_metrics[0].scope_metrics,
                                                key=lambda each: each.scope.name)]
                for message in self.with_metrics_in_order(messages)]

    def with_metrics_in_order(self, messages):
        for message in messages:
            for scope in message.resource_metrics[0].scope_metrics:
                scope.metrics.sort(key=lambda metric: metric.name)
            yield message

    def check_preference(self, preference):
        came = {transport: self.check_every(transport, preference)
                for transport in (*receiver.PROTOCOLS, 'file')}
        for one, other in itertools.pairwise(came):
            self.assertEqual(came[one], came[other], f'{one} and {other}')

    def test_cumulative_metrics_arrive_as_they_were_recorded(self):
        self.check_preference('cumulative')

    def test_delta_metrics_arrive_as_they_were_recorded(self):
        self.check_preference('delta')

    def test_metrics_for_low_memory_arrive_as_they_were_recorded(self):
        self.check_preference('lowmemory')

    # ---- a collection in several requests ----

    def check_many(self, transport):
        messages = self.run_program(transport, 'many', str(BATCH))
        seen = []
        for message in messages:
            points = [point for resource in message.resource_metrics
                      for scope in resource.scope_metrics for metric in scope.metrics
                      for point in metric.gauge.data_points]
            self.assertLessEqual(len(points), BATCH)
            seen += [(point.as_int, point.attributes[0].value.int_value) for point in points]
        # All of the first collection, then all of the second, and nothing twice.
        rounds = [round_ for round_, _ in seen]
        self.assertEqual(rounds, sorted(rounds))
        self.assertEqual(sorted(seen), list(itertools.product(range(ROUNDS), range(SERIES))))
        self.assertEqual(len(messages), ROUNDS * -(-SERIES // BATCH))

    def test_a_collection_in_many_requests_comes_in_order_and_once(self):
        for transport in (*receiver.PROTOCOLS, 'file'):
            with self.subTest(transport):
                self.check_many(transport)


if __name__ == '__main__':
    receiver.main()
