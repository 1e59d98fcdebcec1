# SPDX-License-Identifier: Apache-2.0
"""A plain HTTP server that keeps the bytes of every OTLP request, and says OK to each.

It understands nothing of them; `protoc --decode` does, with the schema in proto/.
"""

import http.server
import pathlib
import ssl
import subprocess
import sys
import threading

import textproto

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICE = 'opentelemetry/proto/collector/trace/v1/trace_service.proto'
REQUEST = 'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest'
POLL_S = 0.02  # how long the server takes to notice that it shall end


def decode(body):
    """An ExportTraceServiceRequest as textproto's dicts; an implementation that is not ours."""
    command = ['protoc', f'--proto_path={ROOT / "proto"}', f'--decode={REQUEST}', SERVICE]
    result = subprocess.run(command, input=body, stdout=subprocess.PIPE, timeout=30, check=True)
    return textproto.parse(result.stdout)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def _body(self):
        if self.headers.get('Transfer-Encoding', '').lower() != 'chunked':
            return self.rfile.read(int(self.headers['Content-Length']))
        body = b''
        while size := int(self.rfile.readline().split(b';')[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_POST(self):
        self.server.requests.append((self.path, dict(self.headers), self._body()))
        self.send_response(200)
        self.send_header('Content-Type', 'application/x-protobuf')
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that does not trust us says so itself."""
        if not isinstance(sys.exc_info()[1], ssl.SSLError):
            super().handle_error(request, client_address)


class Sink:
    """`with Sink() as sink:` listens at sink.url; sink.requests is a list of (path, headers, body).
    With an ssl.SSLContext it speaks https.
    """

    def __init__(self, tls=None):
        self._tls = tls

    def __enter__(self):
        self._server = _Server(('127.0.0.1', 0), _Handler)
        self._server.requests = self.requests = []
        scheme = 'http'
        if self._tls:  # the handshake belongs to the connection's thread, not to accept()
            scheme = 'https'
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True,
                                                        do_handshake_on_connect=False)
        self.url = f'{scheme}://127.0.0.1:{self._server.server_port}'
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
