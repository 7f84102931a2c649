"""Clones of GitHub Classroom and Classroom 50: a folder with each student's repository.

`hw1-submissions/hw1-ada` is what `gh classroom clone student-repos` makes, `CLASSROOM-hw1_
submissions_TIME/CLASSROOM-hw1-ada` what `gh teacher download` of Classroom 50 makes, with a
`scores.csv` beside the clones. Git is never run: what a repository configures could run code then.
So the time of a commit is not read; it is what the student's computer said anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.model.person import Person
from grader.spec.tables import TableFault, decoded_table, rows_of_table
from grader.submissions.layout import CODE, SHEETS, accepted_names
from grader.submissions.platforms.download import Download, Platform, Work
from grader.submissions.platforms.names import Entry, Names
from grader.submissions.platforms.times import read_time

__all__ = ["GITHUB"]

_AROUND = re.compile(r"(?P<assignment>.+?)[-_]submissions(?:_.*)?", re.IGNORECASE)
_SCORES = "scores.csv"
_LOGIN = "username"
_MOST_BYTES = 8 << 20
#: What Classroom 50 puts into each clone: results of its own marking, no answers.
_RESULTS = ("result.json", "results.json")


def _takes(_names: Names, entry: Entry) -> bool:
    return entry.is_folder or (entry.is_file and entry.name == _SCORES)


def _knows(names: Names) -> bool:
    """Whether clones lie in a folder that is none itself: most of what is there, as a student's
    folder may be a clone by chance."""
    entries = names.entries()
    folders = [one for one in entries if one.is_folder]
    loose = any(one.is_file and one.name.endswith((*CODE, *SHEETS)) for one in entries)
    clones = [one for one in folders if names.is_clone(one.name)]
    return not loose and not names.is_clone() and 2 * len(clones) > len(folders)


def _works(download: Download, declared: Sequence[str]) -> Sequence[Work]:
    repositories = [one.name for one in download.entries() if one.is_folder]
    scores = _scores(download)
    logins = _logins(download.name, repositories, scores)
    results = [name for name in _RESULTS if name not in accepted_names(declared)]
    return [_work(download, one, logins[one], scores, results) for one in repositories]


def _work(
    download: Download,
    repository: str,
    login: str,
    scores: Mapping[str, Mapping[str, str]],
    results: Sequence[str],
) -> Work:
    told = scores.get(login.casefold(), {})
    names = (told.get("first_name", ""), told.get("last_name", ""))
    person = Person(
        key=login,
        name=" ".join(filter(None, names)),
        email=told.get("email", ""),
        section=told.get("section", ""),
        ids={"github": login, "repository": repository},
    )
    return replace(
        download.work(repository, [person], without=results),
        handed_in=read_time(told.get("datetime", "")),
        late=told.get("late", "").casefold() == "true",
    )


def _logins(
    around: str, repositories: Sequence[str], scores: Mapping[str, object]
) -> Mapping[str, str]:
    """By repository the name of its owner: what follows the name of the assignment."""
    match = _AROUND.fullmatch(around)
    before = f"{match['assignment']}-" if match is not None else ""
    if not before or not all(_is_of(before, one) for one in repositories):
        before = _begin(repositories)
    found = {}
    for one in repositories:
        known = [login for login in scores if one.casefold().endswith(f"-{login}")]
        longest = max(map(len, known), default=0)
        found[one] = one[-longest:] if longest else one[len(before) :]
    return found


def _is_of(before: str, repository: str) -> bool:
    return repository.casefold().startswith(before.casefold()) and len(repository) > len(before)


def _begin(repositories: Sequence[str]) -> str:
    """What all names begin with, up to a dash; nothing where there is but one."""
    if len(repositories) < 2:
        return ""
    first, last = min(repositories), max(repositories)
    same = next((at for at, char in enumerate(first) if last[at : at + 1] != char), len(first))
    return first[: first.rfind("-", 0, same) + 1]


def _scores(download: Download) -> Mapping[str, Mapping[str, str]]:
    """What Classroom 50 says of each student, by the login in small letters."""
    raw = download.read(_SCORES, _MOST_BYTES)
    if raw is None:
        return {}
    rows: dict[str, Mapping[str, str]] = {}
    try:
        text, _ = decoded_table(raw)
        _, found = rows_of_table(text, lambda titles: len({*titles} & {_LOGIN}))
        _, titles = next(found, (0, []))
        for _, cells in found:
            row = dict(zip(map(str.strip, titles), map(str.strip, cells), strict=False))
            if row.get(_LOGIN):
                rows[row[_LOGIN].casefold()] = row
    except TableFault:
        return {}
    return rows


GITHUB = Platform(name="github", label="a GitHub class", knows=_knows, takes=_takes, works=_works)
