"""The tables of a gradebook, by version, and the steps from each to the next.

docs/staff/gradebook.md says what stands in them. A released step never changes: another is added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeAlias

__all__ = ["APPLICATION_ID", "MIGRATIONS", "VERSION", "Migration"]

#: In the header of the file: "GrBk".
APPLICATION_ID = 0x4772426B

_FIRST = """
CREATE TABLE student (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    section TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE source (
    digest TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    unreadable TEXT NOT NULL DEFAULT '',
    archive BLOB NOT NULL
) STRICT;
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    student INTEGER NOT NULL REFERENCES student ON DELETE CASCADE,
    assignment TEXT NOT NULL,
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    source TEXT NOT NULL REFERENCES source,
    seen TEXT NOT NULL,
    handed_in TEXT,
    origin TEXT NOT NULL DEFAULT '',
    UNIQUE (student, assignment, attempt)
) STRICT;
CREATE INDEX submission_of_assignment ON submission (assignment, student, attempt);
CREATE INDEX submission_of_source ON submission (source);
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission ON DELETE CASCADE,
    source TEXT NOT NULL REFERENCES source,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX correction_of_submission ON correction (submission);
CREATE INDEX correction_of_source ON correction (source);
CREATE TABLE setting (
    digest TEXT PRIMARY KEY,
    limits TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE call (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES source ON DELETE CASCADE,
    setting TEXT NOT NULL REFERENCES setting,
    plan TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'fault')),
    reason TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '[]',
    printed TEXT NOT NULL DEFAULT '',
    loading TEXT NOT NULL DEFAULT '',
    told TEXT NOT NULL DEFAULT '[]',
    UNIQUE (source, setting, plan)
) STRICT;
CREATE TABLE blob (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE response (
    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
    call TEXT NOT NULL,
    value BLOB,
    blob TEXT REFERENCES blob,
    PRIMARY KEY (job, call),
    CHECK ((value IS NULL) <> (blob IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX response_with_blob ON response (blob) WHERE blob IS NOT NULL;
CREATE TABLE edition (
    digest TEXT PRIMARY KEY,
    assignment TEXT NOT NULL,
    spec TEXT NOT NULL,
    reference TEXT NOT NULL,
    reference_name TEXT NOT NULL,
    files TEXT NOT NULL,
    data TEXT NOT NULL,
    grader_version TEXT NOT NULL,
    numpy_version TEXT NOT NULL
) STRICT;
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    edition TEXT NOT NULL REFERENCES edition,
    started TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('grade', 'regrade')),
    options TEXT NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
) STRICT;
CREATE INDEX run_of_assignment ON run (assignment);
CREATE TABLE marked (
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    submission INTEGER NOT NULL REFERENCES submission ON DELETE CASCADE,
    place INTEGER NOT NULL,
    source TEXT NOT NULL REFERENCES source,
    job INTEGER REFERENCES job ON DELETE SET NULL,
    held INTEGER NOT NULL CHECK (held IN (0, 1)),
    detail TEXT NOT NULL,
    PRIMARY KEY (run, submission)
) STRICT, WITHOUT ROWID;
CREATE INDEX marked_submission ON marked (submission, run);
CREATE INDEX marked_of_job ON marked (job);
CREATE INDEX marked_of_source ON marked (source);
CREATE TABLE outcome (
    run INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT,
    score_num INTEGER,
    score_den INTEGER,
    max_num INTEGER NOT NULL,
    max_den INTEGER NOT NULL,
    bonus INTEGER NOT NULL CHECK (bonus IN (0, 1)),
    detail TEXT NOT NULL,
    PRIMARY KEY (run, submission, position),
    UNIQUE (run, submission, question),
    FOREIGN KEY (run, submission) REFERENCES marked ON DELETE CASCADE,
    CHECK ((score_num IS NULL) = (score_den IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE mark (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission ON DELETE CASCADE,
    question TEXT NOT NULL,
    at TEXT NOT NULL,
    marker TEXT NOT NULL,
    points_num INTEGER,
    points_den INTEGER,
    rubric TEXT NOT NULL DEFAULT '[]',
    comment TEXT NOT NULL DEFAULT '',
    adjustment INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    supersedes INTEGER REFERENCES mark
) STRICT;
CREATE INDEX mark_of_submission ON mark (submission, question);
CREATE INDEX mark_superseded ON mark (supersedes) WHERE supersedes IS NOT NULL;
CREATE TABLE import_note (
    id INTEGER PRIMARY KEY,
    submission INTEGER REFERENCES submission ON DELETE CASCADE,
    at TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX import_note_of_submission ON import_note (submission);
CREATE TABLE export (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    run INTEGER REFERENCES run ON DELETE SET NULL,
    at TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;
"""

#: What rosters say of people, which variant was answered, and marks of people as events: a mark, an
#: adjustment, or an undoing of either. `source`, `max_num` and `max_den` are what was marked.
_PEOPLE_AND_MARKS = """
ALTER TABLE student ADD COLUMN number TEXT NOT NULL DEFAULT '';
ALTER TABLE student ADD COLUMN ids TEXT NOT NULL DEFAULT '{}';
ALTER TABLE student ADD COLUMN extensions TEXT NOT NULL DEFAULT '{}';
ALTER TABLE student ADD COLUMN excused TEXT NOT NULL DEFAULT '[]';
ALTER TABLE submission ADD COLUMN variant TEXT NOT NULL DEFAULT '';
ALTER TABLE mark DROP COLUMN adjustment;
ALTER TABLE mark ADD COLUMN kind TEXT NOT NULL DEFAULT 'mark'
    CHECK (kind IN ('mark', 'adjust', 'undo'));
ALTER TABLE mark ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0 CHECK (beyond IN (0, 1));
ALTER TABLE mark ADD COLUMN max_num INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mark ADD COLUMN max_den INTEGER NOT NULL DEFAULT 1;
ALTER TABLE mark ADD COLUMN source TEXT NOT NULL DEFAULT '';
"""

Migration: TypeAlias = Callable[[sqlite3.Connection], None]


def _script(text: str) -> Migration:
    """Statements one after another; `executescript` would end the transaction they stand in."""

    def run(connection: sqlite3.Connection) -> None:
        for statement in text.split(";\n"):
            if statement.strip():
                connection.execute(statement)

    return run


#: The step at place n leads from version n to version n + 1; the first makes an empty file a book.
MIGRATIONS: Sequence[Migration] = (_script(_FIRST), _script(_PEOPLE_AND_MARKS))
VERSION = len(MIGRATIONS)
