"""The gradebook as a file: opened, made, moved to newer tables, written in whole transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.gradebook.filesystem import is_on_network
from grader.gradebook.migrate import expect_tables
from grader.gradebook.trouble import DiskFault, GradebookFault, told

__all__ = ["Gradebook", "GradebookFault", "open_gradebook", "read_gradebook", "why_no_gradebook"]

_BUSY_SECONDS = 30.0
_OLDEST_SQLITE = (3, 37)  # knows STRICT tables


class Gradebook:
    """One SQLite file with the marks of a course. Used by one thread, closed at the end."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, on_network: bool) -> None:
        self.path = path
        self.on_network = on_network  #: where locks are not to be trusted, so fewer are used
        self.connection = connection

    def rows(self, statement: str, *values: object) -> Iterator[sqlite3.Row]:
        """The rows that a query gives, one after another. Raises GradebookFault."""
        with told(self.path):
            yield from self.connection.execute(statement, values)

    def row(self, statement: str, *values: object) -> sqlite3.Row | None:
        """The first of them, if there is one. Raises GradebookFault."""
        with told(self.path):
            found: sqlite3.Row | None = self.connection.execute(statement, values).fetchone()
            return found

    def run(self, statement: str, *values: object) -> int:
        """Do it, and give the id of the row that was put in. For use within `writing`."""
        return self.connection.execute(statement, values).lastrowid or 0

    def run_each(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Do it for each of these. For use within `writing`."""
        self.connection.executemany(statement, rows)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All that is done within is kept, or none of it. Raises GradebookFault.

        The lock is taken at once: a transaction that reads first and then wants to write fails
        where another one wrote in between, however long it would have waited.
        """
        with told(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_gradebook(path: Path, *, make: bool = True) -> Gradebook:
    """A gradebook to read and write; a new one where there is none and `make` says so.

    Raises GradebookFault where that cannot be done: nothing is changed then.
    """
    _expect_sqlite()
    _expect_file(path, make=make)
    on_network = is_on_network(path)
    with told(path):
        connection = _connected(path, "rw")
        try:
            expect_tables(connection, path)
            connection.execute(f"PRAGMA journal_mode = {'DELETE' if on_network else 'WAL'}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return Gradebook(path, connection, on_network=on_network)


def read_gradebook(path: Path) -> Gradebook:
    """A gradebook only to look into, which may be a file that nobody may write, or on a full disk.

    One with older tables is moved to the present ones first. Raises GradebookFault.
    """
    _expect_sqlite()
    _expect_file(path, make=False)
    beside = path.with_name(path.name + "-wal")
    if os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK):
        try:
            return open_gradebook(path, make=False)
        except DiskFault:
            # Where there is no room for a lock nobody has one, and what was written is in the file
            # if it is not beside it.
            if beside.exists() and beside.stat().st_size:
                raise
    with told(path):
        # Without the right to write there is no lock to take: nobody else may be at it either.
        alone = not beside.exists() or not beside.stat().st_size
        connection = _connected(path, "ro&immutable=1" if alone else "ro")
        try:
            expect_tables(connection, path, may_write=False)
        except BaseException:
            connection.close()
            raise
    return Gradebook(path, connection, on_network=False)


def why_no_gradebook() -> str:
    """Why none can be kept on this machine, or ""."""
    try:
        _expect_sqlite()
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE TABLE tried (one INTEGER) STRICT")
    except (GradebookFault, sqlite3.Error) as fault:
        return str(fault)
    return ""


def _expect_sqlite() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        oldest = ".".join(map(str, _OLDEST_SQLITE))
        msg = (
            f"a gradebook needs SQLite {oldest} or newer; this Python has {sqlite3.sqlite_version}"
        )
        raise GradebookFault(msg)


def _expect_file(path: Path, *, make: bool) -> None:
    """There is a file there, made now if need be: only its owner may read it."""
    try:
        if path.is_dir():
            msg = f"{path} is a folder, not a gradebook"
            raise GradebookFault(msg)
        if make:
            path.parent.mkdir(exist_ok=True)
            try:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError:
                if not path.stat().st_size:
                    path.chmod(0o600)
        elif not path.exists():
            msg = f"there is no gradebook {path}"
            raise GradebookFault(msg)
        elif not path.stat().st_size:
            msg = f"there is nothing in {path}: it is an empty file, not a gradebook"
            raise GradebookFault(msg)
    except OSError as error:
        msg = f"the gradebook {path} cannot be written: {error.strerror}"
        raise GradebookFault(msg) from error


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    connection.row_factory = sqlite3.Row
    return connection
