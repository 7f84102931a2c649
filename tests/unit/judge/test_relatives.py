"""Marks do not hang on orders, on types of numbers, or on what was marked before.

Relatives of the goldens: here the same answers are marked in another way, and must come out alike.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from grader.judge.expect.key import build_key
from grader.judge.submission import SubmissionJudged, judge
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.model.fact import Facts
from grader.model.fact_explaining import Explained, NotAllTried, Tried
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.verdict import Audience, Reason, Verdict
from tests.homeworks import SLUGS, prepared
from tests.unit.judge.course import Course
from tests.unit.judge.examples import collected, examples_judged
from tests.unit.judge.read import contents, everything_read

pytestmark = pytest.mark.processes

#: Seeds of shuffled orders; None is the order turned round.
ORDERS = (None, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2)))

#: One of them is enough for every run.
FEW = [
    pytest.param(slug, marks=() if slug.startswith("sigmoid") else pytest.mark.slow)
    for slug in SLUGS
]

Marks: TypeAlias = dict[str, Any]


def in_order(items: Sequence[Any], order: int | None) -> tuple[Any, ...]:
    if order is None:
        return tuple(reversed(items))
    return tuple(random.Random(order).sample(list(items), len(items)))


def explanations(facts: Facts) -> frozenset[Any]:
    """The sets of mistakes that explain an answer, whichever of them is named first."""
    return frozenset(
        frozenset(map(frozenset, fact.mistakes))
        for fact in facts.items
        if isinstance(fact, Explained)
    )


def marks(outcome: Outcome) -> Any:
    """Verdicts, scores and explanations of a question and of its parts."""
    parts = [
        (part.label, part.verdict, part.reason, part.credit, explanations(part.facts))
        for part in outcome.parts
    ]
    return outcome.verdict, outcome.reason, outcome.score, explanations(outcome.facts), parts


def marks_of(judged: SubmissionJudged) -> Marks:
    found: Marks = {one.question: marks(one) for one in judged.outcomes}
    found["the diagnosis"] = {(one.mistake, frozenset(one.explains)) for one in judged.diagnosis}
    return found


def judged_by(assignment: Assignment, slug: str) -> Iterator[tuple[str, SubmissionJudged]]:
    """All examples, with a key made for this form of the assignment."""
    key = build_key(assignment, prepared(slug).reference)
    for label, found in collected(slug).items():
        yield label, judge(assignment, key, found.responses)


@pytest.mark.parametrize("slug", FEW)
@pytest.mark.parametrize("order", ORDERS[:2])
def test_the_order_of_the_class_changes_nothing(slug: str, order: int | None) -> None:
    """What one submission taught the key about wrong worlds, the next one does not notice."""
    assignment = prepared(slug).assignment
    key = build_key(assignment, prepared(slug).reference)  # one that nobody was marked with
    for label in in_order(list(collected(slug)), order):
        judged = judge(assignment, key, collected(slug)[label].responses)
        before = examples_judged(slug)[label]
        assert contents(judged.outcomes) == contents(before.outcomes), label
        assert judged.diagnosis == before.diagnosis, label


@pytest.mark.parametrize("slug", FEW)
@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_the_questions_changes_no_mark(slug: str, order: int | None) -> None:
    assignment = prepared(slug).assignment
    turned = replace(assignment, questions=in_order(assignment.questions, order))
    for label, judged in judged_by(turned, slug):
        assert marks_of(judged) == marks_of(examples_judged(slug)[label]), label


@pytest.mark.parametrize("slug", FEW)
@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_the_mistakes_changes_no_mark(slug: str, order: int | None) -> None:
    assignment = prepared(slug).assignment
    turned = replace(assignment, mistakes=in_order(assignment.mistakes, order))
    for label, judged in judged_by(turned, slug):
        assert marks_of(judged) == marks_of(examples_judged(slug)[label]), label


@pytest.mark.parametrize("earned", list(permutations(("0", "0.25", "0.5"))), ids=" ".join)
def test_of_mistakes_that_give_the_same_the_best_counts_in_any_order(
    tmp_path: Path, earned: tuple[str, ...]
) -> None:
    mistakes = [
        f"  - {{id: m{n}, replaces: t, with: 3.5, credit: {credit}, feedback: Way {n}.}}"
        for n, credit in enumerate(earned)
    ]
    spec = "givens: {a: 1.3}\nquestions: [{id: t, kind: number}]\nmistakes:\n"
    course = Course(tmp_path, spec + "\n".join(mistakes) + "\n", "def t(a): return 2 * a\n")
    outcome = course.mark({"t": "3.5"})["t"]
    assert outcome.score == Fraction(1, 2)
    sets = frozenset(frozenset({f"m{n}"}) for n in range(3))
    assert explanations(outcome.facts) == {sets}


@pytest.mark.parametrize("start", [3.1, 3.3, 3.5])
def test_of_several_answers_about_one_step_the_same_are_gone_on_from_in_any_order(
    tmp_path: Path, start: float
) -> None:
    """Only the first and the last are tried as starts: by their names, not as they stand."""
    answers = {"h1": 3.1, "h2": 3.3, "h3": 3.5, "t": 7 * start + 1}
    found = set()
    for number, names in enumerate(permutations(["h1", "h2", "h3"])):
        asked = ", ".join(f"{{id: {name}, kind: number, step: h}}" for name in names)
        spec = f"givens: {{a: 1.3}}\nquestions: [{asked}, {{id: t, kind: number}}]\n"
        reference = "def h(a): return 2 * a\ndef t(h): return 7 * h + 1\n"
        course = Course(tmp_path / str(number), spec, reference)
        found.add(course.mark(answers)["t"].verdict)
    assert found == {Verdict.INCORRECT if start == 3.3 else Verdict.FOLLOWS}


def wrong_values(mistakes: int) -> list[float]:
    """What each given may have been taken for; no two pairs of them have the same sum."""
    source = random.Random(1)
    return [round(source.uniform(1, 9), 6) for _ in range(mistakes)]


def of_many_mistakes(folder: Path, mistakes: int, order: Sequence[int]) -> Course:
    """t is made of s and of as many givens, each of which is taken for another in one mistake."""
    names = [f"g{number}" for number in range(mistakes)]
    reference = f"def s(a): return 2 * a\ndef t(s, {', '.join(names)}):\n"
    reference += f"    return 5 * s + {' + '.join(names)}\n"
    givens = ", ".join(f"{name}: 0.5" for name in names)
    values = wrong_values(mistakes)
    wrong = [
        f"  - {{id: g{n}, replaces: g{n}, with: {values[n]}, credit: 0.5, feedback: Not g{n}.}}"
        for n in order
    ]
    spec = f"givens: {{a: 1.3, {givens}}}\ndefaults: {{tolerance: {{rtol: 1.0e-9}}}}\n"
    spec += "questions: [{id: s, kind: number}, {id: t, kind: number}]\nmistakes:\n"
    return Course(folder, spec + "\n".join(wrong) + "\n", reference)


def with_the_last_two(mistakes: int, *, s: float) -> dict[str, float]:
    """t as it comes out from this s with the last two givens mistaken."""
    values = [0.5] * (mistakes - 2) + wrong_values(mistakes)[-2:]
    return {"s": s, "t": 5 * s + sum(values)}


@pytest.mark.parametrize(
    ("mistakes", "s"),
    [
        pytest.param(25, 2.6, id="all pairs of 25 are tried"),
        pytest.param(40, 2.6, id="all pairs of 40"),
        pytest.param(7, 2.9, id="from an own start all pairs of 7"),
        pytest.param(13, 2.9, id="from an own start all pairs of 13"),
    ],
)
def test_pairs_of_many_mistakes_are_found_in_any_order(
    tmp_path: Path, mistakes: int, s: float
) -> None:
    pair = frozenset({f"g{mistakes - 2}", f"g{mistakes - 1}"})
    for number, order in enumerate((range(mistakes), range(mistakes - 1, -1, -1))):
        course = of_many_mistakes(tmp_path / str(number), mistakes, order)
        outcome = course.mark(with_the_last_two(mistakes, s=s))["t"]
        assert explanations(outcome.facts) == {frozenset({pair})}
        assert outcome.score == Fraction(1, 4)
        assert not any(isinstance(fact, NotAllTried) for fact in outcome.facts.items)


@pytest.mark.slow
def test_where_there_are_too_many_the_order_decides_nothing_and_staff_read_so(
    tmp_path: Path,
) -> None:
    found: list[tuple[Any, Any]] = []
    for number, order in enumerate((range(60), range(59, -1, -1))):
        course = of_many_mistakes(tmp_path / str(number), 60, order)
        outcome = course.mark(with_the_last_two(60, s=2.6))["t"]
        found.append((explanations(outcome.facts), outcome.score))
        line = "not all mistakes were tried together: the search ended after 1,000 sets of them"
        assert line in outcome.feedback.read_by(Audience.STAFF)
        assert line not in outcome.feedback.read_by(Audience.STUDENT)
    assert found[0] == found[1] == (frozenset(), 0)


def of_a_function(folder: Path, relevant: int, order: Sequence[int]) -> Course:
    """A driver calls f, which is made of as many givens; 30 more mistakes change nothing there."""
    names = [f"g{number}" for number in range(relevant)]
    reference = f"def f(x, /, {', '.join(names)}): return x * ({' + '.join(names)})\n"
    reference += "def other(h): return h\n"
    givens = ", ".join(f"{name}: 0.5" for name in names)
    values = wrong_values(relevant)
    wrong = [
        f"  - {{id: g{n}, replaces: g{n}, with: {values[n]}, feedback: Not g{n}.}}" for n in order
    ]
    wrong += [f"  - {{id: a{n}, replaces: h, with: {n + 2}, feedback: Not h.}}" for n in range(30)]
    (folder / "assignments" / "course").mkdir(parents=True)
    drive = "def drive(module, case):\n    return module.f(case['x'])\n"
    (folder / "assignments" / "course" / "drive.py").write_text(drive, encoding="utf-8")
    spec = f"givens: {{h: 1, {givens}}}\nquestions:\n  - {{id: other, kind: number}}\n"
    spec += (
        "  - {id: f, kind: function, driver: drive.py, cases: [{x: 1.5}, {x: 2.25}]}\nmistakes:\n"
    )
    return Course(folder, spec + "\n".join(wrong) + "\n", reference)


@pytest.mark.parametrize("size", [2, 3])
def test_several_mistakes_of_a_function_are_found_whatever_else_the_spec_names(
    tmp_path: Path, size: int
) -> None:
    relevant = 17 if size == 2 else 9
    values = wrong_values(relevant)
    total = sum(values[-size:]) + 0.5 * (relevant - size)
    made = frozenset(f"g{n}" for n in range(relevant - size, relevant))
    for number, order in enumerate((range(relevant), range(relevant - 1, -1, -1))):
        course = of_a_function(tmp_path / str(number), relevant, order)
        outcome = course.mark({"f/1": 1.5 * total, "f/2": 2.25 * total})["f"]
        assert explanations(outcome.facts) == {frozenset({made})}


# -- whole numbers ---------------------------------------------------------------------------------


def with_whole_numbers(value: Any) -> Any:
    """3 for 3.0, in lists, tuples and dictionaries too; no whole number stands for -0.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value) if value or math.copysign(1, value) > 0 else value
    if isinstance(value, list | tuple):
        return type(value)(with_whole_numbers(item) for item in value)
    if isinstance(value, dict):
        return {name: with_whole_numbers(item) for name, item in value.items()}
    return value


