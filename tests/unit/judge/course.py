"""A small course made by a test: a spec and a reference, judged without running anybody's code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.checks.prepare import Prepared, prepare
from grader.judge.submission import SubmissionJudged, judge
from grader.model.diagnostic import Place
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict

__all__ = ["Course", "typed_answer"]


class Course:
    """An assignment on disk, prepared; `mark` judges answers as they stand in a sheet.

    `f/2` is what the second case of `f` gave.
    """

    def __init__(self, folder: Path, spec: str, reference: str) -> None:
        place = folder / "assignments" / "course"
        place.mkdir(parents=True, exist_ok=True)
        (folder / "reference").mkdir(exist_ok=True)
        (folder / "reference" / "course.py").write_text(reference, encoding="utf-8")
        head = "schema: 1\nslug: course\ntitle: A course\nreference: course\n"
        head += "submission: {files: [answers.yaml, code.py]}\n"
        (place / "assignment.yaml").write_text(head + spec, encoding="utf-8")
        self.prepared: Prepared = prepare(place)

    def judged(self, answers: Mapping[str, Any], *, typed: bool = False) -> SubmissionJudged:
        """`typed`: the answers stand in a sheet; else a module gave them."""
        place = Place(file="answers.yaml", line=1, column=1) if typed else None
        missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
        responses = {
            question.id: Response(value=typed_answer(answers[question.id]), place=place)
            if question.id in answers
            else missing
            for question in self.prepared.assignment.questions
        }
        for name, cases in self.prepared.key.cases.items():
            for number, case in enumerate(cases, start=1):
                given = answers.get(f"{name}/{number}", answers.get(case.id))
                responses[case.id] = missing if given is None else Response(value=given)
        return judge(self.prepared.assignment, self.prepared.key, responses)

    def mark(self, answers: Mapping[str, Any], *, typed: bool = False) -> dict[str, Outcome]:
        judged = self.judged(answers, typed=typed)
        return {outcome.question: outcome for outcome in judged.outcomes}

    def verdicts(self, answers: Mapping[str, Any]) -> dict[str, str]:
        return {name: outcome.verdict.value for name, outcome in self.mark(answers).items()}


def typed_answer(answer: Any) -> Any:
    """Texts that are numbers keep their digits, as in a sheet; floats stay computed values."""
    if isinstance(answer, str):
        return NumberText.parse(answer) or answer
    if isinstance(answer, list | tuple):
        return tuple(typed_answer(item) for item in answer)
    if isinstance(answer, dict):
        return {label: typed_answer(item) for label, item in answer.items()}
    return answer
