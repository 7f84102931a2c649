"""Marks of people: events that are only added, one at a time or by a table from a spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.by_hand import HandAnswer, MarkFault, answers_by_hand, find_answer
from grader.course.hand_marks import adjust_mark, assignment_for, give_mark, undo_mark
from grader.course.keep import faulty
from grader.course.look import graded_in, last_runs
from grader.course.marks_table import TakenMarks, marks_table, take_marks
from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.marks import EventKind, MarkEvent, NewEvent, counting_mark, events_of
from grader.gradebook.pages import class_page, history_page, student_page
from grader.gradebook.people import forget
from grader.gradebook.rules import set_rule
from grader.model.course_rules import AssignmentRules, Attempts, CourseRules
from grader.model.graded import Graded
from grader.model.number_text import points_text, read_points
from grader.report.cells import guarded, unguarded
from grader.report.marks_csv import MarksTableFault, read_lines, read_marks
from grader.report.results_json import results_document
from grader.report.text import class_table, submission_pages
from grader.report.words import has_faults
from grader.submissions.submission import Submission
from tests.unit.gradebook.small import WITH_TEXT, Reads, course, handed_in, mark

NOW = "2027-03-01T12:00:00+00:00"
FORMULA = '=HYPERLINK("http://x"),"a;b"'


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a course with a gradebook in it, marked once for all tests."""
    root = tmp_path_factory.mktemp("course")
    people = [handed_in("007", why=FORMULA), handed_in("ben", why="Größe"), handed_in("cy")]
    with open_gradebook(root / "book.db") as book:
        mark(book, course(root, WITH_TEXT), people, Reads())
    return root


@pytest.fixture
def folder(marked: Path) -> Path:
    return marked / "assignments" / "small"


@pytest.fixture
def book(marked: Path, tmp_path: Path) -> Iterator[Gradebook]:
    shutil.copy(marked / "book.db", tmp_path / "book.db")
    with open_gradebook(tmp_path / "book.db") as book:
        yield book


def answer(book: Gradebook, student: str = "ben", question: str = "why") -> HandAnswer:
    return find_answer(book, "small", student, question, 0)


def give(
    book: Gradebook, points: object = None, lines: Sequence[int] | None = None, by: str = "bea"
) -> list[str]:
    number = None if points is None else Fraction(str(points))
    return give_mark(book, answer(book), number, lines, comment="", by=by, now=NOW, beyond=False)


def adjust(book: Gradebook, points: int, *, beyond: bool = False) -> list[str]:
    return adjust_mark(
        book, answer(book), Fraction(points), reason="kind", by="cem", now=NOW, beyond=beyond
    )


# -- one at a time -------------------------------------------------------------------------------


def test_points_follow_from_the_lines_of_the_rubric(book: Gradebook) -> None:
    assert give(book, lines=[2, 1])[0] == "ben, attempt 1, why: 3 of 3, by bea"
    assert give(book, lines=())[0] == "ben, attempt 1, why: 0 of 3, by bea"
    with pytest.raises(MarkFault, match="give 2 points, not 1"):
        give(book, points=1, lines=[2])
    with pytest.raises(MarkFault, match="no line 3"):
        give(book, lines=[3])


@pytest.mark.parametrize("points", ["-0.5", "3.01"])
def test_points_outside_are_refused_unless_it_is_said(book: Gradebook, points: str) -> None:
    with pytest.raises(MarkFault, match="--beyond"):
        give(book, points)
    assert answer(book).points is None
    number = Fraction(points)
    give_mark(book, answer(book), number, None, comment="", by="bea", now=NOW, beyond=True)
    assert answer(book).points == number


def test_two_markers_who_differ_are_both_there(book: Gradebook) -> None:
    give(book, 2)
    told = give(book, 1, by="cem")
    assert told[1] == "bea had marked it with 2, which stands in the history"
    found = answer(book).mark
    assert found is not None
    assert (found.by, found.points) == ("cem", Fraction(1))
    assert [(one.by, one.points) for one in found.others] == [("bea", Fraction(2))]
    page = history_page(book, "ben", assignment="", question="")
    assert "bea: 2 of 3" in page
    assert "cem: 1 of 3" in page
    long = answer(book), Fraction(1), None
    give_mark(book, *long, comment="why not? " * 30, by="bea", now=NOW, beyond=False)
    page = history_page(book, "ben", assignment="", question="")
    assert max(map(len, page.splitlines())) <= 80


