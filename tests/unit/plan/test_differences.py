"""Where finite differences are taken, and what is called there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.assignment import FiniteDifferences, FunctionQuestion
from grader.model.call import Call
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.plan import MOST_CASES, DifferenceProbe, PlannedCase, difference_calls, with_probes
from grader.plan.differences import MOST_ENTRIES
from tests.build import function_of


def question(
    *names: str, parameters: tuple[str, ...] = ("x", "y"), step: float | None = None
) -> FunctionQuestion:
    return function_of(
        "slope",
        "x",
        "y",
        globals={"eta": "rate"},
        differences=FiniteDifferences(
            of="f",
            parameters=parameters,
            with_respect_to=names,
            step=step,
            tolerance=DEFAULT_TOLERANCE,
        ),
    )


def planned(x: Any, y: Any = 0, *, hidden: bool = False, number: int = 1) -> PlannedCase:
    return PlannedCase(
        id=f"slope/{number}",
        label="",
        inputs={"x": x, "y": y},
        givens={"rate": 0.5},
        hidden=hidden,
        seed=number,
    )


def probes(asked: FunctionQuestion, case: PlannedCase) -> tuple[DifferenceProbe, ...]:
    return with_probes(asked, [case])[0].probes


def calls_of(asked: FunctionQuestion, *cases: PlannedCase) -> tuple[Call, ...]:
    return difference_calls(with_probes(asked, cases))


def moves(probe: DifferenceProbe, name: str = "x", at: int = 0) -> tuple[Any, Any]:
    return probe.below.arguments[at], probe.above.arguments[at]


def test_each_entry_of_each_parameter_is_moved_both_ways_and_nothing_else() -> None:
    x = np.array([[1.0, 2.0, 3.0]])
    found = probes(question("x", "y", step=0.5), planned(x, 7))
    assert [(probe.parameter, probe.index) for probe in found] == [
        ("x", (0, 0)),
        ("x", (0, 1)),
        ("x", (0, 2)),
        ("y", ()),
    ]
    below, above = moves(found[1])
    assert (below.tolist(), above.tolist()) == ([[1.0, 1.5, 3.0]], [[1.0, 2.5, 3.0]])
    assert found[1].above.arguments[1] == 7
    assert found[3].below.arguments[1] == 6.5
    assert x.tolist() == [[1.0, 2.0, 3.0]]
    assert {probe.width for probe in found} == {1.0}


def test_the_other_function_is_called_with_its_own_arguments() -> None:
    (probe,) = probes(question("y", parameters=("y",), step=0.5), planned(1.0, 2.0, hidden=True))
    call = probe.above
    assert (call.entry, call.mode, call.arguments) == ("f", "call", (2.5,))
    assert call.globals == {"eta": 0.5}
    assert call.hidden
    assert call.group != "slope"  # an endless one must not put off the function itself


@given(st.floats(-1e9, 1e9))
def test_the_step_grows_with_the_number_and_the_width_is_what_it_really_is(x: float) -> None:
    (probe,) = probes(question("x"), planned(x))
    below, above = moves(probe)
    assert below < x < above
    assert probe.width == above - below
    assert probe.width == pytest.approx(2 * math.cbrt(2.0**-52) * max(1.0, abs(x)), rel=1e-6)


def test_whole_numbers_are_moved_as_floats() -> None:
    for x in (3, np.array([3, 4])):
        below, above = moves(probes(question("x"), planned(x))[0])
        assert np.asarray(below).dtype == np.asarray(above).dtype == np.float64


def test_of_many_entries_some_are_drawn_the_same_ones_every_time() -> None:
    asked = question("x", "y")
    case = planned(np.zeros((30, 20)), np.zeros(10))
    first = probes(asked, case)
    assert len({probe.below.id for probe in first}) == MOST_ENTRIES
    assert [probe.below.id for probe in first] == [p.below.id for p in probes(asked, case)]
    other = probes(asked, planned(np.zeros((30, 20)), np.zeros(10), number=2))
    assert [probe.index for probe in other] != [probe.index for probe in first]


def test_calls_that_ask_the_same_are_told_apart() -> None:
    """A step that is too small to move the number asks below and above for the same."""
    (probe,) = probes(question("x", step=1e-30), planned(1.0))
    assert probe.below.arguments == probe.above.arguments
    assert probe.below.id != probe.above.id


def test_only_the_first_cases_are_looked_at() -> None:
    cases = [planned(1.0, number=n) for n in range(MOST_CASES + 5)]
    calls = calls_of(question("x"), *cases)
    assert len(calls) == 2 * MOST_CASES
    assert len({call.id for call in calls}) == len(calls)


@pytest.mark.parametrize(("count", "looked_at"), [(1, 1), (9, 9), (10, 10), (11, 10), (30, 10)])
def test_the_first_ten_cases_are_asked_about(count: int, looked_at: int) -> None:
    """The number that the authors' page gives."""
    cases = [planned(1.0, number=n) for n in range(count)]
    found = with_probes(question("x"), cases)
    assert [case.id for case in found] == [case.id for case in cases]
    assert [bool(case.probes) for case in found] == [n < looked_at for n in range(count)]


def test_without_the_demand_nothing_is_called() -> None:
    assert calls_of(replace(question("x"), differences=None), planned(1.0)) == ()
