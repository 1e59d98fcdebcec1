#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs scripts/demo as a newcomer would, and looks at the trace that comes out.

    check.py BUILD_FOLDER [unittest arguments]

DEMO_GRPC=1 says that the build has both ends of OTLP over gRPC.
"""

import collections
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'tests/support'))
import otlp_sink  # noqa: E402

BUILD = sys.argv.pop(1)
HAS_GRPC = os.environ.get('DEMO_GRPC') == '1'

# Each run gets a folder of its own in here.
FOLDER = tempfile.TemporaryDirectory()

SMALL_BRIEF = """
Title: Tea
Kind: note
Audience: guests
Words: 5-200
Threshold: 0.8
Points:
- The kettle stands in the kitchen.
- Tea is in the blue tin.
"""

# From the outside nothing may leak into the programs that are tested.
FOREIGN = re.compile(r'^(OTEL_|LLM_|DEMO_|MODEL_ARGS$|BRIEF$|TRACEPARENT$)')


class Run:
    """One run of the demo with JSON; its trace, if there is one, is checked for being whole."""

    def __init__(self, brief=None, **settings):
        self.out = pathlib.Path(tempfile.mkdtemp(dir=FOLDER.name))
        environment = {k: v for k, v in os.environ.items() if not FOREIGN.match(k)}
        environment |= {'BUILD': BUILD, 'DEMO_OUT': str(self.out), 'DEMO_JSON': '1',
                        'MODEL_ARGS': '--slow 20'} | settings
        if brief:
            (self.out / 'brief').write_text(brief)
            environment['BRIEF'] = str(self.out / 'brief')
        result = subprocess.run([ROOT / 'scripts/demo'], env=environment, timeout=100,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, check=False)
        self.code = result.returncode
        self.stdout = result.stdout.decode()
        self.stderr = result.stderr.decode()
        lines = self.stdout.splitlines() if environment['DEMO_JSON'] else []
        shown = [json.loads(line) for line in lines]
        self.traces = [each for each in shown if 'trace_id' in each]
        self.metrics = [each for each in shown if 'metric' in each]
        self.spans = self.traces[-1]['spans'] if self.traces else []
        self.by_id = {span['span_id']: span for span in self.spans}

    def named(self, name):
        return [span for span in self.spans if span['name'] == name]

    def parent(self, span):
        return self.by_id.get(span['parent_span_id'])

    def shape(self):
        return collections.Counter(span['name'] for span in self.spans)


class Demo(unittest.TestCase):
    def check_tree(self, run):
        """One trace, one root, and parents that are there and began earlier."""
        self.assertEqual(len(run.traces), 1, run.stderr)
        self.assertEqual(len(run.by_id), len(run.spans), 'a span came twice')
        roots = [span for span in run.spans if not span['parent_span_id']]
        self.assertEqual([root['name'] for root in roots], ['execute_task'])
        for span in run.spans:
            if span in roots:
                continue
            parent = run.parent(span)
            self.assertIsNotNone(parent, f'{span["name"]} has no parent')
            self.assertLessEqual(parent['start_unix_ns'], span['start_unix_ns'])
        return roots[0]

    def check_services(self, run):
        """Who may have what under what: the shape that examples/agents promises."""
        expected = {
            'execute_task': ('orchestrator', None),
            'invoke_agent writer': ('writer', 'execute_task'),
            'invoke_agent critic': ('critic', 'execute_task'),
            'save_artifact': ('writer', 'invoke_agent writer'),
            'execute_tool check_draft': ('critic', 'invoke_agent critic'),
        }
        for span in run.spans:
            parent = run.parent(span)
            if span['name'] == 'chat gpt-4o':
                self.assertEqual(parent['name'], f'invoke_agent {span["service"]}')
                continue
            service, parent_name = expected[span['name']]
            self.assertEqual(span['service'], service)
            self.assertEqual(parent and parent['name'], parent_name)

    def check_counts(self, run, spans):
        """The counts of the programs, added up, are the spans that were shown."""
        counts = re.findall(r'^(\w+): started (\d+)  ended (\d+)  exported (\d+)  dropped (\d+)$',
                            run.stderr, re.M)
        self.assertEqual([count[0] for count in counts], ['orchestrator', 'writer', 'critic'])
        for _, started, ended, exported, dropped in counts:
            self.assertEqual((started, ended, exported, dropped), (started, started, started, '0'))
        self.assertEqual(sum(int(count[3]) for count in counts), spans)


class ShippedBrief(Demo):
    @classmethod
    def setUpClass(cls):
        cls.run_ = Run()

    def test_it_succeeds(self):
        self.assertEqual(self.run_.code, 0, self.run_.stderr)

    def test_the_trace_is_one_tree(self):
        self.check_tree(self.run_)
        self.check_services(self.run_)

    def test_it_crosses_three_services_with_ten_spans_and_more(self):
        services = {span['service'] for span in self.run_.spans}
        self.assertEqual(services, {'orchestrator', 'writer', 'critic'})
        self.assertGreaterEqual(len(self.run_.spans), 10)

    def test_the_counts_are_those_of_the_spans(self):
        self.check_counts(self.run_, len(self.run_.spans))

    def test_kinds(self):
        for span in self.run_.spans:
            kind = 'client' if span['name'].startswith('chat') else 'internal'
            self.assertEqual(span['kind'], kind, span['name'])

    def test_calls_of_the_model_are_described(self):
        chats = self.run_.named('chat gpt-4o')
        self.assertGreaterEqual(len(chats), 4)
        for chat in chats:
            attributes = chat['attributes']
            self.assertEqual(attributes['gen_ai.operation.name'], 'chat')
            self.assertEqual(attributes['gen_ai.provider.name'], 'openai')
            self.assertEqual(attributes['gen_ai.request.model'], 'gpt-4o')
            self.assertEqual(attributes['gen_ai.response.model'], 'gpt-4o-stand-in')
            self.assertEqual(attributes['gen_ai.response.finish_reasons'], ['stop'])
            self.assertEqual(attributes['server.address'], '127.0.0.1')
            for key in ('gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'server.port'):
                self.assertIs(type(attributes[key]), int, key)
                self.assertGreater(attributes[key], 0, key)
            self.assertNotIn('gen_ai.request.stream', attributes)
            self.assertGreaterEqual(chat['end_unix_ns'] - chat['start_unix_ns'], 20_000_000)

    def test_agents_and_tools_are_described(self):
        for name in ('writer', 'critic'):
            for span in self.run_.named(f'invoke_agent {name}'):
                self.assertEqual(span['attributes']['gen_ai.operation.name'], 'invoke_agent')
                self.assertEqual(span['attributes']['gen_ai.agent.name'], name)
        for span in self.run_.named('execute_tool check_draft'):
            self.assertEqual(span['attributes']['gen_ai.operation.name'], 'execute_tool')
            self.assertEqual(span['attributes']['gen_ai.tool.name'], 'check_draft')

    def test_scores_rise_to_the_threshold(self):
        root = self.check_tree(self.run_)
        events = [event for event in root['events'] if event['name'] == 'reviewed']
        scores = [event['attributes']['task.score'] for event in events]
        self.assertEqual(scores, sorted(scores))
        self.assertLess(scores[0], 0.9)
        self.assertGreaterEqual(scores[-1], 0.9)
        self.assertEqual(root['attributes']['task.rounds'], len(scores))
        verdicts = [span['events'][0]['attributes']['gen_ai.evaluation.score.label']
                    for span in self.run_.named('invoke_agent critic')]
        self.assertEqual(sorted(verdicts), ['fail'] * (len(scores) - 1) + ['pass'])

    def test_the_artifact_is_what_the_last_span_says(self):
        saved = max(self.run_.named('save_artifact'), key=lambda span: span['start_unix_ns'])
        path = pathlib.Path(saved['attributes']['file.path'])
        self.assertEqual(path.parent, self.run_.out)
        text = path.read_text()
        self.assertEqual(len(text.encode()), saved['attributes']['file.size'])
        self.assertIn('A rollback to release 2.30 at 14:47 UTC ended the outage.', text)
        self.assertEqual(list(self.run_.out.iterdir()), [path], 'no half-written file is left')


def plain(attributes):
    """OTLP/JSON's attributes as a dict; numbers are strings there."""
    return {each['key']: next(iter(each['value'].values())) for each in attributes}


