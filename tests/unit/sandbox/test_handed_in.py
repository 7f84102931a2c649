"""Whose module an import gives: what was handed in, or a library's of the same name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

from grader.sandbox.child.lookup import Lookup

Finding = Callable[..., Any]


class Library:
    """One library: a module or package with a loader, or a folder of that name without one."""

    def __init__(self, name: str, *, folder: bool) -> None:
        self.name = name
        self.folder = folder

    def find_spec(self, name: str, path: object = None) -> ModuleSpec | None:
        del path
        if name != self.name:
            return None
        return ModuleSpec(name, None if self.folder else self, is_package=True)  # type: ignore[arg-type]  # of no loader's class


class Everything:
    """A finder that says that every name is a library's."""

    def find_spec(self, name: str, path: object = None) -> ModuleSpec:
        del path
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # of no loader's class


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch) -> Finding:
    """What an import finds beside these files and libraries: the file, the folders, or None."""

    def find(
        files: Iterable[str], name: str, *libraries: object, path: list[str] | None = None
    ) -> str | list[str] | None:
        sources = dict.fromkeys(files, b"")
        top = [file for file in sources if "/" not in file]
        lookup = Lookup(sources, top, {}, None)
        monkeypatch.setattr(sys, "meta_path", [lookup, *libraries])
        monkeypatch.setattr(sys, "path", [])
        spec = lookup.find_spec(name, path)
        if spec is None:
            return None
        return str(spec.origin) if spec.origin else list(spec.submodule_search_locations)

    return find


FOLDER = Library("net", folder=True)
MODULE = Library("net", folder=False)


@pytest.mark.parametrize(
    ("files", "libraries", "found"),
    [
        pytest.param(["net/a.py"], [], ["net"], id="a folder, and no library"),
        pytest.param(["net/a.py"], [FOLDER], None, id="a folder, and a folder of the library's"),
        pytest.param(["net/a.py"], [MODULE], None, id="a folder, and a module of the library's"),
        pytest.param(["net/sub/a.py"], [FOLDER], None, id="a folder in a folder"),
        pytest.param(["net.py"], [], "net.py", id="a file, and no library"),
        pytest.param(["net.py"], [FOLDER], "net.py", id="a file, and a folder of the library's"),
        pytest.param(["net.py"], [MODULE], None, id="a file, and a module of the library's"),
        pytest.param(["net/__init__.py"], [], "net/__init__.py", id="a package, and no library"),
        pytest.param(
            ["net/__init__.py"], [FOLDER], "net/__init__.py", id="a package, and a folder"
        ),
        pytest.param(["net/__init__.py"], [MODULE], None, id="a package, and a module"),
        pytest.param(["net/a.py"], [FOLDER, MODULE], None, id="a folder, and both"),
        pytest.param(["net.py"], [object()], "net.py", id="a finder of the old kind"),
        pytest.param(
            ["net/a.py"], [Library("nets", folder=True)], ["net"], id="a library of another name"
        ),
        pytest.param(["other.py"], [], None, id="nothing of that name"),
    ],
)
def test_a_library_hides_what_python_would_find_after_it(
    find: Finding, files: list[str], libraries: list[object], found: object
) -> None:
    """A folder without `__init__.py` is found last, wherever it lies: also a library's is first."""
    assert find(files, "net", *libraries) == found


@pytest.mark.parametrize("library", [FOLDER, MODULE], ids=["folder", "module"])
def test_what_lies_in_a_folder_handed_in_is_not_hidden(find: Finding, library: Library) -> None:
    """Relative imports name the folder with a slash, so that no library is meant."""
    assert find(["net/a.py"], "net/", library) == ["net"]
    assert find(["net/a.py"], "net/.a", library, path=["net"]) == "net/a.py"
    assert find(["net/sub/b.py"], "net/.sub", library, path=["net"]) == ["net/sub"]
    assert find(["net.py"], "net/", library) is None


def test_of_what_lies_in_a_folder_no_library_is_asked(find: Finding) -> None:
    assert find(["net/a.py"], "net/", Everything()) == ["net"]
    assert find(["net/__init__.py"], "net/", Everything()) == "net/__init__.py"
    assert find(["net/sub/b.py"], "net.sub", Everything(), path=["net"]) == ["net/sub"]
    assert find(["net/a.py"], "net", Everything()) is None


def test_nothing_is_found_in_a_folder_of_the_librarys(find: Finding) -> None:
    assert find(["net/a.py"], "net.a", FOLDER, path=["/library/net"]) is None
    assert find(["net/a.py"], "net.a", FOLDER, path=["/library/net", "net"]) == "net/a.py"
