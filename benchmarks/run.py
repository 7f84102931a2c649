"""What marking costs, as ratios within one run on one machine. `make bench` prints the table.

Each figure is the median of its repetitions, after one that is not counted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader.checks.prepare import prepare
from grader.collect.collect import collect
from grader.judge.submission import judge
from grader.plan import make_plan
from grader.sandbox.choose import choose
from grader.submissions.find import open_submission

ROOT = Path(__file__).resolve().parents[1]
SLUG = "ecs289-homework"
CLASS = 100  # submissions, for the throughput


def median_ms(action: Callable[[], object], repetitions: int) -> float:
    action()
    times = []
    for _ in range(repetitions):
        began = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def plain_subprocess(module: Path) -> Callable[[], object]:
    """The floor that other graders start from: an interpreter, numpy, the student's file."""
    code = f"import numpy as np, runpy; runpy.run_path({str(module)!r}, init_globals={{'np': np}})"
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def main() -> None:
    prepared = prepare(ROOT / "assignments" / SLUG)
    folder = ROOT / "examples" / "submissions" / SLUG / "all-correct"
    submission = open_submission(folder, prepared.assignment.files)
    sandbox = choose("auto")
    plan = make_plan(prepared.assignment)
    data = prepared.assignment.data

    def collected() -> object:
        return collect(plan, submission, sandbox, data)

    responses = collect(plan, submission, sandbox, data).responses

    def judged() -> object:
        return judge(prepared.assignment, prepared.key, responses)

    floor = median_ms(plain_subprocess(folder / "optimizers.py"), 20)
    rows = {
        "a subprocess that imports numpy and the module": floor,
        "preparing the assignment (once a class)": median_ms(
            lambda: prepare(ROOT / "assignments" / SLUG), 5
        ),
        "collecting one submission": median_ms(collected, 20),
        "judging one submission": median_ms(judged, 20),
    }
    with ThreadPoolExecutor(2) as pool:
        began = time.perf_counter()
        list(pool.map(lambda _: collected(), range(CLASS)))
        rate = CLASS / (time.perf_counter() - began)
    questions = len(prepared.assignment.questions)
    print(f"{SLUG}: {questions} questions, {len(plan.calls)} calls a submission")
    for name, milliseconds in rows.items():
        print(f"  {name:<50} {milliseconds:8.2f} ms   {milliseconds / floor:6.2f} ×")
    print(f"  {'collecting with two workers':<50} {rate:8.0f} submissions a second")


if __name__ == "__main__":
    main()
