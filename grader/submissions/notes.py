"""The words for what is odd about files that were handed in."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from grader.submissions.tree import Passed

__all__ = ["about_names", "about_passed", "listed", "readable", "shown"]

_MOST_SHOWN = 10
_LONGEST = 100
_WORDS = {
    Passed.LINK: (
        "{} was left out: it is a link, not a file",
        "these were left out, as they are links, not files: {}",
    ),
    Passed.STRANGE: (
        "{} was left out: it cannot be read as a file",
        "these were left out, as they cannot be read as files: {}",
    ),
    Passed.DEEP: (
        "the folder {} lies too deep inside other folders, and was not read",
        "these folders lie too deep inside other folders, and were not read: {}",
    ),
    Passed.COMPILED: (
        "{} was not read: compiled code is never run",
        "these were not read, as compiled code is never run: {}",
    ),
    Passed.ENVIRONMENT: (
        "the folder {} is a virtual environment, and was not read",
        "these folders are virtual environments, and were not read: {}",
    ),
    Passed.COURSE: (
        "the folder {} belongs to the course, and was not read",
        "these folders belong to the course, and were not read: {}",
    ),
    Passed.MORE: ("there are too many files, so not all of them were read",) * 2,
}
#: Modules that homework imports and that no interpreter brings along.
_LIBRARIES = (
    *("autograd", "jax", "keras", "matplotlib", "numpy", "pandas", "PIL", "scipy", "seaborn"),
    *("sklearn", "skimage", "statsmodels", "sympy", "tensorflow", "torch", "torchvision"),
)


def readable(name: str) -> str:
    """A name as text that can be shown, stored and compared, whatever bytes it is made of."""
    return "".join(
        char
        if char.isprintable()
        else char.encode("ascii", "backslashreplace").decode("ascii")
        if ord(char) > 127
        else repr(char)[1:-1]
        for char in name
    )


def shown(name: str) -> str:
    """A name as it stands in a sentence: readable, and not without end."""
    text = readable(name)
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


def listed(names: Sequence[str]) -> str:
    """The first ten names, and how many more there are."""
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return ", ".join(map(shown, names[:_MOST_SHOWN])) + more


def about_passed(passed: Iterable[tuple[Passed, str]]) -> list[str]:
    """A note for every reason for which something in a folder was passed over.

    What the machine keeps from us is told elsewhere.
    """
    names: dict[Passed, list[str]] = defaultdict(list)
    for why, name in passed:
        names[why].append(name)
    return [
        _WORDS[why][len(names[why]) > 1].format(listed(names[why]))
        for why in _WORDS
        if why in names
    ]


def about_names(modules: Collection[str], declared: Collection[str]) -> list[str]:
    """What a student should know of names that do not mean what they seem to.

    `modules` are the files that will be run or may be imported. Declared ones are passed over: the
    assignment chose these names.
    """
    # A notebook is imported by nobody.
    chosen = sorted(name for name in modules if name not in declared and name.endswith(".py"))
    notes = []
    for stem, name in _at_the_top(chosen).items():
        if stem in sys.stdlib_module_names:
            has = "has the same name as a module of Python's own"
            notes.append(f"{shown(name)} {has}; `import {stem}` gives Python's, not yours")
        elif stem in _LIBRARIES:
            has = "has the same name as a library"
            gives = f"`import {stem}` gives the library where it is installed"
            notes.append(f"{shown(name)} {has}; {gives}")
    if len(notes) > _MOST_SHOWN:
        more = len(notes) - _MOST_SHOWN
        notes[_MOST_SHOWN:] = [
            f"{more} more have the same name as a module of Python's or a library"
        ]
    twice = [name for name in chosen if name[: -len(".py")] + "/__init__.py" in modules]
    if twice:
        notes.append(f"not imported, as a folder of that name has an __init__.py: {listed(twice)}")
    return notes + _one_in_other_letters(modules)


def _at_the_top(modules: Iterable[str]) -> dict[str, str]:
    """What `import NAME` would look for, and the file or folder of that name."""
    found: dict[str, str] = {}
    for name in modules:
        top, slash, _ = name.partition("/")
        if slash:
            found.setdefault(top, f"the folder {top}")
        else:
            found[top[: -len(".py")]] = top
    return found


def _one_in_other_letters(modules: Iterable[str]) -> list[str]:
    """Files that are one and the same where the case of letters does not count."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(modules):
        groups[name.casefold()].append(name)
    same = [" and ".join(map(shown, group)) for group in groups.values() if len(group) > 1]
    differ = "differ only in capital letters; on many computers they are the same file"
    return [f"{names} {differ}" for names in same[:_MOST_SHOWN]]
