"""What the ASSIGNMENT argument of every command may be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.cli.exits import usage_error

__all__ = ["assignment_path", "assignment_paths", "is_release", "slugs_beside"]

_SPEC = "assignment.yaml"
_RELEASE = "release.json"


def assignment_path(given: str, *, release: bool = False) -> Path:
    """A folder, an assignment.yaml, or the slug of a folder below assignments/ here or above; where
    it will do, also the folder of a `release`."""
    for path in _places(given):
        if is_release(path) and not release:
            usage_error(
                f"{given!r} is a release, which holds no key: `grader check {given}` looks at the "
                "work in it"
            )
        if path.is_file() or (path / _SPEC).is_file() or is_release(path):
            return path
    if Path(given).is_dir() and "/" not in given.strip("./"):
        where = "this folder" if Path(given).resolve() == Path.cwd() else repr(given)
        usage_error(
            f"in {where} there is neither an {_SPEC} nor a {_RELEASE}: name an assignment, or the "
            f"folder that your course gave you{_near(given)}"
        )
    return usage_error(
        f"there is no assignment {given!r}: neither a folder with an assignment.yaml, nor "
        f"one below assignments/ here or in a folder above{_near(given)}"
    )


def is_release(path: Path) -> bool:
    """Whether it is the folder of a release, which holds no key."""
    return (path / _RELEASE).is_file() and not (path / _SPEC).is_file()


def slugs_beside(path: Path) -> set[str]:
    """The names of the assignments in the folder in which one lies."""
    folder = path.parent if path.is_file() else path
    return {spec.parent.name for spec in folder.resolve().parent.glob(f"*/{_SPEC}")}


def assignment_paths(given: str) -> list[Path]:
    """The same; or every assignment of a folder that holds folders of assignments."""
    folder = Path(given)
    if given.strip() and folder.is_dir() and not (folder / _SPEC).is_file():
        for inside in (folder, folder / "assignments"):
            if found := sorted(path.parent for path in inside.glob(f"*/{_SPEC}")):
                return found
    return [assignment_path(given)]


def _places(given: str) -> Iterator[Path]:
    if given.strip():
        yield Path(given)
        yield from (root / given for root in _roots())


def _roots() -> Iterator[Path]:
    here = Path.cwd()
    for folder in (here, *here.parents):
        yield Path(os.path.relpath(folder)) / "assignments"


def _near(given: str) -> str:
    """What may have been meant, as a second sentence."""
    from grader.spec.problems import did_you_mean

    slugs = {path.parent.name for root in _roots() for path in root.glob(f"*/{_SPEC}")}
    near = did_you_mean(Path(given).name, slugs)
    if near or not slugs:
        return f"; {near}" if near else ""
    return f"; there are {', '.join(sorted(slugs)[:8])}{', …' if len(slugs) > 8 else ''}"
