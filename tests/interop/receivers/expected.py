# SPDX-License-Identifier: Apache-2.0
"""The spans of tests/integration/wire/emit.c in the official classes."""

from opentelemetry.proto.common.v1 import common_pb2 as common
from opentelemetry.proto.trace.v1 import trace_pb2

Span = trace_pb2.Span
Status = trace_pb2.Status

START_NS = 1700000000000000001
END_NS = 1700000000123456789
EVENT_NS = 1700000000000000777
REMOTE_TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
REMOTE_SPAN_ID = 'b7ad6b7169203331'
REMOTE_TRACESTATE = 'vendor=value,other=1'
# Sampled and random, and it is known that the parent (or the linked span) is remote, or not.
LOCAL, REMOTE = 0x103, 0x303


def any_value(value):
    """An AnyValue of a Python value; None is the empty one."""
    if value is None:
        return common.AnyValue()
    if isinstance(value, bool):
        return common.AnyValue(bool_value=value)
    if isinstance(value, list):
        values = [any_value(item) for item in value]
        return common.AnyValue(array_value=common.ArrayValue(values=values))
    if isinstance(value, dict):
        return common.AnyValue(kvlist_value=common.KeyValueList(values=attributes(value)))
    kind = {str: 'string', int: 'int', float: 'double', bytes: 'bytes'}[type(value)]
    return common.AnyValue(**{f'{kind}_value': value})


def attributes(values):
    return [common.KeyValue(key=key, value=any_value(value)) for key, value in values.items()]


VALUES = {
    'at.start': 'yes',
    'replaced': 2,
    'string': 'gr\u00fc\u00df \u20ac \U0001f600',
    'string.empty': '',
    'string.nul': 'a\0b',
    'string.bad': 'a\ufffd z',
    'bool.true': True,
    'bool.false': False,
    'int.min': -2**63,
    'int.max': 2**63 - 1,
    'int.zero': 0,
    'double': -1.5e-300,
    'double.zero': 0.0,
    'bytes': b'\x00\x01\xfe\xff',
    'empty': None,
    'strings': ['one', '', 'three'],
    'bools': [True, False],
    'ints': [-1, 0, 1],
    'doubles': [0.25, -0.5],
    'array.empty': [],
    'map': {'list': [7, None, 'x', {'depth': 2, 'word': 'deep'}], 'flag': True},
    'map.empty': {},
}


def troubled(spans):
    """A child with events, links and an error."""
    parent_trace, parent_span = spans['values'].trace_id, spans['values'].span_id
    error = {'exception.type': 'IOError', 'exception.message': 'it broke'}
    return {
        'kind': Span.SPAN_KIND_CLIENT, 'flags': LOCAL, 'parent_span_id': parent_span,
        'start_time_unix_nano': START_NS + 1, 'end_time_unix_nano': END_NS,
        'status': Status(code=Status.STATUS_CODE_ERROR, message='no luck'),
        'events': [Span.Event(name='retry', time_unix_nano=EVENT_NS,
                              attributes=attributes({'attempt': 2})),
                   Span.Event(name='exception', attributes=attributes(error))],
        'links': [Span.Link(trace_id=parent_trace, span_id=parent_span, flags=LOCAL),
                  Span.Link(trace_id=bytes.fromhex(REMOTE_TRACE_ID),
                            span_id=bytes.fromhex(REMOTE_SPAN_ID), flags=REMOTE,
                            trace_state=REMOTE_TRACESTATE,
                            attributes=attributes({'why': 'caused'}))],
    }


def spans_of(reported):
    """name -> Span, given the ids that the program saw. Times that it does not set are 0. Each has
    a status, though cotel leaves an unset one out: the Collector adds it."""
    spans = {name: Span(name=name, flags=LOCAL, trace_id=bytes.fromhex(trace_id),
                        span_id=bytes.fromhex(span_id), status=Status())
             for name, (trace_id, span_id, _) in reported.items()}
    settings = {
        'values': {'kind': Span.SPAN_KIND_SERVER, 'attributes': attributes(VALUES),
                   'start_time_unix_nano': START_NS, 'end_time_unix_nano': END_NS,
                   'status': Status(code=Status.STATUS_CODE_OK)},
        'troubled': troubled(spans),
        'continued': {'kind': Span.SPAN_KIND_CONSUMER, 'flags': REMOTE,
                      'parent_span_id': bytes.fromhex(REMOTE_SPAN_ID),
                      'trace_state': REMOTE_TRACESTATE,
                      'start_time_unix_nano': START_NS, 'end_time_unix_nano': END_NS},
        'internal': {'kind': Span.SPAN_KIND_INTERNAL},
        'producer': {'kind': Span.SPAN_KIND_PRODUCER},
    }
    for name, fields in settings.items():
        spans[name].MergeFrom(Span(**fields))
    return spans
