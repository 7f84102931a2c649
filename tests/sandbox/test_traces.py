"""Nothing goes in but what a call needs, and nothing stays behind."""

from __future__ import annotations

import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import grader.sandbox.child
from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Verdict
from grader.sandbox.contract import JobResult, Sandbox, SandboxFault
from tests.build import call_of

CHILD = Path(grader.sandbox.child.__path__[0])
MIXED = (
    "import os, threading, time\n"
    "def f(x):\n"
    "    if x % 5 == 1: os._exit(0)\n"
    "    if x % 5 == 2: open('left', 'w').write('x')\n"
    "    if x % 5 == 3: raise ValueError\n"
    "    if x % 5 == 4: threading.Thread(target=time.sleep, args=(1000,)).start()\n"
    "    return x\n"
)


def _running(command: str) -> set[int]:
    """Processes with this in their command line that were not collected yet."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
        except OSError:  # it ended while we looked
            continue
        if command.encode() in words:
            found.add(int(entry.name))
    return found


def _children() -> set[str]:
    tasks = Path("/proc/self/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


def _leavings(folder: Path) -> tuple[int, set[str], int, list[Path]]:
    descriptors = len([*Path("/proc/self/fd").iterdir()])
    return descriptors, _children(), threading.active_count(), sorted(folder.iterdir())


def test_thirty_jobs_leave_nothing_behind(
    sandbox: Sandbox,
    run: Callable[..., JobResult],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def one(number: int) -> object:
        call = call_of("f", number)
        return run(MIXED, call).responses["f"].value

    def all_at_once() -> list[object]:
        with ThreadPoolExecutor(max_workers=4) as pool:
            return list(pool.map(one, range(30)))

    # As many template processes as there are threads stay for the next job.
    with ThreadPoolExecutor(max_workers=4) as pool:
        asleep = call_of("f")
        list(pool.map(lambda _: run("import time\ndef f(): time.sleep(0.5)\n", asleep), range(4)))
    all_at_once()
    before = _leavings(tmp_path)
    fail = (1, 2, 3) if sandbox.tier == "container" else (1, 3)  # nothing can be written there
    assert all_at_once() == [None if n % 5 in fail else n for n in range(30)]
    assert _leavings(tmp_path) == before


def test_many_threads_at_once_do_not_mix_up_their_jobs(run: Callable[..., JobResult]) -> None:
    source = "def f(x): return [x] * 1000\n"

    def one(number: int) -> set[int]:
        calls = [
            Call(id=str(n), group="f", entry="f", arguments=(100 * number + n,)) for n in range(20)
        ]
        responses = run(source, *calls).responses
        return {value for response in responses.values() for value in response.value}

    with ThreadPoolExecutor(max_workers=10) as pool:
        found = list(pool.map(one, range(10)))
    assert found == [set(range(100 * n, 100 * n + 20)) for n in range(10)]


@pytest.mark.parametrize("new_session", [False, True], ids=["in-the-group", "in-a-new-session"])
@pytest.mark.parametrize("ending", ["return 1", "os._exit(0)", "while True: pass"])
def test_processes_that_were_left_running_are_ended(
    run: Callable[..., JobResult], new_session: bool, ending: str
) -> None:
    # One in the group of its parent needs nothing else to be found by.
    options = "start_new_session=True" if new_session else "env={}"
    mark = f"30.{os.getpid()}{abs(hash((new_session, ending))) % 10**6}"
    source = (
        "import os, subprocess\n"
        "def f():\n"
        "    for _ in range(2):\n"
        f"        subprocess.Popen(['sleep', '{mark}'], {options})\n"
        f"    {ending}\n"
    )
    run(source, call_of("f"), wall_seconds=1)
    # The kernel may take a moment to end what was killed; on their own they end after 30 s.
    deadline = time.monotonic() + 10
    while _running(mark) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _running(mark) == set()


def test_a_process_that_was_left_running_does_not_hold_the_answer(
    sandbox: Sandbox, ask: Callable[..., Response]
) -> None:
    source = "import os, time\ndef f():\n    os.fork() or time.sleep(30)\n    return 1\n"
    allowed = 4 if sandbox.tier == "full" else 1
    response = ask(source, processes=allowed)
    if sandbox.tier == "container":
        assert response.failure is not None
        assert response.failure.exception == "PermissionError"
    else:
        assert response.value == 1


def test_threads_that_were_left_running_do_not_hold_the_answer(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import threading, time\n"
        "def f(x):\n"
        "    threading.Thread(target=time.sleep, args=(1000,)).start()\n"
        "    return x\n"
    )
    calls = [Call(id=str(x), group="f", entry="f", arguments=(x,)) for x in range(3)]
    assert [r.value for r in run(source, *calls).responses.values()] == [0, 1, 2]


def test_the_environment_and_the_arguments_hold_nothing_of_ours(
    ask: Callable[..., Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_SECRET", "s3cret")
    source = (
        "import os, sys\n"
        "def f():\n"
        "    return dict(os.environ), sys.argv, getattr(sys, 'orig_argv', ['']), os.listdir('.'),"
        " [name for name in sys.modules if 'grader' in name"
        f" or name in {[path.stem for path in CHILD.glob('[!_]*.py')]}]\n"
    )
    environment, arguments, original, files, modules = ask(source).value
    assert set(environment) <= {
        "HOME",
        "LANG",
        "LC_CTYPE",  # set by Python itself where it changes the locale
        "MALLOC_ARENA_MAX",
        "MKL_NUM_THREADS",
        "MPLBACKEND",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "PATH",
        "PYTHONHASHSEED",
        "TMPDIR",
    }
    assert "s3cret" not in str(environment)
    assert (arguments, original, files, modules) == ([""], [""], [], [])


def test_no_descriptor_of_ours_is_open_in_the_child(ask: Callable[..., Response]) -> None:
    with tempfile.TemporaryFile() as secret:
        os.set_inheritable(secret.fileno(), True)
        source = (
            "import os, stat\n"
            "def f():\n"
            "    found = []\n"
            "    for n in range(1000):\n"
            "        try: mode = os.fstat(n).st_mode\n"
            "        except OSError: continue\n"
            "        found.append([n, 'pipe' if stat.S_ISFIFO(mode) else\n"
            "                      'device' if stat.S_ISCHR(mode) else 'other'])\n"
            "    return found\n"
        )
        found = ask(source).value
    # Standard input, output and error, requests and replies.
    assert found == [[0, "device"], *([n, "pipe"] for n in (1, 2, 3, 4))]


def test_a_machine_without_descriptors_is_nobodys_failure(run: Callable[..., JobResult]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = len([*Path("/proc/self/fd").iterdir()])
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 2, hard))
    try:
        with pytest.raises(SandboxFault):
            run("def f(): pass\n", call_of("f"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len([*Path("/proc/self/fd").iterdir()]) <= before  # the template process is not kept


def test_arguments_too_large_to_send_are_nobodys_failure(run: Callable[..., JobResult]) -> None:
    call = call_of("f", bytes(65 << 20))
    with pytest.raises(SandboxFault):
        run("def f(x): pass\n", call)


def test_a_job_without_calls_asks_nothing(run: Callable[..., JobResult]) -> None:
    result = run("print('loaded')\n")
    assert (dict(result.responses), result.printed) == ({}, "")


def test_the_deadline_of_the_submission_ends_all_calls(run: Callable[..., JobResult]) -> None:
    source = "import time\ndef f(): time.sleep(0.4)\n"
    calls = [Call(id=str(n), group=str(n), entry="f") for n in range(10)]
    responses = run(source, *calls, submission_seconds=1).responses
    assert responses["0"].failure is None
    assert responses["9"].failure is not None
    assert responses["9"].failure.verdict is Verdict.TIMED_OUT
