"""What was handed in, as bytes that are kept: opened again, it is the same submission."""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from types import ModuleType
from typing import Any

from grader.collect.codec import pack, unpack
from grader.model import outcome as outcome_classes
from grader.model import person as person_classes
from grader.model import verdict as verdict_classes
from grader.model.outcome import Note
from grader.model.verdict import Audience
from grader.plan.fingerprint import digest
from grader.submissions import submission as submission_classes
from grader.submissions.submission import Submission

__all__ = ["Source", "notes_from", "notes_text", "opened", "source_of"]

_LEVEL = 1  # of compression: texts shrink to a third, in little time
_TAG = "@"
_HEAD_BYTES = 16
#: What a submission may be made of; nothing else is made of what is kept.
_MODULES: tuple[ModuleType, ...] = (
    *(submission_classes, person_classes),
    *(outcome_classes, verdict_classes),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Nothing in it says whose it is, unless a file does."""

    digest: str
    content: str  #: digest of names and bytes of the files alone: which attempt it is hangs on it
    by_heads: str  #: the same of the first bytes of figures, as gradebooks of before have it
    unreadable: str
    archive: bytes


def source_of(submission: Submission, *, figures: bool = True) -> Source:
    """The same source for submissions with the same files, read in the same way.

    Without `figures`, where no question asks for one, only the first bytes of each are kept.
    """
    heads = {name: content[:_HEAD_BYTES] for name, content in submission.others.items()}
    if not figures:
        submission = replace(submission, others=heads)
    content = _content(submission)
    record = _plain(replace(submission, id="", delivery=None))
    return Source(
        digest=digest("source", record),
        content=content,
        by_heads=(
            content if heads == submission.others else _content(replace(submission, others=heads))
        ),
        unreadable=submission.unreadable,
        archive=zlib.compress(pack(record), _LEVEL),
    )


def _content(submission: Submission) -> str:
    files = [
        sorted(kind.items()) for kind in (submission.modules, submission.sheets, submission.others)
    ]
    return digest("files", [*files, bool(submission.unreadable)])


def opened(archive: bytes, name: str) -> Submission:
    """The submission of this name whose source was kept with these bytes."""
    submission = _made(unpack(zlib.decompress(archive)))
    assert isinstance(submission, Submission)
    return replace(submission, id=name)


def _plain(value: Any) -> Any:
    """Classes as dicts with their name, and of their fields those that are not as by default."""
    if isinstance(value, Enum):
        return {_TAG: type(value).__name__, "is": value.value}
    if is_dataclass(value):
        told: dict[str, Any] = {_TAG: type(value).__name__}
        for one in fields(value):
            held = getattr(value, one.name)
            default = one.default if one.default_factory is MISSING else one.default_factory()
            if held != default:
                told[one.name] = _plain(held)
        return told
    if isinstance(value, Mapping):  # of files: no name of one is "@" and has a text
        return {key: _plain(item) for key, item in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _made(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_made, value))
    if not isinstance(value, dict):
        return value
    name = value.get(_TAG)
    if not isinstance(name, str):
        return {key: _made(item) for key, item in value.items()}
    kind = _classes()[name]
    if issubclass(kind, Enum):
        return kind(value["is"])
    return kind(**{key: _made(item) for key, item in value.items() if key != _TAG})


@functools.cache
def _classes() -> Mapping[str, type]:
    return {
        name: one
        for module in _MODULES
        for name, one in vars(module).items()
        if isinstance(one, type) and (is_dataclass(one) or issubclass(one, Enum))
    }


def notes_text(notes: tuple[Note, ...]) -> str:
    """Notes as JSON: pairs of audience and text."""
    return json.dumps([[note.audience.value, note.text] for note in notes])


def notes_from(text: str) -> tuple[Note, ...]:
    """The notes in such a text."""
    return tuple(Note(audience=Audience(who), text=said) for who, said in json.loads(text))
