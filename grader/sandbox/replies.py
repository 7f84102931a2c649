"""From what the child sent, which a student's code may have written, to a response."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from grader.model.call import Call
from grader.model.response import Changed, Failure, Met, Response
from grader.model.value import NumberText, Opaque, Value, leaves, map_leaves, shape_of
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.cells import cells_of
from grader.sandbox.child.wire import MAX_RETURNED, CodecError, OpaqueMark, decode
from grader.sandbox.contract import NotLoaded, Taken
from grader.sandbox.text import clean_text

__all__ = ["ReplyReader", "places_in", "with_digits"]

_MESSAGE_LENGTH = 500
_MOST_EARLIER = 3
_MOST_FAILED = 10
_LONGEST_CHAIN = 6
_MOST_CHANGED = 4
_MOST_FAILED_CELLS = 10
_NAME_LENGTH = 100
_IN_AN_ARRAY = 2  # as the other side counts

#: What the worker may report; anything else that comes was made up by the student's code.
_FROM_CHILD = {
    (verdict.value, reason.value): (verdict, reason)
    for verdict, reason in (
        (Verdict.MISSING, Reason.NAME_NOT_DEFINED),
        (Verdict.INVALID, Reason.NOT_CALLABLE),
        (Verdict.RAISED, Reason.WRONG_ARGUMENTS),
        (Verdict.RAISED, Reason.RESULT_UNUSABLE),
        (Verdict.RAISED, Reason.EXCEPTION),
        (Verdict.RAISED, Reason.SYSTEM_EXIT),
        (Verdict.RAISED, Reason.SYNTAX_ERROR),
        (Verdict.TIMED_OUT, Reason.TIME_LIMIT),
        (Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT),
        (Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT),
        (Verdict.OUTPUT_EXCEEDED, Reason.VALUE_LIMIT),
        (Verdict.OUTPUT_EXCEEDED, Reason.FILE_LIMIT),
        (Verdict.BLOCKED, Reason.FORBIDDEN_FILE),
        (Verdict.BLOCKED, Reason.FORBIDDEN_NETWORK),
        (Verdict.BLOCKED, Reason.FORBIDDEN_PROCESS),
        (Verdict.BLOCKED, Reason.FORBIDDEN_CALL),
    )
}
_PROBLEMS = frozenset(
    {"none", "count", "key", "number", "other", "attribute", "made", "given", "call", "near"}
)
_NO_ANSWER = Failure(verdict=Verdict.CRASHED, reason=Reason.NO_ANSWER)


def places_in(files: Mapping[str, bytes]) -> frozenset[str]:
    """What stands for a place in these files: their names, and the cells of notebooks."""
    cells = (cell.label for name, source in files.items() for cell in cells_of(name, source) or ())
    return frozenset([*files, *cells])


class ReplyReader:
    """Reads replies of one job; `clean(text, limit)` makes the student's texts fit to be shown."""

    def __init__(self, files: Collection[str], clean: Callable[[str, int], str]) -> None:
        self._known = frozenset(files)
        self._clean = clean

    def __call__(self, call: Call, reply: Mapping[Any, Any]) -> Response:
        """The response; anything that is not a reply of the worker's becomes a failure."""
        failure = reply.get("failure")
        if isinstance(failure, dict):
            return Response(failure=self._failure(failure))
        try:
            value = _unpacked(reply.get("value"))
        except CodecError:
            return Response(failure=_NO_ANSWER)
        if call.digits:
            value = with_digits(value, _unpacked_or_none(reply.get("typed")))
        again = reply.get("again")
        after = None
        if call.look_again:
            after = _unpacked_or_none(reply.get("arguments"), _items(call.arguments))
        return Response(
            value=value,
            inputs_after=tuple(after) if isinstance(after, tuple | list) else None,
            earlier=_earlier(reply.get("earlier")) if call.look_back else {},
            changed=self._changed(reply.get("changed")) if call.mode == "drive" else (),
            again=self._again(again) if call.repeat else None,
        )

    def failures(self, items: Any) -> tuple[Failure, ...]:
        """What went wrong in cells while they were run."""
        told = items[:_MOST_FAILED_CELLS] if isinstance(items, list | tuple) else ()
        return tuple(self._failure(item) for item in told if isinstance(item, dict))

    def not_loaded(self, reply: Mapping[Any, Any]) -> tuple[NotLoaded, ...]:
        """The files that failed while they were run, from what came when all were."""
        items = reply.get("failed")
        found = []
        for item in items[:_MOST_FAILED] if isinstance(items, list) else ():
            if isinstance(item, list) and len(item) == 2 and isinstance(item[1], dict):
                file, data = item
                failure = self._failure(data)
                if self._is_file(file) and failure != _NO_ANSWER:
                    one = NotLoaded(file=file, failure=failure, chain=self._chain(data))
                    found.append(one)
        return tuple(found)

    def taken(self, reply: Mapping[Any, Any]) -> tuple[Taken, ...]:
        """Which functions were taken for others in a call."""
        items = reply.get("taken")
        found = []
        for item in items[:_MOST_FAILED] if isinstance(items, list) else ():
            if isinstance(item, list) and len(item) == 4 and self._is_file(item[2]):
                wanted, name = (self._clean(str(one), _NAME_LENGTH) for one in item[:2])
                line = _small(item[3])
                found.append(Taken(wanted=wanted, name=name, file=item[2], line=line))
        return tuple(found)

    def _is_file(self, name: Any) -> bool:
        return type(name) is str and name in self._known

    def _chain(self, data: dict[Any, Any]) -> tuple[tuple[str, int], ...]:
        items = data.get("chain")
        if not isinstance(items, list):
            return ()
        pairs = [one for one in items[:_LONGEST_CHAIN] if isinstance(one, list) and len(one) == 2]
        return tuple(
            (one[0], _small(one[1]))
            for one in pairs
            if type(one[0]) is str and one[0] in self._known
        )

    def _again(self, reply: Any) -> Response:
        if not isinstance(reply, dict):
            return Response(failure=_NO_ANSWER)
        failure = reply.get("failure")
        if isinstance(failure, dict):
            return Response(failure=self._failure(failure))
        try:
            return Response(value=_unpacked(reply.get("value")))
        except CodecError:
            return Response(failure=_NO_ANSWER)

    def _changed(self, items: Any) -> tuple[Changed, ...]:
        found = []
        for item in items[:_MOST_CHANGED] if isinstance(items, list) else ():
            if isinstance(item, list) and len(item) == 5 and item[0] in ("input", "output"):
                called, name = (self._clean(str(one), _NAME_LENGTH) for one in item[1:3])
                before, after = (_unpacked_or_opaque(one) for one in item[3:])
                found.append(
                    Changed(kind=item[0], called=called, name=name, before=before, after=after)
                )
        return tuple(found)

    def _failure(self, data: dict[Any, Any]) -> Failure:
        known = _FROM_CHILD.get((_text(data, "verdict"), _text(data, "reason")))
        if known is None:
            return _NO_ANSWER
        file, line = _text(data, "file"), data.get("line")
        return Failure(
            verdict=known[0],
            reason=known[1],
            exception=" ".join(self._clean(_text(data, "exception"), 100).split()),
            message=self._clean(_text(data, "message"), _MESSAGE_LENGTH),
            file=file if file in self._known else "",
            line=line if type(line) is int and 0 < line < 10**7 else 0,
            met=self._met(data.get("met")),
            loading=data.get("loading") is True,
        )

    def _met(self, data: Any) -> Met | None:
        """What stood in the way beside the exception. A student's code may have made it up."""
        problem = _text(data, "problem") if isinstance(data, dict) else ""
        if problem not in _PROBLEMS:
            return None
        value = _unpacked_or_opaque(data["value"]) if "value" in data else None

        def said(key: str) -> str:
            return self._clean(_text(data, key), _NAME_LENGTH)

        return Met(
            problem=problem,
            called=said("called"),
            value=value,
            at=_small(data.get("at")),
            wanted=_small(data.get("wanted")),
            text=said("text"),
            parameter=said("parameter"),
            least=_small(data.get("least")),
            most=_small(data.get("most")),
            driver=said("driver"),
            line=_small(data.get("line")),
        )


