# SPDX-License-Identifier: Apache-2.0
"""What cotel view answers over gRPC, seen by grpcio: check_grpcio.py COTEL"""

import pathlib
import signal
import sys
import unittest

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'integration/view'))
import viewer  # noqa: E402

COTEL = sys.argv.pop(1)
MAX_MESSAGE = 4 * 1024 * 1024


def request(name='root', trace_id=b't' * 16):
    result = service.ExportTraceServiceRequest()
    span = result.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = trace_id, b's' * 8, name
    return result


class Grpcio(unittest.TestCase):
    def setUp(self):
        self.viewer = viewer.GrpcViewer(COTEL, '--json')
        self.addCleanup(self.viewer.__exit__)
        self.channel = grpc.insecure_channel(f'127.0.0.1:{self.viewer.grpc_port}')
        self.addCleanup(self.channel.close)
        self.stub = TraceServiceStub(self.channel)

    def check_refused(self, code, details, call, *arguments, **options):
        with self.assertRaises(grpc.RpcError) as caught:
            call(*arguments, timeout=20, **options)
        self.assertEqual(caught.exception.code(), code)
        self.assertRegex(caught.exception.details(), details)

    def test_a_call_is_answered_and_shown(self):
        self.assertEqual(self.stub.Export(request('hello'), timeout=20),
                         service.ExportTraceServiceResponse())
        self.assertEqual(self.viewer.trace()['spans'][0]['name'], 'hello')

    def test_partial_success(self):
        answer = self.stub.Export(request(trace_id=b''), timeout=20)
        self.assertEqual(answer.partial_success.rejected_spans, 1)
        self.assertIn('16 bytes', answer.partial_success.error_message)

    def test_statuses(self):
        path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
        self.check_refused(grpc.StatusCode.INVALID_ARGUMENT, 'at byte',
                           self.channel.unary_unary(path), b'\x0a\x7f')
        self.check_refused(grpc.StatusCode.UNIMPLEMENTED, 'only traces',
                           self.channel.unary_unary(path + 's'), b'')

    def test_a_message_above_the_limit_costs_no_connection(self):
        for _ in range(3):
            self.check_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, 'larger than',
                               self.stub.Export, request('x' * MAX_MESSAGE))
        self.check_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, 'unfolds', self.stub.Export,
                           request('x' * MAX_MESSAGE), compression=grpc.Compression.Gzip)
        self.stub.Export(request('x' * (MAX_MESSAGE - 1000)), timeout=20)
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_many_calls_at_a_time(self):
        calls = [self.stub.Export.future(request(), timeout=60) for _ in range(1000)]
        for call in calls:
            self.assertEqual(call.result(), service.ExportTraceServiceResponse())

    def test_after_its_end_calls_fail_as_ones_worth_a_retry(self):
        self.stub.Export(request(), timeout=20)
        self.assertEqual(self.viewer.stop(signal.SIGTERM), 0)
        self.check_refused(grpc.StatusCode.UNAVAILABLE, '.', self.stub.Export, request())


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
