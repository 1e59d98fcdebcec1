# SPDX-License-Identifier: Apache-2.0
"""The gRPC exporter with a real server of another implementation, grpcio: check.py SEND_BATCHES."""

import concurrent.futures
import subprocess
import sys
import threading
import time
import unittest

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

PROGRAM = sys.argv.pop(1)
SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService'
RESPONSE = trace_service_pb2.ExportTraceServiceResponse
RETRIED = {'CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'}
OUTCOMES = {'OK': 'ACCEPTED', 'INVALID_ARGUMENT': 'INVALID', 'RESOURCE_EXHAUSTED': 'TOO_LARGE'}
ANSWER = RESPONSE()


def field(number, content):
    """A field of protobuf with a length, for messages below 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def retry_info(milliseconds):
    """google.rpc.Status with a RetryInfo, as it stands in grpc-status-details-bin."""
    nanos, varint = milliseconds * 1000000, b''
    while nanos > 127:
        varint, nanos = varint + bytes([nanos & 127 | 128]), nanos >> 7
    info = field(1, b'\x10' + varint + bytes([nanos]))
    detail = field(1, b'type.googleapis.com/google.rpc.RetryInfo') + field(2, info)
    return b'\x08\x08' + field(3, detail)


class Server:
    """grpcio's server; `answer` is called with each request and its context."""

    def __init__(self, answer=lambda request, context: ANSWER, options=(), **settings):
        self._answer = answer
        self._lock = threading.Lock()
        self.requests, self.contexts = [], []
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=16),
                                  options=options, **settings)
        export = grpc.unary_unary_rpc_method_handler(
            self._export, trace_service_pb2.ExportTraceServiceRequest.FromString,
            RESPONSE.SerializeToString)
        self.server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, {'Export': export}),))
        self.url = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop(None).wait()

    def _export(self, request, context):
        with self._lock:
            self.requests.append(request)
            self.contexts.append({'left': context.time_remaining(), 'peer': context.peer(),
                                  'metadata': dict(context.invocation_metadata())})
        return self._answer(request, context)

    def spans(self):
        return sum(len(scope.spans) for request in self.requests
                   for resource in request.resource_spans for scope in resource.scope_spans)


class Result:
    def __init__(self, line):
        self.outcome, rejected, took, self.message = line.rstrip('\n').split(' ', 3)
        self.rejected, self.took_ms = int(rejected), int(took)


def start(server, **options):
    words = [f'{name}={value}' for name, value in options.items()]
    return subprocess.Popen([PROGRAM, server.url, *words], stdout=subprocess.PIPE, text=True)


def finish(sender):
    out, _ = sender.communicate(timeout=60)
    assert sender.returncode == 0, sender.returncode
    return [Result(line) for line in out.splitlines()]


def send(server, **options):
    return finish(start(server, **options))


