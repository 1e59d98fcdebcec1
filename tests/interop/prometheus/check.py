# SPDX-License-Identifier: Apache-2.0
"""Has expositions judged by Prometheus' own tools: check.py [--through COTEL] TEST...

Each TEST is a unit test that writes its expositions into the folder COTEL_EXPOSITIONS. Those in the
text format go to `promtool check metrics`, which must have nothing to say; of those whose names are
odd on purpose it must find that they are well-formed. Those in the format of OpenMetrics go to the
strict parser of the official Python client. With --through, what is judged is what `cotel metrics
export` makes of each of them in both formats.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
ONLY_TASTE = 3  # promtool's status when it can read everything, and dislikes something


def skip(reason):
    print('skipped:', reason)
    sys.exit(SKIPPED)


try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
except ImportError:
    skip('the Python package prometheus_client is missing')

if not shutil.which('promtool'):
    skip('promtool is missing: apt install prometheus')


def complaint_of_promtool(path):
    done = subprocess.run(['promtool', 'check', 'metrics'], input=path.read_bytes(),
                          capture_output=True)
    is_odd = '.odd' in path.name
    if done.returncode == 0 and not done.stderr or is_odd and done.returncode == ONLY_TASTE:
        return None
    return f'promtool ({done.returncode}): {done.stderr.decode()}'


def complaint_of_parser(path):
    try:
        list(text_string_to_metric_families(path.read_text()))
    except ValueError as error:
        return f'prometheus_client: {error}'
    return None


def put_through(cotel, folder):
    """Each exposition in both formats, in place of what it was."""
    for path in list(folder.iterdir()):
        for form, suffix in ('text', '.prom'), ('openmetrics', '.om'):
            odd = '.odd' if '.odd' in path.name else ''
            if form == 'text' and 'TYPE "' in path.read_text():
                continue  # promtool reads no names in quotes yet
            target = folder / f'{path.stem}-of-{path.suffix[1:]}{odd}{suffix}'
            subprocess.run([cotel, 'metrics', 'export', '--from', path, '--format', form,
                            '--output', target], check=True)
        path.unlink()


def main():
    complaints = counted = 0
    tests = sys.argv[1:]
    cotel = tests[1] if tests[0] == '--through' else None
    with tempfile.TemporaryDirectory() as folder:
        for test in tests[2:] if cotel else tests:
            subprocess.run([test], env={**os.environ, 'COTEL_EXPOSITIONS': folder}, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if cotel:
            put_through(cotel, Path(folder))
        for path in sorted(Path(folder).iterdir()):
            judge = complaint_of_parser if path.suffix == '.om' else complaint_of_promtool
            complaint = judge(path)
            counted += 1
            if complaint:
                complaints += 1
                print(complaint, path.read_text(), sep='\n')
    print(f'{counted} expositions, {complaints} complaints')
    sys.exit(1 if complaints or counted == 0 else 0)


main()
