"""`--sandbox`, `--limit`, `--python` and `grader doctor`, on whatever this machine gives."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.child.syscalls import NUMBERS
from tests.some import first_few
from tests.tiers import missing

ROOT = Path(__file__).resolve().parents[2]
Grader = Callable[..., subprocess.CompletedProcess[str]]
SLUG = "ecs289-homework"
CLASS = f"examples/submissions/{SLUG}"
WALLS = ("full", "container")


@pytest.fixture
def works(doctor: Any) -> dict[str, bool]:
    """Which tiers work on this machine."""
    return {item["tier"]: item["works"] for item in doctor["tiers"]}


def test_the_doctor_says_what_this_machine_gives(grader: Grader, tier: str) -> None:
    done = grader("doctor")
    document = json.loads(grader("doctor", "--json").stdout)
    assert done.returncode == (0 if tier in WALLS else 1)
    assert done.stderr == ""
    assert (document["tier"], document["walls"]) == (tier, tier in WALLS)
    assert [item["tier"] for item in document["tiers"]] == ["full", "container", "basic"]
    for item in document["tiers"]:
        assert bool(item["why"]) != item["works"]
        assert f"{'✓' if item['works'] else '✗'} {item['tier']}" in done.stdout
    assert tier in done.stdout.splitlines()[0]


@pytest.mark.slow
def test_every_report_says_which_sandbox_ran_the_code(
    grader: Grader, checkout: Path, tier: str
) -> None:
    footer = f"\n  sandbox: {tier}{' (no walls)' * (tier == 'basic')}\n"
    one, other = f"{CLASS}/sign-slips", f"{CLASS}/raises"
    both = grader("grade", SLUG, one, other, "--details").stdout
    assert both.count(footer) == 3
    assert grader("grade", SLUG, one).stdout.endswith(footer)
    assert grader("check", SLUG, other).stdout.endswith(footer)
    assert "sandbox:" not in grader("check", SLUG, one).stdout  # no code was run
    junit = grader("grade", SLUG, one, "--format", "junit").stdout
    assert f'<property name="sandbox" value="{tier}"' in junit


@pytest.mark.slow
def test_the_results_are_the_same_bytes_in_every_tier(
    grader: Grader, checkout: Path, works: dict[str, bool]
) -> None:
    submissions = [f"{CLASS}/{label}" for label in ("as-submitted", "all-correct", "raises")]
    written = {}
    for tier in (name for name in works if works[name]):
        done = grader("grade", SLUG, *submissions, "--sandbox", tier, "--results", f"{tier}.json")
        assert done.returncode == 0, done.stderr
        written[tier] = (checkout / f"{tier}.json").read_bytes()
        record = json.loads((checkout / f"{tier}.run.json").read_text(encoding="utf-8"))
        assert record["tier"] == tier
    assert set(written.values()) == {written["basic"]}


def test_a_tier_that_is_not_there_is_refused(grader: Grader, works: dict[str, bool]) -> None:
    missing = [name for name in WALLS if not works[name]]
    if not missing:
        pytest.skip("every tier works on this machine")
    for command in ("grade", "check"):
        done = grader(command, SLUG, f"{CLASS}/empty", "--sandbox", missing[0])
        assert done.returncode == 4
        assert done.stdout == ""
        assert f"--sandbox {missing[0]} means this one and no other" in done.stderr


@pytest.mark.slow
def test_grade_without_walls_warns_each_time(grader: Grader) -> None:
    by_option = grader("grade", SLUG, f"{CLASS}/empty", "--sandbox", "basic", warned=True)
    by_environment = grader("grade", SLUG, f"{CLASS}/empty", warned=True, GRADER_SANDBOX="basic")
    for done in (by_option, by_environment):
        assert done.returncode == 0
        assert done.stderr.startswith("warning: the sandbox is basic: there are no walls")
        assert 2 <= len(done.stderr.splitlines()) <= 4
        assert done.stdout.endswith("\n  sandbox: basic (no walls)\n")
    for quiet in (
        grader("check", SLUG, f"{CLASS}/empty", "--sandbox", "basic", warned=True),
        grader("verify", "sigmoid-chain-exercise-3", "--sandbox", "basic", warned=True),
    ):
        assert quiet.returncode == 0
        assert quiet.stderr == ""


@pytest.mark.slow
def test_what_fails_for_every_submission_is_said_once_and_before(
    grader: Grader, checkout: Path
) -> None:
    assignment = checkout / "other" / SLUG  # `assignments` there is a link
    shutil.copytree(ROOT / "assignments" / SLUG, assignment)
    spec = assignment / "assignment.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(f"preload: [no_such_module]\n{text}", encoding="utf-8")
    done = grader("grade", assignment, CLASS)
    assert (done.returncode, done.stdout) == (4, "")
    assert "No module named 'no_such_module'" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.slow
def test_the_option_counts_more_than_the_environment(grader: Grader, tier: str) -> None:
    done = grader("check", SLUG, f"{CLASS}/raises", "--sandbox", "basic", GRADER_SANDBOX="full")
    assert "sandbox: basic" in done.stdout
    done = grader("check", SLUG, f"{CLASS}/raises", GRADER_SANDBOX="")
    assert f"sandbox: {tier}" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    first_few(
        [
            (["--limit", "wall=2"], "--limit wall needs one of the units ms, s, min"),
            (["--limit", "memory=99TB"], "units KiB, MiB, GiB"),
            (["--limit", "wal=2s"], "did you mean 'wall'?"),
            (["--limit", "wall=2s", "--limit", "wall=3s"], "--limit wall is given twice"),
            (["--limit", "processes=none"], "is not a number"),
            (["--limit"], "requires an argument"),
            (["--python", "./no/such/python"], "--python: there is no program './no/such/python'"),
            (["--python", "/bin/sh"], "is not a Python interpreter that works"),
            (["--sandbox", "ful"], "full"),
        ],
        3,
    ),
    ids=str,
)
def test_wrong_options_end_with_2_and_say_what_is_allowed(
    grader: Grader, options: list[str], words: str
) -> None:
    done = grader("grade", SLUG, f"{CLASS}/empty", *options)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--limit", "--python", "--sandbox"])
@pytest.mark.parametrize("command", [["check", SLUG, f"{CLASS}/empty"], ["verify", SLUG]], ids=str)
def test_the_other_commands_have_the_same_options(
    grader: Grader, command: list[str], option: str
) -> None:
    done = grader(*command, option, "./nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_a_wrong_tier_in_the_environment_is_a_wrong_call(grader: Grader) -> None:
    done = grader("check", SLUG, f"{CLASS}/empty", GRADER_SANDBOX="docker")
    assert done.returncode == 2
    assert "GRADER_SANDBOX" in done.stderr
    assert "container" in done.stderr


@pytest.mark.slow
def test_limits_of_the_command_line_hold_and_are_told(grader: Grader, checkout: Path) -> None:
    module = checkout / "optimizers.py"
    module.write_text("def gradient(x, y):\n    while True: pass\n", encoding="utf-8")
    options = ["--limit", "wall=300ms", "--limit", "submission=1s", "--limit", "memory=128MiB"]
    done = grader("grade", SLUG, module, *options, "--results", "r.json")
    assert "no answer within 0.3 s" in done.stdout
    record = json.loads((checkout / "r.run.json").read_text(encoding="utf-8"))
    assert record["limits"]["wall_seconds"] == 0.3
    assert record["limits"]["submission_seconds"] == 1
    assert record["limits"]["memory_mib"] == 128


@pytest.mark.slow
def test_another_interpreter_runs_the_students_code(grader: Grader, checkout: Path) -> None:
    # An environment of its own with the packages of this one: the interpreter that this one was
    # made from need not have any.
    theirs = checkout / "theirs"
    other = theirs / "bin" / "their-python"
    other.parent.mkdir(parents=True)
    other.symlink_to(sys.executable)
    for item in Path(sys.prefix).iterdir():
        if item.name != "bin":
            (theirs / item.name).symlink_to(item)
    source = "import sys\nprint('run by', sys.executable.rpartition('/')[2])\n"
    (checkout / "optimizers.py").write_text(source, encoding="utf-8")
    done = grader(
        "grade", SLUG, "optimizers.py", "--python", "theirs/bin/their-python", "--results", "r.json"
    )
    assert done.returncode == 0, done.stderr
    assert "      | run by their-python\n" in done.stdout
    record = json.loads((checkout / "r.run.json").read_text(encoding="utf-8"))
    assert record["interpreter"] == str(other)


def test_a_student_reads_what_walls_stopped(
    grader: Grader, checkout: Path, works: dict[str, bool]
) -> None:
    tier = next((name for name in WALLS if works[name]), None)
    if tier is None:
        missing(*WALLS, why="the doctor says so")
    source = (
        "import socket\n\ndef gradient(x, y):\n    socket.create_connection(('127.0.0.1', 9))\n"
    )
    (checkout / "optimizers.py").write_text(source, encoding="utf-8")
    done = grader("check", SLUG, "optimizers.py", "--sandbox", tier)
    page = " ".join(done.stdout.split())  # its lines are broken at 80 columns
    assert "at line 4 of optimizers.py the code tried to open a network connection" in page
    assert "which is not allowed here: code may compute, print, and read the files" in page
    assert str(ROOT) not in done.stdout


def test_what_was_printed_is_shown_to_the_student_and_to_staff(
    grader: Grader, checkout: Path
) -> None:
    source = "print('\\x1b[31mloading\\u202e')\nfor n in range(30): print(n)\n"
    (checkout / "ann").mkdir()
    (checkout / "ann" / "optimizers.py").write_text(source, encoding="utf-8")
    check = grader("check", SLUG, "ann").stdout
    assert "  your code printed:\n      | \ufffd[31mloading\ufffd\n      | 0\n" in check
    assert "      … and 11 more lines\n" in check
    pages = grader("grade", SLUG, "ann", f"{CLASS}/empty", "--details").stdout
    assert "  printed:\n      | \ufffd[31mloading\ufffd\n" in pages
    assert "more lines; --results writes all that was kept" in pages
    assert "\x1b" not in check + pages


@pytest.fixture
def bare(checkout: Path) -> Grader:
    """Call `grader` where the kernel gives neither namespaces nor Landlock."""
    numbers = NUMBERS.get(platform.machine())
    if numbers is None:
        pytest.skip("the numbers of this machine's system calls are not known")
    missing = ",".join(str(numbers[name]) for name in ("unshare", "landlock_create_ruleset"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(sys.executable, str(ROOT / "tests" / "acceptance" / "without_walls.py"), missing),
                *(sys.executable, "-m", "grader", *map(str, arguments)),
            ],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(ROOT), "GRADER_SANDBOX": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run


@pytest.mark.slow
def test_where_there_are_no_walls_grade_runs_nothing(bare: Grader, checkout: Path) -> None:
    trace = checkout / "trace"
    module = checkout / "optimizers.py"
    module.write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    for options, code in (
        ([], 4),
        (["--sandbox", "container"], 4),
        (["--sandbox", "full"], 4),
        (["--sandbox", "basic"], 0),
    ):
        done = bare("grade", SLUG, module, *options)
        assert done.returncode == code, done.stderr
        assert trace.exists() == (code == 0)
        assert bool(done.stdout) == (code == 0)
    done = bare("grade", SLUG, module)
    for line in ("error: this machine gives no walls", "  full: ", "  container: ", "  help: "):
        assert f"\n{line}" in f"\n{done.stderr}"


@pytest.mark.slow
def test_where_there_are_no_walls_the_others_say_so_and_go_on(bare: Grader) -> None:
    check = bare("check", SLUG, f"{CLASS}/all-correct")
    verify = bare("verify", "sigmoid-chain-exercise-3")
    for done in (check, verify):
        assert done.returncode == 0
        assert done.stderr.startswith("note: there are no walls on this machine")
    assert check.stdout.endswith("\n  sandbox: basic (no walls)\n")
    assert bare("check", SLUG, f"{CLASS}/raises", "--sandbox", "container").returncode == 4


@pytest.mark.slow
def test_where_there_are_no_walls_the_doctor_says_why_and_ends_with_1(bare: Grader) -> None:
    done = bare("doctor")
    assert done.returncode == 1
    assert done.stdout.startswith("This machine gives no walls around students' code (basic).\n")
    assert "namespaces are refused here" in done.stdout
    assert "help: Landlock is needed" in done.stdout
    document = json.loads(bare("doctor", "--json").stdout)
    assert (document["tier"], document["walls"]) == ("basic", False)


def _doctor(first: str) -> dict[str, str]:
    """Why each tier does not work, or nothing, for a `grader` whose parent did this first."""
    program = (
        f"import ctypes, os, signal, sys\n{first}\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'grader', 'doctor', '--json'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    return {item["tier"]: item["why"] for item in json.loads(done.stdout)["tiers"]}


@pytest.mark.slow
def test_a_program_that_ignores_its_children_may_start_it(works: dict[str, bool]) -> None:
    told = _doctor("signal.signal(signal.SIGCHLD, signal.SIG_IGN)")
    assert {tier: not why for tier, why in told.items()} == works


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities to lose")
def test_root_without_any_capability_has_the_walls_of_a_container(works: dict[str, bool]) -> None:
    drop = "for number in range(64): ctypes.CDLL(None).prctl(24, number, 0, 0, 0)"
    told = _doctor(drop)
    assert (not told["container"]) == works["container"], told["container"]
