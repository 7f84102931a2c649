"""Read a relation that an author publishes: `p[k+1] == p[k] - learning_rate * gradient(p[k])`.

It is in the language of formulas, and besides that answers have indices. A name that stands only in
indices runs over all rows at which every answer has one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.compare.formula import Formula, FormulaError, Language, parse_formula
from grader.compare.formula.language import BUILT_IN, CONSTANTS, HIDEABLE, OTHER_SPELLINGS
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.model.value import Value, leaves
from grader.spec.problems import did_you_mean

__all__ = ["Indexed", "Position", "Relation", "RelationFault", "read_relation"]

_NAME = re.compile(r"[^\W\d]\w*")
_INDEXED = re.compile(r"([^\W\d]\w*)((?:\s*\[[^\[\]]*\])+)")
_SIGN = re.compile(r"==|<=|>=|<|>")
_LATEX = re.compile(r"[$\\{}]")
_WHOLE = re.compile(r"-?\d+")
_MOVED = re.compile(r"([^\W\d]\w*)\s*(?:([+-])\s*(\d+))?|(\d+)\s*\+\s*([^\W\d]\w*)")


class RelationFault(Exception):
    """A relation that cannot be checked. The message is one sentence for the author."""

    def __init__(self, message: str, at: int, remedy: str = "") -> None:
        super().__init__(message)
        self.at = at  #: characters before what is wrong
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One index: a number, or a name that runs with a number added."""

    name: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An answer, or an entry of it, as a relation names it."""

    question: str
    label: str = ""  #: of the part
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relation:
    """Two sides, and what their names stand for."""

    text: str
    sign: str  #: ==, <, <=, > or >=
    left: Formula
    right: Formula
    answers: Mapping[str, Indexed]  #: by the symbols that stand for them on both sides
    givens: tuple[str, ...]
    running: tuple[str, ...]  #: names that run over rows
    functions: Mapping[str, str]  #: name in the relation → id of the function question

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of all questions that it is about."""
        names = (one.question for one in self.answers.values())
        return tuple(dict.fromkeys((*names, *self.functions.values())))


def read_relation(text: str, assignment: Assignment) -> Relation:
    """Read one. Raises RelationFault, which says where the fault is."""
    return _Reader(text, assignment).relation()


