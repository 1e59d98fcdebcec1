#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends cotel view metrics, made by protoc, and looks at what it shows of them.

    check_metrics.py COTEL [unittest arguments]
"""

import gzip
import json
import re
import sys
import unittest

import otlp
import viewer

COTEL = sys.argv.pop(1)
PACKAGE = 'opentelemetry.proto.collector.metrics.v1'
FILE = 'opentelemetry/proto/collector/metrics/v1/metrics_service.proto'
TRACE_ID = '5b8efff798038103d269b633813fc60c'
SPAN_ID = '00f067aa0ba902b7'
PATH = '/v1/metrics'


def request(*metrics, service='writer'):
    """The bytes of an ExportMetricsServiceRequest."""
    text = (f'resource_metrics {{resource {{{otlp.pairs("attributes", {"service.name": service})}}}'
            f' scope_metrics {{scope {{name: "agents"}} {" ".join(metrics)}}}}}')
    return otlp.protoc('encode', f'{PACKAGE}.ExportMetricsServiceRequest', text.encode(), FILE)


def counter(value, name='tokens', attributes=None, extra=''):
    return (f'metrics {{name: {otlp.octets(name.encode())} unit: "{{token}}" '
            f'sum {{is_monotonic: true aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE '
            f'data_points {{as_int: {value} time_unix_nano: 1700000000000000000 '
            f'{otlp.pairs("attributes", attributes or {})} {extra}}}}}}}')


EXEMPLAR = (f'exemplars {{as_int: 5 time_unix_nano: 1 '
            f'trace_id: {otlp.octets(bytes.fromhex(TRACE_ID))} '
            f'span_id: {otlp.octets(bytes.fromhex(SPAN_ID))}}}')
HISTOGRAM = ('metrics {name: "latency" unit: "s" histogram {data_points {count: 12 sum: 3.5 min: 0 '
             'max: 1.25 bucket_counts: [10, 2] explicit_bounds: [1]}}}')
GAUGE = 'metrics {name: "load" gauge {data_points {as_double: 0.25} data_points {flags: 1}}}'


class Metrics(unittest.TestCase):
    maxDiff = None

    def start(self, *options):
        self.viewer = viewer.Viewer(COTEL, *options)
        self.addCleanup(self.viewer.__exit__)

    def check_taken(self, answer, body=b''):
        self.assertEqual((answer.status, answer.body), (200, body))

    def shown(self):
        self.assertEqual(self.viewer.stop(), 0)
        return self.viewer.rest()

    def lines(self):
        return [json.loads(line) for line in self.shown().splitlines()]

    def test_the_newest_point_of_each_series_is_shown_to_people(self):
        self.start('--metrics')
        self.check_taken(self.viewer.send(request(counter(1), HISTOGRAM, GAUGE), path=PATH))
        self.check_taken(self.viewer.send(
            request(counter(42, extra=EXEMPLAR), counter(7, attributes={'model': 'o1', 'n': 3})),
            path=PATH))
        self.assertEqual(self.shown(),
                         'metric tokens (sum)  {token}  writer\n'
                         '  42\n'
                         f'      exemplar 5 in trace {TRACE_ID} span {SPAN_ID}\n'
                         '  7  model=o1  n=3\n'
                         '\n'
                         'metric latency (histogram)  s  writer\n'
                         '  12 measured, sum 3.5, min 0, max 1.25\n'
                         '\n'
                         'metric load (gauge)  writer\n'
                         '  no value\n'
                         '\n')

    def test_programs_get_them_as_otlp_json(self):
        self.start('--metrics', '--json')
        self.check_taken(self.viewer.send(request(counter(42, extra=EXEMPLAR)), path=PATH))
        self.check_taken(self.viewer.send(request(HISTOGRAM, service='critic'), path=PATH))
        tokens, latency = self.lines()
        self.assertEqual(tokens['scope'], {'name': 'agents'})
        self.assertEqual(tokens['resource']['attributes'],
                         [{'key': 'service.name', 'value': {'stringValue': 'writer'}}])
        data = tokens['metric']['sum']
        self.assertEqual((tokens['metric']['name'], data['aggregationTemporality'],
                          data['isMonotonic']), ('tokens', 2, True))
        point, = data['dataPoints']
        self.assertEqual(point['asInt'], '42')
        self.assertEqual(point['exemplars'][0]['traceId'], TRACE_ID)
        self.assertEqual(latency['metric']['histogram']['dataPoints'][0]['bucketCounts'],
                         ['10', '2'])

    def test_what_comes_as_json_or_gzip_is_the_same(self):
        self.start('--metrics', '--json')
        self.check_taken(self.viewer.send(gzip.compress(request(counter(1))), path=PATH,
                                          Content_Encoding='gzip'))
        body = {'resourceMetrics': [{'scopeMetrics': [{'metrics': [
            {'name': 'more', 'gauge': {'dataPoints': [{'asDouble': 'NaN'}]}}]}]}]}
        self.check_taken(self.viewer.send(json.dumps(body).encode(), path=PATH,
                                          Content_Type='application/json'), b'{}')
        one, more = self.lines()
        self.assertEqual(one['metric']['sum']['dataPoints'][0]['asInt'], '1')
        self.assertEqual(more, {'metric': body['resourceMetrics'][0]['scopeMetrics'][0]['metrics'][0]})

    def test_without_the_option_they_are_only_counted(self):
        self.start()
        self.check_taken(self.viewer.send(request(counter(1), GAUGE), path=PATH))
        self.assertEqual(self.shown(), '')
        self.assertIn('3 points of metrics came; --metrics shows them', self.viewer.errors())

    def test_traces_come_first(self):
        self.start('--metrics', '--json', '--until-idle', '2000')
        metrics = request(counter(1))
        root = otlp.request(otlp.resource('one', otlp.span(1, 1, 'root')))
        self.viewer.send(metrics, path=PATH)
        self.viewer.send(root)
        self.assertEqual(self.viewer.trace()['spans'][0]['name'], 'root')
        self.assertEqual(self.viewer.trace()['metric']['name'], 'tokens')
        self.assertEqual(self.viewer.exit_status(), 0)

    def test_what_is_malformed_is_refused_and_told(self):
        self.start('--metrics')
        bad_text = request(counter(1)).replace(b'tokens', b'tok\xff\xffs')
        for body in (request(counter(1))[:-1], b'\xff', bad_text):
            self.assertEqual(self.viewer.send(body, path=PATH).status, 400)
        self.assertEqual(self.viewer.send(b'{"resourceMetrics":[{"scopeMetrics":1}]}', path=PATH,
                                          Content_Type='application/json').status, 400)
        self.assertEqual(self.viewer.send(b'', path=PATH, method='GET').status, 405)
        self.assertEqual(self.shown(), '')
        self.assertEqual(self.viewer.errors().count('answered 400'), 4)

    def test_control_characters_do_not_reach_the_terminal(self):
        self.start('--metrics')
        self.check_taken(self.viewer.send(
            request(counter(1, name='a\x1b[31mb', attributes={'k\n': 'v\r', 'l': ['\x07']})),
            path=PATH))
        self.assertNotRegex(self.shown(), re.compile(r'[\x00-\x09\x0b-\x1f\x7f]'))

    def test_there_is_an_end_to_what_is_kept(self):
        self.start('--metrics')
        points = ' '.join(f'data_points {{as_int: 1 {otlp.pairs("attributes", {"n": n})}}}'
                          for n in range(20100))
        self.check_taken(self.viewer.send(request(f'metrics {{name: "x" gauge {{{points}}}}}'),
                                          path=PATH))
        self.assertEqual(self.shown().count('\n'), 20002)
        self.assertIn('too many series; 100 points are not shown', self.viewer.errors())


if __name__ == '__main__':
    unittest.main(verbosity=1)
