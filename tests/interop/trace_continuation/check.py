#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A trace that Python's official SDK began goes on in C, and the other way round.

    check.py CONTINUE [unittest arguments]        run by a Python that has opentelemetry-sdk

CONTINUE is continue.c: context in by its environment, context out on stdout.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import TracerProvider, sampling
from opentelemetry.trace import SpanContext, TraceFlags, TraceState

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
import otlp_sink  # noqa: E402

CONTINUE = sys.argv.pop(1)


def c_hop(headers):
    """One hop in C: returns the headers that it hands on, and its span as it was sent, or None."""
    inherited = {key: value for key, value in os.environ.items()
                 if not re.match(r'OTEL_|TRACE(PARENT|STATE)$', key)}
    with otlp_sink.Sink() as sink:
        settings = {'OTEL_EXPORTER_OTLP_ENDPOINT': sink.url, 'NO_PROXY': '127.0.0.1'}
        carried = {key.upper(): value for key, value in headers.items()}
        result = subprocess.run([CONTINUE], env=inherited | settings | carried, timeout=30,
                                stdout=subprocess.PIPE, check=True)
    lines = result.stdout.decode().splitlines()
    spans = [span for _, _, body in sink.requests
             for resource in otlp_sink.decode(body)['resource_spans']
             for scope in resource['scope_spans'] for span in scope['spans']]
    return dict(line.split(': ', 1) for line in lines), spans[0] if spans else None


def python_headers(span):
    headers = {}
    propagate.inject(headers, trace.set_span_in_context(span))
    return headers


class Continuation(unittest.TestCase):
    def setUp(self):
        self.tracer = TracerProvider().get_tracer('interop')

    def test_c_continues_what_python_began(self):
        with self.tracer.start_as_current_span('python') as span:
            handed_on, received = c_hop(python_headers(span))
        context = span.get_span_context()
        self.assertEqual(received['trace_id'][0].hex(), f'{context.trace_id:032x}')
        self.assertEqual(received['parent_span_id'][0].hex(), f'{context.span_id:016x}')
        self.assertEqual(received['flags'][0] & 0x301, 0x301, 'sampled, and the parent is remote')
        self.assertIn(received['span_id'][0].hex(), handed_on['traceparent'])

    def test_python_continues_what_c_began(self):
        handed_on, sent = c_hop({})
        self.assertNotIn('parent_span_id', sent)
        span = self.tracer.start_span('python', context=propagate.extract(handed_on))
        self.assertEqual(span.parent.span_id, int(sent['span_id'][0].hex(), 16))
        self.assertEqual(span.get_span_context().trace_id, int(sent['trace_id'][0].hex(), 16))
        self.assertTrue(span.parent.is_remote)
        self.assertTrue(span.get_span_context().trace_flags.sampled)

    def test_python_c_python_is_one_line_of_descent(self):
        first = self.tracer.start_span('first')
        handed_on, middle = c_hop(python_headers(first))
        last = self.tracer.start_span('last', context=propagate.extract(handed_on))
        self.assertEqual(last.get_span_context().trace_id, first.get_span_context().trace_id)
        self.assertEqual(last.parent.span_id, int(middle['span_id'][0].hex(), 16))
        self.assertEqual(int(middle['parent_span_id'][0].hex(), 16),
                         first.get_span_context().span_id)

    def test_a_decision_not_to_sample_is_kept(self):
        tracer = TracerProvider(sampler=sampling.ALWAYS_OFF).get_tracer('interop')
        span = tracer.start_span('python')
        handed_on, sent = c_hop(python_headers(span))
        self.assertIsNone(sent)
        context = trace.get_current_span(propagate.extract(handed_on)).get_span_context()
        self.assertEqual(context.trace_id, span.get_span_context().trace_id)
        self.assertFalse(context.trace_flags.sampled)

    def test_tracestate_crosses_unchanged(self):
        state = TraceState([('vendor', 'a-b'), ('tenant@system', '1')])
        parent = trace.NonRecordingSpan(SpanContext(
            trace_id=0x0af7651916cd43dd8448eb211c80319c, span_id=0xb7ad6b7169203331,
            is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED), trace_state=state))
        handed_on, sent = c_hop(python_headers(parent))
        self.assertEqual(sent['trace_state'][0].decode(), state.to_header())
        context = trace.get_current_span(propagate.extract(handed_on)).get_span_context()
        self.assertEqual(context.trace_state.to_header(), state.to_header())


if __name__ == '__main__':
    unittest.main(verbosity=1)
