#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the example with a client library's metrics, and scrapes it: prometheus_client.py EXAMPLE"""
import os
import subprocess
import sys
import time
import unittest
import urllib.request

EXAMPLE = sys.argv.pop(1)
DEADLINE = 20  # seconds


def scrape(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=DEADLINE) as answer:
        return answer.read().decode().splitlines()


class Client(unittest.TestCase):
    def test_its_metrics_are_there_while_it_runs(self):
        clean = {key: value for key, value in os.environ.items() if not key.startswith('OTEL_')}
        with subprocess.Popen([EXAMPLE, '0'], env=clean, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as example:
            url = example.stdout.readline().decode().strip()
            example.stdin.write(b'one two\nthree\n')
            example.stdin.flush()
            end = time.monotonic() + DEADLINE
            lines = scrape(url)
            while 'example_wait_seconds_count 2' not in lines and time.monotonic() < end:
                time.sleep(0.05)
                lines = scrape(url)
            example.stdin.close()
            self.assertEqual(example.wait(DEADLINE), 0)
        for line in ('# TYPE example_words_total counter', 'example_words_total{letter="o"} 1',
                     'example_words_total{letter="t"} 2', 'example_longest_line_bytes 8',
                     'example_line_bytes_bucket{le="4"} 0', 'example_line_bytes_bucket{le="16"} 2',
                     'example_line_bytes_sum 14', 'example_wait_seconds_count 2',
                     '# TYPE example_wait_seconds summary'):
            self.assertIn(line, lines)
        quantiles = [l for l in lines if l.startswith('example_wait_seconds{quantile=')]
        self.assertEqual(len(quantiles), 3)


if __name__ == '__main__':
    unittest.main(verbosity=1)
