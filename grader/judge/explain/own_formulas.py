"""A wrong formula that no mistake explains: is it a formula for the step at all, and one slip off?

A number that rightly follows from the student's own formula for it is a copy of that formula. So
something must speak for the formula, or its author could take one from which the number is easy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from grader.compare.expression import formula_values, read_formula
from grader.compare.formula import Formula, FormulaError, Language
from grader.judge.expect.solved import SolvedSamples
from grader.judge.expect.world import Worlds
from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Evidence
from grader.solver import StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["makes_sense", "one_slip_away"]

_MOST_SLIPS = 1500
_LARGEST = 60  # parts of an answer in which slips are undone: each is evaluated as often
_OPPOSITE = {"+": "-", "-": "+"}
_CHANGED = 1e-9


def makes_sense(answer: Evidence, worlds: Worlds) -> bool:
    """Whether a formula is one for its step, however wrong: it is defined where the right one is,
    has its shape and at half of the points a plausible size, and changes with at least half of the
    givens that the right one changes with."""
    assert answer.formula is not None
    right = worlds.under()
    try:
        with bounded():
            samples = right.samples(answer.part.at)
            key, own = samples.step(answer.step), formula_values(answer.formula, samples)
            return (
                key.shape == own.shape
                and bool(np.all(np.isfinite(own) | ~np.isfinite(key)))
                and _plausible(answer, own, key)
                and _changes(answer, samples, worlds)
            )
    except (FormulaError, StepFault, OutOfBounds, ValueError):
        return False


def _plausible(answer: Evidence, own: Any, key: Any) -> bool:
    least, most = map(float, answer.question.carry_forward.plausible)
    a, b = np.abs(own.reshape(len(own), -1)), np.abs(key.reshape(len(key), -1))
    with np.errstate(over="ignore"):  # infinite then, and plausible nowhere
        sizes, usual = np.sqrt(np.mean(a**2, axis=1)), np.sqrt(np.mean(b**2, axis=1))
    fits = (least * usual <= sizes) & (sizes <= most * usual)
    return bool(2 * np.sum(fits) >= len(own))


def _changes(answer: Evidence, samples: SolvedSamples, worlds: Worlds) -> bool:
    """Each given is moved by itself: it takes the value that it has at the next point."""
    assert answer.formula is not None
    right, at = worlds.under(), answer.part.at
    key, own = samples.step(answer.step), formula_values(answer.formula, samples)
    domains = worlds.assignment.formulas.domains
    both = wanted = 0
    for given in sorted(worlds.made_of(answer.step) & domains.keys() - at.keys()):
        moved = right.samples(at, {given: np.roll(samples.symbol(given), 1, axis=0)})
        if _differ(moved.step(answer.step), key):
            wanted += 1
            both += _differ(formula_values(answer.formula, moved), own)
    return 2 * both >= wanted


def _differ(one: Any, other: Any) -> bool:
    return not np.allclose(one, other, rtol=_CHANGED, atol=_CHANGED, equal_nan=True)


def one_slip_away(answer: Evidence, language: Language, worlds: Worlds) -> bool:
    """Whether one slip makes the formula of the right one: a sign, a factor of two, a term or a
    factor dropped, a symbol taken for another.

    The slips are made in the stated formula; where none is stated they are undone in the answer.
    """
    assert answer.formula is not None
    right, part = worlds.under(), answer.part
    samples = right.samples(part.at)
    own, key = (
        right.formula_values(answer.formula, answer.step, part.at),
        right.formula(answer.step, part.at),
    )
    if own is None or key is None or np.shape(own) != np.shape(key):
        return False
    symbols = sorted(_values(language, worlds))
    try:
        stated = read_formula(part.expected, language)
    except FormulaError:
        if _size(answer.formula) > _LARGEST:
            return False
        return _reached(islice(_undone(answer.formula, symbols), _MOST_SLIPS), samples, key, answer)
    return _reached(islice(_slips(stated, symbols), _MOST_SLIPS), samples, own, answer)


def _size(formula: Formula) -> int:
    return 1 + sum(map(_size, formula.operands))


def _values(language: Language, worlds: Worlds) -> Collection[str]:
    """The symbols that stand for values, not for functions."""
    steps = worlds.reference.steps
    names = set(language.symbols.values())
    return {name for name in names if name not in steps or not steps[name].is_function}


def _reached(ways: Iterator[Formula], samples: SolvedSamples, value: Any, answer: Evidence) -> bool:
    for way in ways:
        try:
            with bounded():
                found = formula_values(way, samples)
        except (FormulaError, OutOfBounds):
            continue
        if found.shape == np.shape(value) and apart(answer.part, found, value) <= 1.0:
            return True
    return False


def _slips(formula: Formula, symbols: Collection[str]) -> Iterator[Formula]:
    """Every formula that one slip makes of this one."""
    yield from _here(formula, symbols)
    if formula.head in ("+", "-", "*", "/", "@", "juxtaposed"):
        yield formula.operands[0]
    if formula.head in ("+", "*", "@", "juxtaposed"):
        yield formula.operands[1]
    if formula.head == "^":
        yield formula.operands[0]
    yield from _inside(formula, lambda one: _slips(one, symbols))


def _undone(formula: Formula, symbols: Collection[str]) -> Iterator[Formula]:
    """Every formula of which one slip makes this one, if what was dropped is a symbol."""
    yield from _here(formula, symbols)
    for name in symbols:
        symbol = Formula(head="symbol", name=name)
        for head in "*/+-":
            yield Formula(head=head, operands=(formula, symbol))
    yield from _inside(formula, lambda one: _undone(one, symbols))


def _here(formula: Formula, symbols: Collection[str]) -> Iterator[Formula]:
    """Slips of the formula as such, which are undone by slips of the same kinds."""
    yield Formula(head="negative", operands=(formula,))
    for factor in (2.0, 0.5):
        number = Formula(head="number", value=factor)
        yield Formula(head="*", operands=(number, formula))
    if formula.head in _OPPOSITE:
        yield replace(formula, head=_OPPOSITE[formula.head])
    if formula.head == "symbol":
        for name in symbols:
            if name != formula.name:
                yield replace(formula, name=name)


def _inside(formula: Formula, changed: Any) -> Iterator[Formula]:
    for number, operand in enumerate(formula.operands):
        for other in changed(operand):
            operands = (*formula.operands[:number], other, *formula.operands[number + 1 :])
            yield replace(formula, operands=operands)
