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
