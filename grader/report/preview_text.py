"""How an assignment reads to a student: what is asked, in which form, and for how many points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from grader.checks.starter import STARTER, Starter
from grader.checks.wanted import WantedQuestion
from grader.model.assignment import Assignment, FunctionQuestion
from grader.plan import planned_cases
from grader.report.columns import WIDTH
from grader.report.wanted_words import (
    counted,
    form_of,
    forms_of_parts,
    option_lines,
    paragraphs,
    worth,
)
from grader.report.words import points

__all__ = ["preview_page"]

_MOST_CASES = 10


def preview_page(
    assignment: Assignment,
    wanted: Sequence[WantedQuestion],
    starter: Starter | None,
    *,
    width: int = WIDTH,
) -> str:
    """The page, in lines of `width` columns. It holds nothing of the key, and of hidden cases only
    that there are some."""
    said = [_Said(f"{assignment.title} ({assignment.slug}): {_total(assignment)}", "", "")]
    said.append(_Said(f"hand in: {', '.join(assignment.files)}", "", "    "))
    if not (assignment.folder / "handout.md").is_file():
        said.append(_Said("there is no handout.md beside the spec", "", ""))
    if starter is not None and starter.fault:
        said.append(_Said(starter.fault, "", ""))
    lines = _lines(said, width)
    for number, one in enumerate(wanted, 1):
        lines += ["", f"{number:>2}  {one.question.id}  ({worth(one.question)})"]
        prompt = _Said(one.question.prompt or "(there is no prompt)", "    ", "    ")
        lines += _lines([prompt, *_form(assignment, one, starter)], width)
    return "\n".join(lines) + "\n"


class _Said(NamedTuple):
    """A text, and what stands before its first line and before the others."""

    text: str
    first: str
    rest: str


def _lines(said: Iterable[_Said], width: int) -> list[str]:
    return [
        line for one in said for line in paragraphs(one.text, width, first=one.first, rest=one.rest)
    ]


def _total(assignment: Assignment) -> str:
    bonus = sum((one.points for one in assignment.questions if one.bonus), Fraction(0))
    total = f"{points(assignment.points)} point{'s' * (assignment.points != 1)}"
    return f"{total} and {points(bonus)} bonus" if bonus else total


def _form(assignment: Assignment, one: WantedQuestion, starter: Starter | None) -> Iterator[_Said]:
    if isinstance(one.question, FunctionQuestion):
        yield from _function(assignment, one.question, starter)
    elif not one.labelled:
        yield _Said(form_of(one, one.answers[0]), "    → ", "      ")
        yield from _options(one, 0)
    else:
        yield from _parts(one)


def _parts(one: WantedQuestion) -> Iterator[_Said]:
    labels = ", ".join(answer.label for answer in one.answers)
    what = "column" if one.question.kind == "series" else "part"
    head = f"{counted(len(one.answers), what)}, {labels}"
    same = forms_of_parts(one)
    best = f"; and under best the row that is best: {', '.join(one.best)}" if one.best else ""
    yield _Said(f"{head}{f': each {same}' if same else ''}{best}", "    → ", "      ")
    for number, answer in enumerate(one.answers):
        if same is None:
            yield _Said(f"{answer.label}: {form_of(one, answer)}", "      ", "        ")
        if same is None or number == 0:
            yield from _options(one, number)


def _options(one: WantedQuestion, number: int) -> Iterator[_Said]:
    for option in option_lines(one.answers[number]):
        yield _Said(option, "        ", "          ")


def _function(
    assignment: Assignment, question: FunctionQuestion, starter: Starter | None
) -> Iterator[_Said]:
    modules = [name for name in assignment.files if name.endswith(".py")]
    called = f"({', '.join(question.parameters)})" if question.driver is None else ""
    said = f"{question.entry}{called} in {' or '.join(modules)}"
    promises = [*_promises(question)]
    yield _Said(f"{said}{'; ' * bool(promises)}{', '.join(promises)}", "    → ", "      ")
    yield from _started(question, starter)
    cases = planned_cases(assignment, question)
    public = [case.label or "a case" for case in cases if not case.hidden]
    more = f" and {len(public) - _MOST_CASES} more" if len(public) > _MOST_CASES else ""
    hidden = "hidden cases" if len(public) < len(cases) else ""
    shown = f"{', '.join(public[:_MOST_CASES])}{more}"
    tried = " and ".join(filter(None, (shown, hidden)))
    yield _Said(f"tried with {tried}", "      ", "        ")


def _started(question: FunctionQuestion, starter: Starter | None) -> Iterator[_Said]:
    """What the starter has for it."""
    if starter is None or starter.fault:
        return
    signature = starter.signatures.get(question.entry)
    if signature is None:
        yield _Said(f"{STARTER} has nothing of this name", "      ", "        ")
        return
    head, *methods = signature
    yield _Said(f"{STARTER}: {head}", "      ", "          ")
    for method in methods:
        yield _Said(method.strip(), "        ", "            ")
    if doc := starter.docs.get(question.entry):
        yield _Said(f"“{doc}”", "        ", "        ")
    arguments = starter.arguments.get(question.entry)
    wanted = len(question.parameters)
    if arguments is not None and question.driver is None and len(arguments) < wanted:
        takes = counted(len(arguments), "argument")
        said = f"{STARTER} takes {takes}, and the question gives {wanted}"
        yield _Said(said, "      ", "        ")


def _promises(question: FunctionQuestion) -> Iterator[str]:
    if question.inputs_unchanged:
        yield "leaves its inputs as they are"
    if question.earlier_outputs_unchanged:
        yield "leaves what it returned before as it was"
    if question.deterministic:
        yield "gives the same each time"
    if question.dtype:
        yield f"gives numbers of type {question.dtype}"
    if question.differences is not None:
        yield f"agrees with finite differences of your own {question.differences.of}"
