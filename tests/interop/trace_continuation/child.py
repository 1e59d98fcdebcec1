# SPDX-License-Identifier: Apache-2.0
"""A child process with Python's official SDK, and with a child of its own.

    child.py FORMATS PROGRAM [ARGUMENT...]

Takes its context from its environment, tells it in a line of JSON, and runs PROGRAM with a span of its
own in that one's environment. FORMATS is as in OTEL_PROPAGATORS.
"""

import json
import os
import subprocess
import sys

from opentelemetry import baggage, trace
from opentelemetry.context import Context
from opentelemetry.propagators._envcarrier import EnvironmentGetter, EnvironmentSetter
from opentelemetry.sdk.trace import TracerProvider

from formats import propagator

formats, *command = sys.argv[1:]
formats = formats.split(',')

context = propagator(formats).extract(os.environ, Context(), EnvironmentGetter())
caller = trace.get_current_span(context).get_span_context()
span = TracerProvider().get_tracer('child').start_span('child', context)
print(json.dumps({'trace_id': f'{caller.trace_id:032x}', 'parent_id': f'{caller.span_id:016x}',
                  'span_id': f'{span.get_span_context().span_id:016x}',
                  'baggage': dict(baggage.get_all(context))}), flush=True)

environment = dict(os.environ)
propagator(formats).inject(environment, trace.set_span_in_context(span, context),
                           EnvironmentSetter())
sys.exit(subprocess.run(command, env=environment).returncode)
