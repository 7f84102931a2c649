"""The formats that `grader grade --format` writes, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.gradebook.grade import ClassOutcome
from grader.model.verdict import Audience
from grader.report.junit import junit_xml
from grader.report.results_json import results_json
from grader.report.text import class_table, submission_page

__all__ = ["FORMATS", "text_report"]


def text_report(graded: ClassOutcome) -> str:
    """A table for a class, a page for a single submission."""
    if len(graded.submissions) == 1:
        only = graded.submissions[0]
        return submission_page(graded.assignment, only, Audience.STAFF, tier=graded.tier)
    return class_table(graded)


FORMATS: Mapping[str, Callable[[ClassOutcome], str]] = {
    "text": text_report,
    "json": results_json,
    "junit": junit_xml,
}
