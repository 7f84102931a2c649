"""Everything about an assignment that is settled before a student's file is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.checks.agreement import check_agreement
from grader.checks.computed import with_computed
from grader.checks.mistakes import check_mistakes, mistakes_fit
from grader.checks.names import check_names
from grader.checks.patched import Unchanged
from grader.checks.recurrences import check_recurrences, recurrences_fit
from grader.checks.samples import check_samples
from grader.checks.seed import check_seed
from grader.checks.variants import VariantKeys, check_variants
from grader.judge.expect.key import Key, KeyProblem, build_key
from grader.judge.submission import SubmissionJudged, judge
from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.model.response import Response
from grader.model.value import Value
from grader.solver import Reference, ReferenceFault, load_reference
from grader.solver.bounded import called
from grader.solver.progress import allow
from grader.solver.reference import described
from grader.spec.load import Loaded, SpecFault, load_assignment
from grader.spec.problems import Problems

if TYPE_CHECKING:
    from grader.judge.other_variants import RightElsewhere

__all__ = ["Prepared", "prepare"]

Given = TypeVar("Given")
Made = TypeVar("Made")

_WHOLE = (
    "a list of numbers in the spec is an array of floats for a step, whole numbers too: write "
    "int(n) where one is needed"
)
#: What Python and numpy say, and what to do about it in a reference.
_ADVICE = (
    ("cannot be interpreted as an integer", _WHOLE),
    ("only integer scalar arrays", _WHOLE),
    ("slice indices must be integers", _WHOLE),
    ("only integers, slices", _WHOLE),
    ("is read-only", "steps share their arrays: change a copy, `x = x.copy()`"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An assignment whose spec is valid, whose reference runs, and whose key is known."""

    assignment: Assignment
    reference: Reference | None
    key: Key
    warnings: tuple[Diagnostic, ...] = ()  #: about what stops nobody from marking with it
    variants: VariantKeys = field(default_factory=VariantKeys)  #: keys that were computed

    def at(self, givens: Mapping[str, Value] | None) -> Prepared:
        """The variant with these givens; the assignment itself where there are none.

        Raises VariantFault where it has no key.
        """
        if givens is None:
            return self
        assignment, key = self.variants.at(self.assignment, self.reference, givens)
        return replace(self, assignment=assignment, key=key)

    def judge(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value] | None = None
    ) -> SubmissionJudged:
        """Outcomes and diagnosis of one submission, by its variant. Raises as `at` does."""
        own = self.at(givens)
        return judge(own.assignment, own.key, responses)

    def judge_as(
        self,
        given: Given,
        opened: Callable[[Given], Mapping[str, Response]],
        made: Callable[[SubmissionJudged], Made],
        givens: Mapping[str, Value] | None = None,
    ) -> Made:
        """What is made of the outcomes of responses that are `opened` first."""
        return made(self.judge(opened(given), givens))

    def elsewhere(
        self,
        responses: Mapping[str, Response],
        givens: Mapping[str, Value],
        others: Sequence[tuple[tuple[str, ...], Mapping[str, Value]]],
    ) -> RightElsewhere | None:
        """The variant of others, given with their names, that wrong answers are right for."""
        from grader.judge.other_variants import OtherVariant, right_elsewhere

        if self.reference is None:
            return None
        own = self.at(givens)
        theirs = [
            OtherVariant(
                students=students,
                answers=self.variants.answers(self.assignment, self.reference, other),
                formulas=partial(self.variants.formulas, self.assignment, self.reference, other),
            )
            for students, other in others
        ]
        return right_elsewhere(own.assignment, own.key, responses, theirs)

    def stop(self) -> None:
        """Nothing: what is judged here ends by itself."""

    def adjusted(self, *, limits: Mapping[str, Any], python: str = "") -> Prepared:
        """The same with some limits, or the interpreter of students' code, set otherwise."""
        assignment = replace(
            self.assignment,
            limits=replace(self.assignment.limits, **limits),
            python=python or self.assignment.python,
        )
        return replace(self, assignment=assignment)


def prepare(path: Path, *, thorough: bool = True) -> Prepared:
    """Read the spec, run the reference, compute the key, and hold stated answers against it.

    Raises SpecFault with all problems of the first of these stages that has any. What the course's
    code changed in numpy is put back. If it is not `thorough`, recurrences, mistakes and published
    relations are not tried on the right answers: no mark depends on what comes of that.
    """
    unchanged = Unchanged()
    try:
        prepared = _prepare(path, thorough=thorough)
    finally:
        changed = unchanged.changed()
        unchanged.restore(changed)
    if changed:
        file = prepared.assignment.reference or prepared.assignment.folder
        raise SpecFault(
            Diagnostic(
                code="S312",
                place=Place(file=str(file)),
                message=f"the course's code puts something else in the place of {changed[0]}",
                help="answers would be compared with what it puts there; give it a name of its own",
            )
        )
    return prepared


def _prepare(path: Path, *, thorough: bool) -> Prepared:
    loaded = load_assignment(path)
    assignment = loaded.assignment
    allow(assignment.limits.reference_seconds)
    reference = None
    if assignment.reference is not None:
        try:
            reference = load_reference(assignment.reference)
        except ReferenceFault as fault:
            raise SpecFault(*fault.diagnostics) from None
    problems = loaded.problems()
    _check_provided(assignment, problems)
    check_names(loaded, reference, problems)
    mistakes_fit(loaded, reference, problems)
    recurrences_fit(loaded, reference, problems)
    assignment = with_computed(loaded, reference, problems)
    loaded = replace(loaded, assignment=assignment)
    check_variants(loaded, reference, problems)
    if problems:
        raise SpecFault(*problems.found)
    key = build_key(assignment, reference)
    problems.extend(_diagnostic(loaded, reference, problem) for problem in key.problems)
    check_agreement(loaded, reference, key, problems)
    if thorough and not problems:
        check_recurrences(loaded, key, problems)
        check_mistakes(loaded, key, problems)
        if assignment.public_checks:
            from grader.checks.public_checks import check_public

            check_public(loaded, key, problems)
    if problems:
        raise SpecFault(*problems.found)
    warnings = (*check_seed(loaded), *check_samples(loaded, reference))
    return Prepared(assignment=assignment, reference=reference, key=key, warnings=warnings)


def _check_provided(assignment: Assignment, problems: Problems) -> None:
    """Run the provided code once: what fails there must not be blamed on a student."""
    if not assignment.provided:
        return
    try:
        called(exec, compile(assignment.provided, "<provided>", "exec"), {"__name__": "provided"})
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it may raise anything
        message = f"the provided code fails: {described(error)}"
        problems.add("S211", ("provided",), message)


def _diagnostic(loaded: Loaded, reference: Reference | None, problem: KeyProblem) -> Diagnostic:
    """A problem of the key, at the line of the reference where there is one, else in the spec."""
    index = loaded.question_index(problem.question)
    place = loaded.document.place(("questions", index, *problem.keys))
    asked = f" (asked by {problem.question!r} in line {place.line})"
    advice = next((advice for said, advice in _ADVICE if said in problem.message), "")
    if reference is not None and problem.line:
        place = Place(file=str(reference.path), line=problem.line, column=1)
        return Diagnostic(
            code=problem.code, place=place, message=problem.message + asked, help=advice
        )
    return Diagnostic(code=problem.code, place=place, message=problem.message, help=advice)