def with_lists(value: Any) -> Any:
    """Arrays of numbers as lists, so that there are single numbers to change."""
    if isinstance(value, np.ndarray):
        return value.tolist() if value.dtype.kind == "f" else value
    if isinstance(value, list | tuple):
        return type(value)(with_lists(item) for item in value)
    if isinstance(value, dict):
        return {name: with_lists(item) for name, item in value.items()}
    return value


def changed(response: Response, change: Callable[[Any], Any]) -> Response:
    """The response with all values changed that the code gave."""
    return replace(
        response,
        value=change(response.value),
        earlier={name: change(value) for name, value in response.earlier.items()},
        again=None if response.again is None else changed(response.again, change),
    )


def of_numbers(assignment: Assignment) -> Iterator[str]:
    """Ids of questions that want numbers, and no type of them."""
    for question in assignment.questions:
        typed = isinstance(question, FunctionQuestion) and question.dtype
        if question.kind in ("number", "array", "iterates", "function") and not typed:
            yield question.id


@pytest.mark.parametrize("slug", FEW)
def test_a_whole_number_is_as_good_as_the_same_float(slug: str) -> None:
    made = prepared(slug)
    ids = set(of_numbers(made.assignment))
    for label, found in collected(slug).items():
        pairs = [dict(found.responses) for _ in range(2)]
        for name, response in found.responses.items():
            if name.split("/")[0] in ids:
                pairs[0][name] = changed(response, with_lists)
                pairs[1][name] = changed(response, lambda one: with_whole_numbers(with_lists(one)))
        floats, integers = (judge(made.assignment, made.key, pair) for pair in pairs)
        assert marks_of(integers) == marks_of(floats), label
        for audience in Audience:
            read = [everything_read(one.outcomes, audience) for one in (floats, integers)]
            assert read[0] == read[1], label