class Metrics(Demo):
    """With DEMO_METRICS=1: what the agents count is what their spans say."""

    @classmethod
    def setUpClass(cls):
        cls.run_ = Run(DEMO_METRICS='1', DEMO_TIMES='2', MODEL_ARGS='--slow 20 --fail 1')

    def points(self, name, kind, service=None):
        """Every point of the metric, with its attributes, from all agents or one."""
        return [(plain(point.get('attributes', [])), point)
                for each in self.run_.metrics if each['metric']['name'] == name
                if service in (None, plain(each['resource']['attributes'])['service.name'])
                for point in each['metric'][kind]['dataPoints']]

    def spans(self, name=None):
        return [span for trace in self.run_.traces for span in trace['spans']
                if name in (None, span['name'])]

    def answered(self):
        """The calls of the model that had an answer."""
        return [span for span in self.spans('chat gpt-4o')
                if 'error.type' not in span['attributes']]

    def test_it_succeeds(self):
        self.assertEqual(self.run_.code, 0, self.run_.stderr)
        self.assertEqual(len(self.run_.traces), 2)

    def test_the_model_is_measured_as_the_conventions_say(self):
        chats = self.spans('chat gpt-4o')
        seconds = self.points('gen_ai.client.operation.duration', 'histogram')
        self.assertEqual(sum(int(point['count']) for _, point in seconds), len(chats))
        self.assertAlmostEqual(
            sum(point['sum'] for _, point in seconds),
            sum(span['end_unix_ns'] - span['start_unix_ns'] for span in chats) / 1e9, 6)
        for attributes, point in seconds:
            self.assertEqual(attributes['gen_ai.operation.name'], 'chat')
            self.assertEqual(point['explicitBounds'], [0.01 * 2 ** i for i in range(14)])
        failed = [point for attributes, point in seconds if 'error.type' in attributes]
        self.assertEqual([point['count'] for point in failed], ['1'])

    def test_tokens_are_those_of_the_spans(self):
        for side in ('input', 'output'):
            points = [point for attributes, point in
                      self.points('gen_ai.client.token.usage', 'histogram')
                      if attributes['gen_ai.token.type'] == side]
            tokens = [span['attributes'][f'gen_ai.usage.{side}_tokens']
                      for span in self.answered()]
            self.assertEqual(sum(point['sum'] for point in points), sum(tokens))
            self.assertEqual(sum(int(point['count']) for point in points), len(tokens))
            for point in points:
                self.assertEqual(point['explicitBounds'], [4 ** i for i in range(14)])

    def test_money_is_counted_by_the_price_of_the_tokens(self):
        dollars = sum(span['attributes']['gen_ai.usage.input_tokens'] * 2.5e-6 +
                      span['attributes']['gen_ai.usage.output_tokens'] * 10e-6
                      for span in self.answered())
        counted = sum(point['asDouble'] for _, point in self.points('agents.cost', 'sum'))
        self.assertAlmostEqual(counted, dollars, 9)

    def test_messages_and_tasks_are_those_of_the_spans(self):
        invoked = len(self.spans('invoke_agent writer')) + len(self.spans('invoke_agent critic'))
        by_direction = collections.Counter()
        for attributes, point in self.points('agents.messages', 'sum'):
            by_direction[attributes['network.io.direction']] += int(point['asInt'])
        self.assertEqual(by_direction, {'transmit': 2 * invoked, 'receive': 2 * invoked})
        done = sum(int(point['asInt']) for _, point in self.points('agents.tasks', 'sum'))
        self.assertEqual(done, invoked + 2)
        for _, point in self.points('agents.tasks.active', 'sum'):
            self.assertEqual(point['asInt'], '0')

    def test_a_number_leads_to_the_span_behind_it(self):
        by_id = {(trace['trace_id'], span['span_id']): span
                 for trace in self.run_.traces for span in trace['spans']}
        exemplars = [exemplar for _, point in
                     self.points('gen_ai.client.operation.duration', 'histogram')
                     for exemplar in point.get('exemplars', [])]
        self.assertGreaterEqual(len(exemplars), 2)
        for exemplar in exemplars:
            span = by_id[exemplar['traceId'], exemplar['spanId']]
            self.assertEqual(span['name'], 'chat gpt-4o')
            self.assertAlmostEqual(exemplar['asDouble'],
                                   (span['end_unix_ns'] - span['start_unix_ns']) / 1e9, 9)

    def test_each_process_is_observed(self):
        for service in ('orchestrator', 'writer', 'critic'):
            ((_, up),) = self.points('process.uptime', 'gauge', service)
            self.assertTrue(0 < up['asDouble'] < 60)
            ((_, memory),) = self.points('process.memory.usage', 'sum', service)
            self.assertGreater(int(memory['asInt']), 1 << 20)


