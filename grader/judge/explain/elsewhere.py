"""A mistake that is made in several places, and right answers that show that it was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.judge.expect.world import Worlds
from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import Mistake

__all__ = ["not_made_elsewhere"]

_TELLS = 2.0  # tolerances


def not_made_elsewhere(
    mistake: Mistake, answer: Evidence, answers: Sequence[Evidence], worlds: Worlds
) -> bool:
    """Whether a right number of the same instance would be wrong with the part of the mistake that
    has nothing to do with this answer.

    Example: a skip connection that is left out forward and backward gives ŷ; but the gradient with
    respect to its weight is right.
    """
    above = worlds.graph.above(answer.step)
    rest = replace(
        mistake,
        id=f"{mistake.id}, but for what {answer.step} is made of",
        replace={name: other for name, other in mistake.replace.items() if name not in above},
        values={name: value for name, value in mistake.values.items() if name not in above},
    )
    if not rest.names:
        return False
    here, wrong, right = worlds.instance(answer.part.at), worlds.under((rest,)), worlds.under()
    for other in answers:
        kind = other.question.nature
        if not other.right or not kind.numbers or kind.rows or other.place == answer.place:
            continue
        step, at = other.step, worlds.instance(other.part.at)
        if not rest.names & worlds.graph.above(step) or at is not here:
            continue
        values = wrong.value(step, at), right.value(step, at)
        if any(one is None for one in values) or apart(other.part, *values) > _TELLS:
            return True
    return False
