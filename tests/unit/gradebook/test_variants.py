"""A class in which everybody has a variant: marked, kept, and marked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from grader.checks.prepare import Prepared, prepare
from grader.course.again import AgainOptions, Regraded, regrade
from grader.course.keep import KeepOptions, grade_into
from grader.course.options import RunOptions
from grader.course.variants import drawn_givens
from grader.gradebook.asking import kept_variants
from grader.gradebook.book import Gradebook, GradebookFault, open_gradebook
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.value import Value
from grader.model.verdict import Audience
from grader.plan.variant import variant_text
from grader.sandbox.contract import Job, JobResult
from grader.submissions.submission import Submission
from tests.unit.gradebook.small import Reads, course

SECRET = b"a secret of sixteen"
SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
givens: {start: [4, 1], rate: 0.05, eta: 2}
variants:
  givens:
    start: {choice: [[4, 1], [3, 2], [2, 5]]}
    rate: {grid: [0.01, 0.09, 0.01]}
    eta: {integer: [2, 4]}
  where: [well_posed]
questions:
  - {id: first, kind: array, points: 2}
  - id: rows
    kind: iterates
    points: 3
    expected: [[2.8, 0.7], [1.96, 0.49]]
    tolerance: {decimals: 3}
  - {id: steps, kind: number, expected: 2}
  - id: twice
    kind: function
    call: twice(x)
    globals: {eta: eta}
    points: 2
    cases: [{x: 1}, {x: 3}]
"""
REFERENCE = """\
import numpy as np
def first(start, rate): return start * (1 - 6 * rate)
def rows(start, rate): return np.array([start * (1 - 6 * rate), start * (1 - 6 * rate) ** 2])
def steps(): return 2
def twice(x, /, eta): return eta * x
def well_posed(rate): return rate < 0.08
"""
NAMES = [f"student {number}" for number in range(11)] + ["jörg"]


class Multiplies(Reads):
    """A sandbox in which `twice` uses the global that it is told, as right code does."""

    def run(self, job: Job) -> JobResult:
        found = super().run(job)
        for call in job.calls:
            response = found.responses[call.id]
            value = call.globals["eta"] * call.arguments[0]
            found.responses[call.id] = type(response)(value=value)  # type: ignore[index]  # it is a dict
        return found


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return course(tmp_path, SPEC, REFERENCE)


@pytest.fixture(name="prepared")
def _prepared(folder: Path) -> Prepared:
    return prepare(folder)


def givens_of(prepared: Prepared, name: str) -> Mapping[str, Value]:
    return drawn_givens(prepared, SECRET, [name])[name]


def handed_in(prepared: Prepared, name: str, *, of: str = "", rows: bool = True) -> Submission:
    """What is right for the variant of this student, or of another one."""
    givens = givens_of(prepared, of or name)
    start, rate = np.asarray(givens["start"]), givens["rate"]
    first = start * (1 - 6 * rate)
    text = f"first: {first.tolist()}\nsteps: 2\n"
    if rows:
        text += f"rows: {np.round([first, first * (1 - 6 * rate)], 3).tolist()}\n"
    return Submission(
        id=name, modules={"code.py": b"2 * x"}, sheets={"answers.yaml": text.encode()}
    )


def marked(
    book: Gradebook,
    folder: Path,
    prepared: Prepared,
    submissions: Sequence[Submission],
    *,
    secret: bytes = SECRET,
    keep: KeepOptions | None = None,
) -> Graded:
    run = RunOptions(workers=2, watched=False, secret=secret)
    return grade_into(book, folder, prepared, submissions, Multiplies(), run=run, keep=keep)


def again(book: Gradebook, folder: Path) -> Regraded:
    return regrade(
        book, folder, prepare(folder), no_sandbox, AgainOptions(run=RunOptions(watched=False))
    )


def no_sandbox() -> NoReturn:
    pytest.fail("code was to be run")


def scores(graded: Graded | None) -> dict[str, float]:
    assert graded is not None
    return {one.submission: float(one.score) for one in graded.submissions}


def to_look_at(graded: Graded | None) -> dict[str, str]:
    assert graded is not None
    return {one.submission: text for one in graded.submissions if (text := looked_at(one))}


def looked_at(one: SubmissionOutcome) -> str:
    """What staff are told of another variant."""
    staff = [note.text for note in one.notes if note.audience is Audience.STAFF]
    return " ".join(text for text in staff if "right for the variant" in text)


