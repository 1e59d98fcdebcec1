#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Has protoc judge the bytes of metrics, and compares their OTLP/JSON with what it should be.

    check.py EMIT           compares with tests/golden
    check.py EMIT --update  writes them down, when a change is wanted

Where Python has opentelemetry-proto, its JSON is asked too (the test metric-json of interop).
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
GOLDEN = {'text': ROOT / 'tests/golden/metric_points.textproto',
          'json': ROOT / 'tests/golden/metric_points.json'}
MESSAGE = 'opentelemetry.proto.metrics.v1.ScopeMetrics'

EMIT = sys.argv[1]


def emit(*arguments):
    return subprocess.run([EMIT, *arguments], stdout=subprocess.PIPE, timeout=30, check=True).stdout


def protoc(option, given):
    return subprocess.run(['protoc', f'--proto_path={ROOT / "proto"}', f'--{option}={MESSAGE}',
                           'opentelemetry/proto/metrics/v1/metrics.proto'],
                          input=given, stdout=subprocess.PIPE, timeout=30, check=True).stdout


def as_text():
    return '# SPDX-License-Identifier: Apache-2.0\n' + protoc('decode', emit()).decode()


def as_json():
    return emit('json').decode()


class MetricBytes(unittest.TestCase):
    maxDiff = None

    def test_protoc_reads_what_was_written(self):
        self.assertEqual(as_text(), GOLDEN['text'].read_text())

    def test_protoc_would_have_written_the_same_bytes(self):
        self.assertEqual(protoc('encode', protoc('decode', emit())), emit())

    def test_the_json_is_that_of_otlp(self):
        self.assertEqual(as_json(), GOLDEN['json'].read_text())

    def test_the_official_json_means_the_same_bytes(self):
        try:
            from google.protobuf import json_format
            from opentelemetry.proto.metrics.v1 import metrics_pb2
        except ImportError:
            self.skipTest('opentelemetry-proto is missing')
        official = metrics_pb2.ScopeMetrics()
        # Ids are hexadecimal in OTLP, base64 in protobuf: the one difference.
        text = re.sub(r'"((?:trace|span)Id)":"([0-9a-f]+)"',
                      lambda m: f'"{m[1]}":"{_base64(bytes.fromhex(m[2]))}"', as_json())
        json_format.Parse(text, official)
        # As text, since NaN is not equal to itself.
        self.assertEqual(str(official), str(metrics_pb2.ScopeMetrics.FromString(emit())))
        ours, theirs = json.loads(text), json.loads(json_format.MessageToJson(
            official, use_integers_for_enums=True))
        self.assertEqual(ours, theirs)


def _base64(raw):
    import base64
    return base64.b64encode(raw).decode()


if __name__ == '__main__':
    if '--update' in sys.argv:
        GOLDEN['text'].write_text(as_text())
        GOLDEN['json'].write_text(as_json())
    else:
        unittest.main(argv=sys.argv[:1], verbosity=1)
