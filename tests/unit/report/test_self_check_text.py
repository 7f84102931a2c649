"""The page of a check without the key."""

from __future__ import annotations

import pytest

from grader.checks.self_check import SelfChecked, State
from grader.report.self_check_text import self_check_page
from tests.homeworks import prepared


def page(*checked: SelfChecked, width: int = 80) -> str:
    assignment = prepared("ecs289-homework").assignment
    return self_check_page(assignment, checked, (), name="Übung 3", edition="0", width=width)


def one(question: str, state: State, *bad: str) -> SelfChecked:
    return SelfChecked(question=question, state=state, bad=bad)


def test_what_is_bad_of_several_questions_in_a_row_is_said_once() -> None:
    said = page(*(one(name, "misfits", "cannot be read") for name in ("a", "b", "c")))
    assert "  ! a, b, c  look at this\n      cannot be read\n" in said
    assert said.count("cannot be read") == 1


def test_what_differs_or_is_good_has_a_line_of_its_own() -> None:
    said = page(one("a", "misfits", "x"), one("b", "misfits", "y"), one("c", "fits"))
    assert "  ! a  look at this\n      x\n  ! b  look at this\n      y\n" in said
    assert "  ✓ a, c" not in page(one("a", "fits"), one("c", "fits"))


@pytest.mark.parametrize("width", [60, 80])
def test_many_names_are_wrapped(width: int) -> None:
    said = page(*(one(f"question_{n}", "misfits", "no") for n in range(20)), width=width)
    assert max(map(len, said.splitlines())) <= width
    assert said.count("look at this") == 1
