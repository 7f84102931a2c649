"""Carry out one call of a student's code, and say what came of it as plain data.

Values are packed, each by itself, the moment they are looked at: what a later call changes in them
does not change what was packed.
"""

from __future__ import annotations

import builtins
import random
import sys
import types
from contextlib import nullcontext
from typing import Any

import foreign
import wire
from driven import Driven, wrongly_called
from failures import describe
from handed_in import Modules
from literals import typed_as
from namespace import Namespace, NotDefined
from watch import Watch

__all__ = ["Calls", "failed", "seed"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]


class Calls:
    """The calls of one submission, and the results that are looked at again after later calls."""

    def __init__(self, modules: Modules, limit: int) -> None:
        self._modules = modules
        self._limit = limit
        #: The first and the last result of each group, as the student's code gave them.
        self._kept: dict[str, list[tuple[str, Any]]] = {}
        self._drivers: dict[str, Driven] = {}
        self._changed: list[list[Any]] = []  #: of what the last driver handed in and got back

    def answer(self, request: dict[str, Any], payload: bytes) -> dict[str, Any]:
        """The reply to a request, whose bytes give the inputs once more as they were."""
        self._modules.taken.clear()
        entry, called = request["entry"], request["mode"] != "value"
        module = self._modules.find(entry, near=called)
        if module is None:
            failure = self._modules.failure_of(entry)
            near = self._modules.near(entry)
            return {"failure": failure or {**_NOT_DEFINED, "exception": "", **near}}
        try:
            self._set_globals(module, request)
            seed(request["seed"])
            value = self._made(module, request)
            changed = self._changed
        except _NotCallable:
            return failed("invalid", "not_callable")
        except BaseException as error:
            return {"failure": self._failure(error, module, request)}
        try:
            reply: dict[str, Any] = {"value": _packed(value, self._limit)}
            reply["taken"] = list(self._modules.taken)
            if request["look_again"]:
                reply["arguments"] = self._room_for(
                    request["arguments"], len(payload) + self._limit, len(payload)
                )
            if request["digits"]:
                reply["typed"] = self._typed(module, request["entry"])
            if request["repeat"]:
                reply["again"] = self._again(module, wire.decode(payload))
            if request["mode"] == "drive" and (request["look_again"] or request["look_back"]):
                reply["changed"] = changed
            if request["look_back"]:
                reply["earlier"] = self._earlier(request, value)
        except wire.TooMany:
            return failed("output_exceeded", "value_limit")
        except wire.Unsendable:
            return failed("output_exceeded", "output_limit")
        except MemoryError:
            return failed("memory_exceeded", "memory_limit")
        return reply

    def _set_globals(self, module: Any, request: dict[str, Any]) -> None:
        for name, value in request["globals"].items():
            setattr(module, name, value)

    def _made(self, module: Any, request: dict[str, Any]) -> Any:
        target = getattr(module, request["entry"])
        arguments = request["arguments"]
        if request["mode"] == "drive":
            driven = self._driven(*request["driver"])
            drive = driven.begin()
            with self._watch(driven, request) as watch:
                value = drive(Namespace(self._modules), arguments[0])
            self._changed = watch.changed if isinstance(watch, Watch) else []
            return value
        if request["mode"] == "value":
            return target() if callable(target) else target
        if not callable(target):
            raise _NotCallable
        return target(*arguments)

    def _watch(self, driven: Driven, request: dict[str, Any]) -> Any:
        if not (request["look_again"] or request["look_back"]):
            return nullcontext()
        return Watch(
            driven,
            {*self._modules.names, "<provided>"},
            lambda value: self._room_for(value, self._limit),
            inputs=request["look_again"],
            outputs=request["look_back"],
        )

    def _driven(self, file: str, source: str) -> Driven:
        """A driver is the same for many calls."""
        if source not in self._drivers:
            self._drivers[source] = Driven(file, source, {*self._modules.names, "<provided>"})
        return self._drivers[source]

    def _failure(
        self, error: BaseException, module: Any, request: dict[str, Any]
    ) -> dict[str, Any]:
        """Why a call failed; what a driver met, or how it was called, where that is the reason."""
        failure: dict[str, Any] = describe(error, self._modules.names)
        if failure["reason"] != "exception":
            return failure
        try:
            if isinstance(error, NotDefined):
                near = self._modules.near(error.wanted)
                return {**failure, **_NOT_DEFINED, "message": error.wanted, **near}
            if request["mode"] == "drive":
                met = self._driven(*request["driver"]).met(error)
            else:
                met = wrongly_called(getattr(module, request["entry"]), error, self._modules.names)
            if met is None:
                return failure
            if "value" in met:
                met["value"] = self._room_for(met["value"], self._limit)
            if met["problem"] != "given":  # what was given, their own code could not use
                reason = "wrong_arguments" if met["problem"] == "call" else "result_unusable"
                failure.update(reason=reason)
            return {**failure, "met": met}
        except BaseException:  # whatever their functions do when they are looked at
            return failure

    def _again(self, module: Any, request: dict[str, Any]) -> dict[str, Any]:
        """The same call once more. Random numbers go on where they were: so their use shows."""
        try:
            self._set_globals(module, request)
            value = self._made(module, request)
        except BaseException as error:
            return {"failure": describe(error, self._modules.names)}
        return {"value": _packed(value, self._limit)}

    def _earlier(self, request: dict[str, Any], value: Any) -> list[list[Any]]:
        """What earlier calls of the group returned, as it is now, after this call."""
        kept = self._kept.setdefault(request["group"], [])
        own = (request["id"], value)
        seen = [*kept, own] if request["repeat"] else kept
        earlier = [[name, self._room_for(result, self._limit)] for name, result in seen]
        kept[1:] = [own]
        return earlier

    def _typed(self, module: Any, entry: str) -> Any:
        name, text = self._modules.source_of(module)
        return self._room_for(typed_as(name, text, entry), self._limit)

    def _room_for(self, value: Any, limit: int, more: int = 0) -> Any:
        """The value packed, or None: it was sent before, and has outgrown what may be sent.

        It may have so many items more than a value that is returned.
        """
        try:
            return _packed(value, limit, wire.MAX_RETURNED + more)
        except wire.Unsendable:
            return None


_NOT_DEFINED = {
    "verdict": "missing",
    "reason": "name_not_defined",
    "exception": "AttributeError",
}


class _NotCallable(Exception):
    pass


def _packed(value: Any, limit: int, items: int = wire.MAX_RETURNED) -> bytes:
    """The bytes of a value in at most `limit` bytes. Raises Unsendable and MemoryError."""
    try:
        packed: bytes = foreign.encode(value, limit, items)
    except (wire.Unsendable, MemoryError):
        raise
    except BaseException:  # the value does not let itself be read
        packed = wire.encode(wire.OpaqueMark(type(value).__name__, ""), 1 << 16)
    return packed


def failed(verdict: str, reason: str) -> dict[str, Any]:
    return {"failure": {"verdict": verdict, "reason": reason}}


def seed(number: int) -> None:
    """The same random numbers for the same call, whoever handed it in."""
    for seed_one in (_seed_random, _seed_numpy, _seed_torch):
        try:
            seed_one(number)
        except BaseException:  # noqa: S110 - not imported, or something else in its place
            pass


def _seed_random(number: int) -> None:
    random.seed(number)


def _seed_numpy(number: int) -> None:
    sys.modules["numpy"].random.seed(number % 2**32)


def _seed_torch(number: int) -> None:
    torch = sys.modules["torch"]
    if isinstance(torch, types.ModuleType):
        vars(torch)["manual_seed"](number % 2**63)
