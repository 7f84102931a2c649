"""What a student answered: which response answers a question, and what is read from it.

This is the one place where numbers, words and formulas are read from what was typed. What reads
other ways of typing than the plain one is imported where somebody types in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from grader.judge.expect.key import Key
from grader.judge.mark.parts import under_labels, unread_in
from grader.model.assignment import AnswerQuestion, Question
from grader.model.kinds import KINDS
from grader.model.response import Failure, Response
from grader.model.typed import USUAL_NUMBERS, NumberRules, Typed, Unread, texts_of
from grader.model.value import MAX_NUMBER_TEXT, NumberText, Value, map_leaves
from grader.model.verdict import Reason, Verdict
from grader.spec.scalars import read_scalar
from grader.spec.values import typed_value
from grader.submissions.answered import KEEP_ONE
from grader.submissions.sheet import unread

__all__ = ["read_answer", "read_typed"]

_SMART_QUOTES = (("“", "”"), ("„", "“"), ("„", "”"), ("”", "”"), ("‘", "’"), ("’", "’"), ("«", "»"))
_NAME_BEFORE = re.compile(r"\A\s*[^\s:\[\]{}]+\s*:\s+")
_DOTS = ("...", "…")
_OF_NUMBERS = frozenset("0123456789.+-eE")
_OF_LATEX = re.compile(r"[\\\\$]")
_JSON_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None}


def read_answer(question: Question, key: Key, responses: Mapping[str, Response]) -> Response:
    """The response to a question that is answered once, by a sheet or by a module, read.

    A sheet comes first, then a module. Where neither has a value, a sheet that cannot be read or
    does not answer is the reason, before whatever befell a module; that a module does not define
    a name is not a failure by itself. Raises KeyError where neither has a response: what was not
    collected is not a student's missing answer.
    """
    response = _answering(question, key, responses)
    answer = response.value
    if response.failure is not None:
        numbers = _list_all_the_same(question, response.failure)
        return response if numbers is None else replace(response, value=numbers, failure=None)
    if isinstance(question, AnswerQuestion) and question.labelled and isinstance(answer, Mapping):
        answer = under_labels(question, answer)
    elif isinstance(answer, Mapping) and answer and KINDS[question.kind].listed:
        from grader.judge.mark.typed_rows import rows_by_label

        answer = rows_by_label(answer)
    if response.place is None:
        return response if answer is response.value else replace(response, value=answer)
    return _read_typed_answer(question, answer, response)


def _read_typed_answer(question: Question, answer: Value, response: Response) -> Response:
    """What stands in a sheet, read. A part that cannot be read stays as it is."""
    assert response.place is not None
    file = response.place.file
    readable = answer
    if isinstance(question, AnswerQuestion) and question.labelled and isinstance(answer, Mapping):
        readable = {name: one for name, one in answer.items() if unread_in(one) is None}
    elif (fault := unread_in(answer)) is not None:
        return replace(response, value=None, failure=unread(fault, file=file))
    rules = question.numbers if isinstance(question, AnswerQuestion) else USUAL_NUMBERS
    value = read_typed(readable, kind=question.kind, file=file, rules=rules)
    if readable is not answer:
        value = {name: value.get(name, unread_in(one)) for name, one in answer.items()}
    return replace(response, value=value)


def _list_all_the_same(question: Question, failure: Failure) -> Value | None:
    """The list that stands in brackets, though it is not YAML: `[[1. 2.] [3. 4.]]`, `[1, 2]^T`."""
    if not isinstance(question, AnswerQuestion) or question.labelled:
        return None
    if not KINDS[question.kind].listed or failure.message.endswith(KEEP_ONE):
        return None
    text = _NAME_BEFORE.sub("", failure.typed).strip()
    if failure.reason is not Reason.UNREADABLE or text[:1] not in ("[", "{"):
        return None
    from grader.judge.mark.typed_lists import typed_list

    found = typed_list(text, question.numbers)
    return found if isinstance(found, tuple) else None


def _answering(question: Question, key: Key, responses: Mapping[str, Response]) -> Response:
    said = responses.get(question.id)
    made = responses.get(key.asks.get(question.id, ""))
    for response in (said, made):
        if response is not None and response.failure is None:
            return response
    if said is not None:
        return said
    if made is None:
        raise KeyError(question.id)
    assert made.failure is not None
    if made.failure.reason is Reason.NAME_NOT_DEFINED:
        return Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    return made


def read_typed(value: Value, *, kind: str, file: str, rules: NumberRules = USUAL_NUMBERS) -> Value:
    """What an answer that stands in a sheet says, for a question of this kind.

    An unquoted scalar is a number, a truth, nothing or a word, by the rules of YAML or, in a file
    that is called so, of JSON. A quoted one is a text; where numbers are asked for, it is a number
    if it reads like one. A text question is answered by the text itself, whatever it looks like.
    """
    if KINDS[kind].text:
        return str(texts_of(value))
    plain = _json if file.endswith(".json") else _yaml
    if KINDS[kind].table:
        from grader.judge.mark.typed_tables import typed_table

        return typed_table(value, plain)
    if not KINDS[kind].numbers:
        return map_leaves(
            value,
            lambda item: _said(item, plain) if isinstance(item, Typed) else item,
        )
    return _numbers(value, plain, rules, listed=KINDS[kind].listed)


def _said(scalar: Typed, plain: Callable[[str], Value]) -> Value:
    """Quotes of a word processor (“…”) stand for those of the keyboard."""
    marks = (scalar.text[:1], scalar.text[-1:])
    if len(scalar.text) > 1 and marks in _SMART_QUOTES:
        return scalar.text[1:-1].strip()
    return scalar.text if scalar.quoted else plain(scalar.text)


def _numbers(
    value: Value, plain: Callable[[str], Value], rules: NumberRules, *, listed: bool
) -> Value:
    """Scalars as numbers where they read like one, and texts as lists where a list is asked for."""
    if isinstance(value, Mapping):
        return {label: _numbers(item, plain, rules, listed=listed) for label, item in value.items()}
    if isinstance(value, tuple):
        value = _without_and_so_on(value) if listed else value
        whole = _joined(value, rules) if listed else None
        if whole is not None:
            return whole
        return tuple(
            _numbers(item, plain, rules, listed=listed and _is_row(item)) for item in value
        )
    if not isinstance(value, Typed):
        return value
    said = _said(value, plain)
    if not isinstance(said, str):
        return said
    if _OF_LATEX.search(said):
        from grader.submissions.latex_value import latex_value

        plain_value = latex_value(said, value.line)
        if listed and isinstance(plain_value, tuple):
            return _numbers(plain_value, plain, rules, listed=listed)
        if isinstance(plain_value, Typed) and not plain_value.fault:
            return _as_typed(said, _number(plain_value.text, rules, listed=listed))
    return _number(said, rules, listed=listed)


def _without_and_so_on(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """The items of a list that goes on as `[1, 2, …]`."""
    last = items[-1] if len(items) > 1 else None
    return items[:-1] if isinstance(last, Typed) and last.text in _DOTS else items


def _joined(items: tuple[Value, ...], rules: NumberRules) -> Value | None:
    """The list that a sheet cut at its commas; None where all that stands there is numbers."""
    if not any(isinstance(item, Typed) for item in items):
        return None
    plain = len(items) > 1 and not rules.decimal_comma
    if plain and all(isinstance(one, Typed) and _OF_NUMBERS.issuperset(one.text) for one in items):
        return None
    from grader.judge.mark.typed_lists import joined

    return joined(items, rules)


def _is_row(item: Value) -> bool:
    """Whether it is a row that was kept as it was typed: `[0,25, 0,5]`."""
    return isinstance(item, Typed) and not item.quoted and item.text.startswith("[")


def _number(said: str, rules: NumberRules, *, listed: bool) -> Value:
    """The number or list that a text says, or what to change."""
    from grader.judge.mark.typed_lists import typed_list, why_no_list
    from grader.judge.mark.typed_numbers import typed_number

    if not listed:
        return typed_number(said, rules)
    found = typed_list(said, rules)
    if found is not None:
        return found
    number = typed_number(said, rules)
    why = why_no_list(said, rules) if isinstance(number, str) else ""
    return Unread(said, why) if why else number


def _as_typed(said: str, read: Value) -> Value:
    """What was read, or what to change in the text as it was typed."""
    if isinstance(read, Unread):
        return Unread(said, read.why)
    return said if isinstance(read, str) else read


def _yaml(text: str) -> Value:
    return typed_value(read_scalar(text))


def _json(text: str) -> Value:
    if text in _JSON_WORDS:
        return _JSON_WORDS[text]
    number = text.replace("Infinity", "inf")
    return NumberText.parse(number) or number[:MAX_NUMBER_TEXT]
