#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the exporter for Prometheus answers over HTTP: check_http.py AGENT"""

import gzip
import random

from host import Agent, equal, is_closed, run

TEXT = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping='
PROMETHEUS_2 = ('application/openmetrics-text;version=1.0.0,application/openmetrics-text;'
                'version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1')
PROMETHEUS_3 = ('application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,'
                'application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;'
                'escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2')
COUNTER = b'jobs_done_total{number="0",otel_scope_name="agent"} 1\n'


def a_client_without_wishes_gets_text(program):
    with Agent(program) as agent:
        response = agent.get()
        equal(response.status, 200)
        equal(response.headers['Content-Type'], TEXT)
        equal(response.headers['Vary'], 'Accept, Accept-Encoding')
        equal(response.headers['Content-Encoding'], None)
        assert COUNTER in response.content, response.content
        assert b'# EOF' not in response.content
        equal(agent.stats()['scrapes'], 1)
        equal(agent.stats()['scrape_bytes'], len(response.content))


def prometheus_gets_openmetrics_in_the_escaping_that_it_asks_for(program):
    with Agent(program) as agent:
        response = agent.get(Accept=PROMETHEUS_2)
        equal(response.headers['Content-Type'], OPENMETRICS + 'underscores')
        assert COUNTER in response.content and response.content.endswith(b'# EOF\n')
        response = agent.get(Accept=PROMETHEUS_3)
        equal(response.headers['Content-Type'], OPENMETRICS + 'allow-utf-8')


def a_header_in_several_lines_is_one_list(program):
    with Agent(program) as agent:
        connection = agent.http()
        connection.putrequest('GET', '/metrics')
        connection.putheader('Accept', 'text/plain;q=0.1')
        connection.putheader('ACCEPT', 'application/openmetrics-text')
        connection.endheaders()
        response = connection.getresponse()
        equal(response.headers['Content-Type'], OPENMETRICS + 'underscores')
        connection.close()


def gzip_is_spoken_when_it_is_asked_for(program):
    with Agent(program, series=100) as agent:
        plain = agent.get()
        packed = agent.get(Accept_Encoding='gzip')
        equal(packed.headers['Content-Encoding'], 'gzip')
        assert len(packed.content) < len(plain.content) // 2
        equal(gzip.decompress(packed.content), plain.content)
        for refusal in ('gzip;q=0', 'identity', 'br', 'gzip;q=0.2, identity'):
            equal(agent.get(Accept_Encoding=refusal).content, plain.content)


def head_has_the_headers_and_no_body(program):
    with Agent(program) as agent:
        size = len(agent.get().content)
        response = agent.get(method='HEAD')
        equal(response.status, 200)
        equal(response.content, b'')
        equal(response.headers['Content-Length'], str(size))
        equal(response.headers['Content-Type'], TEXT)


def other_paths_and_methods_are_told_where_to_go(program):
    with Agent(program, path='/agents/one/metrics') as agent:
        for path in ('/', '/metrics', '/agents/one/metrics/', '/agents/one/metric', '/%00'):
            response = agent.get(path)
            equal(response.status, 404)
            assert b'/agents/one/metrics' in response.content, response.content
        equal(agent.get('/agents/one/metrics?match=x').status, 200)
        for method in ('POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'BREW'):
            response = agent.get('/agents/one/metrics', method=method)
            equal(response.status, 405)
            equal(response.headers['Allow'], 'GET, HEAD')
        equal(agent.stats()['misdirected'], 12)
        equal(agent.stats()['scrapes'], 1)


def a_connection_serves_many_scrapes(program):
    with Agent(program) as agent:
        connection = agent.http()
        for _ in range(5):
            connection.request('GET', '/metrics')
            response = connection.getresponse()
            equal(response.status, 200)
            assert COUNTER in response.read()
        connection.close()
        equal(agent.stats()['connections'], 1)
        equal(agent.stats()['scrapes'], 5)


def requests_behind_each_other_are_answered_in_order(program):
    with Agent(program) as agent:
        connection = agent.connect()
        connection.sendall(b'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
                           b'GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        data = b''
        while piece := connection.recv(65536):
            data += piece
        connection.close()
        assert data.index(b'200 OK') < data.index(b'404 Not Found')


def a_body_is_not_read_as_a_request(program):
    with Agent(program) as agent:
        connection = agent.http()
        connection.request('GET', '/metrics', body=b'GET /metrics HTTP/1.1\r\n\r\n')
        equal(connection.getresponse().read().count(COUNTER), 1)
        connection.close()
        equal(agent.get(method='POST').status, 405)
        equal(agent.stats()['scrapes'], 1)


def http_1_0_is_answered_and_hung_up_on(program):
    with Agent(program) as agent:
        with agent.connect() as connection:
            connection.sendall(b'GET /metrics HTTP/1.0\r\n\r\n')
            assert connection.recv(65536).startswith(b'HTTP/1.')
            assert is_closed(connection)


def metrics_are_those_of_now(program):
    with Agent(program) as agent:
        agent.get()
        agent.ask('add')
        agent.ask('add')
        assert b'jobs_done_total{otel_scope_name="agent"} 2\n' in agent.get().content


def before_a_provider_there_is_nothing_to_read(program):
    with Agent(program, bare=1) as agent:
        response = agent.get()
        equal(response.status, 503)
        assert b'no meter provider' in response.content
        equal(agent.stats()['failures'], 1)


def whatever_comes_the_next_client_is_served(program):
    generator = random.Random(9464)
    pieces = [b'GET ', b'/metrics', b' HTTP/1.1', b'\r\n', b'Host: x', b'\r\n\r\n', b'\0', b'\xff' * 9,
              b'Accept: ', b'*/*;q=', b'"', b';', b',', b'Accept-Encoding: gzip', b'%', b'%zz',
              b'Content-Length: 99999999999999999999', b'Transfer-Encoding: chunked', b'A' * 40000,
              b'POST ', b'ffffffffffffffff\r\n', b'HTTP/9.9', b':', b' ', b'\n']
    with Agent(program) as agent:
        for _ in range(300):
            with agent.connect() as connection:
                data = b''.join(generator.choices(pieces, k=generator.randint(1, 12)))
                try:
                    connection.sendall(data)
                except (BrokenPipeError, ConnectionResetError):
                    pass
        equal(agent.get().status, 200)
        equal(agent.process.poll(), None)


if __name__ == '__main__':
    run([a_client_without_wishes_gets_text,
         prometheus_gets_openmetrics_in_the_escaping_that_it_asks_for,
         a_header_in_several_lines_is_one_list,
         gzip_is_spoken_when_it_is_asked_for,
         head_has_the_headers_and_no_body,
         other_paths_and_methods_are_told_where_to_go,
         a_connection_serves_many_scrapes,
         requests_behind_each_other_are_answered_in_order,
         a_body_is_not_read_as_a_request,
         http_1_0_is_answered_and_hung_up_on,
         metrics_are_those_of_now,
         before_a_provider_there_is_nothing_to_read,
         whatever_comes_the_next_client_is_served])
