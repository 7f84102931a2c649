"""The names that a formula may use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grader.compare.formula.lex import normalised

__all__ = ["BUILT_IN", "CONSTANTS", "HIDEABLE", "Language"]

#: name → how many arguments it takes (least, most)
BUILT_IN: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        ("sin", "cos", "tan", "tanh", "exp", "log", "ln", "sqrt", "abs", "sign"), (1, 1)
    ),
    "transpose": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "where": (2, 21),
}
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
#: Constants whose name may be declared for something else, which hides them.
HIDEABLE = frozenset({"e"})


# Without `eq` a language is its own key where formulas that were read are kept.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """Symbols and functions by every spelling that stands for them, and constants by name."""

    symbols: Mapping[str, str]
    functions: Mapping[str, str]
    constants: Mapping[str, float] = field(default_factory=lambda: CONSTANTS)

    @classmethod
    def of(
        cls,
        symbols: Mapping[str, tuple[str, ...]],
        functions: Mapping[str, tuple[str, ...]],
        *,
        hidden: Iterable[str] = (),
    ) -> Language:
        """Build a language from names and their other spellings.

        `hidden` are spellings that stand for something which this language does not have: they
        hide a constant of that name, as the spellings of the symbols do.
        """
        own, called = _by_spelling(symbols), _by_spelling(functions)
        taken = HIDEABLE & {*own, *called, *map(normalised, hidden)}
        constants = {name: value for name, value in CONSTANTS.items() if name not in taken}
        return cls(symbols=own, functions=called, constants=constants)

    def without(self, names: Iterable[str]) -> Language:
        """The language without these names."""
        dropped = set(names)
        return replace(
            self,
            symbols={s: name for s, name in self.symbols.items() if name not in dropped},
            functions={s: name for s, name in self.functions.items() if name not in dropped},
        )


def _by_spelling(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {
        normalised(spelling): name for name, others in names.items() for spelling in (name, *others)
    }
