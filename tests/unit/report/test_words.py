from __future__ import annotations

import pytest

from grader.model.outcome import Feedback, PartOutcome
from grader.model.verdict import Audience, Verdict
from grader.report.words import GLYPHS, VERDICT_WORDS, below, feedback_lines, score_line
from tests.build import outcome_of, submission_of


def test_every_verdict_has_a_sign_of_its_own_and_words() -> None:
    assert set(GLYPHS) == set(VERDICT_WORDS) == set(Verdict)
    assert len(set(GLYPHS.values())) == len(Verdict)
    assert {len(glyph) for glyph in GLYPHS.values()} == {1}


def test_the_total_says_what_it_leaves_out() -> None:
    outcomes = (
        outcome_of(1),
        outcome_of(None),
        outcome_of(None, verdict=Verdict.GRADER_ERROR),
    )
    line = score_line(submission_of(*outcomes))
    assert line == "1 / 4, 4 for a person, 4 not marked"


@pytest.mark.parametrize(
    ("score", "limit", "under"),
    [(2, 50, False), (1, 50, True), (4, 100, False), (0, 0, False), (None, 100, False)],
)
def test_under_the_limit_counts_what_was_judged(
    score: int | None, limit: float, under: bool
) -> None:
    marked = submission_of(outcome_of(score, verdict=Verdict.PARTIAL))
    assert below(marked, limit) is under


def test_of_many_failed_parts_six_are_shown_and_the_rest_counted() -> None:
    parts = tuple(
        PartOutcome(
            label=str(n),
            verdict=Verdict.INCORRECT,
            feedback=(Feedback(audience=Audience.STUDENT, text=f"wrong {n}"),),
        )
        for n in range(9)
    )
    lines = feedback_lines(outcome_of(0, verdict=Verdict.INCORRECT, parts=parts), Audience.STUDENT)
    assert lines == [f"{n}: wrong {n}" for n in range(6)] + ["… and 3 more like these"]


def test_what_the_question_says_its_parts_do_not_repeat() -> None:
    line = Feedback(audience=Audience.STUDENT, text="raised")
    part = PartOutcome(label="1", verdict=Verdict.RAISED, feedback=(line,))
    whole = outcome_of(0, verdict=Verdict.RAISED, feedback=(line,), parts=(part, part))
    assert feedback_lines(whole, Audience.STUDENT) == ["raised"]


def test_what_is_the_same_for_several_parts_is_said_once() -> None:
    def part(label: str, text: str) -> PartOutcome:
        line = Feedback(audience=Audience.STUDENT, text=text)
        return PartOutcome(label=label, verdict=Verdict.BLOCKED, feedback=(line,))

    parts = (part("a", "no"), part("b", "yes"), part("c", "no"))
    several = tuple(part(str(n), "no") for n in range(9))
    assert feedback_lines(
        outcome_of(0, verdict=Verdict.BLOCKED, parts=parts), Audience.STUDENT
    ) == [
        "a, c: no",
        "b: yes",
    ]
    assert feedback_lines(
        outcome_of(0, verdict=Verdict.BLOCKED, parts=several), Audience.STAFF
    ) == ["0, 1, 2 and 6 more: no"]


@pytest.mark.parametrize("full", ["KeyError was raised: 'm'", "KeyError was raised at line 3 of a"])
def test_staff_read_a_failure_in_full_and_not_its_short_form_too(full: str) -> None:
    lines = (
        Feedback(audience=Audience.STUDENT, text="KeyError was raised"),
        Feedback(audience=Audience.STAFF, text=full),
    )
    part = PartOutcome(label="1", verdict=Verdict.RAISED, hidden=True, feedback=lines)
    whole = outcome_of(0, verdict=Verdict.RAISED, parts=(part,))
    assert feedback_lines(whole, Audience.STAFF) == [f"1: {full}"]
