"""Reports by name: each renders what came of a class to files. Other packages add theirs.

A report of another package is named in its metadata under `grader.reports`; the entry point gives a
`Report`, which is known by the name of the entry point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from grader.model.door import DoorFault, load_entry
from grader.model.graded import Graded
from grader.model.verdict import Audience
from grader.report.exports.feedback import file_names
from grader.report.exports.gradescope import results_of
from grader.report.exports.judged import judged_grade
from grader.report.junit import junit_xml
from grader.report.results_json import results_json
from grader.report.text import class_table, submission_page, submission_pages

__all__ = ["GROUP", "REPORTS", "RenderOptions", "Report", "ReportFault", "find_report"]

GROUP = "grader.reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What may be chosen of a report."""

    details: bool = False  #: a page for every submission, beside the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`render` gives the bytes of every file by its name; it writes nothing itself."""

    name: str
    audience: Audience  #: who may be given the files: staff alone, or students too
    render: Callable[[Graded, RenderOptions], Mapping[str, bytes]]


class ReportFault(Exception):
    """There is no report of that name, or it cannot be loaded; the message says which."""


def _text(graded: Graded, options: RenderOptions) -> Mapping[str, bytes]:
    """A table for a class, a page for a single submission."""
    if len(graded.submissions) == 1:
        only = graded.submissions[0]
        page = submission_page(graded.assignment, only, Audience.STAFF, tier=graded.tier)
        return {"report.txt": _bytes(page)}
    pages = "\n" + submission_pages(graded) if options.details else ""
    return {"report.txt": _bytes(class_table(graded) + pages)}


def _json(graded: Graded, _options: RenderOptions) -> Mapping[str, bytes]:
    return {"results.json": _bytes(results_json(graded))}


def _junit(graded: Graded, _options: RenderOptions) -> Mapping[str, bytes]:
    return {"junit.xml": _bytes(junit_xml(graded))}


def _gradescope(graded: Graded, _options: RenderOptions) -> Mapping[str, bytes]:
    """`results.json` of a single submission; of a class one each, by name."""
    grades = [judged_grade(graded.assignment, one) for one in graded.submissions]
    if len(grades) == 1:
        return {"results.json": results_of(grades[0])}
    names = file_names([grade.person.key for grade in grades])
    return {
        f"{name}.results.json": results_of(grade) for name, grade in zip(names, grades, strict=True)
    }


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")


REPORTS: Mapping[str, Report] = {
    report.name: report
    for report in (
        Report(name="text", audience=Audience.STAFF, render=_text),
        Report(name="json", audience=Audience.STAFF, render=_json),
        Report(name="junit", audience=Audience.STUDENT, render=_junit),
        Report(name="gradescope", audience=Audience.STUDENT, render=_gradescope),
    )
}


def find_report(name: str) -> Report:
    """The report of this name: a built-in one, else that of another package. Raises ReportFault."""
    if name in REPORTS:
        return REPORTS[name]
    others = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in others:
        known = ", ".join([*REPORTS, *sorted(others)])
        msg = f"there is no report {name!r}; the reports are {known}"
        raise ReportFault(msg)
    try:
        return load_entry(others[name], Report, what="report")
    except DoorFault as fault:
        raise ReportFault(str(fault)) from fault
