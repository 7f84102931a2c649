from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.fact import Facts
from grader.model.fact_explaining import StartUnused, Unusable
from grader.model.fact_marking import PartUnknown
from grader.model.graded import Graded
from grader.model.outcome import Diagnosed, Feedback, Note, PartOutcome
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.text import _listed, class_table, submission_page, submission_pages
from tests.some import some


def columns(text: str) -> int:
    """Of a terminal: wide characters take two."""
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def page(graded: Graded, audience: Audience = Audience.STUDENT, *, width: int = 80) -> str:
    return submission_page(graded.assignment, graded.submissions[0], audience, width=width)


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_no_text_steers_the_terminal(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    graded = data.draw(classes)
    text = class_table(graded) + submission_pages(graded)
    text.encode("utf-8")
    steering = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}
    assert steering <= {"\n", "\t"}


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_the_table_has_one_line_for_each_submission(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    graded = data.draw(classes)
    lines = class_table(graded).split("\n")
    assert lines.index("", 2) == 3 + len(graded.submissions)


NAMES = ["ann", "Zoë", "王小明", "e\u0301lise", "a" * 400, "王" * 50, "two\nlines", "\x1b[2J", "\t"]


def test_the_columns_of_the_table_stand_below_each_other(
    marked: Callable[..., Graded],
) -> None:
    lines = class_table(marked(*NAMES)).split("\n")[2 : 3 + len(NAMES)]
    plain = [line.replace("\u0301", "") for line in lines]
    assert len({columns(line) for line in plain}) == 1
    assert len({columns(line[: line.rindex("0 / 6")]) for line in plain[1:]}) == 1


def test_no_name_makes_the_table_wider_than_a_terminal(
    marked: Callable[..., Graded],
) -> None:
    assert max(map(columns, class_table(marked(*NAMES)).split("\n"))) <= 80


def test_long_names_that_differ_at_their_ends_differ_in_the_table(
    marked: Callable[..., Graded],
) -> None:
    names = [f"a_very_long_name_of_a_download_{n}" for n in range(3)]
    rows = class_table(marked(*names)).split("\n")[3:6]
    assert len(set(rows)) == 3


def name_in_table(graded: Graded) -> str:
    """As it stands in the only row, without what fills the column."""
    row = class_table(graded).split("\n")[3]
    return row[2 : row.rindex("  0 / 6")].rstrip()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("a" * 27, "a" * 27, id="a column less"),
        pytest.param("abc" * 9 + "d", "abc" * 9 + "d", id="just as wide"),
        pytest.param("a" * 20 + "b" * 9, "a" * 18 + "…" + "b" * 9, id="a column more"),
        pytest.param("a" * 300 + "b" * 9, "a" * 18 + "…" + "b" * 9, id="many more"),
        pytest.param("王" * 14, "王" * 14, id="wide, just as wide"),
        pytest.param("王" * 15, "王" * 8 + "…" + "王" * 5, id="wide, two columns more"),
        pytest.param("a" + "王" * 14, "a" + "王" * 8 + "…" + "王" * 5, id="wide, a column more"),
        pytest.param("e\u0301" * 28, "e\u0301" * 28, id="marks take no column"),
        pytest.param(
            "e\u0301" * 29, "e\u0301" * 18 + "…" + "e\u0301" * 9, id="marks, a column more"
        ),
    ],
)
def test_a_name_is_cut_where_it_is_wider_than_its_column(
    marked: Callable[..., Graded], name: str, shown: str
) -> None:
    assert name_in_table(marked(name)) == shown


@given(st.text(st.sampled_from("ab王e"), max_size=60))
def test_a_cut_name_fills_its_column_but_for_half_a_wide_character(
    marked: Callable[..., Graded], name: str
) -> None:
    shown = name_in_table(marked(name))
    assert columns(shown) <= 28
    if shown != name:
        front, back = shown.split("…")
        assert columns(name) > 28
        assert columns(shown.replace("…", ".")) >= 27
        assert name.startswith(front)
        assert name.endswith(back)
        assert columns(back) >= 9


@pytest.mark.parametrize(
    ("scores", "summary"),
    [
        pytest.param([Fraction(2), Fraction(2)], "2 of 2 in full", id="all"),
        pytest.param([Fraction(2), Fraction(0)], "1 of 2 in full", id="one"),
        pytest.param([Fraction(0)], "0 of 1 in full", id="none"),
        pytest.param([Fraction(1), Fraction(199, 100)], "0 of 2 in full", id="a part is not full"),
        pytest.param([None, Fraction(2)], "1 of 1 in full", id="one waits"),
        pytest.param([None, Fraction(0)], "0 of 1 in full", id="one waits, the other has none"),
        pytest.param([None, None], "none scored", id="all wait"),
    ],
)
def test_the_summary_of_a_question_counts_who_got_all_of_it(
    marked: Callable[..., Graded], scores: list[Fraction | None], summary: str
) -> None:
    """Of those who have a score: who waits for a person counts on neither side."""
    graded = marked("only")
    submissions = tuple(
        replace(
            graded.submissions[0],
            submission=str(number),
            outcomes=tuple(
                replace(outcome, score=score if outcome.question == "momentum" else None)
                for outcome in graded.submissions[0].outcomes
            ),
        )
        for number, score in enumerate(scores)
    )
    lines = class_table(replace(graded, submissions=submissions)).split("\n")
    assert lines[4 + len(scores) : 7 + len(scores)] == [
        "   1 gradient  text        2 points    none scored",
        f"   2 momentum  text        2 points    {summary}",
        "   3 plot      text        2 points    none scored",
    ]


