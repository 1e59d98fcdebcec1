# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus server as a process, its HTTP API, and a proxy between it and its targets that
notes what both sides say about the format."""

import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

SKIPPED = 77
SCRAPE_S = 0.2
START_LIMIT_S = 60
ARRIVAL_LIMIT_S = 30
POLL_S = 0.02
# From the outside nothing may leak into the programs that are tested.
FOREIGN = re.compile(r'^(OTEL_|LLM_|DEMO_|MODEL_ARGS$|BRIEF$|TRACEPARENT$|.*_proxy$)', re.I)
OWN = {k: v for k, v in os.environ.items() if not FOREIGN.match(k)}


def skip_without_prometheus():
    for program in ('prometheus', 'promtool'):
        if not shutil.which(program):
            print(f'skipped: {program} is missing: apt install prometheus')
            sys.exit(SKIPPED)


def version():
    """Of the server: (2, 42)."""
    said = subprocess.run(['prometheus', '--version'], capture_output=True, text=True, timeout=30,
                          check=True)
    found = re.search(r'version (\d+)\.(\d+)', said.stdout + said.stderr)
    return int(found[1]), int(found[2])


def eventually(get, limit_s=ARRIVAL_LIMIT_S):
    """What `get` returns as soon as that is something, or what it returned last."""
    end = time.monotonic() + limit_s
    while not (result := get()) and time.monotonic() < end:
        time.sleep(0.05)
    return result


def now_s():
    """In the whole milliseconds that Prometheus reckons in."""
    return round(time.time(), 3)


def free_port():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        return taken.getsockname()[1]


def promtool(*arguments, text=''):
    """What it has to say: its status and all its words."""
    done = subprocess.run(['promtool', *arguments], input=text.encode(), capture_output=True,
                          timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


# ---- the proxy ----------------------------------------------------------------------------------

class _Proxy(http.server.BaseHTTPRequestHandler):
    """Takes absolute URLs and passes them on; server.seen has (target, asked, answered)."""

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        target = http.client.HTTPConnection(url.netloc, timeout=10)
        try:
            target.request('GET', url.path, headers=dict(self.headers))
            answer = target.getresponse()
            body = answer.read()
        except OSError:
            self.send_error(502)
            return
        finally:
            target.close()
        self.server.seen.append((url.netloc, dict(self.headers), dict(answer.headers)))
        self.send_response(answer.status)
        for name in ('Content-Type', 'Content-Encoding'):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _ProxyServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A Prometheus that ends hangs up in the middle."""


# ---- the server ---------------------------------------------------------------------------------

class Prometheus:
    """`with Prometheus() as server:` scrapes what the files in server.targets name."""

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._temporary.name)
        self.targets = self.folder / 'targets'
        self.targets.mkdir()
        self._proxy = _ProxyServer(('127.0.0.1', 0), _Proxy)
        self.seen = self._proxy.seen = []
        threading.Thread(target=self._proxy.serve_forever, args=(POLL_S,), daemon=True).start()
        self.config = self.folder / 'prometheus.yml'
        self.config.write_text(self._config_text())
        self._start()
        return self

    def _config_text(self):
        return f'''
global: {{scrape_interval: {SCRAPE_S * 1000:.0f}ms, scrape_timeout: {SCRAPE_S * 1000:.0f}ms}}
scrape_configs:
  - job_name: agents
    honor_labels: true
    proxy_url: http://127.0.0.1:{self._proxy.server_port}
    file_sd_configs:
      - files: ['{self.targets}/*.json']
        refresh_interval: 1s
'''

    def _start(self):
        port = free_port()
        self.url = f'http://127.0.0.1:{port}'
        self._log = open(self.folder / 'log', 'wb')
        self._process = subprocess.Popen(
            ['prometheus', f'--config.file={self.config}', f'--web.listen-address=127.0.0.1:{port}',
             f'--storage.tsdb.path={self.folder}/data', '--enable-feature=exemplar-storage',
             '--log.level=warn'], env=OWN, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT)
        if not eventually(self._is_ready, START_LIMIT_S):
            log = self.log()
            self.__exit__()
            raise RuntimeError(f'Prometheus did not start: {log}')

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f'{self.url}/-/ready', timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._log.close()
        self._proxy.shutdown()
        self._proxy.server_close()
        self._temporary.cleanup()

    def log(self):
        return (self.folder / 'log').read_text(errors='replace')

    # ---- its API ----

    def ask(self, path, **parameters):
        url = f'{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}'
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)['data']

    def query(self, expression, at_s=None):
        """An instant vector: a list of (labels, value)."""
        parameters = {'query': expression} | ({'time': f'{at_s:.3f}'} if at_s else {})
        return [(each['metric'], float(each['value'][1]))
                for each in self.ask('query', **parameters)['result']]

    def value(self, expression, at_s=None):
        """The only value that there is; None when there is another number of them."""
        found = self.query(expression, at_s)
        return found[0][1] if len(found) == 1 else None

    def samples(self, expression, at_s):
        """Of a range vector that is one series: a list of (time in seconds, value)."""
        (series,) = self.ask('query', query=expression, time=f'{at_s:.3f}')['result']
        return [(time_s, float(value)) for time_s, value in series['values']]

    def exemplars(self, selector, start_s, end_s):
        """A list of (labels of the series, exemplar)."""
        return [(each['seriesLabels'], exemplar)
                for each in self.ask('query_exemplars', query=selector, start=start_s, end=end_s)
                for exemplar in each['exemplars']]

    def await_up(self, count):
        """Waits until so many targets are up; returns what service has what instance."""
        def all_up():
            found = self.query('up == 1')
            return found if len(found) == count else None
        found = eventually(all_up)
        if not found:
            raise AssertionError(f'not {count} targets are up: {self.query("up")} {self.log()}')
        return {labels['service_name']: labels['instance'] for labels, _ in found}


def rate_of(samples, start_s, end_s):
    """What Prometheus' rate() makes of the samples of a counter in a window, by its documentation:
    the increase between the first and the last, resets made up for, extended to the window's ends
    where they are nearer than 1.1 times the usual distance, and not to before it was zero."""
    (first_s, first), (last_s, last) = samples[0], samples[-1]
    increase = last - first + sum(old for (_, old), (_, new) in zip(samples, samples[1:])
                                  if new < old)
    covered = last_s - first_s
    usual = covered / (len(samples) - 1)
    before, after = first_s - start_s, end_s - last_s
    if increase > 0 and first >= 0:
        before = min(before, covered * first / increase)
    extended = covered + sum(gap if gap < 1.1 * usual else usual / 2 for gap in (before, after))
    return increase * extended / covered / (end_s - start_s)


def quantile_of(bounds, counts, rank):
    """histogram_quantile(): by a straight line through the bucket in which the rank falls. `counts`
    are those of the buckets themselves, one more than there are bounds."""
    wanted, before = rank * sum(counts), 0
    for index, count in enumerate(counts):
        if before + count >= wanted:
            break
        before += count
    if index == len(bounds):
        return bounds[-1]
    low = bounds[index - 1] if index else 0
    return low + (bounds[index] - low) * (wanted - before) / count
