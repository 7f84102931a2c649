"""What a submission gave for one question, part or case: a value, or a named failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.model.diagnostic import Place
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["Changed", "Failure", "Met", "Response"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Met:
    """What a function returned that whoever called it could not use, or how it cannot be called."""

    #: none, count, key, number, attribute, other: of what was returned; made: of an object of a
    #: class; given: it was an argument of the call that failed; call: it takes other arguments;
    #: near: nothing has the name that is asked for, but `called` is nearly it
    problem: str
    called: str = ""  #: the function, by its name in the student's code
    value: Value = None  #: what it returned
    at: int = -1  #: which of the values in that is meant; -1: all of it
    wanted: int = 0  #: into how many values it was taken apart
    text: str = ""  #: the key or attribute, the form at first, or the call as made
    #: The argument that it was, by the student's own name for it, or one that has to be named
    parameter: str = ""
    least: int = -1  #: the fewest arguments that it takes; -1: nobody knows
    most: int = -1  #: the most; -1: any number
    driver: str = ""  #: the author's file; for staff
    line: int = 0  #: in that file


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no value. `file` and `line` are the student's own, never ours."""

    verdict: Verdict
    reason: Reason
    exception: str = ""  #: name of the exception's class
    message: str = ""  #: the exception's text, cleaned and cut
    file: str = ""
    line: int = 0
    typed: str = ""  #: all that stands in a sheet where it cannot be read
    loading: bool = False  #: while the files were run, which is told of by itself
    met: Met | None = None  #: where what a function returned, or how it was called, is the reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changed:
    """What a driver handed to a function or got back from one, before and after a later call."""

    kind: str  #: input or output
    called: str  #: the function that changed it, by the name that it has in the student's code
    name: str = ""  #: of the parameter that an input was given for
    before: Value = None
    after: Value = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Response:
    """Exactly one of `value` and `failure` counts: a failure means that there is no value."""

    value: Value = None
    failure: Failure | None = None
    inputs_after: tuple[Value, ...] | None = None  #: the arguments looked at after the call
    #: By the id of an earlier call of the same group: its result, looked at after this call.
    earlier: Mapping[str, Value] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()  #: of what a driver handed in and got back
    again: Response | None = None  #: the same call made once more, if that was asked for
    printed: str = field(default="", repr=False)
    place: Place | None = None  #: in a sheet that says it; None for what a module gave

    @classmethod
    def failed(cls, verdict: Verdict, reason: Reason, message: str = "") -> Response:
        return cls(failure=Failure(verdict=verdict, reason=reason, message=message))