def _text(data: dict[Any, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _small(number: Any) -> int:
    """A number of arguments, values or lines; -1 for anything else."""
    return number if type(number) is int and 0 <= number < 10**6 else -1


def _unpacked(packed: Any, more: int = 0) -> Value:
    """A value that was packed by itself, of at most so many items more than may be returned.

    Raises CodecError.
    """
    if not isinstance(packed, bytes):
        msg = "a value that is not packed"
        raise CodecError(msg)
    return _without_marks(decode(packed, MAX_RETURNED + more))


def _unpacked_or_none(packed: Any, more: int = 0) -> Value:
    try:
        return _unpacked(packed, more)
    except CodecError:
        return None


def _items(value: Any) -> int:
    """At least as many as it counts for where it is packed."""
    if isinstance(value, dict):
        return 1 + sum(_items(key) + _items(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 1 + sum(map(_items, value))
    return _IN_AN_ARRAY


def _earlier(items: Any) -> Mapping[str, Value]:
    """Earlier results by the id of their call; what could no longer be sent is left out."""
    found: dict[str, Value] = {}
    for item in items[:_MOST_EARLIER] if isinstance(items, list) else ():
        if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str):
            found[item[0]] = _unpacked_or_opaque(item[1])
    return found


def _unpacked_or_opaque(packed: Any) -> Value:
    try:
        return _unpacked(packed)
    except CodecError:
        return Opaque(type_name="", why="more than can be sent")


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
