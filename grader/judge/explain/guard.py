"""The guard of error carried forward: a start must not make the later question trivial.

Only a start that nothing accounts for is guarded against, only where the student's answer is the
trivial one, and only if that is not an accident of one point.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.distance import apart
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence, as_numbers, half_units, plain_numbers
from grader.model.fact_explaining import OtherWay, WayKind
from grader.model.value import Value

__all__ = ["why_trivial"]

_APART = 3.0  # tolerances that a question keeps between the right way and a wrong one
_ALIKE = 0.05  # of a tolerance: what follows is the trivial value itself, however it was typed
_MOVES = (1.1, 0.9)
_NEAR = 0.01  # of 0 and 1, which take all work out of a sum or a product


def why_trivial(
    answer: Evidence,
    basis: Basis,
    value: Value,
    carry: Carry,
    worlds: Worlds,
    made: Collection[str] = (),
    *,
    precise: bool = True,
) -> OtherWay | None:
    """What else gives the student's answer from this start, without the work; or None.

    Nothing follows where one number fills whole questions. Other ways are zero, a copy of the start
    or of anything else that the answer is made of, and what each mistake between the start and the
    answer gives, those in `made` left out. The answer must be that as far as its digits go, and it
    must still be so when the starts that nothing accounts for are moved by a tenth, or one of these
    is 0 or 1, a copied given or a fixed point.
    An answer that is not `precise` follows only as far as its few digits go: from a wrong start it
    is enough that these are the copy. Where the right start gives the same, the question does not
    tell the two apart anyhow. `value` is what follows from the basis.

    Nothing makes a choice trivial. Zero and copies make no sense for words, and of few options one
    is easily the same in two ways: with two of them a mistake gives the right one half of the
    time, from any start.
    """
    if _all_alike(answer, basis, carry):
        return OtherWay(way=WayKind.ALIKE)
    way = _other_way(
        answer, basis, value, carry, worlds, made, few_digits=basis.wrong and not precise
    )
    if way is None:
        return None
    # Looked for at last: it takes long, and most starts leave enough to do.
    accounted = {name for name in basis.loose if carry.accounts.account_for(basis.loose_from[name])}
    if not accounted:
        return way
    others = replace(basis, loose=basis.loose - accounted)
    return why_trivial(answer, others, value, carry, worlds, made, precise=precise)


def _other_way(
    answer: Evidence,
    basis: Basis,
    value: Value,
    carry: Carry,
    worlds: Worlds,
    made: Collection[str],
    *,
    few_digits: bool,
) -> OtherWay | None:
    if answer.question.nature.option or not (basis.loose or few_digits):
        return None
    way = _Way(answer, carry, worlds, frozenset(made))
    for what, here, usual in way.others(basis, value):
        if here is None or not _is(answer, value, here):
            continue
        right = carry.expected(answer, replace(basis, starts=basis.usual), worlds.under())
        known = usual(right) if right is not None else None
        if known is not None and _alike(answer, right, known, _APART):
            continue  # the question does not tell these two apart anyhow
        fixed = bool(basis.rows) and what.way is WayKind.COPY
        if (
            fixed
            or few_digits
            or (way.begins_specially(basis) and way.as_it_stands(basis, value, what))
        ):
            return what
        # That a mistake would not show there is not a reason: most do not, from most starts.
        moves = all(is_numeric(basis.starts[name]) for name in basis.loose)
        if (what.way is not WayKind.MISTAKE or not moves) and way.stays(basis, what):
            return what
    return None


def _all_alike(answer: Evidence, basis: Basis, carry: Carry) -> bool:
    """Whether the answer and the wrong starts are one number, which fills their questions."""
    alike = carry.accounts.alike
    here = alike.get(answer.place)
    return here is not None and basis.wrong and all(alike.get(one) == here for one in basis.places)


def _is(answer: Evidence, value: Value, other: Value) -> bool:
    """Whether the student's answer, or what follows, is another value as far as digits go."""
    if _alike(answer, value, other, _ALIKE):
        return True
    number = plain_numbers(answer.value, other) if answer.question.nature.numbers else None
    if number is None:
        return False
    half = half_units(answer.value, number)
    same = np.abs(np.asarray(number) - np.asarray(other)) <= half * (1 + 1e-9)
    return 2 * int(np.sum(same)) > np.size(number)


def _alike(answer: Evidence, one: Value, other: Value, tolerances: float) -> bool:
    """Closer than so many tolerances; an array of numbers where most of its entries are."""
    if answer.question.nature.formula or not np.ndim(one) or np.shape(one) != np.shape(other):
        return apart(answer.part, one, other) < tolerances
    pairs = zip(np.ravel(one).tolist(), np.ravel(other).tolist(), strict=True)
    same = sum(apart(answer.part, *pair) < tolerances for pair in pairs)
    return 2 * same > np.size(one)


