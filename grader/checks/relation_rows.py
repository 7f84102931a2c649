"""Does a relation hold between answers, and results of functions? At which rows does it not?

Both sides may be off by as much as right answers may: each answer is moved by what its question
allows, one number at a time, and what that does to the relation adds up to what is allowed of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.relation import Indexed, Relation
from grader.compare.formula import FormulaError
from grader.compare.formula.evaluate import Evaluator, Points, aligned
from grader.model.tolerance import Tolerance
from grader.model.value import Value

__all__ = ["CannotHold", "Known", "Row", "Wanting", "allowed_of", "rows_that_fail"]

_MOST_ROWS = 500
_MOST_NUMBERS = 400  # of all answers in a relation: each is moved once
_ROUNDING = 1e-12  # of the larger side: what computing in floating point may cost
_FLOOR = 0.01  # of the rms of an answer: what a relative bound is taken of at least

Row = Mapping[str, int]  #: running name → its number


class CannotHold(Exception):
    """The relation cannot be looked at with these answers; says why."""


class Wanting(Exception):
    """Results of functions are wanting, and were noted down to be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What the names of a relation are worth."""

    answers: Mapping[tuple[str, str], NDArray[np.float64]]  #: by question and part
    givens: Mapping[str, NDArray[np.float64]]
    #: takes the name of a function and the arguments of each call; gives their results in order
    call: Callable[[str, Sequence[Sequence[Value]]], Sequence[Value]]
    tolerances: Mapping[tuple[str, str], Tolerance]  #: of the answers
    of_functions: Mapping[str, Tolerance]  #: by their names


def rows_that_fail(relation: Relation, known: Known) -> tuple[Row, ...]:
    """The rows at which it does not hold; one without names where nothing runs.

    Raises CannotHold where there is no row, or shapes do not fit, and Wanting where `call` does.
    """
    rows = _rows(relation, known)
    left, right = _sides(relation, known, rows)
    off = left - right
    allowed = _ROUNDING * np.maximum(np.abs(left), np.abs(right))
    wanting = False
    for other in _moved(relation, known):
        try:
            allowed = allowed + np.abs(_difference(relation, other, rows, off.shape) - off)
        except Wanting:
            wanting = True
    if wanting:
        raise Wanting
    with np.errstate(invalid="ignore"):
        holds = {
            "==": np.abs(off) <= allowed,
            "<=": off <= allowed,
            "<": off <= allowed,
            ">=": off >= -allowed,
            ">": off >= -allowed,
        }[relation.sign]
    fine: list[bool] = [bool(one.all()) for one in holds]
    return tuple(row for row, good in zip(rows, fine, strict=True) if not good)


def _rows(relation: Relation, known: Known) -> Sequence[Row]:
    """Every row at which all answers have what the relation names."""
    shapes = [
        (one, known.answers[one.question, one.label].shape) for one in relation.answers.values()
    ]
    ranges = []
    for name in relation.running:
        least, most = [], []
        for one, shape in shapes:
            for axis, place in enumerate(one.positions):
                if place.name == name and axis < len(shape):
                    least.append(-place.number)
                    most.append(shape[axis] - 1 - place.number)
        ranges.append(range(max(least, default=0), min(most, default=-1) + 1))
    rows = [
        dict(zip(relation.running, numbers, strict=True))
        for numbers in itertools.islice(itertools.product(*ranges), _MOST_ROWS + 1)
    ]
    if not rows:
        msg = "there are not enough rows to look at it"
        raise CannotHold(msg)
    if len(rows) > _MOST_ROWS:
        msg = f"it is about more than {_MOST_ROWS} rows"
        raise CannotHold(msg)
    return rows


# -- values --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _AtRows:
    """The names of a relation at each of its rows, as formulas want them."""

    relation: Relation
    known: Known
    rows: Sequence[Row]

    @property
    def labels(self) -> Sequence[str]:
        return [str(row) for row in self.rows]

    def symbol(self, name: str) -> Points:
        one = self.relation.answers.get(name)
        if one is not None:
            return np.stack([self._entry(one, row) for row in self.rows])
        if name in self.relation.running:
            return np.array([float(row[name]) for row in self.rows])
        value = self.known.givens[name]
        return np.broadcast_to(value, (len(self.rows), *value.shape))

    def _entry(self, one: Indexed, row: Row) -> NDArray[np.float64]:
        found: Any = self.known.answers[one.question, one.label]
        for place in one.positions:
            number = place.number + (row[place.name] if place.name else 0)
            if not found.shape or not -len(found) <= number < len(found):
                msg = f"{one.question} has no entry {number}"
                raise CannotHold(msg)
            found = found[number]
        return np.asarray(found, dtype=np.float64)

    def function(self, name: str) -> Callable[..., Points]:
        def called(*arguments: Points) -> Points:
            points = range(len(self.rows))
            calls = [[_argument(one[point]) for one in arguments] for point in points]
            results = [_array(result) for result in self.known.call(name, calls)]
            if len({result.shape for result in results}) > 1:
                msg = f"what {name} returns does not always have the same shape"
                raise CannotHold(msg)
            return np.stack(results)

        return called


def _argument(value: Any) -> Value:
    return np.array(value) if np.ndim(value) else float(value)


def _array(value: Value) -> NDArray[np.float64]:
    try:
        made = np.asarray(value)
        if made.dtype.kind in "iuf":
            return made.astype(np.float64)
    except (TypeError, ValueError):
        pass
    msg = "a function returns something other than numbers"
    raise CannotHold(msg)


def _sides(
    relation: Relation, known: Known, rows: Sequence[Row]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at_rows = _AtRows(relation, known, rows)
    try:
        evaluator = Evaluator(at_rows)
        left, right = aligned(evaluator.values(relation.left), evaluator.values(relation.right))
    except FormulaError as error:
        raise CannotHold(str(error)) from None
    shape = np.broadcast_shapes(left.shape, right.shape)
    return np.broadcast_to(left, shape), np.broadcast_to(right, shape)


def _difference(
    relation: Relation, known: Known, rows: Sequence[Row], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    left, right = _sides(relation, known, rows)
    difference = left - right
    return difference if difference.shape == shape else np.zeros(shape)


# -- what is allowed -----------------------------------------------------------------------------


def allowed_of(tolerance: Tolerance, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each of these numbers may be off and still be right."""
    size = np.abs(values)
    if tolerance.decimals is not None:
        return np.full(values.shape, 0.5 * 10.0**-tolerance.decimals)
    if tolerance.sigfigs is not None:
        with np.errstate(divide="ignore"):
            place = np.floor(np.log10(np.where(size > 0, size, 1.0)))
        return np.asarray(0.5 * 10.0 ** (place - tolerance.sigfigs + 1))
    if tolerance.ulp is not None:
        return np.asarray(tolerance.ulp * np.spacing(size.astype(tolerance.dtype)), dtype=float)
    rms = float(np.sqrt(np.mean(size**2))) if size.size else 0.0
    if tolerance.scale == "max" or tolerance.norm is not None:
        size = np.full(values.shape, size.max(initial=0.0))
    elif tolerance.scale == "rms":
        size = np.full(values.shape, rms)
    elif tolerance.scale is None:
        size = np.maximum(size, _FLOOR * rms)
    return np.maximum(float(tolerance.atol or 0), float(tolerance.rtol or 0) * size)


def _moved(relation: Relation, known: Known) -> Iterator[Known]:
    """With each number of the answers, and the results of each function, off by what is allowed."""
    places = dict.fromkeys((one.question, one.label) for one in relation.answers.values())
    if sum(known.answers[place].size for place in places) > _MOST_NUMBERS:
        msg = f"its answers have more than {_MOST_NUMBERS} numbers"
        raise CannotHold(msg)
    for place in places:
        values = known.answers[place]
        allowed = allowed_of(known.tolerances[place], values)
        for entry in np.ndindex(values.shape):
            other = values.copy()
            other[entry] += allowed[entry]
            yield replace(known, answers={**known.answers, place: other})
    for name in relation.functions:
        yield replace(known, call=_loosened(known, name, known.of_functions[name]))


def _loosened(
    known: Known, name: str, tolerance: Tolerance
) -> Callable[[str, Sequence[Sequence[Value]]], Sequence[Value]]:
    """The same functions, one of them with results that are a little larger."""

    def call(other: str, calls: Sequence[Sequence[Value]]) -> Sequence[Value]:
        results = known.call(other, calls)
        if other != name:
            return results
        arrays = [_array(result) for result in results]
        return [array + allowed_of(tolerance, array) for array in arrays]

    return call
