"""The sentences that students and staff read, made from reasons. A student's never hold the key."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from itertools import islice

import numpy as np

from grader.compare.comparison import Comparison
from grader.model.assignment import Limits
from grader.model.outcome import Feedback
from grader.model.response import Failure
from grader.model.value import NumberText, Opaque, Value
from grader.model.verdict import Audience, Reason, Verdict

__all__ = ["about_comparison", "about_failure", "shown", "staff", "student"]

_COMPARISON: Mapping[Reason, str] = {
    Reason.NOT_A_NUMBER: "{where}a number is wanted, not {actual}",
    Reason.NUMBER_AS_TEXT: "{where}{actual} is a text: write a plain decimal, without quotes",
    Reason.BOOLEAN: "{where}a number is wanted, and a truth value is none: {actual}",
    Reason.COMPLEX: "{where}a real number is wanted, not the complex {actual}",
    Reason.OBJECT_ARRAY: "{where}{actual} holds objects, not numbers: give it dtype=float",
    Reason.MASKED: "{where}{actual} hides some of its numbers: give a plain array",
    Reason.NOT_A_LIST: "{where}a list is wanted, not {actual}",
    Reason.NOT_AN_ARRAY: "{where}one array or number is wanted, not {detail}",
    Reason.NOT_A_MAPPING: "{where}a dictionary is wanted, not {actual}",
    Reason.NOT_A_FORMULA: "{actual} cannot be read as a formula: {detail}",
    Reason.NOT_AN_OPTION: "{actual} is not one of the options: {detail}",
    Reason.NOT_A_TABLE: "a table is wanted: {detail}",
    Reason.NOT_PLAIN_DATA: "{where}{actual} is no number, list or dictionary",
    Reason.WRONG_TYPE: "{where}{actual} has the wrong type: {detail} is wanted",
    Reason.WRONG_SHAPE: "{where}the shape is wrong: {detail}",
    Reason.TRANSPOSED: (
        "{where}the numbers are right, but rows and columns are exchanged: {detail}"
    ),
    Reason.WRONG_LENGTH: "{where}the length is wrong: {detail}",
    Reason.RAGGED: "{where}the rows have different lengths",
    Reason.NOT_FINITE: "{where}the value is infinite",
    Reason.NAN_AT: "{where}the value is not a number (nan)",
    Reason.TOO_LONG: "{where}the answer is too long: {detail}",
    Reason.KEY_MISSING: "{where}the entry {detail!r} is missing",
    Reason.UNKNOWN_LABEL: "{detail}",
    Reason.WRONG_VALUE: "{where}{actual} is not right",
    Reason.REPEATED: "{where}{actual} stands for a value that another entry stands for already",
    Reason.NO_DIRECTION: "{where}nothing but zeros has no direction",
    Reason.WRONG_AT_SOME_POINTS: "{actual} is right for some values of its symbols, not for all",
    Reason.TOO_FEW_DIGITS: "{where}{actual} is right as far as it goes, but has too few digits",
    Reason.TOO_MANY_DIGITS: "{where}{actual} has more digits than asked for",
    Reason.UNDEFINED_AT_POINT: "the formula is not defined at the same values as the right one",
    Reason.WRONG_FORM: "the value is right, but not the form: {detail}",
    Reason.CRITERION_FAILED: "{detail}",
}
_FAILURE: Mapping[Reason, str] = {
    Reason.NOT_ANSWERED: "not answered",
    Reason.NAME_NOT_DEFINED: "{entry} is not defined in the files handed in",
    Reason.NOT_CALLABLE: "{entry} is not a function",
    Reason.FILE_NOT_FOUND: "the file {message} was not handed in",
    Reason.UNREADABLE: "the answer sheet cannot be read: {message}",
    Reason.EXCEPTION: "{exception} was raised{place}{said}",
    Reason.SYNTAX_ERROR: "the file is not Python{place}{said}",
    Reason.SYSTEM_EXIT: "the code ended the program{place}",
    Reason.TIME_LIMIT: "no answer within {within}",
    Reason.CPU_LIMIT: "more than {cpu:g} s of processor time were needed",
    Reason.MEMORY_LIMIT: "more than {memory} MiB of memory were needed{place}",
    Reason.OUTPUT_LIMIT: "more than {output} KiB were printed or returned",
    Reason.FILE_LIMIT: (
        "more was written to files than the {file} MiB that one may have, or than there is room "
        "for{place}"
    ),
    Reason.NO_ANSWER: "the process ended without an answer",
    Reason.FORBIDDEN_FILE: "{stopped}use a file or a folder that it may not use{in_full}{allowed}",
    Reason.FORBIDDEN_NETWORK: "{stopped}open a network connection{in_full}{allowed}",
    Reason.FORBIDDEN_PROCESS: (
        "{stopped}start or reach another process, or more than {threads} threads{in_full}{allowed}"
    ),
    Reason.FORBIDDEN_CALL: "{stopped}ask the system for something{in_full}{allowed}",
}
_ALLOWED = (
    ", which is not allowed here: code may compute, print, and read the files that the assignment "
    "provides"
)
_WHERE_MARKED: Mapping[str, str] = {
    "FileNotFoundError": (
        "where code is marked, there are no files but those that the assignment provides, under "
        "the names that it gives them; other files handed in are modules to import"
    ),
    "ModuleNotFoundError": (
        "where code is marked, there are the modules handed in and the packages installed there"
    ),
    "EOFError": "where code is marked, nobody answers input()",
}


_SHOWN_ITEMS = 20
_SHOWN_DEPTH = 4
_SHOWN_WHOLE = 10**50
_DETAIL = 300

#: Names of exceptions that cannot carry a hidden input, unlike one that the student's code made up.
_KNOWN_EXCEPTIONS = frozenset({*vars(builtins), "AxisError", "LinAlgError"})


def student(text: str) -> Feedback:
    return Feedback(audience=Audience.STUDENT, text=text)


def staff(text: str) -> Feedback:
    return Feedback(audience=Audience.STAFF, text=text)


def shown(value: Value, limit: int = 60) -> str:
    """A value in at most `limit` characters, however large or deep it is."""
    return cut(_shown(value, limit, _SHOWN_DEPTH), limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _shown(value: Value, limit: int, depth: int) -> str:
    def inner(item: Value) -> str:
        return _shown(item, limit, depth - 1)

    if isinstance(value, Opaque):
        text = value.why or f"an object of type {value.type_name}"
    elif isinstance(value, NumberText):
        text = value.text
    elif isinstance(value, float | np.floating):
        text = f"{float(value):.10g}"
    elif isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=12, separator=", ").replace("\n", "")
    elif isinstance(value, list | tuple | Mapping) and not depth:
        text = "…"
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(map(inner, value[:_SHOWN_ITEMS]))}]"
    elif isinstance(value, Mapping):
        items = islice(value.items(), _SHOWN_ITEMS)
        text = f"{{{', '.join(f'{inner(key)}: {inner(item)}' for key, item in items)}}}"
    elif isinstance(value, str):
        text = f"“{value[:limit]}”"
    elif isinstance(value, np.timedelta64):  # numpy counts durations among the whole numbers
        text = str(value)
    elif isinstance(value, int | np.integer) and abs(int(value)) >= _SHOWN_WHOLE:
        # Python refuses to write out whole numbers of more than 4300 digits.
        text = f"a whole number of {int(value).bit_length()} bits"
    else:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    return text


def about_comparison(comparison: Comparison, *, hidden: bool = False) -> tuple[Feedback, ...]:
    """What a student and what staff read about a comparison; nothing where it was accepted."""
    if comparison.accepted or comparison.reason is None:
        return ()
    words = _COMPARISON[comparison.reason].format(
        where=f"at {comparison.path}: " if comparison.path else "",
        actual=shown(comparison.actual),
        detail=cut(comparison.detail, _DETAIL),
    )
    if comparison.wrong > 1:
        words += f" ({comparison.wrong} of {comparison.total} numbers differ)"
    numbers = []
    if comparison.expected is not None:
        numbers.append(f"expected {shown(comparison.expected)}")
    if comparison.difference is not None:
        numbers.append(f"off by {comparison.difference:.4g}")
    if comparison.allowed is not None:
        numbers.append(f"allowed ±{comparison.allowed:.4g}")
    if comparison.detail and cut(comparison.detail, _DETAIL) not in words:
        numbers.append(comparison.detail)
    lines = [staff(words) if hidden else student(words)]
    if numbers:
        lines.append(staff("; ".join(numbers)))
    return tuple(lines)


def _within(limits: Limits) -> str:
    """Which of the two was met depends on how busy the machine was, and words must not."""
    if limits.submission_seconds <= limits.wall_seconds:
        return f"{limits.submission_seconds:g} s"
    together = f"{limits.submission_seconds:g} s that all calls have together"
    return f"{limits.wall_seconds:g} s, or the {together}"


def about_failure(
    failure: Failure, entry: str, limits: Limits, *, hidden: bool = False
) -> tuple[Feedback, ...]:
    """What happened, in which entry point, at which line of the student's own file.

    Whatever the student's code chose may carry the inputs of a hidden case: the text of an
    exception, the name of its class, the line. There they are for staff only.
    """
    place = f" at line {failure.line} of {failure.file}" if failure.file else ""

    def words(exception: str, message: str, place: str) -> str:
        return _FAILURE.get(failure.reason, "there is no answer that can be marked").format(
            entry=entry,
            message=message,
            exception=exception,
            place=place,
            said=f": {message}" if message else "",
            within=_within(limits),
            memory=limits.memory_mib,
            output=limits.output_kib,
            cpu=limits.cpu_seconds,
            file=limits.file_mib,
            threads=limits.threads,
            stopped=f"{entry}:{place} the code tried to ",
            in_full=f" ({exception}: {message})" if message else "",
            allowed=_ALLOWED,
        )

    full = words(failure.exception, failure.message, place)
    where_marked = _WHERE_MARKED.get(failure.exception)
    hint = (student(where_marked),) if where_marked else ()
    if not hidden:
        return (student(full), *hint)
    known = failure.exception in _KNOWN_EXCEPTIONS
    told = words(failure.exception if known else "an exception", "", "")
    if failure.verdict is Verdict.BLOCKED:  # said in full it would be said twice
        full = f"{place.strip()}: {failure.exception}: {failure.message}".strip(": ") or told
    lines = (student(told),) if told == full else (student(told), staff(full))
    return (*lines, *hint)
