"""Which walls are chosen: the best that hold, never less than what was asked for."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.model.assignment import Limits
from grader.sandbox import interpreter, zygote
from grader.sandbox.canary import try_walls
from grader.sandbox.child import kernel, landlock
from grader.sandbox.choose import WallsMissing, choose, survey
from grader.sandbox.contract import Job, SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import BASIC, TIERS
from tests.build import call_of
from tests.sandbox.outer_filter import tell_behind
from tests.some import first_few
from tests.tiers import missing, opened, unless

needs_walls = unless(bool(kernel.MACHINE) and landlock.abi() > 0, "this machine has no walls")

ASK = """
from grader.sandbox.choose import WallsMissing, choose
for wanted in {wanted}:
    try:
        with_walls = choose(wanted)
        told[wanted] = with_walls.tier
        with_walls.close()
    except WallsMissing as missing:
        told[wanted] = "none: " + str(missing)
"""
SURVEY = """
from grader.sandbox.choose import survey
told.update({probe.tier: [probe.works, probe.why, probe.variant] for probe in survey()})
"""
NAMESPACES = ("unshare", "setns", "mount", "umount2", "pivot_root", "clone3")
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def _works(tier: str) -> bool:
    return next(probe.works for probe in survey() if probe.tier == tier)


@pytest.mark.slow
def test_a_long_path_for_temporary_files_takes_no_walls_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A socket's path has 107 characters at most."""
    long = tmp_path / ("long" * 20) / ("longer" * 20)
    long.mkdir(parents=True)
    for folder in (long, *long.parents):
        if folder.owner() == tmp_path.owner() and folder.is_relative_to(tmp_path):
            folder.chmod(0o755)
    expected = [probe.works for probe in survey()]
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert [probe.works for probe in survey()] == expected
    assert list(long.iterdir()) == []


@needs_walls
def test_the_best_walls_are_chosen() -> None:
    probes = {probe.tier: probe for probe in survey()}
    best = next((tier for tier in TIERS[:2] if probes[tier].works), None)
    if best is None:
        missing(*TIERS[:2], why=probes)
    sandbox = choose("auto")
    sandbox.close()
    assert sandbox.tier == best
    assert sandbox.variant == probes[best].variant


@needs_walls
def test_without_namespaces_the_container_is_chosen_and_full_is_refused() -> None:
    told = tell_behind(*NAMESPACES, program=ASK.format(wanted=["auto", "full"]))
    assert told["auto"] == "container"
    assert told["full"].startswith("none: full: ")
    assert "unshare: Operation not permitted" in told["full"]


@needs_walls
@pytest.mark.parametrize(
    "error",
    [
        errno.ENOSYS,
        pytest.param(errno.EOPNOTSUPP, marks=pytest.mark.slow),
        pytest.param(errno.EPERM, marks=pytest.mark.slow),
    ],
)
def test_without_landlock_nothing_is_chosen_and_each_tier_has_its_reason(error: int) -> None:
    program = ASK.format(wanted=["auto"])
    told = tell_behind("unshare", *LANDLOCK, program=program, error=error)
    assert told["auto"].startswith("none: full: ")
    full, _, container = told["auto"].removeprefix("none: ").partition("; container: ")
    assert "unshare" in full
    assert "landlock" in container


@needs_walls
@pytest.mark.slow
@pytest.mark.parametrize("call", ["seccomp", "prctl", "capset", "close_range"])
def test_one_refused_call_takes_every_tier_with_walls_away(call: str) -> None:
    told = tell_behind(call, program=ASK.format(wanted=["auto", *TIERS[:2]]), error=errno.ENOSYS)
    assert [answer[:5] for answer in told.values()] == ["none:"] * 3


