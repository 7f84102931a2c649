"""Marking again from what is kept: the bytes of a fresh run, and who gains by which edit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.checks.prepare import prepare
from grader.course.again import AgainOptions, Regraded, regrade
from grader.course.by_hand import find_answer
from grader.course.hand_marks import give_mark
from grader.course.options import RunOptions
from grader.gradebook.book import Gradebook, GradebookFault, open_gradebook
from grader.gradebook.changes import changes_of
from grader.gradebook.rules import rules_of
from grader.model.course_rules import Attempts
from grader.sandbox.contract import Sandbox
from tests.some import by_name
from tests.unit.gradebook.small import (
    REFERENCE,
    SPEC,
    Reads,
    course,
    dump,
    handed_in,
    mark,
    text,
)

CLASS = [
    handed_in("ann"),
    handed_in("ben", start=1.58),
    handed_in("cy", code="x + 1", start=7),
    handed_in("dee", code="2 * x + (x == 5)", start="1.5"),
]
HEAVY = (
    "mistakes:\n  - {id: one-more, replaces: twice, with: one_more, feedback: No., credit: 0.5}\n"
)
MORE = "def one_more(x, /): return x + 1\n"
#: What is edited, and the calls for which code has to be run.
EDITS: dict[str, tuple[str, str, list[str]]] = {
    "a tolerance": (SPEC.replace("atol: 0.1", "atol: 0.01"), REFERENCE, []),
    "points": (SPEC.replace("points: 4", "points: 3"), REFERENCE, []),
    "the key": (SPEC, REFERENCE.replace("1.5", "1.6"), []),
    "a step": (SPEC, REFERENCE.replace("2 * x", "x + 1"), []),
    "a new mistake": (SPEC + HEAVY, REFERENCE + MORE, []),
    "a question less": (SPEC.replace(SPEC.splitlines()[-1] + "\n", ""), REFERENCE, []),
    "a question more": (
        SPEC + "  - {id: end, kind: number}\n",
        REFERENCE + "def end(): return 2\n",
        ["end"],
    ),
    "a case more": (SPEC.replace("{x: 3}", "{x: 3}, {x: 5}"), REFERENCE, ["twice"] * 3),
    "a case less": (SPEC.replace(", {x: 3}", ""), REFERENCE, []),
    "another order": (
        SPEC.replace("[{x: 1}, {x: 3}]", "[{x: 3}, {x: 1}]"),
        REFERENCE,
        [],
    ),
    "another limit": (
        SPEC + "limits: {wall_seconds: 3}\n",
        REFERENCE,
        ["twice", "twice", "half"],
    ),
    "a comment": ("# Mind the tolerance.\n" + SPEC, REFERENCE, []),
}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "book.db") as opened:
        yield opened


def again(book: Gradebook, folder: Path, sandbox: Reads, **options: Any) -> Regraded:
    @contextlib.contextmanager
    def behind() -> Iterator[Sandbox]:
        yield sandbox

    chosen = AgainOptions(run=RunOptions(watched=False), **options)
    return regrade(book, folder, prepare(folder), behind, chosen)


#: Of edits that ask for new calls, and of those that do not, one each is enough for every change.
SOON = ("points", "a case more")


@pytest.mark.parametrize(
    "what",
    by_name({name: name for name in EDITS}, lengthy=[name for name in EDITS if name not in SOON]),
)
def test_marking_again_gives_the_bytes_of_a_fresh_run(
    tmp_path: Path, book: Gradebook, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And code runs only for calls that were never made, with their whole group."""
    from grader.course import again as module
    from grader.course.attribution import Attribution

    monkeypatch.setattr(module, "attributed", lambda *_: Attribution())
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    spec, reference, calls = EDITS[what]
    course(tmp_path, spec, reference)
    sandbox = Reads()
    regraded = again(book, folder, sandbox)
    assert regraded.graded is not None
    with open_gradebook(tmp_path / "fresh.db") as fresh:
        assert text(regraded.graded) == text(mark(fresh, folder, CLASS, Reads()))
    assert sandbox.jobs == [calls] * (len(CLASS) if calls else 0)
    assert regraded.run_code == len(sandbox.jobs)


