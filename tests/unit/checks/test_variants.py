"""Keys of variants, what cannot follow one, and what may not be handed out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.audit.audit import audit
from grader.audit.variants import sample, sampled, variant_faults
from grader.checks.placeholders import check_placeholders
from grader.checks.prepare import Prepared
from grader.checks.typed_out import check_typed_out
from grader.checks.variants import VariantFault, draw_all
from grader.course.variants import VARIABLE, SecretFault, make_secret, read_secret
from grader.model.assignment import AnswerQuestion
from grader.model.variant import VariantGiven, Variants
from grader.plan import make_plan
from grader.plan.variant import variant_text, with_givens
from tests.handing_in import course_of

SPEC = """\
schema: 1
slug: homework
title: Homework
reference: homework
submission: {files: [answers.yaml, code.py]}
givens: {a: 3, b: 2}
variants:
  givens: {a: {integer: [2, 9]}}
  where: [odd]
formulas: {domains: {x: [1, 2]}, symbols: {x: [], a: []}}
questions:
  - {id: squared, kind: number, expected: 9, prompt: "{{ a }} squared"}
  - {id: of_b, kind: number, expected: 4}
  - {id: share, kind: number}
  - {id: line, kind: expression, expected: a*x}
  - {id: which, kind: choice, options: {one: 1, two: 2}, expected: two}
  - {id: times, kind: function, call: times(x), globals: {a: a}, cases: [{x: 1}]}
mistakes:
  - {id: doubled, replaces: squared, with: doubled, feedback: This is twice the number.}
"""
REFERENCE = """\
def squared(a): return a * a
def doubled(a): return 2 * a
def of_b(b): return b * b
def share(a): return 1 / (a - 5)
def line(x, a): return a * x
def times(x, /, a): return a * x
def odd(a): return a % 2 == 1
"""


@pytest.fixture(name="prepared", scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return course_of(tmp_path_factory.mktemp("course"), SPEC, REFERENCE)


def test_a_variant_has_a_key_of_its_own(prepared: Prepared) -> None:
    own = prepared.at({"a": 7})
    assert own.key.parts["squared", ""] == 49
    assert prepared.key.parts["squared", ""] == 9
    assert own.key.parts["of_b", ""] == 4
    assert own.assignment.questions[0].prompt == "7 squared"
    plain = make_plan(with_givens(prepared.assignment, {"a": 7}))
    assert [call.globals for call in plain.calls] == [{"a": 7}]
    assert set(own.key.returned) == {call.id for call in plain.calls}
    squared, of_b = own.assignment.questions[:2]
    assert isinstance(squared, AnswerQuestion)
    assert isinstance(of_b, AnswerQuestion)
    assert squared.parts[0].expected is None
    assert of_b.parts[0].expected is not None


def test_a_variant_is_the_assignment_with_these_givens(prepared: Prepared) -> None:
    """Judged alike: one that was drawn with the assignment's own givens changes nothing."""
    assert prepared.at(None) is prepared
    same = prepared.at({"a": 3})
    assert same.key.parts.keys() == prepared.key.parts.keys()
    for place, value in prepared.key.parts.items():
        assert np.array_equal(same.key.parts[place], value)
    assert same.key.returned == prepared.key.returned


def test_what_was_computed_is_not_computed_again(prepared: Prepared) -> None:
    assert prepared.at({"a": 9}).key is prepared.at({"a": 9}).key
    for a in range(100, 130):
        prepared.at({"a": a})
    assert len(prepared.variants._keys) == 16


def test_a_variant_without_an_answer_is_no_key(prepared: Prepared) -> None:
    with pytest.raises(VariantFault, match="division by zero"):
        prepared.at({"a": 5})
    assert "no right answer" in variant_faults(prepared, {"a": 5})[0]


def test_a_mistake_that_is_right_is_refused(prepared: Prepared) -> None:
    assert variant_faults(prepared, {"a": 7}) == ()
    assert variant_faults(prepared, {"a": 2}) == (
        "the mistake doubled gives the right answer to squared",
    )


def test_a_sample_is_looked_at(prepared: Prepared) -> None:
    drawn = sample(prepared)
    assert {givens["a"] for givens in drawn} <= {3, 5, 7, 9}
    assert [variant_text(one) for one in drawn] == [variant_text(one) for one in sample(prepared)]
    (found,) = sampled(prepared)
    assert (found.code, found.place.line) == ("S331", 8)
    assert "in the variant a = 5 there is no right answer" in found.message