@needs_walls
@pytest.mark.slow
def test_the_survey_says_what_there_is_and_what_not() -> None:
    told = tell_behind(*NAMESPACES, program=SURVEY)
    assert list(told) == list(TIERS)
    works, why, variant = told["full"]
    assert not works
    assert "unshare" in why
    assert variant == ""
    works, why, variant = told["container"]
    assert works
    assert why == ""
    assert f"Landlock {landlock.abi()}" in variant
    assert "user" in variant
    assert told["basic"] == [True, "", "limits only"]


@needs_walls
def test_a_place_that_is_full_is_a_reason_and_no_crash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(WallsMissing, match=r"full: .*No such file.*container: .*No such file"):
        choose("auto")


# One wall at a time is left out of a copy of the child's files.
BREAKS: dict[str, tuple[str, str, str]] = {
    "no Landlock": ("confinement.py", "        self._ruleset.restrict()\n", ""),
    "no filter": (
        "confinement.py",
        '        self._filters[limits["processes"] > 1].install(os.getpid())\n',
        "",
    ),
    "all can be read": ("landlock.py", "for path in paths:", 'for path in [*paths, "/"]:'),
    "all can be written": (
        "landlock.py",
        "(readable, _READ)",
        '(["/"], _WRITE)',
    ),
    "sockets": ("seccomp.py", "    recvfrom shutdown", "    recvfrom socket connect shutdown"),
    "fork": (
        "seccomp.py",
        "(threads | forks)) if processes else",
        "(threads | forks)) if True else",
    ),
    "signals": ("seccomp.py", '"kill": sends(1)', '"kill": _ALLOW'),
    "truncation": ("seccomp.py", "fallocate fsync", "fallocate truncate fsync"),
    "truncation by opening": ("seccomp.py", '"openat": _opening(2)', '"openat": _ALLOW'),
    "programs": ("seccomp.py", "exit exit_group", "exit execve exit_group"),
    "memory": ("confinement.py", "        _bound(resource.RLIMIT_AS, space, space)\n", ""),
    "descriptors": (
        "confinement.py",
        '        kernel.call("close_range", first, 0xFFFFFFFF, 0)\n',
        "",
    ),
}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str, str], None]:
    def broken(name: str, line: str, instead: str) -> None:
        folder = tmp_path / "child"
        shutil.copytree(zygote._PROGRAM.parent, folder)
        source = (folder / name).read_text(encoding="utf-8")
        assert source.count(line) == 1
        (folder / name).write_text(source.replace(line, instead), encoding="utf-8")
        monkeypatch.setattr(zygote, "_PROGRAM", folder / "zygote.py")

    return broken


#: What is left out, in which tier, with which Landlock, and what the attacks then report.
NOTICED = [
    ("no Landlock", "container", 99, "reads, lists, writes"),
    ("no filter", "container", 99, "forks"),
    ("no filter", "full", 99, "forks"),
    ("all can be read", "container", 99, "reads, lists"),
    ("all can be written", "container", 99, "writes"),
    ("sockets", "container", 99, "connects to a socket"),
    ("sockets", "container", 3, "connects to a port, connects to a socket"),
    ("fork", "container", 99, "forks"),
    ("fork", "full", 99, "forks"),
    ("signals", "container", 5, "signals"),
    ("truncation", "container", 2, "truncates"),
    ("truncation by opening", "container", 99, ""),  # Landlock forbids to open it at all
    ("programs", "container", 99, ""),  # Landlock forbids to execute it too
    ("memory", "full", 99, "has memory beyond its limit"),
    ("memory", "container", 99, "has memory beyond its limit"),
    ("descriptors", "full", 99, "has descriptors of others"),
    ("descriptors", "container", 99, "has descriptors of others"),
]
QUICK = ("no Landlock", "no filter", "memory")


