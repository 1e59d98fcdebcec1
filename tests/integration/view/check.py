#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cotel view and sends it requests, whole and broken, over real HTTP.

    check.py COTEL [unittest arguments]

With COTEL_UPDATE_GOLDEN=1 set it writes what is printed to tests/golden instead of comparing.
"""

import base64
import gzip
import http.client
import math
import os
import signal
import socket
import subprocess
import sys
import time
import unittest
import zlib

import otlp
import viewer

COTEL = sys.argv.pop(1)
GOLDEN = otlp.ROOT / 'tests/golden'

TRACE = 0x5b8efff798038103d269b633813fc60c
TRACE_ID = f'{TRACE:032x}'
MAX_BODY = 64 * 1024 * 1024
QUIET_S = 0.5


def view(*options):
    return viewer.Viewer(COTEL, *options)


def agents():
    """The trace of the issue: three services, six spans."""
    return otlp.request(
        otlp.resource('orchestrator', otlp.span(TRACE, 1, 'execute_task', seconds=10.5)),
        otlp.resource(
            'writer',
            otlp.span(TRACE, 4, 'save_artifact', 2, 6.9, 0.4),
            otlp.span(TRACE, 3, 'chat gpt-4o', 2, 0.2, 6.8,
                      {'gen_ai.usage.input_tokens': 1234, 'gen_ai.usage.output_tokens': 356}),
            otlp.span(TRACE, 2, 'invoke_agent writer', 1, 0.1, 7.2)),
        otlp.resource(
            'critic',
            otlp.span(TRACE, 6, 'chat gpt-4o', 5, 7.3, 3.1),
            otlp.span(TRACE, 5, 'invoke_agent critic', 1, 7.2, 3.3)))


def error(message):
    return f'status {{code: STATUS_CODE_ERROR message: {otlp.octets(message.encode())}}}'


def one_span(trace=TRACE, **arguments):
    return otlp.request(otlp.resource('one', otlp.span(trace, 1, 'root', **arguments)))


def its_child():
    """Nothing is shown of it before its root, however long that takes on a machine that is busy."""
    return otlp.request(otlp.resource('one', otlp.span(TRACE, 2, 'child', 1)))


class Case(unittest.TestCase):
    maxDiff = None

    def check_golden(self, name, text):
        if os.environ.get('COTEL_UPDATE_GOLDEN'):
            (GOLDEN / name).write_text(text)
        self.assertEqual(text, (GOLDEN / name).read_text())

    def check_accepted(self, answer):
        self.assertEqual((answer.status, answer.body), (200, b''))
        self.assertEqual(answer.headers['Content-Type'], 'application/x-protobuf')

    def check_refused(self, answer, status, code, reason):
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.headers['Content-Type'], 'application/x-protobuf')
        text = otlp.protoc('decode', 'google.rpc.Status', answer.body,
                           'google/rpc/status.proto').decode()
        self.assertIn(f'code: {code}\n', text)
        self.assertRegex(text, f'message: ".*{reason}')


class Tree(Case):
    def test_the_agents_are_shown_as_in_the_issue(self):
        with view('--count', '1') as viewer_:
            self.check_accepted(viewer_.send(agents()))
            self.check_golden('view_agents.txt', viewer_.rest())
            self.assertEqual(viewer_.exit_status(), 0)

    def test_whatever_parents_are_claimed_every_span_has_a_row(self):
        spans = [otlp.span(TRACE, 1, 'root', seconds=0.02),
                 otlp.span(TRACE, 2, 'an orphan', 0x99, 2), otlp.span(TRACE, 3, 'its child', 2, 3),
                 otlp.span(TRACE, 4, 'another of that parent', 0x99, 4),
                 otlp.span(TRACE, 5, 'orphan elsewhere', 0x98, 5),
                 otlp.span(TRACE, 6, 'ring a', 7, 6), otlp.span(TRACE, 7, 'ring b', 6, 7),
                 otlp.span(TRACE, 8, 'below the ring', 7, 8),
                 otlp.span(TRACE, 9, 'its own parent', 9, 9),
                 otlp.span(TRACE, 10, 'a second root', start=10)]
        with view('--count', '1') as viewer_:
            viewer_.send(otlp.request(otlp.resource('svc', *spans)))
            self.check_golden('view_parents.txt', viewer_.rest())

    def test_columns_line_up_and_control_characters_do_nothing(self):
        spans = [otlp.span(TRACE, 1, 'wide 日本語', seconds=90, extra=error('no\x1b[2Jway\n')),
                 otlp.span(TRACE, 2, 'e\u0301 and ü', 1, 1, 0.000_85),
                 otlp.span(TRACE, 3, 'x' * 200, 1, 2, 0.012),
                 otlp.span(TRACE, 4, 'back\u202egnisrever', 1, 3, 0.000_000_5),
                 otlp.span(TRACE, 5, 'nul \0 c1 \x9b tab \t', 1, 4, -1),
                 otlp.span(TRACE, 6, '', 1, 5, 4000)]
        with view('--count', '1') as viewer_:
            viewer_.send(otlp.request(otlp.resource('svc ü', *spans), otlp.resource(
                '', otlp.span(TRACE, 7, 'no service', 1, 6, extra=error('')))))
            self.check_golden('view_texts.txt', viewer_.rest())

    def test_a_chain_deeper_than_a_screen_ends(self):
        spans = [otlp.span(TRACE, i + 1, f'level {i}', i, i) for i in range(2000)]
        with view('--count', '1') as viewer_:
            viewer_.send(otlp.request(otlp.resource('deep', *spans)))
            text = viewer_.rest()
        self.assertEqual(text.count('level '), 2000)
        self.assertLess(max(len(line) for line in text.splitlines()), 250)

    def test_children_stand_in_the_order_of_their_start(self):
        spans = [otlp.span(TRACE, 9 - i, f'child {i}', 1, i) for i in (3, 1, 0, 2)]
        with view('--count', '1') as viewer_:
            viewer_.send(otlp.request(otlp.resource('s', *spans, otlp.span(TRACE, 1, 'root'))))
            names = [line.split('child ')[1][0] for line in viewer_.rest().splitlines()[2:-1]]
        self.assertEqual(names, ['0', '1', '2', '3'])


class Timing(Case):
    def test_nothing_is_shown_before_the_root_and_half_a_second_of_quiet(self):
        with view() as viewer_:
            viewer_.send(otlp.request(otlp.resource('s', otlp.span(TRACE, 2, 'child', 1))))
            self.assertTrue(viewer_.nothing_for(2 * QUIET_S))
            sent = time.monotonic()
            viewer_.send(one_span())
            self.assertIn('child', viewer_.tree())
            self.assertGreaterEqual(time.monotonic() - sent, QUIET_S - 0.01)

    def test_late_spans_show_the_tree_again(self):
        with view() as viewer_:
            viewer_.send(one_span())
            self.assertNotIn('late', viewer_.tree())
            viewer_.send(otlp.request(otlp.resource('s', otlp.span(TRACE, 2, 'latecomer', 1))))
            again = viewer_.tree()
        self.assertIn('2 spans, 2 services, 1 of them late', again)
        self.assertIn('─ latecomer', again)
        self.assertIn('root', again)

    def test_a_span_that_comes_again_does_not(self):
        with view() as viewer_:
            viewer_.send(one_span())
            viewer_.tree()
            viewer_.send(one_span())
            self.assertTrue(viewer_.nothing_for(2 * QUIET_S))

    def test_count_counts_a_trace_once(self):
        with view('--count', '2') as viewer_:
            viewer_.send(one_span())
            viewer_.tree()
            viewer_.send(otlp.request(otlp.resource('s', otlp.span(TRACE, 2, 'late', 1))))
            viewer_.tree()
            self.assertIsNone(viewer_.process.poll())
            viewer_.send(one_span(TRACE + 1))
            self.assertEqual(viewer_.exit_status(), 0)

    def test_until_idle_waits_for_the_first_span_and_shows_what_is_left(self):
        with view('--until-idle', '300') as viewer_:
            time.sleep(0.6)
            self.assertIsNone(viewer_.process.poll())
            viewer_.send(otlp.request(otlp.resource('s', otlp.span(TRACE, 2, 'rootless', 1))))
            self.assertEqual(viewer_.exit_status(), 0)
            self.assertIn('(parent 0000000000000001 has not come)\n  └─ rootless', viewer_.rest())

    def test_a_signal_shows_what_is_left(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), view() as viewer_:
                viewer_.send(one_span())
                self.assertEqual(viewer_.stop(number), 0)
                self.assertIn('root', viewer_.rest())


class Json(Case):
    def test_all_that_was_sent_is_there(self):
        attributes = {'text': 'a\0ü', 'yes': True, 'least': -2**63, 'most': 2**63 - 1,
                      'third': 1 / 3, 'bytes': b'\xff\0\x01\x02', 'list': ['a', 1, None, [True]],
                      'map': {'deep': {'er': 1.5}}, 'empty': '', 'none': None, '': 'no key'}
        link = (f'links {{trace_id: {otlp.octets(b"L" * 16)} span_id: {otlp.octets(b"S" * 8)} '
                f'trace_state: "a=b" flags: 257 dropped_attributes_count: 4 '
                + otlp.pairs('attributes', {'why': 'batch'}) + '}')
        event = (f'events {{time_unix_nano: {otlp.START + 7} name: "exception" '
                 'dropped_attributes_count: 5 '
                 + otlp.pairs('attributes', {'exception.type': 'E'}) + '}')
        extra = (f'kind: SPAN_KIND_CONSUMER trace_state: "k=v" flags: 769 {event} {link} '
                 'dropped_attributes_count: 1 dropped_events_count: 2 dropped_links_count: 3 '
                 + error('bad'))
        body = otlp.request(otlp.resource(
            'svc', otlp.span(TRACE, 2, 'child', 1, 0.25, 0.5, attributes, extra),
            otlp.span(TRACE, 1, 'root'),
            extra='dropped_attributes_count: 6 ' + otlp.pairs('attributes', {'host.name': 'h'}),
            scope='schema_url: "https://schema" scope { name: "lib" version: "1.2" '
                  + otlp.pairs('attributes', {'s': 1}) + ' dropped_attributes_count: 7 }'))
        with view('--json', '--count', '1') as viewer_:
            self.check_accepted(viewer_.send(body))
            trace = viewer_.trace()
        self.assertEqual(set(trace), {'trace_id', 'has_root', 'duplicate_spans', 'spans'})
        self.assertEqual((trace['trace_id'], trace['has_root']), (TRACE_ID, True))
        root, child = trace['spans']
        self.assertEqual((root['name'], root['parent_span_id']), ('root', ''))
        self.assertEqual(root['status'], {'code': 'unset', 'message': ''})
        self.assertEqual(child, {
            'span_id': '0000000000000002', 'parent_span_id': '0000000000000001',
            'name': 'child', 'service': 'svc', 'kind': 'consumer',
            'start_unix_ns': otlp.START + 250_000_000, 'end_unix_ns': otlp.START + 750_000_000,
            'status': {'code': 'error', 'message': 'bad'},
            'attributes': attributes | {'bytes': base64.b64encode(b'\xff\0\x01\x02').decode()},
            'events': [{'name': 'exception', 'time_unix_ns': otlp.START + 7,
                        'attributes': {'exception.type': 'E'}, 'dropped_attributes_count': 5}],
            'links': [{'trace_id': (b'L' * 16).hex(), 'span_id': (b'S' * 8).hex(),
                       'trace_state': 'a=b', 'flags': 257, 'attributes': {'why': 'batch'},
                       'dropped_attributes_count': 4}],
            'trace_state': 'k=v', 'flags': 769, 'dropped_attributes_count': 1,
            'dropped_events_count': 2, 'dropped_links_count': 3,
            'scope': {'name': 'lib', 'version': '1.2', 'schema_url': 'https://schema',
                      'attributes': {'s': 1}, 'dropped_attributes_count': 7},
            'resource': {'attributes': {'service.name': 'svc', 'host.name': 'h'},
                         'schema_url': '', 'dropped_attributes_count': 6}})

    def test_numbers_that_json_does_not_have_are_strings(self):
        numbers = {'nan': math.nan, 'up': math.inf, 'down': -math.inf}
        with view('--json', '--count', '1') as viewer_:
            viewer_.send(one_span(attributes=numbers))
            span = viewer_.trace()['spans'][0]
        self.assertEqual(span['attributes'],
                         {'nan': 'NaN', 'up': 'Infinity', 'down': '-Infinity'})

    def test_spans_that_came_twice_are_counted(self):
        with view('--json', '--count', '1') as viewer_:
            for body in [its_child()] * 3 + [one_span()]:
                viewer_.send(body)
            trace = viewer_.trace()
        self.assertEqual((len(trace['spans']), trace['duplicate_spans']), (2, 2))

    def test_traces_stay_apart(self):
        with view('--json', '--count', '50') as viewer_:
            for number in range(1, 51):
                viewer_.send(one_span(TRACE + number))
            traces = [viewer_.trace()['trace_id'] for _ in range(50)]
        self.assertEqual(len(set(traces)), 50)


class Transport(Case):
    """What comes in, and in what wrapping; and the next request after each refusal."""

    def setUp(self):
        self.viewer = view('--json')
        self.addCleanup(self.viewer.__exit__)

    def tearDown(self):
        """Whatever happened, it still works."""
        self.check_accepted(self.viewer.send(one_span(TRACE + 77)))
        self.assertEqual(self.viewer.trace()['trace_id'], f'{TRACE + 77:032x}')

    def check_shown(self):
        self.assertEqual(len(self.viewer.trace()['spans']), 6)

    def test_chunked(self):
        body = agents()
        pieces = [body[i:i + 100] for i in range(0, len(body), 100)]
        self.check_accepted(self.viewer.send(iter(pieces)))
        self.check_shown()

    def test_gzip(self):
        self.check_accepted(self.viewer.send(gzip.compress(agents()), Content_Encoding='gzip'))
        self.check_shown()

    def test_gzip_in_chunks_and_in_two_members(self):
        body = agents()
        packed = gzip.compress(body[:300]) + gzip.compress(body[300:])
        pieces = [packed[i:i + 50] for i in range(0, len(packed), 50)]
        self.check_accepted(self.viewer.send(iter(pieces), Content_Encoding='gzip'))
        self.check_shown()

    def test_parameters_of_the_content_type_and_identity(self):
        self.check_accepted(self.viewer.send(
            agents(), Content_Type='application/x-protobuf; charset=x',
            Content_Encoding='identity'))
        self.check_shown()

    def test_several_requests_on_a_connection(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.viewer.port, timeout=30)
        self.addCleanup(connection.close)
        for body, status in ((its_child(), 200), (b'\x07', 400), (b'', 200), (agents(), 200)):
            connection.request('POST', '/v1/traces', body, viewer.HEADERS)
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, status)
        self.check_shown()

    def test_an_empty_body_is_an_empty_request(self):
        self.check_accepted(self.viewer.send(b''))

    def test_other_paths_methods_and_types(self):
        body = one_span()
        for path in ('/', '/v1/metrics/', '/v1/logs', '/v1/traces/'):
            self.check_refused(self.viewer.send(body, path=path), 404, 5, '/v1/traces')
        answer = self.viewer.send(None, method='GET')
        self.check_refused(answer, 405, 12, 'POST')
        self.assertEqual(answer.headers['Allow'], 'POST')
        for content_type in ('application/jsonx', 'application/x-protobuf-x', 'text/plain'):
            self.check_refused(self.viewer.send(body, Content_Type=content_type), 415, 3,
                               'application/x-protobuf')
        self.check_refused(self.viewer.send(body, Content_Encoding='br'), 415, 3, 'gzip')

    def test_a_body_that_is_cut(self):
        self.check_refused(self.viewer.send(agents()[:-3]), 400, 3, 'at byte')

    def test_text_that_is_not_utf8(self):
        body = one_span().replace(b'root', b'ro\xff\xfe')
        self.check_refused(self.viewer.send(body), 400, 3, 'Span.name is not valid UTF-8')

    def test_gzip_that_is_none_or_cut(self):
        packed = gzip.compress(agents())
        for body in (b'plain', packed[:-9], packed + b'more'):
            self.check_refused(self.viewer.send(body, Content_Encoding='gzip'), 400, 3, 'gzip')

    def test_values_nested_too_deep(self):
        content = otlp.length_field(1, b'end')
        for _ in range(60):
            content = otlp.length_field(5, otlp.length_field(1, content))
        attribute = otlp.length_field(1, b'k') + otlp.length_field(2, content)
        span = (otlp.length_field(1, b't' * 16) + otlp.length_field(2, b's' * 8)
                + otlp.length_field(9, attribute))
        body = otlp.length_field(1, otlp.length_field(2, otlp.length_field(2, span)))
        self.check_refused(self.viewer.send(body), 400, 3, 'deeper than 100')

    def test_too_many_fields(self):
        body = otlp.length_field(1, b'\x12\x00' * (2 * 1024 * 1024))
        self.check_refused(self.viewer.send(body), 413, 8, 'fields')

    def test_a_body_that_is_too_large(self):
        body = bytes(MAX_BODY + 1)
        self.check_refused(self.viewer.send(body), 413, 8, 'larger than')
        chunk = bytes(1024 * 1024)
        self.check_refused(self.viewer.send(chunk for _ in range(65)), 413, 8, 'larger than')

    def test_a_client_that_asks_first_need_not_send(self):
        with socket.create_connection(('127.0.0.1', self.viewer.port), timeout=30) as client:
            client.sendall(b'POST /v1/traces HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n'
                           b'Content-Type: application/x-protobuf\r\n'
                           b'Content-Length: 99999999\r\n\r\n')
            self.assertTrue(client.recv(4096).startswith(b'HTTP/1.1 413 '))

    def test_a_bomb(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b''.join(packer.compress(bytes(1024 * 1024)) for _ in range(200)) + packer.flush()
        self.assertLess(len(bomb), 300_000)
        self.check_refused(self.viewer.send(bomb, Content_Encoding='gzip'), 413, 8, 'unfolds')

    def test_a_client_that_goes_away(self):
        with socket.create_connection(('127.0.0.1', self.viewer.port)) as client:
            client.sendall(b'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n'
                           b'Content-Type: application/x-protobuf\r\n\r\nhalf')

    def test_spans_with_bad_ids_are_counted_and_the_others_taken(self):
        body = otlp.request(otlp.resource(
            's', otlp.span(0, 1, 'no trace'), otlp.span(TRACE, 0, 'no id'),
            otlp.span(TRACE, 1, 'good')))
        answer = self.viewer.send(body)
        self.assertEqual(answer.status, 200)
        text = otlp.protoc('decode', f'{otlp.PACKAGE}.ExportTraceServiceResponse',
                           answer.body).decode()
        self.assertRegex(text, r'rejected_spans: 2\n\s+error_message: ".*16 bytes')
        self.assertEqual([span['name'] for span in self.viewer.trace()['spans']], ['good'])


class CommandLine(Case):
    def run_cotel(self, *arguments):
        return subprocess.run([COTEL, *arguments], capture_output=True, text=True, timeout=30,
                              check=False)

    def test_help(self):
        for arguments in (('--help',), ('view', '--help')):
            result = self.run_cotel(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            self.assertTrue(result.stdout.startswith('Usage: cotel '))
        for option in ('--port', '--port-file', '--grpc-port', '--no-grpc', '--json', '--count', '--until-idle'):
            self.assertIn(option, result.stdout)

    def test_version(self):
        self.assertRegex(self.run_cotel('--version').stdout, r'^cotel \d+\.\d+\.\d+\n$')

    def test_wrong_usage(self):
        for arguments in ((), ('look',), ('view', '--port', '65536'), ('view', '--port', 'x'),
                          ('view', '--count', '0'), ('view', '--until-idle', '-1'),
                          ('view', '--what'), ('view', 'extra')):
            result = self.run_cotel(*arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ''), arguments)
            self.assertTrue(result.stderr)

    def test_a_port_that_is_taken(self):
        with view() as viewer_:
            result = self.run_cotel('view', '--port', str(viewer_.port))
        self.assertEqual(result.returncode, 1)
        self.assertIn('in use', result.stderr)

    def test_it_says_where_it_listens(self):
        with view('--until-idle', '0', '--no-grpc') as viewer_:
            viewer_.send(one_span())
            viewer_.exit_status()
            self.assertEqual(viewer_.errors(), f'listening on 127.0.0.1:{viewer_.port}\n')

    def test_a_port_file_that_cannot_be_written(self):
        result = self.run_cotel('view', '--port', '0', '--port-file', '/dev/null/none')
        self.assertEqual(result.returncode, 1)
        self.assertIn('cannot start', result.stderr)


if __name__ == '__main__':
    unittest.main(verbosity=1)
