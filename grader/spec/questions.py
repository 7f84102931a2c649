"""Build one question; each family of kinds has a builder of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.model.assignment import ManualQuestion, Question, RubricLine
from grader.spec.answers import build_answer
from grader.spec.context import Context
from grader.spec.functions import build_function
from grader.spec.series import build_series
from grader.spec.values import exact, given
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_question"]


def build_question(context: Context, path: KeyPath, spec: Mapping[str, Any]) -> Question | None:
    """The question, or None after a problem was added. `spec` fits the schema."""
    before = len(context.problems)
    question = _BUILDERS[spec["kind"]](context, path, spec)
    return question if len(context.problems) == before else None


def _build_manual(context: Context, path: KeyPath, spec: Mapping[str, Any]) -> ManualQuestion:
    rubric = tuple(
        RubricLine(text=line["text"], **given(line, points=exact))
        for line in spec.get("rubric", ())
    )
    stated = [line.points for line in rubric if line.points is not None]
    question = ManualQuestion(**context.shared(spec), rubric=rubric)
    if stated and len(stated) == len(rubric) and sum(stated) != question.points:
        total = float(sum(stated))
        message = (
            f"the rubric adds up to {total:g}, the question is worth {float(question.points):g}"
        )
        context.problems.add("S104", (*path, "rubric"), message, of_key=True)
    return question


_BUILDERS: Mapping[str, Callable[[Context, KeyPath, Mapping[str, Any]], Question]] = {
    "number": build_answer,
    "array": build_answer,
    "iterates": build_answer,
    "expression": build_answer,
    "choice": build_answer,
    "function": build_function,
    "series": build_series,
    "text": _build_manual,
    "figure": _build_manual,
}
