#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Calls cotel view over gRPC: by libcurl, by frames made by hand, and by a program with cotel.

    check_grpc.py COTEL GRPC_CALL [PROGRAM]
"""

import concurrent.futures
import gzip
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

import otlp
import viewer

COTEL, GRPC_CALL, *PROGRAM = sys.argv[1:]
TRACE = 0x5b8efff798038103d269b633813fc60c
PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
TYPE = 'content-type: application/grpc'
MAX_MESSAGE = 4 * 1024 * 1024
WINDOW = 1024 * 1024
OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 3, 8, 12, 13


def framed(message, flag=0):
    return struct.pack('>BI', flag, len(message)) + message


def one_span(trace=TRACE, name='root'):
    return otlp.request(otlp.resource('one', otlp.span(trace, 1, name)))


def its_child():
    """Nothing is shown of it before its root, however long that takes on a machine that is busy."""
    return otlp.request(otlp.resource('one', otlp.span(TRACE, 2, 'child', 1)))


class Answer:
    def __init__(self, text):
        headers, _, body = text.rpartition('body: ')
        self.headers = dict(re.findall(r'^([a-z-]+): *(.*)$', headers, re.M))
        self.http_status = int(re.match(r'HTTP/2 (\d+)', headers).group(1))
        self.status = int(self.headers.get('grpc-status', -1))
        self.body = bytes.fromhex(body)


class Case(unittest.TestCase):
    maxDiff = None

    def start(self, *options):
        self.viewer = viewer.GrpcViewer(COTEL, '--json', *options)
        self.addCleanup(self.viewer.__exit__)

    def call(self, body, *headers, path=PATH):
        result = subprocess.run(
            [GRPC_CALL, str(self.viewer.grpc_port), path, *(headers or [TYPE])],
            input=body, stdout=subprocess.PIPE, timeout=60, check=True)
        return Answer(result.stdout.decode())

    def check_accepted(self, answer):
        self.assertEqual((answer.http_status, answer.status), (200, OK))
        self.assertEqual(answer.headers['content-type'], 'application/grpc')
        self.assertEqual(answer.body, framed(b''))


class Calls(Case):
    def setUp(self):
        self.start()

    def tearDown(self):
        """Whatever happened, it still works."""
        self.check_accepted(self.call(framed(one_span(TRACE + 77))))
        self.assertEqual(self.viewer.trace()['trace_id'], f'{TRACE + 77:032x}')

    def check_refused(self, answer, status, reason):
        self.assertEqual((answer.http_status, answer.status), (200, status))
        self.assertRegex(answer.headers['grpc-message'], reason)
        self.assertEqual(answer.body, b'')
        self.assertRegex(self.viewer.errors(), f'answered [A-Z_]+: .*{reason}')

    def test_a_call_is_shown(self):
        self.check_accepted(self.call(framed(one_span(name='hello'))))
        self.assertEqual(self.viewer.trace()['spans'][0]['name'], 'hello')

    def test_gzip(self):
        message = framed(gzip.compress(one_span()), 1)
        self.check_accepted(self.call(message, TYPE, 'grpc-encoding: gzip'))
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_a_message_need_not_be_packed_where_it_might_be(self):
        for encoding in 'gzip', 'identity':
            self.check_accepted(self.call(framed(its_child()), TYPE, f'grpc-encoding: {encoding}'))
        self.check_accepted(self.call(framed(one_span())))
        self.assertEqual(self.viewer.trace()['duplicate_spans'], 1)

    def test_types_of_content(self):
        for content_type in ('application/grpc+proto', 'application/grpc;charset=utf-8'):
            self.check_accepted(self.call(framed(b''), f'content-type: {content_type}'))
        for content_type in ('application/grpc+json', 'application/grpc-web', 'text/plain'):
            answer = self.call(framed(b''), f'content-type: {content_type}')
            self.assertEqual((answer.http_status, answer.status), (415, -1))

    def test_an_empty_message_is_an_empty_request(self):
        self.check_accepted(self.call(framed(b'')))

    def test_metrics_are_taken_by_a_method_of_their_own(self):
        path = PATH.replace('trace', 'metrics').replace('Trace', 'Metrics')
        self.check_accepted(self.call(framed(b'\x0a\x00'), path=path))
        self.check_refused(self.call(framed(b'\x0a\x7f'), path=path), INVALID_ARGUMENT, 'at byte')

    def test_other_methods_are_not_there(self):
        for path in ('/', PATH.replace('trace', 'metrics'), PATH + 'X'):
            self.check_refused(self.call(framed(one_span()), path=path), UNIMPLEMENTED,
                               'only traces')

    def test_an_encoding_that_is_not_known(self):
        answer = self.call(framed(one_span(), 1), TYPE, 'grpc-encoding: zstd')
        self.check_refused(answer, UNIMPLEMENTED, 'encoding')
        self.assertEqual(answer.headers['grpc-accept-encoding'], 'identity,gzip')

    def test_what_is_no_request(self):
        self.check_refused(self.call(framed(b'\x0a\x7f')), INVALID_ARGUMENT, 'at byte 2')

    def test_text_of_a_reason_is_encoded(self):
        body = one_span().replace(b'root', b'ro\xff\xfe')
        self.check_refused(self.call(framed(body)), INVALID_ARGUMENT, 'not valid UTF-8')

    def test_what_is_not_one_message(self):
        self.check_refused(self.call(b''), UNIMPLEMENTED, 'no message')
        self.check_refused(self.call(framed(b'') * 2), UNIMPLEMENTED, 'more than one')
        self.check_refused(self.call(framed(one_span())[:-1]), INTERNAL, 'cut off')
        self.check_refused(self.call(b'\0\0'), INTERNAL, 'cut off')
        self.check_refused(self.call(framed(b'', 2)), INTERNAL, 'not told')
        self.check_refused(self.call(framed(gzip.compress(b''), 1)), INTERNAL, 'not told')

    def test_gzip_that_is_none_or_cut(self):
        for message in (one_span(), gzip.compress(one_span())[:-5]):
            answer = self.call(framed(message, 1), TYPE, 'grpc-encoding: gzip')
            self.check_refused(answer, INTERNAL, 'not gzip')

    def test_messages_up_to_4_mib(self):
        padding = otlp.length_field(15, bytes(MAX_MESSAGE - 4))
        self.assertEqual(len(padding), MAX_MESSAGE + 1)
        with Frames(self.viewer.grpc_port) as frames:
            frames.begin(1)
            frames.send_data(1, framed(padding)[:WINDOW + 20_000])
            self.assertTrue(frames.read_until(frames.HEADERS)[1] & frames.END_STREAM)
        self.assertIn('answered RESOURCE_EXHAUSTED: the message of 4194305 bytes is larger',
                      self.viewer.errors())
        self.check_accepted(self.call(framed(otlp.length_field(15, bytes(MAX_MESSAGE - 5)))))

    def test_a_bomb(self):
        message = framed(gzip.compress(bytes(MAX_MESSAGE + 1)), 1)
        self.check_refused(self.call(message, TYPE, 'grpc-encoding: gzip'), RESOURCE_EXHAUSTED,
                           'unfolds')

    def test_spans_with_bad_ids_are_counted_and_the_others_taken(self):
        body = otlp.request(otlp.resource('s', otlp.span(0, 1, 'no trace'),
                                          otlp.span(TRACE, 1, 'good')))
        answer = self.call(framed(body))
        self.assertEqual(answer.status, OK)
        text = otlp.protoc('decode', f'{otlp.PACKAGE}.ExportTraceServiceResponse',
                           answer.body[5:]).decode()
        self.assertIn('rejected_spans: 1\n', text)
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_many_connections_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: self.call(framed(one_span())), range(64)))
        for answer in answers:
            self.check_accepted(answer)
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_http_1_and_tls_are_told_what_the_port_is_for(self):
        for hello in (b'POST /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n', b'\x16\x03\x01' + bytes(40)):
            with socket.create_connection(('127.0.0.1', self.viewer.grpc_port), 30) as client:
                client.sendall(hello)
                while client.recv(4096):
                    pass
        self.assertEqual(self.viewer.errors().count('this port takes gRPC'), 2)


class Limits(Case):
    def test_the_largest_message_is_an_option(self):
        self.start('--grpc-max-bytes', '1000')
        answer = self.call(framed(otlp.length_field(15, bytes(999))))
        self.assertEqual(answer.status, RESOURCE_EXHAUSTED)
        self.check_accepted(self.call(framed(otlp.length_field(15, bytes(990)))))


class Frames:
    """HTTP/2 by hand, as much of it as takes to be in the middle of a call."""

    DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
    END_STREAM, END_HEADERS = 1, 4

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), 30)
        self._input = self.socket.makefile('rb')
        self.socket.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
        self.send(self.SETTINGS, 0, 0)
        self.read_until(self.SETTINGS)
        self.send(self.SETTINGS, 1, 0)  # agreed: now the windows are those of the server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._input.close()
        self.socket.close()

    @staticmethod
    def frame(kind, flags, stream, payload=b''):
        return (struct.pack('>I', len(payload))[1:] + struct.pack('>BBI', kind, flags, stream)
                + payload)

    def send(self, *frame):
        self.socket.sendall(self.frame(*frame))

    def send_data(self, stream, data):
        for i in range(0, len(data), 10_000):
            self.send(self.DATA, 0, stream, data[i:i + 10_000])

    def begin(self, stream, path=PATH):
        headers = {':method': 'POST', ':scheme': 'http', ':path': path, ':authority': 'x',
                   'content-type': 'application/grpc', 'te': 'trailers'}
        block = b''.join(b'\0' + bytes([len(name)]) + name.encode() + bytes([len(value)])
                         + value.encode() for name, value in headers.items())
        self.send(self.HEADERS, self.END_HEADERS, stream, block)

    def read(self):
        """(type, flags, stream, payload); None at the end."""
        head = self._input.read(9)
        if len(head) < 9:
            return None
        size = int.from_bytes(head[:3], 'big')
        return (head[3], head[4], int.from_bytes(head[5:], 'big'), self._input.read(size))

    def wait_until_all_is_read(self):
        """A server that closes with something unread resets the connection instead of ending it."""
        self.send(self.PING, 0, 0, bytes(8))
        self.read_until(self.PING)

    def read_until(self, kind):
        """Frames up to the first of a kind."""
        while frame := self.read():
            if frame[0] == kind:
                return frame
        raise AssertionError(f'no frame of type {kind} came')


class Lives(Case):
    def setUp(self):
        self.start()

    def test_a_refused_call_is_answered_at_its_end(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.begin(1, '/elsewhere')
            frames.send_data(1, bytes(WINDOW - 1))
            self.check_accepted(self.call(framed(b'')))
            frames.send(frames.DATA, frames.END_STREAM, 1)
            answer = frames.read_until(frames.HEADERS)
            self.assertTrue(answer[1] & frames.END_STREAM)
        self.assertEqual(self.viewer.errors().count('answered UNIMPLEMENTED'), 1)

    def test_one_that_does_not_come_to_it_is_reset_behind_the_answer(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.begin(1, '/elsewhere')
            frames.send_data(1, bytes(WINDOW))
            answer = frames.read_until(frames.HEADERS)
            self.assertTrue(answer[1] & frames.END_STREAM)
            self.assertEqual(frames.read_until(frames.RST_STREAM)[2:], (1, bytes(4)))

    def test_as_many_streams_as_the_settings_say_at_a_time(self):
        body = framed(its_child())
        streams = [2 * i + 1 for i in range(100)]
        with Frames(self.viewer.grpc_port) as frames:
            for stream in streams:
                frames.begin(stream)
            for piece, flags in (body[:7], 0), (body[7:], frames.END_STREAM):
                frames.socket.sendall(b''.join(frames.frame(frames.DATA, flags, stream, piece)
                                               for stream in streams))
            ended = [frames.read_until(frames.HEADERS) for _ in range(200)]
        self.check_accepted(self.call(framed(one_span())))
        self.assertEqual([frame[2] for frame in ended if frame[1] & Frames.END_STREAM], streams)
        self.assertEqual(self.viewer.trace()['duplicate_spans'], 99)

    def test_what_is_under_way_at_a_signal_is_answered_and_shown(self):
        body = framed(one_span())
        with Frames(self.viewer.grpc_port) as frames:
            frames.begin(1)
            frames.send(frames.DATA, 0, 1, body[:20])
            self.check_accepted(self.call(framed(b'')))  # so it has read the beginning, too
            self.viewer.process.send_signal(signal.SIGTERM)
            goaway = frames.read_until(frames.GOAWAY)
            self.assertEqual(struct.unpack('>II', goaway[3][:8]), (1, 0))
            frames.begin(3)  # too late: nobody answers
            frames.send(frames.DATA, frames.END_STREAM, 1, body[20:])
            self.assertEqual(frames.read_until(frames.HEADERS)[2], 1)
            trailers = frames.read_until(frames.HEADERS)
            self.assertTrue(trailers[1] & frames.END_STREAM)
        self.assertEqual(self.viewer.exit_status(), 0)
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_a_call_that_does_not_end_holds_nobody_up_for_long(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.begin(1)
            self.check_accepted(self.call(framed(b'')))
            begin = time.monotonic()
            self.assertEqual(self.viewer.stop(), 0)
            self.assertLess(time.monotonic() - begin, 10)

    def test_a_connection_without_calls_ends_at_once(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.wait_until_all_is_read()
            self.viewer.process.send_signal(signal.SIGTERM)
            frames.read_until(frames.GOAWAY)
            self.assertIsNone(frames.read())
        self.assertEqual(self.viewer.exit_status(), 0)

    def test_what_is_not_read_any_more_does_not_reset_the_connection(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.wait_until_all_is_read()
            self.viewer.process.send_signal(signal.SIGSTOP)
            for _ in range(3):
                frames.send(frames.PING, 0, 0, bytes(8))
            self.viewer.process.send_signal(signal.SIGTERM)
            self.viewer.process.send_signal(signal.SIGCONT)
            frames.read_until(frames.GOAWAY)
            while frames.read():
                pass
        self.assertEqual(self.viewer.exit_status(), 0)

    def test_clients_that_go_away_in_the_middle(self):
        for _ in range(20):
            with Frames(self.viewer.grpc_port) as frames:
                frames.begin(1)
                frames.send(frames.DATA, 0, 1, framed(bytes(100))[:50])
        self.check_accepted(self.call(framed(one_span())))
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_a_peer_that_reads_nothing_takes_no_time(self):
        with Frames(self.viewer.grpc_port) as frames:
            frames.socket.settimeout(2)
            try:
                for _ in range(2_000_000 // 17):
                    frames.socket.sendall(bytes.fromhex('000008060000000000') + bytes(8))  # PING
            except OSError:
                pass
            self.check_accepted(self.call(framed(b'')))
            self.assertLess(self.cpu_seconds_of(1), 0.5)

    def cpu_seconds_of(self, seconds):
        def used():
            fields = pathlib.Path(f'/proc/{self.viewer.process.pid}/stat').read_text().split()
            return (int(fields[13]) + int(fields[14])) / os.sysconf('SC_CLK_TCK')
        before = used()
        time.sleep(seconds)
        return used() - before


class CommandLine(Case):
    def run_view(self, *options):
        return subprocess.run([COTEL, 'view', *options], capture_output=True, text=True, timeout=30,
                              check=False)

    def test_it_says_where_it_listens(self):
        self.start()
        self.viewer.stop()
        self.assertEqual(self.viewer.errors(),
                         f'listening on 127.0.0.1:{self.viewer.port}\n'
                         f'listening on 127.0.0.1:{self.viewer.grpc_port} for gRPC\n')

    def test_without_grpc(self):
        with viewer.Viewer(COTEL, '--no-grpc') as viewer_:
            viewer_.stop()
            self.assertEqual(viewer_.errors(), f'listening on 127.0.0.1:{viewer_.port}\n')

    def test_a_port_that_is_taken(self):
        self.start()
        result = self.run_view('--port', '0', '--grpc-port', str(self.viewer.grpc_port))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, 'no gRPC on .* in use; --grpc-port')

    def test_wrong_usage(self):
        for options in (['--grpc-port', 'x'], ['--grpc-max-bytes', '0'],
                        ['--grpc-max-bytes', '67108865'], ['--no-grpc', '--grpc-port', '1']):
            result = self.run_view(*options)
            self.assertEqual((result.returncode, result.stdout), (2, ''), options)
            self.assertTrue(result.stderr)


@unittest.skipUnless(PROGRAM, 'there is no program with cotel')
class Cotel(Case):
    def check_sent(self, **environment):
        self.start('--count', '1')
        environment |= {'OTEL_EXPORTER_OTLP_PROTOCOL': 'grpc', 'OTEL_SERVICE_NAME': 'over gRPC',
                        'OTEL_EXPORTER_OTLP_ENDPOINT': f'http://127.0.0.1:{self.viewer.grpc_port}'}
        result = subprocess.run(PROGRAM, env=environment, capture_output=True, text=True,
                                timeout=60, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertEqual({span['service'] for span in self.viewer.trace()['spans']}, {'over gRPC'})
        self.assertEqual(self.viewer.exit_status(), 0)

    def test_a_program_with_cotel(self):
        self.check_sent()

    def test_gzip(self):
        self.check_sent(OTEL_EXPORTER_OTLP_COMPRESSION='gzip')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
