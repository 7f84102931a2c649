"""What an audit measures: for each check a small assignment with the hole and one without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.audit.audit import audit
from grader.audit.finding import Audit
from grader.model.outcome import SubmissionOutcome
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.course import Course

Audited = Callable[..., Audit]


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    """Audit a course; its examples are the sheets given, by default one wrong in every question."""

    def measure(
        spec: str, reference: str, sheets: tuple[Mapping[str, Any], ...] | None = None
    ) -> Audit:
        course = Course(tmp_path, spec, reference)
        questions = course.prepared.assignment.questions
        if sheets is None:
            sheets = (dict.fromkeys((question.id for question in questions), "-1e9"),)
        examples = [
            SubmissionOutcome(submission=str(number), outcomes=course.judged(sheet).outcomes)
            for number, sheet in enumerate(sheets)
        ]
        return audit(course.prepared, examples)

    return measure


def holes(done: Audit, *checks: str) -> list[str]:
    return [
        f"{finding.place}: {finding.hole}" if finding.place else finding.hole
        for finding in done.holes
        if finding.check in checks
    ]


def words(done: Audit, check: str) -> list[str]:
    return [finding.words for finding in done.findings if finding.check == check and finding.words]


# Rounding.

CHAIN = """
def third(a):
    return a / 3

def scaled(third):
    return third * 2.2
"""


def chain(tolerance: str) -> str:
    asked = f"{{id: scaled, kind: number, tolerance: {tolerance}}}"
    return f"givens: {{a: 2.5}}\nquestions:\n  - {asked}\n"


# 2.5/3 = 0.8333…, times 2.2 is 1.8333…. With n figures both are rounded: at most 2·5·10⁻ⁿ off.
@pytest.mark.parametrize(
    ("tolerance", "said"),
    [
        ("{rtol: 1.0e-2}", "3 figures are enough"),
        ("{rtol: 1.0e-3}", "4 figures are enough"),
        ("{rtol: 1.0e-5}", "6 figures are enough"),
        ("{decimals: 2}", "3 figures are enough"),
    ],
)
def test_the_least_number_of_figures_is_said(audited: Audited, tolerance: str, said: str) -> None:
    done = audited(chain(tolerance), CHAIN)
    assert words(done, "rounding") == [said]
    assert not holes(done, "rounding")


def test_a_tolerance_that_refuses_work_by_hand_is_a_hole(audited: Audited) -> None:
    done = audited(chain("{rtol: 1.0e-7}"), CHAIN)
    (hole,) = holes(done, "rounding")
    assert hole.startswith("work by hand with 6 figures is refused: off by ")


def test_a_tolerance_that_refuses_float32_is_a_hole(audited: Audited) -> None:
    # One tenth has one figure, and no finite binary fraction.
    done = audited(
        "givens: {a: 1}\nquestions:\n  - {id: tenth, kind: number, tolerance: {rtol: 1.0e-9}}\n",
        "def tenth(a):\n    return a / 10\n",
    )
    (hole,) = holes(done, "rounding")
    assert hole.startswith("work in float32 is refused: off by 15 tolerances")


def test_short_numbers_are_not_spoken_of(audited: Audited) -> None:
    done = audited(
        "givens: {a: 1}\nquestions:\n  - {id: half, kind: number, tolerance: {rtol: 1.0e-9}}\n",
        "def half(a):\n    return a / 2\n",
    )
    assert not words(done, "rounding")
    assert not holes(done, "rounding")


def function(tolerance: str) -> str:
    return (
        "questions:\n  - {id: f, kind: function, call: f(x), "
        f"tolerance: {tolerance}, cases: [{{x: 3.3}}, {{x: 0.7}}]}}\n"
    )


def test_a_function_needs_room_for_the_noise_of_float64(audited: Audited) -> None:
    source = "def f(x, /):\n    return x * x / 3.1\n"
    fine = audited(function("{rtol: 1.0e-9}"), source)
    assert words(fine, "rounding")[0].endswith("times the noise of float64")
    assert not holes(fine, "rounding")
    (hole,) = holes(audited(function("{rtol: 1.0e-17}"), source), "rounding")
    assert hole.endswith("less than 3")


def test_the_distance_of_a_published_answer_is_said(audited: Audited) -> None:
    # 1.8333… was published as 1.83: a third of a hundredth off, two thirds of half a unit.
    spec = (
        "givens: {a: 2.5}\nquestions:\n"
        "  - {id: scaled, kind: number, expected: 1.83, tolerance: {published: true}}\n"
    )
    assert "the stated answer is 0.67 tolerances off" in words(audited(spec, CHAIN), "rounding")


# Mistakes.

SLOPE = """
def slope(x):
    return 2 * x

