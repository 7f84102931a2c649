from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.solver import Reference, Solution, StepFault, load_reference, solve

SOURCE = """
import sys
import numpy as np

CALLS = []

def slope(x, /, factor):
    return factor * x

def other_slope(x, /, factor):
    return -factor * x

def first(start, slope):
    CALLS.append("first")
    return slope(start)

def second(first, slope):
    return slope(first)

def both(first, second):
    return [first, second]

def rows(grid):
    return grid * 2

def writes(x, /):
    x = x if isinstance(x, np.ndarray) else x[0]
    x[0] = 99
    return x

def same(x, /):
    return x

def counts(state, /):
    state["m"] += 1
    return state

def spoils_array(rows):
    rows[0] = 99
    return rows

def pair():
    return {"a": [1, 2]}

def spoils_pair(pair):
    pair["a"].append(3)
    return len(pair["a"])

def again(pair):
    return len(pair["a"])

def keeps(x, /, pair):
    pair["a"].append(x)
    return len(pair["a"])

def raising():
    raise ValueError("no\\nmore")

def needs_raising(raising):
    return raising

def leaving():
    sys.exit(3)

def overflowing():
    return np.exp(np.float64(1000))

def undefined():
    return np.zeros(1) / np.zeros(1)

def shallow():
    return np.exp(np.float64(-1000))

def circular():
    x = []
    x.append(x)
    return x

def lacking(nowhere):
    return nowhere
"""
GIVENS = {"start": 1.0, "factor": 3.0, "grid": np.array([1.0, 2.0])}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    path = tmp_path_factory.mktemp("reference") / "model.py"
    path.write_text(SOURCE, encoding="utf-8")
    return load_reference(path)


def test_steps_are_computed_from_givens_and_other_steps(reference: Reference) -> None:
    assert solve(reference, ["both", "start"], givens=GIVENS) == {"both": [3.0, 9.0], "start": 1.0}


def test_a_function_step_is_called_with_its_arguments_alone(reference: Reference) -> None:
    assert Solution(reference, GIVENS)["slope"](2.0) == 6.0


def test_a_replaced_step_reaches_everything_that_depends_on_it(reference: Reference) -> None:
    replaced = Solution(reference, GIVENS, replace={"slope": "other_slope"})
    assert replaced["both"] == [-3.0, 9.0]


def test_a_start_value_reaches_what_follows_and_not_what_comes_before(reference: Reference) -> None:
    solution = Solution(reference, GIVENS, start={"second": 5.0})
    assert solution["both"] == [3.0, 5.0]


@given(factor=st.floats(-10, 10), start=st.floats(-10, 10))
def test_the_order_of_asking_changes_nothing(
    reference: Reference, factor: float, start: float
) -> None:
    givens = {**GIVENS, "factor": factor, "start": start}
    forward = solve(reference, ["first", "second", "both"], givens=givens)
    backward = solve(reference, ["both", "second", "first"], givens=givens)
    assert forward == backward


def test_a_step_is_computed_once(reference: Reference) -> None:
    calls: list[str] = reference.steps["first"].function.__globals__["CALLS"]
    calls.clear()
    solve(reference, ["both", "second", "first"], givens=GIVENS)
    assert calls == ["first"]


def test_arrays_are_read_only_for_steps_and_for_whoever_asks(reference: Reference) -> None:
    solution = Solution(reference, GIVENS)
    with pytest.raises(StepFault, match="read-only"):
        _ = solution["spoils_array"]
    assert not solution["rows"].flags.writeable
    assert GIVENS["grid"].flags.writeable  # type: ignore[attr-defined]  # the caller's own


def test_arrays_of_a_driver_are_read_only_for_the_steps_that_it_calls(reference: Reference) -> None:
    module, own = Solution(reference, {}).namespace, np.zeros(2)
    for handed in (own, (own,), [own]):
        with pytest.raises(StepFault, match="read-only"):
            module.writes(handed)
    assert module.same(own) is own  # what comes back of them may be written to, as before
    assert module.same((own, 1.0))[0] is own
    own += 1
    state = {"m": own}
    assert module.counts(state) is state  # a dictionary of state is the driver's
    assert own.tolist() == [2, 2]


def test_a_step_cannot_change_the_list_that_another_step_gets(reference: Reference) -> None:
    assert solve(reference, ["spoils_pair", "again"], givens={}) == {"spoils_pair": 3, "again": 2}


def test_a_function_step_gets_its_needs_afresh_in_every_call(reference: Reference) -> None:
    keeps = Solution(reference, {})["keeps"]
    assert [keeps(1), keeps(2)] == [3, 3]


def test_a_value_that_was_changed_outside_stays_what_it_was(reference: Reference) -> None:
    solution = Solution(reference, {})
    solution["pair"]["a"].clear()
    assert solution["pair"] == {"a": [1, 2]}