class _Way:
    """What leads from the starts to one answer."""

    def __init__(
        self, answer: Evidence, carry: Carry, worlds: Worlds, made: frozenset[str]
    ) -> None:
        self._answer, self._carry, self._worlds = answer, carry, worlds
        self._made = made

    def others(
        self, basis: Basis, value: Value
    ) -> Iterator[tuple[OtherWay, Value, Callable[[Value], Value]]]:
        """Other ways: what they are, what they give from this start, and what they give from the
        right start, where the right way gives the argument."""
        answer, worlds = self._answer, self._worlds
        if np.asarray(value).dtype.kind in "iufc":
            zero = np.zeros(np.shape(value))
            yield OtherWay(way=WayKind.ZERO), zero, lambda _: zero
            if basis.own_formula:
                return  # the answer is a copy of its formula by right; nothing lies between
            for name, start, usual in self._carry.inputs(answer, basis):
                numeric = is_numeric(start) and is_numeric(usual)
                if numeric and np.shape(start) == np.shape(value) == np.shape(usual):
                    copy = OtherWay(way=WayKind.COPY, name=name)
                    yield copy, _signed(start, value), partial(_signed, usual)
        step = answer.step
        if basis.rows:
            assert answer.question.recurrence is not None
            step = answer.question.recurrence.step
        between = worlds.graph.above(step, basis.stops)
        for mistake in worlds.assignment.mistakes:
            if mistake.names & between and mistake.id not in self._made:
                world = worlds.under((mistake,))
                here = self._carry.expected(answer, basis, world)
                made = OtherWay(way=WayKind.MISTAKE, name=mistake.id)
                yield made, here, partial(self._usually, basis, world)

    def _usually(self, basis: Basis, world: World, _right: Value) -> Value:
        return self._carry.expected(self._answer, replace(basis, starts=basis.usual), world)

    def stays(self, basis: Basis, what: OtherWay) -> bool:
        """Whether the other way gives the same as the right one from starts nearby as well."""
        return all(self._same_there(_moved(basis, factor), what) for factor in _MOVES)

    def _same_there(self, basis: Basis | None, what: OtherWay) -> bool:
        if basis is None:
            return True  # a word, which has nothing nearby
        value = self._carry.expected(self._answer, basis, self._worlds.under())
        if value is None:
            return False
        there = next((other for way, other, _ in self.others(basis, value) if way == what), None)
        return there is not None and _alike(self._answer, value, there, _APART)

    def as_it_stands(self, basis: Basis, value: Value, what: OtherWay) -> bool:
        """Whether the answer is a copy with its sign, or no copy: −1/2 for 1/2 − 1 is computed."""
        if what.way is not WayKind.COPY:
            return True
        inputs = self._carry.inputs(self._answer, basis)
        return any(
            name == what.name and _is(self._answer, value, start) for name, start, _ in inputs
        )

    def begins_specially(self, basis: Basis) -> bool:
        """Whether a start that nothing accounts for is 0 or 1, or a given that stands there.

        One that follows from earlier answers was computed, and is 0 or 1 by accident.
        """
        for name in basis.loose - basis.derived:
            start, usual = basis.starts[name], basis.usual[name]
            if not is_numeric(start):
                continue
            numbers = as_numbers(start)
            for constant in (0.0, 1.0):
                if np.all(np.abs(numbers - constant) <= _NEAR * constant):
                    return True
            if any(_copied(numbers, given, usual) for given in self._givens(name)):
                return True
        return False

    def _givens(self, name: str) -> Iterator[Value]:
        """The values of the givens that a start or the answer is rightly made of: an output that is
        the target itself leaves no slope."""
        reference, right, at = self._worlds.reference, self._worlds.under(), self._answer.part.at
        made_of = self._worlds.made_of(name) | self._worlds.made_of(self._answer.step)
        for given in sorted(made_of - reference.steps.keys() - {name}):
            if self._answer.question.nature.formula:
                yield right.formula(given, at)
            else:
                yield right.value(given, at)


def _copied(start: Value, given: Value, usual: Value) -> bool:
    if not is_numeric(given) or np.shape(given) != np.shape(start):
        return False
    return bool(np.array_equal(start, given)) and not np.array_equal(usual, given)


def _moved(basis: Basis, factor: float) -> Basis | None:
    """The basis with the starts that nothing accounts for made larger; None for words."""
    moved = {}
    for name in basis.loose:
        if not is_numeric(basis.starts[name]):
            return None
        moved[name] = (as_numbers(basis.starts[name]) * factor)[()]
    return replace(basis, starts={**basis.starts, **moved})


def _signed(copy: Value, value: Value) -> Value:
    """The copy, with the signs of the value: taking them over takes no work either."""
    if np.iscomplexobj(copy) or np.iscomplexobj(value):
        one, other = np.asarray(copy), np.asarray(value)
        real, imag = np.copysign(one.real, other.real), np.copysign(one.imag, other.imag)
        return (real + 1j * imag)[()]
    return np.copysign(np.abs(copy), value)[()]
