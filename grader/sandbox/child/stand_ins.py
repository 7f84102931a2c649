"""What stands in for what is not here: accepted, and without effect on what is computed.

In a notebook that is what Jupyter and Colab offer; everywhere numba, which makes code faster, and
tqdm, which shows how far it is.
"""

from __future__ import annotations

import ast
import builtins
import importlib.machinery
import sys
import types
from typing import Any

__all__ = ["StandIns", "names_of_a_notebook"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_AROUND = ("time", "timeit", "capture", "prun")  # magics whose cell defines what it defines
_OF_NOTEBOOKS = ("IPython", "google.colab")


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


class Shell(Nothing):
    """What `get_ipython()` gives. Of magics only those that run Python do anything."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self._scope = scope

    def run_cell_magic(self, name: str, _line: str = "", body: str = "") -> None:
        if name in _AROUND:
            self._run(body)

    def run_line_magic(self, name: str, line: str = "", *_more: Any) -> None:
        if name == "time":
            self._run(line)

    def _run(self, text: str) -> None:
        """The code of a magic, at the line where it stands in a string."""
        caller = sys._getframe(2)
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if hasattr(node, "lineno"):
                vars(node).update(lineno=caller.f_lineno, end_lineno=caller.f_lineno)
        file = caller.f_code.co_filename
        exec(compile(tree, file, "exec", dont_inherit=True), self._scope)


def names_of_a_notebook(scope: dict[str, Any]) -> dict[str, Any]:
    """What every cell finds without importing it; magics run in this namespace."""
    shell = Shell(scope)
    return {"get_ipython": lambda: shell, "display": _NOTHING}


class StandIns:
    """Finds these packages where nobody else does. To be the last finder."""

    def __init__(self, *, notebook: bool) -> None:
        """`notebook`: whether some of the code is a notebook's."""
        self._packages = (*_OFFERED, *(_OF_NOTEBOOKS if notebook else ()))

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        known = any(
            fullname == name or fullname.startswith(name + ".") or name.startswith(fullname + ".")
            for name in self._packages
        )
        if not known:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]  # not a subclass of Loader

    def create_module(self, spec: Any) -> Any:
        top = spec.name.partition(".")[0]
        return types.ModuleType(spec.name) if top in _OFFERED else _Anything(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module).update(_OFFERED.get(module.__name__.partition(".")[0], {}))


class _Anything(types.ModuleType):
    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _NOTHING


def _as_it_is(function: Any = None, *_types: Any, **_how: Any) -> Any:
    """A decorator, with or without arguments, that leaves the function as it is."""
    return function if isinstance(function, types.FunctionType) else _as_it_is


class _Bar(Nothing):
    """Goes through what it is given, and shows nothing."""

    write = Nothing()

    def __init__(self, items: Any = (), *_more: Any, **_how: Any) -> None:
        self._items = items

    def __iter__(self) -> Any:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return True


def _range_with_bar(*bounds: int, **_how: Any) -> _Bar:
    return _Bar(range(*bounds))


#: By package, wherever in it they are looked for.
_OFFERED: dict[str, dict[str, Any]] = {
    "numba": {"jit": _as_it_is, "njit": _as_it_is, "prange": range},
    "tqdm": {"tqdm": _Bar, "trange": _range_with_bar},
}
