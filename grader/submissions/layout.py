"""Which of the files in a folder count, and as what."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.submissions.notes import listed
from grader.submissions.reports import REPORTS

__all__ = [
    "CODE",
    "MODULES",
    "NOTEBOOKS",
    "SHEETS",
    "Layout",
    "accepted_names",
    "how_old",
    "in_plain_letters",
    "lay_out",
    "top_folder",
]

SHEETS = (".yaml", ".yml", ".json")
MODULES = (".py",)
NOTEBOOKS = (".ipynb",)
CODE = (*MODULES, *NOTEBOOKS)
_PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".pdf")
_COMPILED = (".so", ".pyd", ".dll", ".dylib", ".pyc", ".pyo")
#: Files for tools, which Python or a tool would run unasked; deeper they are like any other.
_OF_TOOLS = ("setup.py", "sitecustomize.py", "usercustomize.py")
_COPY = re.compile(r"(?:[ _-]copy\d*| ?\(\d+\))\.\w+$", re.IGNORECASE)  # what browsers add
_OLD = re.compile(r"(?:\A|[\W_])(?:old|alt|backup|bak|previous|draft|orig(?:inal)?)(?![^\W_])")
_NEW = re.compile(r"(?:\A|[\W_])(?:new|neu|final|latest|fixed|corrected)(?![^\W_])")
_VERSION = re.compile(r"(?:\((\d+)\)|[\W_]v(\d+))\.\w+$")
_MOST_FILES = 200
_MOST_FOLDERS = 4  #: one inside the other, that archives put around everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Names of files in the order in which they are to be read."""

    chosen: tuple[str, ...]  #: sheets and modules
    others: tuple[str, ...]  #: neither, or not asked for: pictures may be named by a sheet
    declared: tuple[str, ...]  #: of the chosen, those that are declared or stand in for these
    notes: tuple[str, ...]
    left: tuple[str, ...] = ()  #: sheets and code that were not chosen


def accepted_names(declared: Sequence[str]) -> set[str]:
    """A sheet may be handed in as YAML or as JSON, whichever the assignment names; code as a module
    or as a notebook; a report as Markdown or as LaTeX."""
    names = set(declared)
    for name in declared:
        stem = name[: -len(PurePosixPath(name).suffix)]
        for suffixes in (SHEETS, CODE, REPORTS):
            if name.endswith(suffixes):
                names.update(stem + other for other in suffixes)
    return names


def in_plain_letters(name: str) -> str:
    """The name with an ending that says what it is: `hw.PY` is a module too."""
    suffix = PurePosixPath(name).suffix
    known = suffix.lower() in (*SHEETS, *CODE, *REPORTS)
    return name[: -len(suffix)] + suffix.lower() if known else name


def top_folder(files: Collection[str], accepted: set[str]) -> str:
    """The folder, as "name/", that an archive put around everything; "" where there is none.

    It is the only thing there, or the only folder with a declared file beside files that are of no
    use. A folder with an `__init__.py` and nothing declared in it is a package, not the top.
    """
    top = ""
    for _ in range(_MOST_FOLDERS):
        here = {name.removeprefix(top) for name in files if name.startswith(top)}
        inside = {name.partition("/")[0] for name in here if "/" in name}
        loose = [name for name in here if "/" not in name]
        holding = [name for name in inside if any(f"{name}/{file}" in here for file in accepted)]
        if here & accepted:
            return top
        if not loose and len(inside) == 1:
            (only,) = inside
            if not holding and f"{only}/__init__.py" in here:
                return top
            top += f"{only}/"
        elif len(holding) == 1 and not any(name.endswith((*SHEETS, *CODE)) for name in loose):
            top += f"{holding[0]}/"
        else:
            return top
    return top


