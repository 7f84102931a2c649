"""Every limit has its verdict and its reason, in every tier, and costs no other case its run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult, Sandbox, SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.process import ChildProcess
from tests.build import call_of
from tests.sandbox.processes import below, until, with_umask

Run = Callable[..., JobResult]
Ask = Callable[..., Response]
MARK = 0o123

#: What a case does, and what comes of it.
REACHED: Mapping[str, tuple[str, Verdict, Reason]] = {
    "memory in one piece": (
        "return len(bytearray(1 << 30))", Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT,
    ),
    "memory bit by bit": (
        "kept = []\n    while True: kept.append(bytearray(1 << 20))",
        Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT,
    ),
    "memory of arrays": (
        "import numpy\n    return float(numpy.ones((20000, 20000)).sum())",
        Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT,
    ),
    "a file": (
        "open('big', 'wb').write(bytes(2 << 20))", Verdict.OUTPUT_EXCEEDED, Reason.FILE_LIMIT,
    ),
    "output": (
        "while True: print('x' * 999)", Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT,
    ),
    "output past Python": (
        "import os\n    while True: os.write(2, b'x' * 999)",
        Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT,
    ),
    "a large result": (
        "return 'x' * (1 << 22)", Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT,
    ),
}  # fmt: skip


def _between(cases: Mapping[str, str]) -> tuple[str, list[Call]]:
    """A module in which each case is followed by one that answers, and the calls of them."""
    source, calls = ["def good(x):\n    return x + 1\n"], []
    for number, (name, body) in enumerate(cases.items()):
        source.append(f"def f{number}():\n    {body}\n")
        calls.append(Call(id=name, group=name, entry=f"f{number}"))
        after = f"after {name}"
        calls.append(Call(id=after, group=after, entry="good", arguments=(number,)))
    return "".join(source), calls


def _ended(response: Response) -> Any:
    failure = response.failure
    return response.value if failure is None else (failure.verdict, failure.reason)


def test_a_case_that_reaches_a_limit_says_which_and_the_next_one_runs(
    sandbox: Sandbox, run: Run
) -> None:
    source, calls = _between({name: body for name, (body, _, _) in REACHED.items()})
    # Enough processor time for each: to touch 512 MiB takes a busy machine more than a second.
    responses = run(
        source, *calls, wall_seconds=20, submission_seconds=120, cpu_seconds=10
    ).responses
    wanted: dict[str, Any] = {}
    for number, (name, (_, verdict, reason)) in enumerate(REACHED.items()):
        wanted |= {name: (verdict, reason), f"after {name}": number + 1}
    if sandbox.tier == "container":  # no file can be written at all
        wanted["a file"] = (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
    assert {name: _ended(response) for name, response in responses.items()} == wanted


@pytest.mark.slow
@pytest.mark.parametrize("first", ["pass", "signal.signal(signal.SIGXCPU, signal.SIG_IGN)"])
def test_a_case_that_uses_up_its_processor_time_is_timed_out_and_the_next_one_runs(
    run: Run, first: str
) -> None:
    source, calls = _between({"loops": f"{first}\n    while True: pass"})
    responses = run(f"import signal\n{source}", *calls, wall_seconds=20, cpu_seconds=1).responses
    assert _ended(responses["loops"]) == (Verdict.TIMED_OUT, Reason.CPU_LIMIT)
    assert _ended(responses["after loops"]) == 1


ENDS_ITSELF = {
    "after much work": "end = time.process_time() + 0.3\n"
    "    while time.process_time() < end: pass\n    os._exit(0)",
    "by the signal of the limit": "os.kill(os.getpid(), signal.SIGXCPU); os._exit(0)",
}


def test_a_case_that_ends_itself_has_reached_no_limit(run: Run) -> None:
    source, calls = _between(ENDS_ITSELF)
    source = f"import os, signal, time\n{source}"
    responses = run(source, *calls, wall_seconds=20, cpu_seconds=1).responses
    for number, name in enumerate(ENDS_ITSELF):
        assert _ended(responses[name]) == (Verdict.CRASHED, Reason.NO_ANSWER)
        assert _ended(responses[f"after {name}"]) == number + 1


def test_a_case_cannot_end_itself_as_if_from_outside(sandbox: Sandbox, run: Run) -> None:
    """Without walls it can, and nobody can tell who did: then it is held."""
    source, calls = _between({"kills": "os.kill(os.getpid(), signal.SIGKILL)"})
    source = f"import os, signal\n{source}"
    if sandbox.tier == "basic":
        with pytest.raises(SandboxFault, match="may have done it itself") as held:
            run(source, *calls)
        assert held.value.reason is Reason.MACHINE_MEMORY
        return
    responses = run(source, *calls).responses
    assert _ended(responses["kills"]) == (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS)
    assert _ended(responses["after kills"]) == 1


def test_a_case_that_hides_its_end_has_ended_itself(run: Run) -> None:
    """It closes what it answers on and goes on: we end it, and by the same signal."""
    body = "[os.close(n) for n in range(1, 20) if n in (3, 4)]\n    while True: time.sleep(1)"
    source, calls = _between({"hides": body})
    responses = run(f"import os, time\n{source}", *calls, wall_seconds=20).responses
    assert _ended(responses["hides"]) == (Verdict.CRASHED, Reason.NO_ANSWER)
    assert _ended(responses["after hides"]) == 1


def test_a_case_that_sleeps_is_timed_out_and_the_next_one_runs(run: Run) -> None:
    source, calls = _between({"sleeps": "import time; time.sleep(30)"})
    responses = run(source, *calls, wall_seconds=0.7).responses
    assert _ended(responses["sleeps"]) == (Verdict.TIMED_OUT, Reason.TIME_LIMIT)
    assert _ended(responses["after sleeps"]) == 1


LOOPS = """
def slow(n):
    for start in range(3):
        while True:
            n += start
            n -= start

