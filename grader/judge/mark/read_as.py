"""How an answer was understood, where that is not letter for letter what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judge.mark.answers import chosen_option
from grader.model.assignment import AnswerQuestion, Part, Question
from grader.model.typed import texts_of
from grader.model.value import NumberText, Value

__all__ = ["how_read"]


def how_read(question: Question, typed: Value, read: Value) -> Mapping[str, str]:
    """By the label of a part ("" where there are none): the option or the number that was read.

    `typed` is the answer as it stands in the sheet, or what a module gave.
    """
    if not isinstance(question, AnswerQuestion):
        return {}
    texts = texts_of(typed)
    if not question.labelled:
        pairs = [(question.parts[0], texts, read)]
    elif isinstance(texts, Mapping) and isinstance(read, Mapping):
        answers = {str(label): answer for label, answer in read.items()}
        given = {str(label): answer for label, answer in texts.items()}
        pairs = [(part, given.get(part.label), answers.get(part.label)) for part in question.parts]
    else:
        return {}
    found = ((part.label, _read_as(question, part, *pair)) for part, *pair in pairs)
    return {label: words for label, words in found if words}


def _read_as(question: AnswerQuestion, part: Part, text: Value, read: Value) -> str:
    if question.nature.option:
        option = chosen_option(part, read)
        return option if option is not None and option != str(text) else ""
    if isinstance(read, NumberText) and isinstance(text, str) and read.text != text:
        return read.text
    return ""
