#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samplers of cotel and of an official SDK decide alike, and leave the same tracestate.

    check.py DECIDE PEER...

DECIDE is decide.c, PEER a command that does the same by the official SDK: peer.py (run by the same
Python as this) or `node peer.js`.

Compared is what the specification defines. Left out:
- thresholds of more than four digits: the official SDKs do not round, though they should;
- parents whose threshold contradicts their sampled flag: the official SDKs do not look;
- the tracestate of dropped spans: theirs keeps `th` when nothing else is in the entry.
"""

import random
import subprocess
import sys

COUNT = 10000
# Thresholds as the specification's table has them, so that no ratio is rounded.
RATIOS = [1 - int(digits, 16) / 16 ** len(digits)
          for digits in ('0', '8', 'aaab', 'c', 'cccd', 'e', 'e666', 'fd70a', 'ffbe77')]
# Of these the rule is the SDK's own: Python's is that of cotel, Node's is another.
OWN_RULE = 'trace_id_ratio'
OWN_RULE_RATIOS = [1, 0.5, 1 / 3, 0.1, 0.01, 1e-4, 1e-9, 0]
COMPOSED = ['probability', 'composite_probability', 'composite_parent_threshold']
FIXED = ['composite_always_on', 'composite_always_off']


def entry(rng, trace_id, flags):
    """The parent's `ot`, in the order in which all write it; with a threshold that can be true."""
    randomness = trace_id & (1 << 56) - 1
    members = []
    if rng.random() < 0.3:
        randomness = rng.getrandbits(56)
        members.append(f'rv:{randomness:014x}')
    if rng.random() < 0.5:
        threshold = rng.getrandbits(56) >> 40 << 40
        if not flags & 1 or threshold <= randomness:
            members.insert(0, 'th:' + (f'{threshold:014x}'.rstrip('0') or '0'))
    if rng.random() < 0.3:
        members.append('x:Some-thing_1.0')
    return ';'.join(members)


def question(rng):
    trace_id = rng.getrandbits(128) | 1 << 127
    if rng.random() < 0.4:
        return f'{trace_id:032x} - -'
    flags = rng.randrange(4)
    ot = entry(rng, trace_id, flags)
    states = [f'ot={ot}'] if ot else []
    if rng.random() < 0.3:
        states.insert(rng.randrange(len(states) + 1), 'vendor=1')
    return f'{trace_id:032x} {flags:02x} {",".join(states) or "-"}'


def run(command, name, ratio, questions):
    # repr: the shortest text that reads as the same number
    done = subprocess.run([*command, name, repr(ratio)], input='\n'.join(questions) + '\n',
                          stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    lines = done.stdout.splitlines()
    assert len(lines) == len(questions), f'{command}: {len(lines)} answers'
    return [line.split() for line in lines]


def defined(name, answer):
    """Of an answer, what both have to say; of a tracestate the order is not."""
    decision, tracestate = answer
    if decision != '2' or name == OWN_RULE:
        return decision, None
    return decision, sorted(tracestate.split(','))


def differences(decide, peer, name, ratio, questions):
    ours = run([decide], name, ratio, questions)
    theirs = run(peer, name, ratio, questions)
    rows = [row for row in zip(questions, ours, theirs)
            if defined(name, row[1]) != defined(name, row[2])]
    sampled = sum(answer[0] == '2' for answer in ours)
    print(f'{name} {ratio:.6g}: {len(questions)} decisions, {sampled} sampled, '
          f'{len(rows)} differ')
    for row in rows[:3]:
        print('   asked %s\n   cotel %s\n   peer  %s' % row)
    return len(rows)


def main(decide, *peer):
    rng = random.Random(20260819)
    questions = [question(rng) for _ in range(COUNT)]
    cases = [(name, ratio) for name in COMPOSED for ratio in RATIOS]
    cases += [(name, 1) for name in FIXED]
    if peer[-1].endswith('.py'):
        peer = (sys.executable, *peer)
        cases += [(OWN_RULE, ratio) for ratio in OWN_RULE_RATIOS]
    return 1 if sum(differences(decide, list(peer), *case, questions) for case in cases) else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
