# SPDX-License-Identifier: Apache-2.0
"""cotel view as a process, and requests to it over real HTTP."""

import http.client
import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import threading
import time

LIMIT_S = 30
HEADERS = {'Content-Type': 'application/x-protobuf'}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


class Viewer:
    """`with Viewer(program, '--json') as viewer:` listens on a free port until it ends or is
    ended. Lines of its output are read as they come."""

    def __init__(self, program, *options):
        self._folder = tempfile.TemporaryDirectory()
        port_file = pathlib.Path(self._folder.name) / 'port'
        environment = {k: v for k, v in os.environ.items() if k != 'NO_COLOR'}
        self._errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program, 'view', '--port', '0', '--port-file', port_file, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors,
            env=environment)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self._await_port(port_file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._errors.close()
        self._folder.cleanup()

    def _read(self):
        with self.process.stdout as stdout:
            for line in stdout:
                self._lines.put(line.decode())
        self._lines.put(None)

    def _await_port(self, port_file):
        end = time.monotonic() + LIMIT_S
        while not port_file.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f'it did not start: {self.errors()}')
            time.sleep(0.01)
        return int(port_file.read_text())

    def errors(self):
        self._errors.seek(0)
        return self._errors.read().decode()

    def line(self):
        """The next line; None at the end."""
        return self._lines.get(timeout=LIMIT_S)

    def nothing_for(self, seconds):
        """Is there no output for so long?"""
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def tree(self):
        """Lines up to an empty one, as one text; the rest if it ends."""
        lines = []
        while (line := self.line()) and line != '\n':
            lines.append(line)
        return ''.join(lines)

    def trace(self):
        return json.loads(self.line())

    def rest(self):
        lines = []
        while line := self.line():
            lines.append(line)
        return ''.join(lines)

    def exit_status(self):
        return self.process.wait(LIMIT_S)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.exit_status()

    def send(self, body, method='POST', path='/v1/traces', **headers):
        """A request on a connection of its own. Header names are written with underscores; an
        iterable as body goes out in chunks."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=LIMIT_S)
        wanted = HEADERS | {name.replace('_', '-'): text for name, text in headers.items()}
        try:
            connection.request(method, path, body, wanted,
                               encode_chunked=not isinstance(body, (bytes, type(None))))
            return Answer(connection.getresponse())
        finally:
            connection.close()


class GrpcViewer(Viewer):
    """Tells its port of gRPC, too."""

    def __init__(self, program, *options):
        with tempfile.TemporaryDirectory() as folder:
            port_file = pathlib.Path(folder) / 'port'
            super().__init__(program, '--grpc-port', '0', '--grpc-port-file', port_file, *options)
            self.grpc_port = self._await_port(port_file)