@pytest.mark.parametrize(
    ("name", "step", "said"),
    [
        ("needs_raising", "raising", "raises ValueError: no"),
        ("leaving", "leaving", "raises SystemExit: 3"),
        ("overflowing", "overflowing", "raises FloatingPointError: overflow"),
        ("undefined", "undefined", "raises FloatingPointError: invalid"),
        ("circular", "circular", "raises RecursionError"),
        ("lacking", "nowhere", "is neither a step nor a given"),
        ("unheard_of", "unheard_of", "is neither a step nor a given"),
    ],
)
def test_a_step_that_cannot_be_computed_is_named(
    reference: Reference, name: str, step: str, said: str
) -> None:
    with pytest.raises(StepFault) as caught:
        _ = Solution(reference, GIVENS)[name]
    assert caught.value.step == step
    assert caught.value.message.startswith(said)
    assert "\n" not in str(caught.value)


def test_the_line_of_a_fault_is_that_of_the_reference(reference: Reference) -> None:
    with pytest.raises(StepFault) as caught:
        _ = Solution(reference, GIVENS)["raising"]
    assert SOURCE.splitlines()[caught.value.line - 1].strip().startswith("raise ValueError")


def test_a_number_too_small_for_a_float_is_no_fault(reference: Reference) -> None:
    assert Solution(reference, GIVENS)["shallow"] == 0


def written(tmp_path: Path, source: str) -> Reference:
    path = tmp_path / "written.py"
    path.write_text(source, encoding="utf-8")
    return load_reference(path)


FLIPPED = """
def slope(x, /): return 2 * x
def flipped(x, /, slope): return -slope(x)
def at(w, slope): return slope(w)
def descended(w, at): return w - at
def doubled(descended): return 2 * descended
def round_about(other): return other
def other(descended): return descended
"""


def test_a_stand_in_that_needs_what_it_replaces_gets_the_original(tmp_path: Path) -> None:
    reference = written(tmp_path, FLIPPED)
    replace = {"slope": "flipped", "descended": "doubled"}
    solution = Solution(reference, {"w": 3.0}, replace=replace)
    assert solution["at"] == -6.0
    assert solution["descended"] == 18.0


def test_a_stand_in_that_needs_what_it_replaces_by_a_detour_is_a_fault(tmp_path: Path) -> None:
    reference = written(tmp_path, FLIPPED)
    with pytest.raises(StepFault, match="needs itself"):
        _ = Solution(reference, {"w": 3.0}, replace={"descended": "round_about"})["doubled"]


def test_givens_may_change_places(tmp_path: Path) -> None:
    reference = written(tmp_path, "def ratio(a, b): return a / b\n")
    swapped = Solution(reference, {"a": 1.0, "b": 4.0}, replace={"a": "b", "b": "a"})
    assert swapped["ratio"] == 4.0


def test_a_given_may_be_replaced_by_a_step_and_a_step_by_a_given(tmp_path: Path) -> None:
    reference = written(tmp_path, "def a(): return 5.0\ndef total(a, b): return a + b\n")
    assert Solution(reference, {"b": 1.0}, replace={"b": "a"})["total"] == 10.0
    assert Solution(reference, {"b": 1.0}, replace={"a": "b"})["total"] == 2.0


def test_what_is_known_comes_before_what_is_replaced(tmp_path: Path) -> None:
    reference = written(tmp_path, FLIPPED)
    solution = Solution(reference, {"w": 3.0}, replace={"at": "w"}, start={"at": 1.0})
    assert solution["descended"] == 2.0


def test_every_step_and_what_function_steps_return_is_rounded(tmp_path: Path) -> None:
    reference = written(tmp_path, FLIPPED)
    solution = Solution(reference, {"w": 0.26}, rounded=lambda value: round(value, 1))
    assert solution["at"] == 0.5
    assert solution["descended"] == pytest.approx(-0.2)


@pytest.mark.lengthy
def test_a_chain_longer_than_pythons_stack_is_solved(tmp_path: Path) -> None:
    path = tmp_path / "chain.py"
    links = "".join(f"def s{n}(s{n - 1}): return s{n - 1} + 1\n" for n in range(1, 2001))
    path.write_text("def s0(): return 0\n" + links, encoding="utf-8")
    assert solve(load_reference(path), ["s2000"], givens={}) == {"s2000": 2000}


def test_a_driver_sees_steps_as_attributes_and_asks_for_others_as_of_a_module(
    reference: Reference,
) -> None:
    namespace: Any = Solution(reference, GIVENS).namespace
    assert namespace.slope(2.0) == 6.0
    with pytest.raises(TypeError, match=r"slope takes its arguments by position, not by name: x"):
        namespace.slope(x=2.0)
    assert not hasattr(namespace, "unheard_of")
    assert getattr(namespace, "unheard_of", 7) == 7
