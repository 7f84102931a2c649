"""The answers of a report put together: it may answer in many places."""

from __future__ import annotations

from collections.abc import Sequence

from grader.model.diagnostic import Place
from grader.model.typed import Typed, texts_of
from grader.model.value import Value
from grader.submissions.sheet_text import SheetText, Stray

__all__ = ["Gathered"]

_LONGEST_SHOWN = 60


class Gathered:
    """Takes in answers in the order of a report. Two that say the same are one; where two differ,
    the answer cannot be read, as in a sheet that has a name twice."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._answers: dict[str, Value] = {}
        self._places: dict[str, Place] = {}
        self._strays: list[Stray] = []

    def add(self, path: Sequence[str], value: Value, line: int) -> None:
        """The answer to a question, or to the part that the names behind it lead to."""
        name, *inner = path
        whole = self._within(inner, value)
        if name in self._answers:
            self._answers[name] = self._joined(name, self._answers[name], whole, line)
        else:
            self._answers[name] = whole
            self._places[name] = Place(file=self._file, line=line)

    def add_all(self, text: SheetText) -> None:
        """What a block of a report answers."""
        for name, value in text.answers.items():
            self.add([name], value, text.places[name].line)
        self._strays += text.strays

    def text(self) -> SheetText:
        return SheetText(answers=self._answers, places=self._places, strays=tuple(self._strays))

    @staticmethod
    def _within(inner: Sequence[str], value: Value) -> Value:
        for name in reversed(inner):
            value = {name: value}
        return value

    def _joined(self, name: str, first: Value, second: Value, line: int) -> Value:
        if _is_empty(first) or _is_empty(second):
            return second if _is_empty(first) else first
        if isinstance(first, dict) and isinstance(second, dict):
            both = dict(first)
            for label, value in second.items():
                known = label in both
                both[label] = self._joined(label, both[label], value, line) if known else value
            return both
        if texts_of(first) == texts_of(second) or (isinstance(first, Typed) and first.fault):
            return first
        begun = _line_of(first)
        said = "\n".join(str(texts_of(one)) for one in (first, second))
        shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
        fault = f"`{shown}` is answered in line {begun} and otherwise in line {line}; keep one"
        return Typed(said, quoted=False, line=begun, fault=fault)


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, Typed) and not (value.quoted or value.text))


def _line_of(value: Value) -> int:
    """The line of the first scalar in it."""
    while isinstance(value, tuple | dict) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value.line if isinstance(value, Typed) else 0
