"""Questions that the code answers besides the sheet: where the two differ, the sheet counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from grader.model.response import Response
from grader.model.typed import Typed
from grader.model.value import ComplexText, NumberText, Value
from grader.plan import Ask, Plan
from grader.sandbox.child.cells import NOTEBOOK, cells_of
from grader.sandbox.child.sources import defines
from grader.submissions.sheet import Sheet
from grader.submissions.submission import Submission

__all__ = ["about_twice", "answered_twice", "defining"]

_MOST_TOLD = 10
_BETWEEN = re.compile(r"[\s;,()\[\]]+")
_CLOSE = 1e-6


def answered_twice(plan: Plan, sheet: Sheet, submission: Submission) -> list[Ask]:
    """What the sheet answers though a module seems to define it as well."""
    return [
        ask
        for ask in plan.asks
        if ask.call is not None
        and ask.question in sheet.answers
        and defining(ask.call.entry, submission)
    ]


def defining(entry: str, submission: Submission) -> str:
    """The first file with a line at its top level that defines the name; empty without one."""
    for name, source in submission.modules.items():
        texts = [source]
        if name.endswith(NOTEBOOK):
            texts = [cell.text.encode("utf-8") for cell in cells_of(name, source) or ()]
        if any(defines(text, entry) for text in texts):
            return name
    return ""


def about_twice(
    plan: Plan, sheet: Sheet, submission: Submission, made: Mapping[str, Response]
) -> list[str]:
    """A note for each question where the code says something else than the sheet."""
    told = [
        f"{ask.question!r} is answered otherwise in {defining(ask.call.entry, submission)}; "
        f"the answer in {sheet.places[ask.question].file} counts"
        for ask in answered_twice(plan, sheet, submission)
        if ask.call is not None
        and ask.call.id in made
        and made[ask.call.id].failure is None
        and _differ(sheet.answers[ask.question], made[ask.call.id].value)
    ]
    more = len(told) - _MOST_TOLD
    rest = [f"{more} more are answered otherwise by code; the sheet counts"] if more > 0 else []
    return [*told[:_MOST_TOLD], *rest]


def _differ(typed: Value, given: Value) -> bool:
    """Whether two answers are not the same, as far as that shows without judging them."""
    said, made = [*_pieces(typed)], [*_pieces(given)]
    return len(said) != len(made) or any(
        _other(one, two) for one, two in zip(said, made, strict=True)
    )


def _pieces(value: Value) -> Iterator[Value]:
    """The numbers and words in a value, in order; those of a text list too."""
    if isinstance(value, Typed):
        texts = [text for text in _BETWEEN.split(value.text.strip()) if text]
        numbers = [NumberText.parse(text) or ComplexText.parse(text) for text in texts]
        yield from numbers if numbers and all(numbers) else [value.text]
    elif isinstance(value, Mapping):
        for name in sorted(value, key=str):
            yield from _pieces(value[name])
    elif isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _pieces(item)
    else:
        yield value


def _other(typed: Value, given: Value) -> bool:
    """A number may be rounded to the digits that were typed."""
    if isinstance(given, str) or isinstance(typed, str):
        return "".join(str(typed).split()) != "".join(str(given).split())
    try:
        one, two = _number(typed), _number(given)
    except (TypeError, ValueError, OverflowError):
        return bool(str(typed) != str(given))
    decimal = typed.decimal if isinstance(typed, NumberText) and typed.is_finite else None
    half = 0.5 * 10.0 ** int(decimal.as_tuple().exponent) if decimal is not None else 0.0
    return one != two and not abs(one - two) <= half + _CLOSE * abs(two)


def _number(value: Value) -> complex:
    if isinstance(value, ComplexText):
        return complex(float(value.real), float(value.imag))
    return complex(float(value)) if isinstance(value, NumberText) else complex(value)
