#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost over HTTP but what the server refuses: check_http.py SEND_SPANS BACKLOG

BACKLOG is how many spans shall leave in one go.
"""

import http.server
import sys
import threading
import unittest

import delivery

PROGRAM, BACKLOG = sys.argv.pop(1), int(sys.argv.pop(1))
POLL_S = 0.02


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.arrivals.see(body)
        status = 413 if len(body) > self.server.limit else 400 if delivery.POISON in body else 200
        if status == 200:
            self.server.arrivals.take(body)
        text = b'' if status == 200 else b'no'
        self.send_response(status)
        self.send_header('Content-Type', 'application/x-protobuf' if not text else 'text/plain')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Server:
    """Takes requests up to `limit` bytes, but poisoned ones."""

    def __init__(self, limit):
        self._limit = limit

    def __enter__(self):
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self._server.limit = self._limit
        self._server.arrivals = self.arrivals = delivery.Arrivals()
        self.url = f'http://127.0.0.1:{self._server.server_port}/v1/traces'
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class DeliveryOverHttp(unittest.TestCase):
    def send(self, limit, scenario, count):
        with Server(limit) as server:
            account = delivery.send(PROGRAM, 'http', server.url, scenario, count)
        delivery.assert_all_is_accounted_for(self, account, server.arrivals, count)
        return account, server.arrivals

    def test_a_server_that_takes_20_mib_lacks_the_poisoned_span_alone(self):
        account, arrivals = self.send(20 * delivery.MIB, 'culprits', 10000)
        self.assertEqual(account.count['accepted'], 9999)
        self.assertEqual(account.dropped(), {'refused': 1})
        delivery.assert_culprits_are_lost_and_named(self, account, arrivals, 10000, [6666])

    def test_a_server_that_takes_4_mib_lacks_the_large_span_too(self):
        account, arrivals = self.send(4 * delivery.MIB, 'culprits', 10000)
        self.assertEqual(account.count['accepted'], 9998)
        self.assertEqual(account.dropped(), {'refused': 1, 'too_large': 1})
        delivery.assert_culprits_are_lost_and_named(self, account, arrivals, 10000, [3333, 6666])

    def test_a_backlog_leaves_in_requests_below_4_mib(self):
        account, arrivals = self.send(4 * delivery.MIB, 'backlog', BACKLOG)
        delivery.assert_backlog_left_in_large_requests(
            self, account, arrivals, BACKLOG, 4 * delivery.MIB)


if __name__ == '__main__':
    unittest.main()
