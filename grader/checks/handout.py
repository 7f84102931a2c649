"""Do the handout and the prompts state other numbers for givens than the spec has?

Read is what is plain, `α = 0.1`, `learning rate of 0.1`, `x0 = (4, 1)` and rows of tables; what may
be part of a formula is not a statement. It is a warning: a name may mean something else elsewhere.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.checks.stated_numbers import Stated, read_stated
from grader.model.assignment import Assignment, Question
from grader.model.diagnostic import Diagnostic, Place
from grader.model.value import Value
from grader.spec.yaml_reader import YamlFault, read_yaml

__all__ = ["check_handout"]

_HANDOUT = "handout.md"
_SPEC = "assignment.yaml"
_LONG = 4  # letters: such a name may be written in prose
_SAME_LENGTH = str.maketrans("`$−–₀₁₂₃₄₅₆₇₈₉", "  --0123456789")
_SIGN = re.compile(r"\s*(?:=|:=|≈|←|:|\|)\s*")
_WORD = re.compile(r"\s+(?:of|is|equals|to)\s+")
_SYMBOL = r"(?:\s*\(?\s*(?:\\[A-Za-z]+|[A-Za-zα-ωϵϕ])[\d_]*\s*\)?)?"  # learning rate α = 0.1
_CONDITION = re.compile(
    r"(?<!start )(?<!begin )\b(?:at|if|when|near|until|unless|while)\s*$", re.IGNORECASE
)
_OPERATOR = re.compile(r"[-+*/^∂·×√=<>|]$|\d$")
_BULLET = re.compile(r"\s*[-+*|]?\s*$")


def check_handout(assignment: Assignment) -> Iterator[Diagnostic]:
    """S405 for each given for which the handout or a prompt states a number that the spec does not
    have.

    What a question or a case has in its place (`at`, `inputs`) is right in the handout and in its
    own prompt. Of a single letter, which often means several things, only one that is nowhere
    stated rightly is told.
    """
    letters = {*assignment.givens, *assignment.formulas.symbols}
    texts = [*_texts(assignment)]
    for name in assignment.givens:
        spellings = _spellings(assignment, name)
        found = [
            (text, row, column, stated, [*_values(assignment, text.questions, name)])
            for text in texts
            for row, line in enumerate(text.lines, start=1)
            for column, stated in _statements(line, spellings, letters)
            if _comparable(stated, assignment.givens[name])
        ]
        wrong = [one for one in found if not any(_agrees(one[3], value) for value in one[4])]
        if len(wrong) < len(found) and len(name) == 1 and name.isascii():
            continue
        for text, row, column, stated, _ in wrong:
            yield Diagnostic(
                code="S405",
                place=text.place(row, column),
                message=f"{text.what} states {stated.text} for {name!r}, which is "
                f"{_shown(assignment.givens[name])} in the spec",
                help="change the one that is wrong; a question that is asked with another value "
                "names it in `at`",
                stops=False,
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Text:
    """What students read, and the questions that it is about."""

    what: str
    lines: Sequence[str]
    questions: Sequence[Question]
    place: Callable[[int, int], Place]  #: of a line and a column in it, from 1


def _texts(assignment: Assignment) -> Iterator[_Text]:
    path = assignment.folder / _HANDOUT
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    yield _Text(
        what="the handout",
        lines=[*map(_plain, lines)],
        questions=assignment.questions,
        place=lambda row, column: Place(file=str(path), line=row, column=column),
    )
    for number, question in enumerate(assignment.questions):
        yield _Text(
            what=f"the prompt of {question.id!r}",
            lines=[*map(_plain, question.prompt.splitlines())],
            questions=(question,),
            place=partial(_of_prompt, assignment, number),
        )


def _of_prompt(assignment: Assignment, number: int, _row: int, _column: int) -> Place:
    """Where the prompt begins: how its lines are broken in the file is not known."""
    path = assignment.folder / _SPEC
    try:
        return read_yaml(path).place(("questions", number, "prompt"))
    except YamlFault:  # it changed meanwhile
        return Place(file=str(path))


def _plain(line: str) -> str:
    """Without marks of Markdown, every character in its column."""
    line = line.translate(_SAME_LENGTH)
    return line.replace("**", "  ").replace("__", "  ")


# -- how a given may be written ------------------------------------------------------------------


def _spellings(assignment: Assignment, name: str) -> list[str]:
    """Regular expressions, one for each way of writing the name."""
    names = {name, *assignment.formulas.symbols.get(name, ())}
    for one in [*names]:
        letters, digits = _letters_and_digits(one)
        if greek := _greek(letters):
            names.add(f"{greek}{digits}")
        elif len(letters) == 1 and ord(letters) > 127:
            words = unicodedata.name(letters, "").split()
            names |= {f"{words[-1].lower()}{digits}"} if "GREEK" in words else set()
    return [_pattern(one) for one in sorted(names)]


def _letters_and_digits(name: str) -> tuple[str, str]:
    """`x_12` and `x12` as x and 12."""
    letters = re.sub(r"\d+\Z", "", name)
    return letters.removesuffix("_"), name[len(letters) :]


def _greek(word: str) -> str:
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {word}") if word.isalpha() else ""
    except KeyError:
        return ""


def _pattern(name: str) -> str:
    letters, digits = _letters_and_digits(name)
    body = r"[ _-]".join(re.escape(word) for word in re.split(r"[_ -]", letters))
    if digits:
        body += rf"\\?_?\{{?{digits}\}}?"
    command = r"\\?" if letters.isascii() and letters.isalpha() else ""
    case = "(?i:" if len(letters) >= _LONG else "(?:"
    return rf"(?<![\w\\'^.]){command}{case}{body})(?![\w'^(])"


# -- what is stated ------------------------------------------------------------------------------


def _statements(
    line: str, spellings: Sequence[str], letters: set[str]
) -> Iterator[tuple[int, Stated]]:
    """Columns and numbers of what a line states for a name."""
    for spelling in spellings:
        for found in re.finditer(spelling, line):
            is_long = len(found[0].strip("\\")) >= _LONG
            before = line[: found.start()]
            if not _may_begin(before, letters, is_long=is_long):
                continue
            stated = _after(line, found.end(), letters, is_long=is_long)
            if stated is not None:
                yield found.start() + 1, stated


def _may_begin(before: str, letters: set[str], *, is_long: bool) -> bool:
    if _BULLET.fullmatch(before):
        return True
    before = before.rstrip()
    if _OPERATOR.search(before) and not before.endswith("|"):
        return False
    last = re.search(r"(?<![\w\\])([^\W\d_]\d*)$", before)
    return is_long or not (_CONDITION.search(before) or (last and last[1] in letters))


def _after(line: str, end: int, letters: set[str], *, is_long: bool) -> Stated | None:
    if sign := _SIGN.match(line, end):
        if "|" in sign[0] and not line.lstrip().startswith("|"):
            return None  # |x| = 3 is not a row of a table
        return read_stated(line, sign.end(), letters)
    if not is_long:
        return None
    behind = re.compile(_SYMBOL).match(line, end)
    after = behind.end() if behind else end
    if found := (_SIGN.match(line, after) or _WORD.match(line, after) or _WORD.match(line, end)):
        return read_stated(line, found.end(), letters)
    stated = read_stated(line, end, letters)  # momentum 0.9; but step 3 is the third one
    return stated if stated is not None and re.search(r"[.e]", stated.text) else None


# -- what the spec has ---------------------------------------------------------------------------


def _values(assignment: Assignment, questions: Sequence[Question], name: str) -> Iterator[Value]:
    """The given itself, and what stands in its place in these questions, their parts and cases."""
    yield assignment.givens[name]
    for question in questions:
        for one in (question, *getattr(question, "parts", ()), *getattr(question, "cases", ())):
            for values in (getattr(one, "at", {}), getattr(one, "inputs", {})):
                if name in values:
                    yield values[name]


def _numbers(value: Value) -> np.ndarray[Any, Any] | None:
    if isinstance(value, bool | str) or value is None:
        return None
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.size else None


def _comparable(stated: Stated, value: Value) -> bool:
    """Whether both are one number, or both are several."""
    numbers = _numbers(value)
    if numbers is None:
        return False
    if not numbers.shape:
        return not stated.listed
    return stated.listed and (numbers.ndim == 1 or len(stated.readings) == numbers.size)


def _agrees(stated: Stated, value: Value) -> bool:
    numbers = _numbers(value)
    if numbers is None:
        return False
    orders = [numbers.ravel(), numbers.T.ravel()]
    return any(
        len(stated.readings) == order.size
        and all(
            any(_near(number, float(right), unit) for number, unit in readings)
            for readings, right in zip(stated.readings, order, strict=True)
        )
        for order in orders
    )


def _near(stated: float, right: float, unit: float) -> bool:
    """Equal, or rounded to three figures or more."""
    if math.isclose(stated, right, rel_tol=1e-9):
        return True
    return abs(stated) >= 100 * unit and abs(stated - right) <= unit / 2 * (1 + 1e-9)


def _shown(value: Value) -> str:
    text = str(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)
    return re.sub(r"\.0(?=[,\]]|$)", "", text)
