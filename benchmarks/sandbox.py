"""What walls cost: a submission behind each tier, beside a bare fork and a plain subprocess.

One submission is a module that imports numpy and one call of it, whose result is read back; its
process is ended and collected before the next begins. All rows are measured in turns, so that what
else the machine does falls on all of them alike; each figure is the median of its turns.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import grader.sandbox.zygote as template
from grader.model.assignment import Limits
from grader.model.call import Call
from grader.sandbox.choose import WallsMissing, choose
from grader.sandbox.contract import Job, Sandbox
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import BASIC, TIERS

SOURCE = b"import numpy as np\n\ndef f(x):\n    return np.linalg.svd(x * np.eye(8))[1]\n"
JOB = Job(
    files={"answers.py": SOURCE},
    provided="",
    calls=(Call(id="f", group="f", entry="f", arguments=(2.0,)),),
    limits=Limits(),
)
TURNS = 150
SELDOM = 8  # turns for one of the subprocess
_SUBPROCESS = "subprocess with numpy"
#: What a machine can do twice at a time bounds what two workers can.
_COUNT = """
import os, time, numpy
def count(action, seconds=2):
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        action()
        done += 1
    print(done / seconds)
"""
_SUMS = "count(lambda: sum(range(20000)))"
_FORKS = "count(lambda: os.waitpid(os.fork() or os._exit(0), 0))"
CLASS = 300  # submissions, for the throughput


def bare() -> Sandbox:
    """The same template process and child, without walls and limits."""
    program, template._PROGRAM = template._PROGRAM, Path(__file__).with_name("bare_zygote.py")
    try:
        sandbox = ForkSandbox(BASIC)
        sandbox.warm_up()
    finally:
        template._PROGRAM = program
    return sandbox


def sandboxes() -> Mapping[str, Sandbox]:
    found = {"bare fork": bare()}
    for tier in reversed(TIERS):
        try:
            found[tier] = choose(tier)
        except WallsMissing as missing:
            print(f"not measured: {missing}")
    return found


def once(sandbox: Sandbox) -> Callable[[], None]:
    def one() -> None:
        assert sandbox.run(JOB).responses["f"].value[0] == 2.0

    return one


def plain_subprocess(folder: Path) -> Callable[[], None]:
    (folder / "answers.py").write_bytes(SOURCE)
    command = [sys.executable, "-c", "import answers; print(answers.f(2.0)[0])"]

    def one() -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    return one


def timed(action: Callable[[], None]) -> float:
    began = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - began)


def throughput(sandbox: Sandbox, workers: int) -> float:
    """Submissions a second."""
    one = once(sandbox)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda _: one(), range(2 * workers)))
        began = time.perf_counter()
        list(pool.map(lambda _: one(), range(CLASS)))
        return CLASS / (time.perf_counter() - began)


def alone(code: str, workers: int) -> float:
    """How often a second so many processes do it that share nothing: what a machine allows."""
    command = [sys.executable, "-c", f"{_COUNT}\n{code}"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(workers)]
    return sum(float(process.communicate()[0]) for process in running)


def main() -> None:
    found = sandboxes()
    actions = {name: once(sandbox) for name, sandbox in found.items()}
    times: dict[str, list[float]] = {name: [] for name in (_SUBPROCESS, *actions)}
    with tempfile.TemporaryDirectory() as folder:
        slow = plain_subprocess(Path(folder))
        for turn in range(TURNS):
            for name, action in actions.items():
                times[name].append(timed(action))
            if turn % SELDOM == 0:
                times[_SUBPROCESS].append(timed(slow))
    medians = {name: statistics.median(values) for name, values in times.items()}
    fork, floor = medians["bare fork"], medians[_SUBPROCESS]
    print("one submission, one call          ms   of a bare fork   quicker than a subprocess")
    for name, median in medians.items():
        print(f"  {name:<26}{median:8.2f}{median / fork:17.2f}{floor / median:20.1f} ×")
    print("a second                    1 worker   2 workers   ratio")
    rates: dict[str, Callable[[int], float]] = {
        "sums (this machine)": lambda workers: alone(_SUMS, workers),
        "forks (this machine)": lambda workers: alone(_FORKS, workers),
    }
    rates |= {name: partial(throughput, sandbox) for name, sandbox in found.items()}
    for name, rate in rates.items():
        one, two = rate(1), rate(2)
        print(f"  {name:<26}{one:8.0f}{two:12.0f}{two / one:11.2f}")
    for sandbox in found.values():
        sandbox.close()


if __name__ == "__main__":
    main()