class Grpcio(unittest.TestCase):
    def test_a_request_arrives_whole(self):
        with Server() as server:
            [result] = send(server, spans=1000, timeout_ms=7000)
        self.assertEqual((result.outcome, result.message), ('ACCEPTED', ''))
        self.assertEqual(server.spans(), 1000)
        [context] = server.contexts
        self.assertTrue(5 < context['left'] <= 7, context)
        metadata = context['metadata']
        self.assertRegex(metadata['user-agent'], r'^shop/1\.2 OTel-OTLP-Exporter-C/\d')
        self.assertEqual((metadata['x-api-key'], metadata['x-empty']), ('k3y', ''))

    def test_every_status_is_final_or_retried(self):
        for code in grpc.StatusCode:
            def answer(request, context, code=code):
                if code is not grpc.StatusCode.OK:
                    context.set_code(code)
                    context.set_details('größer als 100%')
                return ANSWER
            retried = code.name in RETRIED
            with self.subTest(code.name), Server(answer) as server:
                [result] = send(server, timeout_ms=400 if retried else 10000)
                expected = 'TIMEOUT' if retried else OUTCOMES.get(code.name, 'REFUSED')
                self.assertEqual(result.outcome, expected)
                self.assertEqual(len(server.requests) > 1, retried)
                if code is not grpc.StatusCode.OK:
                    self.assertIn(f'gRPC status {code.name}: gr????er als 100%', result.message)

    def test_an_abort_before_anything_else_is_read_from_its_trailers(self):
        def answer(request, context):
            context.abort(grpc.StatusCode.PERMISSION_DENIED, 'not you')
        with Server(answer) as server:
            [result] = send(server)
        self.assertEqual(result.outcome, 'REFUSED')
        self.assertIn('gRPC status PERMISSION_DENIED: not you', result.message)

    def test_a_method_that_nobody_serves_is_refused(self):
        server = grpc.server(concurrent.futures.ThreadPoolExecutor())
        server.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        [result] = send(server)
        server.stop(None).wait()
        self.assertEqual(result.outcome, 'REFUSED')
        self.assertIn('UNIMPLEMENTED', result.message)

    def test_a_retry_info_is_kept(self):
        for code in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE):
            def answer(request, context, code=code):
                if len(server.requests) == 1:
                    context.set_code(code)
                    context.set_trailing_metadata(
                        (('grpc-status-details-bin', retry_info(500)),))
                return ANSWER
            with self.subTest(code.name), Server(answer) as server:
                [result] = send(server)
                self.assertEqual(result.outcome, 'ACCEPTED')
                self.assertEqual(len(server.requests), 2)
                self.assertGreaterEqual(result.took_ms, 500)

    def test_a_partial_success_is_counted_and_not_sent_again(self):
        def answer(request, context):
            partial = {'rejected_spans': 3, 'error_message': 'quota'}
            return RESPONSE(partial_success=partial)
        with Server(answer) as server:
            [result] = send(server)
        self.assertEqual((result.outcome, result.rejected), ('ACCEPTED', 3))
        self.assertIn('rejects 3 spans: quota', result.message)
        self.assertEqual(len(server.requests), 1)

    def test_gzip_both_ways(self):
        def answer(request, context):
            partial = {'rejected_spans': 2, 'error_message': 'x' * 2000}
            return RESPONSE(partial_success=partial)
        with Server(answer, compression=grpc.Compression.Gzip) as server:
            [result] = send(server, gzip=1, spans=500)
        self.assertEqual((result.outcome, result.rejected), ('ACCEPTED', 2))
        self.assertEqual(server.spans(), 500)
        self.assertIn('xxx', result.message)

    def test_a_message_above_four_mebibytes_is_too_large(self):
        with Server() as server:
            [result, _] = send(server, spans=5, padding=1 << 20, batches=2)
            self.assertEqual(result.outcome, 'TOO_LARGE')
            self.assertIn('RESOURCE_EXHAUSTED', result.message)
            [result] = send(server, spans=3, padding=1 << 20)
            self.assertEqual(result.outcome, 'ACCEPTED')

    def test_a_server_that_stops_ends_its_calls_and_sends_the_rest_away(self):
        entered = threading.Semaphore(0)

        def answer(request, context):
            entered.release()
            time.sleep(0.5)
            return ANSWER
        with Server(answer) as server:
            sender = start(server, concurrency=8, batches=16, timeout_ms=1500)
            for _ in range(8):
                self.assertTrue(entered.acquire(timeout=30))
            server.server.stop(5)
            results = finish(sender)
        self.assertEqual([result.outcome for result in results[:8]], ['ACCEPTED'] * 8)
        self.assertEqual([result.outcome for result in results[8:]], ['TIMEOUT'] * 8)
        self.assertIn('Connection refused', results[8].message)
        self.assertEqual(len(server.requests), 8)

    def test_a_connection_that_grows_old_is_replaced_and_nothing_is_lost(self):
        def answer(request, context):
            time.sleep(0.05)
            return ANSWER
        options = (('grpc.max_connection_age_ms', 300), ('grpc.max_connection_age_grace_ms', 5000))
        with Server(answer, options) as server:
            results = send(server, batches=40)
        self.assertEqual({result.outcome for result in results}, {'ACCEPTED'})
        self.assertEqual(server.spans(), 400)
        self.assertGreater(len({context['peer'] for context in server.contexts}), 2)

    def test_small_windows_only_slow_it_down(self):
        options = (('grpc.http2.lookahead_bytes', 1024), ('grpc.http2.bdp_probe', 0),
                   ('grpc.http2.max_frame_size', 16384))
        with Server(options=options) as server:
            results = send(server, spans=1000, padding=1000, batches=8, concurrency=8)
        self.assertEqual([result.outcome for result in results], ['ACCEPTED'] * 8)
        self.assertEqual(server.spans(), 8000)

    def test_more_calls_than_the_server_takes_at_a_time(self):
        options = (('grpc.max_concurrent_streams', 2),)
        with Server(options=options) as server:
            results = send(server, batches=64, concurrency=32)
        self.assertEqual([result.outcome for result in results], ['ACCEPTED'] * 64)
        self.assertEqual(server.spans(), 640)

    def test_a_call_that_is_given_up_is_cancelled_at_the_server(self):
        ended = threading.Event()

        def answer(request, context):
            context.add_callback(ended.set)
            ended.wait(10)
            return ANSWER
        with Server(answer) as server:
            [result] = send(server, timeout_ms=300)
            self.assertTrue(ended.wait(5))
        self.assertEqual(result.outcome, 'TIMEOUT')

    def test_pings_are_answered(self):
        def answer(request, context):
            time.sleep(0.5)
            return ANSWER
        options = (('grpc.http2.min_ping_interval_without_data_ms', 10),
                   ('grpc.http2.min_recv_ping_interval_without_data_ms', 10))
        with Server(answer, options) as server:
            [result] = send(server, keepalive_ms=50)
        self.assertEqual(result.outcome, 'ACCEPTED')
        self.assertEqual(len(server.requests), 1)


if __name__ == '__main__':
    unittest.main()
