"""Where one handed-in file finds another that it imports."""

from __future__ import annotations

import builtins
import importlib.machinery
import os
import sys
from collections.abc import Collection, Mapping
from typing import Any

from sources import imports_relatively

__all__ = ["Lookup", "below"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]


class Lookup:
    """Finds files by the names under which they are imported; `loader` runs them."""

    def __init__(
        self,
        sources: Mapping[str, bytes],
        first: Collection[str],
        packages: Mapping[str, str],
        loader: Any,
    ) -> None:
        """`first` are run before others; `packages` are other names of folders, or of the top."""
        self._sources = sources
        self._packages = packages
        self._loader = loader
        beside = [name.rpartition("/")[0] for name in sources if name in first]
        self._beside = list(filter(None, dict.fromkeys(beside)))
        self._folders = {
            name[:end] for name in sources for end in range(len(name)) if name[end] == "/"
        }
        self._here = os.getcwd() + "/"

    def find_spec(self, fullname: str, path: Any = None, _target: Any = None) -> Any:
        """Lets one handed-in file import another. The library's modules come before files."""
        folders = self._roots() if path is None else [item for item in path if self._has(item)]
        last = fullname.rpartition(".")[2]
        stems = [below(folder, last.rstrip("/")) for folder in folders]
        aside = last.endswith("/")  # a folder that has a name of the library's
        may_be_hidden = path is None and not aside
        for stem in stems:
            for file in (stem + "/__init__.py", stem + ".py"):
                if file not in self._sources or (aside and file == stem + ".py"):
                    continue
                if may_be_hidden and self._in_library(fullname):
                    return None
                spec = importlib.machinery.ModuleSpec(fullname, self._loader, origin=file)
                if file != stem + ".py":
                    spec.submodule_search_locations = [stem]
                return spec
        inside = [stem for stem in stems if self._has(stem)]
        if path is None and not inside and fullname in self._packages:
            inside = [self._packages[fullname]]
        if not inside or (may_be_hidden and self._in_library(fullname, folders_too=True)):
            return None
        spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = inside
        return spec

    def _has(self, folder: Any) -> bool:
        return type(folder) is str and (folder in self._folders or folder == "")

    def _roots(self) -> list[str]:
        """Where `import name` looks: at the top, beside files that were run first, as beside any
        script, and in folders that the student's code added to sys.path.
        """
        added = [os.path.normpath(item) for item in sys.path if type(item) is str]
        start = len(self._here)
        own = [item[start:] if item.startswith(self._here) else item for item in added]
        return ["", *self._beside, *filter(self._has, filter(None, own))]

    def _in_library(self, name: str, folders_too: bool = False) -> bool:
        """Whether a module that was not handed in has the name; a folder does not count."""
        for finder in list(sys.meta_path):
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, None)
            if spec is not None:
                return folders_too or spec.loader is not None
        return False

    def outer_name(self) -> str:
        """The name of the folder around all files, or "/" where that is something else's too."""
        name: str
        for name, folder in self._packages.items():
            taken = name in self._folders or name + ".py" in self._sources
            if not folder and not taken and not self._in_library(name, folders_too=True):
                return name
        return "/"

    def is_beside_others(self, name: str) -> bool:
        """Whether it is at the top, and imports what lies beside it as part of a package."""
        return "/" not in name and imports_relatively(self._sources[name])


def below(folder: str, name: str) -> str:
    """The path of what lies in a folder; "" is the top."""
    return folder + "/" + name if folder else name
