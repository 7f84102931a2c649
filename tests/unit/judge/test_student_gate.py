"""Nothing of the key and nothing of a hidden case comes to a student, as data or in words.

Shown for every labelled example of every assignment, and for random answers to every question.
Whatever number passes must be one that the student handed in, or one that everybody is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader.judge.submission import SubmissionJudged, judge
from grader.model.assignment import (
    AnswerQuestion,
    FunctionQuestion,
    Limits,
    Question,
)
from grader.model.fact import Fact, Facts
from grader.model.outcome import PartOutcome
from grader.model.response import Failure, Response
from grader.model.series import (
    SeriesQuestion,
)
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict
from tests.homeworks import SLUGS, prepared
from tests.some import first_few, some
from tests.unit.judge.examples import collected, examples_judged

pytestmark = pytest.mark.processes

#: Enough for every run: the others are larger, and hold no other kinds of questions.
FEW = [
    pytest.param(slug, marks=() if slug[:3] in ("ecs", "sig") else pytest.mark.slow)
    for slug in SLUGS
]

#: A number as sentences write it; those inside of names, such as W_10, are none.
_DIGITS = re.compile(r"\d+\.?\d*|\.\d+")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
#: Fields that count or measure what the student handed in, or what everybody is told.
_COUNTS = {
    *("wrong", "total", "row", "rows", "given", "extra", "right", "line", "lengths", "path"),
    *("shape", "wanted_shape", "length", "wanted_length", "numbers", "bits", "steps", "earned"),
}
_SPEAKING_DIGITS = 4


def numbers_in(value: Value) -> Iterator[float]:
    """Every real number inside of a value, however it was typed; complex ones as two."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "biufc":
            yield from numbers_in(value.ravel().tolist())
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*numbers_in(key), *numbers_in(item))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from numbers_in(item)
    elif isinstance(value, NumberText):
        yield float(value)
    elif isinstance(value, complex):
        yield from (value.real, value.imag)
    elif isinstance(value, int | float | np.generic):
        try:
            yield float(value)
        except (OverflowError, TypeError, ValueError):
            yield math.inf
    elif isinstance(value, str):
        yield from written_in(value)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from numbers_in([getattr(value, one.name) for one in fields(value)])


def written_in(text: str) -> Iterator[float]:
    return (float(token) for token in _NUMBER.findall(text))


def digits(token: str) -> int:
    """How many significant digits are written."""
    mantissa = re.split("[eE]", token)[0]
    return len(re.sub(r"[^0-9]", "", mantissa).lstrip("0"))


