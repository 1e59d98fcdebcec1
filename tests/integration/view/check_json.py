#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends cotel view OTLP/JSON, as the protocol writes it and as it allows it.

    check_json.py COTEL [unittest arguments]
"""

import copy
import gzip
import json
import sys
import unittest

import viewer

COTEL = sys.argv.pop(1)
TRACE_ID = '5b8efff798038103d269b633813fc60c'

# Each kind of field that a trace has, in the form that the protocol prefers.
SPAN = {
    'traceId': TRACE_ID, 'spanId': 'eee19b7ec3c1b174', 'traceState': 'k=v',
    'parentSpanId': 'eee19b7ec3c1b173', 'flags': 257, 'name': 'a span with all', 'kind': 2,
    'startTimeUnixNano': '1544712660000000001', 'endTimeUnixNano': '1544712661000000002',
    'attributes': [
        {'key': 'text', 'value': {'stringValue': 'gr\u00fc\u00df\0'}},
        {'key': 'yes', 'value': {'boolValue': True}},
        {'key': 'most', 'value': {'intValue': '9223372036854775807'}},
        {'key': 'ratio', 'value': {'doubleValue': 0.1}},
        {'key': 'nan', 'value': {'doubleValue': 'NaN'}},
        {'key': 'bytes', 'value': {'bytesValue': '//4A'}},
        {'key': 'list', 'value': {'arrayValue': {'values': [{'stringValue': 'a'}, {}]}}},
        {'key': 'map', 'value': {'kvlistValue': {'values': [
            {'key': 'deep', 'value': {'intValue': '-1'}}]}}}],
    'droppedAttributesCount': 1,
    'events': [{'timeUnixNano': '7', 'name': 'e', 'attributes': [], 'droppedAttributesCount': 2}],
    'droppedEventsCount': 3,
    'links': [{'traceId': TRACE_ID, 'spanId': 'eee19b7ec3c1b175', 'traceState': 'a=b', 'flags': 1,
               'attributes': [{'key': 'why', 'value': {'stringValue': 'batch'}}]}],
    'droppedLinksCount': 4,
    'status': {'message': 'bad', 'code': 2}}

SHOWN = {
    'span_id': 'eee19b7ec3c1b174', 'parent_span_id': 'eee19b7ec3c1b173',
    'name': 'a span with all', 'service': 'my.service', 'kind': 'server',
    'start_unix_ns': 1544712660000000001, 'end_unix_ns': 1544712661000000002,
    'status': {'code': 'error', 'message': 'bad'},
    'attributes': {'text': 'gr\u00fc\u00df\0', 'yes': True, 'most': 2**63 - 1, 'ratio': 0.1,
                   'nan': 'NaN', 'bytes': '//4A', 'list': ['a', None], 'map': {'deep': -1}},
    'events': [{'name': 'e', 'time_unix_ns': 7, 'attributes': {}, 'dropped_attributes_count': 2}],
    'links': [{'trace_id': TRACE_ID, 'span_id': 'eee19b7ec3c1b175', 'trace_state': 'a=b',
               'flags': 1, 'attributes': {'why': 'batch'}, 'dropped_attributes_count': 0}],
    'trace_state': 'k=v', 'flags': 257, 'dropped_attributes_count': 1, 'dropped_events_count': 3,
    'dropped_links_count': 4,
    'scope': {'name': 'my.library', 'version': '1.0.0', 'schema_url': 'https://schema',
              'attributes': {'s': 'v'}, 'dropped_attributes_count': 0},
    'resource': {'attributes': {'service.name': 'my.service'}, 'schema_url': '',
                 'dropped_attributes_count': 0}}


def request(*spans):
    return {'resourceSpans': [{
        'resource': {'attributes': [{'key': 'service.name',
                                     'value': {'stringValue': 'my.service'}}]},
        'scopeSpans': [{
            'scope': {'name': 'my.library', 'version': '1.0.0',
                      'attributes': [{'key': 's', 'value': {'stringValue': 'v'}}]},
            'schemaUrl': 'https://schema',
            'spans': list(spans)}]}]}


ROOT = {'traceId': TRACE_ID, 'spanId': 'eee19b7ec3c1b173', 'name': 'root'}


def changed(**members):
    return copy.deepcopy(SPAN) | members


class Json(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.viewer = viewer.Viewer(COTEL, '--json')
        self.addCleanup(self.viewer.__exit__)

    def send(self, body, content_type='application/json', **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        answer = self.viewer.send(body, Content_Type=content_type, **headers)
        self.assertEqual(answer.headers['Content-Type'], 'application/json')
        return answer.status, json.loads(answer.body)

    def check_shown(self, span, **headers):
        self.assertEqual(self.send(request(ROOT, span), **headers), (200, {}))
        root, child = self.viewer.trace()['spans']
        self.assertEqual(root['name'], 'root')
        self.assertEqual(child, SHOWN)

    def check_refused(self, body, reason, status=400, code=3):
        got, message = self.send(body)
        self.assertEqual((got, message['code']), (status, code))
        self.assertRegex(message['message'], reason)
        self.assertRegex(self.viewer.errors(), f'answered {status}: .*{reason}')

    def test_all_that_was_sent_is_shown(self):
        self.check_shown(SPAN)

    def test_parameters_of_the_content_type(self):
        self.check_shown(SPAN, content_type='Application/JSON; charset=utf-8')

    def test_gzip(self):
        body = gzip.compress(json.dumps(request(ROOT, SPAN)).encode())
        self.assertEqual(self.send(body, Content_Encoding='gzip'), (200, {}))
        self.assertEqual(self.viewer.trace()['spans'][1], SHOWN)

    def test_what_a_reader_has_to_take_besides(self):
        link = SPAN['links'][0] | {'traceId': TRACE_ID.upper(), 'unknown': [1, {'deep': None}]}
        attributes = copy.deepcopy(SPAN['attributes'])
        attributes[2]['value'] = {'intValue': 2**63 - 1}
        self.check_shown(changed(
            traceId=TRACE_ID.upper(), spanId='EEE19b7EC3c1b174', links=[link],
            startTimeUnixNano=1544712660000000001, flags='257', attributes=attributes,
            unknown={'a': ['b']}, another=None))

    def test_no_request_and_an_empty_one(self):
        self.assertEqual(self.send({}), (200, {}))
        self.assertEqual(self.send({'resourceSpans': []}), (200, {}))

    def test_what_is_malformed_is_refused_with_its_place(self):
        self.check_refused(b'', 'at byte 0: an object')
        self.check_refused(b'{"resourceSpans": [}', 'at byte 19: an object')
        self.check_refused(json.dumps(request(SPAN)).encode()[:-1], 'comma or the end')
        self.check_refused(request(changed(kind='SPAN_KIND_SERVER')), 'Span.kind has to be a number')
        self.check_refused(request(changed(traceId='xyz=')), 'Span.trace_id is not hexadecimal')
        self.check_refused(request(changed(flags=2**32)), 'Span.flags')
        self.check_refused(request(changed(name=7)), 'a string')
        self.check_refused(b'\xff', 'object')
        self.assertEqual(self.send(request(ROOT)), (200, {}))

    def test_values_nested_too_deep(self):
        value = {'stringValue': 'end'}
        for _ in range(60):
            value = {'arrayValue': {'values': [value]}}
        self.check_refused(request(changed(attributes=[{'key': 'k', 'value': value}])),
                           'deeper than 100')
        self.check_refused(b'{"unknown":' + b'[' * 1_000_000, 'too deep')

    def test_too_many_fields(self):
        self.check_refused(b'{"resourceSpans":[' + b'{},' * (2 * 1024 * 1024) + b'{}]}', 'fields',
                           413, 8)

    def test_spans_with_bad_ids_are_counted_and_the_others_taken(self):
        status, answer = self.send(request(ROOT, changed(traceId=''), changed(spanId='00' * 8)))
        self.assertEqual(status, 200)
        self.assertEqual(answer['partialSuccess']['rejectedSpans'], '2')
        self.assertIn('16 bytes', answer['partialSuccess']['errorMessage'])
        self.assertEqual(len(self.viewer.trace()['spans']), 1)

    def test_refusals_of_the_transport_are_json_too(self):
        answer = self.viewer.send(b'{}', path='/v1/logs', Content_Type='application/json')
        self.assertEqual((answer.status, json.loads(answer.body)['code']), (404, 5))


if __name__ == '__main__':
    unittest.main(verbosity=1)
