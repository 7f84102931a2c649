"""What was judged as `results.json`: the report by which an autograder of Gradescope answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

from grader.model.fact import Facts
from grader.model.fact_marking import Compared
from grader.model.graded import Graded
from grader.model.outcome import Diagnosed, Feedback, Note, PartOutcome
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.reports import RenderOptions, find_report


def render(graded: Graded) -> dict[str, dict[str, object]]:
    files = find_report("gradescope").render(graded, RenderOptions())
    return {name: json.loads(content) for name, content in files.items()}


def test_one_submission_is_one_file(marked: Callable[..., Graded]) -> None:
    notes = (Note(audience=Audience.STUDENT, text="b.py is not read"),)
    shared = (Diagnosed(mistake="m", feedback="A sign is wrong.", explains=("gradient", "plot")),)
    graded = marked(
        "ann", verdict=Verdict.PARTIAL, score=Fraction(1), notes=notes, diagnosis=shared
    )
    (document,) = render(graded).values()
    assert document["score"] == 3
    assert document["output"] == (
        "b.py is not read\nOne mistake accounts for gradient, plot: A sign is wrong."
    )


def test_a_class_is_a_file_each(marked: Callable[..., Graded]) -> None:
    assert [*render(marked("ann", "a/b"))] == ["ann.results.json", "a_b.results.json"]


def test_what_waits_is_no_zero_of_its_own(marked: Callable[..., Graded]) -> None:
    (document,) = render(marked("ann", verdict=Verdict.PENDING, score=None)).values()
    assert isinstance(document["tests"], list)
    assert not any("score" in test for test in document["tests"])
    assert str(document["output"]).startswith("Not final: gradient, momentum, plot")


def test_nothing_for_staff_is_in_it(marked: Callable[..., Graded]) -> None:
    secret = Feedback(student=(), staff=("the key is 42.125",))
    facts = Facts.of(Compared(reason=Reason.WRONG_VALUE, actual=3.0, expected=42.125))
    hidden = PartOutcome(label="secret-case", verdict=Verdict.INCORRECT, hidden=True, facts=facts)
    shown = PartOutcome(label="case", verdict=Verdict.INCORRECT, facts=facts)
    notes = (Note(audience=Audience.STAFF, text="the key is 42.125"),)
    graded = marked("ann", feedback=secret, parts=(hidden, shown), facts=facts, notes=notes)
    text = json.dumps(render(graded))
    assert "3" in text
    assert "42.125" not in text
    assert "secret-case" not in text
