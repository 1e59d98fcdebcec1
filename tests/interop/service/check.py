#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of tests/spec/data through the service, and sees to it that nothing upsets it.

    check.py SERVICE [unittest arguments]
"""

import http.client
import pathlib
import re
import socket
import sys
import unittest
import urllib.parse

import running

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
import header_cases  # noqa: E402

SERVICE = sys.argv.pop(1)
TRACEPARENT = re.compile('00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})')
BODY_LIMIT = 1 << 20
CALL_LIMIT = 64


def split_pair(text):
    """(name, decoded value), or (name, None) without an equals sign."""
    name, equals, value = text.partition('=')
    return name.encode(), urllib.parse.unquote_to_bytes(value) if equals else None


def baggage(headers):
    """{name: (value, [(property, value or None)])}; read by no code of cotel's."""
    members = [[split_pair(part) for part in member.split(';')]
               for value in headers.get_all('baggage', []) for member in value.split(',')]
    return {name: (value, properties) for (name, value), *properties in members}


def traceparent(headers):
    """(trace id, span id, flags) of the one traceparent."""
    value, = headers.get_all('traceparent')
    return TRACEPARENT.fullmatch(value).groups()


class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(
            running.Service(SERVICE, OTEL_PROPAGATORS='tracecontext,baggage'))
        cls.callee = cls.enterClassContext(running.Callee())

    def check_trace(self, case, call):
        trace_id, span_id, flags = (part.encode() for part in traceparent(call))
        kept = case.trace == b'kept'
        self.assertEqual(trace_id == header_cases.KEPT_TRACE_ID, kept, trace_id)
        for _, value in case.headers:
            self.assertNotIn(span_id, value)
            if not kept:
                self.assertNotIn(trace_id, value)
        if case.flags:
            self.assertEqual(flags, case.flags)
        state = case.tracestate and [case.tracestate.decode()]
        self.assertEqual(call.get_all('tracestate'), state)

    def check_baggage(self, case, call):
        self.assertEqual(baggage(call), case.entries)
        if case.size:
            self.assertEqual(len(call['baggage']), case.size)

    def run_file(self, name, official_count):
        cases = header_cases.read(name)
        official = {case.name.split(',')[0] for case in cases if not case.name.startswith('[')}
        self.assertEqual(len(official), official_count, 'the cases of the W3C')
        for case in cases:
            with self.subTest(case.name):
                calls = self.callee.called_through(self.service, case.headers, case.calls)
                for call in calls:
                    self.check_trace(case, call)
                    self.check_baggage(case, call)
                spans = {traceparent(call)[1] for call in calls}
                self.assertEqual(len(spans), case.calls)
                self.assertEqual(len({traceparent(call)[0] for call in calls}), 1)

    def test_traceparent_cases(self):
        self.run_file('traceparent.cases', 24)

    def test_tracestate_cases(self):
        self.run_file('tracestate.cases', 14)

    def test_several_calls_cases(self):
        self.run_file('several_calls.cases', 3)

    def test_baggage_cases(self):
        self.run_file('baggage.cases', 24)


class Spans(unittest.TestCase):
    def test_a_request_is_a_server_span_and_each_call_a_client_span_below(self):
        with running.Service(SERVICE) as service, running.Callee() as callee:
            caller = '00-' + 'a' * 32 + '-' + 'b' * 16 + '-01'
            calls = callee.called_through(service, [('traceparent', caller)], 2)
        spans = service.spans()
        server, = (span for span in spans if span['kind'] == ['SPAN_KIND_SERVER'])
        clients = [span for span in spans if span['kind'] == ['SPAN_KIND_CLIENT']]
        self.assertEqual(len(spans), 3)
        self.assertEqual(server['parent_span_id'][0].hex(), 'b' * 16)
        self.assertEqual({span['trace_id'][0].hex() for span in spans}, {'a' * 32})
        self.assertEqual({span['parent_span_id'][0] for span in clients}, {server['span_id'][0]})
        self.assertEqual([span['span_id'][0].hex() for span in clients],
                         [traceparent(call)[1] for call in calls])


class Settings(unittest.TestCase):
    SENT = [('traceparent', '00-' + 'a' * 32 + '-' + 'b' * 16 + '-01'), ('tracestate', 'a=1,b=2'),
            ('baggage', 'user=J%C3%BCrgen;ttl=30,other=1')]

    def carried(self, **settings):
        """What of these headers a call carries."""
        with running.Service(SERVICE, **settings) as service, running.Callee() as callee:
            call, = callee.called_through(service, self.SENT)
        return [(name, call[name]) for name, _ in self.SENT if name in call]

    def test_without_an_sdk_headers_go_on_as_they_came(self):
        carried = self.carried(OTEL_SDK_DISABLED='true', OTEL_PROPAGATORS='tracecontext,baggage')
        self.assertEqual(carried, self.SENT)

    def test_what_has_no_propagator_does_not_go_on(self):
        self.assertEqual(self.carried(OTEL_PROPAGATORS='none'), [])
        self.assertEqual(self.carried(OTEL_PROPAGATORS='baggage'), self.SENT[2:])


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(running.Service(SERVICE))
        cls.url = cls.service.url

    def check_refused(self, status, body):
        got, answer = running.post(self.url, body)
        self.assertEqual(got, status)
        self.assertEqual(list(answer), ['error'])

    def test_what_is_no_list_of_calls_is_refused(self):
        for body in (b'', b'{', b'[', b'\xff', b'null', b'{}', b'[1]', b'[{}]', b'[{"url": 1}]',
                     b'[{"url": "http://127.0.0.1/", "arguments": {}}]', b'[' * 100000):
            with self.subTest(body[:20]):
                self.check_refused(400, body)

    def test_too_many_calls_are_refused_before_the_first_one(self):
        with running.Callee() as callee:
            self.check_refused(400, [{'url': callee.url}] * (CALL_LIMIT + 1))
            self.assertEqual(len(callee.called_through(self.service, count=CALL_LIMIT)), CALL_LIMIT)

    def test_a_body_that_is_too_large_is_refused(self):
        self.check_refused(413, b' ' * (BODY_LIMIT + 1))
        status, answer = running.post(self.url, b'[]'.ljust(BODY_LIMIT))
        self.assertEqual((status, answer), (200, []))

    def test_only_post_is_taken(self):
        connection = http.client.HTTPConnection(self.url.split('/')[2], timeout=running.TIMEOUT_S)
        connection.request('GET', '/')
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers['Allow']), (405, 'POST'))
        connection.close()

    def test_a_call_that_fails_is_told_and_the_next_one_is_made(self):
        with socket.socket() as unheard, running.Callee() as callee:
            unheard.bind(('127.0.0.1', 0))
            urls = [f'http://127.0.0.1:{unheard.getsockname()[1]}/', 'file:///etc/passwd', '',
                    'http://192.0.2.1/', callee.url]
            status, results = running.post(self.url, [{'url': url} for url in urls])
        self.assertEqual(status, 200)
        self.assertEqual([result['url'] for result in results], urls)
        self.assertEqual([list(result)[1] for result in results], ['error'] * 4 + ['status'])

    def test_a_service_can_call_itself(self):
        calls = [{'url': self.url, 'arguments': [{'url': self.url, 'arguments': []}]}]
        self.assertEqual(running.post(self.url, calls), (200, [{'url': self.url, 'status': 200}]))

    def test_a_client_that_leaves_in_the_middle_is_forgotten(self):
        host, port = self.url.split('/')[2].split(':')
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n[')
        self.assertEqual(running.post(self.url, []), (200, []))


if __name__ == '__main__':
    unittest.main(verbosity=1)
