#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cotel env in environments of its own making: check.py COTEL PAGE [unittest arguments]

With COTEL_UPDATE_GOLDEN=1 set it writes PAGE, the documentation of the variables, instead of
comparing it.
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

COTEL = sys.argv.pop(1)
PAGE = pathlib.Path(sys.argv.pop(1))
# What sanitizers and the loader need.
KEPT = {name: text for name, text in os.environ.items()
        if name in ('LD_LIBRARY_PATH', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS')}


def run(*options, stdout=subprocess.PIPE, **variables):
    environment = {os.fsencode(name): text if isinstance(text, bytes) else os.fsencode(text)
                   for name, text in (KEPT | variables).items()}
    return subprocess.run([COTEL, 'env', *options], env=environment, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=60, check=False)


def told(*options, **variables):
    done = run(*options, **variables)
    if done.returncode != 0:
        raise AssertionError(f'status {done.returncode}: {done.stderr.decode()}')
    return done.stdout.decode()


def table(**variables):
    return {row['name']: row for row in json.loads(told('--json', **variables))}


def lines_of(text, name):
    return [line for line in text.splitlines() if line.split()[:1] == [name]]


class Table(unittest.TestCase):
    maxDiff = None

    def test_every_variable_is_shown_with_its_default(self):
        text = told()
        rows = table()
        self.assertEqual(len(rows), 78)
        for name, row in rows.items():
            self.assertEqual(len(lines_of(text, name)), 1, name)
            self.assertIn(row['source'], ('default', 'not read'))
            self.assertFalse(row['set'])
            self.assertIsNone(row['note'])

    def test_a_line_says_value_origin_default_and_what_it_sets(self):
        text = told(OTEL_BSP_SCHEDULE_DELAY='100')
        self.assertRegex(text, r'VARIABLE +VALUE +FROM +DEFAULT +SETS\n')
        self.assertRegex(text, r'\nOTEL_BSP_SCHEDULE_DELAY +100 +environment +5000 +'
                               r'batch processor: schedule_delay_ms\n')
        self.assertRegex(text, r'\nOTEL_TRACES_SAMPLER +parentbased_always_on +default +'
                               r'parentbased_always_on +provider: sampler\n')
        self.assertRegex(text, r'\nOTEL_EXPORTER_OTLP_HEADERS +- +default +- +OTLP: headers\n')

    def test_only_what_is_set_is_shown_when_asked_for(self):
        text = told('--set', OTEL_SERVICE_NAME='writer', OTEL_CONFIG_FILE='x.yaml',
                    OTEL_LOG_LEVEL='', OTHER='y')
        names = [line.split()[0] for line in text.splitlines() if line and line[0] != ' ']
        self.assertEqual(names, ['VARIABLE', 'OTEL_SERVICE_NAME', 'VARIABLE', 'OTEL_CONFIG_FILE'])

    def test_when_nothing_is_set_that_is_said(self):
        done = run('--set')
        self.assertEqual((done.returncode, done.stdout), (0, b''))
        self.assertIn(b'is set', done.stderr)
        self.assertEqual(json.loads(told('--set', '--json')), [])

    def test_values_are_shown_as_cotel_takes_them(self):
        rows = table(OTEL_TRACES_SAMPLER=' ALWAYS_ON ', OTEL_PROPAGATORS='B3,baggage,b3',
                     OTEL_SDK_DISABLED='True', OTEL_BSP_MAX_QUEUE_SIZE='0064',
                     OTEL_LOG_LEVEL='WARNING', OTEL_TRACES_EXPORTER='none')
        values = {name: row['value'] for name, row in rows.items() if row['set']}
        self.assertEqual(values, {
            'OTEL_TRACES_SAMPLER': 'always_on', 'OTEL_PROPAGATORS': 'b3,baggage',
            'OTEL_SDK_DISABLED': 'true', 'OTEL_BSP_MAX_QUEUE_SIZE': '64',
            'OTEL_LOG_LEVEL': 'warn', 'OTEL_TRACES_EXPORTER': 'none'})


    def test_names_that_may_be_misspelt_are_shown_without_their_values(self):
        for options in ([], ['--set']):
            text = told(*options, OTEL_EXPORTER_OLTP_ENDPOINT='http://x', OTEL_SDK='y',
                        OTEL_SERVICE_NAME='writer', OTHER='z')
            last = text.splitlines()[-1]
            self.assertRegex(last, r'^set, and nothing that cotel knows: OTEL_\w+ OTEL_\w+$')
            self.assertIn(' OTEL_EXPORTER_OLTP_ENDPOINT', last)
            self.assertIn(' OTEL_SDK', last)


class Sources(unittest.TestCase):
    def test_a_general_variable_decides_where_the_special_one_is_not_set(self):
        variables = {'OTEL_ATTRIBUTE_COUNT_LIMIT': '7', 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT': '9'}
        rows = table(**variables)
        span, link = (rows[f'OTEL_{model}_ATTRIBUTE_COUNT_LIMIT'] for model in ('SPAN', 'LINK'))
        self.assertEqual((span['value'], span['source']), ('9', 'environment'))
        self.assertEqual((link['value'], link['source'], link['decided_by']),
                         ('7', 'general', 'OTEL_ATTRIBUTE_COUNT_LIMIT'))
        self.assertRegex(told(**variables),
                         r'\nOTEL_LINK_ATTRIBUTE_COUNT_LIMIT +7 +OTEL_ATTRIBUTE_COUNT_LIMIT +128 ')

    def test_the_general_endpoint_becomes_that_of_the_signal(self):
        rows = table(OTEL_EXPORTER_OTLP_ENDPOINT='http://collector:4318/base/')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']['value'],
                         'http://collector:4318/base/v1/traces')
        rows = table(OTEL_EXPORTER_OTLP_ENDPOINT='http://collector:4318',
                     OTEL_EXPORTER_OTLP_TRACES_ENDPOINT='http://other/as/is/')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']['value'],
                         'http://other/as/is/')

    def test_the_endpoint_of_the_signal_that_cannot_be_used_is_the_general_one(self):
        row = table(OTEL_EXPORTER_OTLP_ENDPOINT='http://collector:4318',
                    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT='other')['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
        self.assertEqual((row['value'], row['source'], row['decided_by']),
                         ('http://collector:4318/v1/traces', 'invalid',
                          'OTEL_EXPORTER_OTLP_ENDPOINT'))

    def test_endpoints_and_their_defaults_are_those_of_the_protocol(self):
        rows = table(OTEL_EXPORTER_OTLP_PROTOCOL='grpc')
        for signal in ('', 'TRACES_', 'METRICS_'):
            row = rows[f'OTEL_EXPORTER_OTLP_{signal}ENDPOINT']
            self.assertEqual((row['value'], row['default'], row['source']),
                             ('http://localhost:4317', 'http://localhost:4317', 'default'))
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']['decided_by'],
                         'OTEL_EXPORTER_OTLP_PROTOCOL')
        rows = table(OTEL_EXPORTER_OTLP_PROTOCOL='grpc',
                     OTEL_EXPORTER_OTLP_ENDPOINT='https://collector/')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']['value'], 'https://collector/')
        rows = table(OTEL_EXPORTER_OTLP_PROTOCOL='grpc',
                     OTEL_EXPORTER_OTLP_TRACES_PROTOCOL='http/json',
                     OTEL_EXPORTER_OTLP_ENDPOINT='https://collector/')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']['value'],
                         'https://collector/v1/traces')

    def test_a_file_that_cannot_be_read_is_explained_below_its_line(self):
        self.assertIn('\n  OTEL_EXPORTER_OTLP_CLIENT_KEY=/nowhere/key.pem cannot be read: '
                      'No such file or directory\n',
                      told('--set', OTEL_EXPORTER_OTLP_CLIENT_KEY='/nowhere/key.pem'))

    def test_what_cannot_be_used_is_explained_below_its_line(self):
        text = told('--set', OTEL_BSP_SCHEDULE_DELAY='soon', OTEL_TRACES_SAMPLER='xray')
        self.assertRegex(text, r'OTEL_BSP_SCHEDULE_DELAY +5000 +invalid +5000 .*\n'
                               r'  OTEL_BSP_SCHEDULE_DELAY=soon is no whole number from 0 to '
                               r'2147483647\n')
        self.assertRegex(text, r'OTEL_TRACES_SAMPLER=xray is not one of always_on, .*\n')

    def test_a_list_is_used_as_far_as_it_can_be_and_explained(self):
        row = table(OTEL_TRACES_EXPORTER='zipkin,console')['OTEL_TRACES_EXPORTER']
        self.assertEqual((row['value'], row['source']), ('console', 'environment'))
        self.assertIn('zipkin', row['note'])

    def test_what_is_not_read_is_shown_apart_with_what_is_done_anyway(self):
        rows = table(OTEL_EXPORTER_OTLP_LOGS_INSECURE='true', OTEL_LOGS_EXPORTER='none')
        insecure = rows['OTEL_EXPORTER_OTLP_LOGS_INSECURE']
        self.assertEqual((insecure['value'], insecure['source']), ('false', 'not read'))
        self.assertEqual(insecure['note'],
                         'OTEL_EXPORTER_OTLP_LOGS_INSECURE=true is not read by this version')
        self.assertIsNone(rows['OTEL_LOGS_EXPORTER']['note'])

    def test_the_name_of_the_service_may_come_from_the_attributes(self):
        attributes = 'service.names=x, service.name = a ,service.name=writer,team=core'
        row = table(OTEL_RESOURCE_ATTRIBUTES=attributes)['OTEL_SERVICE_NAME']
        self.assertEqual((row['value'], row['source'], row['decided_by']),
                         ('writer', 'general', 'OTEL_RESOURCE_ATTRIBUTES'))
        row = table(OTEL_RESOURCE_ATTRIBUTES=attributes, OTEL_SERVICE_NAME='critic')
        self.assertEqual(row['OTEL_SERVICE_NAME']['value'], 'critic')
        row = table(OTEL_RESOURCE_ATTRIBUTES=attributes + ',%')['OTEL_SERVICE_NAME']
        self.assertEqual((row['value'], row['source']), ('unknown_service:<program>', 'default'))

    def test_a_batch_is_no_larger_than_the_queue(self):
        row = table(OTEL_BSP_MAX_QUEUE_SIZE='64')['OTEL_BSP_MAX_EXPORT_BATCH_SIZE']
        self.assertEqual((row['value'], row['source'], row['decided_by']),
                         ('64', 'general', 'OTEL_BSP_MAX_QUEUE_SIZE'))

    def test_the_argument_is_that_of_the_sampler(self):
        name = 'OTEL_TRACES_SAMPLER_ARG'
        self.assertIsNone(table()[name]['value'])
        ratio = table(OTEL_TRACES_SAMPLER='traceidratio')[name]
        self.assertEqual((ratio['value'], ratio['source']), ('1.0', 'default'))
        ratio = table(OTEL_TRACES_SAMPLER='traceidratio', OTEL_TRACES_SAMPLER_ARG='.5')[name]
        self.assertEqual((ratio['value'], ratio['source']), ('.5', 'environment'))


