"""What the reference gave a driver, written down as a module that gives it again.

Behind the walls a driver is tried with this module, so that nothing of the reference gets there.
"""

from __future__ import annotations

import base64
import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from grader.judge.expect.key import Key
from grader.judge.expect.world import World, run_driver
from grader.model.assignment import Assignment, FunctionQuestion
from grader.plan import PlannedCase
from grader.solver import StepFault

__all__ = ["Replay", "gives_again", "replays"]

_MOST_BYTES = 4 << 20  # of one driver; it goes on with what was recorded until then
_MOST_TRIED = 10  # cases of a question, of which two are tried
_PLAIN = (type(None), bool, int, float, complex, str, bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One case of a question with a driver, and the module for it."""

    question: str
    case: str  #: the id of its call
    label: str
    hidden: bool
    source: bytes


def replays(assignment: Assignment, key: Key) -> tuple[Replay, ...]:
    """For each question with a driver its first case, one that is not hidden if there is one, and
    of its first cases the one in which the driver is given most.

    A driver that does with what it gets what cannot be recorded has none.
    """
    if key.worlds is None:
        return ()
    world = key.worlds.under()
    found: list[Replay] = []
    for question in assignment.questions:
        if not isinstance(question, FunctionQuestion) or question.driver is None:
            continue
        cases = sorted(key.cases[question.id], key=lambda case: case.hidden)[:_MOST_TRIED]
        recorded = [one for case in cases if (one := _replay(world, question, case)) is not None]
        most = max(recorded, key=lambda one: len(one.source), default=None)
        found += [one for one in recorded if one is recorded[0] or one is most]
    return tuple(found)


def _replay(world: World, question: FunctionQuestion, case: PlannedCase) -> Replay | None:
    source = _recorded(world, question, case)
    if source is None:
        return None
    return Replay(
        question=question.id,
        case=case.id,
        label=case.label,
        hidden=case.hidden,
        source=source.encode(),
    )


def gives_again(assignment: Assignment, key: Key, replay: Replay) -> bool:
    """Whether the driver works here with what was recorded: then what stops it there is not that
    a record is less than the reference."""
    question = next(one for one in assignment.questions if one.id == replay.question)
    case = next(one for one in key.cases[question.id] if one.id == replay.case)
    assert isinstance(question, FunctionQuestion)
    assert question.driver is not None
    module = ModuleType("replayed")
    try:
        exec(compile(replay.source, "<replayed>", "exec", dont_inherit=True), vars(module))  # noqa: S102 - ours
        for _ in range(2):  # as where a call is made once more
            run_driver(question.driver, module, copy.deepcopy(dict(case.inputs)))
    except Exception:  # noqa: BLE001 - the author's driver, on what it was not written for
        return False
    return True


def _recorded(world: World, question: FunctionQuestion, case: PlannedCase) -> str | None:
    """The text of the module."""
    record = _Record()
    try:
        world.call(question, case, around=record.module)
        top = pickle.dumps(record.top)
    except Exception:  # noqa: BLE001 - the author's driver, or a value that cannot be written down
        return None
    names = [name for name in record.top if name.isidentifier()]
    lines = [f"{name} = _again(_top[{name!r}])" for name in names]
    lines += [f"{question.entry} = None"] if question.entry not in names else []
    return _AGAIN.format(top=base64.b64encode(top).decode()) + "\n".join(lines) + "\n"


# -- recording -----------------------------------------------------------------------------------


class _Record:
    """`top` has an entry by each name that was asked of the module: its kind, and what it is."""

    def __init__(self) -> None:
        self.top: dict[str, Any] = {}
        self._left = _MOST_BYTES

    def module(self, namespace: Any) -> Any:
        known: dict[str, Any] = {}

        class Module:
            def __getattr__(_, name: str) -> Any:  # noqa: N805 - `self` is the record
                if name not in known:
                    self.top[name], known[name] = self._entry(getattr(namespace, name))
                return known[name]

        return Module()

    def _entry(self, value: Any) -> tuple[tuple[str, Any], Any]:
        """How a value is given again, and what the driver is given now in its place."""
        if _is_plain(value):
            return ("value", self._packed(value)), value
        if type(value) in (list, tuple):
            both = [self._entry(item) for item in value]
            kind = type(value).__name__
            return (kind, [entry for entry, _ in both]), type(value)(given for _, given in both)
        if type(value) is dict:
            named = {key: self._entry(item) for key, item in value.items()}
            entries = {key: entry for key, (entry, _) in named.items()}
            return ("dict", entries), {key: given for key, (_, given) in named.items()}
        node: dict[str, Any] = {"calls": [], "items": [], "attributes": {}}
        thing = _Thing(self, value, node)
        if not (callable(value) and hasattr(value, "__code__")):
            return ("thing", node), thing

        def recorded(*arguments: Any, **named: Any) -> Any:
            return thing(*arguments, **named)

        return ("function", node), recorded

    def made(self, into: list[Any], make: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """What `make` gives, recorded, and what it changes in lists and dictionaries given."""
        lent: dict[int | str, Any] = dict(enumerate(given))
        lent.update(named)
        before = {
            which: pickle.dumps(one)
            for which, one in lent.items()
            if type(one) in (dict, list) and _is_plain(one)
        }
        try:
            value = make(
                *(_own(one) for one in given), **{n: _own(one) for n, one in named.items()}
            )
        except Exception as error:
            cause = error.__cause__ if isinstance(error, StepFault) and error.__cause__ else error
            entry = ("raised", (type(cause).__name__, str(cause)[:1000]))
            if self._left > 0:
                into.append((entry, []))
            raise
        full = self._left <= 0
        entry, shown = self._entry(value)
        changes = [
            (which, after)
            for which, was in before.items()
            if _is_plain(lent[which]) and (after := pickle.dumps(lent[which])) != was
        ]
        if not full:
            self._left -= sum(len(after) for _, after in changes)
            into.append((entry, changes))
        return shown

    def _packed(self, value: Any) -> bytes:
        packed = pickle.dumps(value)
        self._left -= len(packed)
        return packed


class _Thing:
    """Stands for an object or a function of the reference's."""

    def __init__(self, record: _Record, own: Any, node: dict[str, Any]) -> None:
        vars(self).update(_record=record, _own=own, _node=node)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        into = self._node["attributes"].setdefault(name, [])
        return self._record.made(into, getattr, self._own, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._own, name, _own(value))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._record.made(self._node["calls"], self._own, *arguments, **named)

    def __getitem__(self, item: Any) -> Any:
        return self._record.made(self._node["items"], lambda at: self._own[at], item)


def _own(value: Any) -> Any:
    """What a thing stands for, where the driver hands one back."""
    if type(value) is _Thing:
        return vars(value)["_own"]
    if type(value) in (list, tuple):
        return type(value)(map(_own, value)) if any(type(one) is _Thing for one in value) else value
    return value


def _is_plain(value: Any) -> bool:
    if type(value) in (list, tuple, set):
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(_is_plain(key) and _is_plain(item) for key, item in value.items())
    if isinstance(value, np.ndarray | np.generic):
        return not value.dtype.hasobject
    return type(value) in _PLAIN


# -- giving it again -----------------------------------------------------------------------------

_AGAIN = """\
import base64, builtins, pickle

_top = pickle.loads(base64.b64decode("{top}"))


def _again(entry):
    kind, what = entry
    if kind == "value":
        return pickle.loads(what)
    if kind == "raised":
        found = getattr(builtins, what[0], None)
        is_error = isinstance(found, type) and issubclass(found, Exception)
        raise (found if is_error else ValueError)(what[1])
    if kind == "list":
        return [_again(one) for one in what]
    if kind == "tuple":
        return tuple(_again(one) for one in what)
    if kind == "dict":
        return dict((key, _again(one)) for key, one in what.items())
    return _function(what) if kind == "function" else _Thing(what)


def _next(entries, at, arguments, named):
    entry, changes = entries[at % len(entries)]
    for which, packed in changes:
        one = named[which] if isinstance(which, str) else arguments[which]
        now = pickle.loads(packed)
        one.clear()
        one.update(now) if isinstance(one, dict) else one.extend(now)
    return _again(entry)


def _function(node):
    at = [0]

    def replayed(*arguments, **named):
        at[0] += 1
        return _next(node["calls"], at[0] - 1, arguments, named)

    return replayed


class _Thing:
    def __init__(self, node):
        vars(self).update(_node=node, _at={{}})

    def _given(self, name, entries, arguments=(), named={{}}):
        at = self._at[name] = self._at.get(name, -1) + 1
        return _next(entries, at, arguments, named)

    def __getattr__(self, name):
        if name not in self._node["attributes"]:
            raise AttributeError(name)
        return self._given("." + name, self._node["attributes"][name])

    def __call__(self, *arguments, **named):
        return self._given("()", self._node["calls"], arguments, named)

    def __getitem__(self, item):
        return self._given("[]", self._node["items"])


"""
