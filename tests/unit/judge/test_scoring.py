"""From parts to a verdict and a score."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.scoring import combine, whole
from grader.model.assignment import Question
from grader.model.fact import Facts
from grader.model.fact_marking import ListWanted, PartUnknown, RowsExtra
from grader.model.outcome import PartOutcome
from grader.model.verdict import Reason, Verdict

CORRECT, INCORRECT, IMPRECISE = Verdict.CORRECT, Verdict.INCORRECT, Verdict.IMPRECISE
MISSING = Verdict.MISSING


def question(*, points: int = 6, all_or_nothing: bool = False) -> Question:
    return Question(
        id="q",
        kind="number",
        points=Fraction(points),
        prompt="",
        entry="q",
        all_or_nothing=all_or_nothing,
    )


def part(
    verdict: Verdict, credit: float | None = None, *, share: int = 1, hidden: bool = False
) -> PartOutcome:
    if credit is None:
        credit = {CORRECT: 1.0, IMPRECISE: 0.5}.get(verdict, 0.0)
    return PartOutcome(
        label=f"{verdict} {share}",
        verdict=verdict,
        reason=None if verdict is CORRECT else Reason.WRONG_VALUE,
        share=Fraction(share),
        credit=Fraction(credit),
        hidden=hidden,
    )


@pytest.mark.parametrize(
    ("parts", "verdict", "score"),
    [
        pytest.param([part(CORRECT), part(CORRECT)], CORRECT, 6, id="all right"),
        pytest.param([part(CORRECT), part(INCORRECT)], Verdict.PARTIAL, 3, id="half right"),
        pytest.param([part(INCORRECT), part(Verdict.MISSING)], INCORRECT, 0, id="first failure"),
        pytest.param(
            [part(CORRECT, share=1), part(INCORRECT, share=2)], Verdict.PARTIAL, 2, id="shares"
        ),
        pytest.param([part(IMPRECISE)], IMPRECISE, 3, id="one imprecise"),
        pytest.param([part(IMPRECISE)] * 2, Verdict.PARTIAL, 3, id="two imprecise"),
        pytest.param([part(Verdict.FOLLOWS, 1), part(CORRECT)], Verdict.FOLLOWS, 6, id="follows"),
        pytest.param(
            [part(Verdict.RAISED, hidden=True), part(INCORRECT)],
            INCORRECT,
            0,
            id="the first failure that a student may see",
        ),
        pytest.param([part(Verdict.RAISED, hidden=True)] * 2, Verdict.RAISED, 0, id="all hidden"),
        pytest.param([part(MISSING), part(INCORRECT)], INCORRECT, 0, id="what was answered"),
        pytest.param([part(MISSING)] * 2, MISSING, 0, id="nothing was answered"),
        pytest.param([part(MISSING), part(CORRECT)], Verdict.PARTIAL, 3, id="one was not answered"),
        pytest.param(
            [part(MISSING), part(Verdict.RAISED, hidden=True)], MISSING, 0, id="hidden comes last"
        ),
    ],
)
def test_each_part_earns_its_share(parts: list[PartOutcome], verdict: Verdict, score: int) -> None:
    outcome = combine(question(), parts)
    assert outcome.verdict is verdict
    assert outcome.score == score
    assert outcome.max_score == 6


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        pytest.param([part(CORRECT), part(INCORRECT)], INCORRECT, id="one wrong"),
        pytest.param([part(CORRECT), part(IMPRECISE)], IMPRECISE, id="one imprecise"),
        pytest.param([part(IMPRECISE)], IMPRECISE, id="the only one imprecise"),
        pytest.param([part(CORRECT), part(MISSING)], INCORRECT, id="one not answered"),
        pytest.param([part(MISSING)] * 2, MISSING, id="none answered"),
    ],
)
def test_all_or_nothing_gives_nothing_unless_all_is_right(
    parts: list[PartOutcome], verdict: Verdict
) -> None:
    outcome = combine(question(all_or_nothing=True), parts)
    assert outcome.verdict is verdict
    assert outcome.score == 0


def test_all_or_nothing_gives_all_where_all_is_right() -> None:
    assert combine(question(all_or_nothing=True), [part(CORRECT)] * 3).score == 6


def test_one_part_that_was_not_judged_holds_the_question() -> None:
    held = PartOutcome(label="b", verdict=Verdict.GRADER_ERROR, credit=None)
    outcome = combine(question(), [part(INCORRECT), held])
    assert (outcome.verdict, outcome.score) == (Verdict.GRADER_ERROR, None)


def test_a_question_without_parts_is_a_fault_of_ours_and_no_zero() -> None:
    with pytest.raises(ValueError, match="nothing to judge"):
        combine(question(), [])


def test_a_lone_unlabelled_part_speaks_for_the_question() -> None:
    note, no, key = PartUnknown(label="x"), ListWanted(actual=1), RowsExtra(extra=2)
    facts = Facts.of(no) + Facts.of(key).kept_from_student()
    lone = PartOutcome(label="", verdict=INCORRECT, facts=facts)
    outcome = combine(question(), [lone], facts=Facts.of(note))
    assert outcome.facts.items == (note, no, key)
    assert outcome.facts.for_student().items == (note, no)
    assert outcome.parts == ()


def test_a_whole_outcome_may_have_no_score() -> None:
    outcome = whole(question(), Verdict.PENDING, Reason.FOR_A_PERSON, score=None)
    assert outcome.score is None
    assert outcome.max_score == 6


VERDICTS = st.sampled_from([CORRECT, INCORRECT, IMPRECISE, Verdict.MISSING, Verdict.RAISED])
PARTS = st.lists(st.builds(part, VERDICTS, share=st.integers(1, 5)), min_size=1, max_size=6)


@given(PARTS, st.booleans())
def test_scores_stay_between_nothing_and_everything(
    parts: list[PartOutcome], all_or_nothing: bool
) -> None:
    outcome = combine(question(all_or_nothing=all_or_nothing), parts)
    assert outcome.score is not None
    assert 0 <= outcome.score <= 6
    assert (outcome.score == 6) is (outcome.verdict is CORRECT)


@given(PARTS, st.integers(0, 5))
def test_making_a_part_right_never_costs_points(parts: list[PartOutcome], which: int) -> None:
    better = list(parts)
    position = which % len(parts)
    better[position] = part(CORRECT, share=int(parts[position].share))
    before, after = combine(question(), parts).score, combine(question(), better).score
    assert before is not None
    assert after is not None
    assert after >= before
