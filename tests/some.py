"""How many examples of a property are tried: the profile decides, in proportion for each test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import settings

__all__ = ["by_name", "first_few", "some"]

#: The profile for which the numbers in the tests are meant; the others try fewer or more.
_MEANT_FOR = 60


def some(examples: int) -> int:
    """As many as this with 60 examples in the profile, and in proportion with another.

    `make fast` takes few, `make test` a fifth of what is meant, `make slow` the whole and more.
    """
    return max(5, examples * settings().max_examples // _MEANT_FOR)


def first_few(values: Sequence[Any], number: int, *, ids: Sequence[str] = ()) -> list[Any]:
    """Parameters of a test: the first of them are tried in every run, the others by `make slow`."""
    kept = []
    for place, value in enumerate(values):
        several = value if isinstance(value, tuple) else (value,)
        marks = [pytest.mark.slow] if place >= number else []
        kept.append(pytest.param(*several, marks=marks, id=ids[place] if ids else None))
    return kept


def by_name(values: Mapping[str, Any], *, lengthy: Sequence[str] = ()) -> list[Any]:
    """Parameters of a test that have a name each; `make fast` leaves out those that are lengthy."""
    assert set(lengthy) <= set(values), "what is lengthy is none of these"
    kept = []
    for name, value in values.items():
        several = value if isinstance(value, tuple) else (value,)
        marks = [pytest.mark.lengthy] if name in lengthy else []
        kept.append(pytest.param(*several, marks=marks, id=name))
    return kept
