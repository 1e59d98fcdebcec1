# SPDX-License-Identifier: Apache-2.0
"""What the senders of this folder set, and how cotel view is to show it with --json."""

ATTRIBUTES = {'text': 'gr\u00fc\u00df', 'yes': True, 'count': 42, 'ratio': 0.1,
              'list': ['a', 'b'], 'numbers': [1, 2, 3]}
EVENT = {'name': 'halfway', 'attributes': {'percent': 50}}
ERROR = 'it broke'
SPANS = {'parent': ('server', 'unset', ''), 'child': ('client', 'error', ERROR)}


def check(test, trace, service, scope):
    """One trace of two spans, as both senders build it."""
    test.assertTrue(trace['has_root'])
    spans = {span['name']: span for span in trace['spans']}
    test.assertEqual(list(spans), list(SPANS), 'the parent first')
    parent, child = spans['parent'], spans['child']
    test.assertEqual(parent['parent_span_id'], '')
    test.assertEqual(child['parent_span_id'], parent['span_id'])
    for name, (kind, code, message) in SPANS.items():
        span = spans[name]
        test.assertEqual((span['kind'], span['service']), (kind, service))
        test.assertEqual(span['status'], {'code': code, 'message': message})
        test.assertLessEqual(span['start_unix_ns'], span['end_unix_ns'])
        test.assertEqual(span['flags'] & 0x300, 0x100, 'it is known that no parent is remote')
        test.assertEqual((span['scope']['name'], span['scope']['version']), (scope, '1.2.3'))
        test.assertEqual(span['resource']['attributes']['service.name'], service)
    test.assertEqual(child['attributes'], ATTRIBUTES)
    test.assertEqual([{key: event[key] for key in EVENT} for event in child['events']], [EVENT])
    test.assertEqual([(link['trace_id'], link['span_id'], link['attributes'])
                      for link in child['links']],
                     [(trace['trace_id'], parent['span_id'], {'why': 'test'})])
