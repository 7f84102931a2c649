"""What the goldens hold, made from the code as it is now.

The texts are those that people and programs read: results, pages, diagnostics, audits. Nothing of
the inside of `grader` is in them. The sandbox is always the basic one: its name is in the pages.
"""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from grader.checks.prepare import Prepared, prepare
from grader.cli.app import app
from grader.course.verify import verify
from grader.gradebook.batch import grade_class
from grader.model.graded import Graded
from grader.model.verdict import Audience
from grader.report.reports import RenderOptions, find_report
from grader.report.results_json import results_document
from grader.report.text import submission_page
from grader.sandbox.contract import Sandbox
from grader.submissions.find import open_together
from grader.submissions.importers import find_submissions
from tests.goldens.marks import marks, marks_text
from tests.shared_sandbox import SANDBOX

__all__ = [
    "INVALID",
    "SLUGS",
    "MarkedClass",
    "audit",
    "check_pages",
    "details",
    "diagnostics",
    "joined",
    "mark",
    "marks_by_submission",
    "sections",
]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "submissions"
SLUGS = sorted(path.parent.name for path in ROOT.glob("assignments/*/assignment.yaml"))
INVALID = sorted((ROOT / "tests" / "specs" / "invalid").iterdir())
_NAME = re.compile(r"^=== (.*) ===\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkedClass:
    """The examples of an assignment, marked, and what they were marked with."""

    slug: str
    prepared: Prepared
    graded: Graded


def mark(slug: str, sandbox: Sandbox, *, order: int = 0, workers: int = 1) -> MarkedClass:
    """Mark the examples of an assignment, which is prepared afresh.

    `order` 0 is the order in which they are found, any other number a shuffled one.
    """
    prepared = prepare(ROOT / "assignments" / slug)
    submissions = find_submissions([EXAMPLES / slug], prepared.assignment.files)
    if order:
        random.Random(order).shuffle(submissions)
    graded = grade_class(prepared, submissions, sandbox, workers=workers)
    return MarkedClass(slug=slug, prepared=prepared, graded=graded)


def marks_by_submission(marked: MarkedClass) -> dict[str, str]:
    """Id of a submission → its marks; ordered by id, not as they were marked."""
    found = {one.id: marks_text(one) for one in marks(results_document(marked.graded))}
    return dict(sorted(found.items()))


def details(marked: MarkedClass) -> str:
    """What `grader grade --details` prints of a class."""
    (page,) = find_report("text").render(marked.graded, RenderOptions(details=True)).values()
    return page.decode()


def check_pages(marked: MarkedClass, sandbox: Sandbox) -> dict[str, str]:
    """Name of an example → what `grader check` prints when it is given its folder.

    Each is marked alone, as the command does, with what the class was marked with.
    """
    prepared, pages = marked.prepared, {}
    for folder in sorted(path for path in (EXAMPLES / marked.slug).iterdir() if path.is_dir()):
        submission = open_together([folder], prepared.assignment.files)
        graded = grade_class(prepared, [submission], sandbox, workers=1)
        pages[folder.name] = submission_page(
            graded.assignment, graded.submissions[0], Audience.STUDENT, tier=graded.tier
        )
    return pages


def diagnostics() -> dict[str, str]:
    """Name of an invalid spec → all its diagnostics, files named from the root."""
    return {
        folder.name: "".join(
            f"{_from_the_root(str(item))}\n"
            for verified in [verify(folder, SANDBOX)]
            for item in (*verified.warnings, *verified.diagnostics)
        )
        for folder in INVALID
    }


def audit(slug: str) -> str:
    """What `grader verify --audit` prints of an assignment, and the exit code."""
    with contextlib.chdir(ROOT):  # the command names files from the current folder
        command = ["verify", "--audit", "--sandbox", "basic", "--workers", "1", slug]
        done = CliRunner().invoke(app, command)
    return _from_the_root(f"{done.stdout}exit code {done.exit_code}\n")


def _from_the_root(text: str) -> str:
    return text.replace(f"{ROOT}/", "")


def joined(parts: Mapping[str, str]) -> str:
    """Several texts as one, each below a line with its name."""
    return "".join(f"=== {name} ===\n{text}" for name, text in parts.items())


def sections(text: str) -> dict[str, str]:
    """The texts that were joined, by their names."""
    _, *found = _NAME.split(text)
    return dict(zip(found[::2], found[1::2], strict=True))
