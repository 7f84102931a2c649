"""A formula as a sum of products, with the numbers among the factors apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from grader.compare.formula.evaluate import Evaluator, Points, Samples
from grader.compare.formula.parse import Formula

__all__ = ["Product", "Reading"]

_HIGHEST_POWER = 4  # that is read as so many factors
_TIMES = ("*", "juxtaposed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Product:
    """Numbers and factors, above and below the line."""

    numbers: tuple[float, ...] = ()
    divisors: tuple[float, ...] = ()
    over: tuple[Formula, ...] = ()
    under: tuple[Formula, ...] = ()

    @property
    def number(self) -> float:
        """All its numbers together; infinite where one divides by zero."""
        below = math.prod(self.divisors)
        return math.prod(self.numbers) / below if below else math.inf

    @property
    def amplifies(self) -> bool:
        """Whether it multiplies by more than 1 or divides by less, as far as its numbers go."""
        over, under = abs(math.prod(self.numbers)), abs(math.prod(self.divisors))
        return over > 1 or under < 1

    def times(self, other: Product) -> Product:
        return Product(
            numbers=self.numbers + other.numbers,
            divisors=self.divisors + other.divisors,
            over=self.over + other.over,
            under=self.under + other.under,
        )

    def inverse(self) -> Product:
        return Product(
            numbers=self.divisors, divisors=self.numbers, over=self.under, under=self.over
        )

    def negated(self) -> Product:
        return replace(self, numbers=(-1.0, *self.numbers))


@dataclass(slots=True, eq=False)
class Reading:
    """One formula at its samples: the value of each node, and how it is made up."""

    samples: Samples
    _evaluator: Evaluator = field(init=False)
    _values: dict[int, tuple[Formula, Points]] = field(default_factory=dict)
    _products: dict[int, Product] = field(default_factory=dict)
    _terms: dict[int, tuple[Product, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._evaluator = Evaluator(self.samples)

    def value(self, node: Formula) -> Points:
        """See `Evaluator.applied`. Raises FormulaError where shapes do not fit together."""
        if id(node) not in self._values:
            operands = [self.value(operand) for operand in node.operands]
            with np.errstate(all="ignore"):
                found = self._evaluator.applied(node, operands)
            # The node is kept beside its value, so that no other one gets its id.
            self._values[id(node)] = node, found
        return self._values[id(node)][1]

    def constant(self, node: Formula) -> float | None:
        """Its number, if it has the same one at every point."""
        value = self.value(node)
        if value.ndim != 1:
            return None
        first = float(value[0])
        same = math.isfinite(first) and (len(value) == 1 or bool((value == first).all()))
        return first if same else None

    def product(self, node: Formula) -> Product:
        """The factors of a node; it is its own only factor if it is not a product."""
        if id(node) not in self._products:
            self._products[id(node)] = self._product(node)
        return self._products[id(node)]

    def _product(self, node: Formula) -> Product:
        number = self.constant(node)
        if number is not None:
            return Product(numbers=(number,))
        if node.head == "negative":
            return self.product(node.operands[0]).negated()
        if node.head in _TIMES and all(self.value(one).ndim == 1 for one in node.operands):
            left, right = map(self.product, node.operands)
            return left.times(right)
        if node.head == "/":
            left, right = map(self.product, node.operands)
            return left.times(right.inverse())
        if node.head == "^":
            power = self.constant(node.operands[1])
            if power is not None and power == int(power) and 1 <= abs(power) <= _HIGHEST_POWER:
                one = self.product(node.operands[0])
                found = Product()
                for _ in range(abs(int(power))):
                    found = found.times(one)
                return found if power > 0 else found.inverse()
        return Product(over=(node,))

    def terms(self, node: Formula) -> tuple[Product, ...]:
        """What a node adds up, each with its sign; numbers before a bracket go to its terms."""
        if id(node) not in self._terms:
            self._terms[id(node)] = tuple(self._added(node))
        return self._terms[id(node)]

    def _added(self, node: Formula) -> list[Product]:
        if node.head in ("+", "-"):
            left, right = map(self.terms, node.operands)
            return [*left, *(right if node.head == "+" else (one.negated() for one in right))]
        if node.head == "call" and node.name in ("log", "ln"):
            return self._logarithms(node)
        product = self.product(node)
        if len(product.over) == 1 and product.over[0] is not node:
            before = replace(product, over=())
            return [before.times(term) for term in self.terms(product.over[0])]
        return [product]

    def _logarithms(self, node: Formula) -> list[Product]:
        """log(a/b) is log(a) − log(b)."""
        inner = self.product(node.operands[0])
        if len(inner.over) + len(inner.under) < 2:
            return [Product(over=(node,))]
        over = [Product(over=(_log_of(one, node),)) for one in inner.over]
        under = [Product(numbers=(-1.0,), over=(_log_of(one, node),)) for one in inner.under]
        return [*over, *under]

    def total(self, product: Product) -> Points:
        """The value of a product."""
        found: Points = np.full(1, product.number)
        with np.errstate(all="ignore"):
            for one in product.over:
                found = found * self.value(one)
            for one in product.under:
                found = found / self.value(one)
        return found


def _log_of(operand: Formula, node: Formula) -> Formula:
    return Formula(head="call", operands=(operand,), name=node.name, depth=operand.depth + 1)
