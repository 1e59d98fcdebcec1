#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program that measures, set up by its environment alone, against real peers.

    check_metrics.py MEASURED_PROGRAM COTEL [unittest arguments]

What comes over gRPC is what `cotel view` shows.
"""

import gzip
import json
import os
import pathlib
import socket
import subprocess
import sys
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / 'tests/support'), str(ROOT / 'tests/integration/view')]
import otlp_sink  # noqa: E402
import viewer  # noqa: E402

PROGRAM = sys.argv.pop(1)
COTEL = sys.argv.pop(1)
PREFIX = 'OTEL_EXPORTER_OTLP_'
DELTA, CUMULATIVE = 1, 2
# What sanitizers and the loader need.
KEPT = {name: text for name, text in os.environ.items()
        if name in ('LD_LIBRARY_PATH', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS')}


def start(*arguments, traces='none', **variables):
    environment = KEPT | {'OTEL_TRACES_EXPORTER': traces, 'NO_PROXY': '127.0.0.1,localhost'}
    return subprocess.Popen([PROGRAM, *arguments], env=environment | variables,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def run(*arguments, **variables):
    """What the program said, on stderr and on stdout."""
    with start(*arguments, **variables) as program:
        out, told = program.communicate(timeout=60)
    return told.decode(), out.decode()


def metrics_of(data):
    """Metrics of an OTLP/JSON request by their names."""
    return {metric['name']: metric for resource in data['resourceMetrics']
            for scope in resource['scopeMetrics'] for metric in scope['metrics']}


class Case(unittest.TestCase):
    maxDiff = None

    def run_quietly(self, *arguments, **variables):
        told, out = run(*arguments, **variables)
        self.assertEqual(told, 'init OK, shutdown OK\n')
        return out

    def metrics(self, **variables):
        """As they are written to stdout."""
        line, = self.run_quietly(OTEL_METRICS_EXPORTER='otlp/stdout', **variables).splitlines()
        return metrics_of(json.loads(line))


class Http(Case):
    def send(self, sink, **variables):
        """The one request that comes, as path, headers in lower case, and body."""
        self.run_quietly(**variables)
        (path, headers, body), = sink.requests
        return path, {name.lower(): text for name, text in headers.items()}, body

    def test_metrics_are_sent_in_protobuf_by_default(self):
        with otlp_sink.Sink() as sink:
            path, headers, body = self.send(sink, **{PREFIX + 'ENDPOINT': sink.url})
        self.assertEqual((path, headers['content-type']), ('/v1/metrics', 'application/x-protobuf'))
        with viewer.Viewer(COTEL, '--metrics', '--json') as receiver:
            self.assertEqual(receiver.send(body, path=path).status, 200)
            receiver.stop()
            shown = [json.loads(line)['metric'] for line in receiver.rest().splitlines()]
        self.assertEqual({metric['name'] for metric in shown}, {'tokens', 'latency', 'agents'})

    def test_metrics_are_sent_in_json_when_asked_for(self):
        with otlp_sink.Sink() as sink:
            path, headers, body = self.send(sink, **{PREFIX + 'METRICS_ENDPOINT': sink.url + '/own',
                                                     PREFIX + 'METRICS_PROTOCOL': 'http/json',
                                                     PREFIX + 'METRICS_HEADERS': 'key=v1',
                                                     PREFIX + 'METRICS_COMPRESSION': 'gzip'})
        self.assertEqual((path, headers['content-type'], headers['key']),
                         ('/own', 'application/json', 'v1'))
        tokens = metrics_of(json.loads(gzip.decompress(body)))['tokens']
        self.assertEqual((tokens['unit'], tokens['sum']['isMonotonic'],
                          tokens['sum']['aggregationTemporality']), ('{token}', True, CUMULATIVE))
        point, = tokens['sum']['dataPoints']
        self.assertEqual((point['asInt'], point['attributes']),
                         ('42', [{'key': 'model', 'value': {'stringValue': 'gpt-4o'}}]))

    def test_spans_and_metrics_go_each_its_way(self):
        with otlp_sink.Sink() as sink:
            self.run_quietly(traces='otlp', **{PREFIX + 'ENDPOINT': sink.url})
        self.assertEqual(sorted(path for path, _, _ in sink.requests), ['/v1/metrics', '/v1/traces'])

    def test_what_was_not_measured_is_not_sent(self):
        with otlp_sink.Sink() as sink:
            self.run_quietly('idle', OTEL_METRIC_EXPORT_INTERVAL='50',
                             **{PREFIX + 'ENDPOINT': sink.url})
        self.assertEqual(sink.requests, [])

    def test_metrics_are_sent_at_the_interval(self):
        with otlp_sink.Sink() as sink:
            self.run_quietly('1000', OTEL_METRIC_EXPORT_INTERVAL='100',
                             **{PREFIX + 'ENDPOINT': sink.url})
        self.assertGreater(len(sink.requests), 3)

    def test_none_sends_nothing(self):
        with otlp_sink.Sink() as sink:
            self.run_quietly(OTEL_METRICS_EXPORTER='none', **{PREFIX + 'ENDPOINT': sink.url})
        self.assertEqual(sink.requests, [])

    def test_a_disabled_sdk_sends_nothing(self):
        with otlp_sink.Sink() as sink:
            self.run_quietly(OTEL_SDK_DISABLED='true', **{PREFIX + 'ENDPOINT': sink.url})
        self.assertEqual(sink.requests, [])


class Grpc(Case):
    def test_each_signal_has_a_protocol_of_its_own(self):
        try:
            receiver = viewer.GrpcViewer(COTEL, '--metrics', '--json')
        except RuntimeError as error:
            self.skipTest(str(error))
        with receiver, otlp_sink.Sink() as sink:
            self.run_quietly(traces='otlp', **{
                PREFIX + 'ENDPOINT': sink.url, PREFIX + 'METRICS_PROTOCOL': 'grpc',
                PREFIX + 'METRICS_ENDPOINT': f'http://127.0.0.1:{receiver.grpc_port}'})
            receiver.stop()
            shown = [json.loads(line)['metric']['name'] for line in receiver.rest().splitlines()]
        self.assertEqual(sorted(shown), ['agents', 'latency', 'tokens'])
        self.assertEqual([path for path, _, _ in sink.requests], ['/v1/traces'])


class Settings(Case):
    def test_sums_and_buckets_are_cumulative_and_explicit_by_default(self):
        metrics = self.metrics()
        for name, kind in (('tokens', 'sum'), ('latency', 'histogram'), ('agents', 'sum')):
            self.assertEqual(metrics[name][kind]['aggregationTemporality'], CUMULATIVE, name)
        point, = metrics['latency']['histogram']['dataPoints']
        self.assertEqual((point['sum'], point['bucketCounts'][1]), (3.5, '1'))

    def test_the_preferred_temporality_is_taken(self):
        for preference in ('delta', 'LowMemory'):
            metrics = self.metrics(**{PREFIX + 'METRICS_TEMPORALITY_PREFERENCE': preference})
            self.assertEqual(metrics['tokens']['sum']['aggregationTemporality'], DELTA)
            self.assertEqual(metrics['latency']['histogram']['aggregationTemporality'], DELTA)
            self.assertEqual(metrics['agents']['sum']['aggregationTemporality'], CUMULATIVE)

    def test_histograms_may_be_exponential(self):
        latency = self.metrics(**{PREFIX + 'METRICS_DEFAULT_HISTOGRAM_AGGREGATION':
                                  'base2_exponential_bucket_histogram'})['latency']
        point, = latency['exponentialHistogram']['dataPoints']
        self.assertEqual((point['count'], point['sum']), ('1', 3.5))

    def exemplars(self, **variables):
        """Of the tokens, which are counted in a span, and the body of the request with the span."""
        with otlp_sink.Sink() as sink:
            metrics = self.metrics(traces='otlp', **{PREFIX + 'TRACES_ENDPOINT': sink.url,
                                                     PREFIX + 'PROTOCOL': 'http/json'}, **variables)
        point, = metrics['tokens']['sum']['dataPoints']
        return point.get('exemplars', []), b''.join(body for _, _, body in sink.requests)

    def test_exemplars_are_those_of_the_filter(self):
        (exemplar,), spans = self.exemplars()
        self.assertEqual(exemplar['asInt'], '42')
        self.assertIn(exemplar['traceId'].encode(), spans)
        self.assertIn(exemplar['spanId'].encode(), spans)
        self.assertEqual(self.exemplars(OTEL_TRACES_SAMPLER='always_off'), ([], b''))
        self.assertEqual(len(self.exemplars(OTEL_TRACES_SAMPLER='always_off',
                                            OTEL_METRICS_EXEMPLAR_FILTER='always_on')[0]), 1)
        self.assertEqual(self.exemplars(OTEL_METRICS_EXEMPLAR_FILTER='always_off')[0], [])

    def test_the_console_shows_metrics(self):
        out = self.run_quietly(OTEL_METRICS_EXPORTER='console', OTEL_SERVICE_NAME='agent')
        self.assertRegex(out, r'metric tokens \(sum, monotonic, cumulative\)\n'
                              r'  service:    agent\n'
                              r'  scope:      measured_program\n'
                              r'  unit:       \{token\}\n'
                              r'  point:      42 at .* since .*\n'
                              r'      model: "gpt-4o"\n')

    def test_mistakes_are_told_and_do_no_harm(self):
        told, out = run(OTEL_METRICS_EXPORTER='otlp/stdout,statsd', OTEL_METRIC_EXPORT_INTERVAL='0')
        self.assertIn('OTEL_METRICS_EXPORTER=otlp/stdout,statsd has statsd, which is not one of '
                      'otlp, otlp/stdout, prometheus, console, none; otlp/stdout is taken', told)
        self.assertIn('OTEL_METRIC_EXPORT_INTERVAL=0 is no whole number from 1 to 2147483647; '
                      '60000 is taken', told)
        self.assertIn('tokens', metrics_of(json.loads(out)))


class Prometheus(Case):
    def test_it_is_served_where_the_environment_says(self):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        program = start('3000', OTEL_METRICS_EXPORTER='prometheus',
                        OTEL_EXPORTER_PROMETHEUS_HOST='127.0.0.1',
                        OTEL_EXPORTER_PROMETHEUS_PORT=str(port))
        try:
            body = self.scrape(program, port)
        finally:
            told = program.communicate(timeout=60)[1].decode()
        if 'not in this build' in told:
            self.skipTest(told)
        self.assertIn('tokens_total{model="gpt-4o"', body)
        self.assertEqual(told, 'init OK, shutdown OK\n')

    def scrape(self, program, port):
        body = ''
        while program.poll() is None and 'tokens' not in body:
            try:
                with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5) as answer:
                    body = answer.read().decode()
            except OSError:  # not yet
                continue
        return body


if __name__ == '__main__':
    unittest.main()
