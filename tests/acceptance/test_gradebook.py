"""The staff's page of the gradebook, as commands; and what a class is that is stopped."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.gradebook.book import open_gradebook

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "staff" / "gradebook.md"
Grader = Callable[..., subprocess.CompletedProcess[str]]
SPEC = """\
schema: 1
slug: tiny
title: Tiny
reference: tiny
submission: {files: [answers.yaml, code.py]}
questions:
  - {id: twice, kind: function, call: twice(x), cases: [{x: 1}, {x: 3}]}
  - {id: start, kind: number, points: 2, tolerance: {atol: 0.1}}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A course with three students, one of whom is 0.08 off."""
    root = tmp_path / "course"
    folder = root / "assignments" / "tiny"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (folder / "assignment.yaml").write_text(SPEC)
    (root / "reference" / "tiny.py").write_text(
        "def twice(x, /): return 2 * x\ndef start(): return 1.5\n"
    )
    for name, start in (("ann", 1.5), ("ben", 1.58), ("cy", 9)):
        hand_in(root / "class" / name, start)
    return root


def hand_in(folder: Path, start: object, *, seconds: float = 0) -> None:
    """Code that takes so many seconds to load, so that a class is not over before it is stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.yaml").write_text(f"start: {start}\n")
    code = f"import time\ntime.sleep({seconds})\ndef twice(x):\n    return 2 * x\n"
    (folder / "code.py").write_text(code)


def finals(path: Path) -> dict[str, object]:
    return {one["id"]: one["final"] for one in json.loads(path.read_text())["submissions"]}


def test_a_class_is_marked_and_marked_again(grader: Grader, tiny: Path) -> None:
    done = grader("grade", "tiny", "class", "--results", "r.json", cwd=tiny)
    assert (done.returncode, done.stderr) == (0, "")
    assert finals(tiny / "r.json") == {"ann": 3, "ben": 3, "cy": 1}
    spec = tiny / "assignments" / "tiny" / "assignment.yaml"
    spec.write_text(SPEC.replace("atol: 0.1", "atol: 0.01"))
    for name in ("ann", "ben", "cy"):
        for file in (tiny / "class" / name).iterdir():
            file.unlink()  # marking again needs none of them
    done = grader("regrade", "tiny", "--results", "r.json", cwd=tiny)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 gain, 1 lose (−2), 2 have the same" in done.stdout
    assert "start: correct → incorrect (wrong value)  2 → 0  by tolerance of start" in done.stdout
    assert finals(tiny / "r.json") == {"ann": 3, "ben": 1, "cy": 1}


