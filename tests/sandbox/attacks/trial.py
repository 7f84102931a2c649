"""An attack is tried, without walls or in a tier, and what came of it is written down alike."""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader import Tolerance, compare
from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Response
from grader.sandbox.contract import Job, JobResult, Sandbox, SandboxFault
from tests.sandbox.attacks.decoys import DATA, SECRET, Scene, data_file
from tests.sandbox.processes import below, until, with_umask

__all__ = [
    "EARLIER",
    "Outcome",
    "another_student",
    "honest",
    "in_tier",
    "source_of",
    "without_walls",
]

_HANDED_IN = Path(__file__).parent / "handed_in"
_NAIVE = Path(__file__).parent / "naive.py"
#: The key of the only question. It never goes near a sandbox.
_EXPECTED = 6.02214076e23
_LATE_SECONDS = 30.0  # for three runs: a busy machine gives each of them more than its limit
_LIMITS = Limits(
    wall_seconds=5,
    submission_seconds=12,
    cpu_seconds=10,
    memory_mib=256,
    output_kib=64,
    file_mib=1,
)
#: Work of students who attack nobody.
EARLIER = f"note = '{SECRET}'\ndef good():\n    return note[:5]\n"
_FOLLOWING = """
import os, random
try:
    import left_behind
except ImportError:
    left_behind = None
def good():
    if os.path.exists("train.csv"):
        with open("train.csv") as stream:
            data = stream.read()
    else:
        data = ""
    random.seed(1)
    def deeper(n):
        return n and 1 + deeper(n - 1)
    here = left_behind is None and not os.path.exists("left_behind.py")
    return [sum([1, 2, 3]), sorted([2, 1]), random.random() < 1, deeper(100), here,
            "LEFT" in os.environ, data]
"""
_RIGHT = [6, [1, 2], True, 100, True, False]  #: and then the data
_ASLEEP = 0o137  # its umask: so it is seen that it is in its call
_SLEEPER = (
    "import os, time\ndef good():\n"
    f"    os.umask({_ASLEEP})\n    time.sleep({{}})\n    return 'awake'\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an attack, whatever it was tried against."""

    text: str  #: everything that came back: the value, the failure, what was printed
    data_changed: bool = False  #: whether the next student finds the course's data otherwise
    printed: int = 0  #: how much of what it printed was kept, in characters
    accepted: bool = False  #: whether it got the mark for the right answer
    harmed: bool = False  #: whether the next student did not get theirs, in time
    answered: bool = True  #: whether the call gave a value
    exception: str = ""  #: the class of the exception that ended it


def source_of(file: str) -> dict[str, str]:
    """The files that a student with this attack hands in, the answers last."""
    return {
        "rawcall": (_HANDED_IN / "rawcall.py").read_text(encoding="utf-8"),
        "answers": (_HANDED_IN / f"{file}.py").read_text(encoding="utf-8"),
    }


def without_walls(file: str, entry: str, scene: Scene, seconds: float) -> Outcome:
    """The attack against a grader that trusts everybody, within bounds that keep us safe."""
    work = {
        "files": source_of(file),
        "entry": entry,
        "told": scene.told,
        "earlier": EARLIER,
        "following": _FOLLOWING,
        "right": _RIGHT,
        "expected": _EXPECTED,
        "path": [str(Path(np.__file__).parents[1])],
        "limits": {"memory_mib": 2048},
    }
    with tempfile.TemporaryDirectory(prefix="naive-") as folder, tempfile.TemporaryFile() as kept:
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        process = subprocess.Popen(
            [sys.executable, "-s", "-S", "-B", str(_NAIVE), str(writing), SECRET],
            stdin=subprocess.PIPE,
            stdout=kept,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "HOME": folder, "OPENBLAS_NUM_THREADS": "1"},
            close_fds=False,
            start_new_session=True,
        )
        os.close(writing)
        try:
            with process.stdin:  # type: ignore[union-attr]  # it is a pipe
                process.stdin.write(json.dumps(work).encode())  # type: ignore[union-attr]  # it is a pipe
            report = _trusting(reading, time.monotonic() + seconds)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0 if report is None else 1)
        finally:
            process.kill()
            process.wait()
            os.close(reading)
        kept.seek(0)
        said = kept.read().decode("latin-1")
    if report is None:
        # As graders do that look at the exit status alone.
        return Outcome(
            text=said,
            printed=len(said),
            accepted=process.returncode == 0,
            harmed=True,
            answered=False,
        )
    return Outcome(
        text=f"{report['value']} {said}",
        printed=len(said),
        accepted=bool(report["accepted"]),
        harmed=not report["next"],
    )


