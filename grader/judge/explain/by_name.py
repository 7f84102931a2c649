"""What a formula names speaks against mistakes that put something else there."""

from __future__ import annotations

from collections.abc import Collection

from grader.compare.formula import Formula
from grader.model.assignment import Mistake
from grader.solver import Reference

__all__ = ["spoken_against"]


def spoken_against(
    mistake: Mistake,
    formula: Formula,
    nameable: Collection[str],
    made_of: Collection[str],
    reference: Reference,
) -> bool:
    """Whether a formula names what the mistake replaces, and not what it puts there.

    A value counts where the formula could have named the other one. A function counts wherever the
    formula calls it: whoever calls it has not put another in its place, but may have changed what
    it gives, where the other one is made with it.

    Example: `relu'(z1) * h1` is not made with relu in the place of relu'.
    """
    names, steps = formula.symbols, reference.steps
    for name, other in mistake.replace.items():
        if name not in made_of or name not in names or other in names:
            continue
        if name in steps and steps[name].is_function:
            if other not in steps or name not in steps[other].needs:
                return True
        elif other in nameable:
            return True
    return False