@pytest.mark.slow
def test_the_page_for_staff_runs_as_it_stands_there(grader: Grader, checkout: Path) -> None:
    """In its order, on some examples as a class; `amber` is one of them."""
    examples = checkout / "examples" / "submissions" / "ecs289-homework"
    for name in ("all-correct", "classical-momentum", "empty"):
        shutil.copytree(examples / name, checkout / "submissions" / name)
    shutil.copytree(examples / "sign-slips", checkout / "submissions" / "amber")
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 8
    for line in lines:
        done = grader(*shlex.split(line.removeprefix("grader ")))
        assert done.returncode == 0, (line, done.stderr)
    with contextlib.closing(sqlite3.connect(checkout / "results" / "ecs289.db")) as book:
        names = [name for (name,) in book.execute("SELECT key FROM student ORDER BY key")]
        assert names == ["all-correct", "classical-momentum", "empty"]
        (query,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
        assert book.execute(query).fetchall()


def test_every_table_is_documented(tmp_path: Path) -> None:
    with open_gradebook(tmp_path / "book.db") as book:
        tables = {row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE type='table'")}
    told = PAGE.read_text(encoding="utf-8").partition("## The tables")[2]
    assert tables <= set(re.findall(r"`(\w+)`", told))


def started(tiny: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "grader", "grade", "tiny", "class", "--results", name]
    return subprocess.Popen(
        [*command, *options],
        cwd=tiny,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.slow
def test_ctrl_c_says_how_to_go_on(tiny: Path, grader: Grader) -> None:
    for number in range(60):
        hand_in(tiny / "class" / f"s{number:03}", number + 100)
    for number in range(8):  # which come last
        hand_in(tiny / "class" / f"z{number}", number + 200, seconds=2)
    process = started(tiny, "r.json")
    book = tiny / "r.db"
    while not (book.exists() and marked(book)):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"the same command goes on" in errors
    done = marked(book)
    assert not (tiny / "r.json").exists()
    again = grader("grade", "tiny", "class", "--results", "r.json", cwd=tiny)
    assert again.returncode == 0
    assert f"{done} of 71 were not run again" in again.stderr


def marked(book: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM marked").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(count)


_OF_STUDENT = "JOIN student ON student.id = submission.student"
LOGICAL = {
    "key, assignment, attempt, source": f"submission {_OF_STUDENT}",
    "source, setting, plan, state, notes, printed": "job",
    "source, plan, call, value, blob": "response JOIN job ON job.id = response.job",
    "id, edition, kind, options, complete": "run",
    "run, key, place, held, marked.detail, question, verdict, outcome.detail": "marked"
    " JOIN outcome USING (run, submission)"
    f" JOIN submission ON submission.id = marked.submission {_OF_STUDENT}",
}


def content(book: Path) -> list[list[tuple[object, ...]]]:
    with contextlib.closing(sqlite3.connect(book)) as connection:
        statements = [f"SELECT {columns} FROM {tables}" for columns, tables in LOGICAL.items()]
        return [sorted(connection.execute(one).fetchall(), key=repr) for one in statements]


@pytest.mark.slow
def test_thirty_kills_lose_nothing(tiny: Path, grader: Grader) -> None:
    """Each at a random moment, each followed by a run that goes on."""
    for number in range(297):
        hand_in(tiny / "class" / f"s{number:03}", number + 100, seconds=0.1)
    assert grader("grade", "tiny", "class", "--results", "whole.json", cwd=tiny).returncode == 0
    source = random.Random(20260301)
    book = tiny / "killed.db"
    for _ in range(30):
        before = marked(book) if book.exists() else 0
        more = source.randrange(5)
        process = started(tiny, "killed.json")
        time.sleep(source.uniform(0, 0.5))
        while more and (marked(book) if book.exists() else 0) < before + more:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(source.uniform(0, 0.01))
        process.kill()
        process.communicate()
        assert not (tiny / "killed.json").exists()
    done = grader("grade", "tiny", "class", "--results", "killed.json", cwd=tiny)
    assert done.returncode == 0
    assert content(book) == content(tiny / "whole.db")
    assert (tiny / "killed.json").read_bytes() == (tiny / "whole.json").read_bytes()
    done = grader("gradebook", "check", "-g", "killed.db", cwd=tiny)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_what_a_class_shows(grader: Grader, tiny: Path) -> None:
    grader("grade", "tiny", "class", "--results", "r.json", cwd=tiny)
    page = grader("stats", "tiny", "--results", "r.json", cwd=tiny)
    assert (page.returncode, page.stderr) == (0, "")
    assert "  1 of 3 first goes wrong in start; no named mistake explains it." in page.stdout
    about = grader("stats", "--gradebook", "r.db", "--question", "start", cwd=tiny)
    assert "first go wrong here: cy" in about.stdout
    told = grader("stats", "tiny", "-g", "r.db", "--format", "json", "-o", "s.json", cwd=tiny)
    assert (told.returncode, told.stdout) == (0, "")
    document = json.loads((tiny / "s.json").read_text())
    assert [one["id"] for one in document["questions"]] == ["twice", "start"]
    only = grader("stats", cwd=tiny)
    assert (only.stdout, only.stderr) == (page.stdout, "note: from the gradebook r.db\n")
    for wrong, said in (
        (("tiny", "-g", "r.db", "-q", "strat"), "did you mean"),
        (("other", "-g", "r.db"), "has no submission to other"),
        (("tiny", "-g", "none.db"), "there is no gradebook none.db"),
    ):
        refused = grader("stats", *wrong, cwd=tiny)
        assert refused.returncode in {2, 4}
        assert said in refused.stderr


@pytest.mark.slow
def test_marking_again_for_programs(grader: Grader, tiny: Path) -> None:
    grader("grade", "tiny", "class", "--results", "r.json", cwd=tiny)
    (tiny / "r.run.json").unlink()
    spec = tiny / "assignments" / "tiny" / "assignment.yaml"
    spec.write_text(SPEC.replace("atol: 0.1", "atol: 0.01"))
    done = grader("regrade", "tiny", "--results", "r.json", "--format", "json", cwd=tiny)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["students"], told["code_run_of"], told["dry_run"]) == (3, 0, False)
    assert told["lose"] == {"students": 1, "points": -2}
    (ben,) = told["changed"]
    assert (ben["id"], ben["before"], ben["after"]) == ("ben", 3, 1)
    assert [one["edits"] for one in ben["questions"]] == [["tolerance of start"]]
    assert finals(tiny / "r.json") == {"ann": 3, "ben": 1, "cy": 1}
    record = json.loads((tiny / "r.run.json").read_text())
    assert (record["submissions"], record["tier"]) == (3, "")  # no code was run


@pytest.mark.slow
def test_results_without_a_gradebook(grader: Grader, tiny: Path) -> None:
    done = grader("grade", "tiny", "class", "--results", "r.json", "--no-gradebook", cwd=tiny)
    assert done.returncode == 0
    assert sorted(path.name for path in tiny.glob("r.*")) == ["r.json", "r.run.json"]
    both = grader("grade", "tiny", "class", "--no-gradebook", "-g", "g.db", cwd=tiny)
    assert both.returncode == 2
    assert "--no-gradebook wants none" in both.stderr
    asks = grader(
        "grade", "tiny", "class", "--results", "r.json", "--no-gradebook", "--again", cwd=tiny
    )
    assert (asks.returncode, "--again needs a gradebook" in asks.stderr) == (2, True)
