"""The results as JSON: versioned, the same every time; see docs/integrators/results.md."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.gradebook.grade import ClassOutcome
from grader.model.outcome import Feedback, Outcome, PartOutcome, SubmissionOutcome

__all__ = ["RESULTS_VERSION", "results_document", "results_json"]

RESULTS_VERSION = 1
_DECIMALS = 6
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # a surrogate alone is no text, and cannot be written


def results_json(graded: ClassOutcome) -> str:
    """The document as text that is UTF-8 when written; NaN and infinities cannot occur in it."""
    document = results_document(graded)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return _HALF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text)


def results_document(graded: ClassOutcome) -> dict[str, Any]:
    """The document as plain data. It holds no time, no version and nothing of the machine."""
    assignment = graded.assignment
    return {
        "schema": RESULTS_VERSION,
        "assignment": {
            "slug": assignment.slug,
            "title": assignment.title,
            "points": _number(assignment.points),
            "questions": [
                {"id": question.id, "kind": question.kind, "points": _number(question.points)}
                for question in assignment.questions
            ],
        },
        "submissions": [_submission(submission) for submission in graded.submissions],
    }


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), _DECIMALS)


def _submission(submission: SubmissionOutcome) -> dict[str, Any]:
    return {
        "id": submission.submission,
        "score": _number(submission.score),
        "max_score": _number(submission.max_score),
        "not_scored": [outcome.question for outcome in submission.not_scored],
        "notes": _feedback(submission.notes),
        "diagnosis": [
            {"mistake": one.mistake, "feedback": one.feedback, "explains": list(one.explains)}
            for one in submission.diagnosis
        ],
        "questions": [_question(outcome) for outcome in submission.outcomes],
        "printed": submission.printed,
    }


def _question(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "score": _number(outcome.score),
        "max_score": _number(outcome.max_score),
        "feedback": _feedback(outcome.feedback),
        "parts": [_part(part) for part in outcome.parts],
    }


def _part(part: PartOutcome) -> dict[str, Any]:
    return {
        "label": part.label,
        "verdict": part.verdict.value,
        "reason": part.reason.value if part.reason else None,
        "share": _number(part.share),
        "credit": _number(part.credit),
        "hidden": part.hidden,
        "feedback": _feedback(part.feedback),
    }


def _feedback(lines: Sequence[Feedback]) -> list[dict[str, str]]:
    return [{"audience": line.audience.value, "text": line.text} for line in lines]
