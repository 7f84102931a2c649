"""Whole sheets as people type them: the rows of tests/typed/sheets.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from grader.collect.collect import Collected, collect
from grader.judge.mark.options import chosen_option
from grader.judge.mark.parts import unread_in
from grader.judge.mark.reading import read_answer
from grader.judge.submission import judge
from grader.model.assignment import AnswerQuestion
from grader.model.outcome import Outcome
from grader.model.value import NumberText
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import Plan, make_plan
from grader.report.words import feedback_lines
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX
from tests.typed import SheetRow, sheet_rows
from tests.unit.judge.course import Course

SPEC = """
questions:
  - {id: a, kind: number, prompt: A number., expected: 1}
  - {id: b, kind: number, prompt: A number., expected: 2}
  - {id: c, kind: number, prompt: A number., expected: 3}
  - {id: pair, kind: number, prompt: Two., parts: {mean_x: {expected: 1}, mean_y: {expected: 2}}}
  - {id: far, kind: number, prompt: Two., parts: {left: {expected: 1}, right: {expected: 2}}}
  - {id: list, kind: array, prompt: Three numbers., expected: [1, 2, 3]}
  - id: pick
    kind: choice
    prompt: Which?
    options: {a: a saddle point, b: a minimum, none: nothing}
    expected: a
  - {id: why, kind: text, prompt: Why?, rubric: [{text: A reason., points: 1}]}
"""
REFERENCE = "def one():\n    return 1.0\n"
ROWS = sheet_rows()


@dataclass
class Class:
    course: Course
    plan: Plan

    def collected(self, text: str, file: str = "answers.yaml") -> Collected:
        sheets = {file: text.encode("utf-8", "surrogateescape")}
        return collect(self.plan, Submission(id="ann", sheets=sheets), SANDBOX, {})

    def marked(self, found: Collected) -> dict[str, Outcome]:
        prepared = self.course.prepared
        judged = judge(prepared.assignment, prepared.key, found.responses)
        return {outcome.question: outcome for outcome in judged.outcomes}

    def read(self, found: Collected) -> dict[str, Any]:
        """By question what counts, as it was typed; of a choice the option."""
        read: dict[str, Any] = {}
        for question in self.course.prepared.assignment.questions:
            response = read_answer(question, self.course.prepared.key, found.responses)
            value = response.value
            if response.failure is not None:
                continue
            if isinstance(question, AnswerQuestion) and question.labelled:
                labels = {part.label for part in question.parts}
                value = {
                    name: one
                    for name, one in value.items()
                    if name in labels and unread_in(one) is None
                }
            if isinstance(question, AnswerQuestion) and question.nature.option:
                value = chosen_option(question.parts[0], value)
            if value is not None and value != {}:
                read[question.id] = plain(value)
        return read


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, NumberText):
        return value.text
    return [plain(item) for item in value] if isinstance(value, tuple) else value


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Class:
    course = Course(tmp_path_factory.mktemp("sheets"), SPEC, REFERENCE)
    return Class(course, make_plan(course.prepared.assignment))


def words(outcome: Outcome) -> str:
    return "\n".join(feedback_lines(outcome, Audience.STUDENT))


def held(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """What a person has to read, by question or question.part, and what is said of it."""
    found: dict[str, str] = {}
    for name, outcome in outcomes.items():
        if outcome.reason is not Reason.UNREADABLE:
            continue
        assert (outcome.verdict, outcome.score) == (Verdict.PENDING, None)
        parts = [part for part in outcome.parts if part.reason is Reason.UNREADABLE]
        found |= {f"{name}.{part.label}": "\n".join(part.feedback.student) for part in parts}
        if not parts:
            found[name] = words(outcome)
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row.typed for row in ROWS])
def test_a_sheet_is_read_as_it_is_meant(students: Class, row: SheetRow) -> None:
    found = students.collected(row.typed, row.file)
    outcomes = students.marked(found)
    assert students.read(found) == row.read
    said = held(outcomes)
    assert said.keys() == row.held.keys()
    for name, part in row.held.items():
        assert part in said[name]
    if row.line:
        (only,) = said.values()
        assert f"line {row.line} of {row.file} cannot be read" in only
    assert row.note in "\n".join(note.text for note in found.notes)
    for name, part in row.missing.items():
        assert part in words(outcomes[name])
        assert outcomes[name].reason is not Reason.UNREADABLE
