"""Which question each name in a sheet is meant for, and what is said of names that are for none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.collect.labelled import as_parts, in_order
from grader.model.diagnostic import Place
from grader.model.response import Failure
from grader.model.typed import Typed, texts_of
from grader.model.value import Value, leaves
from grader.plan import Plan
from grader.spec.problems import did_you_mean
from grader.submissions.answered import Stray
from grader.submissions.meant import meant, meant_part
from grader.submissions.sheet import Sheet, unread

__all__ = ["Named", "by_question"]

_FIRST_WORD = re.compile(r"\s*(?P<word>\w[\w.-]*\w|\w)\s*(?:[\s={(\[:：|>,-]).+", re.DOTALL)
_MOST_TOLD = 10
_LONGEST_NAME = 60
_LONGEST_ANSWER = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Sheets whose names are ids of questions, as far as that can be told, and what was odd."""

    sheet: Sheet
    notes: tuple[str, ...]


def by_question(plan: Plan, sheet: Sheet) -> Named:
    """Read names in other letters, and parts at the top of a sheet, where only one is meant."""
    return _Names(plan, sheet).named()


class _Names:
    def __init__(self, plan: Plan, sheet: Sheet) -> None:
        self._ids = tuple(question.question for question in plan.questions)
        self._parts = {ask.question: ask.labels for ask in plan.asks if ask.labels}
        self._sheet = sheet
        self._answers: dict[str, Value] = {}
        self._places: dict[str, Place] = {}
        self._unread: dict[str, Failure] = {}
        self._read: list[str] = []  #: how names were read
        self._unknown: list[str] = []
        self._lost: list[str] = []  #: lines that belong to no answer, and why

    def named(self) -> Named:
        sheet = self._sheet
        others: list[str] = []
        for name in (*sheet.answers, *sheet.unread):
            if name in self._ids:
                self._take(name, name)
            else:
                others.append(name)
        for question in [*self._answers]:
            self._moved_out(question)
        others = [name for name in others if not self._unwrapped(name)]
        left = [name for name in others if not self._as_question(name, others)]
        for name in left:
            if not self._as_part(name) and not self._without_colon(name):
                self._unknown.append(name)
        strays = [stray for stray in sheet.strays if not self._claim(stray)]
        self._lost += [
            f"{stray.place}: {stray.why}" for stray in strays if stray.name or stray.text
        ]
        found = replace(
            sheet,
            answers=self._answers,
            places=self._places,
            unread={name: one for name, one in self._unread.items() if name not in self._answers},
        )
        return Named(sheet=found, notes=(*self._read, *self._lines()))

    def _take(self, name: str, question: str) -> None:
        """What stands under a name is the answer to a question."""
        if name in self._sheet.answers:
            answer = self._sheet.answers[name]
            if question in self._parts:
                answer = as_parts(answer, self._parts[question], question)
                answer = self._in_order(name, answer, self._parts[question])
            self._answers[question] = answer
            self._places[question] = self._sheet.places[name]
        else:
            self._unread[question] = self._sheet.unread[name]

    def _in_order(self, name: str, answer: Value, labels: Sequence[str]) -> Value:
        """A list of as many items as there are parts, as these."""
        parts = in_order(answer, labels)
        if parts is None:
            return answer
        listed = ", ".join(labels[:_MOST_TOLD])
        self._read.append(f"{self._at(name)}the list is read in the order of the parts: {listed}")
        return parts

    def _has(self, question: str) -> bool:
        return question in self._answers or question in self._unread

    def _unwrapped(self, name: str) -> bool:
        """`answers: {a: 1, b: 2}`: questions that stand below the name of none."""
        inner = self._sheet.answers.get(name)
        if not isinstance(inner, Mapping) or meant(name, self._ids) is not None:
            return False
        asked = {one: meant(str(one), self._ids) for one in inner}
        if any(question is None for question in asked.values()) or not inner:
            return False
        place = self._sheet.places[name]
        for one, question in asked.items():
            if question is None or self._has(question):
                continue
            value = inner[one]
            here = replace(place, line=first_line(value) or place.line)
            if isinstance(value, Typed) and value.fault:
                self._unread[question] = unread(value, file=place.file)
            else:
                self._answers[question], self._places[question] = value, here
        self._read.append(
            f"{place}: {_shown(name)} is not a question; what stands below it is read"
        )
        return True

    def _as_question(self, name: str, others: list[str]) -> bool:
        question = meant(name, self._ids)
        if question is None:
            return False
        if self._has(question):
            return self._is_again(name, question)
        same = [one for one in others if meant(one, self._ids) == question]
        if len(same) == 1:
            self._take(name, question)
            self._read.append(f"{self._at(name)}{_shown(name)} is read as {question}")
            return True
        both = " and ".join(map(_shown, same[:2]))
        lines = [self._line(one) for one in same[:2]]
        fault = f"{both} both stand for {question}; keep one"
        typed = "\n".join(f"{one}: {_text(self._value(one))}" for one in same[:2])
        self._unread[question] = unread(
            Typed(typed, quoted=False, line=lines[0].line, fault=fault), file=lines[0].file
        )
        return True

    def _is_again(self, name: str, question: str) -> bool:
        """A question that is answered under its own name as well: the same is one, of two that
        differ neither counts."""
        if question not in self._answers or name not in self._sheet.answers:
            return False
        if texts_of(self._answers[question]) != texts_of(self._sheet.answers[name]):
            place = self._places.pop(question)
            fault = f"{_shown(question)} and {_shown(name)} both stand for {question}; keep one"
            said = f"{_text(self._answers.pop(question))}\n{_text(self._sheet.answers[name])}"
            typed = Typed(said, quoted=False, line=place.line, fault=fault)
            self._unread[question] = unread(typed, file=place.file)
        return True

    def _as_part(self, name: str) -> bool:
        """A part of a question that stands beside the questions."""
        owners = [
            (question, part)
            for question, labels in self._parts.items()
            if (part := meant_part(name, labels, question)) is not None
        ]
        exact = [owner for owner in owners if owner[1] == name]
        owners = exact or owners
        if len(owners) != 1:
            return False
        question, part = owners[0]
        rest = self._answers.get(question, {})
        if question in self._unread or not isinstance(rest, Mapping) or part in rest:
            return False
        self._answers[question] = {**rest, part: self._value(name)}
        self._places.setdefault(question, self._line(name))
        self._read.append(
            f"{self._at(name)}{_shown(name)} is read as the part {part} of {question}"
        )
        return True

    def _without_colon(self, name: str) -> bool:
        """`q {a: 1}` and `q = see: below`: the colon of a name stands further on in its line."""
        found = _FIRST_WORD.match(name)
        question = meant(found["word"], self._ids) if found is not None else None
        if found is None or question is None or self._has(question):
            return False
        place, value = self._line(name), self._value(name)
        typed = (
            value.text if isinstance(value, Typed) and value.fault else f"{name}: {_text(value)}"
        )
        fault = f"`{typed[:_LONGEST_NAME]}`: a colon and a space are missing behind {found['word']}"
        line = Typed(typed, quoted=False, line=place.line, fault=fault)
        self._unread[question] = unread(line, file=place.file)
        return True

    def _moved_out(self, question: str) -> None:
        """Questions that are indented like parts of the one above them."""
        answer = self._answers[question]
        if not isinstance(answer, Mapping):
            return
        labels = self._parts.get(question, ())
        moved = [
            name
            for name in answer
            if name in self._ids and not self._has(name) and meant_part(name, labels) is None
        ]
        rest = {name: one for name, one in answer.items() if name not in moved}
        if not moved or not rest:
            return
        self._answers[question] = rest
        place = self._places[question]
        for name in moved:
            one, line = answer[name], first_line(answer[name]) or place.line
            here = replace(place, line=line)
            if isinstance(one, Typed) and one.fault:
                self._unread[name] = unread(one, file=place.file)
                continue
            self._answers[name], self._places[name] = one, here
            self._read.append(f"{here}: {_shown(name)} is read as the question, not as a part")

    def _value(self, name: str) -> Value:
        if name in self._sheet.answers:
            return self._sheet.answers[name]
        failure = self._sheet.unread[name]
        return Typed(failure.typed, quoted=False, line=failure.line, fault=failure.message)

    def _claim(self, stray: Stray) -> bool:
        """A line without a colon may begin with the name of a question that is not answered."""
        question = meant(stray.name, self._ids) if stray.name else None
        if question is None or self._has(question):
            return False
        typed = Typed(stray.text, quoted=False, line=stray.place.line, fault=stray.why)
        self._unread[question] = unread(typed, file=stray.place.file)
        return True

    def _line(self, name: str) -> Place:
        if name in self._sheet.places:
            return self._sheet.places[name]
        failure = self._sheet.unread[name]
        return Place(file=failure.file, line=failure.line)

    def _at(self, name: str) -> str:
        return f"{self._line(name)}: "

    def _lines(self) -> Iterator[str]:
        """What is said of names and lines that are for no question."""
        for name in self._unknown[:_MOST_TOLD]:
            yield f"there is no question {_shown(name)}{self._near(name)}"
        if len(self._unknown) > _MOST_TOLD:
            more = len(self._unknown) - _MOST_TOLD
            yield f"there are no questions of {more} more names in the sheet either"
        yield from self._lost[:_MOST_TOLD]
        if len(self._lost) > _MOST_TOLD:
            yield f"{len(self._lost) - _MOST_TOLD} more lines belong to no answer"

    def _near(self, name: str) -> str:
        """What was wanted in its place, as far as that can be told."""
        failure = self._sheet.unread.get(name)
        said = f": {failure.message}" if failure is not None else ""
        owners = [
            question
            for question, labels in self._parts.items()
            if meant_part(name, labels, question) is not None
        ]
        if owners:
            listed = " and of ".join(owners[:3])
            wanted = f"{owners[0]}: {{{name[:_LONGEST_NAME]}: …}}"
            return f"{said}; it may be a part of {listed}: write `{wanted}`"
        near = did_you_mean(name[:_LONGEST_NAME], self._ids)
        return f"{said}; {near}" if near else said


def first_line(value: Value) -> int:
    """The line of the first scalar of an answer."""
    return next((one.line for one in leaves(value) if isinstance(one, Typed)), 0)


def _shown(name: str) -> str:
    return repr(name[:_LONGEST_NAME])


def _text(value: Value) -> str:
    return str(texts_of(value))[:_LONGEST_ANSWER]
