"""Is a gradebook whole? Every digest is computed anew, and everything that is kept is read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping

from grader.collect.codec import unpack
from grader.collect.encoded import CodecError, decode_one
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.edition import kept_edition
from grader.gradebook.outcome_json import from_json
from grader.model.outcome import Outcome
from grader.plan.fingerprint import digest

__all__ = ["problems_of"]


def problems_of(book: Gradebook) -> Iterator[str]:
    """What is wrong with it, a sentence each; none where all is well."""
    for what, look in _PARTS.items():
        try:
            yield from look(book)
        except GradebookFault:  # a page of the file is damaged: the other parts may be whole
            yield f"the file is damaged: {what} cannot be read to the end"


def _pages(book: Gradebook) -> Iterator[str]:
    for row in book.rows("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"the file is damaged: {' '.join(row[0].split())}"


def _references(book: Gradebook) -> Iterator[str]:
    for row in book.rows("PRAGMA foreign_key_check"):
        where = f"row {row['rowid']} of {row['table']}"
        yield f"{where} points to a row of {row['parent']} that is gone"


def _editions(book: Gradebook) -> Iterator[str]:
    for row in book.rows("SELECT digest FROM edition"):
        if kept_edition(book, row["digest"]).digest != row["digest"]:
            yield f"the edition {row['digest']} is not what its digest says"


def _sources(book: Gradebook) -> Iterator[str]:
    for row in book.rows("SELECT digest, archive FROM source"):
        try:
            record = unpack(zlib.decompress(row["archive"]))
            whole = digest("source", record) == row["digest"]
        except (zlib.error, CodecError):
            whole = False
        if not whole:
            yield f"the files {row['digest']} are not what their digest says"
    for row in book.rows("SELECT digest, bytes FROM blob"):
        if digest("blob", row["bytes"]) != row["digest"]:
            yield f"the value {row['digest']} is not what its digest says"


def _responses(book: Gradebook) -> Iterator[str]:
    for row in book.rows(
        "SELECT job, call, coalesce(value, blob.bytes) AS content FROM response"
        " LEFT JOIN blob ON blob.digest = response.blob"
    ):
        try:
            decode_one(row["content"])
        except CodecError as error:
            yield f"the response of job {row['job']} to {row['call']} cannot be read: {error}"


def _outcomes(book: Gradebook) -> Iterator[str]:
    for row in book.rows(
        "SELECT run, submission, question, verdict, score_num, score_den, detail FROM outcome"
    ):
        where = f"question {row['question']} of submission {row['submission']} in run {row['run']}"
        try:
            outcome = from_json(row["detail"])
        except ValueError as error:
            yield f"the outcome of {where} cannot be read: {error}"
            continue
        if not isinstance(outcome, Outcome):
            yield f"the outcome of {where} cannot be read: it is not one"
            continue
        same = (outcome.question, outcome.verdict.value) == (row["question"], row["verdict"])
        if not same or (outcome.score is None) != (row["score_num"] is None):
            yield f"the outcome of {where} contradicts itself"
    for row in book.rows(
        "SELECT run, submission FROM marked WHERE NOT EXISTS (SELECT 1 FROM outcome"
        " WHERE outcome.run = marked.run AND outcome.submission = marked.submission)"
    ):
        yield f"submission {row['submission']} is in run {row['run']} without any outcome"


_PARTS: Mapping[str, Callable[[Gradebook], Iterator[str]]] = {
    "its pages": _pages,
    "the rows that others point to": _references,
    "the files that were handed in": _sources,
    "the responses": _responses,
    "the outcomes": _outcomes,
    "the editions": _editions,
}
