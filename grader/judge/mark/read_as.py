"""How an answer was understood, where that is not letter for letter what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.compare.expression import understand_formula
from grader.compare.formula import FormulaError
from grader.judge.expect.key import Key
from grader.judge.mark.options import chosen_option
from grader.judge.mark.parts import typed_names
from grader.judge.words.values import shown
from grader.model.assignment import AnswerQuestion, Part, Question
from grader.model.typed import Typed, texts_of
from grader.model.value import ComplexText, NumberText, Value

__all__ = ["HowRead", "how_read"]

_DECIMALS = 12  # a fraction that ends after so many is shown as a decimal
_SHOWN_NAME = 60
_SHOWN = 400  # characters of a formula


@dataclass(frozen=True, slots=True)
class HowRead:
    """How an answer was understood; empty where that is letter for letter what was typed."""

    text: str = ""
    lenient: tuple[str, ...] = ()  #: kinds of readings beyond the plain grammar


def how_read(question: Question, key: Key, typed: Value, read: Value) -> Mapping[str, HowRead]:
    """The option, number or formula that was read, by the label of a part ("" without).

    `typed` is the answer as it stands in the sheet, or what a module gave.
    """
    if not isinstance(question, AnswerQuestion):
        return {}
    texts = texts_of(typed)
    names: Mapping[str, str] = {}  #: by label, what stands there instead of it
    if not question.labelled:
        pairs = [(question.parts[0], texts, read)]
    elif isinstance(texts, Mapping) and isinstance(read, Mapping):
        answers = {str(label): answer for label, answer in read.items()}
        given = {str(label): answer for label, answer in texts.items()}
        names = typed_names(question, given)
        pairs = [
            (part, given.get(names.get(part.label, part.label)), answers.get(part.label))
            for part in question.parts
        ]
    else:
        return {}
    found = {part.label: _read_as(question, part, key, *pair) for part, *pair in pairs}
    for label, name in names.items():
        found[label] = _renamed(label, name, found[label])
    return {label: read for label, read in found.items() if read.text}


def _renamed(label: str, name: str, read: HowRead) -> HowRead:
    """With the name that was typed instead of the part's own."""
    text = f"{label} (typed as {name[:_SHOWN_NAME]})" + (f": {read.text}" if read.text else "")
    return HowRead(text, (*read.lenient, "name of a part"))


def _read_as(question: AnswerQuestion, part: Part, key: Key, text: Value, read: Value) -> HowRead:
    if isinstance(read, Typed):  # it cannot be read
        return HowRead()
    if question.nature.option:
        option = chosen_option(part, read)
        return HowRead(option) if option is not None and option != str(text) else HowRead()
    if question.nature.formula:
        return _formula(question, part, key, read)
    if question.nature.numbers and isinstance(text, str | tuple):
        return HowRead(_numbers(read, text)[:_SHOWN])
    return HowRead()


def _numbers(read: Value, typed: Value) -> str:
    """Numbers and lists that were read from a text; empty where they are letter for letter that."""
    if isinstance(typed, tuple) and isinstance(read, tuple) and len(typed) == len(read):
        same = all(_numbers(one, other) == "" for one, other in zip(read, typed, strict=True))
        return "" if same else _written(read)
    if isinstance(read, NumberText | ComplexText):
        return _written(read) if read.text != typed else ""
    if isinstance(read, float | complex | tuple) and not isinstance(typed, float | complex):
        return _written(read)
    return ""


def _written(read: Value) -> str:
    if isinstance(read, tuple):
        return f"[{', '.join(map(_written, read))}]"
    if isinstance(read, NumberText):
        ends = read.is_finite and 10**_DECIMALS % read.exact.denominator == 0
        return f"{float(read):.15g}" if ends and "/" in read.text else read.text
    if isinstance(read, complex):
        return f"{read.real:.12g} {'-' if read.imag < 0 else '+'} {abs(read.imag):.12g}i"
    return f"{read:.12g}" if isinstance(read, float) else shown(read, _SHOWN)


def _formula(question: AnswerQuestion, part: Part, key: Key, read: Value) -> HowRead:
    """The formula in print where more than the plain grammar was needed to read it."""
    try:
        found = understand_formula(read, key.formulas[question.id, part.label].language)
    except FormulaError:
        return HowRead()
    if not found.lenient:
        return HowRead()
    shown = found.text if len(found.text) <= _SHOWN else f"{found.text[:_SHOWN]}…"
    return HowRead(shown, found.lenient)
