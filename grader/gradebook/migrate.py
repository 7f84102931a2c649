"""Bring the tables of a gradebook to the present version, with a copy of it put aside first."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from grader.gradebook.tables import APPLICATION_ID, MIGRATIONS, Migration
from grader.gradebook.trouble import GradebookFault

__all__ = ["backup_path", "expect_tables"]


def backup_path(path: Path, version: int) -> Path:
    """Where the copy of a gradebook with tables of this version is put."""
    return path.with_name(f"{path.name}.v{version}.bak")


def expect_tables(
    connection: sqlite3.Connection,
    path: Path,
    *,
    may_write: bool = True,
    steps: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Make the tables of an empty file, or move older ones to the present version, step by step.

    Each step is one transaction with the number of its version, so that whatever ends us leaves
    whole tables of one version. Raises GradebookFault for a file of something else and for one of a
    newer grader: neither is changed.
    """
    version = _version(connection, path, newest=len(steps))
    if version == len(steps):
        return
    if not may_write:
        msg = f"the gradebook {path} has older tables, and may not be written to renew them"
        raise GradebookFault(msg)
    if version:
        _put_aside(connection, path, version)
    # Another thread of control may be at it too: each looks again once it has the lock.
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = _version(connection, path, newest=len(steps))
            if version < len(steps):
                steps[version](connection)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        if version >= len(steps) - 1:
            return


def _version(connection: sqlite3.Connection, path: Path, *, newest: int) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    is_new = version == 0 and tables == 0
    if not is_new and application != APPLICATION_ID:
        msg = f"{path} is not a gradebook, but a database of another program"
        raise GradebookFault(msg)
    if version > newest:
        msg = (
            f"the gradebook {path} was written by a newer grader (its tables are of version "
            f"{version}, this one knows version {newest}): use that one; nothing was changed"
        )
        raise GradebookFault(msg)
    return int(version)


def _put_aside(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """A copy under its last name only once it is whole; like the file, for its owner alone."""
    backup = backup_path(path, version)
    unfinished = backup.with_name(f"{backup.name}.{os.getpid()}")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.replace(backup)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        msg = f"the gradebook {path} cannot be copied before its tables are renewed: {error}"
        raise GradebookFault(msg) from error
