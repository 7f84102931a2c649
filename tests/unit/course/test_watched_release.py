"""What is drawn, and what is handed out, is the same from the process that runs the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.checks.wanted import wanted_questions
from grader.course.release import RELEASE_FILE, write_release
from grader.course.variants import drawn_givens
from grader.course.watch import open_course
from tests.unit.gradebook.small import course

pytestmark = pytest.mark.processes

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml]}
givens: {start: 4}
variants: {givens: {start: {integer: [2, 900]}}}
questions:
  - {id: first, kind: number}
"""
REFERENCE = "def first(start): return start * 2\n"


def test_variants_and_releases_come_of_the_other_process_too(tmp_path: Path) -> None:
    folder = course(tmp_path, SPEC, REFERENCE)
    prepared = prepare(folder)
    students = ["anna", "jörg"]
    secret = b"a secret of sixteen"
    with open_course(folder) as opened:
        drawn = drawn_givens(opened, secret, students)
        to = tmp_path / "not" / "there" / "yet"  # all of it is made
        names = write_release(
            opened, tuple(wanted_questions(prepared.assignment, prepared.key)), to
        )
    assert list(drawn) == students
    assert drawn == drawn_givens(prepared, secret, students)
    assert drawn["anna"] != drawn["jörg"]
    assert RELEASE_FILE in names
    assert sorted(names) == sorted(path.name for path in to.iterdir())
