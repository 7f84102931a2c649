"""How far answers lie from computed values: intervals are no measure, and digits were typed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.explain.distance import apart, derivable, working_tolerance
from grader.judge.explain.start import few_digits
from grader.model.assignment import Part
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Audience, Verdict
from tests.unit.judge.course import Course
from tests.unit.judge.read import everything_read


def part(tolerance: dict[str, Any], *typed: str, nested: bool = False) -> Part:
    numbers: Any = [NumberText(text) for text in typed]
    if nested:
        numbers = [numbers[:1], numbers[1:]]
    return Part(
        label="",
        step="s",
        names_step=True,
        at={},
        expected=numbers if len(typed) > 1 else next(iter(numbers), None),
        tolerance=Tolerance.from_spec(tolerance),
    )


PUBLISHED: dict[str, Any] = {"published": True}


@pytest.mark.parametrize(
    ("typed", "half"),
    [
        pytest.param(["0.41"], Fraction(1, 200), id="one number"),
        pytest.param(["0.4", "0.41", "0.413"], Fraction(1, 20), id="the fewest digits first"),
        pytest.param(["0.413", "0.41", "0.4"], Fraction(1, 20), id="the fewest digits last"),
        pytest.param(["12", "0.41"], Fraction(1, 2), id="a whole number beside"),
        pytest.param(["1e3", "0.41"], Fraction(500), id="thousands beside"),
        pytest.param(["0.41", "1/3"], Fraction(1, 200), id="a fraction states no digits"),
        pytest.param(["1/3", "1/2"], Fraction(0), id="nothing states digits"),
    ],
)
def test_computed_values_are_held_to_the_coarsest_digits_published(
    typed: list[str], half: Fraction
) -> None:
    """What follows from a mistake was published by nobody: each entry may be of any of them."""
    tolerance = working_tolerance(part(PUBLISHED, *typed))
    assert (tolerance.published, tolerance.atol) == (False, half)
    if len(typed) > 1:
        assert working_tolerance(part(PUBLISHED, *typed, nested=True)) == tolerance


def test_the_credit_for_few_digits_is_kept() -> None:
    asked = {**PUBLISHED, "imprecise_credit": 0.25}
    assert working_tolerance(part(asked, "0.4", "0.41")).imprecise_credit == Fraction(1, 4)


@pytest.mark.parametrize(
    "tolerance", [{"atol": 0.1}, {"rtol": 0.1}, {"decimals": 2}, {"interval": [0, 1]}], ids=str
)
def test_other_tolerances_stay_as_they_are(tolerance: dict[str, Any]) -> None:
    one = part(tolerance, "0.4", "0.413")
    assert working_tolerance(one) is one.tolerance


def test_every_entry_is_measured_with_the_coarsest_digits() -> None:
    one = part(PUBLISHED, "3.25", "0.5")
    assert apart(one, [3.35, 0.5], [3.25, 0.5]) == pytest.approx(2.0)
    assert apart(one, [3.25, 0.6], [3.25, 0.5]) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("tolerance", "other_values"),
    [
        ({"interval": [0, 1]}, False),
        ({"interval": [0.5, 0.5]}, False),
        ({"atol": 0.1}, True),
        ({"published": True}, True),
        ({"exact": True}, True),
    ],
    ids=str,
)
def test_an_interval_is_about_the_stated_answer_alone(
    tolerance: dict[str, Any], other_values: bool
) -> None:
    assert derivable(part(tolerance, "0.5")) is other_values


# -- through the judge ---------------------------------------------------------------------------

REFERENCE = """
def a(w): return 2 * w
def b(a): return a + 1
def a_halved(w): return w
def b_doubled(a): return 2 * (a + 1)
"""
SPEC = """
givens: {{w: 1.0}}
questions:
  - {{id: a, kind: number}}
  - {{id: b, kind: number, expected: 3, tolerance: {tolerance}}}
mistakes:
  - {{id: halved, replaces: a, with: a_halved, feedback: Twice that.}}
  - {{id: doubled, replaces: b, with: b_doubled, feedback: Not doubled., credit: 0.5}}
"""


def marked(folder: Path, tolerance: str, answers: dict[str, Any]) -> tuple[Verdict, str]:
    """The verdict on `b`, and all that staff read of it."""
    outcome = Course(folder, SPEC.format(tolerance=tolerance), REFERENCE).mark(answers)["b"]
    return outcome.verdict, " ".join(everything_read([outcome], Audience.STAFF))


@pytest.mark.parametrize(
    ("answers", "words", "otherwise"),
    [
        pytest.param({"b": "6"}, "Not doubled.", Verdict.PARTIAL, id="a mistake"),
        pytest.param({"b": "2"}, "Twice that.", Verdict.INCORRECT, id="a mistake before it"),
        pytest.param({"a": "5", "b": "6"}, "", Verdict.FOLLOWS, id="it follows"),
        pytest.param({"a": "5.0", "b": "6.12"}, "", Verdict.IMPRECISE, id="from a rounded start"),
        pytest.param({"b": "-3"}, "sign", Verdict.INCORRECT, id="another sign"),
        pytest.param({"b": "30"}, "power of ten", Verdict.INCORRECT, id="a power of ten"),
    ],
)
def test_nothing_explains_an_answer_outside_of_an_interval(
    tmp_path: Path, answers: dict[str, Any], words: str, otherwise: Verdict
) -> None:
    """With a bound the same answer is explained; of an interval there is only inside or not."""
    verdict, said = marked(tmp_path, "{atol: 0.1}", answers)
    assert verdict is otherwise
    assert words in said
    assert "tried: " in said or otherwise is Verdict.FOLLOWS
    verdict, said = marked(tmp_path, "{interval: [2.9, 3.1]}", answers)
    assert verdict is Verdict.INCORRECT
    assert not words or words not in said
    assert "tried: " not in said


def test_an_answer_inside_of_an_interval_is_right_whatever_came_before(tmp_path: Path) -> None:
    answers = {"a": "5", "b": "3.05"}
    assert marked(tmp_path, "{interval: [2.9, 3.1]}", answers)[0] is Verdict.CORRECT


def test_rows_from_code_state_no_digits() -> None:
    """A row of an array is one array: none of its numbers was typed with too few digits."""
    row = np.array([1.5, 0.0])
    assert few_digits(row, row, part({"decimals": 3})).tolist() == [False, False]
