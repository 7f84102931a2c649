"""Outcomes to write reports of: one class of made-up ones, and what hypothesis makes of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from grader.model.assignment import Assignment, ManualQuestion
from grader.model.graded import Graded
from grader.model.outcome import Diagnosed, Feedback, Outcome, PartOutcome, SubmissionOutcome
from grader.model.verdict import Audience, Reason, Verdict
from tests.build import assignment_of

QUESTIONS = ("gradient", "momentum", "plot")


def _assignment() -> Assignment:
    return assignment_of(
        questions=tuple(
            ManualQuestion(
                id=name, kind="text", points=Fraction(2), prompt="", entry=name, rubric=()
            )
            for name in QUESTIONS
        )
    )


def _classes() -> st.SearchStrategy[Graded]:
    awkward = st.sampled_from("\ud800\udfff\0\x1b\n\r\t\x85\u2028\u202e\ufffe[|<&\"'")
    texts = st.text(awkward | st.characters(), max_size=30)
    shares_earned = st.fractions(0, 1, max_denominator=9)
    lines = st.lists(
        st.builds(Feedback, audience=st.sampled_from(Audience), text=texts), max_size=2
    ).map(tuple)
    reasons = st.none() | st.sampled_from(Reason)
    parts = st.builds(
        PartOutcome,
        label=texts,
        verdict=st.sampled_from(Verdict),
        reason=reasons,
        share=st.fractions(0, 5, max_denominator=9),
        credit=st.none() | shares_earned,
        hidden=st.booleans(),
        feedback=lines,
    )
    outcomes = st.tuples(
        *(
            st.builds(
                Outcome,
                question=st.just(name),
                verdict=st.sampled_from(Verdict),
                reason=reasons,
                score=st.none() | shares_earned.map(lambda share: 2 * share),
                max_score=st.just(Fraction(2)),
                feedback=lines,
                parts=st.lists(parts, max_size=2).map(tuple),
            )
            for name in QUESTIONS
        )
    )
    submissions = st.builds(
        SubmissionOutcome,
        submission=texts,
        outcomes=outcomes,
        notes=lines,
        printed=texts,
        diagnosis=st.lists(
            st.builds(
                Diagnosed,
                mistake=st.just("a-mistake"),
                feedback=texts,
                explains=st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
    )
    return st.builds(
        Graded,
        assignment=st.just(_assignment()),
        submissions=st.lists(submissions, max_size=3).map(tuple),
    )


@pytest.fixture(scope="session")
def classes() -> st.SearchStrategy[Graded]:
    """Any outcomes whatever: texts with every character there is, and none."""
    return _classes()


@pytest.fixture(scope="session")
def marked() -> Callable[..., Graded]:
    """A class of one question's outcome for each id: `marked("ann", verdict=…, feedback=…)`."""

    def marked(
        *ids: str, printed: str = "", notes: Any = (), diagnosis: Any = (), **fields: Any
    ) -> Graded:
        given: dict[str, Any] = {
            "verdict": Verdict.INCORRECT,
            "score": Fraction(0),
            "max_score": Fraction(2),
            **fields,
        }
        outcomes = tuple(Outcome(question=name, **given) for name in QUESTIONS)
        return Graded(
            assignment=_assignment(),
            submissions=tuple(
                SubmissionOutcome(
                    submission=name,
                    outcomes=outcomes,
                    printed=printed,
                    notes=notes,
                    diagnosis=diagnosis,
                )
                for name in ids or ("ann",)
            ),
        )

    return marked
