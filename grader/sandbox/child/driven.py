"""Run an author's driver on what was handed in, and know what it met there when it fails.

A driver fails on a student's code because of what their functions returned. Its own exception says
nothing to a student; which function returned what does.
"""

from __future__ import annotations

import builtins
import inspect
import types
from collections.abc import Callable, Collection
from typing import Any

from failures import line_of
from written import CALLED, WrittenDriver

__all__ = ["Driven", "is_own", "wrongly_called"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MOST_KEPT = 30
_LONGEST = 100
_WHOLE = -1  #: the place of a result in itself
_name_of = type.__dict__["__name__"].__get__
_method_of = types.MethodType.__dict__["__func__"].__get__


class Driven:
    """One driver, with each of its calls of a student's function remembered."""

    def __init__(self, file: str, source: str, files: Collection[str]) -> None:
        """`files` are the names of the student's own."""
        self._file = file
        self._files = files
        self._written = WrittenDriver(source)
        self._code: Any = compile(self._written.tree, file, "exec", dont_inherit=True)
        self._calls: list[_Call] = []
        self.scope: dict[str, Any] = {}  #: the globals of the driver, new each time it is run
        self.through = Driven._called.__code__  #: what stands between the driver and what it calls

    def begin(self) -> Callable[[Any, Any], Any]:
        """The driver's `drive`, with nothing in it of an earlier time."""
        self._calls = []
        self.scope = {"__name__": "driver", "__builtins__": vars(builtins), CALLED: self._called}
        exec(self._code, self.scope)
        drive: Callable[[Any, Any], Any] = self.scope["drive"]
        return drive

    def _called(self, number: int, called: Any, /, *arguments: Any, **named: Any) -> Any:
        if not is_own(called, self._files):
            return called(*arguments, **named)
        call = _Call(number, called, arguments)
        self._calls.append(call)
        if len(self._calls) > _MOST_KEPT:
            del self._calls[1]  # the first one shows what was given at the start
        call.returned = called(*arguments, **named)
        call.ended = True
        return call.returned

    def met(self, error: BaseException) -> dict[str, Any] | None:
        """What the driver met, or None where the exception speaks for itself.

        `called` is a student's function and `value` what it returned, `at` which of the values in
        that, and `problem` what is the matter with it.
        """
        line, depth, own, number = 0, 0, 0, 0
        trace, here, innermost = error.__traceback__, {}, None
        while trace is not None:
            number, innermost = number + 1, trace.tb_frame.f_code
            if trace.tb_frame.f_globals is self.scope:
                line, depth, here = line_of(trace), number, trace.tb_frame.f_locals
            elif innermost.co_filename in self._files:
                own = number
            trace = trace.tb_next
        if not depth:
            return None
        found = None
        running = next((call for call in reversed(self._calls) if not call.ended), None)
        if running is not None and innermost is self.through and isinstance(error, TypeError):
            text = self._written.text(running.number)[:_LONGEST]
            found = {**_wanted_by(running.called), "text": text}
        elif running is not None and own > depth:
            found = self._given(running)
        elif own < depth:
            found = self._unusable(error, line, here)
        return {"driver": self._file, "line": line, **found} if found else None

    def _given(self, running: _Call) -> dict[str, Any] | None:
        """An argument that an earlier call gave, where the first call had one of another form."""
        first = next((call for call in self._calls if call.name == running.name), running)
        names = self._written.arguments(running.number)
        for index, (name, argument) in enumerate(zip(names, running.arguments)):  # noqa: B905  # new in 3.10
            call, at = self._source(name, argument)
            if call is None:
                continue
            before = (*first.arguments, None)[index]
            again = first is not running and _shape(argument) != _shape(before)
            if again and at != _WHOLE and self._taken_apart(call):
                return {**call.result(_WHOLE), "problem": "count", "wanted": self._count(call)}
            now, then = _form(argument), _form(before)
            if now == "None" if first is running else then not in (now, "None"):
                told = {"problem": "given", "text": "" if first is running else then}
                return {**call.result(at), **told, "parameter": _parameter(running.called, index)}
        return None

    def _source(self, name: str, value: Any) -> tuple[_Call | None, int]:
        """The call that gave a name of the driver its value, and which of its values that is."""
        for call in reversed(self._calls):
            bound = self._written.bound(call.number)
            if call.ended and name and name in bound:
                at = bound.index(name) if len(bound) > 1 else _WHOLE
                same = call.value(at) is value or self._is_entry(call, at, value)
                return (call, at) if same else (None, _WHOLE)
        return None, _WHOLE

    def _unusable(self, error: BaseException, line: int, here: dict[str, Any]) -> dict[str, Any]:
        """The value that a line of the driver could do nothing with, and what it was to be."""
        names, count, keys = self._written.used(line)
        call, at = self._suspect(names, line, here)
        if call is None:
            return {"problem": "other", "called": ""}
        message = str(error)
        if call.returned is None:
            return {**call.result(_WHOLE), "problem": "none"}
        if at != _WHOLE and self._taken_apart(call):
            return {**call.result(_WHOLE), "problem": "count", "wanted": self._count(call)}
        if count and "unpack" in message and isinstance(error, (ValueError, TypeError)):
            return {**call.result(_WHOLE), "problem": "count", "wanted": count}
        value = call.value(at)
        asked = error.args[0] if isinstance(error, KeyError) and error.args else ""
        if value is None:
            return {**call.result(at), "problem": "none"}
        if isinstance(error, AttributeError):
            lacking = message.rpartition("has no attribute ")[2].strip("'")
            if lacking.isidentifier():
                kind = "made" if _is_class(call.called) else "attribute"
                return {**call.result(at), "problem": kind, "text": lacking[:_LONGEST]}
        if type(asked) is str and asked in keys:
            return {**call.result(at), "problem": "key", "text": asked[:_LONGEST]}
        if keys and isinstance(error, (IndexError, TypeError)) and _form(value) != "dict":
            return {**call.result(at), "problem": "key", "text": keys[0][:_LONGEST]}
        if isinstance(error, TypeError) and _form(value) not in ("numbers", ""):
            return {**call.result(at), "problem": "number"}
        return {**call.result(at), "problem": "other"}

    def _taken_apart(self, call: _Call) -> bool:
        """Whether it returned one array, whose entries the driver took for several values."""
        return self._count(call) > 1 and len(getattr(call.returned, "shape", ())) > 0

    def _is_entry(self, call: _Call, at: int, value: Any) -> bool:
        """Whether a value is an entry of an array that was taken apart: a new object each time."""
        if not self._taken_apart(call) or at >= len(call.returned):
            return False
        equal = call.returned[at] == value
        return bool(equal.all() if hasattr(equal, "all") else equal)

    def _count(self, call: _Call) -> int:
        return len(self._written.bound(call.number))

    def _suspect(
        self, names: list[str], line: int, here: dict[str, Any]
    ) -> tuple[_Call | None, int]:
        """The result that a line uses and that looks least like numbers; else the last one."""
        found = [self._source(name, here[name]) for name in names if name in here]
        inside = self._written.calls_at(line)
        found += [(call, _WHOLE) for call in self._calls if call.ended and call.number in inside]
        for form in ("None", "str", "dict", "tuple", "object"):
            for call, at in found:
                if call is not None and form in _forms(call.value(at)):
                    return call, at
        named = next((one for one in found if one[0] is not None), None)
        last = next((call for call in reversed(self._calls) if call.ended), None)
        return named or (last, _WHOLE)


class _Call:
    def __init__(self, number: int, called: Any, arguments: tuple[Any, ...]) -> None:
        self.number = number
        self.called = called
        self.arguments = arguments
        self.returned: Any = None
        self.ended = False
        self.name = _called_by(called)

    def value(self, at: int) -> Any:
        """One of the values that were returned, or all of it."""
        returned = self.returned
        if at == _WHOLE or type(returned) not in (tuple, list) or at >= len(returned):
            return returned
        return returned[at]

    def result(self, at: int) -> dict[str, Any]:
        whole = type(self.returned) not in (tuple, list)
        return {"called": self.name, "value": self.returned, "at": _WHOLE if whole else at}


def wrongly_called(
    called: Any, error: BaseException, files: Collection[str]
) -> dict[str, Any] | None:
    """How many arguments a function of the student's takes, where it was not even entered."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            return None
        trace = trace.tb_next
    if not isinstance(error, TypeError) or not is_own(called, files):
        return None
    return _wanted_by(called)


def _wanted_by(called: Any) -> dict[str, Any]:
    """The fewest and the most arguments that it can be called with; a most of -1 is any number."""
    made: Any = vars(called).get("__init__") if _is_class(called) else called
    inner: Any = _method_of(made) if type(made) is types.MethodType else made
    found: dict[str, Any] = {"problem": "call", "called": _called_by(called)}
    if type(inner) is not types.FunctionType:
        return found
    code, bound = inner.__code__, int(inner is not called)  # `self` is given by nobody
    most = code.co_argcount - bound
    found["least"] = most - len(inner.__defaults__ or ())
    found["most"] = -1 if code.co_flags & inspect.CO_VARARGS else most
    by_name = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    lacking = [name for name in by_name if name not in (inner.__kwdefaults__ or {})]
    if lacking:
        found["parameter"] = lacking[0][:_LONGEST]
    return found


def is_own(called: Any, files: Collection[str]) -> bool:
    """Whether it is a function, a method or a class that these files define."""
    if _is_class(called):
        return any(is_own(one, files) for one in list(vars(called).values()))
    inner: Any = _method_of(called) if type(called) is types.MethodType else called
    if type(inner) in (staticmethod, classmethod):
        inner = inner.__func__
    return type(inner) is types.FunctionType and inner.__code__.co_filename in files


def _is_class(called: Any) -> bool:
    return type in type(called).__mro__


def _called_by(called: Any) -> str:
    """The name in the student's code: `adam`, `ReLU.forward`."""
    if _is_class(called):
        return str(_name_of(called))[:_LONGEST]
    inner: Any = _method_of(called) if type(called) is types.MethodType else called
    return str(inner.__qualname__).rpartition("<locals>.")[2][:_LONGEST]


def _parameter(called: Any, index: int) -> str:
    """The student's own name for an argument, "" where it has none."""
    inner: Any = _method_of(called) if type(called) is types.MethodType else called
    if type(inner) is not types.FunctionType:
        return ""
    index += inner is not called  # `self` is given by nobody
    code = inner.__code__
    return str(code.co_varnames[index]) if index < code.co_argcount else ""


def _shape(value: Any) -> Any:
    """The shape of an array or of a number, None for anything else."""
    return getattr(value, "shape", () if _form(value) == "numbers" else None)


def _form(value: Any) -> str:
    """What kind of thing a value is; all that calculates like a number is of one kind."""
    name = str(_name_of(type(value)))
    if name in ("ndarray", "int", "float", "complex", "bool") or hasattr(value, "dtype"):
        return "numbers"
    return "None" if value is None else name


def _forms(value: Any) -> tuple[str, ...]:
    """Its form, and that it is an object of whichever kind where it is nothing like a number."""
    form = _form(value)
    return (form,) if form == "numbers" else (form, "object")
