# SPDX-License-Identifier: Apache-2.0
"""What a real Prometheus makes of a program whose numbers are known: check_counts.py COUNTED"""

import itertools
import json
import os
import subprocess
import sys
import time
import unittest

import server

COUNTED = sys.argv.pop(1)
# Of counted.c.
TICKS_A_SECOND, DOLLARS_OF_A_TICK, VALUES = 100, 0.25, 100
BOUNDS = [0.1, 0.2, 0.4, 0.8]
WINDOW_S = 4
# The ticks go by the clock and a late one is made up for. A scrape may see it late at either end of
# the window: on a busy machine by a tenth of a second or two, of four.
TOLERANCE = 0.1


class Counted:
    """The program, as a context."""

    def __init__(self, prometheus, port, service='counted'):
        self._prometheus, self._port, self._service = prometheus, port, service

    def __enter__(self):
        environment = server.OWN | {
            'OTEL_SERVICE_NAME': self._service, 'OTEL_TRACES_EXPORTER': 'none',
            'OTEL_METRICS_EXPORTER': 'prometheus',
            'OTEL_EXPORTER_PROMETHEUS_PORT': str(self._port),
            'OTEL_C_PROMETHEUS_TARGET_FILE': f'{self._prometheus.targets}/%p.json'}
        self._process = subprocess.Popen([COUNTED], env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)
        self.target_file = self._prometheus.targets / f'{self._process.pid}.json'
        return self

    def pause(self):
        """No more ticks; how many there were."""
        self._process.stdin.write(b'pause\n')
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())['ticks']

    def kill(self):
        self._process.kill()
        self._process.wait()

    def __exit__(self, *_):
        self._process.stdin.close()
        code = self._process.wait(30)
        self._process.stdout.close()
        if code > 0:
            raise AssertionError(f'the program ended with {code}')


class Counts(unittest.TestCase):
    """One run of the program, long enough for a window, then paused."""

    @classmethod
    def setUpClass(cls):
        cls.prometheus = cls.enterClassContext(server.Prometheus())
        cls.counted = cls.enterClassContext(Counted(cls.prometheus, server.free_port()))
        cls.prometheus.await_up(1)
        time.sleep(WINDOW_S + 1)
        cls.running_s = server.now_s()
        cls.ticks = cls.counted.pause()
        if not server.eventually(
                lambda: cls.prometheus.value('jobs_total{worker="slow"}') == cls.ticks):
            raise AssertionError(f'{cls.ticks} ticks are not there: {cls.prometheus.log()}')

    def check_rate(self, counter, expected):
        at_s = self.running_s
        rate = self.prometheus.value(f'rate({counter}[{WINDOW_S}s])', at_s)
        samples = self.prometheus.samples(f'{counter}[{WINDOW_S}s]', at_s)
        self.assertGreaterEqual(len(samples), WINDOW_S / server.SCRAPE_S / 2)
        self.assertAlmostEqual(rate / server.rate_of(samples, at_s - WINDOW_S, at_s), 1, 6)
        self.assertAlmostEqual(rate / expected, 1, delta=TOLERANCE)

    def test_rates_are_those_of_the_ticks(self):
        self.check_rate('jobs_total{worker="slow"}', TICKS_A_SECOND)
        self.check_rate('jobs_total{worker="fast"}', 3 * TICKS_A_SECOND)
        self.check_rate('money_spent_total', DOLLARS_OF_A_TICK * TICKS_A_SECOND)
        self.check_rate('job_duration_seconds_count', TICKS_A_SECOND)

    def test_totals_are_exact(self):
        value = self.prometheus.value
        self.assertEqual(value('jobs_total{worker="fast"}'), 3 * self.ticks)
        self.assertEqual(value('money_spent_total'), DOLLARS_OF_A_TICK * self.ticks)
        down = self.ticks // 2
        self.assertEqual(value('queue_level'), 3 * (self.ticks - down) - 2 * down)
        self.assertEqual(value('tick_last'), self.ticks - 1)
        self.assertEqual(value('sum(jobs_total)'), 4 * self.ticks)

    def values(self):
        return [(number % VALUES + 1) / VALUES for number in range(self.ticks)]

    def test_a_histogram_is_exact(self):
        values = self.values()
        buckets = {labels['le']: count for labels, count in
                   self.prometheus.query('job_duration_seconds_bucket')}
        self.assertEqual({float(le): count for le, count in buckets.items()},
                         {bound: sum(value <= bound for value in values)
                          for bound in [*BOUNDS, float('inf')]})
        self.assertEqual(self.prometheus.value('job_duration_seconds_count'), len(values))
        self.assertAlmostEqual(self.prometheus.value('job_duration_seconds_sum'), sum(values), 6)

    def test_quantiles_are_those_of_the_values(self):
        values = self.values()
        edges = list(itertools.pairwise([0, *BOUNDS, float('inf')]))
        counts = [sum(low < value <= high for value in values) for low, high in edges]
        for rank in (0.05, 0.5, 0.75, 0.9):
            quantile = self.prometheus.value(
                f'histogram_quantile({rank}, sum by (le) (job_duration_seconds_bucket))')
            self.assertAlmostEqual(quantile, server.quantile_of(BOUNDS, counts, rank), 9)
            # The values are even, so that a straight line through a bucket is no bad guess; what is
            # over the last boundary is told as the boundary.
            self.assertAlmostEqual(quantile, min(rank, BOUNDS[-1]), delta=0.05)

    def test_metadata_are_those_of_the_instruments(self):
        metadata = self.prometheus.ask('metadata')
        for name, kind in {'jobs': 'counter', 'money_spent': 'counter', 'queue_level': 'gauge',
                           'tick_last': 'gauge', 'job_duration_seconds': 'histogram',
                           'target': 'info'}.items():
            (told,) = metadata.get(name) or metadata[name + '_total']
            self.assertEqual(told['type'], kind, name)

    def test_what_was_negotiated_is_openmetrics(self):
        self.assertGreater(len(self.prometheus.seen), 5)
        for _, asked, answered in self.prometheus.seen:
            self.assertIn('application/openmetrics-text', asked['Accept'])
            self.assertTrue(answered['Content-Type'].startswith('application/openmetrics-text;'))
            self.assertEqual(answered['Content-Encoding'], 'gzip')

    def test_names_are_escaped_as_the_server_wants_them(self):
        _, asked, answered = self.prometheus.seen[-1]
        wanted = 'allow-utf-8' if server.version() >= (3, 0) else 'underscores'
        self.assertEqual('allow-utf-8' in asked['Accept'], wanted == 'allow-utf-8')
        if wanted == 'allow-utf-8' or 'escaping' in answered['Content-Type']:
            self.assertIn(f'escaping={wanted}', answered['Content-Type'])

    def test_the_resource_can_be_joined(self):
        ((labels, value),) = self.prometheus.query(
            'jobs_total{worker="slow"} * on (job, instance) '
            'group_left (telemetry_sdk_name, process_executable_name) target_info')
        self.assertEqual(value, self.ticks)
        self.assertEqual(labels['telemetry_sdk_name'], 'cotel')
        self.assertEqual(labels['process_executable_name'], 'counted')
        self.assertEqual(labels['otel_scope_name'], 'counted')
        self.assertEqual(labels['service_name'], 'counted')

    def test_the_configuration_is_good(self):
        status, said = server.promtool('check', 'config', str(self.prometheus.config))
        self.assertEqual(status, 0, said)
        self.assertIn('SUCCESS', said)


