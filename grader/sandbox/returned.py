"""What a submission returns, unpacked: of all its calls together as much as there is time for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.model.assignment import Limits
from grader.model.value import NumberText, Opaque, Value, leaves, map_leaves, shape_of
from grader.sandbox.child.wire import MAX_RETURNED, CodecError, Decoder, OpaqueMark
from grader.sandbox.text import clean_text

__all__ = ["Returned", "TooMuchTogether", "items_in", "with_digits"]

_IN_AN_ARRAY = 2  # as the other side counts


class TooMuchTogether(Exception):
    """The values of a submission have more parts than it may return in all its calls."""


class Returned:
    """Unpacks the values of one submission, and counts their parts.

    To read, judge and keep them costs us time that the code does not spend, so they have a limit.
    It is a number and no time: on any machine it is met at the same call.
    """

    def __init__(self, limits: Limits) -> None:
        self._left = limits.values_together

    def value(self, packed: Any, sent: int = 0) -> Value:
        """A value that was packed by itself; so many parts more than may be returned were sent.

        Raises CodecError and TooMuchTogether.
        """
        if not isinstance(packed, bytes):
            msg = "a value that is not packed"
            raise CodecError(msg)
        most = MAX_RETURNED + sent
        decoder = Decoder(packed, min(most, self._left + sent))
        try:
            return _without_marks(decoder.whole())
        except CodecError:
            if decoder.items < 0 and self._left < MAX_RETURNED:
                raise TooMuchTogether from None
            raise
        finally:
            used = min(most, self._left + sent) - decoder.items
            self._left -= max(0, used - sent)

    def value_or_none(self, packed: Any, sent: int = 0) -> Value:
        """The same, or None where it is not a value. Raises TooMuchTogether."""
        try:
            return self.value(packed, sent)
        except CodecError:
            return None

    def value_or_opaque(self, packed: Any) -> Value:
        """The same, or something opaque in its place. Raises TooMuchTogether."""
        try:
            return self.value(packed)
        except CodecError:
            return Opaque(type_name="", why="more than can be sent")


def items_in(value: Any) -> int:
    """At least as many as it counts for where it is packed."""
    if isinstance(value, dict):
        return 1 + sum(items_in(key) + items_in(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 1 + sum(map(items_in, value))
    return _IN_AN_ARRAY


def _without_marks(value: Value) -> Value:
    if isinstance(value, OpaqueMark):
        return Opaque(
            type_name=clean_text(value.type_name, limit=100),
            why=clean_text(value.why, limit=100),
        )
    if isinstance(value, list | tuple):
        return type(value)(_without_marks(item) for item in value)
    if isinstance(value, dict):
        return {_without_marks(key): _without_marks(item) for key, item in value.items()}
    return value


def with_digits(value: Value, typed: Value) -> Value:
    """The value with the digits that its numbers were typed with, where these texts are true.

    `typed` has the shape of the value, with a text for each number. A text counts if it is a
    number as people write it (`1_000` and `0x10` are not) and has exactly the value; where it does
    not, the bare number stays. An array becomes tuples of numbers, as an answer sheet gives them,
    or stays as it is when one of its texts does not count.
    """
    if type(value) in (int, float):
        return _number(value, typed) or value
    if isinstance(value, np.ndarray):
        taken = with_digits(value.tolist(), typed) if shape_of(value) == shape_of(typed) else None
        all_typed = all(isinstance(number, NumberText) for number in leaves(taken))
        return map_leaves(taken, lambda number: number, tuple) if all_typed else value
    if isinstance(value, list | tuple) and isinstance(typed, list) and len(typed) == len(value):
        return type(value)(map(with_digits, value, typed))
    if isinstance(value, dict) and isinstance(typed, dict):
        return {key: with_digits(item, typed.get(key)) for key, item in value.items()}
    return value


def _number(value: int | float, typed: Value) -> NumberText | None:
    if not isinstance(typed, str) or not math.isfinite(value):
        return None
    text = NumberText.parse(typed)
    if text is None or not text.is_finite:
        return None
    same = text.exact == value if isinstance(value, int) else float(text) == value
    return text if same else None