def late(n):
    while n < 2:
        pass
    return n
"""


def test_after_two_calls_that_take_too_long_the_others_of_a_function_share_one_limit(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: Counter[bool] = Counter()
    start = ChildProcess.start

    def counted(self: ChildProcess) -> None:
        started[self._alone] += 1  # a busy machine has all of it run again
        start(self)

    monkeypatch.setattr(ChildProcess, "start", counted)
    calls = [call_of(name, n, name=f"{name} {n}") for name in ("slow", "late") for n in range(12)]
    responses = run(LOOPS, *calls, wall_seconds=0.5, submission_seconds=60).responses
    of = {name: _ended(response) for name, response in responses.items()}
    late, shared = (
        (Verdict.TIMED_OUT, reason) for reason in (Reason.TIME_LIMIT, Reason.SHARED_TIME)
    )
    assert [of[f"slow {n}"] for n in range(12)] == [late] * 2 + [shared] * 10
    assert [of[f"late {n}"] for n in range(12)] == [late] * 2 + [*range(2, 12)]
    assert max(started.values()) <= 6  # one a call that took too long, and one for the rest


def test_where_the_code_was_when_its_time_was_over(run: Run) -> None:
    files = {"lösung.py": LOOPS, "at_start.py": "x = 1\nwhile True:\n    x += 1\n"}
    files["at_start.py"] += "if x:\n    def never(): pass\n"
    call = call_of("slow", 1, name="slow")
    only = {name: files[name] for name in ("lösung.py",)}
    failure = run(only, call, wall_seconds=1).responses["slow"].failure
    assert failure is not None
    assert (failure.file, failure.line, failure.loading) == ("lösung.py", 4, False)
    never = call_of("never", name="never")
    failure = run(files, never, wall_seconds=1).responses["never"].failure
    assert failure is not None
    place = (failure.file, failure.line, failure.loading)
    assert (*place, failure.reason) == ("at_start.py", 2, True, Reason.TIME_LIMIT)


@pytest.mark.parametrize(
    "last",
    [
        "while True:\n    x = 1\n    y = 2",
        "for x in iter(int, 1):\n    y = 1\n    while y < 9: y += 1\n",
        "import time; time.sleep(99)",
    ],
)
def test_a_script_that_goes_on_below_its_functions_costs_none_of_them(run: Run, last: str) -> None:
    """Told is the line that begins the loop: which one of it was run is different each time."""
    files = {"hw.py": f"def f(): return 7\n{last}\n", "more.py": "def g(): return 8\n"}
    result = run(files, call_of("f", name="f"), call_of("g", name="g"), wall_seconds=1)
    assert [_ended(result.responses[name]) for name in "fg"] == [7, 8]
    (late,) = result.not_loaded
    assert (late.file, late.failure.line) == ("hw.py", 4 if "while y" in last else 2)
    assert late.failure.reason is Reason.TIME_LIMIT


def test_a_submission_whose_time_is_over_is_timed_out_as_a_whole(run: Run) -> None:
    source, calls = _between({"sleeps": "import time; time.sleep(30)"})
    first = call_of("good", 6, name="first")
    responses = run(source, first, *calls, wall_seconds=20, submission_seconds=0.8).responses
    assert _ended(responses["first"]) == 7
    assert _ended(responses["sleeps"]) == (Verdict.TIMED_OUT, Reason.TIME_LIMIT)
    assert _ended(responses["after sleeps"]) == (Verdict.TIMED_OUT, Reason.TIME_LIMIT)


@pytest.mark.parametrize("sandbox", ["full", "container"], indirect=True)
def test_many_files_fill_nothing_but_what_is_there_for_them(sandbox: Sandbox, run: Run) -> None:
    source, calls = _between(
        {
            "many": "[open(str(n), 'w').close() for n in range(2100)]",
            "large": "[open(f'l{n}', 'wb').write(bytes(1 << 20)) for n in range(20)]; return 1",
        }
    )
    responses = run(source, *calls).responses
    if sandbox.tier == "full":
        failures = [responses[name].failure for name in ("many", "large")]
        for failure in failures:
            assert failure is not None
            assert failure.exception == "OSError" or failure.reason is Reason.FILE_LIMIT
    else:
        assert _ended(responses["many"]) == (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
        assert _ended(responses["large"]) == (Verdict.BLOCKED, Reason.FORBIDDEN_FILE)
    assert _ended(responses["after large"]) == 2


THREADS = """
import threading

