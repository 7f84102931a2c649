"""The names that a formula may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["BUILT_IN", "CONSTANTS", "Language"]

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
CONSTANTS = ("pi",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Symbols and functions by every spelling that stands for them."""

    symbols: Mapping[str, str]
    functions: Mapping[str, str]

    @classmethod
    def of(
        cls,
        symbols: Mapping[str, tuple[str, ...]],
        functions: Mapping[str, tuple[str, ...]],
    ) -> Language:
        """Build a language from names and their other spellings."""
        return cls(symbols=_by_spelling(symbols), functions=_by_spelling(functions))

    def without(self, names: Iterable[str]) -> Language:
        """The language without these names."""
        dropped = set(names)
        return Language(
            symbols={s: name for s, name in self.symbols.items() if name not in dropped},
            functions={s: name for s, name in self.functions.items() if name not in dropped},
        )


def _by_spelling(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    from grader.compare.formula.lex import normalised

    return {
        normalised(spelling): name for name, others in names.items() for spelling in (name, *others)
    }
