"""What form an answer is to have: what may be said of it before anybody has answered.

It holds nothing of the key but how many numbers there are, where that is not the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.compare.formula import Language
from grader.judge.expect.key import Key
from grader.model.assignment import AnswerQuestion, Assignment, Part, Question
from grader.model.series import Criterion, SeriesQuestion
from grader.model.typed import USUAL_NUMBERS, NumberRules
from grader.model.value import shape_of

__all__ = ["WantedAnswer", "WantedQuestion", "wanted_questions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAnswer:
    """One answer: of a question, or of one of its parts."""

    label: str = ""  #: of the part
    #: how many numbers there are along each axis, None for what is to be found out; of a formula
    #: it is empty, and so it is of a single number
    shape: tuple[int | None, ...] = ()
    decimals: int | None = None
    sigfigs: int | None = None
    strict: bool = False  #: neither fewer nor more digits
    any_order: bool = False
    any_multiple: bool = False  #: either sign, or any multiple but zero
    options: Mapping[str, str] = field(default_factory=dict)  #: name → what it says
    symbols: tuple[str, ...] = ()  #: that a formula may use
    functions: Mapping[str, str] = field(default_factory=dict)  #: the same; name → as it is written


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedQuestion:
    """A question of an assignment, with every answer that a sheet may give to it."""

    question: Question
    answers: tuple[WantedAnswer, ...] = ()  #: none where it is answered by code
    numbers: NumberRules = USUAL_NUMBERS
    best: tuple[str, ...] = ()  #: columns of a table, of which the best row is stated under `best`

    @property
    def labelled(self) -> bool:
        """Whether it has parts, or columns."""
        return bool(self.answers and self.answers[0].label)


def wanted_questions(assignment: Assignment, key: Key) -> tuple[WantedQuestion, ...]:
    """Every question of an assignment in its order, with the form of what answers it."""
    return tuple(_wanted(assignment, question, key) for question in assignment.questions)


def _wanted(assignment: Assignment, question: Question, key: Key) -> WantedQuestion:
    if isinstance(question, AnswerQuestion):
        answers = tuple(_answer(assignment, question, part, key) for part in question.parts)
        return WantedQuestion(question=question, answers=answers, numbers=question.numbers)
    if isinstance(question, SeriesQuestion):
        columns = tuple(WantedAnswer(label=column, shape=(None,)) for column in question.columns)
        best = dict.fromkeys(name for one in question.criteria for name in _best(one))
        return WantedQuestion(question=question, answers=columns, best=tuple(best))
    answers = () if question.nature.by_code else (WantedAnswer(),)
    return WantedQuestion(question=question, answers=answers)


def _best(criterion: Criterion) -> tuple[str, ...]:
    return criterion.names if criterion.rule == "states_best" else ()


def _answer(assignment: Assignment, question: AnswerQuestion, part: Part, key: Key) -> WantedAnswer:
    place = (question.id, part.label)
    if question.nature.formula:
        language = key.formulas[place].language
        return WantedAnswer(
            label=part.label,
            symbols=_symbols(assignment, question, part, language),
            functions=_functions(assignment, language),
        )
    if question.nature.option:
        return WantedAnswer(label=part.label, options=part.options)
    tolerance = part.tolerance
    shape: tuple[int | None, ...] = shape_of(key.parts[place]) or ()
    if shape and (question.length == "hidden" or question.count_asked):
        shape = (None, *shape[1:])
    return WantedAnswer(
        label=part.label,
        shape=shape,
        decimals=tolerance.decimals,
        sigfigs=tolerance.sigfigs,
        strict=tolerance.strict,
        any_order=tolerance.unordered,
        any_multiple=tolerance.proportional or tolerance.up_to_sign,
    )


def _symbols(
    assignment: Assignment, question: AnswerQuestion, part: Part, language: Language
) -> tuple[str, ...]:
    """The names that a formula is meant to be made of.

    A step cannot be used to give itself. That it is missing would tell which one is asked for, so
    it is left out only where the question or the part has its name.
    """
    formulas = assignment.formulas
    others = (*formulas.symbols, *formulas.domains) if question.symbols is None else ()
    asked_of = (name for name in language.symbols.values() if name not in formulas.domains)
    own = {question.id, part.label} & {part.step}
    names = dict.fromkeys((*(question.symbols or ()), *others, *asked_of))
    return tuple(name for name in names if name not in own)


def _functions(assignment: Assignment, language: Language) -> Mapping[str, str]:
    """The names of the assignment's functions, each with the first of its other spellings."""
    names = dict.fromkeys(language.functions.values())
    return {name: next(iter(assignment.formulas.functions.get(name, ())), name) for name in names}
