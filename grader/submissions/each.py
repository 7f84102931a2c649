"""A large class is opened one submission after another: all of it at once is much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from grader.submissions.find import passed_over, places_below
from grader.submissions.importers import PLAIN, chosen, find_submissions, likeness
from grader.submissions.notes import readable
from grader.submissions.opened import open_submission
from grader.submissions.submission import Submission
from grader.submissions.tree import is_folder

__all__ = ["EachOpened", "find_each"]

_LARGE = 100  #: folders; below that, all of them are opened at once


class EachOpened(Sequence[Submission]):
    """The submissions of a class in their order; each is opened when it is looked at, each time."""

    def __init__(self, places: Sequence[tuple[str, str]], declared: Sequence[str]) -> None:
        """`places` are ids and paths; as texts, which take a quarter of the memory of `Path`."""
        self._places = places
        self._declared = declared

    @property
    def names(self) -> Sequence[str]:
        """Their ids, for which none is opened."""
        return [name for name, _ in self._places]

    def called(self, names: Sequence[str]) -> EachOpened:
        """The same with other ids."""
        places = [place for _, place in self._places]
        return EachOpened(list(zip(names, places, strict=True)), self._declared)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Submission: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Submission]: ...
    def __getitem__(self, index: int | slice) -> Submission | Sequence[Submission]:
        if isinstance(index, slice):
            return EachOpened(self._places[index], self._declared)
        return self._opened(*self._places[index])

    def __iter__(self) -> Iterator[Submission]:
        return (self._opened(name, place) for name, place in self._places)

    def _opened(self, name: str, place: str) -> Submission:
        return replace(open_submission(Path(place), self._declared), id=name)


def find_each(
    paths: Sequence[Path],
    declared: Sequence[str],
    *,
    kind: str | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Sequence[Submission]:
    """Every submission below the paths, as `find_submissions` gives them. Raises SubmissionFault.

    Many folders of students, which no other importer knows, are opened one by one. `tell` is also
    told what lies beside these folders, and what looks like a platform's download in part.
    """
    plain = [path for path, one in zip(paths, chosen(paths, kind), strict=True) if one in PLAIN]
    many = _one_by_one(paths, declared) if plain == list(paths) else None
    found = many or find_submissions(paths, declared, kind=kind, tell=tell)
    if kind is None:
        for line in (one for path in plain for one in likeness(path)):
            tell(line)
    for beside in passed_over(plain, declared):
        tell(f"{beside} lies beside the students' folders and was passed over")
    return found


def _one_by_one(paths: Sequence[Path], declared: Sequence[str]) -> EachOpened | None:
    """The submissions of a large class; None where it is small, or not only folders."""
    places = [place for path in paths for place in places_below(path, declared)]
    names = [readable(place.name) for place in places]
    plain = all(is_folder(place) and not place.is_symlink() for place in places)
    if len(places) >= _LARGE and plain and len(set(names)) == len(names):
        return EachOpened(list(zip(names, map(str, places), strict=True)), declared)
    return None