def test_an_adjustment_lies_on_top_and_stays_within_what_there_is(book: Gradebook) -> None:
    give(book, 2)
    assert adjust(book, 1)[0] == "ben, attempt 1, why: 3 of 3, by cem (+1: kind)"
    with pytest.raises(MarkFault, match="--beyond"):
        adjust(book, 1)
    assert give(book, 1)[-1] == "adjustments of +1 stay on top of it"
    assert answer(book).points == 2
    give(book, 3)
    assert answer(book).points == 3  # the adjustment does not lift it above
    adjust(book, 1, beyond=True)
    assert answer(book).points == 5


def test_undoing_goes_back_one_by_one_and_is_an_event(book: Gradebook) -> None:
    give(book, 2)
    adjust(book, 1)
    points = []
    for _ in range(2):
        undo_mark(book, answer(book), by="bea", reason="", now=NOW)
        points.append(answer(book).points)
    assert points == [2, None]
    assert len(events_of(book, answer(book).submission)) == 4
    with pytest.raises(MarkFault, match="nobody marked"):
        undo_mark(book, answer(book), by="bea", reason="", now=NOW)


def test_who_marked_meanwhile_is_told(book: Gradebook) -> None:
    before = answer(book)
    give(book, 2, by="cem")
    with pytest.raises(MarkFault, match="cem marked it meanwhile"):
        give_mark(book, before, Fraction(1), None, comment="", by="bea", now=NOW, beyond=False)
    assert answer(book).points == 2


def test_marks_stay_when_the_class_is_marked_again_and_a_new_attempt_has_none(
    book: Gradebook, folder: Path
) -> None:
    give(book, 2)
    mark(book, folder, [handed_in("ben", why="Größe")], Reads(), again=True)
    assert answer(book).points == 2
    mark(book, folder, [handed_in("ben", why="other")], Reads())
    assert (answer(book).attempt, answer(book).points) == (2, None)
    assert find_answer(book, "small", "ben", "why", 1).points == 2


def test_what_there_is_not_is_told(book: Gradebook) -> None:
    with pytest.raises(MarkFault, match="did you mean 'why'"):
        answer(book, question="whi")
    with pytest.raises(MarkFault, match="attempt 7 of ben"):
        find_answer(book, "small", "ben", "why", 7)
    with pytest.raises(MarkFault, match="did you mean 'small'"):
        assignment_for(book, "smal", "")
    assert assignment_for(book, "", "why") == "small"


def test_marks_go_with_who_is_forgotten(book: Gradebook) -> None:
    give(book, 2)
    undo_mark(book, answer(book), by="bea", reason="", now=NOW)
    forget(book, "ben")
    assert not [*book.rows("SELECT * FROM mark")]


# -- events --------------------------------------------------------------------------------------

kinds = st.sampled_from(["mark", "adjust", "undo"])


@given(
    steps=st.lists(st.tuples(kinds, st.sampled_from("abc"), st.integers(0, 4)), max_size=12),
    score=st.none() | st.integers(0, 4),
)
def test_events_come_to_what_a_list_that_is_cut_comes_to(
    steps: list[tuple[str, str, int]], score: int | None
) -> None:
    """Undoing takes the last entry off; then the last mark counts, and all adjustments."""
    events: list[MarkEvent] = []
    left: list[tuple[int, str, str, int]] = []
    for number, (kind, by, points) in enumerate(steps, 1):
        if kind == "undo" and not left:
            continue
        undoes = left.pop()[0] if kind == "undo" else None
        if kind != "undo":
            left.append((number, kind, by, points))
        new = NewEvent(
            submission=1,
            question="q",
            by=by,
            kind=EventKind(kind),
            points=None if kind == "undo" else Fraction(points),
            undoes=undoes,
        )
        events.append(MarkEvent(id=number, at=NOW, source="", event=new))
    marks = [points for _, kind, _, points in left if kind == "mark"]
    base = marks[-1] if marks else score
    added = sum(points for _, kind, _, points in left if kind == "adjust")
    found = counting_mark(events)
    if not left:
        assert found is None
    else:
        assert found is not None
        wanted = None if base is None else min(base + added, 4)
        given_score = None if score is None else Fraction(score)
        assert found.over(given_score, Fraction(4)) == wanted


# -- by a table ----------------------------------------------------------------------------------


