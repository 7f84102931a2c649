"""How stated formulas were read, and what an author may not have meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np

from grader.checks.driver_entry import unused_entries
from grader.checks.in_place import kept_without_copy
from grader.compare.expression import compare_formula_values, understand_formula
from grader.compare.formula import Formula, FormulaError, Samples, formula_values
from grader.compare.formula.evaluate import Points
from grader.compare.formula.language import BUILT_IN, Language
from grader.compare.formula.tree import node
from grader.compare.formula.vocabulary import vocabulary
from grader.compare.formula.written import written
from grader.judge.expect.key import FormulaKey, Key
from grader.model.assignment import AnswerQuestion, Assignment, Part
from grader.model.value import NumberText

__all__ = ["Readings", "read_formulas"]

_RELATIONS = ("<", "<=", ">", ">=")
_MOST = 200  # other formulas that are tried for one stated one
_MOST_NAMES = 60  # of which pairs are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What `verify` says of the formulas of an assignment; none of it is a problem."""

    read_as: tuple[str, ...] = ()  #: stated formulas that were read otherwise than typed
    doubts: tuple[str, ...] = ()  #: what makes right and wrong formulas look alike


def read_formulas(assignment: Assignment, key: Key) -> Readings:
    """How the stated formulas of an assignment were read, and what looks alike in it.

    What its drivers would mark wrong though it is right is among the doubts.
    """
    of_drivers = (*kept_without_copy(assignment, key), *unused_entries(assignment, key))
    doubts = (*_doubts(assignment, key), *of_drivers)
    return Readings(read_as=_read_as(assignment, key), doubts=doubts)


def _read_as(assignment: Assignment, key: Key) -> tuple[str, ...]:
    """A line for each stated formula that was read otherwise than letter for letter."""
    found = []
    for label, part, formula in _stated(assignment, key):
        read = understand_formula(part.expected, formula.language)
        if read.lenient:
            found.append(f"{label}: {_typed(part)} is read as {read.text}")
    return tuple(found)


def _doubts(assignment: Assignment, key: Key) -> tuple[str, ...]:
    """Sentences about names and domains under which right and wrong answers look alike."""
    found: dict[str, None] = {}
    for formula in key.formulas.values():
        found.update(dict.fromkeys(_ambiguous_names(formula.language)))
    domains = frozenset(assignment.formulas.domains)
    for label, part, formula in _stated(assignment, key):
        tree = understand_formula(part.expected, formula.language).formula
        for alike in _alike(tree, part, formula, domains):
            found[f"{label}: {alike}"] = None
    return tuple(found)


def _stated(assignment: Assignment, key: Key) -> Iterator[tuple[str, Part, FormulaKey]]:
    """The formulas that the spec states, readable by now, with the names of their answers."""
    for question in assignment.questions:
        if not isinstance(question, AnswerQuestion) or not question.nature.formula:
            continue
        for part in question.parts:
            formula = key.formulas.get((question.id, part.label))
            if part.expected is None or formula is None:
                continue
            label = f"{question.id}.{part.label}" if part.label else question.id
            try:
                understand_formula(part.expected, formula.language)
            except FormulaError:
                continue  # said elsewhere
            yield label, part, formula


def _typed(part: Part) -> str:
    expected = part.expected
    return repr(expected.text if isinstance(expected, NumberText) else str(expected))


def _ambiguous_names(language: Language) -> Iterator[str]:
    """Names that a student writes for a product, or products that can be cut in two ways."""
    names = vocabulary(language)
    doubtful = set()
    for name in (*sorted(language.symbols), *language.constants, *BUILT_IN):
        for way in names.products(name)[:1]:
            doubtful.add(name)
            signs = " · ".join(way)
            yield f"in formulas {name!r} is a name, and who types it may mean {signs} as well"
    certain = [name for name in sorted(set(language.symbols.values())) if name not in doubtful]
    for one, other in product(certain[:_MOST_NAMES], repeat=2):
        ways = names.products(one + other)
        if one + other not in language.symbols and len(ways) > 1:
            first, second = (" · ".join(way) for way in ways[:2])
            yield f"in formulas {one + other!r} is refused: it may be {first} or {second}"


