# SPDX-License-Identifier: Apache-2.0
"""A real receiver (RECEIVER, by go_env) as a process, and every way in which cotel sends to one."""

import itertools
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROTOCOLS = ('http/protobuf', 'http/json', 'grpc')
# How it is sent, and at which of the receiver's doors.
FORMS = {'plain': 'plain', 'gzip': 'plain', 'tls': 'tls', 'mtls': 'mtls'}
WAYS = list(itertools.product(PROTOCOLS, FORMS))

START_LIMIT_S = 60
SEND_LIMIT_S = 120
ARRIVAL_LIMIT_S = 30

# From the outside nothing may leak into the programs that are tested.
FOREIGN = re.compile(r'^(OTEL_|LLM_|DEMO_|MODEL_ARGS$|BRIEF$|TRACEPARENT$|.*_proxy$)', re.I)
OWN = {k: v for k, v in os.environ.items() if not FOREIGN.match(k)}
OWN |= {'NO_PROXY': '127.0.0.1,localhost'}


def main():
    if not shutil.which('openssl'):
        print('skipped: openssl is missing')
        sys.exit(77)
    unittest.main(module='__main__', verbosity=1)


def eventually(get):
    """What `get` returns as soon as that is something."""
    end = time.monotonic() + ARRIVAL_LIMIT_S
    while not (result := get()) and time.monotonic() < end:
        time.sleep(0.05)
    return result


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(('127.0.0.1', 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def make_certificates(folder):
    """A ca, and of it a server for the loopback names and a client; another ca that nobody trusts,
    and a stranger of it. Each is NAME.crt and NAME.key."""
    def openssl(*arguments):
        subprocess.run(['openssl', *arguments], cwd=folder, check=True, timeout=60,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def request(name, *arguments):
        openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                '-subj', f'/CN={name}', '-keyout', f'{name}.key', *arguments)

    def sign(name, ca, extensions):
        (folder / 'extensions').write_text(extensions)
        request(name, '-out', f'{name}.csr')
        openssl('x509', '-req', '-in', f'{name}.csr', '-CA', f'{ca}.crt', '-CAkey', f'{ca}.key',
                '-CAcreateserial', '-days', '2', '-extfile', 'extensions', '-out', f'{name}.crt')

    for name in ('ca', 'other-ca'):
        request(name, '-x509', '-days', '2', '-out', f'{name}.crt')
    sign('server', 'ca', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth')
    sign('client', 'ca', 'extendedKeyUsage=clientAuth')
    sign('stranger', 'other-ca', 'extendedKeyUsage=clientAuth')


class Receiver:
    """`with Receiver(make_config, 2) as receiver:` runs until the end of the block. `make_config`
    gets the receiver's folder, the YAML of its doors, and so many free ports of its own."""

    def __init__(self, make_config, extra_ports=0):
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._temporary.name)
        make_certificates(self.folder)
        ports = free_ports(6 + extra_ports)
        self.doors = {'plain': ports[0:2], 'tls': ports[2:4], 'mtls': ports[4:6]}
        self.extra_ports = ports[6:]
        config = self.folder / 'config.yaml'
        config.write_text(make_config(self.folder, self._doors_config(), *self.extra_ports))
        self._log = open(self.folder / 'log', 'wb')
        self._process = subprocess.Popen(
            [os.environ['RECEIVER'], '--config', f'file:{config}'], env=OWN, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT)

    def _doors_config(self):
        server = f'cert_file: {self.folder}/server.crt, key_file: {self.folder}/server.key'
        tls = {'plain': '', 'tls': f', tls: {{{server}}}',
               'mtls': f', tls: {{{server}, client_ca_file: {self.folder}/ca.crt}}'}
        return ''.join(f'''
  otlp/{door}:
    protocols:
      http: {{endpoint: "127.0.0.1:{http}"{tls[door]}}}
      grpc: {{endpoint: "127.0.0.1:{grpc}"{tls[door]}}}
''' for door, (http, grpc) in self.doors.items())

    def __enter__(self):
        end = time.monotonic() + START_LIMIT_S
        waiting = set(sum(self.doors.values(), [])) | set(self.extra_ports)
        while waiting:
            waiting = {port for port in waiting if not self._listens(port)}
            if self._process.poll() is not None or time.monotonic() > end:
                log = self.log()
                self.close()
                raise RuntimeError(f'the receiver did not start: {log}')
            time.sleep(0.05)
        return self

    def _listens(self, port):
        with socket.socket() as client:
            return client.connect_ex(('127.0.0.1', port)) == 0

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._temporary.cleanup()

    def log(self):
        return (self.folder / 'log').read_text(errors='replace')

    def environment(self, protocol, form, client='client'):
        """What makes a program send this way."""
        door = FORMS[form]
        port = self.doors[door][protocol == 'grpc']
        scheme = 'http' if door == 'plain' else 'https'
        host = '127.0.0.1' if form == 'plain' else 'localhost'
        variables = {'PROTOCOL': protocol, 'ENDPOINT': f'{scheme}://{host}:{port}'}
        if form == 'gzip':
            variables['COMPRESSION'] = 'gzip'
        if door != 'plain':
            variables['CERTIFICATE'] = f'{self.folder}/ca.crt'
        if door == 'mtls' and client:
            variables['CLIENT_CERTIFICATE'] = f'{self.folder}/{client}.crt'
            variables['CLIENT_KEY'] = f'{self.folder}/{client}.key'
        return {f'OTEL_EXPORTER_OTLP_{name}': text for name, text in variables.items()}


def run_values(program, environment):
    """Runs tests/integration/wire/emit.c. Returns name -> (trace id, span id, W3C flags). Raises
    when not all of it was delivered."""
    done = subprocess.run([program], env=OWN | {'OTEL_SERVICE_NAME': 'values'} | environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          timeout=SEND_LIMIT_S, check=True)
    lines = map(str.split, done.stdout.decode().splitlines())
    return {name: (trace_id, span_id, int(flags)) for name, trace_id, span_id, flags in lines}


def run_demo(build, environment):
    """Runs scripts/demo with a model that fails once. Returns the trace's id, and how many spans
    the programs say that they have sent."""
    with tempfile.TemporaryDirectory() as out:
        settings = {'BUILD': build, 'DEMO_OUT': out, 'MODEL_ARGS': '--slow 20 --fail 1'}
        done = subprocess.run([ROOT / 'scripts/demo'], env=OWN | settings | environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=SEND_LIMIT_S, check=False)
    said = done.stdout.decode()
    if done.returncode != 0:
        raise RuntimeError(f'the demo failed: {done.stderr.decode()}')
    (trace_id,) = re.findall(r'^trace ([0-9a-f]{32}) was sent', said, re.M)
    exported = re.findall(r'^\w+: started \d+  ended \d+  exported (\d+)  dropped 0$', said, re.M)
    return trace_id, sum(map(int, exported))
