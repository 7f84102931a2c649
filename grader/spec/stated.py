"""Whether a stated answer has the form that its kind of question asks for."""

from __future__ import annotations

from grader.model.assignment import Part
from grader.model.kinds import Kind
from grader.model.value import ComplexText, NumberText, Value, shape_of, walk
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_stated"]


def check_stated(problems: Problems, path: KeyPath, kind: Kind, part: Part) -> None:
    """Add a problem where the stated answer, the tolerance and the options do not fit the kind."""
    if kind.option:
        _check_options(problems, path, part)
    if part.tolerance.published and part.expected is None:
        message = "a published rounding needs a stated answer"
        problems.add("S204", (*path, "tolerance"), message, of_key=True)
    if part.expected is None:
        return
    fault = _fault(kind, part.expected)
    if fault:
        problems.add("S208", (*path, "expected"), f"the stated answer {fault}")
    elif kind.numbers:
        _check_beside(problems, path, part)


def _check_beside(problems: Problems, path: KeyPath, part: Part) -> None:
    """Add a problem where numbers of this sort cannot be judged in the way that is asked for."""
    numbers = [item for item in walk(part.expected) if not isinstance(item, tuple)]
    message = ""
    if part.tolerance.interval is not None and any(isinstance(n, ComplexText) for n in numbers):
        message = "complex numbers do not lie in an interval"
    infinite = any(isinstance(n, NumberText) and not n.is_finite for n in numbers)
    if infinite and part.tolerance.judges_whole:
        message = "an answer with nan or an infinity in it is judged entry by entry only"
    elif infinite and part.tolerance.interval is not None:
        message = "nan and the infinities do not lie in an interval"
    if message:
        problems.add("S204", (*path, "tolerance"), message, "use atol, rtol or decimals")


def _fault(kind: Kind, expected: Value) -> str:
    if kind.formula:
        return "" if isinstance(expected, str | NumberText) else "must be a formula"
    if kind.option:
        return "" if isinstance(expected, str | NumberText | bool) else "must name an option"
    leaves = [item for item in walk(expected) if not isinstance(item, tuple)]
    if not leaves or not all(isinstance(item, NumberText | ComplexText) for item in leaves):
        return "must be made of numbers"
    shape = shape_of(expected)
    if shape is None:
        return "has rows of different lengths"
    if shape and not kind.listed:
        return "must be a single number"
    if kind.listed and not shape:
        return "must be a list"
    return ""


def _check_options(problems: Problems, path: KeyPath, part: Part) -> None:
    if not part.options:
        problems.add("S209", path, "a choice needs options")
        return
    # Answers are taken by an option's name or by its words, whatever the case.
    taken: dict[str, str] = {}
    for name, words in part.options.items():
        for spelling in (name, words):
            other = taken.setdefault(spelling.casefold().strip(), name)
            if other != name:
                message = f"{spelling!r} stands for both options {other!r} and {name!r}"
                problems.add("S209", (*path, "options"), message)
    stated = str(part.expected).lower() if isinstance(part.expected, bool) else str(part.expected)
    if part.expected is not None and stated not in part.options:
        message = f"{stated!r} is not one of the options"
        near = did_you_mean(stated, part.options)
        problems.add("S209", (*path, "expected"), message, near)