def agrees(token: str, number: float) -> bool:
    """Whether the number, rounded to the digits that are written, is what is written."""
    if not math.isfinite(number):
        return False
    return math.isclose(float(token), number, rel_tol=0.51 * 10.0 ** (1 - digits(token)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What of one question must not pass, and what may."""

    expected: frozenset[float]
    hidden: frozenset[float]  #: inputs of hidden cases and what came back for them
    own: frozenset[float]  #: handed in where a student may see it
    public: frozenset[float]  #: told to everybody: givens, public inputs, names of options

    def tells(self, token: str) -> bool:
        """Whether a written number says what it must not, and not what it may."""
        if digits(token) < _SPEAKING_DIGITS:
            return False
        secret = any(agrees(token, number) for number in self.expected | self.hidden)
        return secret and not any(agrees(token, number) for number in self.own | self.public)


@cache
def public(slug: str) -> frozenset[float]:
    assignment = prepared(slug).assignment
    told: list[Any] = [assignment.givens, assignment.limits]
    told += [mistake.feedback for mistake in assignment.mistakes]
    for question in assignment.questions:
        told.append(question.prompt)
        if isinstance(question, AnswerQuestion):
            told += [(part.label, part.at, part.options) for part in question.parts]
        if isinstance(question, FunctionQuestion):
            cases = prepared(slug).key.cases[question.id]
            told += [(case.label, case.inputs, case.givens) for case in cases if not case.hidden]
        if isinstance(question, SeriesQuestion):
            told += [question.columns, [one.label for one in question.criteria]]
    return frozenset(numbers_in(told))


def expected_of(slug: str, question: Question) -> Iterator[Value]:
    key = prepared(slug).key
    yield [value for place, value in key.parts.items() if place[0] == question.id]
    yield [one.expected for place, one in key.formulas.items() if place[0] == question.id]
    yield [key.returned[case.id] for case in key.cases.get(question.id, ())]
    if isinstance(question, SeriesQuestion):
        yield [(one.low, one.high, one.slack) for one in question.criteria]


def secrets(slug: str, question: Question, responses: Mapping[str, Response]) -> Secrets:
    cases = prepared(slug).key.cases.get(question.id, ())
    answered_by = (question.id, prepared(slug).key.asks.get(question.id, ""))
    ids = [name for name in answered_by if name in responses]
    ids += [case.id for case in cases if not case.hidden]
    hidden = [
        (case.inputs, responses[case.id].value, responses[case.id].failure)
        for case in cases
        if case.hidden and case.id in responses
    ]
    own = [(responses[name].value, responses[name].failure) for name in ids if name in responses]
    return Secrets(
        expected=frozenset(numbers_in([*expected_of(slug, question)])),
        hidden=frozenset(numbers_in(hidden)),
        # A message quotes what was typed piece by piece: `21` of `21bt`.
        own=frozenset(numbers_in(own)) | frozenset(map(float, _DIGITS.findall(repr(own)))),
        public=public(slug),
    )


# -- data ------------------------------------------------------------------------------------------


def values_in(fact: Any) -> Iterator[Value]:
    """Everything that a fact holds but counts; what is allowed to everybody is left out."""
    for one in fields(fact):
        value = getattr(fact, one.name)
        says_nothing = isinstance(value, int | float) and value == one.default
        if one.name in _COUNTS or says_nothing or isinstance(value, bool | Limits):
            continue
        if is_dataclass(value) and not isinstance(value, NumberText):
            yield from values_in(value)
        else:
            yield value


def allowed_facts(facts: Facts, secret: Secrets, where: str) -> None:
    for fact in facts.for_student().items:
        data = fact.data()
        for name in ("expected", "difference", "allowed", "distance"):
            assert data.get(name) is None, where
        for number in numbers_in([*values_in(fact)]):
            if math.isfinite(number):
                told = f"{where}: {number!r} passes in {type(fact).__name__}"
                assert passes(number, secret), told


def passes(number: float, secret: Secrets) -> bool:
    return number in secret.own or number in secret.public


def hidden_facts(part: PartOutcome, secret: Secrets, where: str) -> None:
    """Of a hidden case no value passes at all, whoever's it is, and nothing that code chose."""
    for fact in part.facts.for_student().items:
        assert isinstance(fact, Fact)
        data = fact.data()
        for name in ("actual", "inputs", "path", "found", "detail", "shape", "label"):
            assert not data.get(name), f"{where}: {name} passes in {type(fact).__name__}"
        failure = data.get("failure")
        assert failure is None or (failure.message, failure.file, failure.line) == ("", "", 0)
        found = [number for number in numbers_in([*values_in(fact)]) if number in secret.hidden]
        assert not found, f"{where}: {found} passes in {type(fact).__name__}"


# -- both ------------------------------------------------------------------------------------------


def nothing_passes(
    slug: str, responses: Mapping[str, Response], judged: SubmissionJudged, whose: str
) -> None:
    """Raise AssertionError where a student is told what is not theirs to know."""
    for question, outcome in zip(prepared(slug).assignment.questions, judged.outcomes, strict=True):
        secret = secrets(slug, question, responses)
        allowed_facts(outcome.facts, secret, f"{whose}, {question.id}")
        sentences = [*outcome.feedback.student]
        for part in outcome.parts:
            where = f"{whose}, {question.id}, {part.label}"
            allowed_facts(part.facts, secret, where)
            if part.hidden:
                hidden_facts(part, secret, where)
            sentences += part.feedback.student
        for sentence in sentences:
            told = [token for token in _NUMBER.findall(sentence) if secret.tells(token)]
            assert not told, f"{whose}, {question.id}: {told} in {sentence!r}"


@pytest.mark.parametrize("slug", first_few(SLUGS[::-1], 1))
def test_no_example_is_told_the_key_or_a_hidden_case(slug: str) -> None:
    for label, judged in examples_judged(slug).items():
        nothing_passes(slug, collected(slug)[label].responses, judged, f"{slug}/{label}")


@pytest.mark.slow
def test_there_is_something_to_keep() -> None:
    """Staff are told expected values, and hidden inputs; else the tests here would say nothing."""
    leaks = 0
    for slug in SLUGS:
        for label, judged in examples_judged(slug).items():
            responses = collected(slug)[label].responses
            questions = prepared(slug).assignment.questions
            for question, outcome in zip(questions, judged.outcomes, strict=True):
                secret = secrets(slug, question, responses)
                texts = [*outcome.feedback.staff]
                texts += [text for part in outcome.parts for text in part.feedback.staff]
                leaks += sum(
                    secret.tells(token) for text in texts for token in _NUMBER.findall(text)
                )
    assert leaks > 200


# -- random answers --------------------------------------------------------------------------------

ODD = st.sampled_from(
    [None, True, "", "x", "nan", "1e9999", float("nan"), float("inf"), 1j, b"x", 10**400]
)
FLOATS = st.floats(-1e3, 1e3).map(lambda number: round(number, 7))
TYPED = st.decimals(-99, 99, places=5).map(lambda number: NumberText(str(number)))
FORMULAS = st.text("xyzwasbdt0123 +-*/^().,", max_size=12) | st.sampled_from(
    ["x", "2 x", "x^2", "sigmoid(z)", "a (1 - a)", "w - 0.25", "exp(-x)", "1 / 0", "sqrt(-1)"]
)
WRONG = st.recursive(
    FLOATS | TYPED | ODD | FORMULAS | st.integers(-9, 9),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from("abcxyzwmvt"), inner, max_size=3)
    ),
    max_leaves=5,
)


