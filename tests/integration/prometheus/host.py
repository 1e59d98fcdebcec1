# SPDX-License-Identifier: Apache-2.0
"""The agent as a process, and ways to speak to it."""

import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time

LIMIT_S = 30


class Agent:
    """`with Agent(program, port=0, ...) as agent:` runs until its input ends."""

    def __init__(self, program, **settings):
        # Under AddressSanitizer: a forked child has what its parent's threads had, and no threads.
        options = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
        environment = {**os.environ, 'ASAN_OPTIONS': options} if settings.pop('forks', 0) else None
        self.process = subprocess.Popen(
            [program, *(f'{name}={value}' for name, value in settings.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment)
        self._lines = queue.Queue()
        self.diagnostics = []
        for pipe, take in ((self.process.stdout, self._lines.put),
                           (self.process.stderr, self.diagnostics.append)):
            threading.Thread(target=self._read, args=(pipe, take), daemon=True).start()
        self.address = self.line().partition(' ')[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    @staticmethod
    def _read(pipe, take):
        with pipe:
            for line in pipe:
                take(line.decode().rstrip('\n'))

    def line(self):
        """The next line that it writes."""
        return self._lines.get(timeout=LIMIT_S)

    def say(self, command):
        self.process.stdin.write(command.encode() + b'\n')
        self.process.stdin.flush()

    def ask(self, command):
        self.say(command)
        return self.line()

    def stats(self):
        return json.loads(self.ask('stats'))

    def descriptors(self):
        """How many sockets are open, and how many things of the kernel's without a name."""
        sockets, others = self.ask('descriptors').split()
        return int(sockets), int(others)

    def await_stats(self, **wanted):
        """Waits until the counts are at least these."""
        await_true(lambda: all(self.stats()[k] >= v for k, v in wanted.items()),
                   lambda: f'{wanted}, not {self.stats()}')

    def await_diagnostics(self, pattern):
        await_true(lambda: any(re.search(pattern, line) for line in self.diagnostics),
                   lambda: f'{pattern} in {self.diagnostics}')

    def end(self):
        """Lets it exit; its status."""
        self.process.stdin.close()
        return self.process.wait(LIMIT_S)

    def connect(self, timeout=LIMIT_S):
        return socket.create_connection(split(self.address), timeout=timeout)

    def http(self):
        return http.client.HTTPConnection(*split(self.address), timeout=LIMIT_S)

    def get(self, path='/metrics', method='GET', **headers):
        """A request on a connection of its own: the response, with its body read."""
        connection = self.http()
        names = {k.replace('_', '-'): v for k, v in headers.items()}
        connection.request(method, path, headers=names)
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response


def split(address):
    host, _, port = address.rpartition(':')
    return host.strip('[]'), int(port)


def await_true(condition, message):
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain for {message()}')
        time.sleep(0.01)


def equal(got, expected):
    if got != expected:
        raise AssertionError(f'{got!r}, not {expected!r}')


def is_refused(address):
    try:
        socket.create_connection(split(address), timeout=LIMIT_S).close()
        return False
    except ConnectionRefusedError:
        return True


def is_closed(connection):
    """Whether the peer has hung up, after whatever it said; waits for it."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def run(tests):
    """Each test gets the arguments of the command line; all are run, and failures told."""
    failures = 0
    for test in tests:
        try:
            test(*sys.argv[1:])
            print(f'ok {test.__name__}', flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failures += 1
            print(f'FAILED {test.__name__}: {type(error).__name__}: {error}', flush=True)
    sys.exit(1 if failures else 0)
