"""Which response answers a question, and what is read from it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.judge.expect.key import Key
from grader.judge.mark.reading import read_answer, read_typed
from grader.judge.mark.typed_rows import rows_by_label
from grader.model.assignment import AnswerQuestion, Question
from grader.model.diagnostic import Place
from grader.model.response import Response
from grader.model.typed import Typed
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from grader.submissions.sheet import read_sheets

SHEET = Response(value="from a sheet")
MODULE = Response(value="from a module")
SILENT = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
UNREADABLE = Response.failed(Verdict.PENDING, Reason.UNREADABLE)
RAISED = Response.failed(Verdict.RAISED, Reason.EXCEPTION)
UNDEFINED = Response.failed(Verdict.MISSING, Reason.NAME_NOT_DEFINED)


def read(said: Response | None, made: Response | None) -> Response:
    question = Question(id="q", kind="choice", points=Fraction(1), prompt="", entry="q")
    given = {"q": said, "call:1": made}
    key = Key(asks={"q": "call:1"})
    return read_answer(question, key, {name: one for name, one in given.items() if one is not None})


@pytest.mark.parametrize(
    ("said", "made", "answer"),
    [
        (SHEET, None, SHEET),
        (SHEET, MODULE, SHEET),
        (SHEET, RAISED, SHEET),
        (SILENT, MODULE, MODULE),
        (UNREADABLE, MODULE, MODULE),
        (None, MODULE, MODULE),
        (SILENT, RAISED, SILENT),
        (UNREADABLE, RAISED, UNREADABLE),
        (UNREADABLE, UNDEFINED, UNREADABLE),
        (None, RAISED, RAISED),
        (UNREADABLE, None, UNREADABLE),
        (None, SILENT, SILENT),
    ],
)
def test_a_sheet_comes_first_and_a_value_before_a_failure(
    said: Response | None, made: Response | None, answer: Response
) -> None:
    assert read(said, made) is answer


def test_a_line_that_cannot_be_read_waits_for_a_person() -> None:
    """The whole answer stands in it; of parts the others are read all the same."""
    spoiled = Typed("2.7: 1", False, fault="a quote is missing", line=3)
    place = Place(file="answers.yaml", line=3, column=1)
    answer = read(Response(value=spoiled, place=place), None)
    assert answer.failure is not None
    assert (answer.failure.verdict, answer.failure.reason) == (
        Verdict.PENDING,
        Reason.UNREADABLE,
    )
    assert (answer.failure.file, answer.failure.line) == ("answers.yaml", 3)
    assert answer.failure.typed == "2.7: 1"


def test_a_name_that_no_module_defines_is_no_answer() -> None:
    assert read(None, UNDEFINED).failure == SILENT.failure


def test_what_was_not_collected_is_no_missing_answer() -> None:
    with pytest.raises(KeyError):
        read(None, None)


def bare(text: str) -> Typed:
    return Typed(text, quoted=False)


def quoted(text: str) -> Typed:
    return Typed(text, quoted=True)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", bare("0.410"), NumberText("0.410")),
        ("number", quoted("0.410"), NumberText("0.410")),
        ("number", bare("3/4"), NumberText("3/4")),
        ("number", quoted(" −1 "), NumberText("-1")),
        ("number", bare("0x1F"), NumberText("31")),
        ("number", bare(".inf"), NumberText(".inf")),
        ("number", bare("1e99999"), NumberText("inf")),
        ("number", bare("about 3"), "about 3"),
        ("number", bare("true"), True),
        ("number", quoted("true"), "true"),
        ("array", (bare("1"), quoted("2.0")), (NumberText("1"), NumberText("2.0"))),
        ("iterates", ((quoted("1"), bare("2")),), ((NumberText("1"), NumberText("2")),)),
        ("array", {"a": (quoted("1"), bare("~"))}, {"a": (NumberText("1"), None)}),
        ("expression", quoted("2"), "2"),
        ("expression", bare("2"), NumberText("2")),
        ("choice", quoted("1"), "1"),
        ("choice", bare("no"), "no"),
        (
            "series",
            {"loss": (bare("0.5"), quoted("0.4"), quoted("low"))},
            {"loss": (NumberText("0.5"), NumberText("0.4"), "low")},
        ),
        ("figure", bare("plot.png"), "plot.png"),
    ],
)
def test_a_scalar_is_read_for_a_kind_of_question(kind: str, typed: Any, value: Any) -> None:
    assert read_typed(typed, kind=kind, file="answers.yaml") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("1E400", NumberText("1E400")),
        ("-Infinity", NumberText("-inf")),
        ("NaN", NumberText("NaN")),
        ("1e99999", "1e99999"),
        ("1" * 1000, "1" * 400),
    ],
)
def test_an_unquoted_scalar_of_a_json_sheet_is_read_as_json(text: str, value: Any) -> None:
    assert read_typed(bare(text), kind="choice", file="answers.json") == value


@pytest.mark.parametrize("file", ["answers.yaml", "answers.json"])
@pytest.mark.parametrize("text", ["true", "1.50", " 0x1F", "null", "−1", "Infinity"])
def test_a_text_question_is_answered_by_the_text_exactly(file: str, text: str) -> None:
    for typed in (bare(text), quoted(text)):
        assert read_typed(typed, kind="text", file=file) == text
    assert read_typed((bare(text), quoted("x")), kind="text", file=file) == str((text, "x"))


def test_only_what_stands_in_a_sheet_is_read() -> None:
    place = Place(file="answers.yaml", line=2)
    answer = Response(value=quoted("1"), place=place)
    assert read(answer, None).value == "1"
    assert read(answer, None).place == place
    assert read(Response(value="true"), None).value == "true"
    assert read(None, Response(value=("1", 2.0))).value == ("1", 2.0)


@pytest.mark.parametrize(
    ("labels", "is_list"),
    [
        (["x1", "x2"], True),
        (["1", "2"], True),
        (["0", "1"], True),
        (["x_1", "x_2"], True),
        (["k = 1", "k = 2"], True),
        (["Step 1", "Step 2"], True),
        (["x2", "x1"], False),
        (["x1", "y2"], False),
        (["x", "y"], False),
        (["5", "6"], False),
        (["x1", "x3"], False),
    ],
)
def test_rows_that_are_counted_are_a_list(labels: list[str], is_list: bool) -> None:
    rows = {label: (str(row), "0") for row, label in enumerate(labels)}
    assert rows_by_label(rows) == (tuple(rows.values()) if is_list else rows)


def test_a_list_of_rows_may_have_labels_and_parts_keep_theirs() -> None:
    rows = {"x1": (Typed("1", False), Typed("2", False)), "x2": (Typed("3", False),)}
    place = Place(file="answers.yaml", line=3, column=1)
    question = AnswerQuestion(
        id="q", kind="array", points=Fraction(1), prompt="", entry="q", parts=()
    )
    response = Response(value=rows, place=place)
    read = read_answer(question, Key(), {"q": response}).value
    assert [[number.text for number in row] for row in read] == [["1", "2"], ["3"]]


LOG = [{"epoch": "0", "acc": "0.50"}, {"epoch": "1", "acc": "0.6"}]


@pytest.mark.parametrize(
    "typed",
    [
        "| epoch | acc |\n|---|---|\n| 0 | 0.50 |\n| 1 | 0.6 |",
        "| epoch | acc |\n| :-: | --: |\n| 0 | **0.50** |\n| 1 | $0.6$ |",
        "epoch,acc\n0,0.50\n1,0.6",
        "epoch; acc\n0; 0.50\n1; 0.6\n",
        "epoch\tacc\n0\t0.50\n1\t0.6",
        "epoch   acc\n    0  0.50\n    1   0.6",
        r"\begin{tabular}{cc} \hline epoch & acc \\ \hline 0 & 0.50 \\ 1 & 0.6 \\ \end{tabular}",
    ],
)
def test_a_text_that_is_a_table_has_rows(typed: str) -> None:
    read = read_typed(Typed(typed, False), kind="series", file="answers.yaml")
    assert [{name: cell.text for name, cell in row.items()} for row in read] == LOG


@pytest.mark.parametrize(
    "typed",
    ["my log is\nin the report", "epoch,acc\n0,0.5,7\n1,0.6", "0,0.5\n1,0.6", "epoch,acc", ""],
)
def test_a_text_that_is_no_table_stays_a_text(typed: str) -> None:
    assert read_typed(Typed(typed, True), kind="series", file="answers.yaml") == typed


@pytest.mark.parametrize(
    "column",
    [
        (Typed("0.50", False), Typed("6e-1", False)),
        (Typed("0.50", False), Typed("6 × 10^-1", False)),
        Typed("[0.50,6e-1]", False),
        Typed("0.50, 6e-1", False),
        Typed("(0.50; 6e-1)", False),
        Typed("np.array([0.50, 6e-1])", False),
        (Typed("0.50 6e-1", False),),
    ],
)
def test_a_column_of_a_table_is_a_list_of_numbers(column: Any) -> None:
    read = read_typed({"acc": column}, kind="series", file="answers.yaml")
    assert [number.text for number in read["acc"]] == ["0.50", "6e-1"]


def test_what_is_no_number_in_a_table_is_said_with_what_to_write() -> None:
    read = read_typed({"acc": (Typed("45 %", False),)}, kind="series", file="answers.yaml")
    assert read["acc"] == ("45 %",)
    assert read["acc"][0].why.startswith("take the % away")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("[0,25, 0,5]", "as [0.25, 0.5] or as [0, 25, 0, 5]"),
        ("[-0,25, 1,5, 2,5]", "as [-0.25, 1.5, 2.5] or as [-0, 25, 1, 5, 2, 5]"),
        ("[0,25,0,5]", ["0", "25", "0", "5"]),
        ("[0, 25, 0, 5]", ["0", "25", "0", "5"]),
        ("[1,2, 3]", ["1", "2", "3"]),
        ("[0.25,0.5, 1]", ["0.25", "0.5", "1"]),
        ('["0,25", "0,5"]', "write a point"),
    ],
)
def test_decimal_commas_in_a_list_of_json_are_seen(typed: str, read: Any) -> None:
    sheet = read_sheets({"answers.json": f'{{"q": {typed}, "other": 1}}'.encode()})
    found = read_typed(sheet.answers["q"], kind="array", file="answers.json")
    if isinstance(read, str):
        whys = [getattr(one, "why", "") for one in (found, *found)]
        assert read in " ".join(whys)
    else:
        assert [number.text for number in found] == read


def test_each_row_of_a_list_of_json_is_looked_at() -> None:
    typed = b'{"q": [[3,55, 0,2], [3.19, -0.1],\n [2, 1]], "r": [1, 2]}'
    sheet = read_sheets({"answers.json": typed})
    first, *rows = read_typed(sheet.answers["q"], kind="array", file="answers.json")
    assert "two ways" in first.why
    assert [[number.text for number in row] for row in rows] == [["3.19", "-0.1"], ["2", "1"]]
    assert sheet.places["r"].line == 2