class Secrets(unittest.TestCase):
    """None of these may show s3cret, in whatever form."""

    HIDING_PLACES = [
        {'OTEL_EXPORTER_OTLP_HEADERS': 'authorization=Bearer%20s3cret,x-key=s3cret'},
        {'OTEL_EXPORTER_OTLP_HEADERS': 's3cret'},
        {'OTEL_EXPORTER_OTLP_HEADERS': 'a=b,s3cret'},
        {'OTEL_EXPORTER_OTLP_HEADERS': 'a=s3cret%0a'},
        {'OTEL_EXPORTER_OTLP_TRACES_HEADERS': 'a=s3cret'},
        {'OTEL_EXPORTER_OTLP_METRICS_HEADERS': 'a=s3cret'},
        {'OTEL_EXPORTER_OTLP_LOGS_HEADERS': 's3cret'},
        {'OTEL_EXPORTER_OTLP_ENDPOINT': 'http://user:s3cret@host:4318'},
        {'OTEL_EXPORTER_OTLP_ENDPOINT': 'http://user@s3cret@host:4318/path'},
        {'OTEL_EXPORTER_OTLP_ENDPOINT': 'https://host/v1?token=s3cret'},
        {'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT': 'https://user:s3cret@host/v1/traces'},
        {'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT': 'user:s3cret@host'},
        {'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT': 'ftp://user:s3cret@host'},
        {'OTEL_EXPORTER_OTLP_PROTOCOL': 'grpc', 'OTEL_EXPORTER_OTLP_ENDPOINT': 'me:s3cret@host:1'},
        {'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT': 'http://user:s3cret@host'},
        {'OTEL_EXPORTER_ZIPKIN_ENDPOINT': 'http://user:s3cret@host'},
        {'OTEL_TRACES_SAMPLER_ARG': 'endpoint=http://user:s3cret@host:14250'},
    ]

    def test_no_secret_is_shown(self):
        for variables in self.HIDING_PLACES:
            for options in ([], ['--json'], ['--set'], ['--markdown']):
                done = run(*options, **variables)
                self.assertEqual(done.returncode, 0)
                self.assertNotIn(b's3cret', done.stdout + done.stderr, (variables, options))

    def test_what_is_no_secret_is_shown_beside_it(self):
        rows = table(OTEL_EXPORTER_OTLP_HEADERS='authorization=a,x-key=b',
                     OTEL_EXPORTER_OTLP_ENDPOINT='http://user:pass@host:4318/base?token=t')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_HEADERS']['value'],
                         'authorization=***,x-key=***')
        self.assertEqual(rows['OTEL_EXPORTER_OTLP_ENDPOINT']['value'],
                         'http://***@host:4318/base?***')


