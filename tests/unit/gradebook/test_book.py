"""The file: who may read it, newer and older ones, full disks, two at once, people taken out."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.course import keep
from grader.gradebook import book as book_module
from grader.gradebook import migrate
from grader.gradebook.book import (
    Gradebook,
    GradebookFault,
    open_gradebook,
    read_gradebook,
    why_no_gradebook,
)
from grader.gradebook.check import problems_of
from grader.gradebook.filesystem import is_on_network
from grader.gradebook.people import forget, note_export
from grader.gradebook.tables import APPLICATION_ID, MIGRATIONS, VERSION, Migration
from grader.gradebook.trouble import told
from tests.unit.gradebook.small import Reads, course, dump, handed_in, mark, text

CLASS = [handed_in("ann-the-first"), handed_in("ben", start=7), handed_in("cy", code="x + 1")]
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


def as_text(path: Path) -> bytes:
    """All that is on the disk of it."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def test_it_is_for_its_owner_alone(path: Path) -> None:
    with open_gradebook(path) as book, book.writing():
        book.run("INSERT INTO student (key) VALUES ('ann')")
        modes = {stat.S_IMODE(one.stat().st_mode) for one in path.parent.glob("book.db*")}
    assert modes == {0o600}


def test_an_empty_file_is_made_into_one_but_not_looked_at_as_one(path: Path) -> None:
    path.touch(0o644)
    for look in (read_gradebook, lambda one: open_gradebook(one, make=False)):
        with pytest.raises(GradebookFault, match="it is an empty file, not a gradebook"):
            look(path)
    assert not path.stat().st_size
    open_gradebook(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read_gradebook(path).close()


def test_this_machine_can_keep_one() -> None:
    assert why_no_gradebook() == ""


# -- versions ------------------------------------------------------------------------------------


def test_a_newer_one_is_refused_and_not_changed(path: Path) -> None:
    open_gradebook(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = as_text(path)
    with pytest.raises(GradebookFault, match="newer grader"):
        open_gradebook(path)
    assert as_text(path) == before


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 50])
def test_another_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(GradebookFault, match="not a gradebook"):
        open_gradebook(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE mine (one)")
    connection.close()
    with pytest.raises(GradebookFault, match="another program"):
        open_gradebook(path)


def test_there_is_none_to_look_into(path: Path) -> None:
    with pytest.raises(GradebookFault, match="there is no gradebook"):
        read_gradebook(path)
    assert not path.exists()


def second(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE student ADD COLUMN pronoun TEXT NOT NULL DEFAULT ''")


def third(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE group_of (student INTEGER REFERENCES student) STRICT")


STEPS: tuple[Migration, ...] = (*MIGRATIONS, second, third)


def migrated(path: Path, steps: Sequence[Migration] = STEPS) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        migrate.expect_tables(connection, path, steps=steps)
        return connection.execute(SCHEMA).fetchall()
    finally:
        connection.close()


def test_an_older_one_gets_the_tables_of_a_fresh_one(path: Path, folder: Path) -> None:
    """And a copy of it is put aside first, for its owner alone."""
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        before = dump(book)
    fresh = migrated(path.with_name("fresh.db"))
    assert migrated(path) == fresh
    backup = migrate.backup_path(path, VERSION)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with open_gradebook(backup) as book:
        assert dump(book) == before


@pytest.mark.parametrize("version", range(1, VERSION))
def test_every_version_moves_to_the_present_one(path: Path, version: int) -> None:
    """With the people and the attempts that stand in it."""
    migrated(path, MIGRATIONS[:version])
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO student (key, name) VALUES ('ann', 'Ann')")
        connection.execute("INSERT INTO source (digest, content, archive) VALUES ('d', 'c', x'00')")
        connection.execute(
            "INSERT INTO submission (student, assignment, attempt, source, seen)"
            " VALUES (1, 'small', 1, 'd', 'now')"
        )
        connection.execute(
            "INSERT INTO mark (submission, question, at, marker, points_num, points_den)"
            " VALUES (1, 'start', 'now', 'bea', 1, 2)"
        )
    with open_gradebook(path) as book:
        (student,) = book.rows("SELECT key, name, ids, extensions, excused, number FROM student")
        assert tuple(student) == ("ann", "Ann", "{}", "{}", "[]", "")
        joined = "mark JOIN submission ON submission.id = mark.submission"
        (kept,) = book.rows(f"SELECT variant, kind, points_num, points_den FROM {joined}")
        assert tuple(kept) == ("", "mark", 1, 2)
        found = [tuple(row) for row in book.rows(SCHEMA)]
    assert found == migrated(path.with_name("fresh.db"), MIGRATIONS)


def test_a_step_that_fails_leaves_the_tables_before_it(path: Path) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        third(connection)
        raise RuntimeError

    open_gradebook(path).close()
    with pytest.raises(RuntimeError):
        migrated(path, (*MIGRATIONS, second, fails))
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    connection.close()
    assert migrated(path) == migrated(path.with_name("fresh.db"))


# -- what can go wrong with a disk ---------------------------------------------------------------


@pytest.mark.lengthy
def test_a_full_disk_loses_nothing_that_was_kept(path: Path, folder: Path) -> None:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS[:1], Reads())
        before = dump(book)
        (pages,) = book.connection.execute("PRAGMA page_count").fetchone()
        book.connection.execute(f"PRAGMA max_page_count = {pages}")
        many = [handed_in(f"s{n}", start=n, code=f"{n} + x") for n in range(60)]
        with pytest.raises(GradebookFault, match="no room left"):
            mark(book, folder, many, Reads())
        assert dump(book)[0] == before[0]
        book.connection.execute("PRAGMA max_page_count = 100000")
        sandbox = Reads()
        assert len(mark(book, folder, many, sandbox).submissions) == 60
        assert not list(problems_of(book))


@pytest.mark.processes
def test_a_file_that_may_not_grow_loses_nothing(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, for the limit stays. Students' code, which has one, is not run."""
    monkeypatch.setattr(keep, "expect_ulimits", lambda _limits: None)
    open_gradebook(path).close()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
            many = [handed_in(f"s{n}", start=n, code=f"{n} + x") for n in range(200)]
            with open_gradebook(path) as book:
                mark(book, folder, many, Reads())
        except GradebookFault:
            code = 7
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    with open_gradebook(path) as book:
        assert not list(problems_of(book))
        mark(book, folder, CLASS, Reads())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_can_be_looked_into(path: Path, folder: Path) -> None:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        before = dump(book)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with read_gradebook(path) as book:
            assert dump(book) == before
        with pytest.raises(GradebookFault):
            open_gradebook(path)
    finally:
        path.parent.chmod(0o700)


def test_on_a_full_disk_marks_can_be_looked_at(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no room for the file of the locks, which lies beside it while it is used."""
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        before = dump(book)
    beside = path.with_name(f"{path.name}-wal")
    beside.touch()

    def no_room(_path: Path, *, make: bool = True) -> Gradebook:
        with told(path):
            msg = "disk I/O error"
            raise sqlite3.OperationalError(msg)

    monkeypatch.setattr(book_module, "open_gradebook", no_room)
    with read_gradebook(path) as book:
        assert dump(book) == before
    beside.write_bytes(b"not in the file yet")
    with pytest.raises(GradebookFault, match="the disk refused it"):
        read_gradebook(path)


def test_a_copy_taken_in_between_opens(path: Path, folder: Path, tmp_path: Path) -> None:
    """As after a loss of power: the file and its log as they are at some moment."""
    copies: list[Path] = []

    def copying(_moved: object) -> None:
        copy = tmp_path / f"copy{len(copies)}.db"
        for end in ("", "-wal"):
            if Path(f"{path}{end}").exists():
                shutil.copy(f"{path}{end}", f"{copy}{end}")
        copies.append(copy)

    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads(), tell=copying)
        wanted = dump(book)
    assert len(copies) > 1
    for copy in copies:
        with open_gradebook(copy) as book:
            assert not list(problems_of(book))
            mark(book, folder, CLASS, Reads())
            assert dump(book) == wanted or copy == copies[-1]


def test_a_fault_at_the_commit_is_as_if_nothing_was_written(path: Path, folder: Path) -> None:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS[:1], Reads())
        before = dump(book)

        class Connection:
            def __init__(self, inner: sqlite3.Connection) -> None:
                self._inner = inner

            def __getattr__(self, name: str) -> object:
                return getattr(self._inner, name)

            def execute(self, statement: str, *values: Any) -> object:
                if statement == "COMMIT":
                    raise sqlite3.OperationalError("disk I/O error")
                return self._inner.execute(statement, *values)

        whole = book.connection
        book.connection = Connection(whole)  # type: ignore[assignment]  # it poses as one
        with pytest.raises(GradebookFault, match="the disk refused it"):
            mark(book, folder, CLASS, Reads())
        book.connection = whole
        assert dump(book) == before
        mark(book, folder, CLASS, Reads())
        assert not list(problems_of(book))


def test_two_commands_at_once(path: Path, folder: Path) -> None:
    """Each in a connection of its own: both come to their end, with the same marks."""
    texts: list[str] = []
    open_gradebook(path).close()

    def marking() -> None:
        with open_gradebook(path) as book:
            texts.append(text(mark(book, folder, CLASS, Reads())))

    threads = [threading.Thread(target=marking) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(texts) == 2
    assert texts[0] == texts[1]
    with open_gradebook(path) as book:
        assert not list(problems_of(book))


def test_what_was_damaged_is_found(path: Path, folder: Path) -> None:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        assert not list(problems_of(book))
        with book.writing():
            book.run("UPDATE source SET archive = x'00' WHERE rowid = 1")
            book.run("UPDATE response SET value = x'01' WHERE job = 1")
            book.run("UPDATE outcome SET detail = '{}' WHERE submission = 1 AND position = 0")
        found = "\n".join(problems_of(book))
    assert "are not what their digest says" in found
    assert "cannot be read" in found
    assert "of submission 1 in run 1" in found


def test_a_damaged_page_is_found_and_the_rest_is_looked_at(path: Path, folder: Path) -> None:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        with book.writing():
            book.run("UPDATE outcome SET detail = '{}' WHERE submission = 1 AND position = 0")
        at = book.row("SELECT rootpage FROM sqlite_schema WHERE name = 'source'")
        page = book.row("PRAGMA page_size")
    assert at is not None
    assert page is not None
    content = bytearray(path.read_bytes())
    begin = (at[0] - 1) * page[0]
    content[begin : begin + page[0]] = b"\xff" * page[0]
    path.write_bytes(content)
    with read_gradebook(path) as book:
        found = "\n".join(problems_of(book))
        with pytest.raises(GradebookFault, match="put a copy from before in its place"):
            [*book.rows("SELECT * FROM source")]
    assert "the file is damaged: the files that were handed in cannot be read to the end" in found
    assert "of submission 1 in run 1" in found


def test_mounts_of_other_machines_are_known(tmp_path: Path) -> None:
    device = tmp_path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts = tmp_path / "mounts"
    for kind, expected in (("ext4", False), ("nfs4", True), ("fuse.sshfs", True)):
        mounts.write_text(f"36 35 {number} / /home rw,noatime master:1 - {kind} there rw\n")
        assert is_on_network(tmp_path / "book.db", mounts) is expected


# -- people --------------------------------------------------------------------------------------


@pytest.fixture
def kept(path: Path, folder: Path) -> Iterator[Gradebook]:
    with open_gradebook(path) as book:
        mark(book, folder, CLASS, Reads())
        yield book


def test_who_is_forgotten_is_nowhere_on_the_disk(kept: Gradebook, folder: Path) -> None:
    mark(kept, folder, [handed_in("ann-the-first", start="777.5")], Reads())
    assert b"ann-the-first" in as_text(kept.path)
    exported = kept.path.with_name("results.json")
    exported.write_text("{}")
    note_export(kept, "small", exported, now="today")
    left = forget(kept, "ann-the-first")
    assert list(left.exported) == [str(exported)]
    assert b"ann-the-first" not in as_text(kept.path)
    assert not list(problems_of(kept))
    (sources,) = kept.rows("SELECT count(*) FROM source")
    assert sources[0] == 2
    assert [row["key"] for row in kept.rows("SELECT key FROM student ORDER BY key")] == [
        "ben",
        "cy",
    ]


def test_files_that_two_handed_in_stay_with_the_other(kept: Gradebook, folder: Path) -> None:
    mark(kept, folder, [handed_in("twin")], Reads())
    forget(kept, "ann-the-first")
    sandbox = Reads()
    assert len(mark(kept, folder, [handed_in("twin")], sandbox).submissions) == 1
    assert not sandbox.jobs


def test_several_are_forgotten_at_once_and_without_room_nobody_is(
    kept: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(kept.path.parent)._replace(free=1)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: full)
        with pytest.raises(GradebookFault, match="nothing was changed"):
            forget(kept, "ben")
    with pytest.raises(GradebookFault, match="no student 'dee'"):
        forget(kept, "ben", "dee")
    assert len([*kept.rows("SELECT key FROM student")]) == 3
    forget(kept, "ben", "cy")
    assert [row["key"] for row in kept.rows("SELECT key FROM student")] == ["ann-the-first"]


def test_who_handed_in_nothing_stands_in_tables_that_were_written(kept: Gradebook) -> None:
    written = kept.path.with_name("marks.csv")
    written.touch()
    with kept.writing():
        kept.run("INSERT INTO student (key) VALUES ('zoe')")
    note_export(kept, "small", written, now="today")
    assert list(forget(kept, "zoe").exported) == [str(written)]


def test_nobody_of_that_name_is_told(kept: Gradebook) -> None:
    with pytest.raises(GradebookFault, match="did you mean 'ben'"):
        forget(kept, "bem")


def test_the_header_says_whose_file_it_is(kept: Gradebook) -> None:
    (found,) = kept.rows("PRAGMA application_id")
    assert found[0] == APPLICATION_ID


@pytest.mark.processes
@pytest.mark.parametrize("killed_in", range(VERSION - 1, len(STEPS)))
def test_a_kill_within_a_migration_leaves_whole_tables(
    path: Path, folder: Path, killed_in: int
) -> None:
    """Of one version, in which all is there that was kept; and the next one goes on."""

    def kills(connection: sqlite3.Connection) -> None:
        STEPS[killed_in](connection)
        os.kill(os.getpid(), signal.SIGKILL)

    steps = (*STEPS[:killed_in], kills, *STEPS[killed_in + 1 :])
    before = None
    if killed_in >= VERSION:
        with open_gradebook(path) as book:
            mark(book, folder, CLASS, Reads())
            before = dump(book)
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            migrated(path, steps)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (killed_in,)
    assert migrated(path) == migrated(path.with_name("fresh.db"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        kept = Gradebook(path, connection, on_network=False)
        assert before is None or dump(kept) == before


def test_the_page_for_staff_tells_of_every_table_as_it_is(kept: Gradebook) -> None:
    """Whoever opens the file with another program reads there what stands where."""
    page = Path(__file__).resolve().parents[3] / "docs" / "staff" / "gradebook.md"
    text = page.read_text(encoding="utf-8").partition("## The tables")[2]
    tables = [
        row["name"]
        for row in kept.rows("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'")
    ]
    told: list[str] = []
    values = {"done", "fault", "grade", "regrade"}  # that stand in a column
    for line in text.splitlines():
        if line.startswith("| `"):
            names, _, columns = (re.findall(r"`(\w+)`", cell) for cell in line.split("|")[1:4])
            there = {
                row["name"] for name in names for row in kept.rows(f"PRAGMA table_info({name})")
            }
            assert {*columns} <= there | values, line
            told += names
    assert sorted(told) == sorted(tables)
    (query,) = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    rows = [*kept.rows(query.replace("ecs289-homework", "small"))]
    assert [(row["key"], row["question"], row["score"]) for row in rows[:2]] == [
        ("ann-the-first", "twice", 4),
        ("ann-the-first", "half", 1),
    ]
