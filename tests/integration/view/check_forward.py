#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts cotel view between a sender and another cotel view, or somebody worse.

    check_forward.py COTEL [unittest arguments]
"""

import gzip
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
import unittest

import otlp
import viewer

COTEL = sys.argv.pop(1)
TRACE = 0x5b8efff798038103d269b633813fc60c
LIMIT_S = 30


def body(name='root'):
    return otlp.request(otlp.resource('one', otlp.span(TRACE, 1, name)))


def between(url):
    return viewer.Viewer(COTEL, '--json', '--forward', url)


class Moody(http.server.ThreadingHTTPServer):
    """Gives the answers that it was told, and then 200; keeps what it got."""

    def __init__(self, *answers):
        super().__init__(('127.0.0.1', 0), self.Handler)
        self.answers, self.got = list(answers), []
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()
        self.url = f'http://127.0.0.1:{self.server_port}'

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.got.append(
                (self.path, self.headers['Content-Type'],
                 self.rfile.read(int(self.headers['Content-Length']))))
            self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
            self.send_header('Content-Length', '0')
            self.end_headers()

        def log_message(self, *_):
            pass

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Forwarding(unittest.TestCase):
    def test_the_next_viewer_shows_the_same(self):
        with viewer.Viewer(COTEL, '--json') as last, \
                between(f'http://127.0.0.1:{last.port}/') as first:
            self.assertEqual(first.send(body()).status, 200)
            trace = first.trace()
            self.assertEqual(trace['spans'][0]['name'], 'root')
            self.assertEqual(last.trace(), trace)

    def test_bodies_go_on_as_they_came_but_unpacked(self):
        text = json.dumps({'resourceSpans': []}).encode()
        with Moody() as peer, between(peer.url) as first:
            first.send(gzip.compress(body()), Content_Encoding='gzip')
            first.send(text, Content_Type='application/json')
            self.assertEqual(first.stop(), 0)
            self.assertEqual(peer.got, [('/v1/traces', 'application/x-protobuf', body()),
                                        ('/v1/traces', 'application/json', text)])

    def test_what_was_refused_is_not_forwarded(self):
        with Moody() as peer, between(peer.url) as first:
            self.assertEqual(first.send(b'\xff\xff').status, 400)
            first.stop()
            self.assertEqual(peer.got, [])

    def test_passing_trouble_is_waited_out(self):
        with Moody(503, 429) as peer, between(peer.url) as first:
            first.send(body())
            self.assertEqual(first.stop(), 0)
            self.assertEqual([got[2] for got in peer.got], [body()] * 3)
            self.assertNotIn('not forwarded', first.errors())

    def test_a_refusal_is_told(self):
        with Moody(400) as peer, between(peer.url) as first:
            first.send(body())
            first.stop()
            self.assertEqual(len(peer.got), 1)
            self.assertIn('was not forwarded: it was answered with HTTP status 400',
                          first.errors())

    def test_a_silent_peer_holds_up_nobody(self):
        with socket.create_server(('127.0.0.1', 0)) as silent, \
                between(f'http://127.0.0.1:{silent.getsockname()[1]}') as first:
            for i in range(3):
                self.assertEqual(first.send(body(f'root {i}')).status, 200)
            self.assertIsNotNone(first.trace())
            start = time.monotonic()
            self.assertEqual(first.stop(), 0)
            self.assertLess(time.monotonic() - start, LIMIT_S)
            self.assertEqual(first.errors().count('was not forwarded'), 3)

    def test_a_url_of_another_kind_is_refused(self):
        result = subprocess.run([COTEL, 'view', '--forward', 'ftp://x'], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=LIMIT_S, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b'--forward wants a URL of http or https', result.stderr)


if __name__ == '__main__':
    unittest.main()
