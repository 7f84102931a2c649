"""Do the spec and the reference know each other's names?"""

from __future__ import annotations

from collections.abc import Iterator

from grader.compare.formula.language import BUILT_IN, CONSTANTS, HIDEABLE
from grader.compare.formula.lex import normalised
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.solver import Reference
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_names"]

_NO_START = "0123456789.+-*/^@(),<>=| "


def check_names(loaded: Loaded, reference: Reference | None, problems: Problems) -> None:
    """Add S304, S309 and S210 for names that one of the two uses and the other does not have."""
    assignment = loaded.assignment
    if reference is not None:
        _check_needs(reference, assignment, problems)
        _check_questions(reference, assignment, problems)
        _check_arguments(reference, assignment, problems)
    _check_formulas(reference, assignment, problems)
    _check_forms(loaded, problems)
    _check_spellings(assignment, problems)
    if reference is not None:
        _check_domains(reference, assignment, problems)


def _check_domains(reference: Reference, assignment: Assignment, problems: Problems) -> None:
    """A domain that nothing reads beside a name like it is misspelt: that would not be sampled."""
    questions = [q for q in assignment.questions if isinstance(q, AnswerQuestion)]
    asked = {part.step for q in questions for part in q.parts if part.step is not None}
    asked |= {one for name in asked & {*reference.steps} for one in reference.steps[name].arguments}
    read = {need for step in reference.steps.values() for need in step.needs} | asked
    stated = " ".join(str(part.expected) for q in questions for part in q.parts)
    named = {*assignment.givens, *assignment.formulas.symbols}
    for name in assignment.formulas.domains:
        near = did_you_mean(name, read | named)
        if near and name not in read | named and name not in stated:
            message = f"no step, given, symbol or stated formula uses {name!r}"
            problems.add("S203", ("formulas", "domains", name), message, near, of_key=True)


def _check_needs(reference: Reference, assignment: Assignment, problems: Problems) -> None:
    known = {*reference.steps, *assignment.givens, *assignment.formulas.domains}
    for step in reference.steps.values():
        place = reference.place(step.name)
        for name in step.needs:
            if name not in known:
                message = f"step {step.name!r} needs {name!r}, which is neither a step nor a given"
                near = did_you_mean(name, known) or "arguments of a function stand before `/`"
                problems.add_at("S304", place, message, near)
        if step.name in assignment.givens:
            problems.add_at("S304", place, f"{step.name!r} is a step and a given at once")
        elif step.name in assignment.formulas.domains:
            message = f"{step.name!r} has a domain, but the reference computes it as a step"
            problems.add("S210", ("formulas", "domains", step.name), message, of_key=True)


def _check_questions(reference: Reference, assignment: Assignment, problems: Problems) -> None:
    for path, step, known in _asked(reference, assignment):
        if step not in known:
            message = f"{step!r} is not a step of the reference"
            near = did_you_mean(step, known) or (
                f"write it into {reference.path.name} as a function, `def {step}(...):`"
            )
            problems.add("S309", (*path, "step"), message, near)


def _asked(
    reference: Reference, assignment: Assignment
) -> Iterator[tuple[KeyPath, str, frozenset[str]]]:
    """Where a step is asked for, its name, and the names that would do."""
    steps = frozenset(reference.steps)
    values = steps | frozenset(assignment.givens)
    for index, question in enumerate(assignment.questions):
        path: KeyPath = ("questions", index)
        if isinstance(question, FunctionQuestion) and question.driver is None:
            yield path, question.step, steps
        elif isinstance(question, AnswerQuestion):
            known = values
            if question.nature.formula:
                known = values | frozenset(assignment.formulas.domains)
            for part in question.parts:
                # A stated answer may do without a step, unless one was named.
                if part.step is not None and (part.names_step or part.expected is None):
                    yield (*path, *_inside(part.label)), part.step, known


