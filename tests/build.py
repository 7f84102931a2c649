"""What tests make again and again of the model, with all filled in that they do not care for.

A builder takes what the test is about, by the names of the model's own fields, and gives the value.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.model.assignment import Assignment, Formulas, FunctionQuestion, Limits
from grader.model.call import Call
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.model.verdict import Verdict

__all__ = ["assignment_of", "call_of", "function_of", "outcome_of", "submission_of"]


def outcome_of(
    score: float | Fraction | None,
    most: int = 4,
    *,
    verdict: Verdict | None = None,
    question: str = "q",
    **fields: Any,
) -> Outcome:
    """One question worth `most`; without a score it waits for a person, with one it is partial."""
    if verdict is None:
        verdict = Verdict.PENDING if score is None else Verdict.PARTIAL
    return Outcome(
        question=question,
        verdict=verdict,
        score=None if score is None else Fraction(score),
        max_score=Fraction(most),
        **fields,
    )


def submission_of(*outcomes: Outcome, submission: str = "ann", **fields: Any) -> SubmissionOutcome:
    return SubmissionOutcome(submission=submission, outcomes=outcomes, **fields)


def assignment_of(**fields: Any) -> Assignment:
    """An assignment without questions, which is in no folder."""
    given: dict[str, Any] = {
        "slug": "homework",
        "title": "A homework",
        "folder": Path("homework"),
        "files": ("answers.yaml",),
        "seed": 0,
        "givens": {},
        "formulas": Formulas(),
        "limits": Limits(),
        "questions": (),
    }
    return Assignment(**(given | fields))


def function_of(name: str = "f", *parameters: str, **fields: Any) -> FunctionQuestion:
    """A question of a function that is the step of its name, without cases."""
    given: dict[str, Any] = {
        "id": name,
        "kind": "function",
        "points": Fraction(1),
        "entry": name,
        "step": name,
        "parameters": parameters or ("x",),
        "driver": None,
        "cases": (),
        "at": {},
        "globals": {},
        "tolerance": DEFAULT_TOLERANCE,
        "tolerances": {},
    }
    return FunctionQuestion(**(given | fields))


def call_of(entry: str, *arguments: Any, name: str = "", **fields: Any) -> Call:
    """A call of this function with these arguments, named after it, in a group of its own."""
    given: dict[str, Any] = {"id": name or entry, "group": name or entry, "arguments": arguments}
    return Call(entry=entry, **(given | fields))
