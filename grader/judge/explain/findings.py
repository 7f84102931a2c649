"""What was found out about one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grader.compare.comparison import Comparison
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import Mistake
from grader.model.fact import Fact
from grader.model.fact_explaining import Hint, Origin, OtherWay, Start

__all__ = ["Explanation", "Findings", "MistakeSet", "ids_of", "start_of"]

MistakeSet: TypeAlias = tuple[Mistake, ...]


def ids_of(sets: Sequence[MistakeSet]) -> tuple[tuple[str, ...], ...]:
    """The ids of the mistakes in each set."""
    return tuple(tuple(mistake.id for mistake in one) for one in sets)


def start_of(basis: Basis) -> Start:
    """A basis as a fact tells of it."""
    if basis.rows:
        origin = Origin.ROWS_BEFORE if len(basis.rows) > 1 else Origin.ROW_BEFORE
    elif basis.own_formula:
        origin = Origin.OWN_FORMULA
    else:
        origin = Origin.WRONG if basis.wrong else Origin.AS_GIVEN
    return Start(origin=origin, places=basis.places, formulas=basis.formulas, rounded=basis.rounded)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """One way in which the answer comes out. Without mistakes it follows from the basis."""

    mistakes: MistakeSet = ()
    basis: Basis | None = None  #: None: from the values of the reference
    comparison: Comparison
    by_chance: bool = False  #: several mistakes, for an answer that some set easily gives
    doubted: bool = False  #: the answer follows from the student's start, which is not used
    few_before: bool = False  #: only through the digits that the starts were not given with
    blocked: OtherWay | None = None  #: why the basis earns nothing: it makes the question trivial


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Everything that was found out about one answer."""

    answer: Evidence
    follows: Explanation | None = None
    explained: tuple[Explanation, ...] = ()  #: by equally many mistakes, the fewest that do
    why_not: tuple[Fact, ...] = ()  #: starts that were not used, hypotheses that were given up
    tried: tuple[str, ...] = ()  #: ids of the mistakes that could matter
    not_all_tried: tuple[Fact, ...] = ()  #: there were more sets of mistakes than are tried
    hint: Hint | None = None  #: where nothing else was found
    #: from the nearest value that its own starts give, in tolerances; None: not measured
    distance: float | None = None
    #: a slip of any spec gives it: a sign, a factor of two, a power of ten
    slipped: bool = False
    fault: str = ""  #: a fault of ours that ended the search

    @property
    def accounted_for(self) -> bool:
        """Whether something was found that gives the answer."""
        follows = self.follows is not None and not self.follows.blocked
        return follows or self.named

    @property
    def named(self) -> bool:
        """Whether mistakes of the spec give the answer, from a start that is not refused, and that
        is not likely to be chance."""
        return any(not one.blocked and not one.by_chance for one in self.explained)

    @property
    def settled(self) -> bool:
        """Whether the answer follows for all of its points: no mistake of its own is looked for."""
        follows = self.follows
        if follows is None or follows.blocked:
            return False
        in_full = self.answer.question.carry_forward.credit == 1
        return follows.comparison.accepted and in_full
