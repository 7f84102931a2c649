"""Gradescope, "Download Submissions": `submission_metadata.yml` beside a folder a submission.

The metadata is written by Ruby: keys begin with a colon. Numbers of students are kept as they
stand, leading zeros too. A group is one submission with several submitters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.model.person import Person
from grader.spec.yaml_reader import YamlFault, read_yaml_string
from grader.submissions.layout import CODE, SHEETS
from grader.submissions.platforms.download import Download, Platform, Work
from grader.submissions.platforms.names import Entry, Names
from grader.submissions.platforms.times import read_time
from grader.submissions.submission import NotRead
from grader.submissions.tree import SubmissionFault, is_file

__all__ = ["GRADESCOPE"]

_METADATA = "submission_metadata.yml"
_SUBMISSION = re.compile(r"submission_(?P<number>\d+)(?:\.\w+)?")
_MOST_BYTES = 64 << 20
_MOST_NODES = 4_000_000
_NOT_THERE = "it is not in the download, whose metadata name it"
_TAG_OF_RUBY = re.compile(r"(?m)(?<=[:\-,{\[]) +!(?:ruby/|map:)[^\s,\]}]*")


def _takes(_names: Names, entry: Entry) -> bool:
    if entry.name == _METADATA:
        return entry.is_file
    known = _SUBMISSION.fullmatch(entry.name) is not None
    return known and (entry.is_folder or entry.is_file)


def _knows(names: Names) -> bool:
    """Whether the metadata are there, and beside them nothing that may be answers: a student may
    hand in a file of that name."""
    entries = names.entries()
    others = [one for one in entries if not _takes(names, one)]
    return any(one.name == _METADATA and one.is_file for one in entries) and not any(
        one.is_folder or (one.is_file and one.name.endswith((*CODE, *SHEETS))) for one in others
    )


def _works(download: Download, _declared: Sequence[str]) -> Sequence[Work]:
    told = _metadata(download)
    there = [
        one.name for one in download.entries() if _takes(download, one) and one.name != _METADATA
    ]
    places = dict.fromkeys([*(place for place in there if place not in told), *told])
    return [
        _work(download, place, told.get(place, {}), is_there=place in there)
        for place in sorted(places, key=_number)
    ]


def _number(place: str) -> tuple[int, str]:
    match = _SUBMISSION.fullmatch(place)
    return (int(match["number"]) if match is not None else 0, place)


def _metadata(download: Download) -> Mapping[str, Mapping[str, Any]]:
    """By the names of folders, with keys without colons. Raises SubmissionFault."""
    raw = download.read(_METADATA, _MOST_BYTES + 1)
    if raw is None:
        why = "it cannot be read as a file"
    elif len(raw) > _MOST_BYTES:
        why = f"it is larger than {_MOST_BYTES >> 20} MiB"
    else:
        try:
            text = _TAG_OF_RUBY.sub("", raw.decode("utf-8-sig"))
            data = read_yaml_string(
                text,
                name=_METADATA,
                scalar=lambda text, _quoted, _line: text,
                most_nodes=_MOST_NODES,
            ).data
        except UnicodeDecodeError:
            why = "it is not UTF-8 text"
        except YamlFault as fault:
            first = fault.diagnostics[0]
            why = f"line {first.place.line}: {first.message}"
        else:
            if not data:
                return {}
            if isinstance(data, dict):
                return {str(place): _plain(about) for place, about in data.items()}
            why = "it does not say which submission is whose"
    msg = f"the download cannot be read: {_METADATA}: {why}"
    raise SubmissionFault(msg)


def _plain(about: Any) -> Mapping[str, Any]:
    if not isinstance(about, dict):
        return {}
    return {str(key).removeprefix(":"): value for key, value in about.items()}


def _work(download: Download, place: str, about: Mapping[str, Any], *, is_there: bool) -> Work:
    people = _people(place, about.get("submitters"))
    if not is_there:
        work = Work(place=place, people=people, unread=[NotRead(why=f"{place} ({_NOT_THERE})")])
    elif is_file(download.folder / place):
        files = {place: (download.folder, place)}
        work = Work(place=place, people=people, files=files)
    else:
        work = download.work(place, people)
    created = _text(about.get("created_at"))
    return replace(work, handed_in=read_time(created) if created else None)


def _people(place: str, submitters: Any) -> Sequence[Person]:
    told = [_plain(one) for one in submitters] if isinstance(submitters, list | tuple) else []
    people = []
    for one in told:
        name, number, email = (_text(one.get(key)) for key in ("name", "sid", "email"))
        key = email or number or name
        if key:
            people.append(Person(key=key, name=name, number=number, email=email))
    return people or [Person(key=place)]


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text in ("~", "null") else text


GRADESCOPE = Platform(
    name="gradescope", label="a Gradescope download", knows=_knows, takes=_takes, works=_works
)
