#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program with the official SDK of its language sends to cotel view, which shows what it set.

    check.py COTEL PROTOCOL SERVICE SCOPE SENDER...

SENDER PROTOCOL URL COMPRESSION prints the trace's id.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

import expected

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'integration/view'))
import viewer  # noqa: E402

COTEL, PROTOCOL, SERVICE, SCOPE, *SENDER = sys.argv[1:]


def view(*options):
    kind = viewer.GrpcViewer if PROTOCOL == 'grpc' else viewer.Viewer
    return kind(COTEL, *options)


def send(viewer_, compression):
    port = viewer_.grpc_port if PROTOCOL == 'grpc' else viewer_.port
    environment = {k: v for k, v in os.environ.items() if not re.match('OTEL_|.*_proxy$', k, re.I)}
    result = subprocess.run([*SENDER, PROTOCOL, f'http://127.0.0.1:{port}', compression],
                            env=environment, stdout=subprocess.PIPE, timeout=60, check=True)
    return result.stdout.decode().strip()


class Sent(unittest.TestCase):
    maxDiff = None

    def check_shown(self, compression):
        with view('--json', '--count', '1') as viewer_:
            trace_id = send(viewer_, compression)
            trace = viewer_.trace()
            self.assertEqual(trace['trace_id'], trace_id)
            expected.check(self, trace, SERVICE, SCOPE)
            self.assertEqual(viewer_.exit_status(), 0)

    def test_it_is_shown_as_it_was_set(self):
        self.check_shown('none')

    def test_gzip(self):
        self.check_shown('gzip')

    def test_it_is_drawn(self):
        with view('--count', '1') as viewer_:
            send(viewer_, 'none')
            self.assertRegex(viewer_.rest(), f'(?s)parent \\(.*{SERVICE}\n'
                                          f'  └─ child \\(.*{SERVICE} +✗ ERROR it broke\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
