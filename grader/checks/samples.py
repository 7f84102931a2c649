"""Are formulas compared at more than one point?"""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.assignment import AnswerQuestion, Part
from grader.model.diagnostic import Diagnostic
from grader.solver.reference import Reference
from grader.spec.load import Loaded

__all__ = ["check_samples"]


def check_samples(loaded: Loaded, reference: Reference | None) -> Iterator[Diagnostic]:
    """S210, as a warning, for a formula of which nothing has a domain: it is compared at the givens
    alone, where every formula of the right number is right, and so is the number itself."""
    if reference is None:
        return
    assignment = loaded.assignment
    for index, question in enumerate(assignment.questions):
        if not isinstance(question, AnswerQuestion) or not question.nature.formula:
            continue
        if question.symbols == ():  # said to be of numbers alone
            continue
        for part in question.parts:
            if givens := _fixed(part, reference, loaded):
                where = ("parts", part.label) if part.label else ()
                first, last = givens[0], assignment.givens[givens[0]]
                yield Diagnostic(
                    code="S210",
                    place=loaded.document.place(("questions", index, *where)),
                    message=(
                        f"the formula of {part.label or question.id!r} is compared at one point, "
                        f"since nothing that it is made of has a domain: the number itself is right"
                    ),
                    help=f"write where each symbol is sampled, for instance {_domain(first, last)}",
                    stops=False,
                )


def _fixed(part: Part, reference: Reference, loaded: Loaded) -> list[str]:
    """The givens that the formula is made of, if none of them is sampled."""
    step = reference.steps.get(part.step or "")
    if step is None or step.is_function or part.expected is not None:
        return []
    made_of = reference.ancestors(step.name)
    assignment = loaded.assignment
    if made_of & set(assignment.formulas.domains):
        return []
    return [name for name in assignment.givens if name in made_of]


def _domain(name: str, value: object) -> str:
    shown = float(value) if isinstance(value, int | float) else 1.0
    low, high = sorted((shown / 2, shown * 2)) if shown else (-1.0, 1.0)
    return f"`formulas: {{domains: {{{name}: [{low:g}, {high:g}]}}}}`"
