"""How an assignment reads to a student: what is asked, in which form, and for how many points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from grader.checks.starter import STARTER, Starter
from grader.checks.wanted import WantedQuestion
from grader.model.assignment import Assignment, FunctionQuestion
from grader.plan import planned_cases
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

_WIDTH = 80
_MOST_CASES = 10


def preview_page(
    assignment: Assignment, wanted: Sequence[WantedQuestion], starter: Starter | None
) -> str:
    """The page. It holds nothing of the key, and of hidden cases only that there are some."""
    lines = paragraphs(f"{assignment.title} ({assignment.slug}): {_total(assignment)}", _WIDTH)
    lines += paragraphs(f"hand in: {', '.join(assignment.files)}", _WIDTH, rest="    ")
    if not (assignment.folder / "handout.md").is_file():
        lines.append("there is no handout.md beside the spec")
    if starter is not None and starter.fault:
        lines.append(starter.fault)
    for number, one in enumerate(wanted, 1):
        lines += ["", f"{number:>2}  {one.question.id}  ({worth(one.question)})"]
        lines += _indented(one.question.prompt or "(there is no prompt)")
        lines += _form(assignment, one, starter)
    return "\n".join(lines) + "\n"


def _total(assignment: Assignment) -> str:
    bonus = sum((one.points for one in assignment.questions if one.bonus), Fraction(0))
    total = f"{points(assignment.points)} point{'s' * (assignment.points != 1)}"
    return f"{total} and {points(bonus)} bonus" if bonus else total


def _indented(text: str, first: str = "    ", rest: str = "    ") -> list[str]:
    return paragraphs(text, _WIDTH, first=first, rest=rest)


def _form(assignment: Assignment, one: WantedQuestion, starter: Starter | None) -> Iterator[str]:
    if isinstance(one.question, FunctionQuestion):
        yield from _function(assignment, one.question, starter)
    elif not one.labelled:
        yield from _indented(form_of(one, one.answers[0]), "    → ", "      ")
        yield from _options(one, 0)
    else:
        yield from _parts(one)


def _parts(one: WantedQuestion) -> Iterator[str]:
    labels = ", ".join(answer.label for answer in one.answers)
    what = "column" if one.question.kind == "series" else "part"
    head = f"{counted(len(one.answers), what)}, {labels}"
    same = forms_of_parts(one)
    best = f"; and under best the row that is best: {', '.join(one.best)}" if one.best else ""
    yield from _indented(f"{head}{f': each {same}' if same else ''}{best}", "    → ", "      ")
    for number, answer in enumerate(one.answers):
        if same is None:
            yield from _indented(f"{answer.label}: {form_of(one, answer)}", "      ", "        ")
        if same is None or number == 0:
            yield from _options(one, number)


def _options(one: WantedQuestion, number: int) -> Iterator[str]:
    for option in option_lines(one.answers[number]):
        yield from _indented(option, "        ", "          ")


def _function(
    assignment: Assignment, question: FunctionQuestion, starter: Starter | None
) -> Iterator[str]:
    modules = [name for name in assignment.files if name.endswith(".py")]
    called = f"({', '.join(question.parameters)})" if question.driver is None else ""
    said = f"{question.entry}{called} in {' or '.join(modules)}"
    promises = [*_promises(question)]
    yield from _indented(f"{said}{'; ' * bool(promises)}{', '.join(promises)}", "    → ", "      ")
    yield from _started(question, starter)
    cases = planned_cases(assignment, question)
    public = [case.label or "a case" for case in cases if not case.hidden]
    more = f" and {len(public) - _MOST_CASES} more" if len(public) > _MOST_CASES else ""
    hidden = "hidden cases" if len(public) < len(cases) else ""
    shown = f"{', '.join(public[:_MOST_CASES])}{more}"
    tried = " and ".join(filter(None, (shown, hidden)))
    yield from _indented(f"tried with {tried}", "      ", "        ")


def _started(question: FunctionQuestion, starter: Starter | None) -> Iterator[str]:
    """What the starter has for it."""
    if starter is None or starter.fault:
        return
    signature = starter.signatures.get(question.entry)
    if signature is None:
        yield f"      {STARTER} has nothing of this name"
        return
    head, *methods = signature
    yield from _indented(f"{STARTER}: {head}", "      ", "          ")
    for method in methods:
        yield from _indented(method.strip(), "        ", "            ")
    if doc := starter.docs.get(question.entry):
        yield from _indented(f"“{doc}”", "        ", "        ")
    arguments = starter.arguments.get(question.entry)
    wanted = len(question.parameters)
    if arguments is not None and question.driver is None and len(arguments) < wanted:
        takes = counted(len(arguments), "argument")
        yield f"      {STARTER} takes {takes}, and the question gives {wanted}"


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
