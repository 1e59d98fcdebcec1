#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program that is set up by its environment alone, against real peers.

    check.py TRACED_PROGRAM [unittest arguments]
"""

import gzip
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'tests/support'))
import otlp_sink  # noqa: E402

PROGRAM = sys.argv.pop(1)
PREFIX = 'OTEL_EXPORTER_OTLP_'
# What sanitizers and the loader need.
KEPT = {name: text for name, text in os.environ.items()
        if name in ('LD_LIBRARY_PATH', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS')}


def run(exporter='otlp', **variables):
    """Names are given without PREFIX. Returns what the program said, on stderr and on stdout."""
    environment = KEPT | {'OTEL_TRACES_EXPORTER': exporter, 'NO_PROXY': '127.0.0.1,localhost'}
    environment |= {PREFIX + name: text for name, text in variables.items()}
    done = subprocess.run([PROGRAM], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)
    return done.stderr.decode(), done.stdout.decode()


def names(request):
    return [span['name'] for resource in request['resource_spans']
            for scope in resource['scope_spans'] for span in scope['spans']]


class Http(unittest.TestCase):
    def send(self, sink, **variables):
        """The one request that comes, as path, headers in lower case, and body."""
        told, _ = run(**variables)
        self.assertEqual(told, 'init OK, shutdown OK\n')
        (path, headers, body), = sink.requests
        return path, {name.lower(): text for name, text in headers.items()}, body

    def test_protobuf_is_sent_by_default(self):
        with otlp_sink.Sink() as sink:
            path, headers, body = self.send(sink, ENDPOINT=sink.url)
        self.assertEqual(path, '/v1/traces')
        self.assertEqual(headers['content-type'], 'application/x-protobuf')
        self.assertNotIn('content-encoding', headers)
        self.assertEqual(names(otlp_sink.decode(body)), [[b'work']])

    def test_json_is_sent_when_asked_for(self):
        with otlp_sink.Sink() as sink:
            path, headers, body = self.send(sink, ENDPOINT=sink.url, PROTOCOL='http/json')
        self.assertEqual(path, '/v1/traces')
        self.assertEqual(headers['content-type'], 'application/json')
        (resource,) = json.loads(body)['resourceSpans']
        self.assertEqual(resource['scopeSpans'][0]['spans'][0]['name'], 'work')

    def test_requests_are_compressed_when_asked_for(self):
        for protocol in ('http/protobuf', 'http/json'):
            with self.subTest(protocol), otlp_sink.Sink() as sink:
                _, headers, body = self.send(sink, ENDPOINT=sink.url, COMPRESSION='gzip',
                                             PROTOCOL=protocol)
                self.assertEqual(headers['content-encoding'], 'gzip')
                self.assertIn(b'work', gzip.decompress(body))

    def test_an_endpoint_of_the_signal_without_a_path_is_the_root(self):
        with otlp_sink.Sink() as sink:
            self.assertEqual(self.send(sink, TRACES_ENDPOINT=sink.url)[0], '/')

    def test_an_endpoint_of_the_signal_is_used_as_it_is(self):
        with otlp_sink.Sink() as sink:
            path, *_ = self.send(sink, TRACES_ENDPOINT=f'{sink.url}/v1/other/',
                                 ENDPOINT='http://127.0.0.1:1')
        self.assertEqual(path, '/v1/other/')

    def test_headers_are_sent(self):
        with otlp_sink.Sink() as sink:
            _, headers, _ = self.send(sink, ENDPOINT=sink.url, PROTOCOL='http/json',
                                      HEADERS='api-key=s3%20cret, x-scope = team')
        self.assertEqual((headers['api-key'], headers['x-scope']), ('s3 cret', 'team'))

    def test_insecure_means_nothing_over_http(self):
        with otlp_sink.Sink() as sink:
            self.send(sink, ENDPOINT=sink.url, INSECURE='false')


class Grpc(unittest.TestCase):
    """Where a call goes is told when nobody is there."""

    @classmethod
    def setUpClass(cls):
        if 'not in this build' in run(PROTOCOL='grpc', TIMEOUT='1')[0]:
            raise unittest.SkipTest('OTLP over gRPC is not in this build')

    def setUp(self):
        taken = socket.socket()  # bound, and nobody listens
        self.addCleanup(taken.close)
        taken.bind(('127.0.0.1', 0))
        self.peer = f'127.0.0.1:{taken.getsockname()[1]}'

    def assert_goes_to(self, where, **variables):
        told, _ = run(PROTOCOL='grpc', TIMEOUT='100', **variables)
        self.assertIn(f'{where} (gRPC)', told)

    def test_the_general_endpoint_is_used_as_it_is(self):
        self.assert_goes_to(f'http://{self.peer}', ENDPOINT=f'http://{self.peer}')

    def test_an_endpoint_without_a_scheme_is_secure(self):
        self.assert_goes_to(f'https://{self.peer}', ENDPOINT=self.peer)
        self.assert_goes_to(f'https://{self.peer}', ENDPOINT=self.peer, INSECURE='false')

    def test_an_endpoint_without_a_scheme_is_insecure_when_asked_for(self):
        self.assert_goes_to(f'http://{self.peer}', ENDPOINT=self.peer, INSECURE='true')
        self.assert_goes_to(f'http://{self.peer}', ENDPOINT=self.peer, TRACES_INSECURE='true',
                            INSECURE='false')

    def test_a_scheme_goes_before_insecure(self):
        self.assert_goes_to(f'https://{self.peer}', ENDPOINT=f'https://{self.peer}',
                            INSECURE='true')
        self.assert_goes_to(f'http://{self.peer}', ENDPOINT=f'http://{self.peer}',
                            INSECURE='false')

    def test_an_endpoint_may_be_a_socket_file(self):
        self.assert_goes_to('unix:/nowhere/otlp', ENDPOINT='unix:/nowhere/otlp')


def openssl(*arguments, folder):
    subprocess.run(['openssl', *arguments], cwd=folder, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=True)


def certify(folder, name, subject, extension):
    """NAME.pem and NAME.key, signed by ca.pem."""
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-keyout', f'{name}.key', '-out', f'{name}.csr', '-subj', f'/CN={subject}',
            folder=folder)
    (folder / f'{name}.ext').write_text(extension)
    openssl('x509', '-req', '-in', f'{name}.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
            '-CAcreateserial', '-days', '2', '-extfile', f'{name}.ext', '-out', f'{name}.pem',
            folder=folder)


@unittest.skipUnless(shutil.which('openssl'), 'openssl is missing')
class Https(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = folder = pathlib.Path(holder.name)
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=tests',
                folder=folder)
        certify(folder, 'server', 'localhost', 'subjectAltName=IP:127.0.0.1')
        certify(folder, 'client', 'agent', 'extendedKeyUsage=clientAuth')

    def sink(self, asks_for_client=False):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.folder / 'server.pem', self.folder / 'server.key')
        if asks_for_client:
            tls.verify_mode = ssl.CERT_REQUIRED
            tls.load_verify_locations(self.folder / 'ca.pem')
        return otlp_sink.Sink(tls)

    def file(self, name):
        return str(self.folder / name)

    def test_who_signed_the_certificate_of_the_peer_may_be_named(self):
        with self.sink() as sink:
            told, _ = run(ENDPOINT=sink.url, CERTIFICATE=self.file('ca.pem'))
        self.assertEqual(told, 'init OK, shutdown OK\n')
        self.assertEqual(len(sink.requests), 1)

    def test_otherwise_the_peer_is_not_trusted(self):
        with self.sink() as sink:
            told, _ = run(ENDPOINT=sink.url, TIMEOUT='300')
        self.assertIn('1 of 1 spans are lost', told)
        self.assertEqual(sink.requests, [])

    def test_a_client_shows_its_certificate(self):
        with self.sink(asks_for_client=True) as sink:
            told, _ = run(ENDPOINT=sink.url, CERTIFICATE=self.file('ca.pem'),
                          CLIENT_CERTIFICATE=self.file('client.pem'),
                          CLIENT_KEY=self.file('client.key'))
        self.assertEqual(told, 'init OK, shutdown OK\n')
        self.assertEqual(len(sink.requests), 1)

    def test_the_files_of_the_signal_go_before_the_general_ones(self):
        with self.sink(asks_for_client=True) as sink:
            told, _ = run(ENDPOINT=sink.url, CERTIFICATE=self.file('client.pem'),
                          TRACES_CERTIFICATE=self.file('ca.pem'),
                          CLIENT_CERTIFICATE=self.file('server.pem'),
                          CLIENT_KEY=self.file('server.key'),
                          TRACES_CLIENT_CERTIFICATE=self.file('client.pem'),
                          TRACES_CLIENT_KEY=self.file('client.key'))
        self.assertEqual(told, 'init OK, shutdown OK\n')
        self.assertEqual(len(sink.requests), 1)

    def test_nothing_is_sent_when_a_file_cannot_be_read(self):
        with self.sink() as sink:
            told, _ = run(ENDPOINT=sink.url, CERTIFICATE=self.file('gone.pem'))
        self.assertIn(f'{PREFIX}CERTIFICATE={self.file("gone.pem")} cannot be read: '
                      'No such file or directory', told)
        self.assertIn('the exporter otlp cannot be had: ', told)
        self.assertEqual(sink.requests, [])


class Stdout(unittest.TestCase):
    def test_spans_are_a_line_of_json(self):
        told, out = run('otlp/stdout')
        self.assertEqual(told, 'init OK, shutdown OK\n')
        (resource,) = json.loads(out)['resourceSpans']
        self.assertEqual(resource['scopeSpans'][0]['spans'][0]['name'], 'work')
        self.assertTrue(out.endswith('}\n'))


if __name__ == '__main__':
    unittest.main()