class _Reader:
    def __init__(self, text: str, assignment: Assignment) -> None:
        self._text = text
        self._assignment = assignment
        self._asked = {
            one.id: one
            for one in assignment.questions
            if isinstance(one, AnswerQuestion) and one.nature.numbers
        }
        self._functions = {
            name: one.id
            for one in assignment.questions
            if isinstance(one, FunctionQuestion) and one.driver is None
            for name in (one.id, one.entry)
        }
        self._givens = [name for name, value in assignment.givens.items() if _numeric(value)]
        self._answers: dict[str, Indexed] = {}
        self._running: dict[str, None] = {}

    def relation(self) -> Relation:
        latex = _LATEX.search(self._text)
        if latex is not None:
            message = f"{latex[0]!r} does not belong in a relation: write it without LaTeX"
            raise RelationFault(message, latex.start())
        text = self._with_symbols()
        used = self._check_names()
        signs = [*_SIGN.finditer(text)]
        if len(signs) != 1:
            message = "a relation has two sides with ==, <, <=, > or >= between them"
            raise RelationFault(message, 0)
        sign = signs[0]
        language = Language.of(
            dict.fromkeys((*self._answers, *self._givens, *self._running), ()),
            dict.fromkeys(self._functions, ()),
            matrix_power=self._assignment.formulas.matrix_power,
        )
        left = self._side(text[: sign.start()], language)
        right = self._side(text[sign.end() :], language)
        found = Relation(
            text=" ".join(self._text.split()),
            sign=sign[0],
            left=left,
            right=right,
            answers=self._answers,
            givens=tuple(name for name in self._givens if name in used),
            running=tuple(self._running),
            functions={name: of for name, of in self._functions.items() if name in used},
        )
        if not found.questions:
            message = "it names nothing that students write: neither an answer nor a function"
            raise RelationFault(message, 0)
        return found

    def _side(self, text: str, language: Language) -> Formula:
        try:
            return parse_formula(text, language)
        except FormulaError as error:
            said = str(error)
            for symbol, one in self._answers.items():
                said = said.replace(symbol, _written(one))
            raise RelationFault(f"it cannot be read: {said}", 0) from None

    # -- indices ---------------------------------------------------------------------------------

    def _with_symbols(self) -> str:
        """The text with a symbol in the place of each answer with its indices."""

        def symbol(match: re.Match[str]) -> str:
            name = match[1]
            if name not in self._asked:
                self._refuse(name, match.start(), indexed=True)
            return self._symbol(self._indexed(name, match))

        text = _INDEXED.sub(symbol, self._text)

        def alone(match: re.Match[str]) -> str:
            name = match[0]
            return self._symbol(Indexed(question=name)) if name in self._asked else name

        return _NAME.sub(alone, text)

    def _symbol(self, one: Indexed) -> str:
        known = {indexed: name for name, indexed in self._answers.items()}
        name = known.get(one) or f"relation_answer_{len(known) + 1:04}"  # none begins another
        self._answers[name] = one
        return f" {name} "

    def _indexed(self, name: str, match: re.Match[str]) -> Indexed:
        question = self._asked[name]
        texts = [
            (piece, match.start(2) + bracket.start(1) + offset)
            for bracket in re.finditer(r"\[([^\[\]]*)\]", match[2])
            for piece, offset in _pieces(bracket[1])
        ]
        label = ""
        if question.labelled:
            labels = [part.label for part in question.parts]
            label, at = texts.pop(0)
            if label not in labels:
                near = did_you_mean(label, labels) or f"its parts are {', '.join(labels)}"
                raise RelationFault(f"{name} has no part {label!r}", at, near)
        positions = tuple(self._position(text, at) for text, at in texts)
        return Indexed(question=name, label=label, positions=positions)

    def _position(self, text: str, at: int) -> Position:
        if _WHOLE.fullmatch(text):
            return Position(number=int(text))
        moved = _MOVED.fullmatch(text)
        if moved is None:
            message = f"{text!r} is not an index: write k, k+1, k-1 or a whole number"
            raise RelationFault(message, at)
        name, sign, number, number_first, name_last = moved.groups()
        name = name or name_last
        by = int(number or number_first or 0) * (-1 if sign == "-" else 1)
        value = self._assignment.givens.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return Position(number=value + by)
        taken = name in (*self._asked, *self._functions, *self._assignment.givens)
        if taken or name in BUILT_IN:
            raise RelationFault(f"{name!r} cannot be an index: it stands for something else", at)
        self._running[name] = None
        return Position(name=name, number=by)

    # -- names -----------------------------------------------------------------------------------

    def _check_names(self) -> set[str]:
        """The names outside of indices. Raises RelationFault for the first that nothing has."""
        used = set()
        own = {*self._asked, *self._givens, *self._running, *self._functions}
        built_in = {*BUILT_IN, *OTHER_SPELLINGS, *CONSTANTS}
        without_indices = _INDEXED.sub(lambda m: m[1] + " " * len(m[2]), self._text)
        for match in _NAME.finditer(without_indices):
            name = match[0]
            if name in self._functions and name in built_in - HIDEABLE:
                message = f"{name!r} is a function of formulas, and cannot stand for the student's"
                raise RelationFault(message, match.start())
            if name not in own | built_in:
                self._refuse(name, match.start())
            question = self._asked.get(name)
            indexed = self._text[match.end() :].lstrip().startswith("[")
            if question is not None and question.labelled and not indexed:
                labels = ", ".join(part.label for part in question.parts)
                message = f"{name} has parts: write {name}[{question.parts[0].label}]"
                raise RelationFault(message, match.start(), f"its parts are {labels}")
            used.add(name)
        return used

    def _refuse(self, name: str, at: int, *, indexed: bool = False) -> None:
        questions = {one.id: one for one in self._assignment.questions}
        known = {*self._asked} if indexed else {*self._asked, *self._givens, *self._functions}
        near = did_you_mean(name, known)
        question = questions.get(name)
        if isinstance(question, FunctionQuestion) and question.driver is not None:
            message = f"{name!r} is run by a driver, and cannot be called in a relation"
        elif question is not None and name not in known:
            message = f"{name!r} is not answered by numbers, and cannot stand in a relation"
        elif indexed and name in (*self._givens, *self._functions):
            message = f"{name!r} has no index: only answers have"
        else:
            what = "an answer" if indexed else "a question, a given or a student's function"
            message = f"{name!r} is not the name of {what}"
        raise RelationFault(message, at, near)


def _pieces(text: str) -> list[tuple[str, int]]:
    """What stands between commas, each with how many characters are before it."""
    found = []
    start = 0
    for piece in text.split(","):
        found.append((piece.strip(), start + len(piece) - len(piece.lstrip())))
        start += len(piece) + 1
    return found


def _written(one: Indexed) -> str:
    places = [
        f"{place.name}{place.number:+d}" if place.name and place.number else place.name
        for place in one.positions
    ]
    numbers = [str(place.number) for place in one.positions]
    inside = [place or number for place, number in zip(places, numbers, strict=True)]
    return one.question + "".join(f"[{index}]" for index in filter(None, (one.label, *inside)))


def _numeric(value: Value) -> bool:
    return all(not isinstance(item, bool | str | bytes | None) for item in leaves(value))