@pytest.mark.slow
def test_the_examples_hold_whole_numbers() -> None:
    """Else the test above would say nothing."""
    values = [
        with_lists(response.value)
        for slug in SLUGS
        for found in collected(slug).values()
        for response in found.responses.values()
    ]
    assert sum(repr(with_whole_numbers(value)) != repr(value) for value in values) > 50


# -- a row too many --------------------------------------------------------------------------------


def recurrences() -> Iterator[tuple[str, AnswerQuestion]]:
    for slug in SLUGS:
        for question in prepared(slug).assignment.questions:
            if isinstance(question, AnswerQuestion) and question.recurrence is not None:
                yield slug, question


@pytest.mark.slow
@pytest.mark.parametrize("slug", FEW)
def test_a_row_in_front_of_a_list_costs_that_row_alone(slug: str) -> None:
    made = prepared(slug)
    right = responses_from_the_key(slug)
    before = marks_of(judge(made.assignment, made.key, right))
    for where, question in recurrences():
        if where != slug or question.includes_start:
            continue
        rows = list(made.key.parts[question.id, ""])
        one_more = [np.add(rows[0], 7.25), *rows]
        answers = {**right, question.id: Response(value=one_more)}
        judged = judge(made.assignment, made.key, answers)
        after = marks_of(judged)
        outcome = next(one for one in judged.outcomes if one.question == question.id)
        assert outcome.score == question.points * Fraction(len(rows), len(rows) + 1)
        assert outcome.parts[-1].reason is Reason.TOO_MANY_ROWS
        for name in before:
            assert name == question.id or after[name] == before[name], (question.id, name)


@pytest.mark.slow
def test_there_are_lists_to_put_a_row_in_front_of() -> None:
    assert sum(not question.includes_start for _, question in recurrences()) >= 3


def responses_from_the_key(slug: str) -> Mapping[str, Response]:
    """What the example with all right answers handed in, lists as the key has them."""
    responses = dict(collected(slug)["all-correct"].responses)
    for where, question in recurrences():
        if where == slug:
            responses[question.id] = Response(value=prepared(slug).key.parts[question.id, ""])
    return responses


@pytest.mark.slow
def test_what_is_compared_holds_something() -> None:
    """The explanations that must not change are there."""
    found = [
        fact
        for slug in SLUGS
        for judged in examples_judged(slug).values()
        for outcome in judged.outcomes
        for facts in (outcome.facts, *(part.facts for part in outcome.parts))
        for fact in facts.items
    ]
    assert sum(isinstance(fact, Explained) for fact in found) > 30
    assert any(len(fact.mistakes) > 1 for fact in found if isinstance(fact, Explained))
    assert any(fact.used_start for fact in found if isinstance(fact, Tried))
