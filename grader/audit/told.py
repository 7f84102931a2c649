"""Does what a student reads about a mistake give an answer away?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from grader.audit.finding import Finding
from grader.compare.expression import compare_expression
from grader.compare.formula import Formula, FormulaError, Language, parse_formula
from grader.compare.formula.language import BUILT_IN
from grader.judge.expect.key import FormulaKey, Key
from grader.judge.explain.distance import apart
from grader.model.assignment import AnswerQuestion, Assignment, Mistake, Part
from grader.model.value import NumberText, Value

__all__ = ["told"]

_MOST_WORDS = 14
_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?:/\d+)?(?![\w.]*\w)")
_EDGES = ".,;:!?\"'“”"
_SHORT_OPTION = 12  # characters: shorter words are said without meaning the option
#: Numbers that are said in any sentence about anything.
_EVERYDAY = (-1.0, 0.0, 1.0, 2.0)


def told(assignment: Assignment, key: Key) -> Iterator[Finding]:
    """Hold the sentences of every mistake against every right answer that is not an everyday word.

    A formula is found among the words of a sentence by reading them as one, and held against the
    key as an answer is. A number that is a given says nothing of an answer.
    """
    for mistake in assignment.mistakes:
        seen = set()
        for question, part in _parts(assignment):
            if question.id in seen:
                continue
            answer = _answer_in(mistake, question, part, assignment, key)
            if answer:
                seen.add(question.id)
                name = f"{question.id} ({part.label})" if part.label else question.id
                yield Finding(
                    check="told",
                    question=question.id,
                    place=name,
                    hole=f"the feedback of {mistake.id} tells students the answer: “{answer}”",
                    remedy="say what to look at; what staff are to read goes under `staff:`",
                )


def _parts(assignment: Assignment) -> Iterator[tuple[AnswerQuestion, Part]]:
    for question in assignment.questions:
        if isinstance(question, AnswerQuestion):
            yield from ((question, part) for part in question.parts)


def _answer_in(
    mistake: Mistake, question: AnswerQuestion, part: Part, assignment: Assignment, key: Key
) -> str:
    """The words of a mistake's feedback that answer a part; "" where none do."""
    place = (question.id, part.label)
    text = mistake.feedback
    if question.nature.formula:
        formula = key.formulas.get(place)
        return _formula_in(text, formula, part) if formula is not None else ""
    right = key.parts.get(place)
    if question.nature.option:
        words = part.options.get(str(right), "")
        said = len(words) >= _SHORT_OPTION and words.casefold() in text.casefold()
        return words if said else ""
    if question.nature.numbers and right is not None:
        return _number_in(text, part, right, assignment.givens)
    return ""


# -- numbers ---------------------------------------------------------------------------------------


def _number_in(text: str, part: Part, right: Value, givens: Mapping[str, Value]) -> str:
    known = {float(np.asarray(value)) for value in givens.values() if _is_number(value)}
    rights = [value for value in np.asarray(_plain(right)).ravel().tolist() if _is_number(value)]
    for found in _NUMBER.finditer(text):
        number = _read(found.group())
        if number in known or number in _EVERYDAY:
            continue
        if any(apart(part, number, float(value)) <= 1 for value in rights):
            return found.group()
    return ""


def _plain(value: Value) -> Value:
    return float(value.exact) if isinstance(value, NumberText) else value


def _is_number(value: Value) -> bool:
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf"


def _read(text: str) -> float:
    above, _, below = text.replace("−", "-").partition("/")
    return float(above) / (float(below) if below and float(below) else 1.0)


# -- formulas --------------------------------------------------------------------------------------


def _formula_in(text: str, key: FormulaKey, part: Part) -> str:
    for words in _runs(text.split(), key.language):
        for length in range(min(len(words), _MOST_WORDS), 0, -1):
            for start in range(len(words) - length + 1):
                candidate = " ".join(words[start : start + length]).strip(_EDGES)
                if _is_right(candidate, key, part):
                    return candidate
    return ""


def _runs(words: Sequence[str], language: Language) -> Iterator[list[str]]:
    """The longest runs of words that hold no name but those of formulas."""
    known = {*language.symbols, *language.functions, *language.constants, *BUILT_IN, "T"}
    run: list[str] = []
    for word in (*words, "…"):
        names = _NAME.findall(word.strip(_EDGES))
        if word != "…" and all(name.rstrip("ᵀ") in known or len(name) <= 2 for name in names):
            run.append(word)
            continue
        if run:
            yield run
        run = []


def _is_right(text: str, key: FormulaKey, part: Part) -> bool:
    try:
        formula = parse_formula(text, key.language)
    except FormulaError:
        return False
    if not _says_something(formula):
        return False
    return compare_expression(
        actual=text,
        samples=key.samples,
        expected=key.expected,
        language=key.language,
        tolerance=part.tolerance,
        sizes=key.sizes,
        quotients=True,
    ).accepted


def _says_something(formula: Formula) -> bool:
    """Whether it is more than a name or a number."""
    if formula.head == "negative":
        return _says_something(formula.operands[0])
    return bool(formula.operands)
