"""How the wrong answers of a submission came about, as far as that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from grader.compare.formula import Language
from grader.judge.expect.world import Worlds
from grader.judge.explain.findings import Findings
from grader.judge.explain.made_up import all_alike, is_given, is_made_up, is_tiny
from grader.judge.explain.own_formulas import makes_sense, one_slip_away
from grader.judge.mark.evidence import Evidence
from grader.model.fact_explaining import AnswerPlace

__all__ = ["Accounts"]

_Known: TypeAlias = tuple[AnswerPlace, int | None]  # rows of lists by their numbers


class Accounts:
    """What was found about answers, for those that start from them.

    Something accounts for a wrong answer if a mistake of the spec or a generic slip gives it, or if
    it follows from answers that are right or accounted for themselves. Nothing accounts for one
    number in every place: that something gives it in one of them is chance. Nor does a slip account
    for what is far too small, from which everything is nought.
    """

    def __init__(self, worlds: Worlds, answers: Sequence[Evidence] = ()) -> None:
        self._worlds = worlds
        self._answers = answers
        self.alike = all_alike(answers, worlds)  #: answers that are one number throughout, with it
        numbers = [one for one in answers if one.question.nature.numbers]
        self._asked_as_numbers = {one.step for one in numbers}
        steps = {one.step for one in answers if one.step in worlds.reference.steps}
        above = (worlds.made_of(step) - {step} for step in steps)
        self._gone_on_from = frozenset().union(*above) | self._asked_as_numbers
        #: wrong answers far off that no slip leads to, and what follows from them
        self.made_up: set[_Known] = set()
        self.known: set[_Known] = set()  #: wrong answers that something accounts for
        #: those of any size: it is known from what they were computed, or by which slip
        self.any_size: set[_Known] = set()
        self.derived: set[_Known] = set()  #: answers that follow from wrong ones
        self._loose: dict[_Known, frozenset[_Known]] = {}  #: what they follow from, of no account
        self._slips: dict[_Known, tuple[Evidence, Callable[[], bool]]] = {}  #: not looked for yet
        self._slipped: dict[_Known, Evidence] = {}  #: a slip in the code of a step gives them
        #: wrong formulas that may start their own number, and whether nothing accounts for them
        self.own_starts: dict[AnswerPlace, bool] = {}

    @property
    def places(self) -> frozenset[AnswerPlace]:
        """The whole answers that something accounts for."""
        return frozenset(place for place, row in self.known if row is None)

    def account_for(self, place: _Known) -> bool:
        """Whether something accounts for a wrong answer, or one slip in the code of a step does."""
        return self._is_among(self.known, place, unless=is_tiny)

    def may_have_any_size(self, place: _Known) -> bool:
        """Whether it is known from what a wrong answer was computed, or by which slip."""
        return self._is_among(self.any_size, place, unless=is_given)

    def _is_among(
        self, found: set[_Known], place: _Known, *, unless: Callable[[Evidence, Worlds], bool]
    ) -> bool:
        """Whether a place is one of those, or is found to be one now and added to them.

        It is one if it follows from what is accounted for, or if a slip gives it, `unless` this
        holds for the answer.
        """
        if place not in found and (
            self._follows_from_what_is_known(place)
            or (self._has_slipped(place) and not unless(self._slipped[place], self._worlds))
        ):
            found.add(place)
        return place in found

    def _follows_from_what_is_known(self, place: _Known) -> bool:
        loose = self._loose.get(place, frozenset())
        return bool(loose) and all(self.account_for(one) for one in loose)

    def _has_slipped(self, place: _Known) -> bool:
        answer, is_slip = self._slips.pop(place, (None, None))
        if answer is not None and is_slip is not None and is_slip():
            self._slipped[place] = answer
        return place in self._slipped

    def _goes_on(self, answer: Evidence) -> bool:
        """Whether another answer may start from this one."""
        return answer.row is not None or answer.step in self._gone_on_from

    def enter(
        self,
        found: Findings,
        language: Language | None = None,
        slip: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take note of what was found. `language` is that of a formula; `slip` says whether one in
        the code of a step gives the answer, which is only asked where a mark hangs on it."""
        answer = found.answer
        if answer.place in self.alike:
            return
        follows = found.follows if found.follows and not found.follows.blocked else None
        basis = follows.basis if follows is not None else None
        here = (answer.place, answer.row)
        if not (found.accounted_for or found.slipped or answer.right) and self._goes_on(answer):
            self._slips[here] = (answer, slip)
        if basis is not None:
            self._loose[here] = frozenset(basis.loose_from[name] for name in basis.loose)
        computed = found.named or (basis is not None and not basis.loose)
        if computed or (found.slipped and not is_tiny(answer, self._worlds)):
            self.known.add((answer.place, answer.row))
        if computed or (found.slipped and not is_given(answer, self._worlds)):
            self.any_size.add((answer.place, answer.row))
        if basis is not None and (basis.wrong or basis.derived):
            self.derived.add((answer.place, answer.row))
        if basis is not None and basis.fabricated:
            self.made_up.add((answer.place, answer.row))
        elif not found.accounted_for and not found.slipped and not answer.right:
            self._look_for_made_up(answer, language)
        if answer.formula is None:
            return
        if found.accounted_for:
            self.own_starts[answer.place] = False
        elif language is not None and answer.step in self._asked_as_numbers:
            self._own_start(found, language)

    def _look_for_made_up(self, answer: Evidence, language: Language | None) -> None:
        # Nothing starts from a formula of which nothing else is made.
        if answer.formula is not None and answer.step not in self._gone_on_from:
            return
        if not is_made_up(answer, self._worlds, self._answers):
            return
        here = (answer.place, answer.row)
        if self._has_slipped(here):
            return
        if language is None or not one_slip_away(answer, language, self._worlds):
            self.made_up.add(here)

    def _own_start(self, found: Findings, language: Language) -> None:
        answer = found.answer
        if found.slipped or one_slip_away(answer, language, self._worlds):
            self.own_starts[answer.place] = False
            self.known.add((answer.place, answer.row))
        elif makes_sense(answer, self._worlds):
            self.own_starts[answer.place] = True
