"""Is a number that is drawn for each student typed out where all of them read it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from grader.checks.placeholders import filled_texts
from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.model.value import Value
from grader.plan.placeholders import given_text

__all__ = ["check_typed_out"]

_PLACE = re.compile(r"\{\{.*?\}\}")
_NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?(?![\w]|[.,]\d)")
_BETWEEN = re.compile(r"[\s,;:&\\[\](){}]+")
_NAMED = r"[`*$\s]*(?:=|:|:=|is|of|to)[`*$\s]*"  #: between a name and its number
_LONGEST = 1 << 20


def check_typed_out(assignment: Assignment) -> Iterator[Diagnostic]:
    """A warning (S231) for each drawn given whose number stands in a prompt, in the handout or in a
    starter as it is for nobody in particular: most variants have another.

    A number of one digit says little: it counts where the given's name stands before it.
    """
    if assignment.variants is None:
        return
    for question, file, whole in filled_texts(assignment):
        text = whole[:_LONGEST]
        blank = _PLACE.sub(lambda found: "_" * len(found[0]), text)
        for name in assignment.variants.givens:
            value = assignment.givens[name]
            at = _typed(blank, name, value)
            if at is not None:
                yield _warning(question, file, text, at, name, value)


def _warning(question: str, file: str, text: str, at: int, name: str, value: Value) -> Diagnostic:
    where, place = f"the prompt of {question!r}", Place(file=file)
    if not question:
        line = text.count("\n", 0, at) + 1
        where, place = "the text", Place(file=file, line=line, column=at - text.rfind("\n", 0, at))
    return Diagnostic(
        code="S231",
        place=place,
        message=(
            f"{where} has {given_text(value)}, which is what {name!r} is where nothing is drawn: "
            "every student reads the same number"
        ),
        help=f"write {{{{ {name} }}}} where it means {name!r}",
        stops=False,
    )


def _typed(text: str, name: str, value: Value) -> int | None:
    """Where the value stands in the text; None where it does not."""
    wanted = _numbers(value)
    if not wanted:
        return None
    found = [(one.start(), one.end(), _number(one[0])) for one in _NUMBER.finditer(text)]
    for first in range(len(found) - len(wanted) + 1):
        run = found[first : first + len(wanted)]
        if [number for _, _, number in run] != wanted:
            continue
        gaps = [text[one[1] : other[0]] for one, other in pairwise(run)]
        if not all(map(_BETWEEN.fullmatch, gaps)):
            continue
        if len(wanted) > 1 or _says_much(wanted[0]) or _is_named(text, name, run[0][0]):
            return run[0][0]
    return None


def _numbers(value: Value) -> Sequence[Fraction]:
    try:
        flat = np.asarray(value, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        return ()
    return [Fraction(repr(float(one))) for one in flat if np.isfinite(one)]


def _number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-").replace(",", "."))


def _says_much(number: Fraction) -> bool:
    return number.denominator > 1 or abs(number) >= 10


def _is_named(text: str, name: str, at: int) -> bool:
    before = text[max(0, at - len(name) - 12) : at]
    return re.search(rf"(?<!\w){re.escape(name)}{_NAMED}$", before) is not None
