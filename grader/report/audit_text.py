"""An audit for the terminal: a line a question, then the holes with what to change."""

from __future__ import annotations

from pathlib import Path

from grader.audit.finding import Audit, Finding

__all__ = ["audit_page"]


def audit_page(audit: Audit) -> str:
    """The block of one assignment, which ends with a line that says whether there are holes."""
    wide = max(map(len, audit.questions), default=0)
    lines = []
    for question in audit.questions:
        own = [finding for finding in audit.findings if finding.question == question]
        words = dict.fromkeys(finding.words for finding in own if finding.words)
        mark = "✗" if any(finding.hole for finding in own) else " "
        lines.append(f"  {mark} {question:<{wide}}  {'; '.join(words) or 'nothing to measure'}")
    whole = [finding for finding in audit.findings if not finding.question and finding.words]
    lines += [f"    {finding.words}" for finding in whole]
    for finding in audit.holes:
        lines += [f"  ✗ {_where(finding)}{finding.hole}", f"      {finding.remedy}"]
    count = len(audit.holes)
    glyph, end = ("✗", f"{count} hole{'s' * (count != 1)}") if count else ("✓", "no holes")
    page = "\n".join([*lines, f"{glyph} {audit.slug}: {end}", ""])
    return page.replace(f"{Path.cwd()}/", "")


def _where(finding: Finding) -> str:
    """The part or case, else the question, if it concerns one."""
    where = finding.place or finding.question
    return f"{where}: " if where else ""
