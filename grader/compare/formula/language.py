"""The names that a formula may use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grader.compare.formula.spelling import normalised

__all__ = ["BUILT_IN", "CONSTANTS", "HIDEABLE", "OTHER_SPELLINGS", "Language"]

#: name → how many arguments it takes (least, most)
_ALWAYS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        ("sin", "cos", "tan", "tanh", "exp", "log", "ln", "sqrt", "abs", "sign"), (1, 1)
    ),
    "transpose": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "where": (2, 21),
}
#: Known as well, unless the assignment declares something else of that name.
_UNLESS_DECLARED: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("sinh", "cosh", "sec", "csc", "cot", "sech", "csch", "coth"), (1, 1)),
    **dict.fromkeys(("arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh"), (1, 1)),
    **dict.fromkeys(("log2", "log10", "cbrt", "norm", "sum", "tr", "inv"), (1, 1)),
    "power": (2, 2),
    "square": (1, 1),
    **dict.fromkeys(("dot", "matmul", "multiply"), (2, 2)),
}
BUILT_IN: Mapping[str, tuple[int, int]] = {**_ALWAYS, **_UNLESS_DECLARED}
#: Other spellings of built-in functions, of numpy and of other books.
OTHER_SPELLINGS: Mapping[str, str] = {
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"ar{name}": f"arc{name}" for name in ("sinh", "cosh", "tanh")},
    "maximum": "max",
    "minimum": "min",
    "absolute": "abs",
    "fabs": "abs",
    "sgn": "sign",
    "trace": "tr",
    "cosec": "csc",
    "cotan": "cot",
    "arctg": "arctan",
    "tg": "tan",
    "ctg": "cot",
    "lg": "log10",
    "pow": "power",
}
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
#: Built-in names that may be declared for something else, which hides them.
HIDEABLE = frozenset({"e", *_UNLESS_DECLARED, *OTHER_SPELLINGS})


# Without `eq` a language is its own key where formulas that were read are kept.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """Symbols and functions by every spelling that stands for them, and constants by name."""

    symbols: Mapping[str, str]
    functions: Mapping[str, str]
    constants: Mapping[str, float] = field(default_factory=lambda: CONSTANTS)
    #: names that stand for something elsewhere, and here for nothing
    elsewhere: frozenset[str] = frozenset()
    #: symbols that are known to be vectors or matrices
    arrays: frozenset[str] = frozenset()
    matrix_power: bool = False  #: `A^2` is A·A, not every entry squared

    @classmethod
    def of(
        cls,
        symbols: Mapping[str, tuple[str, ...]],
        functions: Mapping[str, tuple[str, ...]],
        *,
        hidden: Iterable[str] = (),
        arrays: Iterable[str] = (),
        matrix_power: bool = False,
    ) -> Language:
        """Build a language from names and their other spellings.

        `hidden` are spellings that stand for something which this language does not have: they
        hide a constant of that name, as the spellings of the symbols do.
        """
        own, called = _by_spelling(symbols), _by_spelling(functions)
        known = {*own, *called, *map(normalised, hidden)}
        constants = {name: value for name, value in CONSTANTS.items() if name not in known}
        return cls(
            symbols=own,
            functions=called,
            constants={"pi": math.pi, **constants},
            elsewhere=frozenset(known - {*own, *called}),
            arrays=frozenset(arrays),
            matrix_power=matrix_power,
        )

    def without(self, names: Iterable[str]) -> Language:
        """The language without these names."""
        dropped = set(names)
        return replace(
            self,
            symbols={s: name for s, name in self.symbols.items() if name not in dropped},
            functions={s: name for s, name in self.functions.items() if name not in dropped},
            elsewhere=self.elsewhere
            | {
                spelling
                for names in (self.symbols, self.functions)
                for spelling, name in names.items()
                if name in dropped
            },
        )


def _by_spelling(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {
        normalised(spelling): name for name, others in names.items() for spelling in (name, *others)
    }
