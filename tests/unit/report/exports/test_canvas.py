"""A gradebook of Canvas with marks in it: what Canvas reads back, and all else as it was."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.grade import Grade
from grader.report.exports.canvas import canvas_csv
from grader.report.exports.exported import Exported, ExportFault
from tests.grades import grade_of
from tests.some import some

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (11),HW2 (12),Current Score\r\n"
POSSIBLE = '    Points Possible,,,,,10,20,"(read only)"\r\n'
ADA = '"Lovelace, Ada",101,0042,ada@x.edu,"A, B",,5,88.1\r\n'
BEN = '"König, Bén",102,0043,ben,A,3,,\r\n'
BOOK = HEAD + POSSIBLE + ADA + BEN


def read_back(content: bytes, title: str) -> dict[str, Fraction | str | None]:
    """What Canvas' importer takes from a column, by the students' ids. It is strict."""
    rows = [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)]
    header = rows[0]
    assert "Student" in header[0]
    assert header[1] == "ID"
    assert "Section" in header[4]
    column = header.index(title)
    found: dict[str, Fraction | str | None] = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or "Manual Posting" in row:
            continue
        cell = row[column].strip()
        if cell.casefold() == "ex":
            found[row[1]] = "excused"
        elif cell in ("", "-"):
            found[row[1]] = None
        else:
            assert re.fullmatch(r"-?\d+(\.\d+)?", cell), cell
            found[row[1]] = Fraction(cell)
    return found


def export(book: str | bytes, *grades: Grade, **options: Any) -> Exported:
    content = book.encode() if isinstance(book, str) else book
    return canvas_csv(content, "book.csv", grades, **options)


def said(exported: Exported) -> dict[str, list[str]]:
    return {one.what: [*one.who] for one in exported.left_out}


ANN = grade_of("ada", "7.5", ids={"canvas": "101"})


def test_a_mark_is_put_where_it_belongs_and_nothing_else_changes() -> None:
    made = export(BOOK, ANN, grade_of("ben", 8), column="HW1 (11)")
    assert made.files["book.csv"].decode() == BOOK.replace(',"A, B",,', ',"A, B",7.5,').replace(
        ",A,3,", ",A,8,"
    )
    assert read_back(made.files["book.csv"], "HW1 (11)") == {"101": Fraction("7.5"), "102": 8}
    assert (made.written, made.where, made.left_out) == (2, "HW1 (11)", ())


def test_who_waits_keeps_an_empty_cell_or_what_is_there_and_is_listed() -> None:
    made = export(BOOK, grade_of("ada", None, number="0042"), grade_of("ben", None), column="HW1")
    assert made.files["book.csv"].decode() == BOOK
    assert made.written == 0
    assert said(made) == {
        "no final mark yet": ["ada: q1", "ben: q1"],
        "no mark to export, and the file has one": ["ben: 3"],
    }


def test_who_is_excused_is_excused_there() -> None:
    made = export(BOOK, grade_of("ada", 3, number="0042", excused=True), column="11")
    assert read_back(made.files["book.csv"], "HW1 (11)") == {"101": "excused", "102": 3}
    assert said(made)["excused"] == ["ada"]


@pytest.mark.parametrize("cell", ["EX", "ex", " Ex "])
def test_who_is_excused_there_stays_so(cell: str) -> None:
    book = BOOK.replace(",A,3,", f",A,{cell},")
    made = export(book, ANN, grade_of("ben", 0), column="HW1")
    assert read_back(made.files["book.csv"], "HW1 (11)") == {
        "101": Fraction("7.5"),
        "102": "excused",
    }
    assert said(made) == {"excused in the file, so not written": ["ben: 0"]}
    assert made.written == 1


def test_whom_the_file_and_the_class_do_not_share_is_listed() -> None:
    made = export(BOOK, grade_of("cy", 4, name="Cy Young"), column="HW1 (11)")
    assert made.files["book.csv"].decode() == BOOK
    assert said(made) == {
        "not in book.csv": ["cy (Cy Young)"],
        "in book.csv and not in the class": ["Lovelace, Ada", "König, Bén"],
    }


def test_a_number_with_another_leading_zero_is_somebody_else() -> None:
    made = export(BOOK, grade_of("x", 4, name="Ada Lovelace", number="42"), column="HW1 (11)")
    assert made.written == 0


@pytest.mark.parametrize(
    "book",
    [
        b"\xef\xbb\xbf" + BOOK.encode(),
        BOOK.replace("\r\n", "\n").rstrip("\n").encode(),
        BOOK.encode("utf-16"),
        BOOK.encode("latin-1"),
        (HEAD + "Manual Posting,,,,,Manual Posting,,\r\n" + POSSIBLE + ADA + BEN).encode(),
    ],
)
def test_the_same_file_comes_back_whatever_its_form(book: bytes) -> None:
    assert export(book, grade_of("ben", 3), column="HW1").files["book.csv"] == book
    changed = export(book, grade_of("ben", 4), column="HW1").files["book.csv"]
    assert len(changed) == len(book)
    assert sum(one != other for one, other in zip(book, changed, strict=True)) == 1


def test_semicolons_and_decimal_commas_stay() -> None:
    book = "Student;ID;SIS Login ID;Section;HW (1)\nPoints Possible;;;;10,0\nAda;7;ada;A;\n"
    made = export(book, grade_of("ada", "2.5"))
    assert made.files["book.csv"].decode() == book.replace(";A;\n", ";A;2,5\n")


def test_the_column_is_the_one_with_the_title_of_the_assignment() -> None:
    assert export(BOOK, ANN, titles=("hw2",)).where == "HW2 (12)"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "with --column: there are 'HW1 (11)', 'HW2 (12)'"),
        ({"column": "HW3 (13)"}, "no column 'HW3 (13)'"),
        ({"column": "Section"}, "no column 'Section'"),
        ({"column": "Current Score"}, "no column 'Current Score'"),
    ],
)
def test_no_column_is_guessed_and_none_is_made(options: dict[str, str], reason: str) -> None:
    with pytest.raises(ExportFault, match=r"book\.csv") as fault:
        export(BOOK, ANN, **options)
    assert reason in str(fault.value)


def test_two_columns_of_one_title_are_told_apart_by_their_ids() -> None:
    book = BOOK.replace("HW2 (12)", "HW1 (12)")
    with pytest.raises(ExportFault):
        export(book, ANN, column="HW1")
    assert export(book, ANN, column="12").where == "HW1 (12)"


def test_a_column_that_is_read_only_is_no_place_for_marks() -> None:
    book = BOOK.replace(",10,20,", ",(read only),20,")
    assert export(book, ANN).where == "HW2 (12)"


def test_another_maximum_is_told_and_scaled_to_if_wanted() -> None:
    made = export(BOOK, ANN, column="HW2")
    assert "the maximum is 20 in Canvas and 10 here" in made.warnings[0]
    made = export(BOOK, ANN, column="HW2", scale=True)
    assert read_back(made.files["book.csv"], "HW2 (12)")["101"] == 15
    assert not made.warnings


@pytest.mark.parametrize("content", ["Name,Points\nada,3\n", "ID,Student,Section\n", "Student\n"])
def test_what_is_no_gradebook_is_refused(content: str) -> None:
    with pytest.raises(ExportFault):
        export(content, ANN)


CELL = st.text(
    st.sampled_from("aé=+-@'\",;\n\t ") | st.characters(exclude_categories=["Cs"]), max_size=8
)
POINTS = st.none() | st.fractions(-5, 20, max_denominator=16)


@settings(max_examples=some(80))
@given(
    people=st.lists(st.tuples(CELL, CELL, POINTS), min_size=1, max_size=5),
    header=CELL.filter(lambda text: "\0" not in text),
    bom=st.booleans(),
)
def test_what_canvas_reads_back_are_the_marks(
    people: list[tuple[str, str, Fraction | None]], header: str, bom: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "HW1 (11)", header])
    for number, (name, other, _) in enumerate(people):
        writer.writerow([name, 100 + number, "", "", "", "", other])
    content = text.getvalue().encode("utf-8-sig" if bom else "utf-8")
    if b"\0" in content:
        return
    grades = [
        grade_of(f"k{n}", None if points is None else str(points), ids={"canvas": str(100 + n)})
        for n, (_, _, points) in enumerate(people)
    ]
    made = export(content, *grades, column="HW1 (11)").files["book.csv"]
    marks = read_back(made, "HW1 (11)")
    for number, (_, _, points) in enumerate(people):
        mark = marks[str(100 + number)]
        if points is None:
            assert mark is None
        else:
            assert isinstance(mark, Fraction)
            assert abs(mark - points) <= Fraction(1, 200_000)
    before = [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    after = [*csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))]
    assert [row[:5] + row[6:] for row in before] == [row[:5] + row[6:] for row in after]
