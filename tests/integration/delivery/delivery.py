# SPDX-License-Identifier: Apache-2.0
"""What send_spans sends and tells, and what has to be true of it whatever the transport is.

A request's spans are found by their names, span-0000000 and so on, of which nothing else in it has
any: that needs no decoder, least of all ours.
"""

import collections
import re
import subprocess

MIB = 1 << 20
NAME = re.compile(rb'span-(\d{7})')
POISON = b'poison'
TIMEOUT_S = 300


class Account:
    """`count` for each key that send_spans prints, and the lines `told`."""

    def __init__(self, text):
        lines = [line.split(' ', 1) for line in text.splitlines()]
        self.told = [rest for key, rest in lines if key == 'told']
        self.count = {key: int(rest) for key, rest in lines if key != 'told'}

    def dropped(self):
        return {key.removeprefix('dropped.'): number for key, number in self.count.items()
                if key.startswith('dropped.')}


def send(program, transport, endpoint, scenario, count):
    command = [program, transport, endpoint, scenario, str(count)]
    result = subprocess.run(command, stdout=subprocess.PIPE, timeout=TIMEOUT_S, check=True)
    account = Account(result.stdout.decode())
    print(f'{transport}: {account.count}', *account.told, sep='\n    ')
    return account


class Arrivals:
    """The spans of the requests that a server took, and the size of each request it saw."""

    def __init__(self):
        self.numbers = collections.Counter()
        self.sizes = []

    def see(self, body):
        self.sizes.append(len(body))

    def take(self, body):
        self.numbers.update(NAME.findall(body))


def assert_all_is_accounted_for(test, account, arrivals, count):
    """started = exported + dropped, by both sides' counts, and nothing came twice."""
    test.assertEqual(account.count['started'], count)
    test.assertEqual(account.count['ended'], count)
    test.assertEqual(account.count['offered'], count)
    test.assertEqual(account.count['queued'] + account.count['in_flight'], 0)
    test.assertEqual(account.count['accepted'] + sum(account.dropped().values()), count)
    test.assertEqual(len(arrivals.numbers), account.count['accepted'])
    test.assertEqual(max(arrivals.numbers.values()), 1)


def assert_culprits_are_lost_and_named(test, account, arrivals, count, numbers):
    """Those numbers alone are missing, and a line of diagnostics is about each."""
    expected = {b'%07d' % i for i in range(count)} - {b'%07d' % i for i in numbers}
    test.assertEqual(set(arrivals.numbers), expected)
    for number in numbers:
        named = [line for line in account.told if f'the span span-{number:07d} ' in line]
        test.assertEqual(len(named), 1, account.told)
        test.assertIn('is lost', named[0])
    test.assertEqual(len([line for line in account.told if 'lost' in line]), len(numbers))


def assert_backlog_left_in_large_requests(test, account, arrivals, count, limit):
    """All at once were waiting; each request is below the limit, and few are far below it."""
    test.assertEqual(account.count['backlog'], count)
    test.assertEqual(account.dropped(), {})
    test.assertEqual(account.told, [])
    test.assertEqual(account.count['accepted'], count)
    test.assertLess(max(arrivals.sizes), limit)
    if len(arrivals.sizes) > 1:
        test.assertGreater(sorted(arrivals.sizes)[1], limit // 2)
