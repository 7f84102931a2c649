"""What Jupyter and Colab offer in a notebook and nobody has here: accepted, and without effect."""

from __future__ import annotations

import builtins
import importlib.machinery
import types
from typing import Any

__all__ = ["StandIns", "names_of_a_notebook"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_PACKAGES = ("IPython", "google.colab")


class Nothing:
    """May be called, asked for anything and used in `with`, and nothing comes of it."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> Nothing:
        return self

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_args: object) -> None:
        pass

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "<not available while your code is marked>"


_NOTHING = Nothing()


def names_of_a_notebook() -> dict[str, Any]:
    """What every cell finds without importing it."""
    return {"get_ipython": _NOTHING, "display": _NOTHING}


class StandIns:
    """Finds `IPython` and `google.colab` where nobody else does. To be the last finder."""

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        known = fullname == "google" or any(
            fullname == name or fullname.startswith(name + ".") for name in _PACKAGES
        )
        if not known:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> Any:
        return _Anything(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


class _Anything(types.ModuleType):
    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _NOTHING
