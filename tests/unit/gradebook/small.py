"""A small course on a disk, a sandbox that runs nothing, and a class into a gradebook."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.prepare import Prepared, prepare
from grader.course.keep import KeepOptions, grade_into
from grader.course.options import RunOptions
from grader.gradebook.book import Gradebook
from grader.model.graded import Graded
from grader.model.response import Response
from grader.model.verdict import Reason
from grader.report.results_json import results_json
from grader.sandbox.contract import Job, JobResult, MachineFault, SandboxFault
from grader.submissions.submission import Submission

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
questions:
  - {id: twice, kind: function, call: twice(x), points: 4, cases: [{x: 1}, {x: 3}]}
  - {id: half, kind: function, call: half(x), cases: [{x: 4}]}
  - {id: start, kind: number, points: 2, tolerance: {atol: 0.1}}
"""
#: The same with an answer that a person marks.
WITH_TEXT = f"""{SPEC}\
  - id: why
    kind: text
    points: 3
    prompt: Why?
    rubric:
      - {{points: 1, text: says where it begins}}
      - {{points: 2, text: says why}}
"""
REFERENCE = """\
def twice(x, /): return 2 * x
def half(x, /): return x / 2
def start(): return 1.5
"""


def course(root: Path, spec: str = SPEC, reference: str = REFERENCE) -> Path:
    """The folder of the assignment."""
    folder = root / "assignments" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "reference").mkdir(exist_ok=True)
    (root / "reference" / "small.py").write_text(reference, encoding="utf-8")
    (folder / "assignment.yaml").write_text(spec, encoding="utf-8")
    return folder


def handed_in(name: str, start: object = 1.5, code: str = "2 * x", why: str = "") -> Submission:
    """`code` is what `twice` gives, as the sandbox here reads it from the file."""
    text = f"why: {json.dumps(why)}\n" if why else ""
    return Submission(
        id=name,
        modules={"code.py": code.encode()},
        sheets={"answers.yaml": f"start: {start}\n{text}".encode()},
    )


class Reads:
    """A sandbox that looks up what a call gives: `twice` is an expression in the file, `half` is
    right. It counts the jobs and remembers the calls; names in `faulty` cannot be run."""

    tier = "none"

    def __init__(self) -> None:
        self.jobs: list[list[str]] = []
        self.faulty: set[bytes] = set()
        self.stopped = False
        self._lock = threading.Lock()
        self.before: Callable[[Job], None] = lambda _job: None

    def run(self, job: Job) -> JobResult:
        self.before(job)
        if self.stopped:
            msg = "stopped"
            raise SandboxFault(msg)
        code = job.files["code.py"]
        if code in self.faulty:
            raise MachineFault(Reason.MACHINE_BUSY, "busy")
        with self._lock:
            self.jobs.append([call.entry for call in job.calls])
        return JobResult(
            responses={
                call.id: Response(value=_given(code, call.entry, call.arguments))
                for call in job.calls
            },
            printed="loaded\n",
        )

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None: ...


def _given(code: bytes, entry: str, arguments: Sequence[Any]) -> Any:
    if entry == "half":
        return arguments[0] / 2
    return eval(code, {"np": np, "x": arguments[0]}) if entry == "twice" else None


def mark(
    book: Gradebook,
    folder: Path,
    submissions: Sequence[Submission],
    sandbox: Reads,
    *,
    prepared: Prepared | None = None,
    workers: int = 2,
    **options: Any,
) -> Graded:
    return grade_into(
        book,
        folder,
        prepared or prepare(folder),
        submissions,
        sandbox,
        run=RunOptions(workers=workers, watched=False),
        keep=KeepOptions(**options),
    )


def text(graded: Graded) -> str:
    return results_json(graded)


#: Of each table what has nothing to do with when and in what order it was written.
_DUMPED = {
    "key, assignment, attempt, source": "submission {of_student}",
    "digest, content, unreadable": "source",
    "source, setting, plan, state, reason, notes, printed, loading": "job",
    "source, plan, call, value, blob": "response JOIN job ON job.id = response.job",
    "digest, bytes": "blob",
    "call.digest, call.bytes": "call",
    "run.id, edition, kind, options, complete": "run",
    "run, key, attempt, place, marked.source, held, detail, job.plan": "marked"
    " JOIN submission ON submission.id = marked.submission {of_student}"
    " LEFT JOIN job ON job.id = marked.job",
    "run, key, attempt, position, question, verdict, reason, score_num, detail": "outcome"
    " JOIN submission ON submission.id = outcome.submission {of_student}",
    "assignment, name, value": "rule",
}


def dump(book: Gradebook) -> list[list[tuple[Any, ...]]]:
    """Equal for gradebooks that hold the same."""
    joined = "JOIN student ON student.id = submission.student"
    statements = [
        f"SELECT {columns} FROM {tables.format(of_student=joined)}"
        for columns, tables in _DUMPED.items()
    ]
    return [sorted(map(tuple, book.rows(one)), key=repr) for one in statements]
