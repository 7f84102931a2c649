from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.fact import Facts
from grader.model.graded import Graded
from grader.model.outcome import Feedback, PartOutcome
from grader.model.verdict import Reason, Verdict
from grader.report.junit import junit_xml
from tests.some import some

COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_any_outcomes_make_well_formed_xml(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    text = junit_xml(data.draw(classes))
    ET.fromstring(text.encode("utf-8"))


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_names_are_unique_and_counts_add_up(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    graded = data.draw(classes)
    root = ET.fromstring(junit_xml(graded))
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(cases)) == len(cases) == 3 * len(graded.submissions)
    for element in (root, *root.iter("testsuite")):
        assert element.get("tests") == str(len([*element.iter("testcase")]))
        for count, tag in COUNTS.items():
            assert element.get(count) == str(len([*element.iter(tag)]))


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_nothing_that_staff_alone_may_read_is_in_it(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    """Two classes that differ in nothing that a student may read give the same report."""
    graded = data.draw(classes)
    assert junit_xml(graded) == junit_xml(_for_students(graded))


def _for_students(graded: Graded) -> Graded:
    def part(item: PartOutcome) -> PartOutcome:
        if item.hidden:
            return replace(item, label="", facts=Facts(), feedback=Feedback())
        seen = item.facts.for_student()
        return replace(item, facts=seen, feedback=Feedback(student=item.feedback.student))

    return replace(
        graded,
        submissions=tuple(
            replace(
                submission,
                notes=(),
                printed="",
                outcomes=tuple(
                    replace(
                        outcome,
                        facts=outcome.facts.for_student(),
                        feedback=Feedback(student=outcome.feedback.student),
                        parts=tuple(map(part, outcome.parts)),
                    )
                    for outcome in submission.outcomes
                ),
            )
            for submission in graded.submissions
        ),
    )


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (Verdict.CORRECT, None),
        (Verdict.FOLLOWS, None),
        (Verdict.PARTIAL, "failure"),
        (Verdict.IMPRECISE, "failure"),
        (Verdict.INCORRECT, "failure"),
        (Verdict.MISSING, "failure"),
        (Verdict.INVALID, "failure"),
        (Verdict.RAISED, "error"),
        (Verdict.TIMED_OUT, "error"),
        (Verdict.MEMORY_EXCEEDED, "error"),
        (Verdict.OUTPUT_EXCEEDED, "error"),
        (Verdict.CRASHED, "error"),
        (Verdict.BLOCKED, "error"),
        (Verdict.GRADER_ERROR, "error"),
        (Verdict.PENDING, "skipped"),
        (Verdict.SKIPPED, "skipped"),
    ],
)
def test_every_verdict_has_its_place(
    marked: Callable[..., Graded], verdict: Verdict, tag: str | None
) -> None:
    root = ET.fromstring(junit_xml(marked(verdict=verdict, score=Fraction(2))))
    cases = [*root.iter("testcase")]
    found = [[child.tag for child in case if child.tag != "properties"] for case in cases]
    assert found == [[tag] if tag else []] * 3


def test_what_cannot_be_read_passes_no_pipeline(marked: Callable[..., Graded]) -> None:
    unread = marked(verdict=Verdict.PENDING, reason=Reason.UNREADABLE, score=None)
    root = ET.fromstring(junit_xml(unread))
    assert (len([*root.iter("failure")]), len([*root.iter("skipped")])) == (3, 0)


def test_what_follows_and_earns_less_is_a_failure(marked: Callable[..., Graded]) -> None:
    root = ET.fromstring(junit_xml(marked(verdict=Verdict.FOLLOWS, score=Fraction(1))))
    assert len([*root.iter("failure")]) == 3


def test_the_message_is_said_as_attribute_and_as_text(marked: Callable[..., Graded]) -> None:
    read = Feedback(student=("3.5 <is> & not right",), staff=("the key",))
    root = ET.fromstring(junit_xml(marked(feedback=read)))
    failure = next(root.iter("failure"))
    assert failure.get("message") == "incorrect: 3.5 <is> & not right"
    assert failure.text == "3.5 <is> & not right"
    assert failure.get("type") == "incorrect"


def test_points_are_properties(marked: Callable[..., Graded]) -> None:
    root = ET.fromstring(junit_xml(marked(score=Fraction(3, 2))))
    found = [
        {item.get("name"): item.get("value") for item in element.iterfind("properties/property")}
        for element in (*root.iter("testsuite"), next(root.iter("testcase")))
    ]
    assert found == [
        {"score": "4.5", "max_score": "6"},
        {"score": "1.5", "max_score": "2", "verdict": "incorrect"},
    ]


@pytest.mark.parametrize(
    "text", ["[[ATTACHMENT|/etc/passwd]]", "[[[ATTACHMENT|x]]", "[[[[ATTACHMENT|x"]
)
def test_no_link_to_an_attachment_can_be_written(marked: Callable[..., Graded], text: str) -> None:
    feedback = Feedback(student=(text,), staff=(text,))
    assert "[[ATTACHMENT|" not in junit_xml(marked(text, feedback=feedback))


def test_a_matrix_is_written_as_it_is(marked: Callable[..., Graded]) -> None:
    read = Feedback(student=("[[1, 2], [3, 4]] is not right",))
    assert "[[1, 2], [3, 4]]" in junit_xml(marked(feedback=read))


def test_ids_that_agree_once_cleaned_are_told_apart(marked: Callable[..., Graded]) -> None:
    root = ET.fromstring(junit_xml(marked("a\x01", "a\x02", "a\ufffd")))
    names = [suite.get("name") for suite in root.iter("testsuite")]
    assert names == ["homework.a\ufffd", "homework.a\ufffd (2)", "homework.a\ufffd (3)"]


def test_the_tier_is_a_property_of_each_suite(marked: Callable[..., Graded]) -> None:
    graded = marked("ann", "bob")
    root = ET.fromstring(junit_xml(replace(graded, tier="container")))
    tiers = [suite.find("properties/property[@name='sandbox']") for suite in root]
    assert [tier is not None and tier.get("value") for tier in tiers] == ["container"] * 2
    assert "sandbox" not in junit_xml(graded)


@pytest.mark.parametrize("mark", "\u202e\u2066\u200f\u061c")
def test_marks_of_direction_are_seen_and_turn_nothing_around(
    marked: Callable[..., Graded], mark: str
) -> None:
    said = Feedback(student=(f"got 'x{mark}y'",))
    text = junit_xml(marked(f"ann{mark}txt.exe", feedback=said))
    assert mark not in text
    assert "ann\ufffdtxt.exe" in text
