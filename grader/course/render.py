"""What came of a class as the files of a report."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model.graded import Graded
from grader.report.reports import RenderOptions, find_report

__all__ = ["render"]


def render(
    graded: Graded, report: str, options: RenderOptions | None = None
) -> Mapping[str, bytes]:
    """The bytes of each file of a report, by its name. Raises ReportFault for an unknown one."""
    return find_report(report).render(graded, options or RenderOptions())
