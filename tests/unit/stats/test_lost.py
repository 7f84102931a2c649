"""Every lost point has one cause, and mistakes have what they cost."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.fact import Facts
from grader.model.fact_explaining import Explained, Tried
from grader.model.outcome import Outcome, PartOutcome
from grader.model.verdict import Reason, Verdict
from grader.stats.answers import read_class
from grader.stats.cases import case_catches
from grader.stats.lost import Cause, lost_points
from grader.stats.mistakes import mistakes_made
from grader.stats.readings import readings_needed
from tests.build import outcome_of, submission_of
from tests.some import some

KNOWN = Facts.of(Explained(mistakes=(("heavy-ball",), ("other",))))
BOTH = Facts.of(
    Explained(mistakes=(("slip",),)), Tried(mistakes=(), used_mistakes=("uphill", "heavy-ball"))
)


def part(verdict: Verdict, credit: float = 0, label: str = "x", **fields: Any) -> PartOutcome:
    return PartOutcome(label=label, verdict=verdict, credit=Fraction(credit), **fields)


def question(*parts: PartOutcome, score: float = 0, most: int = 4) -> Outcome:
    return outcome_of(score, most, parts=parts)


#: By hand: 4 points, of which these were lost, and why.
BY_HAND = [
    (question(part(Verdict.INCORRECT)), {Cause.UNEXPLAINED: 4}),
    (question(part(Verdict.MISSING)), {Cause.UNANSWERED: 4}),
    (question(part(Verdict.RAISED), part(Verdict.TIMED_OUT)), {Cause.FAILED_CODE: 4}),
    (
        question(part(Verdict.CORRECT, 1), part(Verdict.PARTIAL, 0.5, facts=KNOWN), score=3),
        {Cause.EXPLAINED: 1},
    ),
    # all or nothing: one wrong row of two costs all, and is the cause of all
    (question(part(Verdict.CORRECT, 1), part(Verdict.INCORRECT)), {Cause.UNEXPLAINED: 4}),
    (
        question(part(Verdict.INCORRECT, share=Fraction(3)), part(Verdict.MISSING)),
        {Cause.UNEXPLAINED: 3, Cause.UNANSWERED: 1},
    ),
    (question(part(Verdict.IMPRECISE, 0.5), score=2), {Cause.EXPLAINED: 2}),
    (outcome_of(1, 4, verdict=Verdict.PENDING), {Cause.BY_A_PERSON: 3}),
    (outcome_of(None, 4), {}),
    (outcome_of(0, 4, verdict=Verdict.MISSING, bonus=True), {}),
    (outcome_of(5, 4), {}),
    # a person took a point off what is right
    (question(part(Verdict.CORRECT, 1), score=3), {Cause.UNEXPLAINED: 1}),
]


def test_losses_by_hand() -> None:
    for outcome, wanted in BY_HAND:
        found = lost_points(read_class([submission_of(outcome)]))
        assert {cause: lost for cause, lost in found.by_cause.items() if lost} == wanted
        assert found.total == sum(wanted.values())


@settings(max_examples=some(40))
@given(st.lists(st.sampled_from([outcome for outcome, _ in BY_HAND]), max_size=12))
def test_the_causes_add_up_to_all_that_was_lost(outcomes: list[Outcome]) -> None:
    found = lost_points(
        read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(outcomes))
    )
    lost = sum(
        max(one.max_score - one.score, Fraction(0))
        for one in outcomes
        if one.score is not None and not one.bonus
    )
    assert found.total == lost
    shares = [found.share(cause) for cause in Cause]
    if lost:
        assert sum(share or 0 for share in shares) == pytest.approx(1)
    else:
        assert shares == [None] * len(Cause)


def test_mistakes_by_what_they_cost() -> None:
    outcomes = [
        question(part(Verdict.PARTIAL, 0.5, facts=KNOWN), score=2),
        question(part(Verdict.PARTIAL, 0, facts=BOTH), score=0),
        question(part(Verdict.FOLLOWS, 1, facts=KNOWN), score=4),
    ]
    students = read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(outcomes))
    found = [
        (one.mistake, one.students, one.answers, float(one.points))
        for one in mistakes_made(students)
    ]
    assert found == [
        ("heavy-ball", ("s0", "s1", "s2"), 3, 4),  # 2, and half of 4
        ("uphill", ("s1",), 1, 2),
    ]


def test_a_mistake_of_a_function_is_that_of_its_known_cases() -> None:
    cases = (
        part(Verdict.CORRECT, 1, "case 1"),
        part(Verdict.INCORRECT, 0, "case 2", reason=Reason.KNOWN_MISTAKE),
        part(Verdict.INCORRECT, 0, "case 3", reason=Reason.WRONG_DTYPE),
    )
    outcome = outcome_of(1, 3, parts=cases, facts=KNOWN)
    (found,) = mistakes_made(read_class([submission_of(outcome)]))
    assert (found.mistake, found.answers) == ("heavy-ball", 1)
    assert found.points == 1


def test_which_case_catches_whom() -> None:
    def function(*wrong: int, verdict: Verdict = Verdict.INCORRECT) -> Outcome:
        labels = ("f(1)", "f(1)", "hidden case 3")
        return outcome_of(
            0,
            parts=tuple(
                part(verdict if n in wrong else Verdict.CORRECT, 0, label)
                for n, label in enumerate(labels)
            ),
        )

    outcomes = {
        "ann": function(0, 1),
        "ben": function(1),
        "cy": function(0, 1, 2, verdict=Verdict.RAISED),
        "dee": outcome_of(0, verdict=Verdict.MISSING),
        "eve": function(),
    }
    students = read_class(submission_of(one, submission=name) for name, one in outcomes.items())
    found = [(one.label, one.caught, one.alone) for one in case_catches(students, "q")]
    assert found == [
        ("f(1)", ("ann", "cy"), ()),
        ("f(1) (2)", ("ann", "ben", "cy"), ("ben",)),
        ("hidden case 3", ("cy",), ()),
    ]
    assert [one.adds_nothing for one in case_catches(students, "q")] == [True, False, True]


def test_readings_are_counted_by_student() -> None:
    typed = outcome_of(4, lenient=("LaTeX",), parts=(part(Verdict.CORRECT, 1, lenient=("LaTeX",)),))
    other = outcome_of(4, question="r", lenient=("letter case", "LaTeX"))
    found = readings_needed(
        read_class([submission_of(typed, other), submission_of(submission="b")])
    )
    told = [(one.kind, one.students, one.questions, one.answers) for one in found]
    assert told == [("LaTeX", ("ann",), ("q", "r"), 2), ("letter case", ("ann",), ("r",), 1)]
