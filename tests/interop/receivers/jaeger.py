# SPDX-License-Identifier: Apache-2.0
"""What cotel sends to a real Jaeger can be had from its query API as it was set.

    jaeger.py EMIT BUILD [unittest arguments]      RECEIVER is Jaeger
"""

import base64
import json
import sys
import unittest
import urllib.error
import urllib.request

import expected
import receiver

EMIT, BUILD = sys.argv.pop(1), sys.argv.pop(1)

SERVER, CLIENT = 2, 3
ERROR = 2
# Of the demo, a span's name -> its service, and the name of its parent.
AGENTS = {
    'execute_task': ('orchestrator', None),
    'invoke_agent writer': ('writer', 'execute_task'),
    'invoke_agent critic': ('critic', 'execute_task'),
    'save_artifact': ('writer', 'invoke_agent writer'),
    'execute_tool check_draft': ('critic', 'invoke_agent critic'),
}


def make_config(_, doors, http, grpc):
    return f'''
receivers: {doors}
exporters:
  jaeger_storage_exporter: {{trace_storage: memory}}
extensions:
  jaeger_storage: {{backends: {{memory: {{memory: {{max_traces: 1000}}}}}}}}
  jaeger_query:
    storage: {{traces: memory}}
    http: {{endpoint: "127.0.0.1:{http}"}}
    grpc: {{endpoint: "127.0.0.1:{grpc}"}}
service:
  telemetry: {{metrics: {{level: none}}}}
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces:
      receivers: [otlp/plain, otlp/tls, otlp/mtls]
      exporters: [jaeger_storage_exporter]
'''


def python_value(value):
    """Of an AnyValue in JSON, the kind and the content."""
    ((kind, content),) = value.items()
    if kind == 'intValue':
        content = int(content)
    elif kind == 'bytesValue':
        content = base64.b64decode(content)
    return kind, content


def values(holder):
    return {pair['key']: python_value(pair['value']) for pair in holder.get('attributes', [])}


def as_kept(value):
    """How Jaeger keeps a value: arrays and maps as their JSON, and the empty one as a text."""
    if value is None:
        return 'stringValue', ''
    if isinstance(value, (list, dict)):
        return 'stringValue', json.dumps(value, separators=(',', ':'), sort_keys=True)
    kind = {bool: 'bool', str: 'string', int: 'int', float: 'double', bytes: 'bytes'}[type(value)]
    return f'{kind}Value', value


class Trace:
    """A trace as the query API gives it; spans get the name of their `service`."""

    def __init__(self, result):
        self.spans = []
        self.resources = [values(resource['resource']) for resource in result['resourceSpans']]
        for resource, attributes in zip(result['resourceSpans'], self.resources):
            for scope in resource['scopeSpans']:
                self.spans += [span | {'service': attributes['service.name'][1],
                                       'scope': scope['scope']['name']}
                               for span in scope['spans']]
        self.by_id = {span['spanId']: span for span in self.spans}

    def named(self, name):
        return [span for span in self.spans if span['name'] == name]

    def parent_name(self, span):
        """The name of the parent; None at a root, and an error if the parent is not there."""
        return span['parentSpanId'] and self.by_id[span['parentSpanId']]['name'] or None