class Odd(unittest.TestCase):
    def test_control_characters_do_not_reach_the_terminal(self):
        for value in ('a\x1b[31mred', 'a\nOTEL_SDK_DISABLED true', 'a\u202eb', b'\xff\xfe'):
            for options in ([], ['--set'], ['--json']):
                out = run(*options, OTEL_SERVICE_NAME=value).stdout
                self.assertNotIn(b'\x1b', out)
                self.assertNotIn(b'\nOTEL_SDK_DISABLED true', out)
                out.decode()

    def test_a_long_value_is_cut(self):
        row = table(OTEL_SERVICE_NAME='n' * 100_000)['OTEL_SERVICE_NAME']
        self.assertEqual(row['value'], 'n' * 511)

    def test_a_character_is_not_cut_in_two(self):
        for size, text in ((1, 'n'), (2, 'é'), (3, '€'), (4, '😀')):
            row = table(OTEL_SERVICE_NAME=text * 1000)['OTEL_SERVICE_NAME']
            self.assertEqual(row['value'], text * (511 // size))


class CommandLine(unittest.TestCase):
    def test_help_is_printed_to_stdout(self):
        done = run('--help')
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        self.assertIn(b'Usage: cotel env', done.stdout)

    def test_the_program_lists_the_command(self):
        done = subprocess.run([COTEL, '--help'], stdout=subprocess.PIPE, timeout=60, check=True)
        self.assertIn(b'\n  env ', done.stdout)

    def test_an_unknown_option_ends_it_with_2(self):
        for option in ('--nonsense', 'word'):
            done = run(option)
            self.assertEqual((done.returncode, done.stdout), (2, b''))
            self.assertIn(option.lstrip('-').encode(), done.stderr)

    def test_a_full_disk_ends_it_with_1(self):
        with open('/dev/full', 'wb') as full:
            for options in ([], ['--json'], ['--markdown']):
                done = run(*options, stdout=full)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b'cannot write', done.stderr)


class Page(unittest.TestCase):
    maxDiff = None

    def test_the_page_is_what_the_command_prints(self):
        page = told('--markdown', OTEL_SERVICE_NAME='whatever')
        if os.environ.get('COTEL_UPDATE_GOLDEN'):
            PAGE.write_text(page)
        self.assertEqual(PAGE.read_text(), page)


    def test_the_example_of_the_readme_is_what_the_command_prints(self):
        example = told('--set', OTEL_EXPORTER_OTLP_ENDPOINT='http://collector:4318',
                       OTEL_BSP_SCHEDULE_DELAY='soon')
        self.assertIn(f'cotel env --set\n{example}```\n',
                      (PAGE.parents[1] / 'README.md').read_text())


if __name__ == '__main__':
    unittest.main()
