"""What was handed in: its files as modules, and what may be told of an exception in them."""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from typing import Any

__all__ = ["Modules", "Namespace", "describe"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MESSAGE_LENGTH = 10_000


class Modules:
    """The files handed in, run once each; they may import each other by name."""

    def __init__(self, files: list[Any], provided: str) -> None:
        self._sources = {name: source for name, source in files if name.endswith(".py")}
        self._provided = provided
        self._loaded: dict[str, types.ModuleType] = {}
        self._texts: dict[str, str] = {}
        self.failures: dict[str, dict[str, Any]] = {}

    def load_all(self) -> None:
        sys.meta_path.append(self)  # last: no file shadows the library
        for name in self._sources:
            if name not in self._loaded and name not in self.failures:
                try:
                    self._load(name)
                except BaseException as error:
                    self.failures[name] = describe(error, self._sources)

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        """Lets one handed-in file import another."""
        name = fullname + ".py"
        if name not in self._sources:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> types.ModuleType:
        return self._loaded.setdefault(spec.name + ".py", types.ModuleType(spec.name))

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__ + ".py"
        try:
            self._run(name, module)
        except BaseException:
            self._loaded.pop(name, None)  # half a module answers nothing
            raise

    def _load(self, name: str) -> None:
        stem = name[: -len(".py")]
        module = self._loaded[name] = types.ModuleType(stem)
        if self._is_ours(stem):
            sys.modules[stem] = module  # where dataclasses look for it
        try:
            self._run(name, module)
        except BaseException:
            del self._loaded[name]
            if sys.modules.get(stem) is module:
                del sys.modules[stem]
            raise

    def _is_ours(self, stem: str) -> bool:
        """Whether `import stem` means the file handed in, and no module of the library's."""
        if not stem.isidentifier():
            return stem not in sys.modules
        try:
            spec = importlib.util.find_spec(stem)
        except ValueError:  # loaded without a spec, as __main__ is
            return False
        return spec is not None and spec.loader is self  # type: ignore[comparison-overlap]

    def _run(self, name: str, module: types.ModuleType) -> None:
        source = self._sources[name]
        text = importlib.util.decode_source(source)
        self._texts[name] = text
        linecache.cache[name] = (len(source), None, text.splitlines(True), name)
        # Not this file's own, which exec() would pass on.
        vars(module).update(__file__=name, __builtins__=vars(builtins))
        if self._provided:
            exec(compile(self._provided, "<provided>", "exec", dont_inherit=True), vars(module))
        exec(compile(source, name, "exec", dont_inherit=True), vars(module))

    @property
    def names(self) -> list[str]:
        return list(self._sources)

    def find(self, entry: str) -> Any:
        """The first module that defines `entry`, or None."""
        for name in self._sources:
            module = self._loaded.get(name)
            if module is not None and entry in vars(module):
                return module
        return None

    def source_of(self, module: Any) -> tuple[str, str]:
        """The name and the text of the file that a loaded module came from."""
        for name, loaded in self._loaded.items():
            if loaded is module:
                return name, self._texts[name]
        return "", ""


def describe(error: BaseException, names: Any) -> dict[str, Any]:
    """An exception as plain data: what a student may be told of it."""
    failure: dict[str, Any] = {
        "verdict": "raised",
        "reason": "exception",
        "exception": type.__dict__["__name__"].__get__(type(error)),
    }
    if isinstance(error, MemoryError):
        failure.update(verdict="memory_exceeded", reason="memory_limit")
    elif isinstance(error, SystemExit):
        failure.update(reason="system_exit")
    try:  # whatever an exception of the student's own making does when it is looked at
        if isinstance(error, SyntaxError) and error.filename in names:
            place = {"file": str(error.filename), "line": error.lineno or 0}
            return {**failure, "reason": "syntax_error", "message": str(error.msg), **place}
        failure.update(_place(error, names))
        failure["message"] = str(error)[:_MESSAGE_LENGTH]
    except BaseException:
        return failure
    return failure


def _place(error: BaseException, names: Any) -> dict[str, Any]:
    """The innermost line of a file handed in."""
    place: dict[str, Any] = {}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in names:
            place = {"file": trace.tb_frame.f_code.co_filename, "line": trace.tb_lineno}
        trace = trace.tb_next
    return place


class Namespace:
    """All handed-in modules seen as one, for drivers."""

    def __init__(self, modules: Modules) -> None:
        object.__setattr__(self, "_modules", modules)

    def __getattr__(self, name: str) -> Any:
        module = self._modules.find(name)
        if module is None:
            raise AttributeError("the files handed in do not define {!r}".format(name))
        return getattr(module, name)
