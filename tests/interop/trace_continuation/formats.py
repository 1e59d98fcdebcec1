# SPDX-License-Identifier: Apache-2.0
"""The propagators of Python's official packages, by their names in OTEL_PROPAGATORS."""

from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.jaeger import JaegerPropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

FORMATS = {
    'tracecontext': TraceContextTextMapPropagator(),
    'baggage': W3CBaggagePropagator(),
    'b3': B3SingleFormat(),
    'b3multi': B3MultiFormat(),
    'jaeger': JaegerPropagator(),
}


def propagator(names):
    return CompositePropagator([FORMATS[name] for name in names])