def _trusting(reading: int, deadline: float) -> Any:
    """A report as a reader takes it that believes what it is sent; None if it comes to nothing."""
    data = b""
    while len(data) < 4 or len(data) < 4 + struct.unpack(">I", data[:4])[0]:
        ready, _, _ = select.select([reading], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(reading, 1 << 16) if ready else b""
        if not chunk:
            return None
        data += chunk
    try:
        report = json.loads(data[4 : 4 + struct.unpack(">I", data[:4])[0]])
    except (ValueError, RecursionError):
        return None
    believed = math.prod(report.get("shape", [1]))
    return None if believed > 10**9 else report  # it would have made room for all of it


def in_tier(sandbox: Sandbox, file: str, entry: str, scene: Scene, **limits: Any) -> Outcome:
    """The attack by the contract, before and after students who attack nobody."""
    answers = {f"{name}.py": text.encode() for name, text in source_of(file).items()}
    call = Call(id="attack", group="attack", entry=entry, arguments=(scene.told,))
    job = Job(
        files=answers,
        provided="",
        calls=(call,),
        limits=replace(_LIMITS, **limits),
        data={"train.csv": data_file()},
    )
    began = time.monotonic()
    try:
        if "earlier" in scene.told:
            honest(sandbox, EARLIER)
        result = sandbox.run(job)
        following = honest(sandbox, _FOLLOWING)
    except SandboxFault as fault:
        return Outcome(text=f"fault of ours: {fault}", harmed=True, answered=False)
    late = time.monotonic() - began > _LATE_SECONDS
    right = isinstance(following.value, list) and following.value[:-1] == _RIGHT
    return _written_down(
        result,
        harmed=late or not right,
        data_changed=right and following.value[-1] != DATA,
    )


def honest(sandbox: Sandbox, source: str, *, more_seconds: float = 0) -> Response:
    call = Call(id="good", group="good", entry="good")
    job = Job(
        files={"answers.py": source.encode()},
        provided="",
        calls=(call,),
        limits=replace(
            _LIMITS,
            wall_seconds=_LIMITS.wall_seconds + more_seconds,
            submission_seconds=_LIMITS.submission_seconds + more_seconds,
        ),
        data={"train.csv": data_file()},
    )
    return sandbox.run(job).responses["good"]


def _written_down(result: JobResult, *, harmed: bool, data_changed: bool) -> Outcome:
    response = result.responses["attack"]
    marked = compare(
        actual=response.value, expected=_EXPECTED, tolerance=Tolerance.from_spec({"rtol": 1e-6})
    )
    printed = result.printed + response.printed
    return Outcome(
        text=f"{response.value!r} {response.failure} {printed}",
        printed=len(printed),
        accepted=response.failure is None and marked.accepted,
        harmed=harmed,
        data_changed=data_changed,
        answered=response.failure is None,
        exception="" if response.failure is None else response.failure.exception,
    )


@contextlib.contextmanager
def another_student(sandbox: Sandbox, scene: Scene, *, seconds: float = 1.2) -> Iterator[None]:
    """Somebody's code, asleep in its call while the attack runs; the attack is told its process."""
    answers: list[Any] = []

    def run() -> None:
        with contextlib.suppress(SandboxFault):
            source = _SLEEPER.format(seconds)
            answers.append(honest(sandbox, source, more_seconds=seconds).value)

    thread = threading.Thread(target=run)
    thread.start()
    assert until(lambda: with_umask(below(os.getpid()), _ASLEEP), 60)
    scene.told["sibling"] = max(pid for pid, _ in with_umask(below(os.getpid()), _ASLEEP))

    def harmed() -> bool:
        thread.join()
        return answers != ["awake"]

    scene.sibling_harmed = harmed
    try:
        yield
    finally:
        thread.join()