@pytest.mark.parametrize(
    ("worth", "written"),
    [(Fraction(1), "1 point "), (Fraction(1, 2), "0.5 points"), (Fraction(3), "3 points")],
)
def test_the_summary_says_what_a_question_is_worth(
    marked: Callable[..., Graded], worth: Fraction, written: str
) -> None:
    graded = marked("ann")
    first, *others = graded.assignment.questions
    assignment = replace(graded.assignment, questions=(replace(first, points=worth), *others))
    assert f"   1 gradient  text        {written}" in class_table(
        replace(graded, assignment=assignment)
    )


def test_a_page_names_its_submission_in_full(marked: Callable[..., Graded]) -> None:
    name = "a_very_long_name_of_a_download_" * 3
    assert page(marked(name)).startswith(f"A homework (homework):\n    {name}\n")
    assert page(marked(name), Audience.STAFF).startswith(f"A homework (homework): {name}\n")


FORGED = "oh\n  ✓ gradient  [2 / 2]  correct\r\n  points: 6 / 6\x0b  points: 6 / 6"


@pytest.mark.parametrize("place", ["feedback", "notes", "printed", "submission"])
def test_no_text_of_a_student_looks_like_a_line_of_ours(
    marked: Callable[..., Graded], place: str
) -> None:
    lines = Feedback(student=(FORGED,), staff=(FORGED,))
    graded = {
        "feedback": lambda: marked(feedback=lines),
        "notes": lambda: marked(notes=(Note(audience=Audience.STUDENT, text=FORGED),)),
        "printed": lambda: marked(printed=FORGED),
        "submission": lambda: marked(FORGED),
    }[place]()
    ours = [line for line in page(graded).split("\n") if line[:3].strip()]
    assert len(ours) == 1 + 3 + 1 + (place == "notes") + (place == "printed")
    assert "  points: 0 / 6" in ours
    assert "  points: 6 / 6" not in ours


def test_a_name_is_never_split_across_lines() -> None:
    names = ["step-elsewhere: loss far", "x" * 120, *(f"question {n}-th" for n in range(20))]
    lines = _listed("  – not answered: ", names, 80)
    assert " ".join(line.strip() for line in lines) == f"– not answered: {', '.join(names)}"
    assert [line for line in lines if len(line) > 80] == [f"      {'x' * 120},"]
    assert all(any(name in line for line in lines) for name in names)


def test_a_student_reads_nothing_for_staff_and_nothing_of_hidden_parts(
    marked: Callable[..., Graded],
) -> None:
    lines = Feedback(student=("for all",), staff=("for all", "the key"))
    notes = (
        Note(audience=Audience.STUDENT, text="for all"),
        Note(audience=Audience.STAFF, text="the key"),
    )
    for_staff_alone = Facts.of(
        *[StartUnused(place=("the key", ""), step="s", why=Unusable.SIZE)] * 2
    )
    parts = (
        PartOutcome(label="shown", verdict=Verdict.INCORRECT, facts=for_staff_alone),
        PartOutcome(
            label="veiled",
            verdict=Verdict.INCORRECT,
            hidden=True,
            facts=Facts.of(PartUnknown(label="inputs")),
        ),
    )
    graded = marked(feedback=lines, parts=parts, notes=notes)
    for_student, for_staff = page(graded), page(graded, Audience.STAFF)
    for words in ("the key", "veiled", "inputs"):
        assert words not in for_student
        assert words in for_staff
    assert for_student.count("for all") == 4


def test_what_is_not_scored_is_said_and_no_zero(marked: Callable[..., Graded]) -> None:
    text = page(marked(verdict=Verdict.PENDING, score=None))
    assert "[– / 2]  waits for a person" in text
    assert "points: 0 / 0, 6 for a person" in text


@pytest.mark.parametrize(
    ("score", "written"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction(3, 2), "1.5"),
        (Fraction(2), "2"),
        (Fraction(1, 999), "0"),
    ],
)
def test_points_have_at_most_two_decimals(
    marked: Callable[..., Graded], score: Fraction, written: str
) -> None:
    assert f"[{written} / 2]" in page(marked(score=score))


