"""What is asked and in which form, in words: for sheets to fill in and for previews."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from grader.checks.wanted import WantedAnswer, WantedQuestion
from grader.model.assignment import Question
from grader.report.words import points
from grader.sandbox.text import clean_text

__all__ = ["counted", "form_of", "forms_of_parts", "option_lines", "paragraphs", "worth"]

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_LONGEST_PROMPT = 5_000
_ITEM = re.compile(r"\s|[-*+•]\s|\(?\w{1,3}[.)]\s|\|")


def worth(question: Question) -> str:
    """`1 point`, `2.5 points`, `1 bonus point`."""
    bonus = "bonus " * question.bonus
    return f"{points(question.points)} {bonus}point{'s' * (question.points != 1)}"


def form_of(wanted: WantedQuestion, answer: WantedAnswer) -> str:
    """What stands in the place of this answer, without an article's capital: `a number`."""
    nature = wanted.question.nature
    if nature.formula:
        return _formula(answer)
    if nature.option:
        return "one of these words" if len(answer.options) > 1 else "this word"
    if nature.text:
        return "a text, which a person marks"
    if nature.file:
        return "the name of a picture that you hand in as well; a person marks it"
    if wanted.question.kind == "series":
        return "a list of numbers"
    return _numbers(wanted, answer)


def forms_of_parts(wanted: WantedQuestion) -> str | None:
    """The form of all parts if they have one and the same, else None."""
    forms = {form_of(wanted, answer) for answer in wanted.answers}
    options = {tuple(answer.options.items()) for answer in wanted.answers}
    return forms.pop() if len(forms) == 1 and len(options) == 1 else None


def option_lines(answer: WantedAnswer) -> list[str]:
    """The options of a choice with what they say, a line each."""
    return [
        f"{name}: {' '.join(text.split())}" if text and text != name else name
        for name, text in answer.options.items()
    ]


def counted(number: int, one: str, several: str = "") -> str:
    """`one part`, `two parts`, `13 parts`."""
    many = str(number) if number >= len(_NUMBERS) else _NUMBERS[number]
    return f"{many} {one if number == 1 else several or one + 's'}"


def paragraphs(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """A text in lines of at most `width` columns where its words allow it, `first` put before the
    first line and `rest` before the others. Lines of lists and tables stay apart."""
    rest = first if rest is None else rest
    lines: list[str] = []
    for part in _parts(clean_text(text, limit=_LONGEST_PROMPT)):
        lines += textwrap.wrap(
            part,
            width,
            initial_indent=rest if lines else first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def _parts(text: str) -> Iterable[str]:
    """What is wrapped by itself: paragraphs, and the items of lists."""
    part: list[str] = []
    for line in text.splitlines():
        if not line.strip() or _ITEM.match(line):
            yield " ".join(part)
            part = []
        part.append(line.strip())
    yield " ".join(part)


def _formula(answer: WantedAnswer) -> str:
    if not answer.symbols:
        return "a formula of numbers alone"
    said = f"a formula in {_listed(answer.symbols)}"
    if answer.functions:
        said += f"; functions: {_listed(tuple(answer.functions.values()))}"
    return said


def _numbers(wanted: WantedQuestion, answer: WantedAnswer) -> str:
    said = _shaped(answer.shape)
    digits = _digits(answer)
    if digits:
        said += f"{', each' * bool(answer.shape)} {digits}"
    if wanted.numbers.unit:
        said += f", in {wanted.numbers.unit}"
    if answer.any_order:
        said += ", in any order"
    if answer.any_multiple:
        said += ", up to a factor"
    return said


def _shaped(shape: Sequence[int | None]) -> str:
    if not shape:
        return "a number"
    if len(shape) == 1:
        return f"a list of {_so_many(shape[0], 'number')}"
    if len(shape) == 2 and shape[1] in (2, 3):
        groups = "pair" if shape[1] == 2 else "triple"
        return f"a list of {_so_many(shape[0], groups)} of numbers"
    if len(shape) == 2:
        return f"a list of {_so_many(shape[0], 'row')} of {_so_many(shape[1], 'number')} each"
    sizes = " × ".join("…" if size is None else str(size) for size in shape)
    return f"an array of {sizes} numbers, lists in lists"


def _so_many(count: int | None, one: str) -> str:
    return f"{one}s" if count is None else counted(count, one)


def _digits(answer: WantedAnswer) -> str:
    exactly = "exactly " * answer.strict
    if answer.decimals is not None:
        return f"to {exactly}{counted(answer.decimals, 'decimal')}"
    if answer.sigfigs is not None:
        return f"to {exactly}{counted(answer.sigfigs, 'significant digit')}"
    return ""


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
