"""Reports are read as sheets are: found in what was handed in, with their own lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.model.diagnostic import Place
from grader.model.typed import Typed, texts_of
from grader.submissions.find import find_below
from grader.submissions.opened import open_submission, open_together
from grader.submissions.reports import read_report
from grader.submissions.sheet import Sheet, read_sheets
from grader.submissions.submission import Submission

MARKDOWN = "# Report\n\n```answers\na: 0.410\n```\n\nWords: more.\n\n```answers\nb: [1, 2]\n```\n"
LATEX = "\\section{One}\n\\answer{a}{$0.410$}\n\n\\answer{b}{[1, 2]}\n"


def handed_in(folder: Path, declared: list[str], **files: str) -> Submission:
    """A submission of files, with `_` for the point before a suffix."""
    for name, text in files.items():
        path = folder / ".".join(name.rsplit("_", 1)).replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return open_submission(folder, declared)


def said(submission: Submission) -> tuple[dict[str, Any], list[str]]:
    """Answers, and all notes."""
    sheet = read_sheets(submission.sheets)
    answers = {name: texts_of(value) for name, value in sheet.answers.items()}
    return answers, [*(note.text for note in submission.notes), *sheet.notes]


BOTH = {"a": "0.410", "b": ("1", "2")}


@pytest.mark.parametrize(("name", "text"), [("report.md", MARKDOWN), ("report.tex", LATEX)])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_report_answers_as_a_sheet_does(name: str, text: str, ending: str) -> None:
    sheet = read_sheets({name: text.replace("\n", ending).encode()})
    assert {key: texts_of(value) for key, value in sheet.answers.items()} == BOTH
    lines = text.split("\n")
    for key, place in sheet.places.items():
        assert (place.file, sheet.fault) == (name, "")
        assert f"{key}: " in lines[place.line - 1] or f"{{{key}}}" in lines[place.line - 1]
        assert "0.410" in lines[place.line - 1] or key == "b"
    first = sheet.answers["b"][0]
    assert isinstance(first, Typed)
    assert first.line == sheet.places["b"].line


@pytest.mark.parametrize(
    ("declared", "notes"),
    [
        (["answers.yaml"], []),
        (["report.md"], []),
        (["report.tex"], []),
        (["answers.yaml", "report.md", "code.py"], []),
        (["other.md"], []),
    ],
)
def test_a_report_is_found(tmp_path: Path, declared: list[str], notes: list[str]) -> None:
    submission = handed_in(tmp_path, declared, report_md=MARKDOWN, README_md="# Read me\n")
    assert said(submission) == (BOTH, sorted(["not read: README.md", *notes], reverse=True))


def test_without_answers_a_declared_report_is_told(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, ["report.md"], report_md="```yaml\na: 1\n```\n")
    answers, (note,) = said(submission)
    assert answers == {}
    assert note.startswith("report.md: it holds no answers: they stand in blocks")


def test_a_sheet_stands_in_for_a_declared_report(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, ["report.md"], answers_yaml="a: 0.410\nb: [1, 2]\n")
    assert said(submission) == (BOTH, ["answers.yaml was read in place of report.md"])


def test_beside_a_declared_report_other_sheets_are_left_alone(tmp_path: Path) -> None:
    files = {"report_md": MARKDOWN, "config_yaml": "a: 7\n"}
    assert said(handed_in(tmp_path, ["report.md"], **files)) == (BOTH, ["not read: config.yaml"])


def test_reports_deeper_down_answer_nothing(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, ["answers.yaml"], answers_yaml="b: 1\n", old__x_md=MARKDOWN)
    assert said(submission) == ({"b": "1"}, ["not read: old/x.md"])


def test_the_sheet_comes_first_and_only_what_differs_is_told(tmp_path: Path) -> None:
    sheet = 'a: "0.41"\nb: [1, 2]\n'
    submission = handed_in(
        tmp_path, ["answers.yaml"], report_md=MARKDOWN, answers_yaml=sheet, z_tex=LATEX
    )
    answers, notes = said(submission)
    assert answers == {"a": "0.41", "b": ("1", "2")}
    assert notes == [
        "'a' is answered again in report.md; the first answer counts",
        "'a' is answered again in z.tex; the first answer counts",
    ]


def test_an_empty_sheet_leaves_the_answer_to_the_report() -> None:
    sheet = read_sheets({"report.md": MARKDOWN.encode(), "answers.yaml": b"a:\nb: 3\n"})
    assert (texts_of(sheet.answers["a"]), texts_of(sheet.answers["b"])) == ("0.410", "3")
    assert sheet.places["a"] == Place(file="report.md", line=4)
    assert sheet.notes == ("'b' is answered again in report.md; the first answer counts",)


def test_one_file_and_several_files(tmp_path: Path) -> None:
    handed_in(tmp_path, [], ann_tex=LATEX, code_py="x = 1\n")
    assert said(open_submission(tmp_path / "ann.tex", ["answers.yaml"])) == (BOTH, [])
    paths = [tmp_path / "ann.tex", tmp_path / "code.py"]
    assert said(open_together(paths, ["answers.yaml"]))[0] == BOTH


def test_a_class_of_reports(tmp_path: Path) -> None:
    handed_in(tmp_path, [], ann_md=MARKDOWN, bob_md=MARKDOWN.replace("0.410", "7"))
    found = [submission for _, submission in find_below(tmp_path, ["report.md"])]
    assert [submission.id for submission in found] == ["ann", "bob"]
    assert [said(submission)[0]["a"] for submission in found] == ["0.410", "7"]


def report(text: str) -> Sheet | Any:
    return read_report(text.encode(), file="report.md")


def test_blocks_of_one_report_are_one_sheet() -> None:
    block = "```answers\n{}\n```\n"
    same = report(block.format("a: 1\nb:") + block.format("a: 1\nb: 2"))
    assert {name: texts_of(value) for name, value in same.answers.items()} == {"a": "1", "b": "2"}
    parts = report(block.format("q: {x: 1}") + block.format("q: {y: 2}"))
    assert texts_of(parts.answers["q"]) == {"x": "1", "y": "2"}
    two = report(block.format("a: 1\nb: 2") + block.format("a: 3"))
    assert two.answers["a"].fault == "`a` is answered in line 2 and otherwise in line 6; keep one"
    assert texts_of(two.answers["b"]) == "2"


def test_a_slip_in_one_block_costs_no_other_block() -> None:
    read = report("```answers\na: 1\n```\n\n```answers\nb: [1, 2\n```\n```answers\nc: 3\n```\n")
    assert [texts_of(read.answers[name]) for name in "ac"] == ["1", "3"]