@needs_walls
@pytest.mark.parametrize(
    ("left_out", "tier", "abi", "words"),
    [
        pytest.param(
            *item,
            marks=[] if item[0] in QUICK else pytest.mark.slow,
            id="-".join(map(str, item[:3])),
        )
        for item in NOTICED
    ],
)
def test_a_wall_that_is_left_out_is_noticed(
    broken: Callable[[str, str, str], None], left_out: str, tier: str, abi: int, words: str
) -> None:
    sandbox = opened(tier)
    sandbox.close()
    broken(*BREAKS[left_out])
    walls = replace(sandbox._walls, newest_abi=abi)
    if left_out == "signals":
        # Where a number of its own can read all it needs, that number keeps signals in as well.
        walls = replace(walls, keep_reading=True)
    sandbox = ForkSandbox(walls)
    try:
        told = try_walls(sandbox)
    except SandboxFault as fault:
        told = str(fault)
    finally:
        sandbox.close()
    if words:
        assert told.startswith("code behind it ")
        assert words in told
    else:
        assert told == ""


@needs_walls
def test_choose_refuses_where_an_attack_gets_through(
    broken: Callable[[str, str, str], None],
) -> None:
    broken(*BREAKS["no filter"])
    with pytest.raises(WallsMissing, match=r"^container: code behind it .*forks"):
        choose("container")


@needs_walls
@pytest.mark.slow
def test_nothing_is_chosen_where_attacks_get_through_every_wall(
    broken: Callable[[str, str, str], None],
) -> None:
    broken(*BREAKS["no filter"])
    with pytest.raises(WallsMissing, match=r"^full: .*; container: code behind it .*forks"):
        choose("auto")
    probe = next(probe for probe in survey() if probe.tier == "container")
    assert not probe.works
    assert "forks" in probe.why


def _job(*preload: str, python: str = "") -> Job:
    call = call_of("f")
    return Job(
        files={"f.py": b"def f(): return 1\n"},
        provided="",
        calls=(call,),
        limits=Limits(),
        preload=preload,
        python=python,
    )


