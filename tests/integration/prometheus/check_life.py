#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ports, files, fork and the end of an exporter for Prometheus: check_life.py AGENT"""

import json
import os
import pathlib
import signal
import socket
import tempfile
import time

from host import Agent, await_true, equal, is_closed, is_refused, run

REQUEST = b'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
OR_NONE, OR_NEXT = 1, 2


class Folder(tempfile.TemporaryDirectory):
    """`with Folder() as folder:` is a path."""

    def __enter__(self):
        return pathlib.Path(super().__enter__())


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def port_of(agent):
    return int(agent.address.rpartition(':')[2])


# ---- ports ----

def a_taken_port_leaves_all_else_working(program):
    with Agent(program) as first, Folder() as folder:
        port = port_of(first)
        with Agent(program, port=port) as second:
            equal(second.address, '')
            second.await_diagnostics(f'port {port} of 127.0.0.1 is taken')
            equal(second.ask(f'write {folder}/a.prom'), 'OK')
            assert 'jobs_done_total' in (folder / 'a.prom').read_text()
            equal(second.ask('start'), 'SYSTEM_ERROR ')
            equal(first.end(), 0)
            equal(second.ask('start'), f'OK 127.0.0.1:{port}')
            equal(second.ask('start'), f'OK 127.0.0.1:{port}')
            second.address = f'127.0.0.1:{port}'
            equal(second.get().status, 200)


def agents_that_may_take_other_ports_share_a_host(program):
    with Agent(program) as first:
        port = port_of(first)
        with Agent(program, port=port, policy=OR_NEXT) as second, \
                Agent(program, port=port, policy=OR_NEXT) as third:
            second.await_diagnostics(f'port {port} of 127.0.0.1 is taken: metrics are at')
            equal(len({first.address, second.address, third.address, ''}), 4)
            for agent in (first, second, third):
                equal(agent.get().status, 200)


def other_addresses_than_loopbacks_are_warned_of(program):
    with Agent(program, host='0.0.0.0') as agent:
        agent.await_diagnostics('warning.*is no loopback address')
    with Agent(program, host='localhost') as agent:
        equal(agent.get().status, 200)
        assert not any('warning' in line for line in agent.diagnostics), agent.diagnostics


def an_address_that_is_not_ours_is_told(program):
    with Agent(program, host='192.0.2.1') as agent:
        equal(agent.address, '')
        agent.await_diagnostics("192.0.2.1:0 can't be listened on")


# ---- target files ----

def the_target_file_is_there_while_it_listens(program):
    with Folder() as folder:
        with Agent(program) as other, \
                Agent(program, port=port_of(other), target_file=folder / 'a-%p.json') as agent:
            path = folder / f'a-{agent.process.pid}.json'
            equal(names(folder), [path.name])
            equal(path.stat().st_mode & 0o777, 0o644)
            target, = json.loads(path.read_text())
            equal(target['targets'], [agent.address])
            equal(target['labels'], {'service_name': 'unknown_service:prometheus_agent'})
            assert agent.address not in ('', other.address)
            equal(agent.ask('shutdown 5000').split()[0], 'OK')
            equal(names(folder), [])
            equal(agent.ask('address'), 'address ')


def the_target_file_goes_at_exit(program):
    with Folder() as folder, Agent(program, target_file=folder / 'a.json') as agent:
        equal(names(folder), ['a.json'])
        equal(agent.end(), 0)
        equal(names(folder), [])


def what_another_wrote_there_stays(program):
    with Folder() as folder, Agent(program, target_file=folder / 'a.json') as agent:
        (folder / 'a.json').write_text('[]')
        equal(agent.end(), 0)
        equal((folder / 'a.json').read_text(), '[]')


def a_target_file_that_cannot_be_is_told(program):
    with Folder() as folder, Agent(program, target_file=folder / 'none' / 'a.json') as agent:
        agent.await_diagnostics('a.json could not be written: No such file')
        equal(agent.get().status, 200)
        equal(agent.stats()['file_failures'], 1)


# ---- fork ----

def a_forked_child_lets_go_of_everything(program):
    with Folder() as folder, \
            Agent(program, forks=1, target_file=folder / 'a.json', textfile=folder / 'a.prom') as agent:
        connection = agent.http()
        connection.request('GET', '/metrics')
        equal(connection.getresponse().read()[:1], b'#')
        sockets, others = agent.descriptors()
        equal(sockets, 2)
        assert agent.ask('fork').startswith('child ')
        equal(agent.descriptors(), (0, others - 2))
        equal(agent.ask('address'), 'address ')
        equal(sum(agent.stats().values()), 0)
        connection.request('GET', '/metrics')
        equal(connection.getresponse().status, 200)
        equal(agent.ask('leave'), 'child ended 0')
        equal(names(folder), ['a.json'])
        connection.close()
        equal(agent.get().status, 200)
        equal(agent.end(), 0)
        equal(names(folder), ['a.prom'])