class ToJaeger(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.jaeger = cls.enterClassContext(receiver.Receiver(make_config, 2))

    def query(self, trace_id):
        """The trace; None when there is none."""
        url = f'http://127.0.0.1:{self.jaeger.extra_ports[0]}/api/v3/traces/{trace_id}'
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=receiver.ARRIVAL_LIMIT_S) as answer:
                return Trace(json.load(answer)['result'])
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return None

    def await_trace(self, trace_id, count):
        def whole():
            trace = self.query(trace_id)
            return trace if trace and len(trace.spans) >= count else None
        trace = receiver.eventually(whole)
        self.assertIsNotNone(trace, f'not all came: {self.jaeger.log()}')
        self.assertEqual((len(trace.spans), len(trace.by_id)), (count, count))
        self.assertEqual({span['traceId'] for span in trace.spans}, {trace_id})
        return trace

    def each_way(self, check):
        for protocol, form in receiver.WAYS:
            with self.subTest(protocol=protocol, form=form):
                check(self.jaeger.environment(protocol, form))

    # ---- one program that sets values of every kind ----

    def check_values(self, environment):
        reported = receiver.run_values(EMIT, environment | {
            'OTEL_RESOURCE_ATTRIBUTES': 'team=a%20b'})
        trace = self.await_trace(reported['values'][0], 2)
        (resource,) = trace.resources
        self.assertEqual(resource['service.name'], ('stringValue', 'values'))
        self.assertEqual(resource['team'], ('stringValue', 'a b'))
        self.assertEqual({span['scope'] for span in trace.spans}, {'wire.first'})
        (parent,) = trace.named('values')
        (child,) = trace.named('troubled')
        self.check_parent(parent, reported['values'][1])
        self.check_child(child, reported)

    def check_parent(self, span, span_id):
        self.assertEqual((span['spanId'], span['parentSpanId']), (span_id, ''))
        self.assertEqual((span['kind'], span['status']), (SERVER, {'code': 1}))
        self.assertEqual((int(span['startTimeUnixNano']), int(span['endTimeUnixNano'])),
                         (expected.START_NS, expected.END_NS))
        self.assertEqual(values(span),
                         {key: as_kept(value) for key, value in expected.VALUES.items()})

    def check_child(self, span, reported):
        self.assertEqual((span['spanId'], span['parentSpanId']),
                         (reported['troubled'][1], reported['values'][1]))
        self.assertEqual(span['kind'], CLIENT)
        self.assertEqual(span['status'], {'code': ERROR, 'message': 'no luck'})
        self.assertEqual([(link['traceId'], link['spanId']) for link in span['links']],
                         [reported['values'][:2],
                          (expected.REMOTE_TRACE_ID, expected.REMOTE_SPAN_ID)])
        events = {event['name']: event for event in span['events']}
        self.assertEqual(set(events), {'retry', 'exception'})
        self.assertEqual(int(events['retry']['timeUnixNano']), expected.EVENT_NS)
        self.assertEqual(values(events['retry']), {'attempt': ('intValue', 2)})
        self.assertEqual(values(events['exception']), {
            'exception.type': ('stringValue', 'IOError'),
            'exception.message': ('stringValue', 'it broke')})

    def test_values_of_every_kind_are_found_as_they_were_set(self):
        self.each_way(self.check_values)

    # ---- the agents' demo ----

    def check_demo(self, environment):
        trace_id, count = receiver.run_demo(BUILD, environment)
        trace = self.await_trace(trace_id, count)
        self.assertEqual(len(trace.named('execute_task')), 1)
        for span in trace.spans:
            if span['name'] == 'chat gpt-4o':
                self.assertEqual(trace.parent_name(span), f'invoke_agent {span["service"]}')
                continue
            self.assertEqual((span['service'], trace.parent_name(span)), AGENTS[span['name']])
        self.check_task(trace)
        self.check_calls(trace)

    def check_task(self, trace):
        (root,) = trace.named('execute_task')
        scores = [values(event)['task.score'][1] for event in root['events']
                  if event['name'] == 'reviewed']
        self.assertEqual(values(root)['task.rounds'], ('intValue', len(scores)))
        self.assertGreaterEqual(max(scores), 0.9)
        verdicts = [values(event)['gen_ai.evaluation.score.label'][1]
                    for span in trace.named('invoke_agent critic') for event in span['events']]
        self.assertEqual(sorted(verdicts), ['fail'] * (len(scores) - 1) + ['pass'])

    def check_calls(self, trace):
        """The model failed once, and was asked again."""
        calls = trace.named('chat gpt-4o')
        failed = [call for call in calls if call['status'].get('code') == ERROR]
        self.assertEqual([call['status'].get('message') for call in failed],
                         ['the model is overloaded'])
        for call in calls:
            attributes = values(call)
            self.assertEqual(call['kind'], CLIENT)
            self.assertEqual(attributes['gen_ai.request.model'], ('stringValue', 'gpt-4o'))
            self.assertEqual(attributes['server.address'], ('stringValue', '127.0.0.1'))
            if call not in failed:
                self.assertGreater(attributes['gen_ai.usage.input_tokens'][1], 0)

    def test_the_demo_is_found_as_one_trace(self):
        self.each_way(self.check_demo)


if __name__ == '__main__':
    receiver.main()
