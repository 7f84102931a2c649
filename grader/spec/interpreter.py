"""The interpreter that runs the students' code, where it is not the one that runs us."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.spec.problems import Problems, did_you_mean

__all__ = ["find_python", "near_python", "read_python"]

_MOST_LOOKED_AT = 2000


def find_python(name: str, folder: Path) -> str:
    """The absolute path of a program named by a path from `folder`, or by a command; "" if none.

    Links are left as they are: an environment of its own is known by the link in its folder.
    """
    if "/" not in name:
        import shutil  # it takes long, and few specs name an interpreter

        found = shutil.which(name)
        return os.path.abspath(found) if found else ""  # noqa: PTH100 - keeps links
    path = os.path.abspath(folder / _at_home(name))  # noqa: PTH100 - the same
    # Not Path.is_file: a name that is too long is not a file, and must not raise either.
    return path if os.path.isfile(path) and os.access(path, os.X_OK) else ""  # noqa: PTH113 - as said


def _at_home(name: str) -> Path:
    return Path(os.path.expanduser(name))  # noqa: PTH111 - leaves a user who is not there alone


def near_python(name: str, folder: Path) -> str:
    """A help sentence with programs whose names are near, or ""."""
    if "/" not in name:
        commands = {
            item
            for place in os.get_exec_path()
            for item in _names_in(Path(place))
            if item.startswith(("python", "pypy"))
        }
        return did_you_mean(name, commands)
    given = Path(name)
    parent = folder / _at_home(name).parent
    if not os.path.isdir(parent):  # noqa: PTH112 - the same
        return f"there is no folder {given.parent}"
    beside = [item for item in _names_in(parent) if os.access(parent / item, os.X_OK)]
    return did_you_mean(name, [str(given.parent / item) for item in beside])


def _names_in(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as items:
            for item, _ in zip(items, range(_MOST_LOOKED_AT), strict=False):
                yield item.name
    except OSError:
        return


def read_python(problems: Problems, folder: Path, name: str) -> str:
    """The path of the interpreter that a spec names, or "" after a problem was added."""
    found = find_python(name, folder)
    if not found:
        what = "command" if "/" not in name else "program"
        near = near_python(name, folder)
        problems.add("S220", ("python",), f"there is no {what} {name!r} that can be run", near)
    return found