def like(value: Value) -> st.SearchStrategy[Any]:
    """Wrong numbers in the form of the right answer, so that the comparison comes to numbers."""
    if isinstance(value, np.ndarray):
        return st.lists(FLOATS, min_size=value.size, max_size=value.size).map(
            lambda numbers: np.array(numbers).reshape(value.shape)
        )
    if isinstance(value, Mapping):
        return st.fixed_dictionaries({name: like(item) for name, item in value.items()})
    if isinstance(value, tuple):
        return st.tuples(*map(like, value))
    if isinstance(value, list):
        return st.tuples(*map(like, value)).map(list)
    return FLOATS


def failing(inputs: Value) -> Response:
    """What an exception says about a hidden case that its code looked at."""
    numbers = ", ".join(map(repr, numbers_in(inputs)))[:300]
    return Response(
        failure=Failure(
            verdict=Verdict.RAISED,
            reason=Reason.EXCEPTION,
            exception=f"Told{numbers[:40]}",
            message=numbers,
            file="answers.py",
            line=3,
        )
    )


def answers(slug: str) -> st.SearchStrategy[dict[str, Response]]:
    """A response to everything that the assignment asks, mostly wrong in the right form."""
    made = prepared(slug)
    found: dict[str, st.SearchStrategy[Response]] = {}
    template = collected(slug)["all-correct"].responses
    for question in made.assignment.questions:
        if isinstance(question, FunctionQuestion):
            continue
        kinds = [WRONG]
        if isinstance(question, AnswerQuestion):
            labels = {
                part.label: made.key.parts.get((question.id, part.label)) for part in question.parts
            }
            one = {
                label: FORMULAS if question.kind == "expression" else like(value)
                for label, value in labels.items()
            }
            kinds += [st.fixed_dictionaries(one) if question.labelled else one[""]] * 2
        else:
            kinds.append(like(template[question.id].value))
        found[question.id] = st.one_of(kinds).map(lambda value: Response(value=value))
    for cases in made.key.cases.values():
        for case in cases:
            inputs = [*case.inputs.values()]
            found[case.id] = st.one_of(
                like(made.key.returned[case.id]).map(lambda value: Response(value=value)),
                WRONG.map(lambda value: Response(value=value)),
                st.sampled_from([Response(value=inputs[0]), failing(case.inputs)]),
            )
    beside = {name: one for name, one in template.items() if name not in found}
    return st.fixed_dictionaries(found).map(lambda given_: {**beside, **given_})


@pytest.mark.parametrize("slug", FEW)
# A failure says what was told to whom; making the answers smaller would take minutes.
@settings(
    max_examples=some(15),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_random_answer_is_told_the_key_or_a_hidden_case(slug: str, data: st.DataObject) -> None:
    responses = data.draw(answers(slug))
    made = prepared(slug)
    judged = judge(made.assignment, made.key, responses)
    faults = [one.question for one in judged.outcomes if one.verdict is Verdict.GRADER_ERROR]
    assert not faults
    nothing_passes(slug, responses, judged, slug)
