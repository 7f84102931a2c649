"""The sentences on axes of length 1: which is too many or missing, and how to mend it."""

from __future__ import annotations

from grader.judge.words.values import Shape

__all__ = ["mended"]


def mended(given: Shape, wanted: Shape, *, typed: bool) -> str:
    """How to come from one shape to the other, or "" where more than axes of length 1 differ.

    `typed`: the answer stands in a sheet, where an axis is a pair of brackets.
    """
    if given == wanted or _core(given) != _core(wanted):
        return ""
    extra, missing = _beside(given, wanted), _beside(wanted, given)
    if extra is not None:
        return _too_many(extra, wanted, typed=typed)
    if missing is not None and not given:
        return f"put {_pairs(len(missing))} of brackets around it"
    if missing is not None:
        return _missing(missing, wanted, typed=typed)
    if typed:
        return "the brackets stand in another place than those that were asked for"
    return f"the axis of length 1 is another one: `.reshape{_tuple(wanted)}` moves it"


def _too_many(axes: list[int], wanted: Shape, *, typed: bool) -> str:
    if typed:
        return f"{_pairs(len(axes))} of brackets too many"
    how = f".squeeze({axes[0] if len(axes) == 1 else _tuple(axes)})"
    if len(wanted) < 2:
        how = ".ravel()" if wanted else ".item()"
    has = "have length 1 and are" if len(axes) > 1 else "has length 1 and is"
    return f"{_named(axes)} {has} too many: `{how}` takes {_it(axes)} away"


def _missing(axes: list[int], wanted: Shape, *, typed: bool) -> str:
    if typed:
        return f"{_pairs(len(axes))} of brackets too few"
    return (
        f"{_named(axes)}, of length 1, {'are' if len(axes) > 1 else 'is'} missing: "
        f"`keepdims=True` in a sum or a mean keeps {_it(axes)}, and `.reshape{_tuple(wanted)}` "
        f"puts {_it(axes)} back"
    )


def _core(shape: Shape) -> list[int]:
    return [length for length in shape if length != 1]


def _beside(longer: Shape, shorter: Shape) -> list[int] | None:
    """The axes of length 1 that the longer shape has beside those of the shorter, or None."""
    extra, taken = [], 0
    for axis, length in enumerate(longer):
        if taken < len(shorter) and shorter[taken] == length:
            taken += 1
        else:
            extra.append(axis)
    return extra if taken == len(shorter) else None


def _named(axes: list[int]) -> str:
    plural = "es" if len(axes) > 1 else "is"
    return f"ax{plural} {' and '.join(map(str, axes))}"


def _it(axes: list[int]) -> str:
    return "them" if len(axes) > 1 else "it"


def _pairs(count: int) -> str:
    return f"{count} pair{'s' * (count > 1)}"


def _tuple(numbers: Shape | list[int]) -> str:
    inner = ", ".join(map(str, numbers))
    return f"({inner},)" if len(numbers) == 1 else f"({inner})"