def f(n):
    done, started = threading.Event(), []
    try:
        for _ in range(n - 1):
            thread = threading.Thread(target=done.wait, args=(20,))
            thread.start()
            started.append(thread)
    finally:
        done.set()
        for thread in started:
            thread.join()
    return n
"""


def test_threads_up_to_their_number(sandbox: Sandbox, run: Run) -> None:
    calls = [call_of("f", n, name=name) for name, n in (("4", 4), ("5", 5), ("again", 4))]
    responses = run(THREADS, *calls, threads=4).responses
    assert _ended(responses["4"]) == 4
    assert _ended(responses["again"]) == 4
    assert isinstance(sandbox, ForkSandbox)
    if sandbox.tier == "basic" or not (sandbox._walls.other_identity or sandbox._walls.own_user):
        assert _ended(responses["5"]) == 5  # the user's other tasks count too, and root's do not
    else:
        assert _ended(responses["5"]) == (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS)


GONE = 20  # seconds: else they would go on for 40
PROCESSES = f"""
import os, time

def f(n):
    os.umask({MARK})
    for _ in range(n - 1):
        if os.fork() == 0:
            time.sleep(40)
            os._exit(0)
    return n
"""
MULTIPROCESSING = """
import multiprocessing

def square(queue, n):
    queue.put(n * n)

