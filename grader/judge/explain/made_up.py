"""Answers that look made up: so far off that no slip leads to them, or all of them alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.instance import Instance
from grader.judge.expect.world import Worlds
from grader.judge.explain.distance import apart
from grader.judge.explain.start import root_mean_square
from grader.judge.mark.evidence import Evidence, as_numbers, plain_numbers
from grader.model.fact_explaining import AnswerPlace
from grader.model.value import Value
from grader.solver import StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["all_alike", "is_given", "is_made_up", "is_tiny", "takes_no_work"]

_FAR = 10.0  # times the right answer's size
_UNITS = (60.0, 3600.0, 180 / np.pi)  # minutes, seconds, degrees
_FACTORS = (-1.0, 2.0, 0.5, *_UNITS, *(10.0**power for power in range(-6, 7) if power))
_POWERS = (2.0, 0.5, -1.0)
_known: WeakKeyDictionary[Worlds, dict[tuple[str, Instance], tuple[Value, ...]]]
_known = WeakKeyDictionary()  # what slips give, for a whole class
_ALIKE = 3  # numbers of one question: of fewer, chance makes them alike
_NOUGHT = 0.05  # tolerances: what is nearer to 0 is typed for it
_MOST_TRIED = 200  # slips of the step


def is_made_up(answer: Evidence, worlds: Worlds, answers: Sequence[Evidence] = ()) -> bool:
    """Whether some entry is wrong by more than ten times the right answer's size (see `_changes`
    where it is the rest of a difference), and no slip in
    the answer's step gives it: a sign, a factor of two, a power of ten or other units of an entry,
    its square, root or reciprocal; something that the step is made of left out, doubled, halved or
    with its sign turned; or one of the student's right answers, copied into the wrong place.

    A formula is looked at in its values at the sampled points: most of them must be that far off.
    """
    if answer.question.nature.option:
        return False
    right = worlds.under()
    at = worlds.instance(answer.part.at)
    if answer.formula is not None:
        own = right.formula_values(answer.formula, answer.step, at)
        key = right.formula(answer.step, at)
        return own is not None and key is not None and _mostly_far(own, key)
    column = right.value(answer.step, at)
    key = _row(answer, column)
    own = plain_numbers(answer.value, key) if is_numeric(key) else None
    if own is None or np.shape(own) != np.shape(key):
        return False
    size = (
        root_mean_square(key) or root_mean_square(column) or _largest_input(answer.step, worlds, at)
    )
    off = np.abs(own - key)
    if not np.any(off > _FAR * size) or not np.all(np.isfinite(own)):
        return False
    if not np.any(off > _FAR * max([size, *_changes(answer, worlds, at)])):
        return False
    if all(_one_slip(*pair) for pair in zip(np.ravel(own), np.ravel(key), strict=True)):
        return False
    copies = (one.value for one in answers if one.right and one.question.nature.numbers)
    if any(_is_copy(own, one, key) for one in copies):
        return False
    slips = (_row(answer, value) for value in _slips(answer.step, worlds, at))
    return not any(value is not None and apart(answer.part, own, value) <= 1.0 for value in slips)


def is_given(answer: Evidence, worlds: Worlds) -> bool:
    """Whether an answer is a number that the step is made of and that the assignment gives: 3 where
    0.001·3 is asked is a copy, though it is a power of ten off as well."""
    at, right = worlds.instance(answer.part.at), worlds.under()
    givens = worlds.made_of(answer.step) - worlds.reference.steps.keys()
    return any(
        _is_copy(plain_numbers(answer.value, value), value, value)
        for value in (right.value(name, at) for name in sorted(givens))
        if is_numeric(value)
    )


def takes_no_work(answer: Evidence, worlds: Worlds) -> bool:
    """Whether an answer is nought or a copied given: both are typed without the mistake that gives
    them as well."""
    if answer.question.nature.option:
        return False
    if answer.formula is not None:
        found = worlds.under().formula_values(answer.formula, answer.step, answer.part.at)
        return found is not None and not np.any(found)
    key = _row(answer, worlds.under().value(answer.step, worlds.instance(answer.part.at)))
    own = plain_numbers(answer.value, key) if is_numeric(key) else None
    return own is not None and (not np.any(own) or is_given(answer, worlds))


def is_tiny(answer: Evidence, worlds: Worlds) -> bool:
    """Whether an answer is smaller than its question's plausible sizes, though the right one is
    not nought: whatever is multiplied by 1e-300 is nought, so a slip of that size says nothing."""
    if answer.question.nature.option:
        return False
    right, at = worlds.under(), answer.part.at
    if answer.formula is not None:
        key = right.formula(answer.step, at)
        own = right.formula_values(answer.formula, answer.step, at)
    else:
        key = _row(answer, right.value(answer.step, worlds.instance(at)))
        own = plain_numbers(answer.value, key) if is_numeric(key) else None
    if own is None or not is_numeric(key):
        return False
    least, _ = answer.question.carry_forward.plausible
    return root_mean_square(own) < float(least) * root_mean_square(key)


def _mostly_far(own: Any, key: Any) -> bool:
    if np.shape(own) != np.shape(key):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.abs(own - key).reshape(len(key), -1).max(axis=1, initial=0.0)
    sizes = np.array([root_mean_square(one) for one in key])
    defined = np.isfinite(off) & (sizes > 0)
    return bool(2 * np.sum(off[defined] > _FAR * sizes[defined]) > np.sum(defined))


def _row(answer: Evidence, value: Value) -> Value:
    if answer.row is None or value is None:
        return value
    return value[answer.row] if len(value) > answer.row else None


def _largest_input(step: str, worlds: Worlds, at: Instance) -> float:
    """What nought is held against: the largest number that the step is made of."""
    values = (worlds.under().value(name, at) for name in worlds.made_of(step))
    return max((root_mean_square(value) for value in values if is_numeric(value)), default=0.0)


def _changes(answer: Evidence, worlds: Worlds, at: Instance) -> Iterator[float]:
    """How much the right answer changes if something that it is made of at once is doubled.

    Of a product that is its own size. What is left of a difference, 0.7 − 0.3·2.36, is small beside
    what it is made of, and a slip is as large as these.
    """
    key = _row(answer, worlds.under().value(answer.step, at))
    for name in worlds.reference.steps[answer.step].needs:
        value = worlds.under().value(name, at)
        if is_numeric(value):
            doubled = _row(answer, _started(answer.step, worlds, at, {name: 2 * as_numbers(value)}))
            if is_numeric(doubled) and np.shape(doubled) == np.shape(key):
                yield root_mean_square(as_numbers(doubled) - as_numbers(key))


def _started(step: str, worlds: Worlds, at: Instance, start: Mapping[str, Value]) -> Value:
    try:
        with bounded():
            return worlds.under().solution(at, start)[step]
    except (StepFault, OutOfBounds, ValueError, TypeError):
        return None


def _one_slip(own: float, key: float) -> bool:
    others = [factor * key for factor in (1.0, *_FACTORS)]
    others += [abs(key) ** power for power in _POWERS if key]
    return any(bool(np.isclose(own, other, rtol=1e-2)) for other in others)


def _is_copy(own: Any, other: Value, key: Value) -> bool:
    number = plain_numbers(other, key)
    return number is not None and bool(np.array_equal(number, own))


def _slips(step: str, worlds: Worlds, at: Instance) -> Sequence[Value]:
    """What a step gives if one thing that it is made of has a slip in it; computed once."""
    known = _known.setdefault(worlds, {})
    if (step, at) not in known:
        known[step, at] = tuple(_computed_slips(step, worlds, at))
    return known[step, at]


def _computed_slips(step: str, worlds: Worlds, at: Instance) -> Iterator[Value]:
    right = worlds.under().solution(at)
    tried = 0
    for name in sorted(worlds.made_of(step) - {step}):
        try:
            with bounded():
                value = right[name]
        except (StepFault, OutOfBounds, ValueError, TypeError):
            continue
        for other in _others(value):
            tried += 1
            if tried > _MOST_TRIED:
                return
            found = _started(step, worlds, at, {name: other})
            if is_numeric(found):
                yield found


def _others(value: Value) -> Iterator[Value]:
    if callable(value):
        for factor in (-1.0, 2.0, 0.5):
            yield _times(value, factor)
    elif is_numeric(value):
        number = as_numbers(value)
        for other in (-number, 2 * number, number / 2, np.ones_like(number), 0 * number):
            yield other[()]


def _times(function: Any, factor: float) -> Any:
    def slipped(*given: Any) -> Any:
        found = function(*given)
        if isinstance(found, tuple):
            return tuple(factor * np.asarray(one)[()] for one in found)
        return factor * np.asarray(found)[()]

    return slipped


def all_alike(answers: Sequence[Evidence], worlds: Worlds) -> Mapping[AnswerPlace, float]:
    """The answers of questions that are answered by one number throughout, up to signs, though the
    right ones differ; with that number. Of the whole submission as well, question by question.

    A formula that is the same at every point is a number, and what is far less than a tolerance is
    nought. Right answers say nothing, nor do those that cannot be read, and of fewer than three
    wrong ones chance makes all alike.
    """
    numbers = {one.place: _numbers(one, worlds) for one in answers}
    groups: dict[str, list[Evidence]] = {}
    for one in answers:
        groups.setdefault(one.question.id, []).append(one)
        if not one.question.nature.option:
            groups.setdefault("", []).append(one)  # no question has this id
    found: dict[AnswerPlace, float] = {}
    for group in groups.values():
        own = [numbers[one.place] for one in group]
        if any(one is None for one in own):
            continue
        sizes = np.abs(np.concatenate([np.ravel(one) for one in own]))
        if len(sizes) < _ALIKE or np.any(sizes != sizes[0]):
            continue
        if not all(one.right for one in group):
            found.update((one.place, float(sizes[0])) for one in group)
    return found


def _numbers(answer: Evidence, worlds: Worlds) -> Any:
    """The numbers of an answer, none where they cannot be read, or None for what is not a number:
    an option, or a formula that changes with what it is made of."""
    if answer.question.nature.option:
        return None
    right, unread = worlds.under(), np.zeros(0)
    if answer.formula is not None:
        found = right.formula_values(answer.formula, answer.step, answer.part.at)
        if found is None or not np.any(np.isfinite(found)):
            return unread
        if apart(answer.part, found, np.zeros(np.shape(found))) < _NOUGHT:
            return np.zeros(1)
        first = np.ravel(found)[:1]
        return first if np.all(found == first) else None
    like = right.value(answer.step, answer.part.at)
    if not is_numeric(like):
        return None
    if answer.rows is not None:
        pairs = [
            (plain_numbers(row, one), one) for row, one in zip(answer.rows, like, strict=False)
        ]
    else:
        pairs = [(plain_numbers(answer.value, like), like)]
    if not pairs or any(own is None for own, _ in pairs):
        return unread
    numbers = np.concatenate([np.ravel(own) for own, _ in pairs])
    zeros = np.zeros(numbers.shape)
    return zeros if apart(answer.part, numbers, zeros) < _NOUGHT else numbers
