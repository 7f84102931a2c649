"""Is a wrong answer the right one of somebody else's variant? For staff to look at."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.judge.expect.key import FormulaKey, Key
from grader.judge.mark.answers import judge_answer
from grader.judge.mark.iterates import judge_iterates
from grader.judge.mark.reading import read_answer
from grader.judge.scoring import Judged
from grader.model.assignment import AnswerQuestion, Assignment
from grader.model.response import Response
from grader.model.value import NumberText, Value
from grader.model.verdict import Verdict

__all__ = ["OtherVariant", "RightElsewhere", "right_elsewhere"]

_CHANCE = 0.01  # what is likelier to agree by chance is not told
_MOST_DIGITS = 6  # of one number
_NEAR = 0.1  # of a number
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w)")
_RIGHT = (Verdict.CORRECT, Verdict.IMPRECISE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OtherVariant:
    """A variant that others have, and what is right for it, by question and part."""

    students: tuple[str, ...]
    answers: Mapping[tuple[str, str], Value]
    #: the same of formulas, computed where a wrong one has numbers in it
    formulas: Callable[[], Mapping[tuple[str, str], FormulaKey]] = dict


@dataclass(frozen=True, slots=True, kw_only=True)
class RightElsewhere:
    """Questions whose answers are wrong, and right for the variant that these students have."""

    students: tuple[str, ...]
    questions: tuple[str, ...]


def right_elsewhere(
    assignment: Assignment,
    key: Key,
    responses: Mapping[str, Response],
    others: Sequence[OtherVariant],
) -> RightElsewhere | None:
    """The other variant for which most of the digits of wrong answers are right, if that is
    unlikely to be chance: with n variants, n / 10^digits is at most one in a hundred.

    `assignment` and `key` are those of the student's own variant.
    """
    digits = [0.0] * len(others)
    questions: list[list[str]] = [[] for _ in others]
    for question in assignment.questions:
        if not isinstance(question, AnswerQuestion):
            continue
        if question.nature.option:
            continue
        answer = read_answer(question, key, responses)
        own = _right(assignment, question, key, answer)
        if own is None or all(own.values()):
            continue
        wrong = [label for label, right in own.items() if not right]
        worth = {label: _digits(answer.value, label) for label in wrong}
        if question.nature.formula:
            worth = {label: _typed_digits(answer.value, label) for label in wrong}
        if not any(worth.values()):
            continue
        judged: dict[str, float] = {}
        for place, other in enumerate(others):
            theirs, known = _key_of(other, question, key, answer.value)
            if theirs is None:
                continue
            if known not in judged or not known:
                right = _right(assignment, question, theirs, answer) or {}
                judged[known] = sum(worth[label] for label in wrong if right.get(label, False))
            if judged[known]:
                digits[place] += judged[known]
                questions[place].append(question.id)
    if not others or not max(digits):
        return None
    best = max(range(len(others)), key=digits.__getitem__)
    if digits[best] < math.log10(len(others) / _CHANCE):
        return None
    return RightElsewhere(students=others[best].students, questions=tuple(questions[best]))


def _key_of(
    other: OtherVariant, question: AnswerQuestion, key: Key, answer: Value
) -> tuple[Key | None, str]:
    """The key with what is right there for this question, and a text that is equal where it is the
    same ("": not known); no key where nothing hangs on the variant, or no number lies near."""
    if question.nature.formula:
        found = {place: one for place, one in other.formulas().items() if place[0] == question.id}
        return (replace(key, formulas={**key.formulas, **found}) if found else None), ""
    parts = {place: value for place, value in other.answers.items() if place[0] == question.id}
    if not parts or not _may_agree(answer, parts):
        return None, ""
    return replace(key, parts={**key.parts, **parts}), repr(sorted(parts.items()))


def _may_agree(value: Value, parts: Mapping[tuple[str, str], Value]) -> bool:
    """Whether any number lies near the one that is right there: most do not, and this is quick."""
    for (_, label), right in parts.items():
        answer = value.get(label) if label and isinstance(value, Mapping) else value
        try:
            one = np.asarray(answer, dtype=np.float64).ravel()
            other = np.asarray(right, dtype=np.float64).ravel()
        except (TypeError, ValueError):
            return True
        length = min(len(one), len(other))
        near = np.abs(one[:length] - other[:length]) <= _NEAR * np.abs(other[:length])
        if near.any():
            return True
    return False


def _right(
    assignment: Assignment, question: AnswerQuestion, key: Key, answer: Response
) -> dict[str, bool] | None:
    """Of every part, or row, whether it is right; None where there is no answer."""
    judge = judge_iterates if question.nature.rows else judge_answer
    judged = judge(question, key, answer, assignment.limits)
    if not isinstance(judged, Judged):
        return None
    return {part.label: part.verdict in _RIGHT for part in judged.parts}


def _typed_digits(value: Value, label: str) -> float:
    """How many digits the numbers in a formula have together; one of a single digit may be of its
    form, whatever the variant."""
    text = value.get(label) if label and isinstance(value, Mapping) else value
    numbers = _NUMBER.findall(text) if isinstance(text, str) else []
    mantissas = (number.lower().partition("e")[0].replace(".", "").strip("0") for number in numbers)
    return float(sum(min(len(one), _MOST_DIGITS) for one in mantissas if len(one) > 1))


def _digits(value: Value, label: str) -> float:
    """How many digits an answer has: of a part if it has parts, of a row if it has rows."""
    if isinstance(value, Mapping):
        value = value.get(label)
    elif label and isinstance(value, np.ndarray | list | tuple):
        number = int(found) if (found := "".join(filter(str.isdigit, label))) else 0
        value = value[min(number, len(value)) - 1] if len(value) else None
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return sum(_digits(item, "") for item in value)
    text = value.text if isinstance(value, NumberText) else repr(value)
    mantissa = text.lower().partition("e")[0]
    return float(min(len("".join(filter(str.isdigit, mantissa)).strip("0")), _MOST_DIGITS))
