"""Responses as bytes, to be kept or sent, and back."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from grader.collect.codec import pack, unpack
from grader.model.diagnostic import Place
from grader.model.response import Changed, Failure, Met, Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.wire import CodecError

__all__ = ["CodecError", "decode", "decode_one", "encode", "encode_one"]

_VERSION = b"grader responses 1\n"
_LENGTH = struct.Struct(">I")
#: The beginning of a record with nothing but a value, up to the length of that.
_VALUE_ALONE = pack({"value": b""})[: -_LENGTH.size]
_WITH_MET = 8  #: entries of a failure that says what was met
_MOST_AGAIN = 1  #: a call is made again once


def encode(responses: Mapping[str, Response]) -> bytes:
    """The bytes of responses, in whatever order they are: equal ones give equal bytes."""
    return _VERSION + pack({name: encode_one(responses[name]) for name in sorted(responses)})


def decode(content: bytes) -> dict[str, Response]:
    """The responses in these bytes, by their names. Raises CodecError for whatever is not ours."""
    if not content.startswith(_VERSION):
        msg = "these bytes are not responses, or were written by another version"
        raise CodecError(msg)
    records = _expect(dict, unpack(content[len(_VERSION) :]))
    return {_expect(str, name): decode_one(_expect(bytes, one)) for name, one in records.items()}


def _by_name(earlier: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(earlier.items(), key=lambda item: item[0])


def encode_one(response: Response) -> bytes:
    """The bytes of one response. Each of its values is packed by itself."""
    if _is_value_alone(response):  # as most are
        value = pack(response.value)
        return _VALUE_ALONE + _LENGTH.pack(len(value)) + value
    return pack(_record(response))


def _is_value_alone(response: Response) -> bool:
    return (
        response.failure is None
        and response.inputs_after is None
        and response.again is None
        and response.place is None
        and not (response.earlier or response.changed or response.printed)
    )


def decode_one(content: bytes) -> Response:
    """The response in these bytes. Raises CodecError."""
    return _response(unpack(content), _MOST_AGAIN)


def _record(response: Response) -> dict[str, Any]:
    """What there is to say of a response, in one order."""
    record: dict[str, Any] = {}
    failure, place = response.failure, response.place
    if failure is None or response.value is not None:
        record["value"] = pack(response.value)
    if failure is not None:
        ending = (failure.verdict.value, failure.reason.value)
        said = (failure.exception, failure.message, failure.file, failure.typed, failure.line)
        record["failure"] = (*ending, *said)
        if failure.met is not None:
            record["failure"] = (*record["failure"], _met_record(failure.met))
        if failure.loading:
            record["failure"] = (*record["failure"], True)
    if response.inputs_after is not None:
        record["inputs_after"] = tuple(map(pack, response.inputs_after))
    if response.earlier:
        record["earlier"] = {name: pack(item) for name, item in _by_name(response.earlier)}
    if response.changed:
        record["changed"] = tuple(
            (one.kind, one.called, one.name, pack(one.before), pack(one.after))
            for one in response.changed
        )
    if response.again is not None:
        record["again"] = _record(response.again)
    if response.printed:
        record["printed"] = response.printed
    if place is not None:
        record["place"] = (place.file, place.line, place.column)
    return record


def _response(data: Any, most_again: int) -> Response:
    record = _expect(dict, data)
    read = {"again": lambda again: _response(again, most_again - 1), **_FIELDS}
    if not record.keys() <= read.keys() or ("again" in record and not most_again):
        msg = "a response with something that responses do not have"
        raise CodecError(msg)
    if not record.keys() & {"value", "failure"}:
        msg = "a response with neither a value nor a failure"
        raise CodecError(msg)
    return Response(**{name: read[name](item) for name, item in record.items()})


def _value(data: Any) -> Any:
    return unpack(_expect(bytes, data))


def _met_record(met: Met) -> dict[str, Any]:
    """Its fields by name, without those that say nothing."""
    said = ((one, getattr(met, one.name)) for one in fields(met) if one.name != "value")
    told = {one.name: value for one, value in said if value != one.default}
    return {**told, "value": pack(met.value)}


def _met(data: Any) -> Met:
    record = {str(name): item for name, item in _expect(dict, data).items()}
    kinds = {one.name: int if isinstance(one.default, int) else str for one in fields(Met)}
    if not {"problem", "value"} <= record.keys() <= kinds.keys():
        msg = "something was met that nothing is known of"
        raise CodecError(msg)
    value = _value(record.pop("value"))
    return Met(value=value, **{name: _expect(kinds[name], item) for name, item in record.items()})


def _failure(data: Any) -> Failure:
    met, loading = None, False
    if type(data) is tuple and data and data[-1] is True:
        data, loading = data[:-1], True
    if type(data) is tuple and len(data) == _WITH_MET:
        met, data = _met(data[-1]), data[:-1]
    verdict, reason, *said, line = _entries(data, str, str, str, str, str, str, int)
    exception, message, file, typed = said
    try:
        return Failure(
            verdict=Verdict(verdict),
            reason=Reason(reason),
            exception=exception,
            message=message,
            file=file,
            line=line,
            typed=typed,
            met=met,
            loading=loading,
        )
    except ValueError as error:
        raise CodecError(str(error)) from None


def _changed(data: Any) -> Changed:
    kind, called, name, before, after = _entries(data, str, str, str, bytes, bytes)
    return Changed(kind=kind, called=called, name=name, before=unpack(before), after=unpack(after))


def _place(data: Any) -> Place:
    file, line, column = _entries(data, str, int, int)
    return Place(file=file, line=line, column=column)


_FIELDS = {
    "value": _value,
    "failure": _failure,
    "inputs_after": lambda data: tuple(map(_value, _expect(tuple, data))),
    "earlier": lambda data: {
        _expect(str, name): _value(item) for name, item in _expect(dict, data).items()
    },
    "changed": lambda data: tuple(map(_changed, _expect(tuple, data))),
    "printed": lambda data: _expect(str, data),
    "place": _place,
}


def _expect(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        msg = f"expected {kind.__name__}, got {type(data).__name__}"
        raise CodecError(msg)
    return data


def _entries(data: Any, *kinds: type) -> list[Any]:
    """The entries of a tuple of just these types."""
    if len(_expect(tuple, data)) != len(kinds):
        msg = f"{len(kinds)} entries were expected, got {len(data)}"
        raise CodecError(msg)
    return [_expect(kind, item) for kind, item in zip(kinds, data, strict=True)]
