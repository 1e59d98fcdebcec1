#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cotel view with --forward against another cotel view, and against a receiver made here that
answers as a test says.

    check_forward.py COTEL [GRPC_CALL]
"""

import http.server
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

import otlp
import viewer

COTEL, *GRPC_CALL = sys.argv[1:]
TRACE = 0x5b8efff798038103d269b633813fc60c
GRPC_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
HOLD = 'hold'
ANSWER_TIMEOUT_S = 10
os.environ['no_proxy'] = '127.0.0.1'


def request(trace=TRACE, spans=1):
    return otlp.request(otlp.resource('one', *(otlp.span(trace, 1 + i, f'span {i}', parent=i)
                                               for i in range(spans))))


def partial_success(rejected):
    return otlp.protoc('encode', f'{otlp.PACKAGE}.ExportTraceServiceResponse',
                       f'partial_success {{rejected_spans: {rejected}}}'.encode())


class Post:
    def __init__(self, handler):
        self.at = time.monotonic()
        self.path = handler.path
        self.headers = handler.headers
        self.body = handler.rfile.read(int(handler.headers['Content-Length']))


class Target:
    """Gives the answers, each a status or (status, headers, body), in their order, then 200. HOLD
    is none until `released` is set."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.posts = []
        self.released = threading.Event()
        self._posted = threading.Condition()
        target = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                try:
                    target.answer(self)
                except ConnectionError:  # the viewer did not wait
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f'http://127.0.0.1:{self._server.server_port}'
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler):
        with self._posted:
            self.posts.append(Post(handler))
            answer = self.answers.pop(0) if self.answers else 200
            self._posted.notify_all()
        if answer == HOLD:
            self.released.wait(viewer.LIMIT_S)
            answer = 200
        status, headers, body = answer if isinstance(answer, tuple) else (answer, {}, b'')
        handler.send_response(status)
        for name, text in headers.items():
            handler.send_header(name, text)
        handler.send_header('Content-Length', str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def await_posts(self, count):
        with self._posted:
            if not self._posted.wait_for(lambda: len(self.posts) >= count, viewer.LIMIT_S):
                raise TimeoutError(f'{len(self.posts)} posts')
        return self.posts


class Case(unittest.TestCase):
    maxDiff = None

    def start(self, url, *options, kind=viewer.Viewer):
        started = kind(COTEL, '--json', '--forward', url, *options)
        self.addCleanup(started.__exit__)
        return started

    def start_target(self, *answers):
        target = Target(*answers)
        self.addCleanup(target.close)
        return target

    def start_both(self, *answers, options=()):
        target = self.start_target(*answers)
        return self.start(target.url, *options), target

    def send(self, to, body, **headers):
        answer = to.send(body, **headers)
        self.assertEqual(answer.status, 200)

    def check_end(self, ended, told):
        """It ends as ever, and tells the sum last."""
        self.assertEqual(ended.stop(), 0)
        self.assertEqual(ended.errors().splitlines()[-1], f'cotel view: {told}')


class Forwarding(Case):
    def setUp(self):
        self.second = viewer.Viewer(COTEL, '--json')
        self.addCleanup(self.second.__exit__)
        self.first = self.start(f'http://127.0.0.1:{self.second.port}', kind=viewer.GrpcViewer)

    def check_same_trace(self):
        shown = self.first.trace()
        self.assertEqual(len(shown['spans']), 2)
        self.assertEqual(self.second.trace(), shown)
        self.check_end(self.first, 'forwarded 2 spans')

    def test_protobuf(self):
        self.send(self.first, request(spans=2))
        self.check_same_trace()

    def test_json(self):
        spans = [{'traceId': f'{TRACE:032x}', 'spanId': f'{i:016x}', 'name': 'of JSON',
                  'startTimeUnixNano': '1', 'endTimeUnixNano': '2'} for i in (1, 2)]
        body = str({'resourceSpans': [{'scopeSpans': [{'spans': spans}]}]}).replace("'", '"')
        self.send(self.first, body.encode(), Content_Type='application/json')
        self.check_same_trace()

    @unittest.skipUnless(GRPC_CALL, 'there is no gRPC')
    def test_grpc(self):
        message = request(spans=2)
        subprocess.run([*GRPC_CALL, str(self.first.grpc_port), GRPC_PATH,
                        'content-type: application/grpc'],
                       input=struct.pack('>BI', 0, len(message)) + message,
                       stdout=subprocess.DEVNULL, timeout=60, check=True)
        self.check_same_trace()


class Requests(Case):
    def test_what_is_sent(self):
        first, target = self.start_both()
        self.send(first, request())
        self.check_end(first, 'forwarded 1 spans')
        post, = target.posts
        self.assertEqual((post.path, post.body), ('/v1/traces', request()))
        self.assertEqual(post.headers['Content-Type'], 'application/x-protobuf')
        self.assertNotIn('Expect', post.headers)

    def test_a_path_is_used_as_it_is(self):
        target = self.start_target()
        for path, used in (('/', '/v1/traces'), ('/otlp/?key=1', '/otlp/?key=1')):
            first = self.start(target.url + path)
            self.send(first, request())
            self.check_end(first, 'forwarded 1 spans')
            self.assertEqual(target.posts[-1].path, used)

    def test_their_order_and_a_large_one(self):
        first, target = self.start_both()
        padding = otlp.length_field(15, bytes(8 * 1024 * 1024))
        bodies = [request(TRACE + i) + (padding if i == 2 else b'') for i in range(6)]
        for body in bodies:
            self.send(first, body)
        self.assertEqual([post.body for post in target.await_posts(6)], bodies)
        self.check_end(first, 'forwarded 6 spans')

    def test_what_was_refused_or_has_no_spans_is_not_sent(self):
        first, target = self.start_both()
        self.assertEqual(first.send(b'\x0a\x7f').status, 400)
        self.send(first, b'')
        self.check_end(first, 'forwarded 0 spans')
        self.assertEqual(target.posts, [])


class Answers(Case):
    def test_a_target_that_is_overloaded_is_tried_again(self):
        for status in (429, 502, 503, 504):
            first, target = self.start_both(status)
            self.send(first, request())
            posts = target.await_posts(2)
            self.assertEqual([post.body for post in posts], [request()] * 2)
            self.check_end(first, 'forwarded 1 spans')
            self.assertIn(f'cannot forward yet: answered {status}\n', first.errors())

    def test_it_is_left_alone_for_as_long_as_it_asks(self):
        first, target = self.start_both((503, {'Retry-After': '2'}, b''))
        self.send(first, request())
        before, after = target.await_posts(2)
        self.assertGreaterEqual(after.at - before.at, 1.9)
        self.check_end(first, 'forwarded 1 spans')

    def test_it_is_given_up_on_when_it_asks_for_too_long(self):
        first, target = self.start_both((503, {'Retry-After': '31'}, b''))
        self.send(first, request())
        self.send(first, request(TRACE + 1, spans=2))
        target.await_posts(2)
        self.check_end(first, 'forwarded 2 spans; not forwarded: 1 (out of reach)')
        self.assertIn('1 spans not forwarded: answered 503\n', first.errors())

    def test_other_statuses_are_final(self):
        for status in (204, 307, 400, 401, 404, 500):
            elsewhere = {'Location': '/elsewhere'}
            first, target = self.start_both((status, elsewhere, b''))
            self.send(first, request(spans=3))
            self.send(first, request(TRACE + 1))
            self.assertEqual(len(target.await_posts(2)), 2)
            self.check_end(first, 'forwarded 1 spans; not forwarded: 3 (refused)')
            self.assertIn(f'3 spans not forwarded: answered {status}\n', first.errors())
            self.assertEqual({post.path for post in target.posts}, {'/v1/traces'})

    def test_spans_that_it_rejects_are_counted(self):
        first, _ = self.start_both((200, {}, partial_success(2)), (200, {}, partial_success(9)),
                                   (200, {}, b'\xff' * 100_000))
        for trace in range(3):
            self.send(first, request(TRACE + trace, spans=3))
        self.check_end(first, 'forwarded 4 spans; not forwarded: 5 (refused)')

    def test_a_target_that_is_not_there(self):
        with socket.create_server(('127.0.0.1', 0)) as closed:
            url = f'http://127.0.0.1:{closed.getsockname()[1]}'
        first = self.start(url)
        for trace in range(3):
            self.send(first, request(TRACE + trace))
            self.assertEqual(first.trace()['trace_id'], f'{TRACE + trace:032x}')
        self.check_end(first, 'forwarded 0 spans; not forwarded: 3 (time was up)')
        self.assertEqual(first.errors().count('cannot forward yet: Couldn\'t connect'), 1)


class Waiting(Case):
    def test_nobody_waits_for_a_target_that_does_not_answer(self):
        first, target = self.start_both(HOLD)
        for trace in range(3):
            self.send(first, request(TRACE + trace))
            self.assertEqual(first.trace()['trace_id'], f'{TRACE + trace:032x}')
        self.assertEqual(len(target.await_posts(1)), 1)
        target.released.set()
        target.await_posts(3)
        self.check_end(first, 'forwarded 3 spans')

    def test_what_does_not_fit_is_not_forwarded(self):
        padding = otlp.length_field(15, bytes(1000))
        first, target = self.start_both(HOLD, options=('--forward-max-bytes', '2000'))
        self.send(first, request() + padding)
        for trace in range(1, 4):
            self.send(first, request(TRACE + trace, spans=2) + padding)
        self.send(first, request(TRACE + 4))
        target.released.set()
        target.await_posts(2)
        self.check_end(first, 'forwarded 2 spans; not forwarded: 6 (no room)')
        self.assertEqual(first.errors().count('no room to forward more: '), 1)
        self.assertEqual(len(first.rest().splitlines()), 5)

    def test_the_end_waits_for_what_is_queued(self):
        first, target = self.start_both(HOLD, options=('--count', '1'))
        self.send(first, request())
        self.assertEqual(len(first.trace()['spans']), 1)
        self.assertIsNone(first.process.poll())
        target.released.set()
        self.assertEqual(first.exit_status(), 0)
        self.assertIn('forwarded 1 spans\n', first.errors())

    def test_the_end_does_not_wait_longer(self):
        first, target = self.start_both(HOLD)
        self.send(first, request())
        self.send(first, request(TRACE + 1, spans=2))
        target.await_posts(1)
        before = time.monotonic()
        self.check_end(first, 'forwarded 0 spans; not forwarded: 3 (time was up)')
        self.assertLess(time.monotonic() - before, ANSWER_TIMEOUT_S - 3)
        self.assertEqual(len(first.rest().splitlines()), 2)


class CommandLine(Case):
    def check_usage(self, status, told, *options):
        result = subprocess.run([COTEL, 'view', '--no-grpc', *options], capture_output=True,
                                text=True, timeout=viewer.LIMIT_S, check=False)
        self.assertEqual((result.returncode, result.stdout), (status, ''), options)
        self.assertRegex(result.stderr, told)

    def test_wrong_usage(self):
        for url in ('', '127.0.0.1:4318', 'ftp://127.0.0.1', 'http://', 'http://127.0.0.1:99999'):
            self.check_usage(2, '--forward wants a URL of http or https', '--forward', url)
        self.check_usage(2, 'max-bytes wants --forward', '--forward-max-bytes', '1000')
        for size in ('0', 'x', '1073741825'):
            self.check_usage(2, 'max-bytes wants a number', '--forward', 'http://127.0.0.1',
                             '--forward-max-bytes', size)

    def test_a_viewer_does_not_forward_to_itself(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = str(free.getsockname()[1])
        for host in ('127.0.0.1', 'localhost'):
            self.check_usage(1, 'leads to this viewer itself', '--port', port, '--forward',
                             f'http://{host}:{port}')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
