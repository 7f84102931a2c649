"""From what the child sent, which a student's code may have written, to a response."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Changed, Failure, Met, Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.cells import cells_of
from grader.sandbox.child.wire import CodecError
from grader.sandbox.contract import NotLoaded, Taken
from grader.sandbox.returned import Returned, TooMuchTogether, items_in, with_digits

__all__ = ["ReplyReader", "places_in"]

_MESSAGE_LENGTH = 500
_MOST_EARLIER = 3
_MOST_FAILED = 10
_LONGEST_CHAIN = 6
_MOST_CHANGED = 4
_MOST_FAILED_CELLS = 10
_NAME_LENGTH = 100

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
_TOO_MUCH = Failure(verdict=Verdict.OUTPUT_EXCEEDED, reason=Reason.VALUE_LIMIT)


def places_in(files: Mapping[str, bytes]) -> frozenset[str]:
    """What stands for a place in these files: their names, and the cells of notebooks."""
    cells = (cell.label for name, source in files.items() for cell in cells_of(name, source) or ())
    return frozenset([*files, *cells])


class ReplyReader:
    """Reads replies of one job; `clean(text, limit)` makes the student's texts fit to be shown."""

    def __init__(
        self, files: Collection[str], clean: Callable[[str, int], str], limits: Limits
    ) -> None:
        self._returned = Returned(limits)
        self._known = frozenset(files)
        self._clean = clean

    def __call__(self, call: Call, reply: Mapping[Any, Any]) -> Response:
        """The response; anything that is not a reply of the worker's becomes a failure."""
        failure = reply.get("failure")
        if isinstance(failure, dict):
            return Response(failure=self._failure(failure))
        try:
            return self._answered(call, reply)
        except CodecError:
            return Response(failure=_NO_ANSWER)
        except TooMuchTogether:
            return Response(failure=_TOO_MUCH)

    def _answered(self, call: Call, reply: Mapping[Any, Any]) -> Response:
        """Raises CodecError and TooMuchTogether."""
        value = self._returned.value(reply.get("value"))
        if call.digits:
            value = with_digits(value, self._returned.value_or_none(reply.get("typed")))
        again = reply.get("again")
        after = None
        if call.look_again:
            sent = items_in(call.arguments)
            after = self._returned.value_or_none(reply.get("arguments"), sent)
        return Response(
            value=value,
            inputs_after=tuple(after) if isinstance(after, tuple | list) else None,
            earlier=self._earlier(reply.get("earlier")) if call.look_back else {},
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
                    went_on = data.get("went_on") is True
                    chain = self._chain(data)
                    one = NotLoaded(file=file, failure=failure, chain=chain, went_on=went_on)
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
            return Response(value=self._returned.value(reply.get("value")))
        except CodecError:
            return Response(failure=_NO_ANSWER)

    def _changed(self, items: Any) -> tuple[Changed, ...]:
        found = []
        for item in items[:_MOST_CHANGED] if isinstance(items, list) else ():
            if isinstance(item, list) and len(item) == 5 and item[0] in ("input", "output"):
                called, name = (self._clean(str(one), _NAME_LENGTH) for one in item[1:3])
                before, after = (self._returned.value_or_opaque(one) for one in item[3:])
                found.append(
                    Changed(kind=item[0], called=called, name=name, before=before, after=after)
                )
        return tuple(found)

    def _earlier(self, items: Any) -> Mapping[str, Value]:
        """Earlier results by the id of their call; what could not be sent again is opaque."""
        found: dict[str, Value] = {}
        for item in items[:_MOST_EARLIER] if isinstance(items, list) else ():
            if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str):
                found[item[0]] = self._returned.value_or_opaque(item[1])
        return found

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
        value = None
        if "value" in data:
            with contextlib.suppress(TooMuchTogether):
                value = self._returned.value_or_opaque(data["value"])

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