def _alike(
    tree: Formula, part: Part, formula: FormulaKey, domains: frozenset[str]
) -> Iterator[str]:
    """Other usual answers that agree with the stated one over the declared domains."""
    arrays = bool(formula.language.arrays)
    expected = formula_values(tree, formula.samples)
    said: set[tuple[str, str]] = set()
    for place, other, whole in islice(_others(tree), _MOST):
        words = (written(place, arrays=arrays), written(other, arrays=arrays))
        if words in said or (_is_log(place) and not _may_turn(place, formula.samples, domains)):
            continue
        try:
            values = formula_values(whole, formula.samples)
            same = compare_formula_values(
                actual=None, values=values, expected=expected, tolerance=part.tolerance
            ).accepted
        except (FormulaError, ValueError):
            continue
        if same:
            said.add(words)
            yield (
                f"over the declared domains {words[1]} is as good as {words[0]}; "
                "a wider domain would tell them apart"
            )


def _is_log(place: Formula) -> bool:
    return place.head == "call" and place.name in ("log", "ln") and not place.declared


def _others(tree: Formula) -> Iterator[tuple[Formula, Formula, Formula]]:
    """A place in a formula, what may stand there instead, and the formula with that."""
    for other in _instead(tree):
        yield tree, other, other
    for index, operand in enumerate(tree.operands):
        if _calls(tree, "where") and operand.head in _RELATIONS:
            continue  # one of the values is as good
        for place, other, inner in _others(operand):
            operands = (*tree.operands[:index], inner, *tree.operands[index + 1 :])
            try:
                whole = replace(
                    node(tree.head, *operands, name=tree.name, value=tree.value),
                    declared=tree.declared,
                )
            except FormulaError:
                continue
            yield place, other, whole


def _instead(tree: Formula) -> Iterable[Formula]:
    """What is usually written in the place of an absolute value, a sign, a case, a condition or a
    function of a small angle."""
    if tree.head in _RELATIONS:
        return (node("number", value=1.0), node("number", value=0.0))
    if tree.head != "call" or tree.declared:
        return ()
    first = tree.operands[0]
    if _is_log(tree):
        return () if _calls(first, "abs") else (_with(tree, node("call", first, name="abs")),)
    if tree.name == "abs":
        return (first, node("negative", first))
    if tree.name in ("sin", "tan", "sinh", "tanh", "arcsin", "arctan"):
        return (first,)
    if tree.name == "sign":
        one = node("number", value=1.0)
        return (one, node("negative", one))
    if tree.name in ("max", "min"):
        return tree.operands
    if tree.name == "where":
        otherwise = tree.operands[-1:] if len(tree.operands) % 2 else ()
        return tuple(dict.fromkeys((*tree.operands[1::2], *otherwise)))
    if tree.name == "sqrt" and first.head == "^" and first.operands[1].value == 2:
        return (first.operands[0],)
    return ()


def _calls(tree: Formula, name: str) -> bool:
    return tree.head == "call" and tree.name == name


def _with(tree: Formula, operand: Formula) -> Formula:
    return node(tree.head, operand, name=tree.name)


def _may_turn(place: Formula, samples: Samples, domains: frozenset[str]) -> bool:
    """Whether the argument would be negative somewhere, were its symbols drawn with both signs."""
    argument = place.operands[0]
    for name in argument.symbols & domains:
        try:
            values = formula_values(argument, _Turned(samples, name))
        except FormulaError:
            continue
        if bool((values < 0).any()):
            return True
    return False


class _Turned:
    """Samples in which one symbol has the other sign."""

    def __init__(self, samples: Samples, name: str) -> None:
        self._samples = samples
        self._name = name

    @property
    def labels(self) -> Sequence[str]:
        return self._samples.labels

    def symbol(self, name: str) -> Points:
        values = self._samples.symbol(name)
        return np.negative(values) if name == self._name else values

    def function(self, name: str) -> Callable[..., Points]:
        return self._samples.function(name)