def a_child_that_lives_on_does_not_hold_the_port(program):
    with Agent(program, forks=1) as agent:
        child = int(agent.ask('fork').split()[1])
        agent.process.kill()
        agent.process.wait()
        assert is_refused(agent.address)
        os.kill(child, signal.SIGKILL)


def a_child_that_is_started_has_an_address_and_files_of_its_own(program):
    with Folder() as folder, \
            Agent(program, forks=1, policy=OR_NEXT, target_file=folder / 'a-%p.json',
                  textfile=folder / 'a-%p.prom') as agent:
        parent, parents = agent.process.pid, agent.address
        child = int(agent.ask('fork').split()[1])
        status, agent.address = agent.ask('start').split(' ')
        equal(status, 'OK')
        assert agent.address not in ('', parents), agent.address
        agent.ask('add')
        equal(agent.get().status, 200)
        assert b'jobs_done_total{otel_scope_name="agent"} 1\n' in agent.get().content
        equal(names(folder), sorted([f'a-{parent}.json', f'a-{child}.json']))
        equal(agent.ask('leave'), 'child ended 0')
        equal(names(folder), sorted([f'a-{parent}.json', f'a-{child}.prom']))
        agent.address = parents
        equal(agent.get().status, 200)


def a_child_by_another_way_than_fork_may_start_too(program):
    with Agent(program, forks=1) as agent:
        parents = agent.address
        agent.ask('_fork')
        status, agent.address = agent.ask('start').split(' ')
        equal(status, 'OK')
        assert agent.address != parents
        equal(agent.get().status, 200)
        equal(agent.ask('leave'), 'child ended 0')
        agent.address = parents
        equal(agent.get().status, 200)


def forks_amid_scrapes_harm_neither(program):
    with Agent(program, forks=1) as agent:
        _, others = agent.descriptors()
        for _ in range(20):
            with agent.connect() as connection:
                connection.sendall(REQUEST * 3)
                agent.ask('fork')
                equal(agent.descriptors(), (0, others - 2))
                equal(agent.ask('leave'), 'child ended 0')
                assert connection.recv(65536).startswith(b'HTTP/1.1 200')
        equal(agent.get().status, 200)


# ---- text files ----

def a_textfile_is_written_on_an_interval_and_at_shutdown(program):
    with Folder() as folder, \
            Agent(program, textfile=folder / 'a.prom', textfile_interval_ms=20) as agent:
        await_true(lambda: names(folder) == ['a.prom'], lambda: 'the file')
        await_true(lambda: agent.stats()['files'] > 2, lambda: 'more')
        agent.ask('add')
        equal(agent.ask('shutdown 5000').split()[0], 'OK')
        text = (folder / 'a.prom').read_text()
        assert 'jobs_done_total{otel_scope_name="agent"} 1\n' in text, text
        equal(names(folder), ['a.prom'])
        assert all(line.startswith('#') or len(line.rsplit('} ')[-1].split()) == 1
                   for line in text.splitlines()), 'timestamps'


def a_textfile_alone_needs_no_port(program):
    with Folder() as folder, Agent(program, listen=0, textfile=folder / 'a.prom') as agent:
        equal(agent.address, '')
        equal(agent.descriptors()[0], 0)
        equal(agent.end(), 0)
        assert 'jobs_done_total' in (folder / 'a.prom').read_text()


def a_textfile_is_left_alone_when_that_is_wanted(program):
    with Folder() as folder, \
            Agent(program, textfile=folder / 'a.prom', textfile_at_shutdown=0) as agent:
        equal(agent.ask('shutdown 5000').split()[0], 'OK')
        equal(agent.end(), 0)
        equal(names(folder), [])


def a_textfile_that_cannot_be_is_told(program):
    with Folder() as folder, \
            Agent(program, textfile=folder / 'none' / 'a.prom', textfile_interval_ms=10) as agent:
        agent.await_diagnostics('a.prom could not be written: No such file')
        agent.await_stats(file_failures=2)


def half_a_file_is_never_seen(program):
    with Folder() as folder, Agent(program, series=2000, textfile=folder / 'a.prom',
                                   textfile_interval_ms=1, textfile_at_shutdown=0) as agent:
        path = folder / 'a.prom'
        await_true(lambda: path.exists() and 'number="1999"' in path.read_text(),
                   lambda: 'all series')
        for _ in range(200):
            text = path.read_text()
            assert text.endswith('\n') and 'number="1999"' in text and 'ready{' in text
            assert [name for name in names(folder) if name.endswith('.prom')] == ['a.prom']
        equal(agent.process.poll(), None)


