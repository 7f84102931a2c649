"""How `grader check` reads plain arguments, what it writes on poor terminals, what it watches."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from grader.cli.plain import plain_check
from grader.cli.signs import with_signs
from grader.cli.walls import Wanted
from grader.cli.watching import look, settled, what_changed
from grader.model.verdict import Verdict
from grader.report.words import GLYPHS


@pytest.mark.parametrize(
    ("arguments", "files", "question", "watch"),
    [
        (["check", "week-1"], (), "", False),
        (["check", "week-1", "a.yaml", "b.py"], ("a.yaml", "b.py"), "", False),
        (["check", "-q", "gradient", "week-1", "--watch"], (), "gradient", True),
        (["check", "week-1", "--question", "x", "ä/ü.py"], ("ä/ü.py",), "x", False),
    ],
)
def test_plain_arguments_are_read_as_the_parser_reads_them(
    arguments: list[str],
    files: tuple[str, ...],
    question: str,
    watch: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GRADER_SANDBOX", "basic")
    asked = plain_check(arguments)
    assert asked is not None
    assert (asked.assignment, asked.files) == ("week-1", tuple(map(Path, files)))
    assert (asked.question, asked.watch, asked.sandbox) == (question, watch, Wanted.BASIC)


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["grade", "week-1"], ["check", "--help"], ["check", "week-1", "--lim"]),
        *(["check", "week-1", ""], ["check", "week-1", "-q"], ["check", "--", "week-1"]),
        *(["check", "week-1", "-qx"], ["check", "week-1", "--sandbox", "full"]),
        ["check", "week-1", "-q", "--watch"],
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(arguments: list[str]) -> None:
    assert plain_check(arguments) is None


def test_whose_variant_is_meant_is_read_too() -> None:
    asked = plain_check(["check", "week-1", "--student", "müller", "a.yaml"])
    assert asked is not None
    assert (asked.student, asked.files) == ("müller", (Path("a.yaml"),))
    assert plain_check(["check", "week-1", "--student"]) is None
    assert plain_check(["check", "week-1", "--student", "--watch"]) is None


def test_without_an_assignment_it_is_that_of_the_current_folder() -> None:
    asked = plain_check(["check", "-q", "x"])
    assert asked is not None
    assert (asked.assignment, asked.files) == (".", ())


def test_a_sandbox_of_no_known_name_is_left_to_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_SANDBOX", "none")
    assert plain_check(["check", "week-1"]) is None


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "cp850", "utf-8"])
def test_no_two_signs_become_the_same_on_any_terminal(encoding: str) -> None:
    written = {verdict: on(encoding, GLYPHS[verdict]) for verdict in Verdict}
    signs = {(GLYPHS[verdict], sign) for verdict, sign in written.items()}
    assert len({glyph for glyph, _ in signs}) == len({sign for _, sign in signs}) == len(signs)
    assert all(len(sign) == 1 for sign in written.values())  # columns stay columns


def on(encoding: str, text: str) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with_signs(stream)
    stream.write(text)
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(encoding)


def test_names_and_formulas_can_be_read_without_their_marks() -> None:
    assert on("ascii", "Müller: w² · x₁ ≤ “3” … ½") == 'Muller: w^2 * x1 <= "3" ... 1/2'
    assert on("latin-1", "Müller ✓ –") == "Müller + -"
    assert on("utf-8", "Müller ✓ –") == "Müller ✓ –"
    assert on("ascii", "漢") == "?"


# -- watching ------------------------------------------------------------------------------------


def test_a_save_is_seen_by_time_size_or_another_file_in_its_place(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.yaml"
    sheet.write_text("a: 1", encoding="utf-8")
    before = look([tmp_path])
    beside = tmp_path / ".new"
    beside.write_text("a: 2", encoding="utf-8")
    about = sheet.stat()
    os.utime(beside, ns=(about.st_atime_ns, about.st_mtime_ns))
    beside.replace(sheet)
    after = look([tmp_path])
    assert what_changed(before, after) == "changed: answers.yaml"
    assert what_changed(None, after) == ""
    assert what_changed(after, look([tmp_path])) == ""
    (tmp_path / "code.py").write_text("x = 1\n", encoding="utf-8")
    sheet.unlink()
    last = look([tmp_path])
    assert what_changed(after, last) == "changed: code.py; deleted: answers.yaml"
    assert what_changed(last, {}) == "deleted: code.py"


def test_what_is_no_work_is_not_watched(tmp_path: Path) -> None:
    for name in ("a.py", ".a.py.swp", "a.py~", "#a.py#", "4913", "__pycache__/a.pyc", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "pyvenv.cfg").write_text("", encoding="utf-8")
    (tmp_path / "venv" / "b.py").write_text("x", encoding="utf-8")
    assert [path.name for path in look([tmp_path])] == ["a.py"]
    assert look([tmp_path / "not there.py"]) == {}


def test_an_emptied_file_is_waited_for_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "answers.yaml"
    sheet.write_text("a: 1", encoding="utf-8")
    before = look([tmp_path])
    sheet.write_text("", encoding="utf-8")
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            sheet.write_text("a: 2", encoding="utf-8")

    monkeypatch.setattr("time.sleep", nap)
    found = settled([tmp_path], look([tmp_path]), before)
    assert found[sheet][1] == 4
    sheet.write_text("", encoding="utf-8")
    monkeypatch.setattr("time.monotonic", iter(range(1000)).__next__)
    assert settled([tmp_path], look([tmp_path]), before)[sheet][1] == 0
