#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cotel metrics export on expositions from servers, files and stdin.

    check.py COTEL EXAMPLE PROGRAM [unittest arguments]

PROGRAM is a program with cotel (examples/04_prometheus), or "".
"""

import fcntl
import gzip
import http.server
import json
import os
import pathlib
import pty
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import unittest

COTEL = sys.argv.pop(1)
EXAMPLE = pathlib.Path(sys.argv.pop(1))
PROGRAM = sys.argv.pop(1)
OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8'

# What each type of OpenMetrics has.
ALL_TYPES = '''\
# TYPE work_seconds counter
# UNIT work_seconds seconds
# HELP work_seconds What \\"it\\" took.
work_seconds_total{a="1"} 5.5 1700000000.123456789 # {trace_id="5b8efff798038103d269b633813fc60c"} 0.5 1700000000.5
work_seconds_created{a="1"} 1600000000
# TYPE load gauge
load{b="\\\\\\"\\n"} -1.5
# TYPE latency histogram
latency_bucket{le="0.5"} 1 # {span_id="00f067aa0ba902b7"} 0.25
latency_bucket{le="1.0"} 2
latency_bucket{le="+Inf"} 3
latency_sum 4.25
latency_count 3
latency_created 1600000000.5
# TYPE depth gaugehistogram
depth_bucket{le="1.0"} 2
depth_bucket{le="+Inf"} 3
depth_gsum 4
depth_gcount 3
# TYPE rpc summary
rpc{quantile="0.5"} 1
rpc_sum 2
rpc_count 2
# TYPE build info
build_info{version="1.2"} 1
# TYPE mode stateset
mode{mode="on"} 1
mode{mode="off"} 0
# TYPE what unknown
what NaN
# EOF
'''

ALL_TYPES_AS_TEXT = '''\
# HELP work_seconds_total What "it" took.
# TYPE work_seconds_total counter
work_seconds_total{a="1"} 5.5 1700000000123
# HELP work_seconds_created What "it" took.
# TYPE work_seconds_created gauge
work_seconds_created{a="1"} 1600000000
# TYPE load gauge
load{b="\\\\\\"\\n"} -1.5
# TYPE latency histogram
latency_bucket{le="0.5"} 1
latency_bucket{le="1"} 2
latency_bucket{le="+Inf"} 3
latency_sum 4.25
latency_count 3
# TYPE latency_created gauge
latency_created 1600000000.5
# TYPE depth histogram
depth_bucket{le="1"} 2
depth_bucket{le="+Inf"} 3
# TYPE depth_gsum gauge
depth_gsum 4
# TYPE depth_gcount gauge
depth_gcount 3
# TYPE rpc summary
rpc{quantile="0.5"} 1
rpc_sum 2
rpc_count 2
# TYPE build_info gauge
build_info{version="1.2"} 1
# TYPE mode gauge
mode{mode="on"} 1
mode{mode="off"} 0
# TYPE what untyped
what NaN
'''

SUMMARY = '''\
COUNTERS                 UNIT  SERIES  TOTAL
http_requests               –       2  1,030
  method=post  code=200                1,027
  method=post  code=400                    3

GAUGES                    UNIT  SERIES            VALUE
memory_bytes             bytes       2  12MiB … 4.66GiB
  host=b                                        4.66GiB
  host=a                                          12MiB

HISTOGRAMS                  UNIT  SERIES  COUNT   MEAN     P50   P95   P99
latency_seconds          seconds       2    110  277ms  91.7ms   >1s   >1s
  path=/                                    100  300ms   100ms   >1s   >1s
  path=/x                                    10   50ms    50ms  95ms  99ms
'''


def run(*arguments, stdin=b'', **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith('OTEL_')}
    return subprocess.run([COTEL, 'metrics', *arguments], input=stdin, capture_output=True,
                          timeout=60, check=False, env=clean | environment)


def export(text, *options):
    """What becomes of a text on stdin."""
    result = run('export', '--from', '-', *options, stdin=text.encode())
    assert (result.returncode, result.stderr) == (0, b''), result
    return result.stdout.decode()


class Server:
    """Serves one answer to everything, and keeps what it was asked."""

    def __init__(self, body, content_type=OPENMETRICS, status=200, **headers):
        requests = self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append(self)
                self.send_response(status)
                for name, value in ({'Content-Type': content_type} | headers).items():
                    self.send_header(name.replace('_', '-'), value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # it has had enough

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.port = self.server.server_port
        self.url = f'http://127.0.0.1:{self.port}/metrics'

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    maxDiff = None

    def check_failed(self, result, reason, status=1):
        self.assertEqual((result.returncode, result.stdout), (status, b''))
        self.assertRegex(result.stderr.decode(), reason)


class Sources(Case):
    def test_a_url_is_asked_for_openmetrics_with_utf8(self):
        with Server(ALL_TYPES.encode()) as server:
            result = run('export', '--from', server.url, '--format', 'openmetrics')
        self.assertEqual((result.returncode, result.stdout.decode()), (0, ALL_TYPES))
        request, = server.requests
        self.assertEqual(request.path, '/metrics')
        self.assertRegex(request.headers['Accept'],
                         '^application/openmetrics-text;version=1.0.0;escaping=allow-utf-8')
        self.assertIn('text/plain', request.headers['Accept'])
        self.assertIn('gzip', request.headers['Accept-Encoding'])

    def test_the_environment_says_where_a_program_listens(self):
        with Server(b'a 1\n', 'text/plain; version=0.0.4') as server:
            result = run('export', OTEL_EXPORTER_PROMETHEUS_HOST='localhost',
                         OTEL_EXPORTER_PROMETHEUS_PORT=str(server.port))
        self.assertEqual(result.stdout, b'# TYPE a untyped\na 1\n')
        self.assertEqual(server.requests[0].path, '/metrics')

    def test_gzip(self):
        with Server(gzip.compress(b'a 1\n'), 'text/plain', Content_Encoding='gzip') as server:
            self.assertIn(b'\na 1\n', run('export', '--from', server.url).stdout)

    def test_a_type_that_is_not_told_is_found_out(self):
        with Server(ALL_TYPES.encode(), 'application/octet-stream') as server:
            self.assertIn(b'counter', run('export', '--from', server.url).stdout)

    def test_what_a_url_can_answer(self):
        with Server(b'gone', status=404) as server:
            self.check_failed(run('export', '--from', server.url), 'cannot get .*: it answered 404')
        with Server(b'a 1\n') as server:
            self.check_failed(run('export', '--from', server.url), 'line 2: # EOF is missing')
        with Server(b'x' * 2000, 'text/plain') as server:
            self.check_failed(run('export', '--max-bytes', '1000', '--from', server.url),
                              'larger than --max-bytes')
        bomb = gzip.compress(b'x' * 10_000_000)
        with Server(bomb, 'text/plain', Content_Encoding='gzip') as server:
            self.check_failed(run('export', '--max-bytes', '100000', '--from', server.url),
                              'larger than --max-bytes')

    def test_nobody_who_listens(self):
        with socket.create_server(('127.0.0.1', 0)) as closed:
            port = closed.getsockname()[1]
        self.check_failed(run('export', '--from', f'http://127.0.0.1:{port}/'), 'cannot get')

    def test_files(self):
        self.assertIn(b'lonely 7\n', run('export', '--from', EXAMPLE).stdout)
        self.check_failed(run('export', '--from', '/no/such'), 'cannot get /no/such: No such file')
        self.check_failed(run('export', '--from', '/'), 'cannot get /: Is a directory')

    def test_a_file_that_is_too_large(self):
        self.check_failed(run('export', '--from', EXAMPLE, '--max-bytes', '100'), 'max-bytes')


class Formats(Case):
    def test_openmetrics_becomes_text(self):
        self.assertEqual(export(ALL_TYPES), ALL_TYPES_AS_TEXT)

    def test_openmetrics_stays_as_it_is(self):
        self.assertEqual(export(ALL_TYPES, '--format', 'openmetrics'), ALL_TYPES)

    def test_text_stays_what_it_is(self):
        self.assertEqual(export(ALL_TYPES_AS_TEXT), ALL_TYPES_AS_TEXT)

    def test_text_becomes_openmetrics(self):
        text = '# TYPE a_total counter\na_total 1 1500\n# TYPE b counter\nb 2\nc{x="y"} 3\n'
        self.assertEqual(export(text, '--format', 'openmetrics'),
                         '# TYPE a counter\na_total 1 1.5\n'
                         '# TYPE b unknown\nb 2\n'
                         '# TYPE c unknown\nc{x="y"} 3\n# EOF\n')

    def test_openmetrics_has_sums_only_where_they_cannot_go_down(self):
        for le, more in ('-1', 'h_sum 1\nh_count 3\n'), ('1', 'h_sum -1\nh_count 3\n'), \
                ('1', 'h_count 3\n'):
            head = f'# TYPE h histogram\nh_bucket{{le="{le}"}} 2\nh_bucket{{le="+Inf"}} 3\n'
            self.assertEqual(export(head + more), head + more)
            self.assertEqual(export(head + more, '--format', 'openmetrics'),
                             head.replace('1"', '1.0"') + '# EOF\n')

    def test_a_counter_keeps_its_name_where_another_has_it(self):
        text = '# TYPE a gauge\na 1\n# TYPE a_total counter\na_total 2\n'
        self.assertEqual(export(text, '--format', 'openmetrics'),
                         '# TYPE a gauge\na 1\n# TYPE a_total unknown\na_total 2\n# EOF\n')
        self.assertEqual(export(text), text)

    def test_there_and_back_by_json(self):
        for text, form in ((ALL_TYPES, 'openmetrics'), (ALL_TYPES_AS_TEXT, 'text')):
            self.assertEqual(export(export(text, '--format', 'json'), '--format', form), text)

    def test_json(self):
        document = json.loads(export(ALL_TYPES, '--format', 'json'))
        self.assertEqual([family['type'] for family in document['families']],
                         ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info',
                          'stateset', 'unknown'])
        self.assertEqual(document['families'][0], {
            'name': 'work_seconds', 'type': 'counter', 'help': 'What "it" took.', 'unit': 'seconds',
            'samples': [
                {'name': 'work_seconds_total', 'labels': {'a': '1'}, 'value': 5.5,
                 'time_unix_ns': 1700000000123456789,
                 'exemplar': {'labels': {'trace_id': '5b8efff798038103d269b633813fc60c'},
                              'value': 0.5, 'time_unix_ns': 1700000000500000000}},
                {'name': 'work_seconds_created', 'labels': {'a': '1'}, 'value': 1600000000}]})
        self.assertEqual(document['families'][-1]['samples'][0]['value'], 'NaN')

    def test_names_in_quotes(self):
        text = '# TYPE "a.b" gauge\n{"a.b","c.d"="e",f="g"} 1\n{"a.b"} 2\n'
        self.assertEqual(export(text), text)

    def test_nothing_is_something(self):
        self.assertEqual(export(''), '')
        self.assertEqual(export('# EOF\n', '--format', 'openmetrics'), '# EOF\n')
        self.assertEqual(export('', '--format', 'json'), '{"families":[]}\n')
        self.assertEqual(export('', '--summary'), 'no metrics\n')

    def test_liberties_of_the_text_format(self):
        self.assertEqual(export('\n  # \n#x\n\ta { x = "1" , } 1.0e0\t5 \n#\tHELP a h\nb 2\na 3'),
                         '# HELP a h\n# TYPE a untyped\na{x="1"} 1 5\na 3\n# TYPE b untyped\nb 2\n')


class Refusals(Case):
    def check_line(self, text, line, reason, stdin=None):
        result = run('export', '--from', '-', stdin=stdin or text.encode())
        self.check_failed(result, f'cannot read -, line {line}: .*{reason}')

    def test_garbage_is_named_with_its_line(self):
        for line, reason in (('a', 'no blank|no number'), ('a x', 'no number'), ('1a 1', 'no name'),
                             ('a{b} 1', "without '='"), ('a{b="} 1', 'does not end'),
                             ('a{b="c" 1', "end in '}'"), ('a{b="c"d="e"} 1', "end in '}'"),
                             ('a{b="1",b="2"} 1', 'there twice'), ('a{b="\\x"} 1', 'escape'),
                             ('a 1 2 3', 'more'), ('a 1 1.5', 'time'), ('a 0x1', 'no number'),
                             ('a 1 99999999999999', 'time'), ('{b="c"} 1', 'without a name'),
                             ('# TYPE a thing', 'type'), ('a 1e', 'no number'),
                             ('good 2', 'series that is there twice'),
                             ('# TYPE good gauge', 'behind samples'),
                             ('a 1 # {x="y"} 1', 'time|more')):
            self.check_line(f'good 1\n{line}\nb 1\n', 2, reason)

    def test_text_that_is_not_utf8(self):
        self.check_line('', 1, 'UTF-8', b'a{b="\xff"} 1\n')

    def test_what_openmetrics_does_not_allow(self):
        for text, line, reason in (
                ('a 1\n\n', 2, 'empty'), ('# comment\n', 1, 'comment'), ('a  1\n', 1, 'no number'),
                ('# TYPE a counter\na 1\n', 2, 'type does not have'),
                ('a 1\nb 1\na{x="y"} 1\n', 3, 'goes on after'),
                ('a 1\n# HELP a x\n', 2, 'behind samples'),
                ('# TYPE a gauge\n# TYPE a gauge\n', 2, 'twice'),
                ('# UNIT a seconds\n', 1, 'unit'), ('a{b="c",} 1 \n', 1, 'time'),
                ('# TYPE a histogram\na_bucket 1\n', 2, 'without a number le')):
            self.check_line(f'{text}# EOF\n', line, reason)

    def test_nothing_is_behind_the_end(self):
        with Server(b'a 1\n# EOF\nb 1\n') as server:
            self.check_failed(run('export', '--from', server.url), 'line 3: .*behind # EOF')

    def test_json_that_is_none(self):
        self.check_line('{"families": [\n{"name": }]}', 2, '')
        for text in ('{"families": [{}]}', '{"families": [{"name": "a", "type": "x"}]}',
                     '{"families": [{"name": "a", "samples": [{"name": "b", "value": 1}]}]}',
                     '{"families": [{"name": "a", "samples": [{"name": "a", "value": "x"}]}]}'):
            self.check_failed(run('export', '--from', '-', stdin=text.encode()), 'cannot read')

    def test_much_takes_no_time_out_of_proportion(self):
        many_labels = ','.join(f'l{i}="v"' for i in range(129))
        self.check_line(f'a{{{many_labels}}} 1\n', 1, 'more than 128 labels')
        lines = ''.join(f'm{i}{{a="{i}"}} {i}\n' for i in range(50_000))
        self.assertEqual(export(lines).count('\n'), 100_000)
        self.check_line('a{b="' + '\\' * 2_000_001, 1, 'does not end')


class Summary(Case):
    def test_a_table(self):
        text = EXAMPLE.read_text().split('\n\n')[0] + '\n'
        self.assertEqual(export(text, '--summary'), SUMMARY)

    def test_what_is_measured_elsewhere(self):
        text = export(EXAMPLE.read_text(), '--summary')
        self.assertRegex(text, r'rpc_seconds +seconds +1 +1,000 +17\.5ms +12ms +– +250ms\n')
        self.assertRegex(text, r'UNTYPED.*\nlonely +– +1 +7\n')

    def test_the_largest_series_are_shown_and_the_rest_counted(self):
        text = '# TYPE a counter\n' + ''.join(f'a_total{{n="{i}"}} {i}\n' for i in range(12))
        lines = export(text + '# EOF\n', '--summary').splitlines()
        self.assertEqual(lines[1].split()[-2:], ['12', '66'])
        self.assertEqual([line.split()[0] for line in lines[2:7]],
                         [f'n={i}' for i in range(11, 6, -1)])
        self.assertEqual(lines[7].strip(), '… 7 more')

    def test_buckets_that_do_not_fit_together_have_no_common_quantile(self):
        text = ''.join(f'h_bucket{{x="{x}",le="{le}"}} 5\nh_bucket{{x="{x}",le="+Inf"}} 5\n'
                       for x, le in (('a', 1), ('b', 2)))
        lines = export('# TYPE h histogram\n' + text, '--summary').splitlines()
        self.assertEqual(lines[1].split(), ['h', '–', '2', '10', '–', '–', '–', '–'])
        self.assertEqual(lines[2].split()[-3:], ['0.5', '0.95', '0.99'])

    def test_what_stands_alone_makes_no_column_wide(self):
        lines = export(f'# TYPE a info\na_info{{x="{"y" * 300}"}} 1\n# EOF\n',
                       '--summary').splitlines()
        self.assertEqual([line.rstrip('y') for line in lines],
                         ['INFOS  UNIT  SERIES', 'a         –       1', '  x='])
        self.assertEqual(len(lines[2]), 304)

    def test_times_are_dates(self):
        self.assertIn('2023-11-14 22:13:20Z', export('process_start_time_seconds 1.7e9\n',
                                                     '--summary'))

    def test_nothing_controls_the_terminal(self):
        text = '# TYPE a gauge\na{x="\x1b[31m\u202e\x7f\u0085",y="\\n"} 1\n{"\x1b]0;x"} 1\n'
        shown = export(text, '--summary')
        for character in '\x1b\u202e\x7f\u0085':
            self.assertNotIn(character, shown)
        self.assertIn('y=\\n', shown)

    def test_a_narrow_terminal_cuts_the_widest_column(self):
        text = ('# TYPE latency_of_some_long_name_seconds histogram\n' +
                ''.join(f'latency_of_some_long_name_seconds_bucket{{"é"="{"ü" * 30}",le="{le}"}} 7\n'
                        for le in (1, '+Inf')))
        main, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 70, 0, 0))
        with subprocess.Popen([COTEL, 'metrics', 'export', '--from', '-', '--summary'],
                              stdin=subprocess.PIPE, stdout=terminal,
                              env=os.environ | {'NO_COLOR': '1'}) as process:
            process.stdin.write(text.encode())
            process.stdin.close()
            self.assertEqual(process.wait(60), 0)
        os.close(terminal)
        shown = b''
        try:
            while piece := os.read(main, 4096):
                shown += piece
        except OSError:
            pass  # that is how a terminal ends
        os.close(main)
        lines = shown.decode().splitlines()
        self.assertEqual(len(lines), 3)
        self.assertLessEqual(max(map(len, lines)), 70)
        self.assertIn('…', lines[1])
        self.assertIn('990ms', lines[1])


def number(value, **attributes):
    return {'attributes': [{'key': k, 'value': {'stringValue': v}} for k, v in attributes.items()],
            'startTimeUnixNano': '1000000000', 'timeUnixNano': '2000000000', 'asInt': str(value)}


def counter(*points, temporality=2, name='agent.tokens'):
    return {'name': name, 'unit': '{token}', 'description': 'Tokens.', 'sum': {
        'dataPoints': list(points), 'aggregationTemporality': temporality, 'isMonotonic': True}}


def request(*metrics, service='writer', instance='1'):
    attributes = {'service.name': service, 'service.instance.id': instance}
    return json.dumps({'resourceMetrics': [{
        'resource': {'attributes': [{'key': k, 'value': {'stringValue': v}}
                                    for k, v in attributes.items()]},
        'scopeMetrics': [{'scope': {'name': 'agents'}, 'metrics': list(metrics)}]}]}) + '\n'


class Otlp(Case):
    def samples(self, text, name):
        document = json.loads(export(text, '--format', 'json'))
        return {tuple(sorted(sample['labels'].items())): sample['value']
                for family in document['families'] for sample in family['samples']
                if sample['name'] == name}

    def values(self, text, name):
        return sorted(self.samples(text, name).values())

    def test_the_newest_point_of_each_series_counts(self):
        lines = (request(counter(number(1, a='x'), number(5, a='y'))) +
                 request(counter(number(2, a='x'))) + request(counter(number(3, a='x'))))
        self.assertEqual(self.values(lines, 'agent_tokens_total'), [3, 5])
        text = export(lines)
        self.assertIn('# HELP agent_tokens_total Tokens.\n# TYPE agent_tokens_total counter\n', text)
        self.assertIn('otel_scope_name="agents"', text)
        self.assertIn('target_info{', text)

    def test_deltas_are_added_up(self):
        lines = ''.join(request(counter(
            number(value, a='x') | {'startTimeUnixNano': f'{i + 1}000000000',
                                    'timeUnixNano': f'{i + 2}000000000'}, temporality=1))
            for i, value in enumerate((4, 5, 6)))
        self.assertEqual(self.values(lines, 'agent_tokens_total'), [15])

    def test_several_resources_are_told_apart(self):
        lines = (request(counter(number(1)), service='writer') +
                 request(counter(number(2)), service='critic', instance='2') +
                 request(counter(number(4)), service='writer'))
        found = self.samples(lines, 'agent_tokens_total')
        self.assertEqual({(dict(labels)['job'], dict(labels)['instance']): value
                          for labels, value in found.items()},
                         {('writer', '1'): 4, ('critic', '2'): 2})

    def test_all_types(self):
        histogram = {'name': 'latency', 'unit': 's', 'histogram': {
            'aggregationTemporality': 2, 'dataPoints': [
                {'count': '12', 'sum': 3.5, 'bucketCounts': ['10', '2'], 'explicitBounds': [1],
                 'startTimeUnixNano': '1', 'timeUnixNano': '2', 'exemplars': [
                     {'asDouble': 0.5, 'timeUnixNano': '1500000000',
                      'traceId': '5b8efff798038103d269b633813fc60c',
                      'spanId': '00f067aa0ba902b7'}]}]}}
        exponential = {'name': 'sizes', 'unit': 'By', 'exponentialHistogram': {
            'aggregationTemporality': 2, 'dataPoints': [
                {'count': '3', 'sum': 7, 'scale': 0, 'zeroCount': '1', 'timeUnixNano': '2',
                 'positive': {'offset': 0, 'bucketCounts': ['1', '1']}}]}}
        gauge = {'name': 'load', 'gauge': {'dataPoints': [
            {'asDouble': 0.25, 'timeUnixNano': '2', 'attributes': [
                {'key': 'list', 'value': {'arrayValue': {'values': [{'intValue': '1'}, {}]}}}]}]}}
        quantiles = {'name': 'rpc', 'summary': {'dataPoints': [
            {'count': '2', 'sum': 3, 'timeUnixNano': '2',
             'quantileValues': [{'quantile': 0.5, 'value': 1}]}]}}
        text = export(request(histogram, exponential, gauge, quantiles), '--format', 'openmetrics')
        for line in (r'latency_seconds_bucket{.*le="1\.0"} 10 # {.*trace_id="5b8e.*} 0\.5 1\.5',
                     r'latency_seconds_sum{.*} 3\.5', r'sizes_bytes_bucket{.*le="2\.0"} 2',
                     r'load{.*list="\[1,null\]".*} 0\.25', r'rpc{.*quantile="0\.5"} 1'):
            self.assertRegex(text, line)

    def test_one_request_over_several_lines(self):
        text = json.dumps(json.loads(request(counter(number(8)))), indent=2)
        self.assertEqual(self.values(text, 'agent_tokens_total'), [8])

    def test_a_line_that_is_broken_is_named(self):
        lines = request(counter(number(1))) + '{"resourceMetrics": [}\n'
        self.check_failed(run('export', '--from', '-', stdin=lines.encode()), 'line 2: ')

    def test_conflicts_are_told(self):
        gauge = {'name': 'agent.tokens_total', 'gauge': {'dataPoints': [number(1)]}}
        result = run('export', '--from', '-',
                     stdin=request(counter(number(1)), gauge).encode())
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'cotel metrics: ', result.stderr)


@unittest.skipUnless(PROGRAM, 'there is no program with cotel')
class Cotel(Case):
    def test_a_program_with_cotel(self):
        with subprocess.Popen([PROGRAM, '0'], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            url = process.stdout.readline().decode().strip()
            process.stdin.write(b'job\n' * 3 + b'!job\n')
            process.stdin.flush()
            for _ in range(600):  # until it has counted them
                result = run('export', '--summary', '--from', url)
                self.assertEqual((result.returncode, result.stderr), (0, b''))
                shown = result.stdout.decode()
                if 'urgent=true' in shown:
                    break
            process.stdin.close()
            self.assertEqual(process.wait(60), 0)
        self.assertRegex(shown, r'(?m)^agent_jobs +– +2 +4\n  urgent=false +3\n  urgent=true +1$')
        self.assertRegex(shown, r'(?m)^INFOS .*\ntarget +– +1\n  .*service_name=')


class Outputs(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / 'm.prom'

    def test_a_file_appears_whole(self):
        self.path.write_text('old')
        result = run('export', '--from', EXAMPLE, '--output', self.path)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b'', b''))
        self.assertTrue(self.path.read_text().endswith('lonely 7\n'))
        self.assertEqual(list(self.folder.iterdir()), [self.path])
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o666 & ~mask)

    def test_what_fails_leaves_the_old_file(self):
        self.path.write_text('old')
        self.check_failed(run('export', '--from', '-', '--output', self.path, stdin=b'x'), 'line 1')
        self.assertEqual(self.path.read_text(), 'old')
        self.check_failed(run('export', '--from', EXAMPLE, '--output', self.folder / 'no' / 'm'),
                          'cannot write')
        self.check_failed(run('export', '--from', EXAMPLE, '--output', self.folder),
                          'cannot write')
        self.assertEqual(list(self.folder.iterdir()), [self.path])

    def test_an_output_that_is_full(self):
        with open('/dev/full', 'wb') as full:
            result = subprocess.run([COTEL, 'metrics', 'export', '--from', EXAMPLE], stdout=full,
                                    stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b'cannot write stdout: No space', result.stderr)


class CommandLine(Case):
    def test_help(self):
        result = run('--help')
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        for option in ('--from', '--output', '--summary', '--format', '--max-bytes'):
            self.assertIn(option, result.stdout.decode())

    def test_wrong_usage(self):
        for arguments in ((), ('import',), ('export', 'more'), ('export', '--format', 'xml'),
                          ('export', '--what'), ('export', '--max-bytes', '0'),
                          ('export', '--from', ''), ('export', '--summary', '--format', 'text')):
            self.check_failed(run(*arguments), 'cotel metrics', 2)


if __name__ == '__main__':
    unittest.main(verbosity=1)
