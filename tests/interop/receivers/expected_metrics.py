# SPDX-License-Identifier: Apache-2.0
"""The metrics of measured.c in the official classes, for each collection and temporality. Times
that the program does not set are 0."""

import itertools
import math

from expected import attributes
from opentelemetry.proto.common.v1 import common_pb2 as common
from opentelemetry.proto.metrics.v1 import metrics_pb2

Metric = metrics_pb2.Metric
DELTA = metrics_pb2.AGGREGATION_TEMPORALITY_DELTA
CUMULATIVE = metrics_pb2.AGGREGATION_TEMPORALITY_CUMULATIVE

# cotel_temporality_preference; up-down counters are cumulative always.
PREFERENCES = {'cumulative': 0, 'delta': 1, 'lowmemory': 2}
DELTAS = {'cumulative': set(), 'delta': {'counter', 'observed', 'histogram'},
          'lowmemory': {'counter', 'histogram'}}
ROUNDS = 2

TRACE_ID = bytes.fromhex('0af7651916cd43dd8448eb211c80319c')
SPAN_ID = bytes.fromhex('b7ad6b7169203331')
PRODUCED_START_NS = 1700000000000000001
PRODUCED_NS = 1700000000123456789

LATENCY_BOUNDS = [0.1, 1, 10]
LATENCIES = [[0.05, 1, 5], [0.05, 1, 5, 100]]
IN_SPAN = [[5], [5, 100]]
SIZES = [[0, 1, 2, 4, 4, 1000], [0, 2, 4, 8, 8, 2000]]
MAX_BUCKETS = 8

SCOPES = {
    'wire.metrics': (common.InstrumentationScope(
        name='wire.metrics', version='1.2.3',
        attributes=attributes({'scope.kind': 'full', 'scope.number': 7})),
        'https://example.com/schema'),
    'wire.other': (common.InstrumentationScope(name='wire.other'), ''),
    'elsewhere': (common.InstrumentationScope(name='elsewhere', version='0.9'), ''),
}


def value_of(value):
    return {'as_int' if isinstance(value, int) else 'as_double': value}


def number(value, values=None, exemplars=()):
    return metrics_pb2.NumberDataPoint(attributes=attributes(values or {}), exemplars=exemplars,
                                       **value_of(value))


def exemplar(value, filtered=None):
    return metrics_pb2.Exemplar(trace_id=TRACE_ID, span_id=SPAN_ID,
                                filtered_attributes=attributes(filtered or {}), **value_of(value))


class Collection:
    """What collection number `round` of a reader with this preference has."""

    def __init__(self, preference, round_):
        self.deltas, self.round = DELTAS[preference], round_

    def temporality(self, kind):
        return DELTA if kind in self.deltas else CUMULATIVE

    def since(self, kind, rounds):
        """Of a list by rounds those that count now, one behind the other."""
        first = self.round if kind in self.deltas else 0
        return list(itertools.chain.from_iterable(rounds[first:self.round + 1]))

    def sum(self, name, kind, points, **head):
        return Metric(name=name, **head, sum=metrics_pb2.Sum(
            data_points=points, is_monotonic=kind in ('counter', 'observed'),
            aggregation_temporality=self.temporality(kind)))

    def added(self, kind, rounds):
        total = 0
        for each in self.since(kind, rounds):
            total += each
        return total

    def jobs(self):
        points = [number(self.added('counter', [[5], [6]]),
                         {'model': 'gr\u00fc\u00df', 'cached': True, 'share': 0.25},
                         [exemplar(5 + self.round)])]
        if self.since('counter', [[1], []]):
            points.append(number(1 << 60))
        return self.sum('jobs', 'counter', points, unit='{job}', description='Jobs that were done')

    def gauge(self, name, *points, **head):
        return Metric(name=name, gauge=metrics_pb2.Gauge(data_points=points), **head)

    def latency(self):
        values = self.since('histogram', LATENCIES)
        edges = itertools.pairwise([-math.inf, *LATENCY_BOUNDS, math.inf])
        point = metrics_pb2.HistogramDataPoint(
            attributes=attributes({'retry': -1}), count=len(values),
            sum=self.added('histogram', LATENCIES), min=min(values), max=max(values),
            explicit_bounds=LATENCY_BOUNDS,
            bucket_counts=[sum(low < value <= high for value in values) for low, high in edges],
            exemplars=[exemplar(float(value), {'user': 'ann'}) for value in IN_SPAN[self.round]])
        return Metric(name='latency', unit='s', description='How long it takes',
                      histogram=metrics_pb2.Histogram(
                          data_points=[point],
                          aggregation_temporality=self.temporality('histogram')))

    def size(self):
        values = self.since('histogram', SIZES)
        # The finest scale at which all fit. The logarithms are whole numbers or far from one.
        for scale in range(20, -11, -1):
            indexes = [math.ceil(math.log2(value) * 2.0 ** scale) - 1 for value in values if value]
            if max(indexes) - min(indexes) < MAX_BUCKETS:
                break
        counts = [indexes.count(index) for index in range(min(indexes), max(indexes) + 1)]
        Point = metrics_pb2.ExponentialHistogramDataPoint
        point = Point(count=len(values), sum=sum(values), min=min(values), max=max(values),
                      scale=scale, zero_count=values.count(0), negative=Point.Buckets(),
                      positive=Point.Buckets(offset=min(indexes), bucket_counts=counts))
        return Metric(name='size', unit='By', exponential_histogram=(
            metrics_pb2.ExponentialHistogram(
                data_points=[point], aggregation_temporality=self.temporality('histogram'))))

    def age(self):
        Point = metrics_pb2.SummaryDataPoint
        quantiles = [Point.ValueAtQuantile(quantile=quantile, value=value)
                     for quantile, value in ((0, 0.5), (0.5, 2.5), (1, math.inf))]
        point = Point(attributes=attributes({'who': 'somebody else'}), count=7, sum=12.5,
                      start_time_unix_nano=PRODUCED_START_NS, time_unix_nano=PRODUCED_NS,
                      quantile_values=quantiles)
        return Metric(name='age', unit='s', description='of what waits',
                      summary=metrics_pb2.Summary(data_points=[point]))

    def scopes(self):
        """Scope's name -> metric's name -> Metric."""
        lists = {
            'wire.metrics': [
                self.jobs(),
                self.sum('cost', 'counter', [number(self.added('counter', [[0.1, 0.2]] * 2))]),
                self.sum('active', 'up-down', [number(-3 * (self.round + 1))]),
                self.sum('balance', 'up-down', [number(-0.5 * (self.round + 1))]),
                self.sum('faults', 'observed', [number(self.added('observed', [[1000], [500]]),
                                                       {'kind': 'major'})]),
                self.sum('backlog', 'up-down', [number([12.5, -12.5][self.round])]),
                self.gauge('level', number(-2**63 + self.round)),
                self.gauge('heat', number([math.nan, -273.15][self.round])),
                self.gauge('load', number([0.25, 1.25][self.round])),
            ],
            'wire.other': [self.latency(), self.size()],
            'elsewhere': [self.age(), self.gauge('gone', metrics_pb2.NumberDataPoint(
                flags=1, time_unix_nano=PRODUCED_NS))],
        }
        return {scope: {metric.name: metric for metric in metrics}
                for scope, metrics in lists.items()}
