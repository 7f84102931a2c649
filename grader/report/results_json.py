"""The results as JSON: versioned, the same every time; see docs/integrators/results.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from grader.model.fact import Facts
from grader.model.graded import Graded
from grader.model.outcome import Feedback, Note, Outcome, PartOutcome, SubmissionOutcome
from grader.model.person_mark import PersonMark
from grader.model.verdict import Audience
from grader.report.fact_json import fact_document
from grader.report.indented import Indented, indented

__all__ = ["RESULTS_VERSION", "results_document", "results_json", "results_parts"]

RESULTS_VERSION = 2
_DECIMALS = 6
_MOST_REMEMBERED = 512  # outcomes whose text is there already
#: Marks of direction and line separators: kept, but written so that a reader sees them.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # half a surrogate pair cannot be written as UTF-8


def results_json(graded: Graded) -> str:
    """The document as text that is UTF-8 when written; NaN and infinities cannot occur in it."""
    return "".join(results_parts(graded))


def results_parts(graded: Graded) -> Iterator[str]:
    """The same text in parts, a submission each: a large class need not be there at once."""
    around = _written({**_about(graded), "submissions": []})
    before, _, after = around.rpartition("[]")
    end = "[]"
    write = _Questions()
    for submission in graded.submissions:
        yield (before + "[" if end == "[]" else ",") + "\n    "
        document = {**_submission(submission), "questions": write(submission)}
        yield _written(document).replace("\n", "\n    ")
        end = "\n  ]"
    yield (before if end == "[]" else "") + end + after + "\n"


class _Questions:
    """Writes what came of questions. In a class many outcomes are one and the same object."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Outcome, Indented]] = {}

    def __call__(self, submission: SubmissionOutcome) -> list[Any]:
        return [
            self._of(one) if mark is None else _question(one, mark)
            for one in submission.outcomes
            for mark in [submission.marks.get(one.question)]
        ]

    def _of(self, outcome: Outcome) -> Indented:
        # By what it is, not by what it holds; it is kept, so that no other takes its place.
        known = self._known.pop(id(outcome), None)
        if known is None:
            known = (outcome, Indented(indented(_question(outcome, None))))
        self._known[id(outcome)] = known  # those used last are forgotten last
        if len(self._known) > _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        return known[1]


def _written(document: Any) -> str:
    text = indented(document)
    text = _HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)
    return _DIRECTION.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def results_document(graded: Graded) -> dict[str, Any]:
    """The document as plain data. It holds no time, no version and nothing of the machine."""
    submissions = [{**_submission(one), "questions": _questions(one)} for one in graded.submissions]
    return {**_about(graded), "submissions": submissions}


def _about(graded: Graded) -> dict[str, Any]:
    assignment = graded.assignment
    return {
        "schema": RESULTS_VERSION,
        "assignment": {
            "slug": assignment.slug,
            "title": assignment.title,
            "points": _number(assignment.points),
            "questions": [
                {
                    "id": question.id,
                    "kind": question.kind,
                    "points": _number(question.points),
                    "bonus": question.bonus,
                }
                for question in assignment.questions
            ],
        },
    }


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), _DECIMALS)


def _submission(submission: SubmissionOutcome) -> dict[str, Any]:
    """Its keys in their order; what came of the questions is for the caller to put in."""
    return {
        "id": submission.submission,
        "attempt": submission.attempt,
        "score": _number(submission.score),
        "final": _number(submission.final),
        "max_score": _number(submission.max_score),
        "counted": _number(submission.counted),
        "not_scored": [outcome.question for outcome in submission.not_scored],
        "notes": _notes(submission.notes, Audience.STUDENT),
        "diagnosis": [
            {"mistake": one.mistake, "feedback": one.feedback, "explains": list(one.explains)}
            for one in submission.diagnosis
        ],
        "questions": [],
        "printed": submission.printed,
        "staff": {"notes": _notes(submission.notes, Audience.STAFF)},
    }


def _notes(notes: Sequence[Note], audience: Audience) -> list[str]:
    return [note.text for note in notes if note.audience in (audience, Audience.STUDENT)]


def _questions(submission: SubmissionOutcome) -> list[dict[str, Any]]:
    marks = submission.marks
    return [_question(outcome, marks.get(outcome.question)) for outcome in submission.outcomes]


def _question(outcome: Outcome, mark: PersonMark | None) -> dict[str, Any]:
    score = _number(outcome.score)
    final = score if mark is None else _number(mark.over(outcome.score, outcome.max_score))
    comment = [mark.comment] if mark is not None and mark.comment else []
    return {
        "id": outcome.question,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "score": score,
        "final": final,
        "by": None if mark is None else mark.by,
        "max_score": _number(outcome.max_score),
        "bonus": outcome.bonus,
        "read_as": outcome.read_as or None,
        "feedback": [*outcome.feedback.student, *comment],
        "parts": [_part(part) for part in outcome.parts],
        "staff": _staff(outcome.feedback, outcome.facts, outcome.lenient),
    }


def _part(part: PartOutcome) -> dict[str, Any]:
    return {
        "label": part.label,
        "verdict": part.verdict.value,
        "reason": part.reason.value if part.reason else None,
        "share": _number(part.share),
        "credit": _number(part.credit),
        "hidden": part.hidden,
        "read_as": part.read_as or None,
        "feedback": list(part.feedback.student),
        "staff": _staff(part.feedback, part.facts, part.lenient),
    }


def _staff(feedback: Feedback, facts: Facts, lenient: Sequence[str]) -> dict[str, Any]:
    return {
        "feedback": list(feedback.staff),
        "facts": [*map(fact_document, facts.items)],
        "readings": list(lenient),
    }
