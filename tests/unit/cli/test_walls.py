"""Which sandbox a command takes, and when it refuses: on machines made up here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import typer

from grader.cli.exits import Exit
from grader.cli.walls import Wanted, open_sandbox, walls
from grader.model.assignment import Limits
from grader.sandbox import choose
from grader.sandbox.choose import TierProbe, WallsMissing
from grader.sandbox.contract import Job, JobResult, Sandbox
from tests.build import assignment_of

TIERS = ("full", "container", "basic")


class Fake:
    """A sandbox that is only known by its tier."""

    def __init__(self, tier: str) -> None:
        self.tier = tier
        self.closed = False

    def run(self, job: Job) -> JobResult:
        assert not job.calls  # only whether jobs can be run at all is asked for
        return JobResult(responses={})

    def stop(self) -> None:
        raise AssertionError

    def close(self) -> None:
        self.closed = True


class Machine:
    """What `choose` and `survey` say on a machine on which these tiers work."""

    def __init__(self, *working: str) -> None:
        self.working = working
        self.made: list[Fake] = []
        self.asked: list[tuple[str, str]] = []

    def choose(self, wanted: str, *, python: str = "") -> Sandbox:
        self.asked.append((wanted, python))
        tiers = TIERS[:2] if wanted == "auto" else (wanted,)
        works = [tier for tier in self.working if tier in tiers]
        if not works:
            msg = f"no {wanted} here"
            raise WallsMissing(msg)
        self.made.append(Fake(works[0]))
        return self.made[-1]

    def survey(self, python: str = "") -> tuple[TierProbe, ...]:
        del python
        return tuple(
            TierProbe(
                tier=tier,
                works=tier in self.working,
                why="" if tier in self.working else f"{tier} is not possible",
                variant="",
                stops=(),
                leaves=(),
            )
            for tier in TIERS
        )


@contextmanager
def on(machine: Machine) -> Iterator[Machine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "choose", machine.choose)
        patch.setattr(choose, "survey", machine.survey)
        yield machine


def closed(sandbox: Fake) -> bool:
    return sandbox.closed


def taken(machine: Machine, wanted: Wanted, *, must: bool) -> str | int:
    """The tier, or the exit code of a command that refuses."""
    with on(machine):
        try:
            return open_sandbox(wanted, "", python_given=False, must=must).tier
        except typer.Exit as stop:
            return stop.exit_code


REFUSED = int(Exit.OUR_FAULT)


@pytest.mark.parametrize(
    ("working", "wanted", "grade", "check"),
    [
        (TIERS, Wanted.AUTO, "full", "full"),
        (TIERS[1:], Wanted.AUTO, "container", "container"),
        (TIERS[2:], Wanted.AUTO, REFUSED, "basic"),
        (TIERS, Wanted.FULL, "full", "full"),
        (TIERS[1:], Wanted.FULL, REFUSED, REFUSED),
        (TIERS, Wanted.CONTAINER, "container", "container"),
        (TIERS[2:], Wanted.CONTAINER, REFUSED, REFUSED),
        (TIERS, Wanted.BASIC, "basic", "basic"),
        (TIERS[2:], Wanted.BASIC, "basic", "basic"),
    ],
)
def test_the_tier_that_a_command_takes(
    working: tuple[str, ...], wanted: Wanted, grade: str | int, check: str | int
) -> None:
    assert taken(Machine(*working), wanted, must=True) == grade
    assert taken(Machine(*working), wanted, must=False) == check


def test_a_refusal_names_every_tier_and_why_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken(Machine("basic"), Wanted.AUTO, must=True)
    said = capsys.readouterr().err
    assert said.startswith("error: this machine gives no walls")
    for words in ("  full: full is not possible", "  container: container is not possible"):
        assert words in said.splitlines()
    assert "grader doctor" in said
    assert "--sandbox basic" in said
    assert "basic is not possible" not in said


def test_a_tier_asked_for_by_name_says_why_it_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken(Machine("container", "basic"), Wanted.FULL, must=False)
    said = capsys.readouterr().err
    assert "no full here" in said
    assert "--sandbox full means this one and no other" in said


def test_grade_warns_each_time_it_runs_without_walls(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        taken(Machine(*TIERS), Wanted.BASIC, must=True)
        lines = capsys.readouterr().err.splitlines()
        assert lines[0].startswith("warning: the sandbox is basic: there are no walls")
        assert 2 <= len(lines) <= 4
    taken(Machine(*TIERS), Wanted.BASIC, must=False)
    assert capsys.readouterr().err == ""  # who asks for it by name knows; it is their own code


def test_check_and_verify_note_that_there_are_no_walls(capsys: pytest.CaptureFixture[str]) -> None:
    taken(Machine("basic"), Wanted.AUTO, must=False)
    said = capsys.readouterr().err
    assert said.startswith("note: there are no walls on this machine")
    assert said.count("\n") == 1


def test_nothing_is_said_where_there_are_walls(capsys: pytest.CaptureFixture[str]) -> None:
    for tier in ("full", "container"):
        taken(Machine(tier), Wanted.AUTO, must=True)
    assert capsys.readouterr().err == ""


@pytest.mark.processes
def test_the_sandbox_is_that_of_the_assignments_interpreter_and_is_closed() -> None:
    with on(Machine(*TIERS)) as machine:
        own = assignment_of(python=sys.executable)
        with walls(Wanted.AUTO, own, python_given=False, must=True) as sandbox:
            assert sandbox.tier == "full"
            assert not closed(machine.made[0])
        assert closed(machine.made[0])
    assert machine.asked == [("auto", sys.executable)]


@pytest.mark.parametrize(
    ("tier", "processes", "code"),
    [("full", 4, 0), ("container", 1, 0), ("container", 2, REFUSED), ("basic", 4, 0)],
)
def test_processes_need_walls_that_can_hold_them(
    tier: str, processes: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = assignment_of(limits=Limits(processes=processes))
    ended = 0
    with on(Machine(tier)) as machine:
        try:
            with walls(Wanted(tier), allowed, python_given=False, must=True):
                pass
        except typer.Exit as stop:
            ended = stop.exit_code
    assert ended == code
    assert machine.made[0].closed
    assert (f"homework allows {processes} processes" in capsys.readouterr().err) == bool(code)


@pytest.mark.parametrize(("given", "code"), [(True, Exit.USAGE), (False, Exit.OUR_FAULT)])
@pytest.mark.processes
def test_an_interpreter_that_does_not_work_is_told(
    given: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with on(Machine(*TIERS)) as machine, pytest.raises(typer.Exit) as stop:
        open_sandbox(Wanted.AUTO, "/bin/true", python_given=given, must=False)
    assert stop.value.exit_code == code
    assert "/bin/true is not a Python interpreter that works" in capsys.readouterr().err
    assert machine.made == []


def test_where_nothing_works_at_all_the_command_refuses() -> None:
    for must in (False, True):
        assert taken(Machine(), Wanted.AUTO, must=must) == REFUSED
        assert taken(Machine(), Wanted.BASIC, must=must) == REFUSED
