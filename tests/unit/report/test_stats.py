"""Pages and JSON of statistics, for classes of any size: nothing too wide, and no nan."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from grader.model.assignment import AnswerQuestion, Assignment, Part
from grader.model.fact import Facts
from grader.model.fact_explaining import Explained
from grader.model.fact_marking import Compared
from grader.model.outcome import PartOutcome, SubmissionOutcome
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from grader.report.stats_json import stats_document, stats_json
from grader.report.stats_lines import LISTED, counted, names_text, short
from grader.report.stats_question_text import question_stats_page
from grader.report.stats_text import class_stats_page, main_sentence
from grader.stats.shown import ClassShown, class_shown
from tests.build import assignment_of, function_of, outcome_of, submission_of

LONG = "a_question_with_a_name_that_is_much_too_long_for_a_table"
R, W = Verdict.CORRECT, Verdict.INCORRECT


def assignment() -> Assignment:
    def numbered(name: str) -> AnswerQuestion:
        part = Part(
            label="", step=None, names_step=False, at={}, expected=3, tolerance=DEFAULT_TOLERANCE
        )
        return AnswerQuestion(id=name, kind="number", entry=name, points=Fraction(4), parts=(part,))

    function = function_of(points=Fraction(4))
    return assignment_of(questions=(numbered("a"), numbered(LONG), function))


def member(number: int, *, same: bool = False) -> SubmissionOutcome:
    kind = 0 if same else number % 5
    wrong = Facts.of(
        Compared(reason=Reason.WRONG_VALUE, actual=NumberText("3.50"), allowed=0.1),
        *([Explained(mistakes=(("heavy-ball",),))] if number % 2 else []),
    )
    cases = tuple(
        PartOutcome(label=f"f({n})", verdict=W if kind == n else R, credit=Fraction(kind != n))
        for n in range(3)
    )
    return submission_of(
        outcome_of(4, verdict=R, distance=0.9, question="a")
        if kind
        else outcome_of(0, verdict=W, distance=1.1, question="a", facts=wrong),
        outcome_of(4 if kind == 1 else 0, verdict=R if kind == 1 else W, question=LONG),
        outcome_of(None, question="f")
        if kind == 4
        else outcome_of(
            4 if kind > 2 else 2, verdict=R if kind > 2 else W, question="f", parts=cases
        ),
        submission=f"Jürgen Müller-Lüdenscheidt, Matrikelnummer {number:06} 山田",
    )


def shown(count: int, **more: Any) -> ClassShown:
    submissions = (member(number, **more) for number in range(count))
    return class_shown(assignment(), {}, submissions)


@pytest.mark.parametrize("count", [0, 1, 2, 14, pytest.param(300, marks=pytest.mark.lengthy)])
@pytest.mark.parametrize("same", [False, True])
def test_pages_of_classes_of_any_size(count: int, same: bool) -> None:
    one = shown(count, same=same)
    pages = [class_stats_page(one, complete=True)]
    pages += [question_stats_page(one, name) for name in ("a", LONG, "f")]
    for page in pages:
        assert max(map(len, page.splitlines())) <= 80
        assert "nan" not in page
        assert "None" not in page.replace("None of", "")
    document = stats_json(one, complete=True)
    assert "NaN" not in document
    assert json.loads(document) == stats_document(one, complete=True)


def test_a_list_is_cut_behind_so_many_and_says_how_many_more() -> None:
    names = [f"n{number}" for number in range(20)]
    most = len(names_text(names).split(", "))
    assert names_text(names[:most]) == ", ".join(names[:most])
    assert names_text(names[: most + 1]) == f"{', '.join(names[:most])} and 1 more"
    found = [(name, 2) for name in names]
    assert counted("at", found[:LISTED]).endswith(f"{names[LISTED - 1]} 2")
    assert counted("at", found[: LISTED + 1]).endswith(f"{names[LISTED - 1]} 2, and 1 more")


@pytest.mark.parametrize(("long", "kept"), [(9, "x" * 9), (10, "x" * 10), (11, "x" * 9 + "…")])
def test_a_name_is_cut_where_it_is_wider_than_its_column(long: int, kept: str) -> None:
    assert short("x" * long, 10) == kept


def test_cases_are_told_of_functions_alone() -> None:
    right = class_shown(assignment(), {}, iter([member(3)]))
    assert "none of the cases catches anybody" in question_stats_page(right, "f")
    assert "catches" in question_stats_page(shown(14), "f")
    for one in (right, shown(14)):
        assert "catches" not in question_stats_page(one, "a")


def test_what_matters_comes_first() -> None:
    one = shown(300)
    page = class_stats_page(one, complete=False)
    assert "did not come to its end" in page
    assert (
        main_sentence(one) == f"240 of 300 first go wrong in {LONG}; no named mistake explains it."
    )
    lines = page.splitlines()
    assert lines[3].strip().startswith("240 of 300 first go wrong in")


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "Nobody has been marked yet."),
        (1, "1 of 1 first goes wrong in a; no named mistake explains it."),
        (2, "2 of 2 first go wrong in a; one mistake (heavy-ball) explains 1."),
        (300, "300 of 300 first go wrong in a; one mistake (heavy-ball) explains 150."),
    ],
)
def test_the_sentence(count: int, sentence: str) -> None:
    assert main_sentence(shown(count, same=True)) == sentence


@pytest.mark.parametrize("verdict", [Verdict.MISSING, Verdict.PENDING, Verdict.GRADER_ERROR])
def test_of_no_answer_it_is_not_said_that_none_is_wrong(verdict: Verdict) -> None:
    points = 0 if verdict is Verdict.MISSING else None
    nothing = submission_of(outcome_of(points, verdict=verdict, question="a"))
    one = class_shown(assignment(), {}, [nothing])
    assert main_sentence(one) == "No answer has points yet: none was given, or they all wait."


def test_nobody_goes_wrong() -> None:
    right = submission_of(outcome_of(4, verdict=R, question="a"))
    one = class_shown(assignment(), {}, [right])
    assert main_sentence(one) == "The one student gives no wrong answer."
    two = class_shown(assignment(), {}, [right, replace(right, submission="bo")])
    assert main_sentence(two) == "None of 2 students gives a wrong answer."


def test_all_that_is_asked_for_is_there() -> None:
    one = shown(300)
    page = class_stats_page(one, complete=True)
    assert "for a person: f 60" in page
    assert "60 × 3.50 in a: " in page
    assert "a: 240 just right, 60 just wrong; the same marks from × 0.9 to × 1.1" in page
    assert "cases of f: 180 students caught; f(0), f(1), f(2) catch" in page
    about = question_stats_page(one, "a")
    assert "× ½: 240 values of 240 students would be wrong" in about
    assert "× 2: 60 values of 60 students would be right" in about
    assert "by mistake: heavy-ball 30" in about


def test_a_document_of_one_question_says_the_same_of_it() -> None:
    one = shown(14)
    everything = stats_document(one, complete=True)
    alone = stats_document(one, complete=True, question="a")
    assert alone["questions"] == [everything["questions"][0]]
    assert alone["clusters"] == [item for item in everything["clusters"] if item["question"] == "a"]
    assert alone["distribution"] == everything["distribution"]


def test_control_characters_of_students_reach_no_terminal() -> None:
    wrong = Facts.of(Compared(reason=Reason.WRONG_VALUE, actual="\x1b[31mx"))
    class_of = [
        submission_of(outcome_of(0, verdict=W, facts=wrong, question="a"), submission=f"\x1b[2J{n}")
        for n in range(3)
    ]
    one = class_shown(assignment(), {}, class_of)
    for page in (class_stats_page(one, complete=True), question_stats_page(one, "a")):
        assert "\x1b" not in page


def test_what_only_waits_for_a_person_is_said_to() -> None:
    answers = [
        outcome_of(None, verdict=Verdict.PENDING, question="a"),
        outcome_of(0, verdict=Verdict.MISSING, question="a"),
    ]
    one = class_shown(
        assignment(), {}, [submission_of(it, submission=f"s{n}") for n, it in enumerate(answers)]
    )
    row = next(line for line in class_stats_page(one, complete=True).splitlines() if "1/2" in line)
    assert row.split()[:6] == ["a", "1/2", "–", "waits", "for", "a"]
    assert len(row) <= 80
