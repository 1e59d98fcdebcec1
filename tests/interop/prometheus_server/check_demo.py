# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus reads the agents of `make demo`: check_demo.py BUILD

What it then says is compared with the trace, which `cotel view` received.
"""

import itertools
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import server
from prometheus_client.openmetrics import parser

BUILD = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[3]
AGENTS = {'orchestrator', 'writer', 'critic'}
# So long that Prometheus, which looks for new targets every five seconds, sees most of it.
TIMES = 40
SLOW_MS = 60
WINDOW_S = 4
SECONDS = [0.01 * 2 ** i for i in range(14)]
TOKENS = [4 ** i for i in range(14)]
DURATION = 'gen_ai_client_operation_duration_seconds'
USAGE = 'gen_ai_client_token_usage'


class Demo(unittest.TestCase):
    """One run of the demo, which lingers while the tests look."""

    @classmethod
    def setUpClass(cls):
        cls.prometheus = cls.enterClassContext(server.Prometheus())
        out = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.began_s = time.time()
        cls.demo = subprocess.Popen(
            [ROOT / 'scripts/demo'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=server.OWN | {
                'BUILD': BUILD, 'DEMO_OUT': out, 'DEMO_JSON': '1', 'DEMO_TIMES': str(TIMES),
                'MODEL_ARGS': f'--slow {SLOW_MS}', 'DEMO_LINGER': '300',
                'DEMO_TARGETS': str(cls.prometheus.targets),
                # All spans at the end, the orchestrator's last: so each trace is shown once, whole.
                'OTEL_BSP_SCHEDULE_DELAY': '600000'})
        cls.addClassCleanup(cls.stop)
        cls.prometheus.await_up(len(AGENTS))
        cls.traces = [json.loads(cls.demo.stdout.readline()) for _ in range(TIMES)]
        cls.spans = {(trace['trace_id'], span['span_id']): span
                     for trace in cls.traces for span in trace['spans']}
        cls.chats = [span for span in cls.spans.values() if span['name'] == 'chat gpt-4o']
        if not server.eventually(
                lambda: cls.prometheus.value(f'sum({DURATION}_count)') == len(cls.chats)):
            raise AssertionError(f'{len(cls.chats)} calls are not there: '
                                 f'{cls.prometheus.query(DURATION + "_count")}')

    @classmethod
    def stop(cls):
        """As Ctrl-C does it."""
        cls.demo.send_signal(signal.SIGINT)
        _, said = cls.demo.communicate(timeout=60)
        left = list(cls.prometheus.targets.iterdir())
        if cls.demo.returncode != 0 or left:
            raise AssertionError(f'the demo ended with {cls.demo.returncode}, left {left}: {said}')

    def test_every_agent_is_up(self):
        found = self.prometheus.query('up')
        self.assertEqual({labels['service_name']: value for labels, value in found},
                         dict.fromkeys(AGENTS, 1))
        self.assertEqual(len({labels['instance'] for labels, _ in found}), len(AGENTS))

    # ---- rates ----

    def check_rate(self, name, ends, selector=''):
        """The counter went up by one at each of these times."""
        at_s = round(max(ends), 3)
        window = f'{name}{{{selector}}}[{WINDOW_S}s]'
        rate = self.prometheus.value(f'sum(rate({window}))', at_s)
        series = self.prometheus.ask('query', query=window, time=f'{at_s:.3f}')['result']
        own = sum(server.rate_of([(at, float(value)) for at, value in each['values']],
                                 at_s - WINDOW_S, at_s) for each in series)
        self.assertAlmostEqual(rate / own, 1, 6)
        # A scrape sees what ended before it: what ended in the last interval of the window is
        # missing at its end, and as much is too much at its beginning. rate() guesses both from
        # the rest, so it is off by no more than what can end in two intervals, and one each side.
        expected = sum(at_s - WINDOW_S < end <= at_s for end in ends) / WINDOW_S
        most_in_an_interval = server.SCRAPE_S * 1000 / SLOW_MS + 1
        self.assertGreater(expected, 2)
        self.assertAlmostEqual(rate, expected, delta=2 * most_in_an_interval / WINDOW_S)

    def test_rates_are_those_of_the_spans(self):
        for service in ('writer', 'critic'):
            self.check_rate(f'{DURATION}_count', [span['end_unix_ns'] / 1e9 for span in self.chats
                                                  if span['service'] == service],
                            f'service_name="{service}"')
        self.check_rate('agents_tasks_total', [
            span['end_unix_ns'] / 1e9 for span in self.spans.values()
            if span['name'] in ('invoke_agent writer', 'invoke_agent critic')],
            'service_name!="orchestrator"')

    # ---- distributions ----

    def check_distribution(self, name, bounds, values, selector=''):
        edges = list(itertools.pairwise([0, *bounds, float('inf')]))
        counts = [sum(low < value <= high for value in values) for low, high in edges]
        buckets = f'{name}_bucket{{{selector}}}'
        for rank in (0.1, 0.5, 0.9, 0.99):
            quantile = self.prometheus.value(f'histogram_quantile({rank}, sum by (le) ({buckets}))')
            expected = server.quantile_of(bounds, counts, rank)
            self.assertAlmostEqual(quantile / expected, 1, 9)
        total = self.prometheus.value(f'sum({name}_sum{{{selector}}})')
        self.assertAlmostEqual(total / sum(values), 1, 9)

    def test_quantiles_are_those_of_the_spans(self):
        self.check_distribution(DURATION, SECONDS, [
            (span['end_unix_ns'] - span['start_unix_ns']) / 1e9 for span in self.chats])
        for side in ('input', 'output'):
            self.check_distribution(USAGE, TOKENS, [
                span['attributes'][f'gen_ai.usage.{side}_tokens'] for span in self.chats],
                f'gen_ai_token_type="{side}"')

    def test_totals_are_those_of_the_spans(self):
        value = self.prometheus.value
        dollars = sum(span['attributes']['gen_ai.usage.input_tokens'] * 2.5e-6 +
                      span['attributes']['gen_ai.usage.output_tokens'] * 10e-6
                      for span in self.chats)
        self.assertAlmostEqual(value('sum(agents_cost_total)'), dollars, 9)
        self.assertEqual(value('agents_tasks_total{agents_task_kind="task"}'), TIMES)
        self.assertEqual(value('sum(agents_tasks_active)'), 0)
        self.assertEqual(value('max(max_over_time(agents_tasks_active[10m]))'), 1)

    # ---- from a number to its trace ----

    def test_exemplars_are_of_spans_that_the_receiver_has(self):
        found = self.prometheus.exemplars(f'{DURATION}_bucket', self.began_s, time.time())
        self.assertGreaterEqual(len(found), 10)
        for labels, exemplar in found:
            ids = exemplar['labels']
            span = self.spans[ids['trace_id'], ids['span_id']]
            self.assertEqual((span['name'], span['service']),
                             ('chat gpt-4o', labels['service_name']))
            duration_s = (span['end_unix_ns'] - span['start_unix_ns']) / 1e9
            self.assertAlmostEqual(float(exemplar['value']), duration_s, 9)
            self.assertLessEqual(duration_s, float(labels['le']))
            self.assertAlmostEqual(exemplar['timestamp'], span['end_unix_ns'] / 1e9, delta=0.05)

    def test_counters_have_exemplars_too(self):
        found = self.prometheus.exemplars('agents_cost_total', self.began_s, time.time())
        self.assertGreater(len(found), 0)
        for _, exemplar in found:
            ids = exemplar['labels']
            self.assertEqual(self.spans[ids['trace_id'], ids['span_id']]['name'], 'chat gpt-4o')

    # ---- what goes over the wire ----

    def test_what_was_negotiated_is_openmetrics(self):
        instances = {labels['instance'] for labels, _ in self.prometheus.query('up')}
        seen = {}
        for target, _, answered in self.prometheus.seen:
            seen.setdefault(target, set()).add(answered['Content-Type'].split(';')[0])
        self.assertEqual(seen, dict.fromkeys(instances, {'application/openmetrics-text'}))

    def test_the_resource_of_each_agent_can_be_joined(self):
        found = self.prometheus.query('agents_tasks_active * on (job, instance) '
                                      'group_left (process_executable_name) target_info')
        self.assertEqual({labels['process_executable_name'] for labels, _ in found}, AGENTS)

    def scrape(self, accept):
        for labels, _ in self.prometheus.query('up'):
            request = urllib.request.Request(f'http://{labels["instance"]}/metrics',
                                             headers={'Accept': accept})
            with urllib.request.urlopen(request, timeout=10) as answer:
                yield answer.headers['Content-Type'], answer.read().decode()

    def test_promtool_has_nothing_to_say_of_an_agent(self):
        for kind, text in self.scrape('text/plain;version=0.0.4'):
            self.assertIn('text/plain', kind)
            self.assertEqual(server.promtool('check', 'metrics', text=text), (0, ''), text)

    def test_the_strict_parser_takes_every_agent(self):
        for kind, text in self.scrape('application/openmetrics-text;version=1.0.0'):
            self.assertIn('application/openmetrics-text', kind)
            families = {family.name: family.type
                        for family in parser.text_string_to_metric_families(text)}
            self.assertEqual(families['agents_tasks'], 'counter')
            self.assertEqual(families['process_uptime_seconds'], 'gauge')
            self.assertEqual(families['target'], 'info')


if __name__ == '__main__':
    server.skip_without_prometheus()
    unittest.main(verbosity=1)
