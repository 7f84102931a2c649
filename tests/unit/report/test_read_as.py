"""What was read is shown to students and staff, wherever it is not what was typed."""

from __future__ import annotations

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.judge.submission import judge
from grader.model.diagnostic import Place
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.response import Response
from grader.model.typed import Typed
from grader.model.verdict import Audience
from grader.report.results_json import results_document
from grader.report.text import class_table, submission_page

SPEC = """\
schema: 1
slug: small
title: Small
submission: {files: [answers.yaml]}
formulas:
  domains: {x: [-2, 2], w: [-2, 2]}
questions:
  - {id: slope, kind: expression, expected: w * x^2, tolerance: {rtol: 1e-6}}
  - id: two
    kind: expression
    tolerance: {rtol: 1e-6}
    parts: {a: {expected: w}, b: {expected: x / 2}}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("read") / "small"
    folder.mkdir()
    (folder / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    return prepare(folder)


def judged(prepared: Prepared, slope: str, a: str, b: str) -> SubmissionOutcome:
    def typed(text: str) -> Typed:
        return Typed(text=text, quoted=False, line=1)

    place = Place(file="answers.yaml", line=1)
    responses = {
        "slope": Response(value=typed(slope), place=place),
        "two": Response(value={"a": typed(a), "b": typed(b)}, place=place),
    }
    found = judge(prepared.assignment, prepared.key, responses)
    return SubmissionOutcome(submission="one", outcomes=found.outcomes)


@pytest.mark.parametrize("audience", Audience)
def test_what_was_read_stands_on_the_page(prepared: Prepared, audience: Audience) -> None:
    one = judged(prepared, "wx^2", "W", r"\frac{x}{2}")
    page = submission_page(prepared.assignment, one, audience)
    assert "read as w · x²" in page
    assert "a: read as w\n" in page
    assert "b: read as x / 2" in page
    assert "3 / 3" in page or "2 / 2" in page


def test_what_was_typed_in_plain_spelling_is_not_said_again(prepared: Prepared) -> None:
    one = judged(prepared, "w x^2", "w", "x / 2")
    assert "read as" not in submission_page(prepared.assignment, one, Audience.STAFF)


def test_a_wrong_answer_says_how_it_was_read_too(prepared: Prepared) -> None:
    one = judged(prepared, "xw^2", "w", "x / 2")
    assert "read as x · w²" in submission_page(prepared.assignment, one, Audience.STUDENT)


def test_staff_see_which_lenient_readings_a_class_needed(prepared: Prepared) -> None:
    class_ = (judged(prepared, "wx^2", "W", r"\frac{x}{2}"), judged(prepared, "wx²", "w", "x/2"))
    graded = Graded(assignment=prepared.assignment, submissions=class_, tier="")
    table = class_table(graded)
    assert "read otherwise than typed: LaTeX (1), letter case (1), no sign between (2)" in table
    first = results_document(graded)["submissions"][0]["questions"]
    assert first[0]["staff"]["readings"] == ["no sign between"]
    assert first[0]["read_as"] == "w · x²"
    assert first[1]["parts"][1]["staff"]["readings"] == ["LaTeX"]


def test_a_message_quotes_what_was_typed(prepared: Prepared) -> None:
    one = judged(prepared, "½wx^2 + 2½", "1/wx", "x/2")
    page = submission_page(prepared.assignment, one, Audience.STUDENT)
    assert "2½" in page
    assert "⁄" not in page
    assert "as 1 / (w · x) or as (1 / w) · x" in " ".join(page.split())
