#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What decide.c does, by Python's official SDK."""

import sys

from opentelemetry.sdk.trace import _sampling_experimental as composable
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import (NonRecordingSpan, SpanContext, TraceFlags, TraceState,
                                 set_span_in_context)


def share(ratio):
    return composable.composable_traceid_ratio_based(ratio)


SAMPLERS = {
    'trace_id_ratio': TraceIdRatioBased,
    'probability': lambda ratio: composable.composite_sampler(share(ratio)),
    'composite_always_on': lambda _: composable.composite_sampler(
        composable.composable_always_on()),
    'composite_always_off': lambda _: composable.composite_sampler(
        composable.composable_always_off()),
    'composite_probability': lambda ratio: composable.composite_sampler(share(ratio)),
    'composite_parent_threshold': lambda ratio: composable.composite_sampler(
        composable.composable_parent_threshold(share(ratio))),
}


def answer(sampler, line):
    trace_id, flags, header = line.split()
    state = None if header == '-' else TraceState.from_header([header])
    context = None
    if flags != '-':
        context = set_span_in_context(NonRecordingSpan(SpanContext(
            int(trace_id, 16), 1, False, TraceFlags(int(flags, 16)), state)))
    result = sampler.should_sample(context, int(trace_id, 16), 'interop', trace_state=state)
    header = result.trace_state.to_header() if result.trace_state else ''
    return f'{result.decision.value} {header or "-"}'


def main(name, ratio):
    sampler = SAMPLERS[name](float(ratio))
    for line in sys.stdin:
        print(answer(sampler, line))


main(*sys.argv[1:])
