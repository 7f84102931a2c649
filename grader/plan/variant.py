"""Draw the givens of a student: the same ones everywhere, whoever else is in the class."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.model.assignment import Assignment
from grader.model.value import Value
from grader.model.variant import VariantGiven, Variants
from grader.plan.canonical import canonical
from grader.plan.placeholders import filled
from grader.spec.values import input_value

__all__ = [
    "MOST_DRAWS",
    "NoVariant",
    "draw_given",
    "draw_variant",
    "variant_from",
    "variant_text",
    "with_givens",
]

MOST_DRAWS = 200  #: of one given, for one student


class NoVariant(Exception):
    """No draw fulfils the conditions; says which of them is not."""


def draw_given(
    given: VariantGiven, secret: bytes, slug: str, name: str, student: str, turn: int = 0
) -> Value:
    """One given of one student; `turn` counts the draws that were given up before.

    It hangs on the secret and on these names, and on nothing else: HMAC-SHA256, whose 256 bits
    leave no bias worth speaking of in an index. A student's key counts in Unicode's composed form,
    since folders that were packed on another system spell umlauts in another one.
    """
    who = unicodedata.normalize("NFC", student)
    drawn = []
    for entry in range(given.entries):
        told = canonical(["variant", slug, name, who, turn, entry])
        number = int.from_bytes(hmac.new(secret, told, hashlib.sha256).digest(), "big")
        drawn.append(number % given.options)
    if given.shape:
        numbers = [float(given.low + index * given.step) for index in drawn]
        return np.array(numbers, dtype=np.float64).reshape(given.shape)
    if given.choices:
        return given.choices[drawn[0]]
    one = given.low + drawn[0] * given.step
    return int(one) if given.whole else float(one)


def draw_variant(
    variants: Variants,
    secret: bytes,
    slug: str,
    student: str,
    unmet: Callable[[Mapping[str, Value]], tuple[str, Collection[str]] | None],
) -> Mapping[str, Value]:
    """All givens of a student that are drawn.

    `unmet` says which condition these givens do not meet and the names that it hangs on, or None.
    Only those are drawn again, so a condition on one given moves no other. Raises NoVariant.
    """
    turns = dict.fromkeys(variants.givens, 0)
    while True:
        givens = {
            name: draw_given(given, secret, slug, name, student, turns[name])
            for name, given in variants.givens.items()
        }
        missed = unmet(givens)
        if missed is None:
            return givens
        why, names = missed
        again = [name for name in turns if name in names]
        if not again or max(turns[name] for name in again) >= MOST_DRAWS - 1:
            raise NoVariant(why)
        for name in again:
            turns[name] += 1


def with_givens(assignment: Assignment, givens: Mapping[str, Value]) -> Assignment:
    """The assignment of a student: with their givens, and these written into what is asked."""
    every = {**assignment.givens, **givens}
    questions = tuple(
        replace(question, prompt=filled(question.prompt, every))
        for question in assignment.questions
    )
    return replace(assignment, givens=every, questions=questions)


def variant_text(givens: Mapping[str, Value]) -> str:
    """Givens as JSON, equal for equal ones: the form in which a gradebook keeps a variant."""
    plain = {name: _plain(value) for name, value in givens.items()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def variant_from(text: str) -> Mapping[str, Value]:
    """The givens of such a text."""
    return {name: input_value(value) for name, value in json.loads(text).items()}


def _plain(value: Value) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