def slope_nearly(x):
    return 2 * x + 0.05

def slope_squared(x):
    return x**2
"""


def slopes(tolerance: str, *, x: float = 3, other: str = "slope_nearly") -> str:
    return (
        f"givens: {{x: {x}}}\nquestions:\n"
        f"  - {{id: slope, kind: number, tolerance: {tolerance}}}\n"
        "  - {id: elsewhere, kind: number, step: slope, at: {x: 100}, tolerance: {atol: 0.01}}\n"
        "mistakes:\n"
        f"  - {{id: wrong-way, replaces: slope, with: {other}, feedback: Look at the slope.}}\n"
    )


def test_a_mistake_within_the_tolerance_is_a_hole(audited: Audited) -> None:
    done = audited(slopes("{atol: 0.1}"), SLOPE)
    assert holes(done, "mistakes") == ["slope: the mistake wrong-way passes, 0.5 tolerances off"]


def test_a_mistake_between_one_and_three_tolerances_off_is_only_near(audited: Audited) -> None:
    done = audited(slopes("{atol: 0.02}"), SLOPE)
    assert not holes(done, "mistakes")
    assert words(done, "mistakes")[0] == (
        "nearest mistake wrong-way, 2.5 tolerances off, which is near"
    )


def test_a_mistake_that_a_lucky_number_hides_is_named(audited: Audited) -> None:
    done = audited(slopes("{atol: 0.02}", x=2, other="slope_squared"), SLOPE)
    assert not holes(done, "mistakes")
    assert "wrong-way does not show" in words(done, "mistakes")


def test_a_function_shows_a_mistake_in_one_of_its_cases(audited: Audited) -> None:
    def spec(cases: str) -> str:
        return (
            f"questions:\n  - {{id: f, kind: function, call: f(x), cases: [{cases}], "
            "tolerance: {atol: 0.1}}\n"
            "mistakes:\n  - {id: wrong-way, replaces: f, with: g, feedback: Look again.}\n"
        )

    source = "def f(x, /):\n    return 2 * x\n\ndef g(x, /):\n    return 2 * x + x**2 / 1000\n"
    assert not holes(audited(spec("{x: 3}, {x: 30}"), source), "mistakes")
    assert holes(audited(spec("{x: 3}"), source), "mistakes") == [
        "f (f(3)): the mistake wrong-way passes, 0.09 tolerances off",
        "no question notices the mistake wrong-way",
    ]


# Answers that take no work.


def rows(values: str, tolerance: str = "{decimals: 2}") -> tuple[str, str]:
    spec = (
        f"givens: {{a: 1}}\nquestions:\n  - {{id: walk, kind: iterates, tolerance: {tolerance}}}\n"
    )
    return spec, f"import numpy as np\n\ndef walk(a):\n    return a * np.array([{values}])\n"


def test_rows_that_hardly_move_are_a_hole(audited: Audited) -> None:
    done = audited(*rows("1.0, 1.001, 1.002"))
    assert holes(done, "shift") == ["walk: a list shifted by one row passes, 0.2 tolerances off"]


def test_a_last_row_that_is_the_one_before_is_a_hole(audited: Audited) -> None:
    done = audited(*rows("1.0, 2.0, 2.001"))
    assert holes(done, "shift") == ["walk: the last row is that before it, 0.2 tolerances off"]


def test_rows_that_move_are_none(audited: Audited) -> None:
    done = audited(*rows("1.0, 2.0, 2.02"))
    assert not holes(done, "shift")
    assert words(done, "shift") == ["one step more or fewer is 4 tolerances off"]


@pytest.mark.parametrize(
    ("value", "tolerance", "hole"),
    [
        ("0.03 * a", "{decimals: 1}", ["tiny: zero passes, 0.6 tolerances off"]),
        ("0.03 * a", "{decimals: 2}", []),
        ("0.0 * a", "{atol: 0.01}", []),  # zero is right
    ],
)
def test_zero_is_refused_unless_right(
    audited: Audited, value: str, tolerance: str, hole: list[str]
) -> None:
    spec = f"givens: {{a: 1}}\nquestions:\n  - {{id: tiny, kind: number, tolerance: {tolerance}}}\n"
    assert holes(audited(spec, f"def tiny(a):\n    return {value}\n"), "zero") == hole


@pytest.mark.parametrize(
    ("other", "at", "hole"),
    [
        ("a + 0.001", "{}", ["later: a copy of earlier passes, 0.2 tolerances off"]),
        ("a + 0.1", "{}", []),
        ("a * 1", "{}", []),  # equal: a right answer is a copy
        ("a * 1.0", "{a: 1.001}", []),  # asked at another instance
    ],
)
def test_a_copy_of_an_earlier_answer_is_refused(
    audited: Audited, other: str, at: str, hole: list[str]
) -> None:
    spec = (
        "givens: {a: 1}\ndefaults: {tolerance: {decimals: 2}}\nquestions:\n"
        f"  - {{id: earlier, kind: number}}\n  - {{id: later, kind: number, at: {at}}}\n"
    )
    source = f"def earlier(a):\n    return a * 1.0\n\ndef later(a):\n    return {other}\n"
    assert holes(audited(spec, source), "copy") == hole


# Examples.


def test_an_example_must_answer_wrongly_not_only_not_at_all(audited: Audited) -> None:
    spec = "givens: {a: 1}\nquestions:\n  - {id: half, kind: number}\n"
    source = "def half(a):\n    return a / 2\n"
    none = ["no example gives a wrong answer here"]
    assert holes(audited(spec, source, ({}, {"half": "0.5"})), "examples") == none
    assert not holes(audited(spec, source, ({"half": "0.7"},)), "examples")
    assert not holes(audited(spec, source, ({"half": "one half"},)), "examples")  # invalid


def test_partial_for_what_is_missing_is_no_wrong_answer(audited: Audited) -> None:
    spec = (
        "givens: {a: 1}\nquestions:\n  - id: both\n    kind: number\n"
        "    parts: {half: {}, third: {}}\n"
    )
    source = "def half(a):\n    return a / 2\n\ndef third(a):\n    return a / 4\n"
    assert holes(audited(spec, source, ({"both": {"half": "0.5"}},)), "examples")
    assert not holes(audited(spec, source, ({"both": {"half": "0.6"}},)), "examples")


def test_running_out_of_time_is_no_wrong_answer(tmp_path: Path) -> None:
    spec = "questions:\n  - {id: f, kind: function, call: f(x), cases: [{x: 3}]}\n"
    course = Course(tmp_path, spec, "def f(x, /):\n    return 2 * x\n")
    outcome = course.judged({}).outcomes[0]
    late = replace(outcome, verdict=Verdict.TIMED_OUT, reason=Reason.TIME_LIMIT)
    assert Response.failed(Verdict.TIMED_OUT, Reason.TIME_LIMIT).failure is not None
    done = audit(course.prepared, [SubmissionOutcome(submission="late", outcomes=(late,))])
    assert holes(done, "examples") == ["no example gives a wrong answer here"]


# Givens.

LARGER = "def larger(a, b):\n    return max(a, b)\n"


def test_a_given_that_moves_nothing_is_a_hole(audited: Audited) -> None:
    one = "givens: {a: 1, b: 5}\nquestions:\n  - {id: larger, kind: number}\n"
    assert holes(audited(one, LARGER), "givens") == [
        "the given a moves none of the questions that need it: larger"
    ]
    two = one + "  - {id: other, kind: number, step: larger, at: {a: 9}}\n"
    done = audited(two, LARGER)
    assert not holes(done, "givens")
    shown = {
        finding.question: finding.words for finding in done.findings if finding.check == "givens"
    }
    assert shown == {"larger": "a does not show", "other": "b does not show"}


@pytest.mark.lengthy
def test_a_given_is_also_moved_where_formulas_are_sampled(audited: Audited) -> None:
    spec = (
        "formulas: {domains: {a: [1, 2], b: [5, 6]}}\nquestions:\n"
        "  - {id: larger, kind: expression}\n"
    )
    source = "import numpy as np\n\ndef larger(a, b):\n    return np.maximum(a, b)\n"
    assert holes(audited(spec, source), "givens") == [
        "the given a moves none of the questions that need it: larger"
    ]


def test_a_given_of_zero_or_of_whole_numbers_is_moved_too(audited: Audited) -> None:
    spec = (
        "givens: {start: 0.0, count: 3, weights: [0, 1.5]}\nquestions:\n"
        "  - {id: total, kind: number}\n"
    )
    source = (
        "def total(start, count, weights):\n"
        "    return start + sum(range(count)) + weights[0] + weights[1]\n"
    )
    assert not holes(audited(spec, source), "givens")


# Excuses.


def test_an_excuse_takes_the_hole_away(audited: Audited) -> None:
    excuse = (
        "audit:\n  excused:\n"
        "    - {question: slope, check: mistakes, because: Rounding is part of the question.}\n"
    )
    done = audited(slopes("{atol: 0.1}") + excuse, SLOPE)
    assert not holes(done, "mistakes", "notes")
    assert "excused from mistakes" in words(done, "mistakes")


def test_an_excuse_that_is_not_needed_is_a_hole(audited: Audited) -> None:
    excuse = (
        "audit:\n  excused:\n"
        "    - {question: slope, check: zero, because: Nobody would write zero here.}\n"
    )
    assert holes(audited(slopes("{atol: 0.02}") + excuse, SLOPE), "notes") == [
        "`audit: excused:` slope needs no excuse from zero"
    ]


def test_an_assignment_without_a_reference_is_audited_by_its_examples(tmp_path: Path) -> None:
    from grader.checks.prepare import prepare

    place = tmp_path / "bare"
    place.mkdir()
    (place / "assignment.yaml").write_text(
        "schema: 1\nslug: bare\ntitle: Bare\nsubmission: {files: [a.yaml]}\n"
        "questions:\n  - {id: n, kind: number, expected: 3}\n  - {id: why, kind: text, "
        "rubric: [{text: says why, points: 1}]}\n",
        encoding="utf-8",
    )
    done = audit(prepare(place), [])
    assert done.questions == ("n",)
    assert [finding.check for finding in done.holes] == ["examples"]


# Promises.

PROMISED = """
questions:
  - id: f
    kind: function
    call: f(x)
    requires: [inputs_unchanged]
    dtype: float64
    cases: [{x: [1.5, 2.5]}]
"""


def test_a_promise_that_no_example_breaks_is_a_hole(audited: Audited) -> None:
    done = audited(PROMISED, "def f(x, /):\n    return 3 * x\n", ({"f/1": [1.0, 2.0]},))
    found = holes(done, "examples")
    assert "no example changes its inputs" in found
    assert "no example has another dtype than float64" in found
