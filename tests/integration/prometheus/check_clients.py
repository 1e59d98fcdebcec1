#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that are slow, stuck, many or hostile hold nobody else up: check_clients.py AGENT"""

import socket
import threading
import time

from host import Agent, await_true, equal, is_closed, run, split

REQUEST = b'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'


def connect_reluctantly(agent):
    """Somebody who hardly takes anything."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(30)
    connection.connect(split(agent.address))
    return connection


def a_client_that_does_not_take_its_answer_blocks_nobody(program):
    with Agent(program, series=100000, client_timeout_ms=60000) as agent:
        stuck = [connect_reluctantly(agent) for _ in range(3)]
        for connection in stuck:
            connection.sendall(REQUEST)
        agent.await_stats(scrapes=3)
        for _ in range(3):
            equal(agent.get().status, 200)
        for connection in stuck:
            connection.close()


def a_client_that_does_not_take_its_answer_is_sent_away(program):
    with Agent(program, series=100000, client_timeout_ms=300) as agent:
        connection = connect_reluctantly(agent)
        connection.sendall(REQUEST)
        agent.await_stats(slow=1)
        assert is_closed(connection)
        connection.close()


def a_byte_now_and_then_is_no_request(program):
    with Agent(program, client_timeout_ms=400) as agent:
        connection = agent.connect()
        begin = time.monotonic()
        try:
            for byte in REQUEST * 10:
                connection.send(bytes([byte]))
                time.sleep(0.02)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert is_closed(connection)
        assert time.monotonic() - begin >= 0.39, 'sent away too early'
        agent.await_stats(slow=1)
        equal(agent.stats()['scrapes'], 0)
        connection.close()


def whoever_says_nothing_is_sent_away(program):
    with Agent(program, client_timeout_ms=200) as agent:
        connections = [agent.connect() for _ in range(5)]
        for connection in connections:
            assert is_closed(connection)
            connection.close()
        agent.await_stats(slow=5)


def a_connection_that_rests_is_ended_later(program):
    with Agent(program, client_timeout_ms=60000, idle_timeout_ms=200) as agent:
        connection = agent.http()
        connection.request('GET', '/metrics')
        equal(connection.getresponse().read()[:1], b'#')
        assert is_closed(connection.sock)
        connection.close()
        equal(agent.stats()['slow'], 0)


def silent_connections_lock_nobody_out(program):
    with Agent(program, max_connections=4, client_timeout_ms=60000) as agent:
        silent = [agent.connect() for _ in range(12)]
        agent.await_stats(connections=12)
        for _ in range(3):
            equal(agent.get().status, 200)
        assert agent.stats()['refused'] >= 8, agent.stats()
        for connection in silent[:8]:
            assert is_closed(connection)
        for connection in silent:
            connection.close()


def whoever_is_being_served_is_not_sent_away_for_another(program):
    with Agent(program, max_connections=2, series=100000, client_timeout_ms=60000) as agent:
        served = [connect_reluctantly(agent) for _ in range(2)]
        for connection in served:
            connection.sendall(REQUEST)
        agent.await_stats(scrapes=2)
        with agent.connect() as third:
            assert is_closed(third)
        equal(agent.stats()['refused'], 1)
        data = b''
        while not data.endswith(b'\r\n\r\n') and len(data) < 10_000_000:
            piece = served[0].recv(1 << 20)
            if not piece:
                break
            data += piece
            if b'ready{' in data[-4096:]:
                break
        assert b'number="99999"' in data and b'ready{' in data
        for connection in served:
            connection.close()
        await_true(lambda: agent.get().status == 200, lambda: 'room')


def answers_that_wait_are_bounded(program):
    with Agent(program, series=100000, max_pending_bytes=8_000_000,
               client_timeout_ms=60000) as agent:
        size = len(agent.get().content)
        assert 4_000_000 < size < 8_000_000, size
        stuck = connect_reluctantly(agent)
        stuck.sendall(REQUEST)
        agent.await_stats(scrapes=2)
        response = agent.get()
        equal(response.status, 503)
        assert b'have not taken' in response.content
        stuck.close()
        await_true(lambda: agent.get().status == 200, lambda: 'the bytes to be given back')


def a_slow_collection_is_not_begun_twice_and_all_are_served(program):
    with Agent(program) as agent:
        agent.ask('hang 100')
        results = []
        threads = [threading.Thread(target=lambda: results.append(agent.get().status))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(results, [200] * 4)
        equal(agent.stats()['scrapes'], 4)


def recording_goes_on_while_a_collection_hangs(program):
    with Agent(program, collect_timeout_ms=20000) as agent:
        agent.ask('hang 1500')
        thread = threading.Thread(target=agent.get)
        thread.start()
        time.sleep(0.2)
        begin = time.monotonic()
        for _ in range(100):
            agent.ask('add')
        assert time.monotonic() - begin < 1, 'recording waited'
        agent.ask('hang 0')
        thread.join()
        assert b'jobs_done_total{otel_scope_name="agent"} 100\n' in agent.get().content


if __name__ == '__main__':
    run([a_client_that_does_not_take_its_answer_blocks_nobody,
         a_client_that_does_not_take_its_answer_is_sent_away,
         a_byte_now_and_then_is_no_request,
         whoever_says_nothing_is_sent_away,
         a_connection_that_rests_is_ended_later,
         silent_connections_lock_nobody_out,
         whoever_is_being_served_is_not_sent_away_for_another,
         answers_that_wait_are_bounded,
         a_slow_collection_is_not_begun_twice_and_all_are_served,
         recording_goes_on_while_a_collection_hangs])
