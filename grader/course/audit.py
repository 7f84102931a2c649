"""Measure whether an assignment tells right from wrong."""

from __future__ import annotations

from collections.abc import Sequence

from grader.audit.audit import audit as measure
from grader.audit.finding import Audit
from grader.checks.prepare import Prepared
from grader.model.outcome import SubmissionOutcome

__all__ = ["audit"]


def audit(prepared: Prepared, examples: Sequence[SubmissionOutcome] = ()) -> Audit:
    """Every finding; `examples` are the outcomes of the assignment's own labelled submissions."""
    return measure(prepared, examples)
