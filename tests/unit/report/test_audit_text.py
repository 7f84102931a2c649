"""An audit in words: a line a question, then the holes, then whether there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.audit.finding import Audit, Finding
from grader.report.audit_text import audit_page


def page(*findings: Finding) -> list[str]:
    audit = Audit(slug="homework", questions=("loss", "gradient"), findings=findings)
    text = audit_page(audit)
    assert text.endswith("\n")
    return text.split("\n")[:-1]


def note(hole: str = "the entry explains nothing") -> Finding:
    return Finding(check="notes", hole=hole, remedy="remove it")


def test_without_findings_nothing_was_measured_and_there_are_no_holes() -> None:
    assert page() == [
        "    loss      nothing to measure",
        "    gradient  nothing to measure",
        "✓ homework: no holes",
    ]


def test_what_was_measured_stands_beside_its_question_and_once() -> None:
    findings = (
        Finding(check="rounding", question="loss", words="3 tolerances"),
        Finding(check="shift", question="loss", words="noticed"),
        Finding(check="zero", question="loss", words="3 tolerances"),
        Finding(check="mutants", words="9 of 9 mutants are noticed"),
    )
    assert page(*findings) == [
        "    loss      3 tolerances; noticed",
        "    gradient  nothing to measure",
        "    9 of 9 mutants are noticed",
        "✓ homework: no holes",
    ]


@pytest.mark.parametrize(
    ("findings", "end"),
    [
        pytest.param((note(),), "✗ homework: 1 hole", id="one"),
        pytest.param((note("one"), note("other")), "✗ homework: 2 holes", id="two"),
        pytest.param((Finding(check="mutants", words="all"),), "✓ homework: no holes", id="none"),
    ],
)
def test_the_last_line_says_whether_there_are_holes(
    findings: tuple[Finding, ...], end: str
) -> None:
    assert page(*findings)[-1] == end


def test_a_hole_is_told_with_its_place_and_its_remedy() -> None:
    findings = (
        Finding(check="zero", question="loss", words="zero", hole="zero passes", remedy="tighten"),
        Finding(
            check="copy",
            question="gradient",
            place="gradient (w)",
            hole="a copy passes",
            remedy="a",
        ),
        note(),
    )
    assert page(*findings) == [
        "  ✗ loss      zero",
        "  ✗ gradient  nothing to measure",
        "  ✗ loss: zero passes",
        "      tighten",
        "  ✗ gradient (w): a copy passes",
        "      a",
        "  ✗ the entry explains nothing",
        "      remove it",
        "✗ homework: 3 holes",
    ]


def test_places_are_told_from_the_folder_one_is_in() -> None:
    inside = note(f"{Path.cwd()}/reference/homework.py:3:1: `1` → `2` in loss")
    assert "  ✗ reference/homework.py:3:1: `1` → `2` in loss" in page(inside)
