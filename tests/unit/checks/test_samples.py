"""A formula that is compared at one point is told; one that is sampled is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.spec.load import SpecFault
from tests.unit.judge.course import Course

REFERENCE = """\
def load(arrivals, service): return arrivals / service
def wait(load, arrivals): return load / (1 - load) / arrivals
def half(): return 0.5
"""
GIVENS = "givens: {arrivals: 4, service: 5}\n"
WAIT = "questions: [{id: wait, kind: expression}]\n"
SYMBOLS = "formulas: {symbols: {load: [rho]}}\n"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (WAIT, True),
        (SYMBOLS + WAIT, True),
        ("questions: [{id: q, kind: expression, parts: {wait: {}, half: {}}}]\n", True),
        ("formulas: {domains: {arrivals: [2, 8]}}\n" + WAIT, False),
        (SYMBOLS.replace("{symbols", "{domains: {service: [9, 20]}, symbols") + WAIT, False),
        ("questions: [{id: half, kind: expression}]\n", False),
        ("questions: [{id: wait, kind: expression, symbols: []}]\n", False),
        ("questions: [{id: wait, kind: expression, expected: 1, symbols: []}]\n", False),
        ("questions: [{id: wait, kind: number}]\n", False),
    ],
)
def test_a_formula_that_is_compared_at_one_point_is_told(
    spec: str, told: bool, tmp_path: Path
) -> None:
    said = Course(tmp_path, GIVENS + spec, REFERENCE).prepared.warnings
    assert [one.code for one in said] == ["S210"] * told
    for one in said:
        assert not one.stops
        assert one.message.startswith("the formula of 'wait' is compared at one point")
        assert "`formulas: {domains: {arrivals: [2, 8]}}`" in one.help


def faults(folder: Path, spec: str, reference: str) -> list[str]:
    with pytest.raises(SpecFault) as caught:
        prepare(Course(folder, spec, reference).prepared.assignment.folder)
    return [f"{one.message} ({one.help})" for one in caught.value.diagnostics]


@pytest.mark.parametrize("use", ["range(n)", "np.arange(9)[:n]", "np.linspace(0, 1, n)", "'a' * n"])
def test_whole_numbers_of_a_list_are_floats_and_the_fault_says_so(use: str, tmp_path: Path) -> None:
    reference = f"import numpy as np\ndef sizes(panels): return [len({use}) for n in panels]\n"
    spec = "givens: {panels: [2, 4]}\nquestions: [{id: sizes, kind: array}]\n"
    (said,) = faults(tmp_path, spec, reference)
    assert ("write int(n) where one is needed" in said) is ("* n" not in use)


def test_a_question_without_a_step_is_told_what_to_write(tmp_path: Path) -> None:
    (said,) = faults(tmp_path, GIVENS + "questions: [{id: größe, kind: number}]\n", REFERENCE)
    assert said == (
        "'größe' is not a step of the reference (write it into course.py as a function, "
        "`def größe(...):`)"
    )


def test_a_step_that_changes_what_another_gave_is_told_to_copy_it(tmp_path: Path) -> None:
    reference = (
        "import numpy as np\ndef a(): return np.zeros(2)\ndef b(a):\n    a[0] = 1\n    return a\n"
    )
    (said,) = faults(tmp_path, "questions: [{id: b, kind: array}]\n", reference)
    assert "change a copy, `x = x.copy()`" in said


def test_a_stated_formula_of_a_given_that_is_not_sampled_is_told(tmp_path: Path) -> None:
    spec = f"formulas: {{domains: {{service: [9, 20]}}}}\n{GIVENS}"
    question = "questions: [{id: wait, kind: expression, expected: 1 / (service - arrivals)}]\n"
    (said,) = faults(tmp_path, spec + question, REFERENCE)
    assert "the name 'arrivals' is not known here" in said
    assert "write `arrivals: [low, high]` under `formulas: domains`" in said


def test_stated_rows_that_differ_are_shown_without_padding(tmp_path: Path) -> None:
    reference = "import numpy as np\ndef rows(): return np.array([1.4, 0.98, 0.686])\n"
    (said,) = faults(tmp_path, "questions: [{id: rows, kind: array, expected: [1]}]\n", reference)
    assert "the reference differs: [1.4, 0.98, 0.686]" in said
