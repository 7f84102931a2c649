"""Judge all questions of one submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.judge.expect.key import Key
from grader.judge.mark.read_as import HowRead, how_read
from grader.judge.mark.reading import read_answer
from grader.judge.scoring import Judged, outcome_of, whole
from grader.judge.words.fault import said
from grader.judge.words.tell import worded
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    ManualQuestion,
    Question,
)
from grader.model.fact import Facts
from grader.model.fact_marking import Held
from grader.model.outcome import Diagnosed, Outcome
from grader.model.response import Response
from grader.model.series import (
    SeriesQuestion,
)
from grader.model.verdict import Reason, Verdict

__all__ = ["SubmissionJudged", "hold", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionJudged:
    """Outcomes in the order of the questions, and the mistakes that account for them."""

    outcomes: tuple[Outcome, ...]
    diagnosis: tuple[Diagnosed, ...] = ()


def judge(assignment: Assignment, key: Key, responses: Mapping[str, Response]) -> SubmissionJudged:
    """Judge every answer by itself, look again at what is not right, and put all into words.

    `responses` has what sheets say, by question, and what came of calls, by the id of the call.
    """
    answers = dict(responses)  # and by question what answers it, read
    outcomes: dict[str, Outcome] = {}
    judged: dict[str, Judged] = {}
    for question in assignment.questions:
        try:
            if not isinstance(question, FunctionQuestion):
                answers[question.id] = read_answer(question, key, responses)
            one = _by_kind(assignment, question, key, answers)
            if isinstance(one, Judged) and question.id in answers:
                one = _said_how_read(one, key, responses.get(question.id), answers[question.id])
            outcomes[question.id] = outcome_of(one)
        except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
            outcomes[question.id] = hold(question, Reason.JUDGE_FAULT, said(error))
        else:
            if isinstance(one, Judged):
                judged[question.id] = one
    diagnosis: tuple[Diagnosed, ...] = ()
    try:
        faults: Mapping[str, str] = {}
        if any(map(_is_to_explain, judged.values())):
            from grader.judge.explain.pipeline import review

            reviewed = review(assignment, key, judged)
            outcomes.update((name, outcome_of(one)) for name, one in reviewed.judged.items())
            diagnosis, faults = reviewed.diagnosis, reviewed.faults
    except Exception as error:  # noqa: BLE001 - the same
        faults = dict.fromkeys(judged, said(error))
    for name, fault in faults.items():
        if outcomes[name].score != outcomes[name].max_score:
            outcomes[name] = hold(judged[name].question, Reason.JUDGE_FAULT, fault)
    in_order = (outcomes[question.id] for question in assignment.questions)
    return SubmissionJudged(
        outcomes=tuple(worded(_told(outcome), assignment.mistakes) for outcome in in_order),
        diagnosis=diagnosis,
    )


def _is_to_explain(judged: Judged) -> bool:
    """Whether there is an answer, and it is not right."""
    given = any(part.verdict is not Verdict.MISSING for part in judged.parts)
    return given and not judged.is_right


def _by_kind(
    assignment: Assignment, question: Question, key: Key, responses: Mapping[str, Response]
) -> Judged | Outcome:
    """Judge by the marker of its kind; those of kinds that are not asked are not imported."""
    limits = assignment.limits
    if isinstance(question, FunctionQuestion):
        from grader.judge.mark.functions import judge_function

        return judge_function(question, key, responses, limits)
    response = responses[question.id]
    if isinstance(question, SeriesQuestion):
        from grader.judge.mark.series import judge_series

        return judge_series(question, response, limits)
    if isinstance(question, ManualQuestion):
        from grader.judge.mark.manual import judge_manual

        return judge_manual(question, response, limits)
    assert isinstance(question, AnswerQuestion)
    if question.nature.rows:
        from grader.judge.mark.iterates import judge_iterates

        return judge_iterates(question, key, response, limits)
    from grader.judge.mark.answers import judge_answer

    return judge_answer(question, key, response, limits)


def _said_how_read(judged: Judged, key: Key, said: Response | None, answer: Response) -> Judged:
    """With how each answer was read, where that is not what was typed."""
    typed = said.value if said is not None and said.failure is None else answer.value
    how = how_read(judged.question, key, typed, answer.value)
    if not how:
        return judged
    nothing = HowRead()
    found = ((part, how.get(part.label, nothing)) for part in judged.parts)
    parts = (replace(part, read_as=read.text, lenient=read.lenient) for part, read in found)
    return replace(judged, parts=tuple(parts))


def _told(outcome: Outcome) -> Outcome:
    """Nothing is said of a bonus that was left out."""
    return replace(outcome, facts=Facts(), parts=()) if outcome.left_out else outcome


def hold(question: Question, reason: Reason, detail: str) -> Outcome:
    """An outcome without a score, for staff to look at."""
    machine = reason in (Reason.MACHINE_BUSY, Reason.MACHINE_MEMORY)
    facts = Facts.of(Held(detail=detail, reason=reason if machine else None))
    return worded(whole(question, Verdict.GRADER_ERROR, reason, score=None, facts=facts))
