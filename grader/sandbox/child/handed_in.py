"""What was handed in: its files as modules."""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from typing import Any

from cells import NOTEBOOK, cells_of, text_of
from clock import Clock
from lookup import Lookup
from near import NearNames
from sources import defines, source_text
from stand_ins import StandIns, names_of_a_notebook
from statements import ALL, CellRunner, run_cells
from stopped import Stopped
from syntax import no_text

__all__ = ["Modules"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MOST_TOLD = 10  # of the files that failed


class Modules:
    """The files handed in, run once each; they import each other as they lie in their folders.

    Those named in `at_start` are run first, in their order, and all at the top where it is None.
    Others are run when they are imported, or when a name is asked for that only they define.
    Notebooks, and scripts made from them, are run cell by cell.
    """

    def __init__(
        self,
        files: list[Any],
        provided: str,
        at_start: Any = None,
        packages: Any = (),
        seconds: Any = (60.0, 80.0),
        entries: Any = (),
        course: Any = (),
        part: int = ALL,
    ) -> None:
        """`packages` are names under which a folder, or "" for the top, is imported as well,
        `entries` all names that are asked for, `course` files that answer nothing. `seconds`
        are how long cells may take together, and other files; `part` is what of them is run."""
        self._part = part
        code = [item for item in files if item[0].endswith((".py", NOTEBOOK))]
        self._cells = {name: cells for name, cells in _cells(code) if cells is not None}
        self._sources = {name: text_of(name, source) for name, source in code}
        self._places = {*self._sources, *(one.label for own in self._cells.values() for one in own)}
        self._cell_seconds, file_seconds = seconds
        top = [name for name in self._sources if "/" not in name and not name.endswith(NOTEBOOK)]
        first = top if at_start is None else at_start
        own = {name: source for name, source in self._sources.items() if name not in course}
        self._own = own  #: of these the student's, in which names are looked up
        self._at_start = {name for name in own if name in first}
        self._lookup = Lookup(self._sources, self._at_start, dict(packages), self)
        self._near_names = NearNames(own, self._at_start, entries)
        self.taken: list[list[Any]] = []  #: what was taken for what: names, file and line
        self._provided = provided
        self._loaded: dict[str, types.ModuleType] = {}
        self._texts: dict[str, str] = {}
        #: What went wrong in cells, with the text of the cell.
        self._failed_cells: list[tuple[bytes, dict[str, Any]]] = []
        self._stopped: Any = Stopped(self._texts, self._places, file_seconds)

    def load_all(self) -> None:
        sys.meta_path.insert(0, self._lookup)
        sys.meta_path.append(StandIns(notebook=bool(self._cells)))
        for name in self._sources:
            if name in self._at_start:
                self._try(name)

    def create_module(self, spec: Any) -> types.ModuleType:
        module = self._loaded.setdefault(spec.origin, types.ModuleType(spec.name))
        # One file may be imported under two names; Python, too, makes two modules of it.
        return module if module.__name__ == spec.name else types.ModuleType(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        name = vars(module)["__spec__"].origin
        if "." not in vars(module)["__name__"] and self._lookup.is_beside_others(name):
            vars(module)["__package__"] = self._lookup.outer_name()
        try:
            self._run(name, module)
        except BaseException as error:
            if name.endswith("/__init__.py") and isinstance(error, Exception):
                # It imports what was not handed in; a module of the package may need none of it.
                self._stopped.modules[name] = module
                self._stopped.keep(name, error)
                return
            if self._loaded.get(name) is module:
                del self._loaded[name]
                self._stopped.modules[name] = module
            raise

    def _try(self, name: str) -> None:
        """Run a file that was not run yet, and keep why if it cannot be."""
        if name not in self._loaded and name not in self._stopped.failures:
            try:
                self._load_in_time(name)
            except BaseException as error:
                self._stopped.keep(name, error)

    def _load_in_time(self, name: str) -> None:
        """Run a file. One that goes on for too long is ended, and what it had defined answers."""
        if name in self._cells:
            self._load(name)
            return
        with Clock(self._stopped.seconds) as clock:
            clock.start()
            try:
                self._load(name)
            finally:
                clock.stop()
                self._stopped.seconds = clock.left

    def _load(self, name: str) -> None:
        imported_as = self._import_name(name)
        if imported_as:
            importlib.import_module(imported_as)
            return
        stem = name.rpartition(".")[0]
        module = self._loaded[name] = types.ModuleType(stem)
        if name.endswith(NOTEBOOK):
            stem = stem.rpartition("/")[2]
        if stem.replace(".", "/") + ".py" not in self._sources or "/" in stem:
            sys.modules.setdefault(stem, module)  # where dataclasses look for it
        try:
            self._run(name, module)
        except BaseException:
            self._stopped.modules[name] = self._loaded.pop(name)
            if sys.modules.get(stem) is module:
                del sys.modules[stem]
            raise

    def _import_name(self, name: str) -> str:
        """The name under which this file is imported, and no other and none of the library's.

        In a folder that has a name of the library's it is "folder/.file", so that files in there
        can be imported relatively. "" where there is no such name.
        """
        if name.endswith(NOTEBOOK):
            return ""
        package = name.endswith("/__init__.py")
        stem = name[: -len("/__init__.py" if package else ".py")]
        if "." in stem or (not package and stem + "/__init__.py" in self._sources):
            return ""
        outer: str = self._lookup.outer_name() if self._lookup.is_beside_others(name) else ""
        top, below, _ = stem.partition("/")
        spec: Any = None
        try:
            spec = importlib.util.find_spec(top)
        except ValueError:  # loaded without a spec, as __main__ is
            pass
        if not below and not package:
            if outer:
                return outer + "." + stem
            return stem if spec is not None and spec.loader is self else ""
        own = spec is not None and top in (spec.submodule_search_locations or ())
        return top + ("" if own else "/") + stem[len(top) :].replace("/", ".")

    def _run(self, name: str, module: types.ModuleType) -> None:
        if name in self._cells:
            self._run_cells(name, module)
            return
        source = self._sources[name]
        text = self._texts[name] = source_text(source, name)
        unusable = no_text(name, source)
        if unusable is not None:
            raise unusable
        linecache.cache[name] = (len(source), None, text.splitlines(True), name)
        # Not this file's own, which exec() would pass on.
        vars(module).update(__file__=name, __builtins__=vars(builtins))
        if self._provided:
            exec(compile(self._provided, "<provided>", "exec", dont_inherit=True), vars(module))
        if self._part == ALL:
            exec(compile(source, name, "exec", dont_inherit=True), vars(module))
            return
        error = CellRunner(vars(module), self._stopped.seconds, self._part).run(name, text)
        if error is not None:
            raise error

    def _run_cells(self, name: str, module: types.ModuleType) -> None:
        scope = vars(module)
        scope.update(names_of_a_notebook(scope), __file__=name, __builtins__=vars(builtins))
        if self._provided:
            exec(compile(self._provided, "<provided>", "exec", dont_inherit=True), scope)
        seconds = self._cell_seconds
        cells, places, part = self._cells[name], self._places, self._part
        done = run_cells(cells, scope, seconds, places, part, self._stopped.go_on)
        self._cell_seconds = done.seconds_left
        self._failed_cells += done.failed
        self._texts[name] = done.text
        if name.endswith(".py"):
            whole = source_text(self._sources[name], name)
            linecache.cache[name] = (len(whole), None, whole.splitlines(True), name)

    @property
    def names(self) -> set[str]:
        """What a place in it is named by: files, and cells."""
        return self._places

    @property
    def failed_cells(self) -> list[dict[str, Any]]:
        told = [failure for _, failure in self._failed_cells]
        late = [failure for failure in told if failure["verdict"] == "timed_out"]
        return [failure for failure in told if failure not in late[1:]]

    def find(self, entry: str, near: bool = False) -> Any:
        """The first module that defines `entry`, or None. Files not run yet are the last resort.

        With `near`, a function that must be meant is taken where nothing has the name itself.
        """
        for may_run in (False, True):
            for name, source in self._own.items():
                if may_run and defines(source, entry):
                    self._try(name)
                module = self._loaded.get(name) or self._stopped.modules.get(name)
                if module is not None and _answers(module, entry):
                    return self._home(module, entry)
        return self._taken(entry) if near else None

    def _taken(self, entry: str) -> Any:
        """The module of the only function with nearly this name, which it has from now on."""
        found = self._near_names.of(entry)
        if len(found) != 1 or not found[0].usable:
            return None
        near = found[0]
        self._try(near.file)
        module: types.ModuleType | None = self._loaded.get(near.file)
        module = module or self._stopped.modules.get(near.file)
        value: Any = module
        for name in near.path:
            value = getattr(value, name, None)
        if module is None or not callable(value):
            return None
        vars(module)[entry] = value
        self.taken.append([entry, near.name, near.file, near.line])
        return module

    def near(self, entry: str) -> dict[str, Any]:
        """Where something of nearly this name is defined, for a failure that says so."""
        near: dict[str, Any] = self._near_names.said(entry)
        return near

    def _home(self, module: types.ModuleType, entry: str) -> types.ModuleType:
        """Where a function comes from that the module imported: there its globals are looked up."""
        value = vars(module)[entry]
        if type(value) is types.FunctionType:
            for other in (*self._loaded.values(), *self._stopped.modules.values()):
                if vars(other) is value.__globals__ and vars(other).get(entry) is value:
                    module = other
                    break
        return module

    def failure_of(self, entry: str) -> Any:
        """Why the file that may have defined `entry` could not be run, or None.

        `loading`: it is one of those that are run first, which are told of by themselves.
        """
        for text, failure in self._failed_cells:
            if defines(text, entry):
                return failure
        for likely in (True, False):
            for name, failure in self._stopped.failures.items():
                first = name in self._at_start
                if defines(self._sources[name], entry) or (first and not likely):
                    return {**failure, "loading": first}
        return None

    @property
    def not_loaded(self) -> list[list[Any]]:
        """The files that failed while those that come first were run, and why."""
        return [[name, failure] for name, failure in self._stopped.failures.items()][:_MOST_TOLD]

    def source_of(self, module: Any) -> tuple[str, str]:
        """The name and the text of the file that a loaded module came from."""
        for name, loaded in (*self._loaded.items(), *self._stopped.modules.items()):
            if loaded is module:
                return name, self._texts[name]
        return "", ""


def _cells(code: list[Any]) -> Any:
    for name, source in code:
        yield name, cells_of(name, source)


def _answers(module: types.ModuleType, entry: str) -> bool:
    """Whether the module has it; an imported module of that name does not count."""
    return entry in vars(module) and type(vars(module)[entry]) is not types.ModuleType
