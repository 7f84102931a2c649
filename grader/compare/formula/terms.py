"""A formula as a sum of products, with the numbers among the factors apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grader.compare.formula.evaluate import Evaluator, Points, Samples, combined
from grader.compare.formula.parse import Formula

__all__ = ["Product", "Reading", "added"]

_HIGHEST_POWER = 4  # that is read as so many factors
_TIMES = ("*", "juxtaposed")
_LOGARITHMS = ("log", "ln")
_HIGHEST_LOG = 700.0  # of a number that floating point can hold


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
        if node.head in _TIMES and self._entry_by_entry(node):
            left, right = map(self.product, node.operands)
            return _powers_together(left.times(right))
        if node.head == "/":
            left, right = map(self.product, node.operands)
            return _powers_together(left.times(right.inverse()))
        exponent = _exponent(node)
        if exponent is not None:
            return self._without_logarithms(node, exponent)
        if node.head == "^":
            power = self.constant(node.operands[1])
            if power is not None and power == int(power) and 1 <= abs(power) <= _HIGHEST_POWER:
                one = self.product(node.operands[0])
                found = Product()
                for _ in range(abs(int(power))):
                    found = found.times(one)
                return found if power > 0 else found.inverse()
        return Product(over=(node,))

    def _entry_by_entry(self, node: Formula) -> bool:
        """Whether a product is none of matrices, in which no factor may change its place."""
        return node.head == "*" or any(self.value(one).ndim == 1 for one in node.operands)

    def _without_logarithms(self, node: Formula, exponent: Formula) -> Product:
        """e^(log(a) + b) is a·e^b."""
        terms = self.terms(exponent)
        logarithms = [one for one in terms if _logarithm_in(one) is not None]
        if not logarithms:
            return Product(over=(node,))
        found = Product()
        for term in terms:
            inner = _logarithm_in(term)
            if inner is not None:
                one, power = self.product(inner), abs(term.number)
                if power != 1:
                    one = Product(over=(_node("^", _factors(one), _number(power)),))
                found = found.times(one if term.number > 0 else one.inverse())
            elif term.over or term.under:
                found = found.times(Product(over=(_exponential(_factors(term)),)))
            else:
                found = found.times(Product(numbers=(math.exp(min(term.number, _HIGHEST_LOG)),)))
        return found

    def terms(self, node: Formula) -> tuple[Product, ...]:
        """What a node adds up, each with its sign; numbers before a bracket go to its terms."""
        if id(node) not in self._terms:
            self._terms[id(node)] = tuple(self._added(node))
        return self._terms[id(node)]

    def _added(self, node: Formula) -> list[Product]:
        if node.head in ("+", "-"):
            left, right = map(self.terms, node.operands)
            return [*left, *(right if node.head == "+" else (one.negated() for one in right))]
        if node.head == "call" and node.name in _LOGARITHMS and not node.declared:
            return self._logarithms(node)
        product = self.product(node)
        if len(product.over) == 1 and product.over[0] is not node:
            before = replace(product, over=())
            return [before.times(term) for term in self.terms(product.over[0])]
        return [product]

    def _logarithms(self, node: Formula) -> list[Product]:
        """log(a/b) is log(a) − log(b), log(a^n) is n·log(a), and log(e^a) is a."""
        inner = self.product(node.operands[0])
        found = []
        for sign, factors in ((1.0, inner.over), (-1.0, inner.under)):
            for one in factors:
                exponent = _exponent(one)
                power = self.constant(one.operands[1]) if one.head == "^" else None
                alone = len(inner.over) + len(inner.under) == 1
                if exponent is not None:
                    found += [Product(numbers=(sign,)).times(one) for one in self.terms(exponent)]
                elif power is not None:
                    logarithm = _node("call", one.operands[0], name=node.name)
                    times = Product(numbers=(sign * power,))
                    found += [times.times(one) for one in self.terms(logarithm)]
                else:
                    logarithm = node if alone and sign > 0 else _node("call", one, name=node.name)
                    found.append(Product(numbers=(sign,), over=(logarithm,)))
        return found or [Product(over=(node,))]

    def total(self, product: Product) -> Points:
        """The value of a product."""
        found: Points = np.full(1, product.number)
        with np.errstate(all="ignore"):
            for one in product.over:
                found = combined("*", found, self.value(one))
            for one in product.under:
                found = combined("/", found, self.value(one))
        return found

    def amplifies(self, product: Product) -> bool:
        """Whether it multiplies one of its factors by more than 1, or divides it by less."""
        return product.amplifies or any(
            bool((np.abs(self.value(one)) < 1).all()) for one in product.under
        )

    def addends(self, node: Formula) -> list[Product]:
        """What a sum adds up as it stands there: no number is taken into a bracket."""
        if node.head in ("+", "-"):
            left, right = map(self.addends, node.operands)
            return [*left, *(right if node.head == "+" else [one.negated() for one in right])]
        return [self.product(node)]


def added(values: Sequence[Points]) -> Points:
    """The sum of values, numbers and arrays."""
    found: Points = np.zeros(1)
    for one in values:
        found = combined("+", found, one)
    return found


def _powers_together(product: Product) -> Product:
    """e^a·e^b is e^(a + b)."""
    above, below = (
        [one for one in nodes if _exponent(one) is not None]
        for nodes in (product.over, product.under)
    )
    if len(above) + len(below) < 2:
        return product
    total = _number(0.0)
    for head, nodes in (("+", above), ("-", below)):
        for one in nodes:
            exponent = _exponent(one)
            assert exponent is not None
            total = (
                exponent if total.head == "number" and head == "+" else _node(head, total, exponent)
            )
    over, under = (
        tuple(one for one in nodes if _exponent(one) is None)
        for nodes in (product.over, product.under)
    )
    return replace(product, over=(*over, _exponential(total)), under=under)


def _exponent(node: Formula) -> Formula | None:
    """What e is raised to, in exp(a) or e^a."""
    if node.head == "call" and node.name == "exp" and not node.declared:
        return node.operands[0]
    if node.head == "^" and node.operands[0].head == "constant" and node.operands[0].name == "e":
        return node.operands[1]
    return None


def _logarithm_in(product: Product) -> Formula | None:
    """What the logarithm is taken of, if the product is a number times one logarithm."""
    if len(product.over) != 1 or product.under:
        return None
    one = product.over[0]
    named = one.head == "call" and one.name in _LOGARITHMS and not one.declared
    return one.operands[0] if named else None


def _factors(product: Product) -> Formula:
    """The product as one node again."""
    found = _number(product.number)
    for one in product.over:
        found = _node("*", found, one)
    for one in product.under:
        found = _node("/", found, one)
    return found


def _exponential(exponent: Formula) -> Formula:
    return _node("call", exponent, name="exp")


def _number(value: float) -> Formula:
    return Formula(head="number", value=value)


def _node(head: str, *operands: Formula, name: str = "") -> Formula:
    """A node, however deep it is: it is looked at, not read again."""
    depth = 1 + max(one.depth for one in operands)
    return Formula(head=head, operands=operands, name=name, depth=depth)
