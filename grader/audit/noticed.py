"""Is every mutant of the reference noticed by some question?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType

import numpy as np

from grader.audit.elsewhere import Elsewhere
from grader.audit.finding import Finding
from grader.audit.places import Measured
from grader.judge.expect.samples import Sampler
from grader.judge.expect.world import Graph, World, Worlds
from grader.model.audit import Equivalent
from grader.solver import Reference, ReferenceFault
from grader.solver.bounded import OutOfBounds, bounded
from grader.solver.mutants import MOST_MUTANTS, Mutant, load_mutant, mutants, spread

__all__ = ["unnoticed"]

#: One in so many may pass, explained or not. A reference can be written so that few are equivalent.
_MOST_UNNOTICED = 20
_A_SHARE_OF = 100  # of fewer mutants a share says little: each hole speaks for itself
_REMEDY = (
    "add a case or an instance that it changes, "
    "or say under `audit: equivalent:` why it changes nothing"
)


def unnoticed(found: tuple[Measured, ...], worlds: Worlds) -> Iterator[Finding]:
    """Compute every place from every mutant that can reach it, until one place differs.

    A mutant is noticed when a place lies more than one tolerance off, or when the mutant cannot be
    loaded or computed. Wrong ways, which are stand-ins of mistakes only, are not mutated. Nor
    counts a mutant that cannot matter: it computes the same at other instances too.
    """
    reference = worlds.reference
    source = reference.path.read_text(encoding="utf-8")
    reach = {place.steps: _reached(place, reference) for place in found}
    asked = frozenset().union(*reach.values())
    constants = _constants(source)
    every = mutants(source, reference.path, most=10**9)
    tried = spread([one for one in every if _owner(one, constants) in asked], MOST_MUTANTS)
    reached = {
        name: [place for place in found if name in reach[place.steps]]
        for name in dict.fromkeys(_owner(one, constants) for one in tried)
    }
    passing = [one for one in tried if not _noticed(one, reached[_owner(one, constants)], worlds)]
    elsewhere = Elsewhere(worlds) if passing else None
    idle = [
        one
        for one in passing
        if elsewhere and not elsewhere.can_matter(one, reached[_owner(one, constants)])
    ]
    passing = [one for one in passing if one not in idle]
    tried = tuple(one for one in tried if one not in idle)
    notes = {(note.step, note.change): note for note in worlds.assignment.audit.equivalent}
    explained = [one for one in passing if (_owner(one, constants), one.change) in notes]
    yield Finding(check="mutants", words=_summary(len(tried), len(passing), len(explained)))
    unexplained: dict[str, list[Mutant]] = {}
    for one in passing:
        if one not in explained:
            unexplained.setdefault(_owner(one, constants), []).append(one)
    for owner, group in unexplained.items():
        yield Finding(
            check="mutants",
            hole=f"{group[0].path}:{_changes(group)} in {owner}: no question notices",
            remedy=_REMEDY,
        )
    if len(tried) >= _A_SHARE_OF and len(passing) * _MOST_UNNOTICED > len(tried):
        yield Finding(
            check="mutants",
            hole=f"{len(passing)} of {len(tried)} mutants pass, explained or not: over one in 20",
            remedy="ask for more, or write the reference so that less of it is without effect",
        )
    used = {(_owner(one, constants), one.change) for one in (*explained, *idle)}
    for key, note in notes.items():
        if key not in used:
            yield _explains_nothing(note)


def _changes(group: Sequence[Mutant]) -> str:
    """The changes of one function, which have one cause as a rule, with their places."""
    first, *others = group
    words = f"{first.line}:{first.column}: {first.change}"
    return "; ".join([words, *(f"{one.line}:{one.column}: {one.change}" for one in others)])


def _explains_nothing(note: Equivalent) -> Finding:
    return Finding(
        check="notes",
        hole=f"`audit: equivalent:` {note.change} in {note.step!r} explains no mutant that passes",
        remedy="remove the entry, or write step and change as the audit does",
    )


def _summary(tried: int, passing: int, explained: int) -> str:
    words = f"{tried - passing} of {tried} mutants are noticed"
    return f"{words}, {explained} explained" if explained else words


def _noticed(mutant: Mutant, reached: list[Measured], worlds: Worlds) -> bool:
    try:
        reference = load_mutant(mutant)
    except (ReferenceFault, OutOfBounds):
        return True
    assignment = worlds.assignment
    other = Worlds(assignment, reference, Sampler(assignment, reference)).under()
    return any(_differs(place, other) for place in reached)


def _differs(place: Measured, world: World) -> bool:
    try:
        if place.is_formula and _differs_early(place, world):
            return True
        value = place.value(world)
        return value is None or place.apart(value) > 1
    except Exception:  # noqa: BLE001 - a value that cannot even be compared is noticed
        return True


def _differs_early(place: Measured, world: World) -> bool:
    """Whether the first sampled point alone is off, beside right values at all others."""
    if not np.isfinite(place.right[0]).all():
        return False  # nothing is right there
    with bounded():
        first = world.samples(place.at).solutions[0].valued(place.steps[0])
    values = np.array(place.right)
    if np.shape(first) != values.shape[1:]:
        return True
    values[0] = first
    return place.apart(values) > 1


def _reached(place: Measured, reference: Reference) -> frozenset[str]:
    """Every function and constant at module level that a place is computed from."""
    graph = Graph(reference, ())
    waiting: list[str] = [name for step in place.steps for name in graph.above(step)]
    module = next((step.function.__globals__ for step in reference.steps.values()), {})
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [used for used in _names(module.get(name)) if used in module]
    return frozenset(found)


def _names(item: object) -> Iterator[str]:
    if isinstance(item, FunctionType):
        item = item.__code__
    if isinstance(item, CodeType):
        yield from item.co_names
        for constant in item.co_consts:
            yield from _names(constant)
    elif isinstance(item, type):
        for member in vars(item).values():
            yield from _names(member)


def _constants(source: str) -> dict[int, str]:
    """Which constant of the module is computed in which line."""
    lines: dict[int, str] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    end = statement.end_lineno or statement.lineno
                    lines |= dict.fromkeys(range(statement.lineno, end + 1), node.id)
    return lines


def _owner(mutant: Mutant, constants: dict[int, str]) -> str:
    return mutant.step or constants.get(mutant.line, "")
