"""Do variants tell right from wrong as the assignment's own givens do? Looked at in a sample."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from grader.audit.places import Measured, above, by_question, places
from grader.checks.prepare import Prepared
from grader.checks.variants import VariantFault, drawn_for
from grader.judge.expect.world import World
from grader.model.diagnostic import Diagnostic, Place
from grader.model.value import Value
from grader.plan.placeholders import given_text
from grader.plan.variant import NoVariant, variant_text
from grader.spec.yaml_reader import YamlFault, read_yaml

__all__ = ["SAMPLE", "sample", "sampled", "told_givens", "variant_faults"]

SAMPLE = 12  # variants that are looked at
_SECRET = b"a sample of variants"  # of a class that nobody is in
_MOST_TOLD = 6


def told_givens(givens: Mapping[str, Value]) -> str:
    """Givens in words: `learning_rate = 0.05, start = [3, 2]`."""
    return ", ".join(f"{name} = {given_text(value)}" for name, value in givens.items())


def sample(prepared: Prepared, most: int = SAMPLE) -> Sequence[Mapping[str, Value]]:
    """Different variants of a class that does not exist, the same every time. Raises NoVariant."""
    assert prepared.reference is not None
    assert prepared.assignment.variants is not None
    count = min(most, prepared.assignment.variants.count)
    found: dict[str, Mapping[str, Value]] = {}
    for number in range(4 * most):
        givens = drawn_for(prepared.assignment, prepared.reference, _SECRET, f"student {number}")
        found.setdefault(variant_text(givens), givens)
        if len(found) >= count:
            break
    return list(found.values())


def sampled(prepared: Prepared) -> tuple[Diagnostic, ...]:
    """What is wrong with variants of a sample: S331 and S332."""
    if prepared.assignment.variants is None or prepared.reference is None:
        return ()
    try:
        drawn = sample(prepared)
    except NoVariant as none:
        return (_diagnostic(prepared, "S331", f"no variant can be drawn: {none}", "where"),)
    found = []
    usual = _usual(prepared)
    for givens in drawn:
        for code, fault in _faults(prepared, givens, usual):
            message = f"in the variant {told_givens(givens)} {fault}"
            found.append(_diagnostic(prepared, code, message, "givens"))
    return tuple(found[:_MOST_TOLD])


def variant_faults(prepared: Prepared, givens: Mapping[str, Value]) -> tuple[str, ...]:
    """Why a variant may not be handed out; nothing where it may."""
    return tuple(fault for _, fault in _faults(prepared, givens, _usual(prepared)))


@functools.lru_cache(maxsize=1)
def _usual(prepared: Prepared) -> _Told:
    """What the assignment's own givens tell apart: the same for a whole class."""
    return _Told(prepared)


def _faults(
    prepared: Prepared, givens: Mapping[str, Value], usual: _Told
) -> Iterator[tuple[str, str]]:
    try:
        own = prepared.at(givens)
    except VariantFault as none:
        yield "S331", f"there is no right answer: {none}"
        return
    theirs = _Told(own)
    for pair in sorted(usual.pairs - theirs.pairs):
        if not pair.other:
            yield "S332", f"the mistake {pair.one} gives the right answer to {pair.question}"
        elif {(pair.question, pair.one, ""), (pair.question, pair.other, "")} <= theirs.pairs:
            both = f"the mistakes {pair.one} and {pair.other}"
            yield "S332", f"{both} give the same in {pair.question}"


class _Pair(NamedTuple):
    """Two ways that give different answers to a question: a mistake, and another or the right
    one."""

    question: str
    one: str
    other: str  #: "" for the right way


class _Told:
    """Which ways are told from each other, in questions that hang on a given that is drawn."""

    def __init__(self, prepared: Prepared) -> None:
        self.pairs: set[_Pair] = set()
        worlds, variants = prepared.key.worlds, prepared.assignment.variants
        if worlds is None or variants is None:
            return
        drawn = variants.givens.keys()
        sampled = prepared.assignment.formulas.domains.keys()
        found = tuple(
            place
            for place in places(prepared.assignment, prepared.key)
            if above(worlds.graph, place) & (drawn - sampled if place.is_formula else drawn)
        )
        for name, own in by_question(found).items():
            reached = frozenset().union(*(above(worlds.graph, place) for place in own))
            wrong = {
                one.id: worlds.under((one,))
                for one in prepared.assignment.mistakes
                if one.names & reached
            }
            values = {one: _values(own, world) for one, world in wrong.items()}
            told = [
                one for one in wrong if _differs(own, [place.right for place in own], values[one])
            ]
            self.pairs |= {_Pair(name, one, "") for one in told}
            self.pairs |= {
                _Pair(name, one, other)
                for one, other in combinations(told, 2)
                if _differs(own, values[one], values[other])
            }


def _values(own: Sequence[Measured], world: World) -> Sequence[Value]:
    return [place.value(world) for place in own]


def _differs(own: Sequence[Measured], right: Sequence[Value], found: Sequence[Value]) -> bool:
    """Whether answers differ by more than is allowed in any place that both can be computed in."""
    return any(
        replace(place, right=one).apart(other) > 1
        for place, one, other in zip(own, right, found, strict=True)
        if one is not None and other is not None
    )


def _diagnostic(prepared: Prepared, code: str, message: str, key: str) -> Diagnostic:
    file = prepared.assignment.folder / "assignment.yaml"
    place = Place(file=str(file))
    with contextlib.suppress(YamlFault):
        place = read_yaml(file).place(("variants", key), of_key=True)
    help_text = "a step in `variants: where` can refuse such givens; or take other ranges"
    return Diagnostic(code=code, place=place, message=message, help=help_text)
