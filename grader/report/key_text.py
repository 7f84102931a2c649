"""The key for the terminal: every step, part, row and case."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.checks.key_shown import KeyShown, ShownAnswer, ShownStep
from grader.model.assignment import FunctionQuestion, ManualQuestion, Question
from grader.model.series import Criterion, SeriesQuestion
from grader.report.columns import WIDTH
from grader.report.wanted_words import paragraphs, worth
from grader.report.words import points

__all__ = ["key_page"]


def key_page(shown: KeyShown, questions: Collection[str] = ()) -> str:
    """The whole key, or that of some questions only."""
    assignment = shown.assignment
    lines = [f"{assignment.title} ({assignment.slug}): the key"]
    lines += [f"  with the mistake {name}" for name in shown.mistakes]
    if shown.givens and not questions:
        lines += ["", "givens"]
        for name, value in shown.givens.items():
            changed = "   (not the assignment's own)" if name in shown.changed else ""
            lines += _wrapped(f"  {name} = {value}{changed}", "")
    if shown.steps and not questions:
        lines += ["", "steps of the reference that are not functions"]
        lines += [line for step in shown.steps for line in _step(step)]
    for question in assignment.questions:
        if not questions or question.id in questions:
            lines += ["", f"{question.id}  {question.kind}, {worth(question)}"]
            lines += _about(question)
            lines += [
                line for answer in shown.answers[question.id] for line in _answer(answer, "  ")
            ]
    return "\n".join(lines) + "\n"


def _step(step: ShownStep) -> Iterator[str]:
    yield from _wrapped(f"  {step.name} = {step.value}", step.right)
    for at, value in step.elsewhere:
        yield from _wrapped(f"    at {at}: {value}", "")


def _about(question: Question) -> Iterator[str]:
    if isinstance(question, FunctionQuestion):
        if question.driver is not None:
            yield f"  called by {question.driver.file}, cases and what comes back:"
        else:
            yield f"  {question.entry}({', '.join(question.parameters)})"
    elif isinstance(question, ManualQuestion):
        for line in question.rubric:
            worth_ = f"{points(line.points)}: " if line.points is not None else ""
            yield from paragraphs(f"{worth_}{line.text}", WIDTH, first="  ", rest="    ")
    elif isinstance(question, SeriesQuestion):
        for criterion in question.criteria:
            required = ", required" if criterion.required else ""
            bounds = "".join(
                f", {word} {bound:.12g}"
                for word, bound in (("at least", criterion.low), ("at most", criterion.high))
                if bound is not None
            )
            demand = f"{_rule(criterion)} of {criterion.column}"
            if criterion.rule == "monotone":
                strictly = "strictly " if criterion.strictly else ""
                demand = f"{criterion.column} {strictly}{criterion.direction}"
            yield f"  {criterion.label}: {demand}{bounds}{required}"


def _rule(criterion: Criterion) -> str:
    """What is looked at, in words."""
    if criterion.rule == "best":
        return "lowest" if criterion.lowest else "largest"
    return criterion.rule.replace("_", " ")


def _answer(answer: ShownAnswer, before: str) -> Iterator[str]:
    if answer.called:
        said = f"{answer.label}: {answer.about}" if answer.about else answer.label
        yield from paragraphs(said, WIDTH, first=before, rest=f"{before}    ")
        yield from _wrapped(f"{before}  → {answer.value}", answer.right)
        return
    label = f"{answer.label}: " if answer.label else ""
    about = f"({answer.about})" if answer.about else ""
    if not answer.rows:
        yield from _wrapped(f"{before}{label}{answer.value}   {about}".rstrip(), answer.right)
        return
    if label or about:
        yield f"{before}{label}{about}"
    for row in answer.rows:
        yield from _wrapped(f"{before}{row.label:>3}  {row.value}", row.right)


def _wrapped(text: str, right: str) -> Iterator[str]:
    """A value, and below it the right one where a mistake makes another."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    yield from paragraphs(text.strip(), WIDTH, first=indent, rest=f"{indent}    ")
    if right:
        yield from paragraphs(f"right: {right}", WIDTH, first=f"{indent}    ")
