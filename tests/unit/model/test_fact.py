"""Facts: the one gate between the key and a student's eyes, and what makes two of them the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from grader.model.fact import Fact, Facts
from grader.model.fact_explaining import StartUnused
from grader.model.fact_marking import (
    CaseInputs,
    Compared,
    Failed,
    Held,
    PartUnknown,
    RowsExtra,
    RowsMissing,
)
from grader.model.fact_series import (
    CriterionMissed,
)
from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict
from tests.unit.model.kinds import kinds_of_facts

KINDS = kinds_of_facts()
#: What gives the key away, whatever fact it is in.
OF_THE_KEY = {
    *("expected", "difference", "allowed", "distance", "same_as", "why"),
    *("low", "high", "slack", "rubric"),
}
#: What a student may know of a fact about a hidden case. The numbers of a table and an answer that
#: a person marks are not of one: there are no hidden cases there. A start is the student's own.
OF_A_HIDDEN_CASE: Mapping[str, set[str]] = {
    "CriterionMissed": {
        *("rule", "column", "row", "like", "number", "before", "rows", "direction", "names"),
        "stated",
    },
    "DerivativeOff": {"reason", "entry", "of", "names"},
    "Failed": {"failure", "entry", "limits", "again", "differences_of", "called_as"},
    "ForAPerson": {"answer"},
    "Held": {"reason"},
    "OtherDtype": {"wanted"},
    "PromiseBroken": {"reason", "entry", "arguments", "values_right"},
    "StartTrivial": {"start"},
}
SECRET = 0.7310585786


def _filled(hint: Any) -> Any:
    """A value that says something, for a field of this type."""
    if hint is Any:
        return SECRET
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None and isinstance(hint, type):
        if is_dataclass(hint):
            return _made(hint)
        if issubclass(hint, Enum):
            return next(iter(hint))
        simple = {bool: True, int: 7, float: SECRET, str: "Secret", Fraction: Fraction(1, 3)}
        return simple[hint]
    if origin is tuple:
        return tuple(_filled(one) for one in inner if one is not ...)
    if origin is not None and issubclass(origin, Mapping):
        return {_filled(inner[0]): _filled(inner[1])}
    return _filled(inner[0])  # of a union, the first


def _made(kind: type[Any], **given: Any) -> Any:
    hints = get_type_hints(kind)
    values = {one.name: _filled(hints[one.name]) for one in fields(kind)}
    return kind(**{**values, **given})


def _says(value: Any) -> bool:
    return value is not None and not (isinstance(value, int | float | str | tuple) and not value)


def _seen(kind: type[Fact], *, hidden: bool) -> dict[str, Any] | None:
    """The fields that say something of what a student may know of such a fact."""
    found = Facts.of(_made(kind, hidden=hidden)).for_student().items
    if not found:
        return None
    (fact,) = found
    return {name: value for name, value in fact.data().items() if _says(value)}


def _leaves(value: Any) -> Iterator[Any]:
    if is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_leaves(key), *_leaves(item))
    elif isinstance(value, tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def test_the_kinds_of_facts_are_found() -> None:
    assert len(KINDS) == len({kind.__name__ for kind in KINDS}) >= 25
    assert {Compared, CaseInputs, StartUnused} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("hidden", [False, True])
def test_nothing_of_the_key_passes_the_gate(kind: type[Fact], hidden: bool) -> None:
    whole = _made(kind, hidden=hidden).data()
    assert all(_says(value) for name, value in whole.items() if name != "hidden"), whole
    assert not OF_THE_KEY & set(_seen(kind, hidden=hidden) or {})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_of_a_hidden_case_only_what_is_listed_passes(kind: type[Fact]) -> None:
    seen = _seen(kind, hidden=True)
    listed = OF_A_HIDDEN_CASE.get(kind.__name__)
    assert (seen is None) is (listed is None)
    assert seen is None or listed is None or set(seen) - {"hidden"} == listed


def test_of_a_failure_in_a_hidden_case_nothing_passes_that_the_code_chose() -> None:
    for exception, told in (("Secret", "an exception"), ("ValueError", "ValueError")):
        failure = _made(Failure, reason=Reason.EXCEPTION, exception=exception)
        (seen,) = (
            Facts.of(_made(Failed, failure=failure, entry="f", hidden=True)).for_student().items
        )
        assert isinstance(seen, Failed)
        found = seen.failure
        assert (found.exception, found.message, found.file, found.line) == (told, "", "", 0)
    failure = _made(Failure, reason=Reason.TIME_LIMIT, exception="Secret")
    (seen,) = Facts.of(_made(Failed, failure=failure, entry="f", hidden=True)).for_student().items
    assert "Secret" not in [*_leaves(seen.data()["failure"])]


def test_of_a_comparison_the_points_at_which_the_key_was_computed_do_not_pass() -> None:
    seen = _seen(Compared, hidden=False)
    assert seen is not None
    detail = seen["detail"]
    hidden = ("defined", "point", "points_wrong", "points", "sign_turned", "scaled")
    assert not any(_says(getattr(detail, name)) for name in hidden)
    # What is about the answer itself does.
    assert (detail.shape, detail.wanted_shape, detail.name) == ((7,), (7,), "Secret")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("hidden", [False, True])
def test_what_has_passed_the_gate_passes_it_again_unchanged(kind: type[Fact], hidden: bool) -> None:
    once = Facts.of(_made(kind, hidden=hidden)).for_student()
    assert once.for_student().content() == once.content()


def test_a_fact_that_does_not_say_what_a_student_may_see_is_staffs() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True, eq=False)
    class Bare(Fact):
        secret: str

    facts = Facts.of(Bare(secret="31.4"))
    assert facts.for_student().items == ()
    assert [(seen, whole.data()["secret"]) for seen, whole in facts.views()] == [(None, "31.4")]


def test_an_open_fact_is_open_unless_its_case_is_hidden() -> None:
    shown, veiled = PartUnknown(label="d"), PartUnknown(label="d", hidden=True)
    assert Facts.of(shown, veiled).for_student().items == (shown,)


# -- putting together ------------------------------------------------------------------------------

A, B, C = (PartUnknown(label=label) for label in "abc")


def test_what_is_kept_from_a_student_stays_kept_when_more_is_added() -> None:
    kept, told = Facts.of(A, B).kept_from_student(), Facts.of(C)
    assert kept.for_student().items == ()
    for facts, seen in ((kept + told, (C,)), (told + kept, (C,)), (told + kept + told, (C, C))):
        assert facts.for_student().items == seen
        assert [fact for fact in facts.items if fact in (A, B)] == [A, B]
    assert (told + kept).items == (C, A, B)
    assert (told + kept).views() == ((C, C), (None, A), (None, B))
    assert Facts.of(A).for_student().items == (A,)  # the facts themselves are as they were


def test_without_leaves_the_others_and_who_may_read_them() -> None:
    facts = Facts.of(A) + Facts.of(B).kept_from_student() + Facts.of(C)
    left = facts.without(Facts.of(PartUnknown(label="a")))
    assert (left.items, left.for_student().items) == ((B, C), (C,))
    assert facts.without(Facts()).items == (A, B, C)
    assert facts.without(facts).items == ()


# -- content ---------------------------------------------------------------------------------------


def _compared(actual: Any, **more: Any) -> Facts:
    return Facts.of(Compared(reason=Reason.WRONG_VALUE, actual=actual, **more))


SAME: list[tuple[Any, Any]] = [
    (math.nan, -math.nan),
    (float("nan"), float("inf") - float("inf")),
    (complex(math.nan, 1), complex(math.nan, 1)),
    ([1.0, (2, "a")], [1.0, (2, "a")]),
    ({"a": [math.nan]}, {"a": [math.nan]}),
    (np.array([1.0, math.nan]), np.array([1.0, math.nan])),
    (np.float32(0.5), np.float32(0.5)),
]
OTHER: list[tuple[Any, Any]] = [
    (0.0, -0.0),
    (1, 1.0),
    (1, True),
    (0, False),
    (1.0, np.float64(1.0)),
    ("1", 1),
    ([1], (1,)),
    ([1, 2], [2, 1]),
    ({"a": 1}, {"b": 1}),
    (None, ()),
    (np.array([0.0]), np.array([-0.0])),
    (np.array([1.0]), np.array([1.0], dtype=np.float32)),
    (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
    (np.zeros(2), [0.0, 0.0]),
    (np.int64(0), np.float64(0)),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=repr)
def test_facts_that_say_the_same_have_the_same_content(one: Any, other: Any) -> None:
    assert _compared(one).content() == _compared(other).content()
    assert hash(_compared(one).content()) == hash(_compared(other).content())


@pytest.mark.parametrize(("one", "other"), OTHER, ids=repr)
def test_facts_that_do_not_say_the_same_have_another_content(one: Any, other: Any) -> None:
    assert _compared(one).content() != _compared(other).content()


def test_whether_a_case_is_hidden_is_not_what_a_fact_says() -> None:
    assert _compared(1.5, hidden=True).content() == _compared(1.5).content()
    assert _compared(1.5).without(_compared(1.5, hidden=True)).items == ()


def test_the_kind_the_order_and_the_readers_are_content_too() -> None:
    assert Facts.of(RowsMissing(given=2)).content() != Facts.of(RowsExtra(extra=2)).content()
    assert Facts.of(Held(detail="a")).content() != Facts.of(PartUnknown(label="a")).content()
    assert Facts.of(A, B).content() != Facts.of(B, A).content()
    assert Facts.of(A).content() != Facts.of(A).kept_from_student().content()
    failed = [Failure(verdict=Verdict.RAISED, reason=Reason.EXCEPTION, line=n) for n in (1, 2)]
    first, second = (Facts.of(Failed(failure=one)).content() for one in failed)
    assert first != second


def test_the_distance_is_in_tolerances_where_there_is_one() -> None:
    def distance(**found: Any) -> float | None:
        return Compared(reason=Reason.WRONG_VALUE, **found).distance

    assert distance(difference=0.5, allowed=0.25) == 2
    assert distance(difference=0.5) is distance(allowed=0.5) is distance() is None
    assert distance(difference=0.5, allowed=0.0) is None
    data = Compared(reason=None, difference=0.5, allowed=0.25).data()
    assert data["distance"] == 2


def test_the_bounds_of_a_criterion_stay_behind_and_its_number_passes() -> None:
    missed = CriterionMissed(rule="final", column="acc", row=3, number=0.5, low=0.9, high=1.0)
    (seen,) = Facts.of(missed).for_student().items
    assert (seen.data()["number"], seen.data()["low"], seen.data()["high"]) == (0.5, None, None)
