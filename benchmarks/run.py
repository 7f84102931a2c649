"""What marking costs, as ratios within one run on one machine. `make bench` prints the table.

The ratios are compared with those in `baseline.json`, which `python -m benchmarks.run --store`
writes anew: only ratios carry over from one machine to another, and these only roughly.

Each figure is the median of its repetitions, after one that is not counted.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader.checks.prepare import prepare
from grader.collect.collect import collect
from grader.collect.encoded import decode, encode
from grader.judge.submission import judge
from grader.plan import make_plan
from grader.sandbox.choose import choose
from grader.submissions.find import open_submission

ROOT = Path(__file__).resolve().parents[1]
SLUG = "ecs289-homework"
CLASS = 100  # submissions, for the throughput
FLOOR = "a subprocess that imports numpy and the module"
BASELINE = Path(__file__).with_name("baseline.json")


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


def measured() -> dict[str, float]:
    """Milliseconds of each thing that is measured, the floor first."""
    prepared = prepare(ROOT / "assignments" / SLUG)
    folder = ROOT / "examples" / "submissions" / SLUG / "all-correct"
    submission = open_submission(folder, prepared.assignment.files)
    sandbox = choose("auto")
    plan = make_plan(prepared.assignment)
    data = prepared.assignment.data

    def collected() -> object:
        return collect(plan, submission, sandbox, data)

    responses = collect(plan, submission, sandbox, data).responses

    encoded = encode(responses)

    def judged() -> object:
        return judge(prepared.assignment, prepared.key, responses)

    def of_a_class() -> object:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda _: collected(), range(CLASS)))

    return {
        FLOOR: median_ms(plain_subprocess(folder / "optimizers.py"), 20),
        "preparing the assignment (once a class)": median_ms(
            lambda: prepare(ROOT / "assignments" / SLUG), 5
        ),
        "making the plan (once a class)": median_ms(lambda: make_plan(prepared.assignment), 20),
        "collecting one submission": median_ms(collected, 20),
        "encoding the responses of one submission": median_ms(lambda: encode(responses), 20),
        "decoding them": median_ms(lambda: decode(encoded), 20),
        "judging one submission": median_ms(judged, 20),
        "collecting with two workers, a submission": median_ms(of_a_class, 2) / CLASS,
    }


def main() -> None:
    rows = measured()
    ratios = {name: time / rows[FLOOR] for name, time in rows.items()}
    if "--store" in sys.argv:
        BASELINE.write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))
    print(f"{SLUG}, medians; × of the first line, and how that is to the stored baseline")
    for name, ratio in ratios.items():
        before = f"{ratio / stored[name]:6.2f}" if name in stored else "   new"
        print(f"  {name:<50} {rows[name]:8.2f} ms   {ratio:6.3f} ×   {before}")


if __name__ == "__main__":
    main()