def table(book: Gradebook, *, every: bool = False) -> list[dict[str, str]]:
    written = marks_table(book, ["small"], every=every)
    rows = [*csv.DictReader(io.StringIO(written.text, newline=""))]
    assert len(rows) == written.count
    return rows


def saved(
    rows: Sequence[dict[str, str]],
    *,
    separator: str = ",",
    encoding: str = "utf-8-sig",
    quote_all: bool = False,
    first: str = "",
) -> bytes:
    """As some spreadsheet writes it."""
    text = io.StringIO()
    text.write(first)
    names = [*rows[0]]
    writer = (
        csv.DictWriter(text, names, delimiter=separator, quoting=csv.QUOTE_ALL)
        if quote_all
        else csv.DictWriter(text, names, delimiter=separator)
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def taken(book: Gradebook, content: bytes, by: str = "bea") -> TakenMarks:
    return take_marks(book, content, by=by, now=NOW)


def test_what_waits_is_written_down_and_nothing_of_it_is_a_formula(book: Gradebook) -> None:
    rows = table(book)
    assert [(row["student"], row["question"]) for row in rows] == [("007", "why"), ("ben", "why")]
    assert rows[0]["answer"] == f"'{FORMULA}"
    assert rows[0]["rubric"] == "1: says where it begins [1]\n2: says why [2]"
    assert not any(cell.startswith(tuple("=+-@\t")) for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("separator", "encoding", "quote_all"),
    [
        (",", "utf-8-sig", False),
        (";", "cp1252", True),
        (";", "utf-8", False),
        ("\t", "utf-16", False),
    ],
)
def test_a_table_is_read_however_a_spreadsheet_saved_it(
    book: Gradebook, separator: str, encoding: str, quote_all: bool
) -> None:
    rows = table(book)
    rows[0] |= {"points": "2,5", "comment": "Schön, aber; warum?", "student": "7"}
    rows[1] |= {"lines": "1,2" if separator != "," else "1 2"}
    content = saved(rows, separator=separator, encoding=encoding, quote_all=quote_all)
    found = taken(book, content)
    assert (found.given, found.refused, found.conflicts) == (["007 why", "ben why"], [], [])
    first, second = (answer(book, name).mark for name in ("007", "ben"))
    assert first is not None
    assert second is not None
    assert (first.points, first.comment) == (Fraction(5, 2), "Schön, aber; warum?")
    assert second.points == 3
    assert [one.line for one in second.rubric] == [1, 2]
    again = taken(book, content)
    assert (again.given, again.there_already, again.conflicts) == ([], 2, [])


def test_the_table_has_every_attempt_that_counts(book: Gradebook, folder: Path) -> None:
    for why in ("second", "third"):
        mark(book, folder, [handed_in("ben", why=why)], Reads())

    def attempts(**rules: Any) -> list[tuple[str, str]]:
        text = marks_table(book, ["small"], rules=CourseRules(**rules)).text
        rows = csv.DictReader(io.StringIO(text, newline=""))
        return [(row["attempt"], row["answer"]) for row in rows if row["student"] == "ben"]

    tried = [("1", "Größe"), ("2", "second"), ("3", "third")]
    assert attempts() == tried[2:]
    assert attempts(attempts=Attempts.BEST) == tried
    assert attempts(attempts=Attempts.AVERAGE, most_attempts=2) == tried[:2]
    assert attempts(most_attempts=1) == tried[:1]
    dropped = CourseRules(assignments={"small": AssignmentRules(drop=frozenset({"why"}))})
    assert marks_table(book, ["small"], rules=dropped).count == 0
    assert marks_table(book, ["small"], rules=dropped, question="why").count == 2
    with book.writing():
        set_rule(book, "small", "attempts", "best", now=NOW)
    rows = [row | {"points": row["attempt"]} for row in table(book) if row["student"] == "ben"]
    assert taken(book, saved(rows)).given == ["ben why"] * 3
    given = [find_answer(book, "small", "ben", "why", number).points for number in (1, 2, 3)]
    assert given == [1, 2, 3]


def test_a_first_line_that_names_the_separator_is_passed_over(book: Gradebook) -> None:
    rows = [row | {"points": "1"} for row in table(book)]
    found = taken(book, saved(rows, separator=";", first="sep=;\r\n"))
    assert len(found.given) == 2


def test_columns_may_be_moved_renamed_in_case_and_added(book: Gradebook) -> None:
    rows = [
        {"mine": "x", **{name.upper(): cell for name, cell in reversed(row.items())}}
        for row in table(book)
    ]
    rows[1]["POINTS"] = "1"
    found = taken(book, saved(rows))
    assert (found.given, found.empty) == (["ben why"], 1)


def test_a_row_that_changed_meanwhile_is_shown_and_not_taken(book: Gradebook, folder: Path) -> None:
    rows = [row | {"points": "1"} for row in table(book)]
    give(book, 2, by="cem")
    mark(book, folder, [handed_in("007", why="anew")], Reads(), correct=True)
    found = taken(book, saved(rows))
    assert found.given == []
    assert "now it has no mark, the table says 1" in found.conflicts[0]
    assert "now there is 2 by cem, the table says 1" in found.conflicts[1]
    assert answer(book).points == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": "two"}, "'two' is not a number of points"),
        ({"points": "9"}, "outside of 0 to 3"),
        ({"lines": "1/3/2027"}, "expected numbers of lines"),
        ({"lines": "x"}, "expected numbers of lines"),
        ({"lines": "7"}, "no line 7"),
        ({"points": "1", "lines": "2"}, "give 2 points, not 1"),
        ({"comment": "well"}, "how many points"),
        ({"points": "1", "student": "cy"}, "were cells moved"),
        ({"points": "1", "row": "answer-99-why"}, "not an answer of this gradebook"),
        ({"points": "1", "row": ""}, "not an answer of this gradebook"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_taken(
    book: Gradebook, change: dict[str, str], said: str
) -> None:
    rows = table(book)
    rows[0] |= {"points": "1"}
    rows[1] |= change
    found = taken(book, saved(rows))
    assert found.given == ["007 why"]
    (line,) = found.refused
    assert said in line


def test_a_spreadsheet_that_was_not_saved_as_csv_is_named() -> None:
    with pytest.raises(MarksTableFault, match="a spreadsheet or an archive, not CSV"):
        read_marks(b"PK\3\4" + bytes(99))


def test_cells_that_slipped_and_quotes_that_stay_open_give_no_marks() -> None:
    """`1;3` without quotes would be line 1 and the comment 3; an open quote takes in other rows."""
    header = b"version;points;lines;comment;row\n"
    slipped, whole, short = read_marks(header + b"v;;1;3;;a\nv;;1;;b\nv;2\n")
    assert "more cells than columns" in slipped.wrong
    assert (whole.row, whole.lines, whole.wrong) == ("b", (1,), "")
    assert (short.row, short.points) == ("", Fraction(2))
    with pytest.raises(MarksTableFault, match="line 3"):
        read_marks(header + b'v;1;;"well;a\nv;2;;;b\n')


def test_the_same_answer_twice_is_told(book: Gradebook) -> None:
    rows = [row | {"points": "1"} for row in table(book)]
    found = taken(book, saved([*rows, rows[1] | {"points": "2"}]))
    assert len(found.given) == 2
    assert "earlier line" in found.refused[0]


def test_all_that_was_marked_comes_out_as_it_went_in(book: Gradebook) -> None:
    """A mark that is exported and imported unchanged is no event."""
    give_mark(
        book, answer(book), Fraction(1, 3), None, comment="'=x", by="bea", now=NOW, beyond=False
    )
    rows = table(book, every=True)
    assert rows[1]["comment"] == "''=x"
    found = taken(book, saved(rows), by="cem")
    assert (found.given, found.there_already, found.empty) == ([], 1, 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0", b"a,b\n1,2\n", b"row,version\n", b"\xff\xfe\x00", b'"row', b"sep=,"],
)
def test_what_is_no_table_is_refused(book: Gradebook, content: bytes) -> None:
    with pytest.raises(MarksTableFault):
        taken(book, content)


@given(content=st.binary(max_size=200))
def test_no_file_is_read_with_another_exception(content: bytes) -> None:
    header = b"row,student,points,lines,comment,version\n"
    for text in (content, header + content, header.decode().encode("utf-16") + content):
        with contextlib.suppress(MarksTableFault):
            read_marks(text)


@given(text=st.text(max_size=30))
def test_a_guarded_cell_gives_the_same_text_and_is_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(tuple("=+-@\t\r"))


def test_an_apostrophe_that_a_person_typed_stays() -> None:
    assert unguarded("'tis so") == "'tis so"


@pytest.mark.parametrize(
    ("text", "points"),
    [("2", 2), ("2,5", 2.5), ("2.5", 2.5), ("+1", 1), ("−0,5", -0.5), ("5/2", 2.5), (" 1 ", 1)],
)
def test_points_are_read_as_people_type_them(text: str, points: float) -> None:
    assert read_points(text) == Fraction(points)


@pytest.mark.parametrize("text", ["", "two", "1.2.3", "1/0", "1e9", "nan", "9" * 20, "٣"])
def test_no_points(text: str) -> None:
    assert read_points(text) is None


@given(
    number=st.fractions(min_value=-99, max_value=99).map(
        lambda one: Fraction(round(one * 100), 100)
    )
)
def test_points_as_they_are_written_are_read_again(number: Fraction) -> None:
    assert read_points(points_text(number)) == number


def test_lines_of_a_rubric() -> None:
    assert read_lines("1,3") == read_lines("3; 1") == read_lines("1.3") == (1, 3)
    assert read_lines("none") == ()
    assert read_lines("one") is None


def test_every_answer_can_be_marked_not_only_what_waits(book: Gradebook) -> None:
    found = [(one.question, one.waits) for one in answers_by_hand(book, "small", student="ben")]
    assert found == [("twice", False), ("half", False), ("start", False), ("why", True)]


# -- counted everywhere --------------------------------------------------------------------------


def graded(book: Gradebook) -> Graded:
    return graded_in(book, last_runs(book)[0])


def test_results_have_what_was_judged_and_what_counts(book: Gradebook) -> None:
    give_mark(
        book, answer(book), Fraction(2), None, comment="Good", by="bea", now=NOW, beyond=False
    )
    waits, marked, _ = results_document(graded(book))["submissions"]
    why = marked["questions"][3]
    assert (why["score"], why["final"], why["by"]) == (None, 2, "bea")
    assert why["feedback"][-1] == "Good"
    assert (marked["score"], marked["final"], marked["max_score"]) == (7, 9, 7)
    assert marked["not_scored"] == ["why"]
    assert waits["final"] is None
    assert waits["questions"][3]["by"] is None


def test_the_table_and_the_pages_count_it(book: Gradebook) -> None:
    before = class_table(graded(book))
    assert "7 / 7, 3 for a person" in before
    assert "marked by a person" not in before
    give(book, 2)
    table_of_class = class_table(graded(book))
    assert "ben         9 / 10" in table_of_class
    assert "✎ marked by a person" in table_of_class
    pages = submission_pages(graded(book))
    assert "✎ marked by a person (bea)" in pages
    shown = class_page("small", 1, graded(book).submissions, complete=True)
    assert "ben  attempt 1  9 / 10, 1 by a person" in shown
    assert "007  attempt 1  7 / 7, 1 not marked yet" in shown
    assert student_page(book, "small", "zoe", []) == "small: zoe\n  handed in nothing\n"
    page = student_page(book, "small", "ben", graded(book).submissions)
    assert "why    2 / 3  pending, by bea" in page


def test_an_answer_that_was_held_and_marked_is_held_no_more(book: Gradebook, folder: Path) -> None:
    sandbox = Reads()
    sandbox.faulty.add(b"0")
    held = [handed_in("dee", code="0")]
    assert faulty(mark(book, folder, held, sandbox)) == ["dee"]
    questions = [one.question for one in answers_by_hand(book, "small", student="dee") if one.waits]
    assert questions
    for question in questions:
        one = answer(book, "dee", question)
        give_mark(book, one, Fraction(1), None, comment="", by="bea", now=NOW, beyond=False)
    again = graded(book)
    assert faulty(again) == []
    assert again.submissions[0].final is not None
    assert not has_faults(again.submissions[0].as_marked)


def test_the_best_attempt_is_the_best_with_marks(book: Gradebook, folder: Path) -> None:
    again = [handed_in("ben", why="Größe", code="x + 1")]
    best = mark(book, folder, again, Reads(), attempts=Attempts.BEST)
    assert best.submissions[0].attempt == 1
    one = find_answer(book, "small", "ben", "twice", 2)
    give_mark(book, one, Fraction(4), None, comment="", by="bea", now=NOW, beyond=False)
    why = answer(book)
    give_mark(book, why, Fraction(3), None, comment="", by="bea", now=NOW, beyond=False)
    shown = graded(book).submissions[0]
    assert (shown.attempt, shown.final) == (2, Fraction(10))


WITH_FIGURE = f"""{WITH_TEXT}\
  - {{id: plot, kind: figure, points: 2, prompt: Draw.}}
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
DRAWN = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg"><style>*{stroke-linejoin: round}</style><g id="figure_1">
<use xlink:href="#m1" style="stroke: #000"/><path clip-path="url(#p1)"/></g></svg>"""


def drew(name: str, content: bytes, file: str = "plot.png") -> Submission:
    sheet = f"start: 1.5\nplot: {file}\n".encode()
    modules = {"code.py": b"2 * x"}
    return Submission(
        id=name, modules=modules, sheets={"answers.yaml": sheet}, others={file: content}
    )


def test_figures_are_written_beside_the_table_and_a_new_one_is_a_new_attempt(
    tmp_path: Path,
) -> None:
    folder = course(tmp_path, WITH_FIGURE)
    scripts = DRAWN.replace("<g", "<script>alert(1)</script><g").encode()
    people = [
        drew("ann", PNG),
        drew("ben", DRAWN.encode(), "b.svg"),
        drew("cy", scripts, "c.svg"),
        drew("dee", b"\x89PNG\r\n\x1a\n        "),
        drew("eve", b"MZ and so on, which is a program", "plot.png"),
    ]
    with open_gradebook(tmp_path / "book.db") as book:
        mark(book, folder, people, Reads())
        written = marks_table(book, ["small"], question="plot", figures_in="p")
        rows = [*csv.DictReader(io.StringIO(written.text, newline=""))]
        ann, ben = (
            f"answer-{find_answer(book, 'small', key, 'plot', 0).submission}-plot"
            for key in ("ann", "ben")
        )
        assert [row["answer"] for row in rows] == [
            f"plot.png [p/{ann}.png]",
            f"b.svg [p/{ben}.svg]",
            "c.svg [not copied: the drawing may do more than be seen]",
            "plot.png [not kept: it is large, or not a picture]",
            "plot.png [not copied: it is not a picture of a known kind]",
        ]
        assert written.figures == {f"{ann}.png": PNG, f"{ben}.svg": DRAWN.encode()}
        # Another picture of the same name, and all else the same, is work handed in again.
        mark(book, folder, [drew("ann", PNG + b"!")], Reads())
        assert find_answer(book, "small", "ann", "plot", 0).attempt == 2


def test_what_was_kept_before_figures_were_is_no_new_attempt(tmp_path: Path) -> None:
    """A gradebook from then has the first bytes of each file."""
    folder = course(tmp_path, WITH_FIGURE)
    with open_gradebook(tmp_path / "book.db") as book:
        for content in (PNG[:16], PNG):
            mark(book, folder, [drew("ann", content)], Reads())
        assert find_answer(book, "small", "ann", "plot", 0).attempt == 1
        assert len(marks_table(book, ["small"]).figures) == 1


@pytest.mark.parametrize(
    "inside",
    [
        '<g onload="alert(1)"/>',
        '<a href="https://x.example"><path/></a>',
        '<use href="https://x.example/#a"/>',
        '<image href="data:image/png;base64,AA"/>',
        "<style>@import 'https://x.example'</style>",
        '<path style="fill: url(https://x.example)"/>',
        "<foreignObject/>",
        "<g>&x;</g>",
        "<?xml-stylesheet href='x'?>",
    ],
)
def test_a_drawing_that_may_do_more_than_be_seen_is_not_written(
    tmp_path: Path, inside: str
) -> None:
    content = DRAWN.replace("<g ", f"{inside}<g ").encode()
    with open_gradebook(tmp_path / "book.db") as book:
        mark(book, course(tmp_path, WITH_FIGURE), [drew("ann", content, "a.svg")], Reads())
        assert not marks_table(book, ["small"]).figures


def test_a_table_with_semicolons_comes_back_as_it_went_out(book: Gradebook) -> None:
    one = answer(book, "ben")
    give_mark(book, one, Fraction(5, 2), None, comment="a; b", by="bea", now=NOW, beyond=False)
    text = marks_table(book, ["small"], every=True, separator=";").text
    row = next(
        row
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
        if row["student"] == "ben"
    )
    assert (row["points"], row["max_points"]) == ("2,5", "3")
    found = taken(book, text.encode())
    assert (found.given, found.there_already, found.refused) == ([], 1, [])
