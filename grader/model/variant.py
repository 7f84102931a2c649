"""Givens that differ from student to student, as the author declared them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from grader.model.value import Value

__all__ = ["VariantGiven", "Variants"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VariantGiven:
    """What one given is drawn from: listed values, or numbers that are equally far apart."""

    choices: tuple[Value, ...] = ()  #: listed ones; empty: numbers
    low: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    numbers: int = 1  #: how many there are
    whole: bool = False  #: an int comes out, else a float
    shape: tuple[int, ...] = ()  #: of an array, each entry drawn by itself; empty: one value

    @property
    def entries(self) -> int:
        """How many draws make one value."""
        return math.prod(self.shape)

    @property
    def options(self) -> int:
        """How many things each draw chooses from."""
        return len(self.choices) or self.numbers

    @property
    def count(self) -> int:
        """How many different values there may be."""
        return int(self.options**self.entries)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variants:
    """Which givens are drawn, and the steps of the reference that must be true of a draw."""

    givens: Mapping[str, VariantGiven] = field(default_factory=dict)
    where: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many variants there may be, before any condition."""
        return math.prod(given.count for given in self.givens.values())