class ForPrometheus(Demo):
    """With DEMO_LINGER the agents serve their metrics until they are told to end."""

    def start(self, folder):
        environment = {k: v for k, v in os.environ.items() if not FOREIGN.match(k)}
        environment |= {'BUILD': BUILD, 'DEMO_OUT': f'{folder}/out', 'MODEL_ARGS': '--slow 0',
                        'DEMO_LINGER': '60', 'DEMO_TARGETS': f'{folder}/targets'}
        return subprocess.Popen([ROOT / 'scripts/demo'], env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def scrape(self, address):
        with urllib.request.urlopen(f'http://{address}/metrics', timeout=10) as answer:
            return answer.read().decode()

    def check_targets(self, targets):
        agents = {}
        for path in targets.iterdir():
            (target,) = json.loads(path.read_text())
            agents[target['labels']['service_name']] = target['targets'][0]
        self.assertEqual(set(agents), {'orchestrator', 'writer', 'critic'})
        self.assertEqual(len(set(agents.values())), 3, 'a port of its own for each')
        for service, address in agents.items():
            text = self.scrape(address)
            self.assertIn(f'service_name="{service}"', text)
            self.assertRegex(text, r'(?m)^agents_tasks_total\{.*\} [1-9]')
        return set(agents.values())

    def test_each_agent_is_found_by_its_file_which_is_gone_at_the_end(self):
        with tempfile.TemporaryDirectory(dir=FOLDER.name) as folder:
            targets = pathlib.Path(folder) / 'targets'
            demo = self.start(folder)
            try:
                told = set()
                for line in demo.stdout:
                    told |= set(re.findall(r'--from http://(.*)/metrics', line))
                    if len(told) == 3:
                        break
                self.assertEqual(self.check_targets(targets), told)
                demo.send_signal(signal.SIGINT)
                rest, _ = demo.communicate(timeout=30)
            finally:
                demo.terminate()
                demo.communicate()
            self.assertEqual(demo.returncode, 0)
            self.assertIn('writer: started', rest)
            self.assertEqual(list(targets.iterdir()), [])


class OtherWays(Demo):
    def test_another_brief_gives_another_trace(self):
        run = Run(SMALL_BRIEF)
        self.assertEqual(run.code, 0, run.stderr)
        root = self.check_tree(run)
        self.check_services(run)
        self.assertEqual(root['attributes']['task.title'], 'Tea')
        self.assertEqual(run.shape(), {
            'execute_task': 1, 'invoke_agent writer': 1, 'invoke_agent critic': 1,
            'chat gpt-4o': 2, 'save_artifact': 1, 'execute_tool check_draft': 1})
        self.assertIn('kettle', (run.out / 'tea.md').read_text())

    def test_a_brief_that_cannot_be_met_ends_after_the_last_round(self):
        demanding = SMALL_BRIEF.replace('5-200', '900-901').replace('0.8', '0.9')
        run = Run(demanding, MODEL_ARGS='--slow 0')
        self.assertNotEqual(run.code, 0)
        root = self.check_tree(run)
        self.assertEqual(root['attributes']['error.type'], 'threshold_not_reached')
        self.assertEqual(root['attributes']['task.rounds'], 5)
        self.assertEqual(len(run.named('invoke_agent critic')), 5)

    def test_a_call_that_failed_is_shown_and_made_again(self):
        run = Run(MODEL_ARGS='--slow 10 --fail 1')
        self.assertEqual(run.code, 0, run.stderr)
        self.check_tree(run)
        self.check_services(run)
        first, second = sorted(run.named('chat gpt-4o'), key=lambda s: s['start_unix_ns'])[:2]
        self.assertEqual(first['attributes']['error.type'], '503')
        self.assertEqual(first['status'],
                         {'code': 'error', 'message': 'the model is overloaded'})
        self.assertNotIn('error.type', second['attributes'])
        self.assertEqual(first['parent_span_id'], second['parent_span_id'])

    def test_streaming_is_recorded(self):
        run = Run(LLM_STREAM='1')
        self.assertEqual(run.code, 0, run.stderr)
        self.check_tree(run)
        for chat in run.named('chat gpt-4o'):
            self.assertIs(chat['attributes']['gen_ai.request.stream'], True)
            first_s = chat['attributes']['gen_ai.response.time_to_first_chunk']
            self.assertIs(type(first_s), float)
            self.assertTrue(0 < first_s < (chat['end_unix_ns'] - chat['start_unix_ns']) / 1e9)
            self.assertGreater(chat['attributes']['gen_ai.usage.output_tokens'], 0)

    def test_without_a_model_the_trace_tells_why(self):
        with socket.socket() as taken:  # bound, and nobody listens
            taken.bind(('127.0.0.1', 0))
            run = Run(LLM_URL=f'http://127.0.0.1:{taken.getsockname()[1]}/v1')
        self.assertNotEqual(run.code, 0)
        root = self.check_tree(run)
        self.assertEqual(run.shape(), {'execute_task': 1, 'invoke_agent writer': 1,
                                       'chat gpt-4o': 3})
        for span in run.spans:
            self.assertEqual(span['attributes']['error.type'], 'connect_failed', span['name'])
            self.assertEqual(span['status']['code'], 'error', span['name'])
        self.assertEqual(root['attributes']['task.rounds'], 1)
        self.check_counts(run, len(run.spans))

    def test_a_file_that_is_no_brief_is_refused(self):
        run = Run('This is no brief.\n')
        self.assertNotEqual(run.code, 0)
        self.assertIn('not a line of a brief', run.stderr)
        self.assertEqual(run.traces, [])

    def test_people_get_a_tree_and_the_counts(self):
        run = Run(SMALL_BRIEF, DEMO_JSON='')
        self.assertEqual(run.code, 0, run.stderr)
        self.assertRegex(run.stdout, r'(?m)^execute_task \(.*\) +orchestrator$')
        self.assertRegex(run.stdout, r'(?m)invoke_agent writer \(.*\) +writer$')
        self.assertRegex(run.stdout, r'(?m)chat gpt-4o .* in \d+ out \d+ tokens')
        self.assertRegex(run.stdout, r'(?m)^writer: started 3  ended 3  exported 3  dropped 0$')

    def test_it_sends_to_a_collector_that_is_given(self):
        with otlp_sink.Sink() as sink:
            run = Run(SMALL_BRIEF, DEMO_JSON='', OTEL_EXPORTER_OTLP_ENDPOINT=sink.url)
        self.assertEqual(run.code, 0, run.stderr)
        traces = {span['trace_id'][0].hex() for _, _, body in sink.requests
                  for resource in otlp_sink.decode(body)['resource_spans']
                  for scope in resource['scope_spans'] for span in scope['spans']}
        self.assertEqual(len(traces), 1)
        self.assertIn(f'trace {traces.pop()} was sent to {sink.url}', run.stdout)

    def test_it_speaks_the_protocol_that_is_asked_for(self):
        for protocol in ('http/protobuf', 'http/json', 'grpc'):
            if protocol == 'grpc' and not HAS_GRPC:
                self.skipTest('this build is without gRPC')
            with self.subTest(protocol):
                run = Run(SMALL_BRIEF, OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
                          OTEL_EXPORTER_OTLP_COMPRESSION='gzip')
                self.assertEqual(run.code, 0, run.stderr)
                self.check_tree(run)
                self.check_counts(run, len(run.spans))

    def test_metrics_take_the_way_of_the_spans(self):
        for protocol in ('http/json', 'grpc'):
            if protocol == 'grpc' and not HAS_GRPC:
                self.skipTest('this build is without gRPC')
            with self.subTest(protocol):
                run = Run(SMALL_BRIEF, DEMO_METRICS='1',
                          OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=protocol)
                self.assertEqual(run.code, 0, run.stderr)
                self.assertIn('gen_ai.client.token.usage',
                              [each['metric']['name'] for each in run.metrics])

    def test_a_collector_gets_metrics_if_it_is_to(self):
        for exporter, paths in ((None, {'/v1/traces'}), ('otlp', {'/v1/traces', '/v1/metrics'})):
            settings = {'OTEL_METRICS_EXPORTER': exporter} if exporter else {}
            with self.subTest(exporter), otlp_sink.Sink() as sink:
                run = Run(SMALL_BRIEF, DEMO_JSON='', OTEL_EXPORTER_OTLP_ENDPOINT=sink.url,
                          **settings)
                self.assertEqual(run.code, 0, run.stderr)
                self.assertEqual({path for path, _, _ in sink.requests}, paths)

    def test_it_speaks_json_to_a_collector_that_is_given(self):
        with otlp_sink.Sink() as sink:
            run = Run(SMALL_BRIEF, DEMO_JSON='', OTEL_EXPORTER_OTLP_ENDPOINT=sink.url,
                      OTEL_EXPORTER_OTLP_PROTOCOL='http/json')
        self.assertEqual(run.code, 0, run.stderr)
        traces = {span['traceId'] for _, _, body in sink.requests
                  for resource in json.loads(body)['resourceSpans']
                  for scope in resource['scopeSpans'] for span in scope['spans']}
        self.assertEqual(len(traces), 1)
        self.assertIn(f'trace {traces.pop()} was sent to {sink.url}', run.stdout)

    def test_certificates_for_another_receiver_are_none_for_its_own(self):
        run = Run(SMALL_BRIEF, OTEL_EXPORTER_OTLP_CERTIFICATE='/nowhere/ca.pem')
        self.assertEqual(run.code, 0, run.stderr)

    def test_spans_that_nobody_takes_are_a_failure(self):
        with socket.socket() as taken:  # bound, and nobody listens
            taken.bind(('127.0.0.1', 0))
            endpoint = f'http://127.0.0.1:{taken.getsockname()[1]}'
            run = Run(SMALL_BRIEF, DEMO_JSON='', OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
        self.assertNotEqual(run.code, 0)
        for name, spans in (('orchestrator', 1), ('writer', 3), ('critic', 3)):
            self.assertIn(f'{name}: started {spans}  ended {spans}  exported 0  dropped {spans}\n',
                          run.stdout)
            self.assertIn(f'{name} lost spans', run.stderr)


def frame(message):
    text = json.dumps(message).encode() if isinstance(message, dict) else message
    return struct.pack('>I', len(text)) + text


def read_frames(connection):
    with connection.makefile('rb') as stream:
        while head := stream.read(4):
            yield json.loads(stream.read(*struct.unpack('>I', head)))


def connect(path):
    deadline = time.monotonic() + 10
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    while True:
        try:
            connection.connect(str(path))
            return connection
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


class Messages(unittest.TestCase):
    """What a writer makes of what comes over its socket."""

    TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

    def talk(self, data):
        """Sends bytes, hangs up; returns the exit code, the answers, and the spans."""
        with tempfile.TemporaryDirectory() as folder, otlp_sink.Sink() as sink:
            environment = {key: value for key, value in os.environ.items()
                           if not FOREIGN.match(key)}
            environment |= {'OTEL_EXPORTER_OTLP_ENDPOINT': sink.url, 'NO_PROXY': '127.0.0.1',
                            'LLM_URL': 'http://127.0.0.1:1/v1'}
            writer = subprocess.Popen([f'{BUILD}/examples/agents/writer', f'{folder}/s', folder],
                                      env=environment, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            try:
                with connect(f'{folder}/s') as connection:
                    connection.sendall(data)
                    connection.shutdown(socket.SHUT_WR)
                    answers = list(read_frames(connection))
                code = writer.wait(20)
            finally:
                writer.kill()
                writer.wait()
        spans = [span for _, _, body in sink.requests
                 for resource in otlp_sink.decode(body)['resource_spans']
                 for scope in resource['scope_spans'] for span in scope['spans']]
        return code, answers, spans

    def test_nothing_to_do_is_no_failure(self):
        self.assertEqual(self.talk(b''), (0, [], []))

    def test_the_trace_comes_with_the_message(self):
        code, answers, (span,) = self.talk(frame({
            'kind': 'sing', 'headers': {'traceparent': self.TRACEPARENT}, 'body': {}}))
        self.assertEqual(code, 0)
        self.assertEqual(answers[0]['kind'], 'error')
        self.assertEqual(answers[0]['body'], {'type': 'unknown_kind'})
        self.assertEqual(span['trace_id'][0].hex(), self.TRACEPARENT[3:35])
        self.assertEqual(span['parent_span_id'][0].hex(), self.TRACEPARENT[36:52])
        self.assertEqual(span['status'][0]['code'], ['STATUS_CODE_ERROR'])

    def test_a_message_without_a_trace_begins_one(self):
        _, _, (span,) = self.talk(frame({
            'kind': 'sing', 'headers': {'traceparent': 'rubbish'}, 'body': {}}))
        self.assertNotIn('parent_span_id', span)

    def test_what_is_no_message_ends_the_connection(self):
        for data in (b'\xff\xff\xff\xff', frame(b'[]'), frame(b'{'), frame({'kind': 1}),
                     frame({'kind': 'write'}), frame(b'abc')[:-1], b'\0\0'):
            self.assertEqual(self.talk(data), (1, [], []), data)


def tearDownModule():
    FOLDER.cleanup()


if __name__ == '__main__':
    unittest.main(verbosity=1)
