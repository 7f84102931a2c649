"""What a student waits for: `grader check` of a sheet, beside an interpreter that imports numpy.

Processor time of a whole process and its children, both in one run on one machine, the least of
several starts each: on a busy machine the others are of the neighbours' making. Both are compiled
before, as whatever is installed is. `--list` says where the time of the imports goes, by rooms of
`grader` and by packages.
"""

from __future__ import annotations

import collections
import compileall
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 4.0  #: times a bare start, for an ordinary sheet on an idle machine
STARTS = 10
BARE = ("-c", "import numpy")
SHEETS = ("sigmoid-chain-exercise-3", "ecs289-homework", "dl2022-exercise-3")
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def check_of(slug: str) -> tuple[str, ...]:
    """The arguments of a check of the sheet of a right submission."""
    sheet = ROOT / "examples" / "submissions" / slug / "all-correct" / "answers.yaml"
    return ("-m", "grader", "check", slug, str(sheet))


def started(arguments: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, *arguments],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )


def seconds(arguments: tuple[str, ...]) -> float:
    """Processor time of one start, with what it starts itself."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started(arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    compileall.compile_dir(ROOT / "grader", quiet=1)
    commands = {"numpy": BARE, **{slug: check_of(slug) for slug in SHEETS}}
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(STARTS):
        for name, arguments in commands.items():
            least[name] = min(least[name], seconds(arguments))
    print(f"processor time of a start; × of `import numpy`, which should be at most {MOST:g}")
    for name, time in least.items():
        print(f"  {name:<28} {1000 * time:6.0f} ms   {time / least['numpy']:5.2f} ×")
    if "--list" in sys.argv:
        _list_imports(check_of(SHEETS[0]))


def _list_imports(arguments: tuple[str, ...]) -> None:
    spent: collections.Counter[str] = collections.Counter()
    for line in started(arguments, "-X", "importtime").stderr.splitlines():
        if found := _IMPORT.match(line):
            ours = found[2].startswith("grader")
            spent[".".join(found[2].split(".")[: 2 if ours else 1])] += int(found[1])
    print(f"imports of {arguments[3]}, in ms while they are measured")
    for name, microseconds in spent.most_common(20):
        print(f"  {name:<28} {microseconds / 1000:6.1f}")


if __name__ == "__main__":
    main()
