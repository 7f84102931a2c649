"""Marks numeric homework: the parts that a program may use.

    import grader

    assignment = grader.load("assignments/ecs289-homework")
    submissions = grader.find(assignment, ["submissions/"])
    with grader.open_sandbox() as sandbox:
        graded = grader.grade(assignment, submissions, sandbox)
    files = grader.render(graded, "json")

`Tolerance` and `compare` judge one number, array or nested value. Names are imported when they are
first used, so that `import grader` waits for nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Not when first used: the function would hide behind the room of the same name.
from grader.compare import Comparison, compare
from grader.model.tolerance import Tolerance

if TYPE_CHECKING:
    from grader.audit.finding import Audit
    from grader.checks.prepare import Prepared
    from grader.course.audit import audit as audit_assignment
    from grader.course.collect import collect as collect_responses
    from grader.course.collect import find
    from grader.course.judge import grade
    from grader.course.judge import judge as judge_responses
    from grader.course.load import load
    from grader.course.options import LoadOptions, RunOptions, VerifyOptions
    from grader.course.render import render
    from grader.course.sandbox import open_sandbox
    from grader.course.verify import Verified, verify
    from grader.course.watch import open_course
    from grader.course.watched import CourseFault
    from grader.model.graded import Graded
    from grader.model.verdict import Audience
    from grader.report.reports import RenderOptions, Report, ReportFault
    from grader.spec.load import SpecFault
    from grader.submissions.find import open_submission
    from grader.submissions.importers import Importer
    from grader.submissions.submission import Submission
    from grader.submissions.tree import SubmissionFault

__all__ = [
    "Audience",
    "Audit",
    "Comparison",
    "CourseFault",
    "Graded",
    "Importer",
    "LoadOptions",
    "Prepared",
    "RenderOptions",
    "Report",
    "ReportFault",
    "RunOptions",
    "SpecFault",
    "Submission",
    "SubmissionFault",
    "Tolerance",
    "Verified",
    "VerifyOptions",
    "audit_assignment",
    "collect_responses",
    "compare",
    "find",
    "grade",
    "judge_responses",
    "load",
    "open_course",
    "open_sandbox",
    "open_submission",
    "render",
    "verify",
]

#: name → where it is, and what it is called there
_HOMES = {
    "Audience": ("model.verdict", "Audience"),
    "Audit": ("audit.finding", "Audit"),
    "CourseFault": ("course.watched", "CourseFault"),
    "Graded": ("model.graded", "Graded"),
    "Importer": ("submissions.importers", "Importer"),
    "LoadOptions": ("course.options", "LoadOptions"),
    "Prepared": ("checks.prepare", "Prepared"),
    "RenderOptions": ("report.reports", "RenderOptions"),
    "Report": ("report.reports", "Report"),
    "ReportFault": ("report.reports", "ReportFault"),
    "RunOptions": ("course.options", "RunOptions"),
    "SpecFault": ("spec.load", "SpecFault"),
    "Submission": ("submissions.submission", "Submission"),
    "SubmissionFault": ("submissions.tree", "SubmissionFault"),
    "Verified": ("course.verify", "Verified"),
    "VerifyOptions": ("course.options", "VerifyOptions"),
    "audit_assignment": ("course.audit", "audit"),
    "collect_responses": ("course.collect", "collect"),
    "find": ("course.collect", "find"),
    "grade": ("course.judge", "grade"),
    "judge_responses": ("course.judge", "judge"),
    "load": ("course.load", "load"),
    "open_course": ("course.watch", "open_course"),
    "open_sandbox": ("course.sandbox", "open_sandbox"),
    "open_submission": ("submissions.find", "open_submission"),
    "render": ("course.render", "render"),
    "verify": ("course.verify", "verify"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'grader' has no attribute {name!r}"
        raise AttributeError(msg)
    module, own_name = _HOMES[name]
    return getattr(import_module(f"grader.{module}"), own_name)


def __dir__() -> list[str]:
    return __all__