class Restarts(unittest.TestCase):
    """One service that comes back at its port, as after an update or a crash."""

    def setUp(self):
        self.prometheus = self.enterContext(server.Prometheus())
        self.port = server.free_port()

    def run_once(self, limit_s=2, kill=False):
        """The ticks that were scraped."""
        with Counted(self.prometheus, self.port) as counted:
            self.prometheus.await_up(1)
            time.sleep(limit_s)
            ticks = counted.pause()
            self.assertTrue(server.eventually(
                lambda: self.prometheus.value('jobs_total{worker="slow"}') == ticks))
            if kill:
                counted.kill()
        return ticks

    def check_no_rate_is_negative(self, totals, began_s):
        now_s = server.now_s()
        span_s = int(now_s - began_s) + 2
        lowest = self.prometheus.value(
            f'min_over_time(rate(jobs_total{{worker="slow"}}[1s])[{span_s}s:100ms])', now_s)
        self.assertGreaterEqual(lowest, 0)
        selector = f'jobs_total{{worker="slow"}}[{span_s}s]'
        self.assertEqual(self.prometheus.value(f'resets({selector})', now_s), len(totals) - 1)
        samples = self.prometheus.samples(selector, now_s)
        rate = self.prometheus.value(f'rate({selector})', now_s)
        self.assertAlmostEqual(rate / server.rate_of(samples, now_s - span_s, now_s), 1, 6)
        # All that was counted after the first scrape, across the restarts.
        raised = sum(new - old if new >= old else new
                     for (_, old), (_, new) in itertools.pairwise(samples))
        self.assertEqual(raised, sum(totals) - samples[0][1])

    def test_a_restart_gives_no_negative_rate(self):
        began_s = time.time()
        totals = [self.run_once(2), self.run_once(1)]
        self.check_no_rate_is_negative(totals, began_s)
        self.assertEqual(list(self.prometheus.targets.iterdir()), [])

    def test_one_that_was_killed_is_down_until_it_comes_back(self):
        began_s = time.time()
        first = self.run_once(2, kill=True)
        (left_behind,) = self.prometheus.targets.iterdir()
        self.assertTrue(server.eventually(lambda: self.prometheus.value('up') == 0))
        second = self.run_once(1)
        self.check_no_rate_is_negative([first, second], began_s)
        self.assertEqual(list(self.prometheus.targets.iterdir()), [left_behind])


if __name__ == '__main__':
    server.skip_without_prometheus()
    unittest.main(verbosity=1)