def f(n):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    workers = [context.Process(target=square, args=(queue, k)) for k in range(n - 1)]
    for worker in workers:
        worker.start()
    found = sorted(queue.get(timeout=10) for _ in workers)
    for worker in workers:
        worker.join()
    return found + [worker.exitcode for worker in workers]
"""


IN_FULL = pytest.mark.parametrize("sandbox", ["full"], indirect=True)


@IN_FULL
def test_processes_up_to_their_number_where_they_are_allowed(sandbox: Sandbox, run: Run) -> None:
    calls = [call_of("f", n, name=name) for name, n in (("three", 3), ("again", 3), ("four", 4))]
    # Each call meets the processes that those before it left running.
    for call, expected in zip(
        calls, (3, 3, (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS)), strict=True
    ):
        responses = run(PROCESSES, call, processes=3, threads=1).responses
        assert _ended(responses[call.id]) == expected
        assert until(lambda: not with_umask(below(os.getpid()), MARK), GONE)


@IN_FULL
def test_processes_are_counted_apart_from_threads(sandbox: Sandbox, run: Run) -> None:
    calls = [call_of("f", n, name=str(n)) for n in (4, 5, 12)]
    for call in calls:
        response = run(PROCESSES, call, processes=4).responses[call.id]
        expected = 4 if call.id == "4" else (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS)
        assert _ended(response) == expected
        assert until(lambda: not with_umask(below(os.getpid()), MARK), GONE)


HOLDS = """
import os, time

def f(mib, shared):
    held = b"x" * (150 << 20) if shared else b""
    told, telling = os.pipe()
    for _ in range(3):
        if os.fork() == 0:
            own = b"x" * (mib << 20)
            os.write(telling, b"!")
            time.sleep(20)
            os._exit(len(own) + len(held))
    for _ in range(3):
        os.read(told, 1)
    return mib
"""


@IN_FULL
@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees what memory is shared")
def test_memory_is_bounded_for_all_processes_together(sandbox: Sandbox, run: Run) -> None:
    for mib, shared, fits in ((20, False, True), (150, False, False), (5, True, True)):
        call = call_of("f", mib, shared, name="f")
        response = run(HOLDS, call, processes=4, memory_mib=256).responses["f"]
        expected = mib if fits else (Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT)
        assert _ended(response) == expected


@IN_FULL
def test_multiprocessing_works_where_processes_are_allowed(sandbox: Sandbox, ask: Ask) -> None:
    assert _ended(ask(MULTIPROCESSING, 3, processes=3)) == [0, 1, 0, 0]


def test_no_process_is_started_where_one_is_allowed(sandbox: Sandbox, ask: Ask) -> None:
    response = ask(PROCESSES, 2)
    if sandbox.tier == "basic":
        assert _ended(response) == 2
    else:
        assert _ended(response) == (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS)
    assert until(lambda: not with_umask(below(os.getpid()), MARK), GONE)


@pytest.mark.parametrize("sandbox", ["container"], indirect=True)
def test_the_container_refuses_an_assignment_that_allows_processes(
    sandbox: Sandbox, ask: Ask
) -> None:
    with pytest.raises(SandboxFault, match="allows 3 processes"):
        ask(PROCESSES, 1, processes=3)


STORM = f"""
import os, time

def f():
    os.umask({MARK})
    end, started = time.time() + 1, 0
    while time.time() < end:
        try:
            pid = os.fork()
        except OSError:
            time.sleep(0.01)
            continue
        started += 1
        if pid == 0 and started > 6:
            time.sleep(40)
            os._exit(0)
    return 1
"""


@IN_FULL
def test_a_storm_of_processes_is_bounded_and_is_gone_afterwards(sandbox: Sandbox, ask: Ask) -> None:
    ask(STORM, processes=12, threads=1)
    assert until(lambda: not with_umask(below(os.getpid()), MARK), GONE)
    assert _ended(ask("def f(): return 1\n")) == 1