@pytest.mark.lengthy
def test_a_class_is_marked_by_their_variants(
    tmp_path: Path, folder: Path, prepared: Prepared
) -> None:
    copied = next(name for name in NAMES[1:] if differ(prepared, name, NAMES[0]))
    whole = [handed_in(prepared, name, of=NAMES[0] if name == copied else "") for name in NAMES]
    with open_gradebook(tmp_path / "r.db") as book:
        graded = marked(book, folder, prepared, whole)
        assert scores(graded) == {name: 3 if name == copied else 8 for name in NAMES}
        assert set(to_look_at(graded)) == {copied}
        assert NAMES[0] in to_look_at(graded)[copied]
        assert "first, rows" in to_look_at(graded)[copied]
        for one in graded.submissions:
            read = [note.text for note in one.notes if note.audience is Audience.STUDENT]
            assert len(read) == 2
            assert read[0] == "answers from answers.yaml"
            assert "marked by the variant with start = [" in read[1]
        kept = kept_variants(book, "small")
        assert kept == {name: variant_text(givens_of(prepared, name)) for name in NAMES}
        # Marked again, no code runs and no secret is needed; a changed rule concerns everybody.
        same = again(book, folder)
        assert scores(same.graded) == scores(graded)
        assert to_look_at(same.graded) == to_look_at(graded)
        spec = folder / "assignment.yaml"
        spec.write_text(SPEC.replace("kind: array, points: 2", "kind: array, points: 4"))
        assert scores(again(book, folder).graded)[NAMES[0]] == 10


def differ(prepared: Prepared, one: str, other: str) -> bool:
    """Whether two have another start and another rate."""
    a, b = givens_of(prepared, one), givens_of(prepared, other)
    return a["rate"] != b["rate"] and not np.array_equal(a["start"], b["start"])


@pytest.mark.lengthy
def test_order_and_class_change_no_mark(tmp_path: Path, folder: Path, prepared: Prepared) -> None:
    whole = [handed_in(prepared, name) for name in NAMES]
    with open_gradebook(tmp_path / "a.db") as book:
        usual = scores(marked(book, folder, prepared, whole))
    with open_gradebook(tmp_path / "b.db") as book:
        backwards = scores(marked(book, folder, prepared, whole[::-1]))
    with open_gradebook(tmp_path / "c.db") as book:
        alone = scores(marked(book, folder, prepared, whole[:1]))
    assert backwards == usual
    assert alone == {NAMES[0]: usual[NAMES[0]]}


def test_two_who_share_a_variant_are_no_suspects(
    tmp_path: Path, folder: Path, prepared: Prepared
) -> None:
    by: dict[str, list[str]] = {}
    for number in range(200):
        name = f"pupil {number}"
        by.setdefault(variant_text(givens_of(prepared, name)), []).append(name)
    pair = next(names for names in by.values() if len(names) > 1)[:2]
    wrong = Submission(
        id="bob",
        modules={"code.py": b"2 * x"},
        sheets={"answers.yaml": b"first: [17.25, 3.125]\nsteps: 2\n"},
    )
    whole = [handed_in(prepared, pair[0]), handed_in(prepared, pair[1], rows=False), wrong]
    with open_gradebook(tmp_path / "r.db") as book:
        graded = marked(book, folder, prepared, whole)
        assert scores(graded)[pair[0]] == 8
        assert to_look_at(graded) == {}


@pytest.mark.lengthy
def test_another_secret_is_told_before_anything_is_marked(
    tmp_path: Path, folder: Path, prepared: Prepared
) -> None:
    whole = [handed_in(prepared, name) for name in NAMES]
    other = b"another secret of course"
    with open_gradebook(tmp_path / "r.db") as book:
        first = scores(marked(book, folder, prepared, whole))
        with pytest.raises(GradebookFault, match="marked by another variant"):
            marked(book, folder, prepared, whole, secret=other)
        assert scores(marked(book, folder, prepared, whole)) == first
        wrong = marked(
            book, folder, prepared, whole, secret=other, keep=KeepOptions(new_variants=True)
        )
        assert sum(scores(wrong).values()) < sum(first.values())


def test_of_who_came_later_the_class_is_known(
    tmp_path: Path, folder: Path, prepared: Prepared
) -> None:
    late = next(name for name in NAMES if differ(prepared, name, NAMES[0]))
    with open_gradebook(tmp_path / "r.db") as book:
        marked(book, folder, prepared, [handed_in(prepared, NAMES[0])])
        graded = marked(book, folder, prepared, [handed_in(prepared, late, of=NAMES[0])])
        assert set(to_look_at(graded)) == {late}


def test_a_fault_in_looking_at_other_variants_is_told_to_staff_alone(
    tmp_path: Path, folder: Path, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs nobody anything, and it is not lost."""
    copied = next(name for name in NAMES if differ(prepared, name, NAMES[0]))
    whole = [handed_in(prepared, NAMES[0]), handed_in(prepared, copied, of=NAMES[0])]

    def broken(*_arguments: object) -> NoReturn:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Prepared, "elsewhere", broken)
    with open_gradebook(tmp_path / "r.db") as book:
        graded = marked(book, folder, prepared, whole)
        assert scores(graded) == {NAMES[0]: 8, copied: 3}
        told = {
            one.submission: [note.text for note in one.notes if "a fault of ours" in note.text]
            for one in graded.submissions
        }
        text = (
            "could not be held against the variants of others: ZeroDivisionError: a fault of ours"
        )
        assert told == {NAMES[0]: [], copied: [text]}
        staff = [
            note.text for note in graded.submissions[1].notes if note.audience is Audience.STAFF
        ]
        assert text in staff
