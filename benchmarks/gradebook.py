"""What a class costs with a gradebook: from cold to results, again, and marked again.

`python -m benchmarks.gradebook 100 1000` (the default) or with any other sizes. The submissions are
generated: right ones, each mistake of the assignment, code that raises, ends or never ends; first
a class that hands in one module each, then one with sheets and four times as many calls (see
`generated`). Beside them stands the rate at which this machine forks at all, since that bounds
whatever is marked so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.generated import generate
from grader.checks.prepare import prepare
from grader.gradebook.book import open_gradebook
from grader.gradebook.edition import kept_edition
from grader.gradebook.jobs import kept_job, opened_responses
from grader.gradebook.keeping import now
from grader.gradebook.runs import begin_run, drop_run, judged_to_keep, keep_marked, outcome_of

ROOT = Path(__file__).resolve().parents[1]
SIZES = (100, 1000)
_FORKS = 300
_SAMPLE = 300
Made = TypeVar("Made")


def forks_a_second() -> float:
    """Of a process with numpy in it, which do nothing and are waited for, two at a time."""
    began = time.perf_counter()
    waiting: list[int] = []
    for _ in range(_FORKS):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        waiting.append(pid)
        if len(waiting) == 2:
            os.waitpid(waiting.pop(0), 0)
    for pid in waiting:
        os.waitpid(pid, 0)
    return _FORKS / (time.perf_counter() - began)


def commanded(root: Path, *arguments: str) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory that one of its processes had, in MiB."""
    code = (
        f"import resource, runpy, sys; sys.argv[1:] = {[*arguments]!r}\n"
        "try: runpy.run_module('grader', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        encoding="utf-8",
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stderr)
    return seconds, int(done.stderr.splitlines()[-1]) / 1024


def of_size(count: int, *, sheets: bool) -> dict[str, float]:
    """The figures of one class."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, count, sheets=sheets)
        grade = ("grade", "generated", "class", "--results", "r.json")
        cold, memory = commanded(root, *grade)
        again, _ = commanded(root, *grade)
        regrade, memory_again = commanded(root, "regrade", "generated", "--results", "r.json")
        size = (root / "r.db").stat().st_size
        return {
            "cold_per_second": count / cold,
            "second_run_per_second": count / again,
            "regrade_per_second": count / regrade,
            "memory_mib": memory,
            "regrade_memory_mib": memory_again,
            "kib_a_submission_after_3_runs": size / count / 1024,
            **{f"{name}_ms": value for name, value in costs(root).items()},
        }


def costs(root: Path) -> dict[str, float]:
    """Milliseconds a submission: reading what is kept of its responses, opening it, judging, making
    the rows that are kept, writing them, and reading outcomes. What others gave before is only read
    and written."""
    prepared = prepare(root / "assignments" / "generated")
    with open_gradebook(root / "r.db", make=False) as book:
        rows = list(
            book.rows(
                "SELECT run, submission, place, source, job FROM marked WHERE run = 1 LIMIT ?",
                _SAMPLE,
            )
        )
        row = book.row("SELECT edition FROM run WHERE id = 1")
        assert row is not None
        edition = kept_edition(book, row["edition"])
        read, jobs = _timed(lambda: [kept_job(book, one["job"]) for one in rows])
        opening, opened = _timed(lambda: [opened_responses(one.responses) for one in jobs])
        judge, judged = _timed(lambda: [prepared.judge(one) for one in opened])
        made, judgements = _timed(lambda: [judged_to_keep(one) for one in judged])
        outcomes, kept = _timed(
            lambda: [outcome_of(book, 1, one["submission"], "") for one in rows]
        )
        assert [one.outcomes for one in judged] == [one.outcomes for one in kept]
        with book.writing():
            run = begin_run(book, edition, "regrade", {}, now=now())

        def writing() -> None:
            with book.writing():
                for one, job, found in zip(rows, jobs, judgements, strict=True):
                    keep_marked(
                        book,
                        run,
                        one["submission"],
                        found.beside((), job.printed),
                        place=one["place"],
                        source=one["source"],
                        job=one["job"],
                    )

        write, _ = _timed(writing)
        with book.writing():
            drop_run(book, run)
    each = 1000 / len(rows)
    return {
        "read": read * each,
        "open": opening * each,
        "judge": judge * each,
        "make": made * each,
        "write": write * each,
        "outcomes_read": outcomes * each,
    }


def _timed(make: Callable[[], Made]) -> tuple[float, Made]:
    """Of the processor, whoever else uses the machine."""
    began = time.process_time()
    made = make()
    return time.process_time() - began, made


def main(sizes: Sequence[int]) -> None:
    print(f"forks of this machine alone: {forks_a_second():.0f} a second")
    for sheets in (False, True):
        print("\n" + ("a sheet and 23 calls" if sheets else "a module and 6 calls"))
        _table({count: of_size(count, sheets=sheets) for count in sizes})


def _table(found: Mapping[int, Mapping[str, float]]) -> None:
    names = list(next(iter(found.values())))
    print(f"{'submissions':<32}" + "".join(f"{count:>12}" for count in found))
    for name in names:
        print(f"{name:<32}" + "".join(f"{one[name]:>12.2f}" for one in found.values()))
    first, last = (found[count]["memory_mib"] for count in (min(found), max(found)))
    print(f"memory of the largest class in that of the smallest: {last / first:.2f}")
    print(json.dumps({str(count): one for count, one in found.items()}))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or SIZES)
