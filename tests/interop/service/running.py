# SPDX-License-Identifier: Apache-2.0
"""The service as a process, and somebody whom it can call."""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'support'))
import otlp_sink  # noqa: E402

TIMEOUT_S = 30
POLL_S = 0.02  # how long a server takes to notice that it shall end


def clean_environment():
    """What this process inherited, without what sets up telemetry or leads requests astray."""
    return {name: value for name, value in os.environ.items()
            if not re.match(r'OTEL_|TRACE(PARENT|STATE)$|BAGGAGE$|(X_)?B3|.*_proxy$', name, re.I)}


class Service:
    """`with Service(PROGRAM, OTEL_...=...) as service:` runs it at service.url. It exports to a sink,
    whatever is set, and must end well when it is told to; its spans can be asked for then."""

    def __init__(self, program, **settings):
        self._program = program
        self._settings = settings

    def __enter__(self):
        self._sink = otlp_sink.Sink().__enter__()
        environment = clean_environment() | {'OTEL_EXPORTER_OTLP_ENDPOINT': self._sink.url}
        self._process = subprocess.Popen([self._program], stdout=subprocess.PIPE,
                                         env=environment | self._settings)
        self.url = self._process.stdout.readline().decode().strip()
        return self

    def __exit__(self, *_):
        try:
            self._process.terminate()
            if self._process.wait(TIMEOUT_S) != 0:
                raise RuntimeError(f'the service ended with {self._process.returncode}')
        finally:
            self._process.kill()
            self._process.stdout.close()
            self._sink.__exit__()

    def spans(self):
        return [span for _, _, body in self._sink.requests
                for resource in otlp_sink.decode(body)['resource_spans']
                for scope in resource['scope_spans'] for span in scope['spans']]


def post(url, body, headers=()):
    """POSTs JSON, or bytes as they are; headers are (name, value) and may repeat a name. Returns the
    status and the answer."""
    address = urllib.parse.urlsplit(url)
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT_S)
    with contextlib.closing(connection):
        connection.putrequest('POST', address.path)
        for name, value in headers:
            connection.putheader(name, value)
        connection.putheader('Content-Type', 'application/json')
        connection.putheader('Content-Length', str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.server.calls.append(self.headers)
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class Callee:
    """`with Callee() as callee:` listens at callee.url and keeps the headers of each call."""

    def __enter__(self):
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), _Handler)
        self._server.calls = []
        self.url = f'http://127.0.0.1:{self._server.server_port}/'
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def called_through(self, service, headers=(), count=1):
        """Sends these headers to the service; returns the headers of its `count` calls."""
        self._server.calls.clear()
        calls = [{'url': self.url, 'arguments': []}] * count
        status, results = post(service.url, calls, headers)
        if status != 200 or [result.get('status') for result in results] != [200] * count:
            raise RuntimeError(f'{status}: {results}')
        return list(self._server.calls)
