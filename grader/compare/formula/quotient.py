"""Is a formula a difference quotient, (f(x + h) − f(x − h)) / 2h, and so no derivation?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from grader.compare.formula.evaluate import Points, Samples
from grader.compare.formula.parse import Formula, FormulaError
from grader.compare.formula.straight import holds_straight_step
from grader.compare.formula.terms import Product, Reading, added

__all__ = ["is_difference_quotient"]

_THIRD = 1 / 3
_SMALL_NUMBER = 0.35  # as a step it is small whatever it is added to
_NEARLY = 0.05  # two numbers that differ by less are one number and a step
_SAME = 1e-13
_BARELY = 1e-3
_NOTHING = 1e-12  # of the largest term
_WEIGHTS = 1e-4  # x·(1 + 1e-5) − x is a step; x − 0.999·x is an average
_LOOKS = 30_000  # at pairs of nodes: a formula of many terms has many pairs


def is_difference_quotient(formula: Formula, samples: Samples) -> bool:
    """Whether it divides the difference of a function at two neighbouring places by a small step.

    That is: somewhere two terms of a sum with opposite signs become the same tree once small steps
    are left out, and their difference is divided by something below 1 or multiplied by more than
    1. A step is a number or a multiple of a symbol that is added and at most a third of what it is
    added to, or a factor within a third of 1. What is the same is decided by the values at the
    samples, so that names and spellings do not matter. Stencils of more points hold such pairs.

    A difference that stands for itself, 1 − tanh(u)², is none however small it is: its terms are
    no neighbours. Where complex numbers are asked none is looked for.
    """
    if getattr(samples, "promotes", False):
        return False
    try:
        read = Reading(samples)
        return _Search(read).holds_one(formula) or holds_straight_step(formula, read)
    except (FormulaError, _EnoughError):
        return False


class _EnoughError(Exception):
    """Too many pairs were looked at."""


class _Search:
    def __init__(self, read: Reading) -> None:
        self._read = read
        self._known: dict[tuple[int, int], bool] = {}
        self._looks = 0

    # -- where it may stand ----------------------------------------------------------------------

    def holds_one(self, node: Formula, amplified: bool = False) -> bool:
        """Whether the node does; `amplified`: what it is part of is multiplied by more than 1."""
        terms = self._read.terms(node)
        if self._holds_step(terms, amplified) or self._cancels(terms, amplified):
            return True
        if terms[0].over == (node,):  # it is neither a sum nor a product
            return any(self.holds_one(operand, amplified) for operand in node.operands)
        whole = self._read.product(node)
        before = amplified or (whole.over != (node,) and self._read.amplifies(whole))
        return any(
            self.holds_one(factor, before or self._read.amplifies(term))
            for term in terms
            for factor in (*term.over, *term.under)
        )

    def _holds_step(self, terms: Sequence[Product], amplified: bool) -> bool:
        return any(self._is_step(one, other, amplified) for one, other in combinations(terms, 2))

    def _cancels(self, terms: Sequence[Product], amplified: bool) -> bool:
        """Whether hardly anything is left of a sum beside the second largest change in its terms.

        So f(x + h) + f(−x + h) is found out where f is odd, and s(u) + s(−v) − 1. Nothing at all,
        as in sin² + cos² − 1, is not a difference.
        """
        if len(terms) < 2 or not (amplified or any(map(self._read.amplifies, terms))):
            return False
        values = [self._read.total(term) for term in terms]
        if not all(np.isfinite(one).all() for one in values):
            return False
        changes = sorted(float(np.ptp(np.abs(one))) for one in values)  # see _hardly_apart
        left = float(np.ptp(added(values)))
        largest = max(float(np.max(np.abs(one))) for one in values)
        return _NOTHING * largest < left <= _BARELY * changes[-2]

    def _is_step(self, one: Product, other: Product, amplified: bool) -> bool:
        first, second = one.number, other.number
        if first * second > 0:
            turned = self._turned(other)
            return turned is not None and self._is_step(one, turned, amplified)
        if not first * second < 0:
            return False
        if not (amplified or self._read.amplifies(one) or self._read.amplifies(other)):
            return False
        values, others = self._scaled(one), self._scaled(other)
        if _equal(values, others):
            rest = abs(first + second)
            steep = max(abs(first), abs(second)) > 1 + _THIRD
            return (amplified or steep) and 0 < rest <= _WEIGHTS * abs(first)
        return self._products_near(one, other, numbers=False) or _hardly_apart(
            self._read.total(one), -self._read.total(other)
        )

    def _turned(self, product: Product) -> Product | None:
        """With the other sign, where a factor is odd: f(−u) for f(u). A product that is nothing
        but one factor may leave a constant, as 1 − s(−u) does for s(u)."""
        alone = len(product.over) == 1 and not product.under
        for number, factor in enumerate(product.over):
            mirror = _mirror(factor)
            if mirror is None:
                continue
            total = self._read.value(factor) + self._read.value(mirror)
            noise = _NOTHING * max(1.0, float(np.max(np.abs(total), initial=0.0)))
            if float(np.max(np.abs(total if not alone else total - total[:1]))) <= noise:
                over = (*product.over[:number], mirror, *product.over[number + 1 :])
                return replace(product.negated(), over=over)
        return None

    def _scaled(self, product: Product) -> Points:
        """The value without the number before it."""
        return self._read.total(Product(over=product.over, under=product.under))

    # -- the same once steps are left out --------------------------------------------------------

    def _near(self, one: Formula, other: Formula) -> bool:
        if one is other:
            return True
        pair = (id(one), id(other))
        if pair not in self._known:
            self._looks += 1
            if self._looks > _LOOKS:
                raise _EnoughError
            self._known[pair] = self._nodes_near(one, other)
        return self._known[pair]

    def _nodes_near(self, one: Formula, other: Formula) -> bool:
        values, others = self._read.value(one), self._read.value(other)
        if _equal(values, others):
            return True
        first, second = self._read.terms(one), self._read.terms(other)
        if (len(first) > 1 or len(second) > 1) and self._sums_near(first, second):
            return True
        left, right = self._read.product(one), self._read.product(other)
        if left.over != (one,) or right.over != (other,):
            if self._products_near(left, right, numbers=True):
                return True
        elif (one.head, one.name) == (other.head, other.name) and one.operands and not _is_sum(one):
            if one.head == "^" and not self._powers_alike(one, other):
                return False
            if len(one.operands) == len(other.operands) and all(
                map(self._near, one.operands, other.operands)
            ):
                return True
            mirror = _mirror(one)
            if mirror is not None and _equal(values, self._read.value(mirror)):  # it is even
                return self._near(mirror.operands[0], other.operands[0])
            return False
        return _hardly_apart(values, others)

    def _powers_alike(self, one: Formula, other: Formula) -> bool:
        """x² and x³ are not neighbours."""
        powers = [self._read.constant(node.operands[1]) for node in (one, other)]
        return powers[0] == powers[1] or None in powers

    def _sums_near(self, first: Sequence[Product], second: Sequence[Product]) -> bool:
        left, right = list(first), list(second)
        matched = 0
        for same in (True, False):
            for one in tuple(left):
                for other in right:
                    if self._terms_near(one, other, same=same):
                        left.remove(one)
                        right.remove(other)
                        matched += 1
                        break
        return matched > 0 and self._are_steps(left, first) and self._are_steps(right, second)

    def _terms_near(self, one: Product, other: Product, *, same: bool) -> bool:
        if same:
            return _equal(self._read.total(one), self._read.total(other))
        return self._products_near(one, other, numbers=True)

    def _are_steps(self, steps: Sequence[Product], terms: Sequence[Product]) -> bool:
        if not steps:
            return True
        rest = added(
            [self._read.total(term) for term in terms if all(term is not one for one in steps)]
        )
        return all(self._is_small(step, rest) for step in steps)

    def _is_small(self, step: Product, rest: Points) -> bool:
        size = np.abs(self._read.total(step))
        if not (step.over or step.under) and size[0] <= _SMALL_NUMBER:
            return True
        by_itself = step.over and abs(step.number) >= 1
        part = _BARELY if by_itself else _THIRD
        return bool((size <= part * np.abs(rest)).all())

    def _products_near(self, one: Product, other: Product, *, numbers: bool) -> bool:
        if numbers and not _numbers_near(one, other):
            return False
        first, second = self._cancelled(one), self._cancelled(other)
        return self._factors_near(first.over, second.over) and self._factors_near(
            first.under, second.under
        )

    def _cancelled(self, product: Product) -> Product:
        """f(x + h)·(1 / f(x)) is 1 and a step."""
        if not product.under:
            return product
        over, under = list(product.over), list(product.under)
        for one in product.over:
            for other in under:
                if self._near(one, other):
                    over.remove(one)
                    under.remove(other)
                    break
        return Product(over=tuple(over), under=tuple(under))

    def _factors_near(self, first: Sequence[Formula], second: Sequence[Formula]) -> bool:
        left, right = list(first), list(second)
        for one in first:
            for other in right:
                if self._near(one, other):
                    left.remove(one)
                    right.remove(other)
                    break
        return all(map(self._is_about_one, (*left, *right)))

    def _is_about_one(self, factor: Formula) -> bool:
        """Whether a factor is written as 1 and a step."""
        value = self._read.value(factor)
        if not bool((np.abs(value - 1) <= _THIRD).all()):
            return False
        terms = self._read.terms(factor)
        return len(terms) > 1 and any(
            not (term.over or term.under) and abs(term.number - 1) <= _THIRD for term in terms
        )


def _mirror(node: Formula) -> Formula | None:
    """f(−u) for f(u), or None if the node is not a function of one number."""
    if node.head != "call" or len(node.operands) != 1:
        return None
    (operand,) = node.operands
    turned = Formula(head="negative", operands=(operand,), depth=operand.depth + 1)
    return replace(node, operands=(turned,), depth=turned.depth + 1)


def _numbers_near(one: Product, other: Product) -> bool:
    first, second = _without_steps(one), _without_steps(other)
    if first == second:
        return True
    if first == int(first) and second == int(second):
        return False
    return abs(first - second) <= _NEARLY * max(abs(first), abs(second))


def _without_steps(product: Product) -> float:
    """The number of a product, without those that are within a third of 1 or −1."""
    over, under = (
        math.prod(math.copysign(1.0, n) if abs(abs(n) - 1) <= _THIRD else n for n in numbers)
        for numbers in (product.numbers, product.divisors)
    )
    found = over / under if under else 0.0
    return found if math.isfinite(found) else 0.0


def _is_sum(node: Formula) -> bool:
    return node.head in ("+", "-")


def _equal(one: Points, other: Points) -> bool:
    if one.shape[1:] != other.shape[1:]:
        return False
    return bool(np.allclose(one, other, rtol=_SAME, atol=0, equal_nan=True))


def _hardly_apart(one: Points, other: Points) -> bool:
    """Whether they differ by next to nothing beside how they change from point to point."""
    if one.shape != other.shape:
        return False
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < 2:
        return False
    apart = float(np.max(np.abs(one[known] - other[known])))
    # Of their sizes: tanh is near 1 or −1 at all large numbers, and hardly changes there.
    change = min(float(np.ptp(np.abs(values[known]))) for values in (one, other))
    return apart <= _BARELY * change