def test_of_what_was_printed_twenty_lines_are_shown_and_the_rest_is_counted(
    marked: Callable[..., Graded],
) -> None:
    graded = marked(printed="".join(f"line {n}\n" for n in range(30)))
    assert page(graded).endswith("      | line 18\n      | line 19\n      … and 10 more lines\n")
    assert "… and 10 more lines; --results writes all that" in page(graded, Audience.STAFF)
    assert page(marked(printed="x\n" * 21)).endswith("      … and 1 more line\n")
    assert "more line" not in page(marked(printed="x\n" * 20))


def test_a_long_printed_line_says_how_much_of_it_was_cut(
    marked: Callable[..., Graded],
) -> None:
    text = page(marked(printed="x" * 60_000 + "\ny"))
    assert f"      | {'x' * 400}… and 59600 more characters\n      | y\n" in text


def test_staff_and_students_both_see_what_was_printed(
    marked: Callable[..., Graded],
) -> None:
    graded = marked("ann", "bob", printed="epoch 1\n")
    assert "  your code printed:\n      | epoch 1\n" in page(graded)
    assert submission_pages(graded).count("  printed:\n      | epoch 1\n") == 2


@pytest.mark.parametrize(
    ("tier", "line"),
    [
        ("full", "  sandbox: full"),
        ("container", "  sandbox: container"),
        ("basic", "  sandbox: basic (no walls)"),
    ],
)
def test_every_page_and_the_table_end_with_the_tier(
    marked: Callable[..., Graded], tier: str, line: str
) -> None:
    graded = replace(marked("ann", "bob", printed="  sandbox: none\n"), tier=tier)
    assert class_table(graded).endswith(f"\n{line}\n")
    assert submission_pages(graded).split("\n").count(line) == 2
    only = submission_page(graded.assignment, graded.submissions[0], Audience.STUDENT, tier=tier)
    assert only.endswith(f"\n\n{line}\n")


def test_a_class_and_a_page_say_how_many(marked: Callable[..., Graded]) -> None:
    assert "A homework (homework): 1 submission\n" in class_table(marked("ann"))
    assert "A homework (homework): 2 submissions\n" in class_table(marked("ann", "bob"))


def test_a_mistake_that_accounts_for_several_answers_stands_at_the_end(
    marked: Callable[..., Graded],
) -> None:
    several = Diagnosed(mistake="m", feedback="Look at the sign.", explains=("gradient", "plot"))
    single = Diagnosed(mistake="n", feedback="Look at the power.", explains=("momentum",))
    for audience in Audience:
        text = page(marked(diagnosis=(several, single)), audience)
        assert "One mistake accounts for 2 answers: Look at the sign.\n      gradient, plot" in text
        assert "Look at the power." not in text


def test_a_student_reads_first_what_is_right_then_what_is_not_then_what_is_missing(
    marked: Callable[..., Graded],
) -> None:
    graded = marked()
    one = graded.submissions[0]
    found = (
        (Verdict.MISSING, Fraction(0), Reason.NOT_ANSWERED),
        (Verdict.INCORRECT, Fraction(0), Reason.WRONG_VALUE),
        (Verdict.PENDING, None, None),
        (Verdict.IMPRECISE, Fraction(1), Reason.TOO_FEW_DIGITS),
        (Verdict.CORRECT, Fraction(2), None),
        (Verdict.FOLLOWS, Fraction(1), None),
    )
    outcomes = tuple(
        replace(one.outcomes[0], question=f"q{n}", verdict=verdict, score=score, reason=reason)
        for n, (verdict, score, reason) in enumerate(found)
    )
    mixed = replace(graded, submissions=(replace(one, outcomes=outcomes),))
    assert re.findall(r"^  \S .*(q\d)", page(mixed), re.MULTILINE) == [
        *("q4", "q5", "q2", "q1", "q3", "q0"),
    ]
    staff = re.findall(r"^  \S (q\d)", page(mixed, Audience.STAFF), re.MULTILINE)
    assert staff == [f"q{n}" for n in range(1, 6)]


@pytest.mark.parametrize("width", [80, 60, 40])
def test_no_line_that_a_student_reads_is_wider_than_a_terminal(
    marked: Callable[..., Graded], width: int
) -> None:
    said = "Look at the point, 点点点点点, at which the gradient is taken. " * 4
    long = Feedback(student=(said,), staff=())
    graded = marked(feedback=long, notes=(Note(audience=Audience.STUDENT, text=said),))
    text = page(graded, width=width)
    assert max(map(columns, text.split("\n"))) <= width
    assert text.count("taken.") == said.count("taken.") * text.count("note:") * 4
    lines = text.split("\n")
    after = lines.index(next(line for line in lines if line.startswith("      Look")))
    assert lines[after + 1].startswith("        ")
    as_written = marked(printed="x " * 100)
    assert f"      | {'x ' * 100}".rstrip() in page(as_written)