def a_file_is_written_when_it_is_asked_for(program):
    with Folder() as folder, Agent(program, listen=0) as agent:
        equal(agent.ask(f'write {folder}/a.om openmetrics'), 'OK')
        assert (folder / 'a.om').read_text().endswith('# EOF\n')
        equal(agent.ask(f'write {folder}/none/a.prom'), 'SYSTEM_ERROR')


# ---- the end ----

def a_stuck_client_does_not_hold_a_shutdown_up(program):
    with Agent(program, series=100000, client_timeout_ms=60000) as agent:
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(('127.0.0.1', port_of(agent)))
        stuck.sendall(REQUEST)
        agent.await_stats(scrapes=1)
        status, elapsed = agent.ask('shutdown 5000').split()
        equal(status, 'OK')
        assert int(elapsed) < 4000, elapsed
        assert is_refused(agent.address)
        stuck.settimeout(30)
        assert is_closed(stuck)
        stuck.close()


def an_idle_connection_does_not_delay_a_shutdown(program):
    with Agent(program) as agent:
        with agent.connect() as connection:
            connection.sendall(REQUEST)
            agent.await_stats(scrapes=1)
            status, elapsed = agent.ask('shutdown 5000').split()
            equal(status, 'OK')
            assert int(elapsed) < 3000, elapsed
            assert is_closed(connection)


def a_hanging_callback_does_not_hold_a_shutdown_up(program):
    with Agent(program, collect_timeout_ms=60000) as agent:
        agent.ask('hang 3000')
        connection = agent.connect()
        connection.sendall(REQUEST)
        time.sleep(0.2)
        agent.ask('hang 0')
        status, elapsed = agent.ask('shutdown 300').split()
        equal(status, 'TIMEOUT')
        assert int(elapsed) < 2500, elapsed
        equal(agent.ask('destroy'), 'destroyed')
        time.sleep(3)
        equal(agent.end(), 0)
        connection.close()


def all_may_be_destroyed_in_the_middle_of_scrapes(program):
    for _ in range(10):
        with Agent(program) as agent:
            connections = [agent.connect() for _ in range(4)]
            for connection in connections:
                connection.sendall(REQUEST * 20)
            equal(agent.ask('destroy'), 'destroyed')
            assert is_refused(agent.address)
            equal(agent.end(), 0)
            for connection in connections:
                connection.close()


def after_shutdown_there_is_no_start(program):
    with Agent(program) as agent:
        agent.ask('shutdown 5000')
        equal(agent.ask('start'), 'SHUT_DOWN ')


def settings_that_cannot_be_are_refused(program):
    for setting in ({'path': 'metrics'}, {'path': '/a b'}, {'path': '/a?b'}, {'host': ''},
                    {'textfile': 'a.txt'}, {'textfile': '.prom'}, {'target_file': ''},
                    {'max_connections': 0}, {'max_connections': 1025}, {'max_pending_bytes': 0},
                    {'client_timeout_ms': 0}, {'idle_timeout_ms': 0}, {'collect_timeout_ms': 0},
                    {'policy': 3}, {'target_host': ''}):
        with Agent(program, **setting) as agent:
            equal((setting, agent.process.wait(30)), (setting, 1))


if __name__ == '__main__':
    run([a_taken_port_leaves_all_else_working,
         agents_that_may_take_other_ports_share_a_host,
         other_addresses_than_loopbacks_are_warned_of,
         an_address_that_is_not_ours_is_told,
         the_target_file_is_there_while_it_listens,
         the_target_file_goes_at_exit,
         what_another_wrote_there_stays,
         a_target_file_that_cannot_be_is_told,
         a_forked_child_lets_go_of_everything,
         a_child_that_lives_on_does_not_hold_the_port,
         a_child_that_is_started_has_an_address_and_files_of_its_own,
         a_child_by_another_way_than_fork_may_start_too,
         forks_amid_scrapes_harm_neither,
         a_textfile_is_written_on_an_interval_and_at_shutdown,
         a_textfile_alone_needs_no_port,
         a_textfile_is_left_alone_when_that_is_wanted,
         a_textfile_that_cannot_be_is_told,
         half_a_file_is_never_seen,
         a_file_is_written_when_it_is_asked_for,
         a_stuck_client_does_not_hold_a_shutdown_up,
         an_idle_connection_does_not_delay_a_shutdown,
         a_hanging_callback_does_not_hold_a_shutdown_up,
         all_may_be_destroyed_in_the_middle_of_scrapes,
         after_shutdown_there_is_no_start,
         settings_that_cannot_be_are_refused])
