"""Outcomes to write reports of: one class of made-up ones, and what hypothesis makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from grader.judge.words.tell import worded
from grader.model.assignment import Assignment, Formulas, Limits, ManualQuestion
from grader.model.fact import Facts
from grader.model.fact_explaining import StartUnused, Unusable
from grader.model.fact_marking import CaseInputs, Compared, Failed, Held, PartUnknown
from grader.model.graded import Graded
from grader.model.outcome import (
    Diagnosed,
    Feedback,
    Note,
    Outcome,
    PartOutcome,
    SubmissionOutcome,
)
from grader.model.response import Failure
from grader.model.verdict import Audience, Reason, Verdict

QUESTIONS = ("gradient", "momentum", "plot")


def _assignment() -> Assignment:
    return Assignment(
        slug="homework",
        title="A homework",
        folder=Path("homework"),
        files=("answers.yaml",),
        seed=0,
        givens={},
        formulas=Formulas(),
        limits=Limits(),
        questions=tuple(
            ManualQuestion(
                id=name, kind="text", points=Fraction(2), prompt="", entry=name, rubric=()
            )
            for name in QUESTIONS
        ),
    )


def _facts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Facts]:
    """Facts that hold texts, and numbers of the key, some of them for staff alone."""
    values = texts | st.floats() | st.lists(st.floats(), max_size=2)
    failures = st.builds(
        Failure,
        verdict=st.just(Verdict.RAISED),
        reason=st.sampled_from(Reason),
        exception=texts,
        message=texts,
        file=texts,
        line=st.integers(0, 9),
    )
    hidden = st.booleans()
    one = st.one_of(
        st.builds(PartUnknown, label=texts, hidden=hidden),
        st.builds(
            StartUnused,
            place=st.tuples(texts, texts),
            step=texts,
            why=st.sampled_from(Unusable),
            hidden=hidden,
        ),
        st.builds(CaseInputs, inputs=st.dictionaries(texts, values, max_size=2), hidden=hidden),
        st.builds(Held, detail=texts, hidden=hidden),
        st.builds(Failed, failure=failures, entry=texts, hidden=hidden),
        st.builds(
            Compared,
            reason=st.none() | st.sampled_from([Reason.WRONG_VALUE, Reason.NOT_A_NUMBER]),
            actual=values,
            expected=values,
            difference=st.none() | st.floats(0, 9),
            allowed=st.none() | st.floats(0, 9),
            hidden=hidden,
        ),
    )
    several = st.lists(one, max_size=2).map(lambda items: Facts.of(*items))
    return st.builds(lambda told, kept: told + kept.kept_from_student(), several, several)


def _classes() -> st.SearchStrategy[Graded]:
    awkward = st.sampled_from("\ud800\udfff\0\x1b\n\r\t\x85\u2028\u202e\ufffe[|<&\"'")
    texts = st.text(awkward | st.characters(), max_size=30)
    shares_earned = st.fractions(0, 1, max_denominator=9)
    notes = st.lists(st.builds(Note, audience=st.sampled_from(Audience), text=texts), max_size=2)
    facts = _facts(texts)
    reasons = st.none() | st.sampled_from(Reason)
    parts = st.builds(
        PartOutcome,
        label=texts,
        verdict=st.sampled_from(Verdict),
        reason=reasons,
        share=st.fractions(0, 5, max_denominator=9),
        credit=st.none() | shares_earned,
        hidden=st.booleans(),
        facts=facts,
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
                facts=facts,
                parts=st.lists(parts, max_size=2).map(tuple),
            ).map(worded)
            for name in QUESTIONS
        )
    )
    submissions = st.builds(
        SubmissionOutcome,
        submission=texts,
        outcomes=outcomes,
        notes=notes.map(tuple),
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


def _read(outcome: Outcome) -> Outcome:
    """In words; what a test has put into words itself stays as it is."""
    words = worded(outcome)
    parts = tuple(
        part if part.feedback != Feedback() else read
        for part, read in zip(outcome.parts, words.parts, strict=True)
    )
    feedback = words.feedback if outcome.feedback == Feedback() else outcome.feedback
    return replace(outcome, feedback=feedback, parts=parts)


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
        outcomes = tuple(_read(Outcome(question=name, **given)) for name in QUESTIONS)
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