def test_who_gains_and_who_loses_is_told_by_the_edit(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    course(tmp_path, *EDITS["a tolerance"][:2])
    regraded = again(book, folder, Reads())
    (ben,) = regraded.changes.students
    assert (ben.student, ben.before, ben.after) == ("ben", Fraction(7), Fraction(5))
    assert regraded.changes.total == len(CLASS)
    assert regraded.attribution.edits == ("tolerance of start",)
    assert set(regraded.attribution.by.values()) == {("tolerance of start",)}
    assert regraded.changes.verdicts == {"start": {("correct", "incorrect"): 1}}


def test_what_was_answered_is_shown_to_who_marks_it(tmp_path: Path, book: Gradebook) -> None:
    mark(book, course(tmp_path), [handed_in("ann", start="[1, 2]"), handed_in("ben")], Reads())
    said = [find_answer(book, "small", name, "start", 0).answer for name in ("ann", "ben")]
    assert said == ["('1', '2')", "1.5"]


def test_a_dry_run_changes_nothing(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    before = dump(book)
    course(tmp_path, *EDITS["a tolerance"][:2])
    regraded = again(book, folder, Reads(), dry_run=True, never_lower=True, attempts=Attempts.BEST)
    assert regraded.graded is None
    assert len(regraded.changes.students) == 1
    assert dump(book) == before


def test_where_nobody_loses_what_was_judged_stays_true(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    course(tmp_path, *EDITS["a tolerance"][:2])
    regraded = again(book, folder, Reads(), never_lower=True)
    assert not regraded.changes.losing
    assert [one.kept for one in regraded.changes.students] == [True]
    assert regraded.graded is not None
    ben = regraded.graded.submissions[1]
    assert (ben.score, ben.final) == (Fraction(5), Fraction(7))
    regraded = again(book, folder, Reads())  # the rule holds until it is taken back
    assert regraded.graded is not None
    assert regraded.graded.submissions[1].final == Fraction(7)
    regraded = again(book, folder, Reads(), never_lower=False)
    assert regraded.graded is not None
    assert regraded.graded.submissions[1].final == Fraction(5)


def test_which_attempt_counts_stays_so_until_something_else_is_said(
    tmp_path: Path, book: Gradebook
) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    assert rules_of(book, "small").attempts is Attempts.LAST
    for said, holds in ((Attempts.BEST, Attempts.BEST), (None, Attempts.BEST)):
        regraded = again(book, folder, Reads(), attempts=said)
        assert rules_of(book, "small").attempts is holds
        assert regraded.rules.attempts is holds


def test_changes_are_told_with_the_marks_of_people(
    tmp_path: Path, book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person marked stays, whatever is judged now, and nobody's other points are lost."""
    from grader.course import again as module
    from grader.course.attribution import Attribution

    monkeypatch.setattr(module, "attributed", lambda *_: Attribution())
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    for student in ("ben", "cy"):
        answer = find_answer(book, "small", student, "start", 0)
        given = Fraction(2)
        give_mark(book, answer, given, None, comment="", by="bea", now="2027-03-01", beyond=False)
    course(tmp_path, SPEC.replace("atol: 0.1", "atol: 0.01").replace("points: 4", "points: 5"))
    regraded = again(book, folder, Reads(), never_lower=True)
    found = {one.student: (one.before, one.after, one.kept) for one in regraded.changes.students}
    assert found["ben"] == (Fraction(7), Fraction(8), False)
    assert found["cy"] == (Fraction(5), Fraction(11, 2), False)
    assert regraded.graded is not None
    assert [one.final for one in regraded.graded.submissions[1:3]] == [Fraction(8), Fraction(11, 2)]


def test_all_attempts_are_marked_again_where_they_count(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, [handed_in("ann", start=1.58)], Reads())
    mark(book, folder, [handed_in("ann", start=9)], Reads(), attempts=Attempts.BEST)
    course(tmp_path, *EDITS["a tolerance"][:2])
    regraded = again(book, folder, Reads())
    assert regraded.graded is not None
    assert [(one.attempt, one.score) for one in regraded.graded.submissions] == [(2, Fraction(5))]


def test_what_was_hindered_is_run_now(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    sandbox = Reads()
    sandbox.faulty.add(b"x + 1")
    mark(book, folder, CLASS, sandbox)
    other = Reads()
    regraded = again(book, folder, other)
    assert len(other.jobs) == 1
    assert regraded.graded is not None
    assert all(one.final is not None for one in regraded.graded.submissions)


def test_other_files_to_hand_in_need_the_folders(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    course(tmp_path, SPEC.replace("code.py]", "code.py, more.py]"))
    with pytest.raises(GradebookFault, match="grader grade"):
        again(book, folder, Reads())


@pytest.mark.processes
def test_each_edit_is_tried_alone(tmp_path: Path, book: Gradebook) -> None:
    """`cy` gains by a new mistake, which needs its step: neither does it alone."""
    folder = course(tmp_path)
    mark(book, folder, CLASS, Reads())
    spec = SPEC.replace("atol: 0.1", "atol: 0.01").replace("points: 4", "points: 8")
    course(tmp_path, spec + HEAVY, REFERENCE + MORE)
    regraded = again(book, folder, Reads())
    assert set(regraded.attribution.edits) == {
        "tolerance of start",
        "points of twice",
        "mistake one-more is new",
        "one_more of the reference",
    }
    by = {
        (student.student, one.question): regraded.attribution.by.get(
            (one.submission, one.question), ()
        )
        for student in regraded.changes.students
        for one in student.questions
    }
    assert by["ben", "start"] == ("tolerance of start",)
    assert by["ann", "twice"] == ("points of twice",)


def test_who_is_marked_for_the_first_time_gains_nothing(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, CLASS[:1], Reads())
    mark(book, folder, CLASS, Reads())
    (row,) = book.rows("SELECT max(id) AS run FROM run")
    changes = changes_of(book, row["run"], rules_of(book, "small"))
    assert (changes.total, list(changes.students)) == (1, [])
