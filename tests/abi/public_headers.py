# SPDX-License-Identifier: Apache-2.0
"""Reads the public headers for the tests beside this file: their structs, with members, and the
options that have both an _INIT macro and an _init function. Knows only the form that clang-format
gives them."""
import re
import shlex
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.DOTALL)
STRUCT = re.compile(r'^(?:typedef )?struct (cotel_\w+) \{', re.MULTILINE)


def headers():
    return sorted(str(p.relative_to(ROOT / 'include')) for p in (ROOT / 'include').rglob('*.h'))


def text_of(header):
    return COMMENT.sub('', (ROOT / 'include' / header).read_text())


def body_of(text, begin):
    """The text between the brace at begin and the one that closes it."""
    depth = 0
    for at in range(begin, len(text)):
        depth += {'{': 1, '}': -1}.get(text[at], 0)
        if depth == 0:
            return text[begin + 1:at]
    raise ValueError('a brace is not closed')


def members_of(body):
    """Names of the members of a struct; what a nested union or struct holds counts as one."""
    while '{' in body:
        body = re.sub(r'\{[^{}]*\}', '', body)
    names = []
    for member in body.split(';'):
        function = re.search(r'\(\*(\w+)\)', member)
        plain = re.search(r'(\w+)\s*(?:\[[^\]]*\]\s*)*$', member.strip())
        if function or plain:
            names.append((function or plain).group(1))
    return names


def structs():
    """Name -> members of every struct that the headers define."""
    found = {}
    for header in headers():
        text = text_of(header)
        for match in STRUCT.finditer(text):
            found[match.group(1)] = members_of(body_of(text, match.end() - 1))
    return found


def options():
    """Struct names with both an _INIT macro and an _init function in `header`."""
    found = []
    for header in headers():
        text = text_of(header)
        for name in re.findall(r'\bvoid (cotel_\w+)_init\(', text):
            if f'#define {name.upper()}_INIT' in text:
                found.append((header, name))
    return found


def init_macros():
    return sorted({m.lower() for h in headers()
                   for m in re.findall(r'#define (COTEL_\w+)_INIT\b', text_of(h))})


def run_c(lines, compiler, link=()):
    """Compiles a C program of these lines and gives what it prints; fails on any diagnostic."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / 'program.c', Path(folder) / 'program'
        source.write_text('\n'.join(lines) + '\n')
        subprocess.run([*shlex.split(compiler), '-std=c11', '-Wall', '-Wextra', '-Werror',
                        f'-I{ROOT}/include', str(source), '-o', str(program), *link], check=True)
        return subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
