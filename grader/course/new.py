"""Lay out a new assignment from a template; in a folder without a course, a course around it."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["LIKES", "New", "NewFault", "new_assignment"]

LIKES = ("optimizer", "backprop", "lab", "statistics", "linear-algebra")  #: names of templates
_SUFFIX = ".in"  # of every file of a template: none is taken for a module or a spec of ours
_SCHEMA = "assignment.schema.json"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_TEXT = re.compile(r"0x[0-9a-f]+|0o[0-7]+|[0-9]+(e[0-9]+)?|null|true|false")  # in YAML
_LONGEST = 60
#: file of the template of a course → where it goes
_OF_COURSE = {
    "README.md": Path("README.md"),
    "gitignore": Path(".gitignore"),
    "verify.yml": Path(".github", "workflows", "verify.yml"),
}


class NewFault(Exception):
    """Nothing was written: what is asked for cannot be, or would write over something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What was written, as paths below the course's folder, in their order."""

    course: Path
    written: tuple[Path, ...]
    kept: tuple[Path, ...] = ()  #: files of a course that were there already
    makes_course: bool = False


def new_assignment(slug: str, *, like: str = LIKES[0], course: Path) -> New:
    """Write `assignments/<slug>/`, its reference and its examples below the folder `course`.

    Where that has no `assignments/` yet, a README, a .gitignore, a workflow for CI and the schema
    for editors are written too. No file is ever written over. Raises NewFault.
    """
    _check(slug, like)
    name = slug.replace("-", "_")
    if name[0].isdigit() or _NO_TEXT.fullmatch(name):
        name = f"assignment_{name}"
    makes_course = not (course / "assignments").is_dir()
    words = {
        "NEW_QUOTED": f'"{slug}"' if _NO_TEXT.fullmatch(slug) else slug,
        "NEW_SLUG": slug,
        "NEW_NAME": name,
        "NEW_SEED": secrets.token_hex(16),
        "NEW_COURSE": course.resolve().name or "Course",
        "NEW_SCHEMA": f"../../{_SCHEMA}",
    }
    assignment = {_place(path, slug, name): _filled(text, words) for path, text in _template(like)}
    for folder in (f"assignments/{slug}", f"examples/submissions/{slug}"):
        if os.path.lexists(course / folder):
            raise NewFault(f"{folder} is there already")
    if taken := [path for path in assignment if os.path.lexists(course / path)]:
        raise NewFault(f"{taken[0]} is there already")
    around: dict[Path, str] = {}
    if makes_course:
        around = {_OF_COURSE[str(path)]: _filled(text, words) for path, text in _template("course")}
    around[Path(_SCHEMA)] = files("grader.spec").joinpath(_SCHEMA).read_text(encoding="utf-8")
    kept = tuple(path for path in around if os.path.lexists(course / path))
    wanted = {**assignment, **{path: text for path, text in around.items() if path not in kept}}
    try:
        for path, text in wanted.items():
            (course / path).parent.mkdir(parents=True, exist_ok=True)
            with (course / path).open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except OSError as error:
        msg = f"{error.filename or course} cannot be written: {error.strerror}"
        raise NewFault(msg) from error
    return New(
        course=course,
        written=tuple(wanted),
        kept=kept if makes_course else (),
        makes_course=makes_course,
    )


def _check(slug: str, like: str) -> None:
    if like not in LIKES:
        raise NewFault(f"there is no template {like!r}; there are {', '.join(LIKES)}")
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST:
        msg = (
            f"{slug!r} is not a slug: one is made of small letters, digits and single hyphens, "
            "such as 'week-3'"
        )
        raise NewFault(msg)


def _template(like: str) -> Iterator[tuple[Path, str]]:
    """Paths below a template's folder, without the suffix, and texts, in order."""
    yield from _below(files("grader.course").joinpath("templates", like), Path())


def _below(folder: Traversable, path: Path) -> Iterator[tuple[Path, str]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _below(item, path / item.name)
        elif item.name.endswith(_SUFFIX):
            yield path / item.name.removesuffix(_SUFFIX), item.read_text(encoding="utf-8")


def _place(path: Path, slug: str, name: str) -> Path:
    """Where a file of a template goes in a course."""
    if path.parts[0] == "examples":
        return Path("examples", "submissions", slug, *path.parts[1:])
    if path == Path("reference.py"):
        return Path("reference", f"{name}.py")
    return Path("assignments", slug, path)


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
