"""What is said of a module that an import does not find: what there is in its place."""

from __future__ import annotations

import builtins
import importlib.machinery
import sys

__all__ = ["what_there_is"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

#: Libraries that homework imports.
_LIBRARIES = (
    *("numpy", "scipy", "matplotlib", "pandas", "sklearn", "torch", "tensorflow", "jax", "sympy"),
    *("seaborn", "PIL", "tqdm"),
)
_find = importlib.machinery.PathFinder.find_spec


def what_there_is(error: ModuleNotFoundError) -> str:
    """That the module is not here, and which libraries are; "" for one of a package that is."""
    name = error.name
    top = name.partition(".")[0] if type(name) is str else ""
    if not top or top in sys.modules:
        return ""
    there = [one for one in _LIBRARIES if one in sys.modules or _find(one, sys.path) is not None]
    *first, last = there or [""]
    names = ", ".join(first) + " and " * bool(first) + last
    are = " ({} {})".format(names, "are" if first else "is") if there else ""
    return "it is neither handed in nor installed here" + are
