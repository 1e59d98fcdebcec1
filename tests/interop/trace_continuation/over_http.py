#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A trace goes over HTTP from another language's official SDK through C and back to it.

    over_http.py SERVICE PEER...

SERVICE is that of ../service. PEER is peer.py or peer.js, which reads a line of JSON for each thing
that it shall do, and answers with another. FORMATS are names as in OTEL_PROPAGATORS.

    ["start", [FORMATS, SAMPLED, TRACESTATE, {NAME: [VALUE, METADATA], ...}]]
        starts a root span, or one that has this tracestate, and gives its ids and headers
    ["go on", [FORMATS, HEADERS]]
        starts a span below what the headers tell, and gives what they told and its own headers
"""

import functools
import itertools
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'service'))
import running  # noqa: E402

SERVICE, *PEER = sys.argv[1:]
IS_NODE = PEER[-1].endswith('.js')
SINGLE, MULTI = ['b3', 'baggage'], ['b3multi', 'baggage']
ALL = [['tracecontext', 'baggage'], SINGLE, MULTI, ['jaeger']]
TRACE_ID, SPAN_ID = '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'


class Peer:
    def __enter__(self):
        self._process = subprocess.Popen(PEER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self._process.communicate(timeout=running.TIMEOUT_S)

    def _ask(self, *command):
        self._process.stdin.write(json.dumps(command).encode() + b'\n')
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, formats, sampled=True, tracestate='', baggage=None):
        return self._ask('start', [formats, sampled, tracestate, baggage or {}])

    def go_on(self, formats, headers):
        return self._ask('go on', [formats, headers])


def single(values):
    """The one text of a field that protoc decoded."""
    value, = values
    return value.decode()


class Hop:
    """Headers through C: those that it handed on, by lower-case name, and its two spans."""

    def __init__(self, callee, formats, headers):
        with running.Service(SERVICE, OTEL_PROPAGATORS=','.join(formats)) as service:
            call, = callee.called_through(service, headers.items())
        self.headers = {name.lower(): value for name, value in call.items()}
        self.spans = {single_kind(span): span for span in service.spans()}

    def id_of(self, kind, field='span_id'):
        return self.spans[kind][field][0].hex()

    def baggage(self):
        """What C found, as the service tells it in its span."""
        attributes = {single(a['key']): a['value'][0] for a in self.spans['SERVER']['attributes']}
        return {key.removeprefix('baggage.'): single(value['string_value'])
                for key, value in attributes.items() if key.startswith('baggage.')}


def single_kind(span):
    kind, = span['kind']
    return kind.removeprefix('SPAN_KIND_')


def each(*all_formats):
    """A test that is run with each of these formats."""
    def decorate(test):
        @functools.wraps(test)
        def run(self):
            for formats in all_formats:
                with self.subTest(' '.join(formats)):
                    test(self, formats)
        return run
    return decorate


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.peer = cls.enterClassContext(Peer())
        cls.callee = cls.enterClassContext(running.Callee())

    def through_c(self, formats, headers):
        """Through C to the peer: the hop, and what the peer made of it."""
        hop = Hop(self.callee, formats, headers)
        return hop, self.peer.go_on(formats, hop.headers)


class Continuation(Case):
    @each(*ALL)
    def test_a_trace_goes_through_c_in_one_line_of_descent(self, formats):
        began = self.peer.start(formats)
        hop, ended = self.through_c(formats, began['headers'])
        self.assertEqual({hop.id_of(kind, 'trace_id') for kind in hop.spans},
                         {began['trace_id']})
        self.assertEqual(hop.id_of('SERVER', 'parent_span_id'), began['span_id'])
        self.assertEqual(hop.id_of('CLIENT', 'parent_span_id'), hop.id_of('SERVER'))
        self.assertEqual(ended['parent_id'], hop.id_of('CLIENT'))
        self.assertEqual(ended['trace_id'], began['trace_id'])
        self.assertTrue(ended['sampled'] and ended['is_remote'])

    @each(*ALL)
    def test_a_trace_that_c_begins_goes_on(self, formats):
        hop, ended = self.through_c(formats, {})
        self.assertNotIn('parent_span_id', hop.spans['SERVER'])
        self.assertEqual(ended['trace_id'], hop.id_of('SERVER', 'trace_id'))
        self.assertEqual(ended['parent_id'], hop.id_of('CLIENT'))
        self.assertTrue(ended['sampled'])

    @each(*ALL)
    def test_a_decision_not_to_sample_goes_on(self, formats):
        began = self.peer.start(formats, sampled=False)
        hop, ended = self.through_c(formats, began['headers'])
        self.assertEqual(hop.spans, {})
        self.assertEqual(ended['trace_id'], began['trace_id'])
        self.assertNotEqual(ended['parent_id'], began['span_id'])
        self.assertFalse(ended['sampled'])

    @each(*itertools.permutations(['tracecontext', 'b3', 'b3multi', 'jaeger'], 2))
    def test_c_translates_between_formats(self, formats):
        began = self.peer.start(formats[:1])
        hop = Hop(self.callee, formats, began['headers'])
        ended = self.peer.go_on(formats[1:], hop.headers)
        self.assertEqual(ended['trace_id'], began['trace_id'])
        self.assertEqual(ended['parent_id'], hop.id_of('CLIENT'))

    def test_tracestate_goes_on_unchanged(self):
        state = 'vendor=a-b:c;d,tenant@system=1,t/*=  x y'
        formats = ['tracecontext', 'baggage']
        began = self.peer.start(formats, tracestate=state)
        hop, ended = self.through_c(formats, began['headers'])
        self.assertEqual(single(hop.spans['CLIENT']['trace_state']), state)
        self.assertEqual(ended['tracestate'], state)

    @each(SINGLE, MULTI, ['tracecontext', 'baggage'])
    def test_awkward_baggage_goes_on_unchanged(self, formats):
        values = {
            'plain': 'value', 'umlaut': 'J\u00fcrgen', 'emoji': '\U0001f680', 'percent': '100%',
            'encoded': '%41%2C', 'separators': 'a,b;c=d', 'quotes': '"x"\\\'y\'', 'plus': '1+1',
            'slashes': 'a/b?c#d', 'control': 'tab\tline\nend'}
        if IS_NODE:  # Python sends a space as a plus sign, which means one to all others
            values['spaces'] = ' a  b '
        entries = {name: [value, ''] for name, value in values.items()}
        began = self.peer.start(formats, baggage=entries)
        hop, ended = self.through_c(formats, began['headers'])
        self.assertEqual(hop.baggage(), values)
        self.assertEqual(ended['baggage'], entries)

    @unittest.skipUnless(IS_NODE, 'Python knows no metadata')
    def test_metadata_of_baggage_goes_on_unchanged(self):
        entries = {'one': ['1', 'ttl=30'], 'two': ['2', 'private;ttl=30;by=%C3%BC'], 'no': ['3', '']}
        formats = ['tracecontext', 'baggage']
        began = self.peer.start(formats, baggage=entries)
        _, ended = self.through_c(formats, began['headers'])
        self.assertEqual(ended['baggage'], entries)

    def test_baggage_in_headers_of_jaegers(self):
        entries = {'umlaut': ['J\u00fcrgen', ''], 'separators': ['a,b;c=d 100%', '']}
        began = self.peer.start(['jaeger'], baggage=entries)
        hop, ended = self.through_c(['jaeger'], began['headers'])
        self.assertEqual(hop.baggage(), {name: value for name, (value, _) in entries.items()})
        self.assertEqual(ended['baggage'], entries)


class B3(Case):
    """What of B3 no SDK begins."""

    def check_debug(self, formats, headers):
        hop, ended = self.through_c(formats, headers)
        self.assertEqual(set(hop.spans), {'SERVER', 'CLIENT'})
        self.assertEqual(ended['trace_id'], TRACE_ID)
        self.assertTrue(ended['sampled'])
        return hop, ended

    def test_the_debug_flag_goes_on_in_one_header(self):
        hop, ended = self.check_debug(SINGLE, {'b3': f'{TRACE_ID}-{SPAN_ID}-d'})
        self.assertEqual(hop.headers['b3'], f'{TRACE_ID}-{hop.id_of("CLIENT")}-d')
        if IS_NODE:
            self.check_debug(SINGLE, ended['headers'])

    def test_the_debug_flag_goes_on_in_several_headers(self):
        headers = {'X-B3-TraceId': TRACE_ID, 'X-B3-SpanId': SPAN_ID, 'X-B3-Flags': '1'}
        hop, ended = self.check_debug(MULTI, headers)
        self.assertEqual(hop.headers['x-b3-flags'], '1')
        self.assertNotIn('x-b3-parentspanid', hop.headers)
        if IS_NODE:
            again, _ = self.check_debug(MULTI, ended['headers'])
            self.assertEqual(again.headers['x-b3-flags'], '1')

    def test_either_form_is_read(self):
        several = {'X-B3-TraceId': TRACE_ID, 'X-B3-SpanId': SPAN_ID, 'X-B3-Sampled': '1'}
        for formats, headers in ((SINGLE, several), (MULTI, {'b3': f'{TRACE_ID}-{SPAN_ID}-1'})):
            with self.subTest(formats[0]):
                hop, ended = self.through_c(formats, headers)
                self.assertEqual(hop.id_of('SERVER', 'parent_span_id'), SPAN_ID)
                self.assertEqual(ended['trace_id'], TRACE_ID)
                self.assertEqual('b3' in hop.headers, formats == SINGLE)
                self.assertEqual('x-b3-traceid' in hop.headers, formats == MULTI)

    @each(SINGLE, MULTI)
    def test_a_trace_id_of_64_bits_goes_on_with_128(self, formats):
        hop, ended = self.through_c(formats, {'b3': f'{TRACE_ID[16:]}-{SPAN_ID}-1'})
        self.assertEqual(ended['trace_id'], TRACE_ID[16:].zfill(32))
        self.assertEqual(ended['parent_id'], hop.id_of('CLIENT'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
