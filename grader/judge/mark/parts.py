"""The parts of an answer: which one each name is meant for, and which of them cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model.assignment import AnswerQuestion
from grader.model.typed import Typed
from grader.model.value import Value, leaves
from grader.submissions.meant import parts_meant

__all__ = ["typed_names", "under_labels", "unread_in"]


def typed_names(question: AnswerQuestion, answers: Mapping[str, Value]) -> Mapping[str, str]:
    """By the label of a part the name under which it stands, where it is another one."""
    labels = [part.label for part in question.parts]
    found = parts_meant(map(str, answers), labels, question.id)
    return {label: name for name, label in found.items() if name != label}


def under_labels(question: AnswerQuestion, answers: Mapping[str, Value]) -> Mapping[str, Value]:
    """The answers by the labels that are meant; a name that is meant for none stays."""
    labels = {name: label for label, name in typed_names(question, answers).items()}
    return {labels.get(str(name), str(name)): answer for name, answer in answers.items()}


def unread_in(value: Value) -> Typed | None:
    """The first scalar of an answer that cannot be read."""
    found = (one for one in leaves(value) if isinstance(one, Typed) and one.fault)
    return next(found, None)
