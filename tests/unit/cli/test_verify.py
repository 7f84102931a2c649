"""The exit code of `grader verify`, and what it prints, from what was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

import grader.cli.verify
import grader.course.verify
from grader.audit.finding import Audit, Finding
from grader.cli.exits import Exit
from grader.course.options import VerifyOptions
from grader.course.verify import Verified
from grader.model.diagnostic import Diagnostic, Place

WORDS = Finding(check="mutants", words="9 of 9 mutants are noticed, 2 explained")
NOTE = Finding(check="notes", hole="`audit: equivalent:` explains no mutant", remedy="remove it")
HOLE = Finding(check="zero", question="loss", hole="zero passes", remedy="tighten")
Verify = Callable[..., int]


class Closed:
    """A sandbox that runs nothing, and says whether it was closed."""

    tier = "full"
    closed = False

    def close(self) -> None:
        self.closed = True


def found(*findings: Finding, problems: int = 0, audited: bool = True) -> Verified:
    broken = Diagnostic(code="S307", place=Place(file="assignment.yaml"), message="they differ")
    return Verified(
        slug="homework",
        questions=3,
        examples=4,
        diagnostics=(broken,) * problems,
        audit=Audit(slug="homework", questions=("loss",), findings=findings) if audited else None,
    )


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch) -> Verify:
    """The exit code where verifying one assignment after the other finds these."""

    def verify(*verified: Verified, audit: bool = True) -> int:
        sandbox = Closed()
        following = iter(verified)

        def one(_path: Path, _sandbox: object, options: VerifyOptions) -> Verified:
            assert options.audit is audit
            return next(following)

        def opened(*_: Any, **__: Any) -> Closed:
            return sandbox

        monkeypatch.setattr(grader.course.verify, "verify", one)
        monkeypatch.setattr(grader.cli.verify, "open_sandbox", opened)
        monkeypatch.setattr(grader.cli.verify, "assignment_paths", lambda given: [Path(given)])
        try:
            grader.cli.verify.verify(["homework"] * len(verified), audit=audit)
        except typer.Exit as end:
            return end.exit_code
        finally:
            assert sandbox.closed
        return Exit.DONE

    return verify


@pytest.mark.parametrize(
    ("verified", "code"),
    [
        pytest.param([found()], Exit.DONE, id="nothing found"),
        pytest.param([found(WORDS)], Exit.DONE, id="words are no hole"),
        pytest.param([found(WORDS, HOLE)], Exit.HOLE, id="a hole"),
        pytest.param([found(WORDS, NOTE)], Exit.HOLE, id="a note that explains nothing"),
        pytest.param([found(HOLE), found()], Exit.HOLE, id="a hole in the first of two"),
        pytest.param([found(), found(HOLE)], Exit.HOLE, id="a hole in the last of two"),
        pytest.param([found(problems=1, audited=False)], Exit.BAD_SPEC, id="a problem"),
        pytest.param(
            [found(HOLE), found(problems=1, audited=False)], Exit.BAD_SPEC, id="a problem is worse"
        ),
        pytest.param(
            [found(problems=1, audited=False), found(HOLE)], Exit.BAD_SPEC, id="in any order"
        ),
    ],
)
def test_the_exit_code_of_an_audit_says_the_worst(
    verify: Verify, verified: list[Verified], code: Exit
) -> None:
    assert verify(*verified) == code


def test_without_audit_nothing_is_measured(
    verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(found(audited=False), audit=False) == Exit.DONE
    assert capsys.readouterr().out == "✓ homework: 3 questions, 4 examples\n"


def test_holes_and_notes_are_told_after_what_was_checked(
    verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(found(WORDS, HOLE, NOTE)) == Exit.HOLE
    told = capsys.readouterr()
    assert told.out.split("\n") == [
        "✓ homework: 3 questions, 4 examples",
        "  ✗ loss  nothing to measure",
        "    9 of 9 mutants are noticed, 2 explained",
        "  ✗ loss: zero passes",
        "      tighten",
        "  ✗ `audit: equivalent:` explains no mutant",
        "      remove it",
        "✗ homework: 2 holes",
        "",
    ]
    assert told.err == ""


@pytest.mark.parametrize(("problems", "words"), [(1, "1 problem"), (2, "2 problems")])
def test_problems_are_counted_and_told_for_whoever_mends_them(
    verify: Verify, capsys: pytest.CaptureFixture[str], problems: int, words: str
) -> None:
    assert verify(found(problems=problems, audited=False)) == Exit.BAD_SPEC
    told = capsys.readouterr()
    assert told.out == f"✗ homework: {words}\n"
    assert told.err.count("S307") == problems
