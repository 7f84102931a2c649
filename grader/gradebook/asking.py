"""What is asked of whom: of everybody the same, or of each student their variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.value import Value
from grader.plan import Plan, make_plan
from grader.plan.fingerprint import digest
from grader.plan.variant import variant_from, variant_text, with_givens

if TYPE_CHECKING:
    from grader.gradebook.book import Gradebook
    from grader.gradebook.jobs import Asked

__all__ = ["Asking", "Askings", "ClassGivens", "Others", "kept_variants"]

ClassGivens: TypeAlias = Mapping[str, Mapping[str, Value]]
"""By student the givens that were drawn."""
Others: TypeAlias = Sequence[tuple[tuple[str, ...], Mapping[str, Value]]]
"""Variants, each with the names of those who have it."""

_MOST_PLANS = 1000  # remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asking:
    """What is asked of one submission."""

    plan: Plan
    told: Callable[[], Asked]  #: `asked`, which whoever keeps nothing need not compute
    givens: Mapping[str, Value] | None = None  #: of its variant; None: the assignment's own
    others: Others = ()  #: the other variants of the class

    @property
    def asked(self) -> Asked:
        """The same as it is kept."""
        return self.told()

    @property
    def variant(self) -> str:
        """As a gradebook keeps it; "" where there are no variants."""
        return "" if self.givens is None else variant_text(self.givens)


@dataclass(slots=True, kw_only=True, eq=False)
class Askings:
    """What is asked of a class. `machine` is None where no code is to be run."""

    assignment: Assignment
    plan: Plan  #: of the assignment's own givens
    machine: Mapping[str, str] | None = None
    drawn: ClassGivens = field(default_factory=dict)
    _plans: dict[str, tuple[Plan, Callable[[], Asked]]] = field(default_factory=dict)
    _class: dict[str, tuple[tuple[str, ...], Mapping[str, Value]]] | None = None

    @property
    def asked(self) -> Asked:
        """What is asked with the assignment's own givens."""
        return self._planned("", None)[1]()

    @property
    def digest(self) -> str:
        """Equal where the same is drawn for the same students; "" where nothing is drawn."""
        told = [[name, variant_text(self.drawn[name])] for name in sorted(self.drawn)]
        return digest("drawn", told) if told else ""

    def of(self, student: str, kept: str | None = None) -> Asking:
        """What is asked of a student; `kept` is the variant that a gradebook has of a submission,
        which may be "". Raises KeyError for a student of whom no variant is known."""
        if kept is None and self.drawn:
            givens: Mapping[str, Value] | None = self.drawn[student]
        else:
            givens = self._known(variant_from(kept)) if kept else None
        if givens is None:
            plan, told = self._planned("", None)
            return Asking(plan=plan, told=told)
        text = variant_text(givens)
        plan, told = self._planned(text, givens)
        others = [one for name, one in self._by_variant().items() if name != text]
        return Asking(plan=plan, told=told, givens=givens, others=others)

    def all_asked(self) -> Mapping[str, tuple[Plan, Asked]]:
        """Every different plan, by its fingerprint."""
        if not self.drawn:
            return {self.asked.plan: (self.plan, self.asked)}
        every = (self._known(givens) for givens in self.drawn.values())
        planned = (self._planned(variant_text(givens), givens) for givens in every)
        return {(asked := told()).plan: (plan, asked) for plan, told in planned}

    def _known(self, givens: Mapping[str, Value]) -> Mapping[str, Value]:
        """Those that the assignment has, whatever it had when the submission was marked first."""
        return {name: value for name, value in givens.items() if name in self.assignment.givens}

    def _planned(
        self, text: str, givens: Mapping[str, Value] | None
    ) -> tuple[Plan, Callable[[], Asked]]:
        if givens is not None and not self._is_in_calls(givens):
            text, givens = "", None
        if text not in self._plans:
            plan = self.plan
            if givens is not None:
                plan = make_plan(with_givens(self.assignment, givens), setting=plan.setting)
            while len(self._plans) >= _MOST_PLANS:
                self._plans.pop(next(iter(self._plans)))
            self._plans[text] = plan, cache(partial(_asked_of, plan, self.machine))
        return self._plans[text]

    def _is_in_calls(self, givens: Mapping[str, Value]) -> bool:
        """Whether students' code is told any of these."""
        return any(
            name in givens
            for question in self.assignment.questions
            if isinstance(question, FunctionQuestion)
            for name in question.globals.values()
        )

    def _by_variant(self) -> Mapping[str, tuple[tuple[str, ...], Mapping[str, Value]]]:
        if self._class is None:
            found: dict[str, tuple[tuple[str, ...], Mapping[str, Value]]] = {}
            for student in sorted(self.drawn):
                givens = self._known(self.drawn[student])
                names, _ = found.get(variant_text(givens), ((), givens))
                found[variant_text(givens)] = (*names, student), givens
            self._class = found
        return self._class


def _asked_of(plan: Plan, machine: Mapping[str, str] | None) -> Asked:
    from grader.gradebook.jobs import asked_of

    return asked_of(plan, machine)


def kept_variants(book: Gradebook, assignment: str) -> dict[str, str]:
    """By student the variant that their last attempt answered, of those who have one."""
    rows = book.rows(
        "SELECT key, variant FROM submission JOIN student ON student.id = submission.student"
        " WHERE assignment = ? AND variant <> '' ORDER BY attempt",
        assignment,
    )
    return {row["key"]: row["variant"] for row in rows}
