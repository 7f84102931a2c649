"""Files and folders of the author's that students' code may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["read_data"]

_MOST_MIB = 256
_MOST_FILES = 10_000
#: Names of files that no student's code is to read, wherever they lie.
_NEVER = ("assignment.yaml", "expected.yaml", "starter.py", "variants.secret")


class _DataFault(Exception):
    """Why something cannot be provided, in the words of a diagnostic."""


def read_data(
    problems: Problems,
    folder: Path,
    names: Sequence[str],
    *,
    modules: Sequence[str] = (),
    handed_in: Collection[str] = (),
    reference: Path | None = None,
) -> Mapping[str, Path]:
    """Where each file or folder lies that the spec names, absolute and without links.

    `modules` are those that students' code may import; they can be read as well.
    Regular files only, 256 MiB and 10000 files in all; links to files of the same folder may be in
    it. Nothing that holds a key is provided: not the spec, the reference, or expected.yaml, nor
    the secret that variants are drawn from.
    """
    keys = {_identity(path.stat()) for path in _existing(Path(problems.document.file), reference)}
    found: dict[str, Path] = {}
    size = count = 0
    paths: dict[str, KeyPath] = {name: ("data", index) for index, name in enumerate(names)}
    paths |= {name: ("submission", "modules", index) for index, name in enumerate(modules)}
    for name, path in paths.items():
        plain = name.rstrip("/")
        try:
            if plain in handed_in:
                msg = f"{plain} is what students hand in"
                raise _DataFault(msg)
            _check_apart(plain, found)
            place = _place(folder, name)
            for status in _files(place, plain):
                size, count = size + status.st_size, count + 1
                if _identity(status) in keys:
                    msg = f"{name} holds the spec or the reference, which no student may read"
                    raise _DataFault(msg)
                if size > _MOST_MIB << 20 or count > _MOST_FILES:
                    msg = (
                        f"from {name} on there are more than {_MOST_MIB} MiB or {_MOST_FILES} files"
                    )
                    raise _DataFault(msg)
        except _DataFault as fault:
            beside = _names_beside(folder, plain) if isinstance(fault, _Gone) else ()
            problems.add("S218", path, str(fault), did_you_mean(plain, beside))
        else:
            found[plain] = place
    return found


def _existing(*paths: Path | None) -> Iterator[Path]:
    return (path for path in paths if path is not None and path.is_file())


def _identity(status: os.stat_result) -> tuple[int, int]:
    """What two names of one file have in common."""
    return status.st_dev, status.st_ino


class _Gone(_DataFault):
    """There is nothing of that name."""


def _names_beside(folder: Path, name: str) -> list[str]:
    parent = Path(name).parent
    try:
        return [str(parent / item.name) for item in (folder / parent).iterdir()]
    except OSError:
        return []


def _check_apart(name: str, found: Collection[str]) -> None:
    for other in found:
        if name == other:
            msg = f"{name} is named twice"
            raise _DataFault(msg)
        if name.startswith(f"{other}/") or other.startswith(f"{name}/"):
            inner, outer = sorted((name, other), key=len, reverse=True)
            msg = f"{inner} lies in {outer}, which is named as well"
            raise _DataFault(msg)


def _place(folder: Path, name: str) -> Path:
    top = folder.resolve()
    try:
        place = (top / name).resolve(strict=True)
    except FileNotFoundError:
        msg = f"there is no file or folder {name} beside the spec"
        raise _Gone(msg) from None
    except (OSError, RuntimeError) as error:  # a link that leads to itself, before Python 3.13
        msg = f"{name} cannot be read"
        raise _DataFault(msg) from error
    if not place.is_relative_to(top):
        msg = f"{name} leads out of the assignment's folder"
        raise _DataFault(msg)
    if name.endswith("/") and not place.is_dir():
        msg = f"{name.rstrip('/')} is not a folder"
        raise _DataFault(msg)
    return place


def _files(place: Path, name: str) -> Iterator[os.stat_result]:
    """The status of every file that is provided under the name. Raises _DataFault."""
    if not place.is_dir():
        yield _regular(place, name, place)
        return

    def refuse(error: OSError) -> None:
        msg = f"the folder {_below(Path(error.filename), place, name)} cannot be read"
        raise _DataFault(msg)

    for parent, folders, files in os.walk(place, onerror=refuse):
        for item in sorted(folders):
            if (Path(parent) / item).is_symlink():
                shown = _below(Path(parent) / item, place, name)
                msg = f"{shown} is a link to a folder; only links to files are provided"
                raise _DataFault(msg)
        for item in sorted(files):
            path = Path(parent) / item
            yield _regular(path, _below(path, place, name), place)


def _below(path: Path, place: Path, name: str) -> str:
    """A path as it is named in the spec, in characters that can be shown."""
    below = os.path.relpath(path, place)
    text = name if below == "." else f"{name.rstrip('/')}/{below}"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _regular(path: Path, shown: str, inside: Path) -> os.stat_result:
    """The status of a regular file that may be provided. Raises _DataFault."""
    if path.name in _NEVER:
        msg = f"{shown} must not be read by students' code"
        raise _DataFault(msg)
    try:
        target = path.resolve(strict=True)
        status = target.stat()
    except (OSError, RuntimeError):
        msg = f"{shown} cannot be read"
        raise _DataFault(msg) from None
    if target != inside and not target.is_relative_to(inside):
        msg = f"{shown} is a link that leads out of its folder"
        raise _DataFault(msg)
    if not stat.S_ISREG(status.st_mode):
        msg = f"{shown} is not a file that can be provided"
        raise _DataFault(msg)
    if not os.access(target, os.R_OK):
        msg = f"{shown} cannot be read"
        raise _DataFault(msg)
    return status
