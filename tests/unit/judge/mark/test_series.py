"""series: how a table is read, and what each rule demands of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.mark.series import judge_series
from grader.model.assignment import (
    Limits,
)
from grader.model.fact_series import (
    CriterionMissed,
)
from grader.model.outcome import Feedback, Outcome
from grader.model.response import Response
from grader.model.series import (
    Criterion,
    SeriesQuestion,
)
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import staff_alone, whole_in_words

COUNT = Criterion(label="count", share=Fraction(1), column="acc", rule="count", low=3, high=3)


def judge(
    answer: Any,
    *criteria: Criterion,
    columns: tuple[str, ...] = ("epoch", "acc"),
    gaps: bool = False,
) -> Outcome:
    question = SeriesQuestion(
        id="q",
        kind="series",
        points=Fraction(6),
        prompt="",
        entry="q",
        columns=columns,
        criteria=criteria or (COUNT,),
        gaps=gaps,
    )
    return whole_in_words(judge_series(question, Response(value=answer), Limits()))


def rule(name: str, *, column: str = "acc", **bounds: Any) -> Criterion:
    return Criterion(label=name, share=Fraction(1), column=column, rule=name, **bounds)


def passes(cells: Any, criterion: Criterion, *, gaps: bool = False) -> bool:
    return judge({"acc": cells}, criterion, gaps=gaps).verdict is Verdict.CORRECT


def typed(*texts: str) -> tuple[NumberText, ...]:
    return tuple(map(NumberText, texts))


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"epoch": [0, 1, 2], "acc": [0.5, 0.6, 0.7]},
        {"acc": typed("0.5", "0.6", "0.7")},
        {"acc": np.array([0.5, 0.6, 0.7])},
        [{"epoch": 0, "acc": 0.5}, {"epoch": 1, "acc": 0.6}, {"epoch": 2, "acc": 0.7}],
        {"rows": ({"acc": 0.5}, {"acc": 0.6}, {"acc": 0.7})},
        {"acc": [1, 2, 3], "best": {"epoch": 1}},
        {"Epoch": [0, 1, 2], "ACC": [1, 2, 3]},
        [{"Epoch": 0, "Acc.": 1}, {"Epoch": 1, "Acc.": 2}, {"Epoch": 2, "Acc.": 3}],
    ],
    ids=["columns", "typed", "arrays", "rows", "named rows", "best row", "letters", "in rows"],
)
def test_a_table_is_columns_or_rows(answer: Any) -> None:
    assert judge(answer).verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(None, Reason.NOT_A_TABLE, id="None"),
        pytest.param(0.5, Reason.NOT_A_TABLE, id="a number"),
        pytest.param([0.5, 0.6], Reason.NOT_A_TABLE, id="a list of numbers"),
        pytest.param({"acc": 0.5}, Reason.NOT_A_TABLE, id="a number for a column"),
        pytest.param({"acc": "0.5 0.6"}, Reason.NOT_A_TABLE, id="a text for a column"),
        pytest.param({"acc": Opaque(type_name="map")}, Reason.NOT_A_TABLE, id="opaque"),
        pytest.param({"acc": np.array(0.5)}, Reason.NOT_A_TABLE, id="0-d"),
        pytest.param({"accuracy": [1]}, Reason.UNKNOWN_LABEL, id="another column"),
        pytest.param({"epoch": [0], "acc": [1, 2]}, Reason.WRONG_LENGTH, id="lengths"),
        pytest.param({"acc": [0.5, None]}, Reason.NOT_A_NUMBER, id="a gap"),
        pytest.param([{"acc": 1}, {"epoch": 1}], Reason.NOT_A_NUMBER, id="a gap in the rows"),
        pytest.param({"acc": [True]}, Reason.NOT_A_NUMBER, id="a boolean"),
        pytest.param({"acc": ["0.5"]}, Reason.NOT_A_NUMBER, id="a text"),
        pytest.param({"acc": [[0.5]]}, Reason.NOT_A_NUMBER, id="a list in a cell"),
        pytest.param({"acc": np.ones((2, 2))}, Reason.NOT_A_NUMBER, id="a matrix"),
        pytest.param({"acc": [1j]}, Reason.NOT_A_NUMBER, id="complex"),
        pytest.param({"acc": [float("nan")]}, Reason.NOT_FINITE, id="nan"),
        pytest.param({"acc": typed("inf")}, Reason.NOT_FINITE, id="infinite"),
        pytest.param({"acc": typed("1e400")}, Reason.NOT_FINITE, id="too large"),
        pytest.param({"acc": [10**400]}, Reason.NOT_FINITE, id="a whole number too large"),
    ],
)
def test_what_is_no_table_is_invalid(answer: Any, reason: Reason) -> None:
    outcome = judge(answer)
    assert (outcome.verdict, outcome.reason) == (Verdict.INVALID, reason)
    assert outcome.score == 0


def test_a_column_that_is_not_there_is_missing() -> None:
    outcome = judge({"epoch": [0, 1, 2]}, COUNT, rule("integers", column="epoch"))
    assert [part.verdict for part in outcome.parts] == [Verdict.MISSING, Verdict.CORRECT]
    assert outcome.verdict is Verdict.PARTIAL


@pytest.mark.parametrize("gap", [None, "-", "–", "?", "n/a", ""])
def test_a_gap_is_marked_in_one_of_several_ways(gap: Any) -> None:
    cells = [NumberText("0.5"), gap, NumberText("0.7")]
    assert judge({"acc": cells}, gaps=True).verdict is Verdict.CORRECT
    assert judge({"acc": cells}).reason is Reason.NOT_A_NUMBER
    assert judge({"acc": [*cells[:2], "about 1"]}, gaps=True).reason is Reason.NOT_A_NUMBER


def test_criteria_earn_their_shares() -> None:
    double = Criterion(label="r", share=Fraction(2), column="acc", rule="range", low=0, high=1)
    assert judge({"acc": [0.1, 0.2, 3]}, COUNT, double).score == 2
    assert judge({"acc": [0.1, 0.2]}, COUNT, double).score == 4


def test_a_failure_is_told_as_it_is() -> None:
    question = SeriesQuestion(
        id="q", kind="series", points=Fraction(1), prompt="", entry="q",
        columns=("acc",), criteria=(COUNT,), gaps=False,
    )  # fmt: skip
    response = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    assert judge_series(question, response, Limits()).verdict is Verdict.MISSING


# -- rules ---------------------------------------------------------------------------------------

RULES: list[tuple[str, Criterion, Any, bool]] = [
    ("count", rule("count", low=3, high=3), [1, 1, 1], True),
    ("count, too few", rule("count", low=3, high=3), [1, 1], False),
    ("count, no upper bound", rule("count", low=2), [1] * 50, True),
    ("range on both ends", rule("range", low=0.1, high=0.3), typed("0.1", "0.3"), True),
    ("range below", rule("range", low=0.1, high=0.3), typed("0.0999999999999999999"), False),
    ("range above", rule("range", low=0.1, high=0.3), typed("0.3000000000000000001"), False),
    ("final on the bound", rule("final", low=0.9), [0.1, 0.9], True),
    ("final below", rule("final", low=0.9), [0.95, 0.89], False),
    ("best", rule("best", low=0.99), [0.1, 0.99, 0.2], True),
    ("best too small", rule("best", low=0.99), [0.1, 0.98, 0.2], False),
    ("best, bounded above", rule("best", high=0.9), [0.1, 0.9, 0.2], True),
    ("best too large, others not", rule("best", high=0.9), [0.1, 0.91, 0.2], False),
    ("best within", rule("best", low=0.8, high=0.9), [0.1, 0.85, 0.2], True),
    ("best of negative numbers", rule("best", low=-1, high=-1), [-3, -1, -2], True),
    ("best, not the lowest", rule("best", low=0.1, high=0.1), [0.1, 0.9], False),
    ("lowest, not the highest", rule("best", low=0.9, high=0.9, lowest=True), [0.1, 0.9], False),
    ("lowest of negative numbers", rule("best", low=-3, high=-3, lowest=True), [-3, -1], True),
    ("lowest", rule("best", high=0.1, lowest=True), [0.9, 0.1, 0.5], True),
    ("lowest too large", rule("best", high=0.1, lowest=True), [0.9, 0.11, 0.5], False),
    ("increasing", rule("monotone", direction="increasing"), [1, 2, 2, 3], True),
    ("increasing, not", rule("monotone", direction="increasing"), [1, 2, 1.999], False),
    ("decreasing", rule("monotone", direction="decreasing"), [3, 2, 2, 1], True),
    ("decreasing, not", rule("monotone", direction="decreasing"), [3, 2, 2.001], False),
    ("slack to the brim", rule("monotone", direction="increasing", slack=0.1), [0.8, 0.7], True),
    (
        "slack, typed",
        rule("monotone", direction="decreasing", slack=0.1),
        typed("0.2", "0.3"),
        True,
    ),
    ("slack, beyond", rule("monotone", direction="increasing", slack=0.1), [0.8, 0.69], False),
    ("one row shows no trend", rule("monotone", direction="increasing"), [1], False),
    ("integers", rule("integers"), [0, 1.0, -3], True),
    ("integers, not", rule("integers"), [0, 1.5], False),
    ("integers, hardly not", rule("integers"), typed("1.00000000000000000001"), False),
]


@pytest.mark.parametrize(
    ("criterion", "cells", "right"), [pytest.param(*row[1:], id=row[0]) for row in RULES]
)
def test_rules_hold_exactly_up_to_their_bounds(
    criterion: Criterion, cells: Any, right: bool
) -> None:
    outcome = judge({"acc": cells}, criterion)
    assert outcome.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)
    assert all(part.feedback.student for part in outcome.parts if not right)


@pytest.mark.parametrize(
    "criterion",
    [row[1] for row in RULES if row[1].rule != "count"] + [rule("states_best", names=("acc",))],
    ids=lambda criterion: criterion.rule,
)
@pytest.mark.parametrize("cells", [[], [None, None]], ids=["empty", "unreadable"])
def test_a_column_with_nothing_in_it_earns_nothing(criterion: Criterion, cells: Any) -> None:
    assert not passes(cells, criterion, gaps=True)


@pytest.mark.parametrize(
    ("criterion", "cells", "right"),
    [
        pytest.param(rule("count", low=3, high=3), [1, None, 1], True, id="count counts gaps"),
        pytest.param(rule("final", low=0.9), [0.1, 0.9, None], True, id="final readable cell"),
        pytest.param(rule("range", low=0, high=1), [None, 0.5], True, id="range passes over"),
        pytest.param(
            rule("monotone", direction="increasing"), [2, None, 1], False, id="monotone across"
        ),
        pytest.param(rule("best", low=1), [None, 1], True, id="best passes over"),
    ],
)
def test_rules_pass_over_gaps(criterion: Criterion, cells: Any, right: bool) -> None:
    assert passes(cells, criterion, gaps=True) is right
    assert not passes(cells, criterion, gaps=False)


STATES = Criterion(
    label="s", share=Fraction(1), column="acc", rule="states_best", names=("rate", "epoch")
)
TABLE = {"rate": typed("0.1", "0.10", "0.01"), "epoch": [0, 1, 2], "acc": [0.5, 0.9, 0.9]}


@pytest.mark.parametrize(
    ("best", "right"),
    [
        pytest.param({"rate": 0.1, "epoch": 1}, True, id="first of the best"),
        pytest.param({"rate": NumberText("0.010"), "epoch": 2.0}, True, id="another as good"),
        pytest.param({"rate": 0.1, "epoch": 0}, False, id="another row"),
        pytest.param({"rate": 0.1, "epoch": 2}, False, id="halves of two rows"),
        pytest.param({"rate": 0.1}, False, id="half a name"),
        pytest.param({"rate": 0.1, "epoch": "1"}, False, id="a text"),
        pytest.param({"rate": float("nan"), "epoch": 1}, False, id="nan"),
        pytest.param({"rate": 10**400, "epoch": 1}, False, id="enormous"),
        pytest.param({"rate": NumberText("inf"), "epoch": 1}, False, id="infinite"),
        pytest.param({}, False, id="nothing"),
        pytest.param([0.1, 1], False, id="no names"),
        pytest.param(None, False, id="None"),
    ],
)
def test_the_row_stated_as_best_is_a_best_one(best: Any, right: bool) -> None:
    outcome = judge({**TABLE, "best": best}, STATES, columns=("rate", "epoch", "acc"))
    assert outcome.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)


def test_the_lowest_may_be_the_best() -> None:
    criterion = rule("states_best", names=("epoch",), lowest=True)
    table: Mapping[str, Any] = {"epoch": [0, 1], "acc": [0.5, 0.4]}
    assert judge({**table, "best": {"epoch": 1}}, criterion).verdict is Verdict.CORRECT
    assert judge({**table, "best": {"epoch": 0}}, criterion).verdict is Verdict.INCORRECT


def test_the_highest_is_the_best_unless_it_is_said_otherwise() -> None:
    table: Mapping[str, Any] = {"epoch": [0, 1], "acc": [0.5, 0.4]}
    for criterion, epoch in (
        (rule("states_best", names=("epoch",)), 0),
        (rule("states_best", names=("epoch",), lowest=False), 0),
        (rule("states_best", names=("epoch",), lowest=True), 1),
    ):
        for stated in (0, 1):
            verdict = judge({**table, "best": {"epoch": stated}}, criterion).verdict
            assert verdict is (Verdict.CORRECT if stated == epoch else Verdict.INCORRECT)


@pytest.mark.parametrize(("lowest", "number"), [(False, 0.9), (True, 0.1)])
def test_the_best_that_is_not_good_enough_is_named(lowest: bool, number: float) -> None:
    (part,) = judge({"acc": [0.5, 0.9, 0.1]}, rule("best", low=2, lowest=lowest)).parts
    (fact,) = part.facts.items
    assert isinstance(fact, CriterionMissed)
    assert fact.number == number


def test_a_column_may_be_called_best() -> None:
    criterion = rule("range", column="best", low=0, high=1)
    assert judge({"best": [0.5]}, criterion, columns=("best",)).verdict is Verdict.CORRECT


CELLS = st.none() | st.integers(-5, 5) | st.floats() | st.text(max_size=2) | st.just(10**400)


@given(
    st.recursive(
        CELLS,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["epoch", "acc", "best", "rows"]), inner)
        ),
        max_leaves=12,
    ),
    st.booleans(),
)
def test_whatever_arrives_is_judged(answer: Any, gaps: bool) -> None:
    outcome = judge(answer, *(row[1] for row in RULES), STATES, gaps=gaps)
    assert outcome.score is not None
    assert 0 <= outcome.score <= 6


@pytest.mark.parametrize(
    ("criterion", "wanted"),
    [
        (rule("count", low=20, high=20), "expected: 20"),
        (rule("range", low=0.0, high=0.125), "expected: from 0 to 0.125"),
        (rule("final", low=0.9, high=None), "expected: at least 0.9"),
        (rule("best", low=None, high=0.25, lowest=True), "expected: at most 0.25"),
        (rule("monotone", direction="decreasing", slack=0.05), "no step back by more than 0.05"),
        (rule("monotone", direction="decreasing"), ""),
        (rule("integers"), ""),
    ],
    ids=lambda item: item.rule if isinstance(item, Criterion) else "",
)
def test_the_bounds_of_a_failed_criterion_are_for_staff(criterion: Criterion, wanted: str) -> None:
    (part,) = judge({"acc": [0.5, 0.625]}, criterion).parts
    assert part.verdict is Verdict.INCORRECT
    for_staff = staff_alone(part.feedback)
    for_students = "".join(part.feedback.student)
    assert for_students
    assert "wanted" not in for_students
    assert bool(for_staff) is bool(wanted)
    assert wanted in "".join(for_staff)


def test_a_criterion_that_is_met_says_nothing() -> None:
    (part,) = judge({"acc": [0.5, 0.625]}, rule("count", low=2, high=2)).parts
    assert (part.facts.items, part.feedback) == ((), Feedback())


# -- constants and copies --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (typed("4.1", "4.1", "4.0", "3.2", "3.2"), True),
        (typed("4.1", "4.1", "4.10", "4.1", "4.100"), False),
        (typed("4.1", "4.0", "4.1", "4.0", "4.1"), False),
    ],
)
def test_a_constant_has_too_few_different_numbers(
    cells: tuple[NumberText, ...], right: bool
) -> None:
    assert passes(cells, rule("distinct", low=3)) is right


def test_gaps_are_no_numbers_to_tell_apart() -> None:
    assert not passes((1, None, 1, None), rule("distinct", low=2), gaps=True)


def test_copied_rows_are_seen_in_the_columns_that_are_named() -> None:
    copied = Criterion(label="once", column="acc", rule="rows_differ", names=("epoch", "rate"))
    columns = ("epoch", "rate", "acc")
    table = {"epoch": [1, 1, 2], "rate": [0.1, 0.2, 0.1], "acc": [5, 5, 5]}
    assert judge(table, copied, columns=columns).verdict is Verdict.CORRECT
    outcome = judge({**table, "rate": [0.1, 0.1, 0.1]}, copied, columns=columns)
    assert outcome.verdict is Verdict.INCORRECT
    assert outcome.parts[0].feedback.student == ("row 2 is the same as row 1 in epoch, rate",)


def test_nothing_is_earned_without_what_is_required() -> None:
    varies = rule("distinct", low=2, required=True)
    constant = judge({"acc": [1, 1, 1]}, COUNT, varies)
    assert (constant.verdict, constant.score) == (Verdict.INCORRECT, Fraction(0))
    assert [part.verdict for part in constant.parts] == [Verdict.CORRECT, Verdict.INCORRECT]
    assert judge({"acc": [1, 2, 1]}, COUNT, varies).score == Fraction(6)
    assert judge({"acc": [1, 2]}, COUNT, varies).score == Fraction(3)