def lay_out(files: Sequence[str], declared: Sequence[str], *, package: bool = False) -> Layout:
    """Choose among the files of one submission, whose top folder may be a package.

    Where no declared file of a type is there, one that must be meant stands in for it: the only one
    of that name in another folder or in other letters, or else the only one of the type.
    """
    accepted = accepted_names(declared)
    notes: list[str] = []
    looked_up: list[str] = []
    files = sorted(files, key=lambda name: _rank(name, accepted))
    if len(files) > _MOST_FILES:
        more = len(files) - _MOST_FILES
        notes.append(f"of {len(files)} files, the last {more} were left out")
        files = files[:_MOST_FILES]
    of_tools = [
        name for name in files if _is_of_tools(name, files, package) and name not in accepted
    ]
    chosen = [name for name in files if name in accepted and not _is_second(name, files, declared)]
    for suffixes in (SHEETS, CODE):
        wanted = [name for name in declared if name.endswith(suffixes)]
        if suffixes is SHEETS and not any(name.endswith(REPORTS) for name in files):
            wanted = wanted or [name for name in declared if name.endswith(REPORTS)]
        if not wanted or any(name.endswith(suffixes) for name in chosen):
            continue
        meant = [name for name in files if name.endswith(suffixes) and name not in of_tools]
        apart = all("/" in name for name in files if name.endswith((*SHEETS, *CODE)))
        apart = apart and any(name.endswith(CODE) for name in files)
        candidates = _candidates(meant, wanted, apart=apart)
        missing = " or ".join(wanted)
        if len(candidates) == 1 or all(name.endswith(NOTEBOOKS) for name in candidates):
            chosen += candidates
            notes += [f"{listed(candidates)} was read in place of {missing}"] if candidates else []
        elif candidates:
            # What is asked for by name is looked up in all of them; of two versions neither counts.
            if suffixes is CODE and len({*map(_last, candidates)}) == len(candidates):
                candidates = sorted(candidates, key=how_old)
                chosen += [name for name in candidates if name not in chosen]
                looked_up += candidates
                where = f"what is asked for is looked up in {listed(candidates)}, in this order"
                notes.append(f"{missing} is missing; {where}")
            else:
                like = f"there is more than one file like it: {listed(candidates)}"
                notes.append(f"{missing} is missing, and {like}")
    asked = tuple(name for name in chosen if name not in looked_up)
    if any(name.endswith(CODE) for name in chosen):
        # A module may import other files that were handed in with it.
        modules = [name for name in files if name.endswith(CODE)]
        chosen += [name for name in modules if name not in chosen and name not in of_tools]
    else:
        # Answers may stand in the text of a notebook, whatever it is called.
        chosen += [name for name in files if name.endswith(NOTEBOOKS)]
    others = [name for name in files if not name.endswith((*SHEETS, *CODE))]
    notes += _unread([name for name in files if name not in chosen], of_tools)
    return Layout(
        chosen=tuple(chosen),
        others=tuple(others),
        declared=asked,
        left=tuple(
            name
            for name in files
            if name not in chosen and name not in others and name not in of_tools
        ),
        notes=tuple(notes),
    )


def _rank(name: str, accepted: set[str]) -> tuple[bool, int, int, str]:
    """Declared files first, then modules, sheets, and the rest; the upper folders before others."""
    kind = 0 if name.endswith(CODE) else 1 if name.endswith(SHEETS) else 2
    copied = f"{_COPY.search(name) is not None:d}"
    return name not in accepted, kind, name.count("/"), copied + name


def how_old(name: str) -> tuple[int, int, str]:
    """Of versions of one file the last comes first: by what its name says, then by its number."""
    last = _last(name)
    said = bool(_OLD.search(last)) - bool(_NEW.search(last))
    number = _VERSION.search(last)
    return said, -int((number[1] or number[2])[:6]) if number else 0, name


def _is_second(name: str, files: Sequence[str], declared: Sequence[str]) -> bool:
    """Whether it stands for a declared module or notebook that is there itself."""
    if not name.endswith(CODE) or name in declared:
        return False
    stem = name[: -len(PurePosixPath(name).suffix)]
    return any(stem + suffix in declared and stem + suffix in files for suffix in CODE)


def _last(name: str) -> str:
    return PurePosixPath(name).name.casefold()


def _candidates(meant: Sequence[str], wanted: Sequence[str], *, apart: bool) -> list[str]:
    """What may have been meant. A sheet in another folder is nobody's answer, unless sheets and
    code each lie in a folder of their own."""
    names = {PurePosixPath(name).name.casefold() for name in accepted_names(wanted)}
    top = [name for name in meant if "/" not in name]
    reachable = meant if wanted[0].endswith(CODE) else top
    near = meant if apart else reachable
    same = [name for name in near if PurePosixPath(name).name.casefold() in names]
    if len(same) == 1:
        return same
    found = top or list(reachable)
    # Of a notebook and modules beside it, the notebook is the homework.
    return [name for name in found if name.endswith(NOTEBOOKS)] or found


def _is_of_tools(name: str, files: Sequence[str], package: bool) -> bool:
    if name == "__init__.py" and not package:  # marks a package, but nothing is above the top
        return any(other.endswith(MODULES) and other != name for other in files)
    return name in _OF_TOOLS or PurePosixPath(name).name == "conftest.py"


def _unread(names: Sequence[str], of_tools: Sequence[str]) -> list[str]:
    """Notes that name what nobody will look at; pictures may be named by a sheet."""
    compiled = [name for name in names if name.lower().endswith(_COMPILED)]
    passed = [
        name
        for name in names
        if name not in compiled and name not in of_tools and not name.lower().endswith(_PICTURES)
        if not name.endswith(REPORTS)  # they are looked into for answers
    ]
    notes = [f"not read: {listed(passed)}"] if passed else []
    if compiled:
        notes.append(f"not read, as compiled code is never run: {listed(compiled)}")
    if of_tools:
        notes.append(f"not run, as it is not part of an answer: {listed(of_tools)}")
    return notes
