"""Whether a stated answer has the form that its kind of question asks for."""

from __future__ import annotations

from grader.model.assignment import Part
from grader.model.value import NumberText, Value, shape_of, walk
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_stated"]


def check_stated(problems: Problems, path: KeyPath, kind: str, part: Part) -> None:
    """Add a problem where the stated answer, the tolerance and the options do not fit the kind."""
    place = (*path, "expected")
    if kind == "choice":
        _check_options(problems, path, part)
    if part.tolerance.published and part.expected is None:
        message = "a published rounding needs a stated answer"
        problems.add("S204", (*path, "tolerance"), message, of_key=True)
    if part.expected is None:
        return
    fault = _fault(kind, part.expected)
    if fault:
        problems.add("S208", place, f"the stated answer {fault}")
    elif kind in ("number", "array", "iterates"):
        numbers = [item for item in walk(part.expected) if isinstance(item, NumberText)]
        if part.tolerance.rtol and not part.tolerance.atol and _all_zero(numbers):
            message = "rtol alone demands the exact value where the expected one is zero"
            problems.add("S204", path, message, "add atol", of_key=True)
        if part.tolerance.sigfigs is not None and any(item.exact == 0 for item in numbers):
            message = "zero has no significant figures"
            problems.add("S204", path, message, "use decimals or atol", of_key=True)


def _all_zero(numbers: list[NumberText]) -> bool:
    return all(item.exact == 0 for item in numbers)


def _fault(kind: str, expected: Value) -> str:
    if kind == "expression":
        return "" if isinstance(expected, str | NumberText) else "must be a formula"
    if kind == "choice":
        return "" if isinstance(expected, str | NumberText | bool) else "must name an option"
    leaves = [item for item in walk(expected) if not isinstance(item, tuple)]
    if not leaves or not all(isinstance(item, NumberText) for item in leaves):
        return "must be made of numbers"
    if not all(item.is_finite for item in leaves):
        return "must be finite"
    shape = shape_of(expected)
    if shape is None:
        return "has rows of different lengths"
    if kind == "number" and shape:
        return "must be a single number"
    if kind in ("array", "iterates") and not shape:
        return "must be a list"
    return ""


def _check_options(problems: Problems, path: KeyPath, part: Part) -> None:
    if not part.options:
        problems.add("S209", path, "a choice needs options")
    elif part.expected is not None and str(part.expected) not in part.options:
        message = f"{str(part.expected)!r} is not one of the options"
        near = did_you_mean(str(part.expected), part.options)
        problems.add("S209", (*path, "expected"), message, near)
