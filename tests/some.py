"""How many examples of a property are tried: the profile decides, in proportion for each test."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["some"]

#: The profile for which the numbers in the tests are meant; the others try fewer or more.
_MEANT_FOR = 60


def some(examples: int) -> int:
    """As many as this with 60 examples in the profile, and in proportion with another.

    `make fast` takes few, `make test` a third of what is meant, `make slow` the whole and more.
    """
    return max(5, examples * settings().max_examples // _MEANT_FOR)
