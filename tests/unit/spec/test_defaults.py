"""A default stands in the declared keys and in the model, and is the same in both.

What builds the model states none: it leaves out the fields whose keys are not given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from fractions import Fraction
from typing import Any

import pytest

from grader.model import assignment, audit, series, tolerance, typed
from grader.model.tolerance import DEFAULT_TOLERANCE, Tolerance
from grader.spec.keys.__main__ import made
from grader.spec.keys.questions import QUESTION

SCHEMA: dict[str, Any] = json.loads(made()["grader/spec/assignment.schema.json"])
PLACES: dict[str, dict[str, Any]] = {
    "assignment": SCHEMA["properties"],
    **{name: definition["properties"] for name, definition in SCHEMA["$defs"].items()},
}
ANSWERS = ("number", "array", "iterates", "expression", "choice")

#: where the keys of a class stand; all classes of the model that a spec gives are here
STANDS: dict[type, tuple[str, ...]] = {
    assignment.AnswerQuestion: tuple(f"{kind}_question" for kind in ANSWERS),
    assignment.Assignment: ("assignment", "submission", "policy"),
    assignment.CarryForward: ("carry_forward",),
    assignment.Case: ("case",),
    series.Criterion: ("criterion",),
    assignment.Domain: ("domain",),
    assignment.FiniteDifferences: ("finite_differences",),
    assignment.Form: ("form",),
    assignment.Formulas: ("formulas",),
    assignment.FunctionQuestion: ("function_question",),
    assignment.Limits: ("limits",),
    assignment.ManualQuestion: ("text_question", "figure_question"),
    assignment.Mistake: ("mistake",),
    assignment.Part: ("part",),
    assignment.Question: tuple(f"{kind}_question" for kind in QUESTION.kinds),
    assignment.Recurrence: ("recurrence",),
    assignment.RubricLine: ("rubric_line",),
    series.SeriesQuestion: ("series_question",),
    audit.AuditNotes: ("audit",),
    audit.Equivalent: ("equivalent",),
    audit.Excused: ("excused",),
    tolerance.Tolerance: ("tolerance",),
    typed.NumberRules: ("numbers",),
}
#: classes and fields that no key gives as it stands
NO_PLACE = {assignment.Driver, typed.Typed}
NO_KEY = {
    (assignment.AnswerQuestion, "numbers"),  # `numbers` of the assignment, and `unit`
    (assignment.Assignment, "folder"),
    (assignment.CarryForward, "allowed"),  # `carry_forward: false`
    (series.Criterion, "high"),
    (series.Criterion, "low"),
    (series.Criterion, "rule"),
    (assignment.Domain, "high"),
    (assignment.Domain, "low"),
    (assignment.FiniteDifferences, "parameters"),
    (assignment.FunctionQuestion, "deterministic"),  # `requires`, and the next two
    (assignment.FunctionQuestion, "earlier_outputs_unchanged"),
    (assignment.FunctionQuestion, "inputs_unchanged"),
    (assignment.FunctionQuestion, "parameters"),  # `call`
    (assignment.Mistake, "for_staff"),  # `feedback: {student: …, staff: …}`
    (assignment.Mistake, "replace"),
    (assignment.Mistake, "values"),
    (assignment.Part, "label"),
    (assignment.Part, "names_step"),
    (typed.NumberRules, "calculations"),  # `strict` of the tolerance
    (typed.NumberRules, "unit"),
    (assignment.Case, "values"),  # of what is `computed`, by the reference
}
#: fields that are called otherwise than their keys
OTHERWISE = {
    (series.Criterion, "direction"): "monotone",
    (series.Criterion, "names"): "states_best",
    (assignment.FunctionQuestion, "differences"): "finite_differences",
}
#: `integers` is a key of its own, and a fact about the domain
NOT_ALIKE = {(assignment.Domain, "integers")}


def classes() -> Iterator[type]:
    for module in (assignment, audit, series, tolerance, typed):
        for item in vars(module).values():
            if is_dataclass(item) and isinstance(item, type) and item.__module__ == module.__name__:
                yield item


def own_fields(cls: type) -> Iterator[Field[Any]]:
    """The fields that a class does not have from another one."""
    return (field for field in fields(cls) if field.name in cls.__annotations__)


CASES = [
    (cls, field) for cls in STANDS for field in own_fields(cls) if (cls, field.name) not in NO_KEY
]


def declared(cls: type, field: Field[Any]) -> list[dict[str, Any]]:
    """The keys of a field, one for each place in which it stands."""
    name = OTHERWISE.get((cls, field.name), field.name)
    found = [PLACES[place][name] for place in STANDS[cls] if name in PLACES[place]]
    assert found, f"no key gives {cls.__name__}.{name}"
    if cls is assignment.Question and name in PLACES["defaults"]:
        return [PLACES["defaults"][name]]  # of a question it is that of the assignment
    return found


def default_of(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def written(value: Any) -> Any:
    """A value of the model as a spec writes it."""
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, tuple):
        return [written(item) for item in value]
    if isinstance(value, assignment.CarryForward):
        return value == assignment.CarryForward()
    if isinstance(value, Tolerance):
        plain = Tolerance()
        return {
            field.name: written(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != getattr(plain, field.name)
        }
    return value


def is_nothing(value: Any) -> bool:
    empty: tuple[Any, ...] = (None, "", (), {}, assignment.Formulas(), audit.AuditNotes())
    return value in empty


def test_every_class_of_the_model_has_a_place_in_the_spec() -> None:
    assert set(classes()) == set(STANDS) | NO_PLACE


@pytest.mark.parametrize(
    ("cls", "field"), CASES, ids=lambda item: item.__name__ if isinstance(item, type) else item.name
)
def test_a_default_is_the_same_in_the_model_and_in_the_declaration(
    cls: type, field: Field[Any]
) -> None:
    default = default_of(field)
    for key in declared(cls, field):
        if (cls, field.name) in NOT_ALIKE:
            assert default is False
        elif "default" in key:
            assert default is not MISSING, "the model has no default"
            assert written(default) == key["default"]
            assert isinstance(written(default), bool) == isinstance(key["default"], bool)
        else:
            assert default is MISSING or is_nothing(default), "the key has no default"


def test_every_declared_default_is_one_of_the_model() -> None:
    held = {
        (place, OTHERWISE.get((cls, field.name), field.name))
        for cls, field in CASES
        for place in STANDS[cls]
    }
    stated = {
        (place, name)
        for place, keys in PLACES.items()
        for name, key in keys.items()
        if "default" in key
    }
    assert {place for place, _ in stated - held} == {"defaults"}


def test_the_tolerance_of_an_assignment_is_the_default_tolerance() -> None:
    assert Tolerance.from_spec(PLACES["defaults"]["tolerance"]["default"]) == DEFAULT_TOLERANCE
