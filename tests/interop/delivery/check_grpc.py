# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost over gRPC to grpcio's server, whose limit of 4 MiB is its default, but what it
refuses: check_grpc.py SEND_SPANS BACKLOG. What a request says is left as bytes.
"""

import concurrent.futures
import pathlib
import sys
import unittest

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'integration/delivery'))
import delivery  # noqa: E402

PROGRAM, BACKLOG = sys.argv.pop(1), int(sys.argv.pop(1))
SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService'


class Server:
    """grpcio's with its default settings; refuses poisoned requests."""

    def __enter__(self):
        self.arrivals = delivery.Arrivals()
        self._server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=2))
        export = grpc.unary_unary_rpc_method_handler(self._export)
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, {'Export': export}),))
        self.url = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(None).wait()

    def _export(self, body, context):
        self.arrivals.see(body)
        if delivery.POISON in body:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, 'poison')
        self.arrivals.take(body)
        return b''


class DeliveryOverGrpc(unittest.TestCase):
    def send(self, scenario, count):
        with Server() as server:
            account = delivery.send(PROGRAM, 'grpc', server.url, scenario, count)
        delivery.assert_all_is_accounted_for(self, account, server.arrivals, count)
        return account, server.arrivals

    def test_the_large_span_and_the_poisoned_one_are_lost_alone(self):
        account, arrivals = self.send('culprits', 10000)
        self.assertEqual(account.count['accepted'], 9998)
        self.assertEqual(account.dropped(), {'refused': 1, 'too_large': 1})
        delivery.assert_culprits_are_lost_and_named(self, account, arrivals, 10000, [3333, 6666])

    def test_a_backlog_leaves_in_requests_that_the_server_takes(self):
        account, arrivals = self.send('backlog', BACKLOG)
        delivery.assert_backlog_left_in_large_requests(
            self, account, arrivals, BACKLOG, 4 * delivery.MIB)


if __name__ == '__main__':
    unittest.main()
