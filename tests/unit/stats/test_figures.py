"""Distribution, facility, discrimination and reliability, beside numpy and tables made by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.assignment import AnswerQuestion
from grader.model.verdict import Reason, Verdict
from grader.stats.answers import Student, read_class
from grader.stats.discrimination import correlation, figures_of, interval_of
from grader.stats.distribution import distribution
from grader.stats.reliability import reliability
from grader.stats.waiting import waiting_for
from tests.build import outcome_of, submission_of
from tests.some import some

NAMES = ("a", "b", "c")
SCORES = st.lists(
    st.tuples(*(st.integers(0, 4) for _ in NAMES)), min_size=0, max_size=40
)  # rows of a class: points of 4 a question


def asked(name: str = "a", points: int = 4) -> AnswerQuestion:
    return AnswerQuestion(id=name, kind="number", entry=name, points=Fraction(points), parts=())


def students(rows: Sequence[tuple[int, ...]]) -> list[Student]:
    return [
        *read_class(
            submission_of(
                *(
                    outcome_of(score, question=name)
                    for name, score in zip(NAMES, row, strict=False)
                ),
                submission=f"s{number}",
            )
            for number, row in enumerate(rows)
        )
    ]


@settings(max_examples=some(60))
@given(SCORES)
def test_figures_are_those_of_numpy(rows: list[tuple[int, ...]]) -> None:
    found = figures_of(students([*rows]), asked())
    assert found.students == found.scored == len(rows)
    if not rows:
        assert found.facility is None
        assert found.discrimination is None
        return
    table = np.array(rows, dtype=float)
    own, rest = table[:, 0], table[:, 1:].sum(axis=1)
    assert found.facility == pytest.approx(own.mean() / 4)
    if len(rows) < 3 or not own.std() or not rest.std():
        assert found.discrimination is None
        return
    assert found.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1], abs=1e-9)
    most = np.cov(np.sort(own), np.sort(rest))[0, 1]
    assert found.efficiency == pytest.approx(np.cov(own, rest)[0, 1] / most, abs=1e-9)


@settings(max_examples=some(30))
@given(SCORES, st.randoms())
def test_the_order_of_students_changes_nothing(rows: list[tuple[int, ...]], random: Random) -> None:
    mixed = [*rows]
    random.shuffle(mixed)
    one, other = (students([*order]) for order in (rows, mixed))
    assert figures_of(one, asked()) == figures_of(other, asked())
    assert distribution(one) == distribution(other)
    assert reliability(one) == reliability(other)


@pytest.mark.lengthy
def test_noise_has_no_corrected_discrimination() -> None:
    """With itself in the total, one of ten would have 0.3 on average for nothing but noise."""
    noise = np.random.default_rng(3).integers(0, 5, (1500, 2))
    found = figures_of(students([*map(tuple, noise.tolist())]), asked())
    assert found.discrimination is not None
    assert abs(found.discrimination) < 0.08
    assert found.poor


def test_the_interval_is_that_of_fisher() -> None:
    assert interval_of(0.5, 14) is None  # of so few nothing is said
    low, high = interval_of(0.5, 28) or (0, 0)
    assert low == pytest.approx(math.tanh(0.5493061443340549 - 1.96 / 5))
    assert high == pytest.approx(math.tanh(0.5493061443340549 + 1.96 / 5))
    assert interval_of(1.0, 20) == (1.0, 1.0)  # not nan
    assert interval_of(-1.0, 20) == (-1.0, -1.0)


@pytest.mark.parametrize(("count", "poor"), [(14, False), (400, True)])
def test_a_question_is_flagged_only_by_its_whole_interval(count: int, poor: bool) -> None:
    rows = [(4 * (n % 2), 4 * (n // 2 % 2)) for n in range(count)]
    assert figures_of(students(rows), asked()).poor is poor


def test_what_is_nearly_the_same_for_all_has_no_correlation() -> None:
    assert correlation([0.1 + 0.2, 0.3, 0.3], [1, 2, 3]) is None
    assert correlation([1, 2], [1, 2]) is None
    assert correlation([1, 2, 3], [1, 2, 3]) == pytest.approx(1)


def test_who_did_not_answer_counts_zero_and_who_waits_is_left_out() -> None:
    rows = [
        outcome_of(4, question="a"),
        outcome_of(0, question="a", verdict=Verdict.MISSING),
        outcome_of(None, question="a"),
        outcome_of(None, question="a", verdict=Verdict.GRADER_ERROR),
        outcome_of(None, question="a", reason=Reason.UNREADABLE),
    ]
    read = read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(rows))
    found = figures_of(read, asked())
    assert (found.students, found.answered, found.scored, found.full) == (5, 4, 2, 1)
    assert (found.held, found.pending) == (2, 1)
    assert (found.facility, found.facility_answered) == (0.5, 1.0)
    waiting = waiting_for(read)
    assert waiting.held == {"a": ("s3", "s4")}
    assert waiting.pending == {"a": ("s2",)}
    assert waiting.students == 3


@settings(max_examples=some(40))
@given(SCORES)
def test_a_distribution_is_that_of_numpy(rows: list[tuple[int, ...]]) -> None:
    found = distribution(students([*rows]))
    marks = np.array([100 * sum(row) / 12 for row in rows])
    assert sum(found.bins) == found.students == len(rows)
    if not rows:
        assert found.mean is found.median is found.most is None
        return
    quartiles = (found.lower_quartile, found.median, found.upper_quartile)
    assert quartiles == pytest.approx([*np.percentile(marks, (25, 50, 75))])
    assert (found.mean, found.least, found.most) == pytest.approx(
        (marks.mean(), marks.min(), marks.max())
    )
    assert [*found.bins] == [*np.histogram(marks, bins=10, range=(0, 100))[0]]
    if len(rows) > 1:
        assert found.deviation == pytest.approx(marks.std(ddof=1))


def test_a_mark_that_a_rule_makes_another_is_the_one_that_counts() -> None:
    lower = submission_of(outcome_of(1), counts=Fraction(3), submission="kept")
    assert distribution(read_class([lower])).mean == 75
    waits = submission_of(outcome_of(1), outcome_of(None, question="b"), submission="waits")
    found = distribution(read_class([waits]))
    assert (found.mean, found.provisional) == (25, 1)
    nothing = submission_of(outcome_of(None))
    assert distribution(read_class([nothing])).students == 0


def test_reliability_is_that_of_its_definition() -> None:
    rows = np.random.default_rng(1).integers(0, 5, (40, 1)) + np.random.default_rng(2).integers(
        0, 3, (40, 6)
    )
    submissions = [
        submission_of(
            *(outcome_of(int(score), most=8, question=f"q{k}") for k, score in enumerate(row)),
            submission=f"s{n}",
        )
        for n, row in enumerate(rows)
    ]
    found = reliability(read_class(submissions))
    assert found is not None
    totals = rows.sum(axis=1)
    alpha = 6 / 5 * (1 - rows.var(axis=0, ddof=1).sum() / totals.var(ddof=1))
    assert found.alpha == pytest.approx(alpha)
    assert found.error == pytest.approx(totals.std(ddof=1) * math.sqrt(1 - alpha))
    assert reliability(read_class(submissions[:29])) is None


def test_a_question_that_only_waits_for_a_person_has_no_facility() -> None:
    """Those who left it out alone would make it look as if nobody could do it."""
    waits = [
        outcome_of(None, question="a", verdict=Verdict.PENDING),
        outcome_of(0, question="a", verdict=Verdict.MISSING),
    ]
    read = read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(waits))
    assert figures_of(read, asked()).facility is None
    marked = [*waits, outcome_of(4, question="a")]
    read = read_class(submission_of(one, submission=f"s{n}") for n, one in enumerate(marked))
    assert figures_of(read, asked()).facility == 0.5
    nobody = read_class([submission_of(waits[1], submission="s")])
    assert figures_of(nobody, asked()).facility == 0.0
