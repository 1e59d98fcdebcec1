#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A trace that Python's official SDK began goes on in C, and the other way round: by the environment
of processes.

    check.py CONTINUE [unittest arguments]        run by a Python that has opentelemetry-sdk

CONTINUE is continue.c: context in by its environment, context out on stdout or to a child.
"""

import json
import pathlib
import subprocess
import sys
import unittest

from opentelemetry import baggage, trace
from opentelemetry.propagators._envcarrier import EnvironmentSetter
from opentelemetry.sdk.trace import TracerProvider, sampling
from opentelemetry.trace import SpanContext, TraceFlags, TraceState

from formats import propagator

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / 'support'), str(HERE.parent / 'service')]
import otlp_sink  # noqa: E402
import running  # noqa: E402

CONTINUE = sys.argv.pop(1)
DEFAULT = ['tracecontext', 'baggage']


def c_hop(headers, formats=DEFAULT, command=()):
    """One hop in C with these headers: the lines that it, or the program below it, printed, and all
    spans of C's, by the order of their ends."""
    environment = running.clean_environment()
    for name, value in headers.items():
        EnvironmentSetter().set(environment, name, value)
    with otlp_sink.Sink() as sink:
        environment |= {'OTEL_EXPORTER_OTLP_ENDPOINT': sink.url,
                        'OTEL_PROPAGATORS': ','.join(formats)}
        result = subprocess.run([CONTINUE, *command], env=environment, timeout=60,
                                stdout=subprocess.PIPE, check=True)
    spans = [span for _, _, body in sink.requests
             for resource in otlp_sink.decode(body)['resource_spans']
             for scope in resource['scope_spans'] for span in scope['spans']]
    return result.stdout.decode().splitlines(), spans


def headers_of(lines):
    return dict(line.split(': ', 1) for line in lines)


def headers_with(span, formats=DEFAULT, entries=()):
    context = trace.set_span_in_context(span)
    for name, value in dict(entries).items():
        context = baggage.set_baggage(name, value, context)
    headers = {}
    propagator(formats).inject(headers, context)
    return headers


def extract(headers, formats=DEFAULT):
    return propagator(formats).extract(headers)


def span_context(headers, formats=DEFAULT):
    return trace.get_current_span(extract(headers, formats)).get_span_context()


class Continuation(unittest.TestCase):
    def setUp(self):
        self.tracer = TracerProvider().get_tracer('interop')

    def test_c_continues_what_python_began(self):
        span = self.tracer.start_span('python')
        lines, (received,) = c_hop(headers_with(span))
        context = span.get_span_context()
        self.assertEqual(received['trace_id'][0].hex(), f'{context.trace_id:032x}')
        self.assertEqual(received['parent_span_id'][0].hex(), f'{context.span_id:016x}')
        self.assertEqual(received['flags'][0] & 0x301, 0x301, 'sampled, and the parent is remote')
        self.assertIn(received['span_id'][0].hex(), headers_of(lines)['traceparent'])

    def test_python_continues_what_c_began(self):
        lines, (sent,) = c_hop({})
        self.assertNotIn('parent_span_id', sent)
        span = self.tracer.start_span('python', context=extract(headers_of(lines)))
        self.assertEqual(span.parent.span_id, int(sent['span_id'][0].hex(), 16))
        self.assertEqual(span.get_span_context().trace_id, int(sent['trace_id'][0].hex(), 16))
        self.assertTrue(span.parent.is_remote)
        self.assertTrue(span.get_span_context().trace_flags.sampled)

    def test_python_c_python_is_one_line_of_descent(self):
        first = self.tracer.start_span('first')
        lines, (middle,) = c_hop(headers_with(first))
        last = self.tracer.start_span('last', context=extract(headers_of(lines)))
        self.assertEqual(last.get_span_context().trace_id, first.get_span_context().trace_id)
        self.assertEqual(last.parent.span_id, int(middle['span_id'][0].hex(), 16))
        self.assertEqual(int(middle['parent_span_id'][0].hex(), 16),
                         first.get_span_context().span_id)

    def test_a_decision_not_to_sample_is_kept(self):
        tracer = TracerProvider(sampler=sampling.ALWAYS_OFF).get_tracer('interop')
        span = tracer.start_span('python')
        lines, sent = c_hop(headers_with(span))
        self.assertEqual(sent, [])
        context = span_context(headers_of(lines))
        self.assertEqual(context.trace_id, span.get_span_context().trace_id)
        self.assertFalse(context.trace_flags.sampled)

    def test_tracestate_crosses_unchanged(self):
        state = TraceState([('vendor', 'a-b'), ('tenant@system', '1')])
        parent = trace.NonRecordingSpan(SpanContext(
            trace_id=0x0af7651916cd43dd8448eb211c80319c, span_id=0xb7ad6b7169203331,
            is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED), trace_state=state))
        lines, (sent,) = c_hop(headers_with(parent))
        self.assertEqual(sent['trace_state'][0].decode(), state.to_header())
        context = span_context(headers_of(lines))
        self.assertEqual(context.trace_state.to_header(), state.to_header())


class Children(unittest.TestCase):
    """Python runs C, which runs Python, which runs C: each by the environment."""

    def check_descent(self, formats):
        entries = {'user': 'J\u00fcrgen', 'list': 'a,b;c=d', 'share': '100%'}
        child = [sys.executable, str(HERE / 'child.py'), ','.join(formats), CONTINUE]
        first = TracerProvider().get_tracer('interop').start_span('first')
        (told, *lines), spans = c_hop(headers_with(first, formats, entries), formats, child)
        told = json.loads(told)
        inner, outer = spans  # the inner one ended and was sent first
        trace_id = f'{first.get_span_context().trace_id:032x}'
        self.assertEqual({span['trace_id'][0].hex() for span in spans}, {trace_id})
        self.assertEqual(outer['parent_span_id'][0].hex(),
                         f'{first.get_span_context().span_id:016x}')
        self.assertEqual((told['trace_id'], told['parent_id']),
                         (trace_id, outer['span_id'][0].hex()))
        self.assertEqual(inner['parent_span_id'][0].hex(), told['span_id'])
        last = span_context(headers_of(lines), formats)
        self.assertEqual(f'{last.span_id:016x}', inner['span_id'][0].hex())
        self.assertTrue(last.trace_flags.sampled)
        self.assertEqual(told['baggage'], entries)
        self.assertEqual(baggage.get_all(extract(headers_of(lines), formats)), entries)

    def test_trace_context_and_baggage_reach_children_and_theirs(self):
        self.check_descent(DEFAULT)

    def test_b3_reaches_children_and_theirs(self):
        self.check_descent(['b3', 'baggage'])

    def test_b3_in_several_variables_reaches_children_and_theirs(self):
        self.check_descent(['b3multi', 'baggage'])


if __name__ == '__main__':
    unittest.main(verbosity=1)