@pytest.fixture
def basic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ForkSandbox]:
    """A sandbox whose interpreter finds modules in `tmp_path`."""
    found = interpreter.find_interpreter("")
    own = replace(found, site=(*found.site, str(tmp_path)))
    monkeypatch.setattr("grader.sandbox.forked.find_interpreter", lambda _: own)
    sandbox = ForkSandbox(BASIC)
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize(
    ("source", "words"),
    first_few([
        ("import _thread, time\n_thread.start_new_thread(time.sleep, (5,))\n",
         "what is preloaded starts 1 threads"),
        ("import missing_module\n", "No module named 'missing_module'"),
        ("def f(:\n", "invalid syntax"),
        ("raise ValueError('no')\n", "ValueError: no"),
        ("import os\nos._exit(3)\n", "it ended"),
        ("raise SystemExit(3)\n", "SystemExit: 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "it ended"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("import sys\nprint('noise' * 10**6, file=sys.stdout)\n", ""),
    ], 2),
)  # fmt: skip
def test_a_module_that_cannot_be_preloaded_is_a_fault_with_its_reason(
    basic: ForkSandbox, tmp_path: Path, source: str, words: str
) -> None:
    (tmp_path / "preloaded.py").write_text(source, encoding="utf-8")
    if not words:
        assert basic.run(_job("preloaded")).responses["f"].value == 1
        return
    with pytest.raises(SandboxFault, match=words):
        basic.run(_job("preloaded"))
    assert basic.run(_job()).responses["f"].value == 1


def test_a_module_that_does_not_exist_cannot_be_preloaded(basic: ForkSandbox) -> None:
    with pytest.raises(SandboxFault, match="No module named 'missing_module'"):
        basic.run(_job("missing_module"))


def test_a_preloaded_module_that_never_ends_is_given_up(
    monkeypatch: pytest.MonkeyPatch, basic: ForkSandbox, tmp_path: Path
) -> None:
    (tmp_path / "preloaded.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(zygote, "_START_SECONDS", 0.5)
    with pytest.raises(SandboxFault, match="does not start"):
        basic.run(_job("preloaded"))


def test_a_module_that_says_much_while_it_is_preloaded_does_not_stop_there(
    basic: ForkSandbox, tmp_path: Path
) -> None:
    noisy = "import sys\nfor _ in range(3000): print('noise' * 100, file=sys.stderr)\n"
    (tmp_path / "preloaded.py").write_text(noisy, encoding="utf-8")
    assert basic.run(_job("preloaded")).responses["f"].value == 1


SAYS = """
import json
answers = dict(version={version}, implementation="{implementation}", site=[], library="/", base="/")
print(json.dumps(answers))
"""
#: What stands in for an interpreter, and how it is refused.
PYTHONS = {
    "garbage": ("print('garbage')", "not a Python interpreter that works"),
    "nothing": ("", "not a Python interpreter that works"),
    "a list": ("print('[]')", "not a Python interpreter that works"),
    "a number": ("print('3')", "not a Python interpreter that works"),
    "no answers": ("print('{}')", "not a Python interpreter that works"),
    "wrong types": (
        'print(\'{"version": 1, "implementation": 2, "site": 3}\')',
        "not a Python interpreter that works",
    ),
    "bytes": ("import os; os.write(1, bytes(range(256)))", "not a Python interpreter that works"),
    "an error": ("import sys; sys.exit(3)", "not a Python interpreter that works"),
    "too old": (
        SAYS.format(version="[3, 8, 2]", implementation="cpython"),
        "cpython 3.8.2; expected CPython 3.9 or newer",
    ),
    "another one": (
        SAYS.format(version="[3, 11, 2]", implementation="pypy"),
        "pypy 3.11.2; expected CPython 3.9 or newer",
    ),
}


def _script(path: Path, source: str) -> str:
    path.write_text(f"#!{sys.executable}\n{source}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", PYTHONS)
def test_what_is_no_interpreter_for_us_is_refused(tmp_path: Path, name: str) -> None:
    source, words = PYTHONS[name]
    path = _script(tmp_path / "python", source)
    with pytest.raises(SandboxFault, match=words):
        choose("auto", python=path)
    sandbox = ForkSandbox(BASIC)
    with pytest.raises(SandboxFault, match=words):
        sandbox.run(_job(python=path))
    sandbox.close()


def test_an_interpreter_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(interpreter, "_SECONDS", 0.5)
    path = _script(tmp_path / "python", "import time; time.sleep(30)")
    starting = subprocess.run
    waits: list[float] = []

    def run(*command: Any, timeout: float, **options: Any) -> Any:
        waits.append(timeout)
        return starting(*command, timeout=timeout, **options)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SandboxFault, match="not a Python interpreter that works"):
        choose("basic", python=path)
    assert waits == [0.5]  # it was asked once, and not waited for any longer


def test_an_interpreter_that_answers_and_does_not_serve_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = interpreter._QUESTIONS.replace("\n", "\\n").replace('"', '\\"')
    source = f"""
import sys
if "-c" in sys.argv:
    exec("{good}")
else:
    sys.stderr.write("first\\nno such thing as a zygote\\n")
"""
    path = _script(tmp_path / "python", source)
    with pytest.raises(WallsMissing, match="no such thing as a zygote"):
        choose("basic", python=path)


def test_an_interpreter_without_numpy_runs_what_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = interpreter.find_interpreter("")
    bare = replace(found, site=())
    monkeypatch.setattr("grader.sandbox.forked.find_interpreter", lambda _: bare)
    sandbox = ForkSandbox(BASIC)
    assert sandbox.run(_job()).responses["f"].value == 1
    job = replace(_job(), files={"f.py": b"import numpy\ndef f(): return numpy.pi\n"})
    done = sandbox.run(job)
    sandbox.close()
    failure = done.responses["f"].failure
    assert failure is not None
    assert failure.message == "name 'numpy' is not defined"
    assert [one.failure.exception for one in done.not_loaded] == ["ModuleNotFoundError"]
