"""What students read of their final marks, as pages of Markdown."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.grade import GradeStep, QuestionGrade
from grader.report.exports.feedback import feedback_page, feedback_pages, file_names
from tests.grades import grade_of
from tests.some import some


def test_a_page_says_what_each_question_got_and_why() -> None:
    grade = grade_of(
        "ada",
        "7.5",
        name="Ada L",
        feedback=["The sign is wrong."],
        steps=["judged: 8 of 10", "late: 1 day"],
    )
    assert feedback_page(grade, "A homework") == (
        "# A homework\n\nAda L, attempt 1\n\n**Points: 7.5 / 10**\n\n"
        "## q1: 7.5 / 10, partial\n\n- The sign is wrong.\n\n"
        "## How the points came about\n\n- judged: 8 of 10: 7.5\n- late: 1 day: 7.5\n"
    )


def test_where_no_rule_changed_anything_no_rule_is_told_and_staff_read_theirs_alone() -> None:
    grade = grade_of("ada", 8, steps=["judged: 8 of 10"])
    assert "judged" not in feedback_page(grade, "A")
    step = GradeStep(text="q1 8 (tutor: was ill)", points=Fraction(8), for_staff=True)
    late = GradeStep(text="late", points=Fraction(8))
    page = feedback_page(replace(grade, steps=(*grade.steps, step, late)), "A")
    assert "- judged: 8 of 10: 8\n- with the marks of people: 8\n- late: 8\n" in page
    assert "tutor" not in page


def test_a_bonus_question_without_an_answer_is_not_spoken_of() -> None:
    grade = grade_of("ada", 2)
    bonus = QuestionGrade(
        question="q2", points=Fraction(0), max_points=Fraction(3), bonus=True, verdict="missing"
    )
    page = feedback_page(replace(grade, questions=(*grade.questions, bonus)), "A")
    assert "q2" not in page
    earned = replace(bonus, verdict="correct", points=Fraction(3))
    page = feedback_page(replace(grade, questions=(*grade.questions, earned)), "A")
    assert "## q2: 3 / 3 bonus, correct" in page


def test_remarks_on_the_files_stand_first() -> None:
    page = feedback_page(replace(grade_of("ada", 2), remarks=["a.py does not compile"]), "A")
    assert page.index("- a.py does not compile") < page.index("## q1")


def test_a_page_without_a_final_mark_shows_no_total() -> None:
    page = feedback_page(grade_of("ada", None), "A")
    assert "**No final points yet: q1 is still to be marked**" in page
    assert "q1: – / 10, not marked yet" in page


def test_whoever_is_marked_by_a_person_reads_their_comment_and_no_verdict_of_ours() -> None:
    grade = grade_of("ada", 2)
    question = replace(grade.questions[0], by="tutor", feedback=["Good plot.\n\nLabel the axes."])
    page = feedback_page(replace(grade, questions=(question,)), "A")
    assert "## q1: 2 / 10\n\n- Good plot.\n- Label the axes.\n" in page


def test_a_question_that_does_not_count_says_so() -> None:
    grade = grade_of("ada", 2)
    dropped = QuestionGrade(question="q2", points=None, max_points=Fraction(3), dropped=True)
    page = feedback_page(replace(grade, questions=(*grade.questions, dropped)), "A")
    assert page.endswith("\n## q2: does not count\n")


def test_everybody_who_handed_in_has_a_page_and_the_others_are_listed() -> None:
    made = feedback_pages(
        [
            grade_of("ada", 1),
            grade_of("ben", None),
            grade_of("cy", 0, attempt=None),
            grade_of("dee", None, attempt=None, excused=True),
        ],
        "A",
    )
    assert [*made.files] == ["ada.md", "ben.md"]
    assert {one.what: [*one.who] for one in made.left_out} == {
        "no final mark yet": ["ben: q1"],
        "nothing handed in, so no feedback": ["cy"],
        "excused, so no feedback": ["dee"],
    }


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        (["ada", "ben k"], ["ada", "ben_k"]),
        (["../../etc", "/etc"], ["_.._etc", "_etc"]),
        (["a/b", "a_b", "A b"], ["a_b", "a_b-2", "A_b-3"]),
        (["..", ""], ["_", "_-2"]),
        (["Müller, Jörg"], ["Müller_Jörg"]),
    ],
)
def test_names_of_files_lead_nowhere_and_are_different(keys: list[str], names: list[str]) -> None:
    assert file_names(keys) == names


@settings(max_examples=some(100))
@given(st.lists(st.text(), max_size=5))
def test_every_name_is_one_of_its_own(keys: list[str]) -> None:
    names = file_names(keys)
    assert len({name.casefold() for name in names}) == len(keys)
    assert not any({*name} & {*"/\\:\0\n"} or name.startswith(".") for name in names)


@settings(max_examples=some(60))
@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_nothing_that_somebody_wrote_makes_a_heading_or_a_tag(
    name: str, feedback: list[str], step: str
) -> None:
    page = feedback_page(
        grade_of("k", 1, name=name, feedback=feedback, steps=[step, step]), "Title"
    )
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == ["# Title", "## q1: 1 / 10, partial", "## How the points came about"]
    assert "<" not in page.replace("\\<", "")