def test_the_audit_measures_variants_too(tmp_path: Path) -> None:
    """With one of two values a rate is so small that its rows are equal to three places."""
    spec = """\
schema: 1
slug: homework
title: Homework
reference: homework
submission: {files: [answers.yaml]}
givens: {rate: 0.1}
variants: {givens: {rate: {choice: [0.1, 0.00001]}}}
questions: [{id: rows, kind: iterates, tolerance: {decimals: 3}}]
"""
    reference = "def rows(rate): return [[5 - rate], [5 - 2 * rate], [5 - 3 * rate]]\n"
    prepared = course_of(tmp_path, spec, reference)
    found = audit(prepared, ())
    holes = [one.hole for one in found.holes if one.hole.startswith("with rate = 1e-05: ")]
    assert any("shifted by one row passes" in hole for hole in holes)
    assert any(one.words == "variants: 2 measured of 2" for one in found.findings)


def test_who_has_no_variant_is_named(tmp_path: Path) -> None:
    never = REFERENCE.replace("a % 2 == 1", "a > 100")
    course = course_of(tmp_path, SPEC, never)
    assert course.reference is not None
    drawn = draw_all(course.assignment, course.reference, b"secret", ["ada"])
    assert drawn.fault == "there is no variant for ada: 'odd' is true of none of the draws"


@pytest.mark.parametrize(
    ("gives", "said"),
    [("a", "which is neither true nor false"), ("1 / 0", "'odd' is never true"), ("True", "")],
)
def test_a_condition_is_true_or_false(gives: str, said: str, tmp_path: Path) -> None:
    spec = SPEC.replace("integer: [2, 9]", "choice: [3, 7]")
    reference = REFERENCE.replace("a % 2 == 1", f"{gives} if a == 3 else {gives}")
    found = sampled(course_of(tmp_path, spec, reference))
    assert [said in one.message for one in found] == ([True] if said else [])


def test_a_place_that_names_no_given_is_told(tmp_path: Path) -> None:
    spec = SPEC.replace("{{ a }} squared", "{{ aa }} squared")
    course = course_of(tmp_path, spec, REFERENCE, **{"handout.md": "a: {{ a }}\n {{ b[0] }}\n"})
    found = [(one.place.line, one.message) for one in check_placeholders(course.assignment)]
    assert [line for line, _ in found] == [0, 2]
    assert "the prompt of 'squared' has a place for 'aa'" in found[0][1]
    assert "the text has a place for 'b[0]'" in found[1][1]


# -- the secret ----------------------------------------------------------------------------------


def test_a_secret_is_made_once_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assignment = course_of(tmp_path, SPEC, REFERENCE).assignment
    with pytest.raises(SecretFault, match="--init"):
        read_secret(assignment)
    path = make_secret(assignment)
    assert path.stat().st_mode & 0o777 == 0o600
    first = read_secret(assignment)
    assert len(first) >= 32
    with pytest.raises(SecretFault, match="there already"):
        make_secret(assignment)
    assert read_secret(assignment) == first
    monkeypatch.setenv(VARIABLE, " a secret of the environment\n")
    assert read_secret(assignment) == b"a secret of the environment"
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(SecretFault, match="can be guessed"):
        read_secret(assignment)


TYPED: dict[str, tuple[str, int | None]] = {
    "a-number": ("With a learning rate of 0.05, go on.", 1),
    "with-a-comma": ("\nMit Lernrate 0,05.", 2),
    "in-formulas": ("$\\eta=0.05$", 1),
    "a-list": ("Start at (4, 1).", 1),
    "a-list-of-latex": ("\\begin{pmatrix} 4 & 1 \\end{pmatrix}", 1),
    "a-digit-after-its-name": ("with `n` = 3 steps", 1),
    "a-place": ("rate {{ rate }}, start {{ start[0] }}, n = {{ n }}", None),
    "a-digit-alone": ("1. Take 3 steps, not 4.", None),
    "a-digit-after-another-name": ("region = 3", None),
    "another-number": ("0.055 and 10.05 and 0.05.1 and v0.05", None),
    "a-digit-of-a-longer-number": ("n = 35, n = 3.5", None),
    "numbers-of-a-list-apart": ("take 4 points and 1 line", None),
}


@pytest.mark.parametrize(("handout", "line"), TYPED.values(), ids=TYPED)
def test_a_drawn_number_that_is_typed_out_is_warned_of(
    tmp_path: Path, handout: str, line: int | None
) -> None:
    course = course_of(tmp_path, SPEC, REFERENCE, **{"handout.md": handout})
    drawn = {name: VariantGiven(choices=(1, 2)) for name in ("rate", "start", "n")}
    assignment = replace(
        course.assignment,
        givens={"rate": 0.05, "start": [4, 1], "n": 3, "fixed": 0.7},
        variants=Variants(givens=drawn),
    )
    found = [(one.place.line, one.stops) for one in check_typed_out(assignment)]
    assert found == ([] if line is None else [(line, False)])
    assert not [*check_typed_out(replace(assignment, variants=None))]
