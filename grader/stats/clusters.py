"""The same wrong value in many first wrong answers: a cause that all of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.compare.complexes import Number, as_number, number_is_finite, parts_of
from grader.compare.digits import last_unit
from grader.compare.number import exact
from grader.judge.words.values import shown
from grader.model.fact_marking import Compared, Path
from grader.model.value import NumberText
from grader.stats.divergence import FirstWrong

__all__ = ["Cluster", "clusters", "least_size"]

_OF_CODE = Fraction(1, 10**9)
_LEAST = 3
_LONGEST = 400  # characters by which texts are told apart
_SHARE = Fraction(2, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Students whose first wrong answer to a question is the same value."""

    question: str
    label: str  #: of the part, row or case
    path: Path  #: where in the value, if it is made of several
    value: str  #: as most of them gave it
    students: tuple[str, ...]
    mistakes: tuple[str, ...]  #: that explain it for most of them; none: nobody named it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    student: str
    value: Any
    reach: Fraction | None  #: half a unit of a typed number, else None
    allowed: float | None
    mistakes: tuple[str, ...]


def least_size(students: int) -> int:
    """How many have to share a value: 3, or 2 % of the class."""
    return max(_LEAST, -int(-_SHARE * students // 1))


def clusters(
    firsts: Iterable[FirstWrong], students: int, functions: Iterable[str] = ()
) -> tuple[Cluster, ...]:
    """The largest first. `functions` are the questions whose values students' code computes.

    Typed numbers are the same within the coarser of their half units, computed ones within 1e-9 of
    their size, others within half a tolerance. Other answers, such as formulas, have to be the same
    text but for blanks. Only a value at the same place of the same part is compared.
    """
    of_code = frozenset(functions)
    places: dict[tuple[str, str, Path], list[_Seen]] = {}
    for one in firsts:
        compared = None if one.part is None else one.part.compared
        if one.part is None or compared is None or compared.actual is None:
            continue
        place = (one.question, one.part.label, compared.path)
        places.setdefault(place, []).append(_seen(one, compared))
    found = [
        Cluster(
            question=question,
            label=label,
            path=path,
            value=_most(shown(member.value) for member in members),
            students=tuple(sorted({member.student for member in members})),
            mistakes=_most(member.mistakes for member in members),
        )
        for (question, label, path), seen in places.items()
        for members in _groups(seen, code=question in of_code)
    ]
    enough = least_size(students)
    listed = [one for one in found if len(one.students) >= enough]
    return tuple(
        sorted(listed, key=lambda one: (-len(one.students), one.question, one.label, one.value))
    )


def _seen(one: FirstWrong, compared: Compared) -> _Seen:
    assert one.part is not None
    value = compared.actual
    unit = last_unit(value) if isinstance(value, NumberText) else None
    return _Seen(
        student=one.student,
        value=value,
        reach=None if unit is None else unit / 2,
        allowed=compared.allowed,
        mistakes=one.part.mistakes,
    )


def _most(values: Iterable[Any]) -> Any:
    """The most frequent; of equally frequent ones the first in order."""
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], value))


def _groups(seen: Sequence[_Seen], *, code: bool) -> list[list[_Seen]]:
    """Each is in one group, whose members are all alike. The same in any order of the students."""
    groups: list[list[_Seen]] = []
    numbers: list[tuple[tuple[Fraction, Fraction], _Seen]] = []
    texts: dict[str, list[_Seen]] = {}
    for one in seen:
        number = as_number(one.value)
        if number is not None and number_is_finite(number):
            numbers.append((_exact_parts(number), one))
        else:
            text = one.value if isinstance(one.value, str) else shown(one.value, _LONGEST)
            texts.setdefault("".join(text.split()), []).append(one)
    numbers.sort(key=lambda item: (item[0], shown(item[1].value), item[1].student))
    kinds: dict[object, tuple[tuple[Fraction, Fraction], _Seen]] = {}  # of the last group
    for parts, one in numbers:
        kind = (parts, one.reach, one.allowed)
        if kind not in kinds:
            if not all(_same(parts, one, *other, code=code) for other in kinds.values()):
                kinds = {}
            kinds[kind] = (parts, one)
            if len(kinds) == 1:
                groups.append([])
        groups[-1].append(one)
    return [*groups, *texts.values()]


def _exact_parts(number: Number) -> tuple[Fraction, Fraction]:
    real, imag = parts_of(number)
    return exact(real), exact(imag)


def _same(
    parts: tuple[Fraction, Fraction],
    one: _Seen,
    other_parts: tuple[Fraction, Fraction],
    other: _Seen,
    *,
    code: bool,
) -> bool:
    apart = max(abs(a - b) for a, b in zip(parts, other_parts, strict=True))
    if one.reach is not None and other.reach is not None:
        return apart <= max(one.reach, other.reach)
    if code:
        return apart <= _OF_CODE * max(abs(part) for part in (*parts, *other_parts))
    allowed = [item.allowed for item in (one, other) if item.allowed is not None]
    return apart <= Fraction(min(allowed)) / 2 if allowed else apart == 0
