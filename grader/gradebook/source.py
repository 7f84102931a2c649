"""What was handed in, as bytes that are kept: opened again, it is the same submission."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from grader.collect.codec import pack, unpack
from grader.model.outcome import Note
from grader.model.verdict import Audience
from grader.plan.fingerprint import digest
from grader.submissions.submission import Submission

__all__ = ["Source", "notes_from", "notes_text", "opened", "source_of"]

_LEVEL = 1  # of compression: texts shrink to a third, in little time


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Nothing in it says whose it is, unless a file does."""

    digest: str
    content: str  #: digest of names and bytes of the files alone: which attempt it is hangs on it
    unreadable: str
    archive: bytes


def source_of(submission: Submission) -> Source:
    """The same source for submissions with the same files, read in the same way."""
    files = [
        sorted(kind.items()) for kind in (submission.modules, submission.sheets, submission.others)
    ]
    record = {
        "files": files,
        "at_start": submission.at_start,
        "unreadable": submission.unreadable,
        "notes": [(note.audience.value, note.text) for note in submission.notes],
    }
    return Source(
        digest=digest("source", record),
        content=digest("files", [*files, bool(submission.unreadable)]),
        unreadable=submission.unreadable,
        archive=zlib.compress(pack(record), _LEVEL),
    )


def opened(archive: bytes, name: str) -> Submission:
    """The submission of this name whose source was kept with these bytes."""
    record = unpack(zlib.decompress(archive))
    modules, sheets, others = (dict(items) for items in record["files"])
    return Submission(
        id=name,
        modules=modules,
        sheets=sheets,
        others=others,
        at_start=tuple(record["at_start"]),
        unreadable=record["unreadable"],
        notes=tuple(Note(audience=Audience(who), text=text) for who, text in record["notes"]),
    )


def notes_text(notes: tuple[Note, ...]) -> str:
    """Notes as JSON: pairs of audience and text."""
    return json.dumps([[note.audience.value, note.text] for note in notes])


def notes_from(text: str) -> tuple[Note, ...]:
    """The notes in such a text."""
    return tuple(Note(audience=Audience(who), text=said) for who, said in json.loads(text))
