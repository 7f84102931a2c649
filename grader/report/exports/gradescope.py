"""Gradescope: the `results.json` that its autograder shows to a student (format of 2025-01).

A total overrides the sum of the tests. Text is declared as text, so that nothing in it is read as
HTML, which is what Gradescope would do with the total's own text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.model.grade import Grade, QuestionGrade
from grader.report.exports.exported import Exported, not_final
from grader.report.exports.feedback import (
    file_names,
    heading_of,
    shown_questions,
    steps_for_students,
    what_is_missing,
    without_work,
)
from grader.sandbox.text import clean_text

__all__ = ["gradescope_results", "results_of"]

_DECIMALS = 6
_LONGEST = 20_000


def gradescope_results(grades: Sequence[Grade]) -> Exported:
    """`KEY/results.json` of everybody with a final mark for what they handed in."""
    worked = [grade for grade in grades if grade.attempt is not None]
    final = [grade for grade in worked if grade.points is not None and not grade.excused]
    names = file_names([grade.person.key for grade in final])
    return Exported(
        files={
            f"{name}/results.json": results_of(grade)
            for name, grade in zip(names, final, strict=True)
        },
        written=len(final),
        left_out=(*not_final(worked), *without_work(grades)),
    )


def results_of(grade: Grade) -> bytes:
    """The results of one student. What waits has no score, and the total says that it is not all.

    Without a final mark the total is the sum of what is marked: Gradescope shows nothing of results
    that have no score at all.
    """
    document = {
        "score": _number(_total(grade)),
        "output": _text(_says(grade)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(question, number) for number, question in enumerate(shown_questions(grade), 1)
        ],
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "replace")


def _total(grade: Grade) -> Fraction:
    if grade.points is not None:
        return grade.points
    counted = (one.points for one in grade.questions if one.points is not None and not one.dropped)
    return sum(counted, Fraction(0))


def _says(grade: Grade) -> str:
    lines = [*grade.remarks, *steps_for_students(grade)]
    if grade.points is None:
        lines.insert(0, f"Not final: {what_is_missing(grade)}.")
    return "\n".join(lines)


def _test(question: QuestionGrade, number: int) -> dict[str, Any]:
    counts = question.points is not None and not question.dropped
    passed = question.points is not None and question.points >= question.max_points
    scores = {
        "score": _number(question.points),
        "max_score": _number(question.max_points),
        "status": "passed" if passed else "failed",
    }
    return {
        **(scores if counts else {}),
        "name": _text(heading_of(question)),
        "number": str(number),
        "output": _text("\n".join(question.feedback)),
        "visibility": "visible",
    }


def _text(text: str) -> str:
    return clean_text(text, limit=_LONGEST)


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), _DECIMALS)
