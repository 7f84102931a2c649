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
    **dict.fromkeys(("log1p", "expm1", "exp2"), (1, 1)),
    **dict.fromkeys(("log2", "log10", "cbrt", "norm", "sum", "tr", "inv"), (1, 1)),
    "power": (2, 2),
    "square": (1, 1),
    **dict.fromkeys(("dot", "matmul", "mm", "multiply"), (2, 2)),
}
BUILT_IN: Mapping[str, tuple[int, int]] = {**_ALWAYS, **_UNLESS_DECLARED}
#: Known besides where complex numbers are asked, unless the assignment declares that name.
_OF_COMPLEX: Mapping[str, tuple[int, int]] = dict.fromkeys(("conj", "re", "im", "arg"), (1, 1))
_COMPLEX_SPELLINGS: Mapping[str, str] = {
    "conjugate": "conj",
    "real": "re",
    "imag": "im",
    "angle": "arg",
    "phase": "arg",
}
#: Other spellings of built-in functions, of numpy and of other books.
OTHER_SPELLINGS: Mapping[str, str] = {
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"ar{name}": f"arc{name}" for name in ("sinh", "cosh", "tanh")},
    "maximum": "max",
    "minimum": "min",
    "absolute": "abs",
    "fabs": "abs",
    "sgn": "sign",
    "signum": "sign",
    "trace": "tr",
    "cosec": "csc",
    "cotan": "cot",
    "arctg": "arctan",
    "tg": "tan",
    "ctg": "cot",
    "lg": "log10",
    "pow": "power",
}
CONSTANTS: Mapping[str, complex] = {"pi": math.pi, "e": math.e}
_UNITS = ("i", "j")  #: either is the imaginary unit where complex numbers are asked
#: Built-in names that may be declared for something else, which hides them.
HIDEABLE = frozenset({"e", *_UNLESS_DECLARED, *OTHER_SPELLINGS})


# Without `eq` a language is its own key where formulas that were read are kept.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """Symbols and functions by every spelling that stands for them, and constants by name."""

    symbols: Mapping[str, str]
    functions: Mapping[str, str]
    constants: Mapping[str, complex] = field(default_factory=lambda: CONSTANTS)
    #: names that stand for something elsewhere, and here for nothing
    elsewhere: frozenset[str] = frozenset()
    #: symbols that are known to be vectors or matrices
    arrays: frozenset[str] = frozenset()
    matrix_power: bool = False  #: `A^2` is A·A, not every entry squared
    imaginary: bool = False  #: i and j are the imaginary unit, unless they are declared

    @classmethod
    def of(
        cls,
        symbols: Mapping[str, tuple[str, ...]],
        functions: Mapping[str, tuple[str, ...]],
        *,
        hidden: Iterable[str] = (),
        arrays: Iterable[str] = (),
        matrix_power: bool = False,
        imaginary: bool = False,
    ) -> Language:
        """Build a language from names and their other spellings.

        `hidden` are spellings that stand for something which this language does not have: they
        hide a constant of that name, as the spellings of the symbols do.
        """
        own, called = _by_spelling(symbols), _by_spelling(functions)
        known = {*own, *called, *map(normalised, hidden)}
        constants = {name: value for name, value in CONSTANTS.items() if name not in known}
        language = cls(
            symbols=own,
            functions=called,
            constants={"pi": math.pi, **constants},
            elsewhere=frozenset(known - {*own, *called}),
            arrays=frozenset(arrays),
            matrix_power=matrix_power,
        )
        return language.with_unit() if imaginary else language

    def with_unit(self) -> Language:
        """The language with the imaginary unit, as i and j as far as these are not other names."""
        known = {*self.symbols, *self.functions, *self.elsewhere}
        units = {name: 1j for name in _UNITS if name not in known}
        return replace(self, imaginary=True, constants={**self.constants, **units})

    @property
    def built_in(self) -> Mapping[str, tuple[int, int]]:
        """The functions that are known without being declared, with their numbers of arguments."""
        return {**BUILT_IN, **_OF_COMPLEX} if self.imaginary else BUILT_IN

    @property
    def other_spellings(self) -> Mapping[str, str]:
        """Other spellings of these functions."""
        more = _COMPLEX_SPELLINGS if self.imaginary else {}
        return {**OTHER_SPELLINGS, **more}

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
