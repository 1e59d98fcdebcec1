#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the small examples, and holds README's first program against the first of them.

    check.py FIRST_SPAN CONTEXT_IN_MESSAGES METRICS [unittest arguments]
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'tests/support'))
import otlp_sink  # noqa: E402

FIRST_SPAN, CONTEXT_IN_MESSAGES, METRICS = (sys.argv.pop(1) for _ in range(3))


def environment(**settings):
    clean = {key: value for key, value in os.environ.items() if not key.startswith('OTEL_')}
    return clean | {'NO_PROXY': '127.0.0.1'} | settings


class Examples(unittest.TestCase):
    def test_the_first_span_is_shown_on_the_console(self):
        result = subprocess.run([FIRST_SPAN], env=environment(OTEL_TRACES_EXPORTER='console'),
                                stdout=subprocess.PIPE, timeout=30, check=True)
        self.assertIn(b'say_hello', result.stdout)
        self.assertIn(b'hello, world', result.stdout)

    def test_the_first_program_has_fifteen_lines(self):
        lines = (ROOT / 'examples/01_first_span/main.c').read_text().splitlines()
        self.assertLessEqual(len(lines[1:]), 15)

    def test_readme_shows_the_first_program(self):
        code = (ROOT / 'examples/01_first_span/main.c').read_text().split('\n', 1)[1]
        blocks = re.findall(r'^```c\n(.*?)^```$', (ROOT / 'README.md').read_text(), re.S | re.M)
        self.assertIn(code, blocks)

    def test_metrics_are_shown_on_the_console(self):
        result = subprocess.run([METRICS, '4'],
                                env=environment(OTEL_TRACES_EXPORTER='console',
                                                OTEL_METRICS_EXPORTER='console'),
                                stdout=subprocess.PIPE, timeout=30, check=True)
        shown = result.stdout.decode()
        self.assertIn('example.tokens', shown)
        self.assertRegex(shown, r'point: +400 at .*\n +gen_ai.request.model: "gpt-4o"\n'
                                r' +exemplar 100 at .* trace [0-9a-f]{32}')
        self.assertIn('example.call.duration', shown)
        self.assertIn('example.processors', shown)

    def test_a_context_crosses_a_pipe(self):
        with otlp_sink.Sink() as sink:
            settings = environment(OTEL_EXPORTER_OTLP_ENDPOINT=sink.url)
            sent = subprocess.run([CONTEXT_IN_MESSAGES, 'send'], env=settings,
                                  stdout=subprocess.PIPE, timeout=30, check=True)
            subprocess.run([CONTEXT_IN_MESSAGES, 'receive'], env=settings, input=sent.stdout,
                           timeout=30, check=True)
        spans = {span['name'][0]: span for _, _, body in sink.requests
                 for resource in otlp_sink.decode(body)['resource_spans']
                 for scope in resource['scope_spans'] for span in scope['spans']}
        self.assertEqual(spans[b'process']['trace_id'], spans[b'send']['trace_id'])
        self.assertEqual(spans[b'process']['parent_span_id'], spans[b'send']['span_id'])
        self.assertIn(b'\nbaggage: session.id=s-17\n', b'\n' + sent.stdout)
        self.assertIn(b's-17', b''.join(body for _, _, body in sink.requests))


if __name__ == '__main__':
    unittest.main(verbosity=1)