def _check_arguments(reference: Reference, assignment: Assignment, problems: Problems) -> None:
    """The arguments of a function step that is asked for as a formula are the formula's symbols."""
    values = {name for name, step in reference.steps.items() if not step.is_function}
    known = values | {*assignment.formulas.domains}
    for index, question in enumerate(assignment.questions):
        if not isinstance(question, AnswerQuestion) or not question.nature.formula:
            continue
        for part in question.parts:
            step = reference.steps.get(part.step or "")
            for name in step.arguments[: step.required] if step is not None else ():
                if name not in known:
                    message = f"{name!r}, an argument of the function {part.step!r}, has no domain"
                    near = did_you_mean(name, known) or "declare it under `formulas: domains`"
                    path: KeyPath = ("questions", index, *_inside(part.label))
                    problems.add("S210", path, message, near)


def _inside(label: str) -> KeyPath:
    return ("parts", label) if label else ()


def _check_formulas(
    reference: Reference | None, assignment: Assignment, problems: Problems
) -> None:
    steps = reference.steps if reference is not None else {}
    formulas = assignment.formulas
    functions = {name for name, step in steps.items() if step.is_function}
    values = {*steps, *assignment.givens, *formulas.domains} - functions
    used: list[tuple[KeyPath, str, set[str], str]] = []
    for group, wanted, what in (
        ("symbols", values, "a step nor a given with a value"),
        ("functions", functions, "a step with arguments nor a function of the language"),
    ):
        names = formulas.symbols if group == "symbols" else formulas.functions
        used += [(("formulas", group, name), name, wanted, what) for name in names]
        for index, question in enumerate(assignment.questions):
            if isinstance(question, AnswerQuestion):
                own = question.symbols if group == "symbols" else question.functions
                used += [
                    (("questions", index, group, number), name, wanted, what)
                    for number, name in enumerate(own or ())
                ]
    for path, name, wanted, what in used:
        if name not in wanted:
            message = f"{name!r} is neither {what}"
            problems.add("S210", path, message, did_you_mean(name, wanted), of_key=True)


def _check_forms(loaded: Loaded, problems: Problems) -> None:
    """What a form speaks of must be something that the formula may be made of."""
    assignment = loaded.assignment
    formulas = assignment.formulas
    for index, question in enumerate(assignment.questions):
        if not isinstance(question, AnswerQuestion):
            continue
        symbols = formulas.symbols if question.symbols is None else question.symbols
        functions = formulas.functions if question.functions is None else question.functions
        known = {*formulas.domains, *symbols, *functions, *BUILT_IN, *CONSTANTS}
        for part in question.parts:
            if part.form is None:
                continue
            path: KeyPath = ("questions", index, *_inside(part.label), "form")
            if path not in loaded.document.places:
                path = ("questions", index, "form")
            usable = known - ({part.step} - {*formulas.domains})
            for group, names in (("uses", part.form.uses), ("avoids", part.form.avoids)):
                for number, name in enumerate(names):
                    if name not in usable:
                        message = f"no formula for {part.label or question.id!r} can use {name!r}"
                        near = did_you_mean(name, usable)
                        problems.add("S210", (*path, group, number), message, near)


def _check_spellings(assignment: Assignment, problems: Problems) -> None:
    """What a student types must stand for one thing, and must not look like something else."""
    formulas = assignment.formulas
    taken = {normalised(name): name for name in formulas.domains}
    reserved = {*BUILT_IN, *CONSTANTS} - HIDEABLE
    for group, names in (("symbols", formulas.symbols), ("functions", formulas.functions)):
        for name, spellings in names.items():
            for spelling in (name, *spellings):
                plain = normalised(spelling)
                fault = ""
                if plain[:1] in _NO_START:
                    fault = f"{spelling!r} cannot begin a name"
                elif group == "symbols" and plain in reserved:
                    fault = f"{spelling!r} already stands for a function or a constant"
                elif taken.setdefault(plain, name) != name:
                    fault = f"{spelling!r} stands for both {taken[plain]!r} and {name!r}"
                if fault:
                    problems.add("S210", ("formulas", group, name), fault, of_key=True)
