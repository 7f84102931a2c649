"""The key on a page of 80 columns."""

from __future__ import annotations

from pathlib import Path

from grader.checks.key_shown import show_key
from grader.report.key_text import key_page
from tests.unit.judge.course import Course


def test_long_givens_are_wrapped_like_all_else(tmp_path: Path) -> None:
    spec = f"givens: {{data: {[*range(40)]}}}\nquestions: [{{id: total, kind: number}}]\n"
    course = Course(tmp_path, spec, "def total(data): return sum(data)\n")
    page = key_page(show_key(course.prepared))
    assert max(map(len, page.splitlines())) <= 80
    assert "\ngivens\n  data = [0, 1, 2," in page


def test_criteria_say_which_way_and_how_far_with_all_digits(tmp_path: Path) -> None:
    criteria = (
        "[{column: e, best: [null, 0.01234567], lowest: true}, {column: e, monotone: decreasing}]"
    )
    spec = f"questions: [{{id: runs, kind: series, columns: [n, e], criteria: {criteria}}}]\n"
    page = key_page(show_key(Course(tmp_path, spec, "def nothing(): return 0\n").prepared))
    assert "lowest of e, at most 0.01234567\n" in page
    assert ": e decreasing\n" in page
