# SPDX-License-Identifier: Apache-2.0
"""Python's official SDK as one end of a trace: peer.py, over_http.py tells the protocol."""

import json
import sys

from opentelemetry import baggage, trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider, sampling

from formats import propagator


def inject(formats, context):
    headers = {}
    propagator(formats).inject(headers, context)
    return headers


def parent_with(tracestate):
    """A caller that has this tracestate: the SDK lets a span inherit one only."""
    return trace.set_span_in_context(trace.NonRecordingSpan(trace.SpanContext(
        trace_id=0x0af7651916cd43dd8448eb211c80319c, span_id=0xb7ad6b7169203331, is_remote=True,
        trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
        trace_state=trace.TraceState.from_header([tracestate]))), Context())


def start(formats, sampled, tracestate, entries):
    sampler = sampling.ALWAYS_ON if sampled else sampling.ALWAYS_OFF
    context = parent_with(tracestate) if tracestate else Context()
    span = TracerProvider(sampler=sampler).get_tracer('peer').start_span('start', context)
    context = trace.set_span_in_context(span, context)
    for name, (value, _) in entries.items():
        context = baggage.set_baggage(name, value, context)
    return {'trace_id': f'{span.get_span_context().trace_id:032x}',
            'span_id': f'{span.get_span_context().span_id:016x}',
            'headers': inject(formats, context)}


def go_on(formats, headers):
    carrier = {name: [value] for name, value in headers.items()}
    context = propagator(formats).extract(carrier, Context())
    caller = trace.get_current_span(context).get_span_context()
    span = TracerProvider().get_tracer('peer').start_span('go on', context)
    return {'trace_id': f'{span.get_span_context().trace_id:032x}',
            'parent_id': f'{caller.span_id:016x}' if caller.is_valid else None,
            'is_remote': caller.is_remote,
            'sampled': span.get_span_context().trace_flags.sampled,
            'tracestate': span.get_span_context().trace_state.to_header(),
            'baggage': {name: [value, ''] for name, value in baggage.get_all(context).items()},
            'headers': inject(formats, trace.set_span_in_context(span, context))}


COMMANDS = {'start': start, 'go on': go_on}

for line in sys.stdin:
    command, arguments = json.loads(line)
    print(json.dumps(COMMANDS[command](*arguments)), flush=True)
