from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from grader.judge.words.tell import told, worded
from grader.model.fact import Facts
from grader.model.fact_marking import Failed, PartUnknown
from grader.model.outcome import Outcome, PartOutcome, SubmissionOutcome
from grader.model.response import Failure
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.words import GLYPHS, VERDICT_WORDS, below, feedback_lines, score_line


def outcome(verdict: Verdict, score: int | None, parts: tuple[PartOutcome, ...] = ()) -> Outcome:
    return Outcome(
        question="q",
        verdict=verdict,
        score=None if score is None else Fraction(score),
        max_score=Fraction(4),
        parts=parts,
    )


def test_every_verdict_has_a_sign_of_its_own_and_words() -> None:
    assert set(GLYPHS) == set(VERDICT_WORDS) == set(Verdict)
    assert len(set(GLYPHS.values())) == len(Verdict)
    assert {len(glyph) for glyph in GLYPHS.values()} == {1}


def test_the_total_says_what_it_leaves_out() -> None:
    outcomes = (
        outcome(Verdict.PARTIAL, 1),
        outcome(Verdict.PENDING, None),
        outcome(Verdict.GRADER_ERROR, None),
    )
    line = score_line(SubmissionOutcome(submission="ann", outcomes=outcomes))
    assert line == "1 / 4, 4 for a person, 4 not marked"


def test_what_cannot_be_read_counts_in_the_total_until_a_person_has_read_it() -> None:
    unread = replace(outcome(Verdict.PENDING, None), reason=Reason.UNREADABLE)
    waiting = replace(outcome(Verdict.PENDING, None), reason=Reason.FOR_A_PERSON)
    marked = SubmissionOutcome(
        submission="ann", outcomes=(outcome(Verdict.CORRECT, 4), unread, waiting)
    )
    assert score_line(marked) == "4 / 8, 4 not readable yet, 4 for a person"
    assert [marked.max_score, marked.counted] == [4, 8]
    assert (below(marked, 50), below(marked, 51)) == (False, True)
    bonus = replace(marked, outcomes=(outcome(Verdict.CORRECT, 4), replace(unread, bonus=True)))
    assert score_line(bonus) == "4 / 4, 4 bonus not readable yet"
    assert not below(bonus, 100)


@pytest.mark.parametrize(
    ("score", "limit", "under"),
    [(2, 50, False), (1, 50, True), (4, 100, False), (0, 0, False), (None, 100, False)],
)
def test_under_the_limit_counts_what_was_judged(
    score: int | None, limit: float, under: bool
) -> None:
    marked = SubmissionOutcome(submission="ann", outcomes=(outcome(Verdict.PARTIAL, score),))
    assert below(marked, limit) is under


def test_of_many_failed_parts_six_are_shown_and_the_rest_counted() -> None:
    parts = tuple(
        PartOutcome(
            label=str(n),
            verdict=Verdict.INCORRECT,
            facts=Facts.of(PartUnknown(label=f"wrong {n}")),
        )
        for n in range(9)
    )
    lines = feedback_lines(outcome(Verdict.INCORRECT, 0, parts), Audience.STUDENT)
    wrong = [f"{n}: there is no part “wrong {n}”" for n in range(6)]
    assert lines == [*wrong, "… and 3 more like these"]


def test_what_the_question_says_its_parts_do_not_repeat() -> None:
    def raised() -> Facts:
        failure = Failure(verdict=Verdict.RAISED, reason=Reason.EXCEPTION, exception="KeyError")
        return Facts.of(Failed(failure=failure, entry="f"))

    part = PartOutcome(label="1", verdict=Verdict.RAISED, facts=raised())
    whole = Outcome(
        question="q",
        verdict=Verdict.RAISED,
        score=Fraction(0),
        max_score=Fraction(1),
        facts=raised(),
        parts=(part, part),
    )
    assert feedback_lines(worded(whole), Audience.STUDENT) == ["KeyError was raised"]


def test_what_is_the_same_for_several_parts_is_said_once() -> None:
    def part(label: str, text: str) -> PartOutcome:
        facts = Facts.of(PartUnknown(label=text))
        return PartOutcome(label=label, verdict=Verdict.BLOCKED, facts=facts)

    parts = (part("a", "no"), part("b", "yes"), part("c", "no"))
    several = tuple(part(str(n), "no") for n in range(9))
    assert feedback_lines(outcome(Verdict.BLOCKED, 0, parts), Audience.STUDENT) == [
        "a, c: there is no part “no”",
        "b: there is no part “yes”",
    ]
    assert feedback_lines(outcome(Verdict.BLOCKED, 0, several), Audience.STAFF) == [
        "0, 1, 2 and 6 more: there is no part “no”"
    ]


@pytest.mark.parametrize(
    ("more", "full"),
    [
        ({"message": "'m'"}, "KeyError was raised: 'm'"),
        ({"file": "a", "line": 3}, "KeyError was raised at line 3 of a"),
    ],
)
def test_staff_read_a_failure_in_full_and_not_its_short_form_too(
    more: dict[str, Any], full: str
) -> None:
    failure = Failure(verdict=Verdict.RAISED, reason=Reason.EXCEPTION, exception="KeyError", **more)
    facts = Facts.of(Failed(failure=failure, entry="f", hidden=True))
    part = PartOutcome(label="1", verdict=Verdict.RAISED, hidden=True, facts=facts)
    whole = outcome(Verdict.RAISED, 0, (part,))
    assert told(facts).student == ("KeyError was raised",)
    assert feedback_lines(whole, Audience.STAFF) == [f"1: {full}"]
