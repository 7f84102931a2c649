"""The only stage that runs a student's code: everything a submission answers, as responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.model.assignment import Assignment, FunctionQuestion, ManualQuestion, Question
from grader.model.call import Call
from grader.model.outcome import Feedback
from grader.model.response import Response
from grader.model.value import NumberText, Value
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import (
    TYPED_NUMBERS,
    PlannedCase,
    answer_call,
    case_call,
    derived_seed,
    difference_calls,
)
from grader.sandbox.contract import Job, Sandbox
from grader.sandbox.text import clean_text
from grader.spec.problems import did_you_mean
from grader.submissions.sheet import Sheet, read_sheets
from grader.submissions.submission import Submission

__all__ = ["Collected", "collect"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collected:
    """Responses by question id, or by case id for functions; notes about the files."""

    responses: Mapping[str, Response]
    notes: tuple[Feedback, ...]
    printed: str = ""


def collect(
    assignment: Assignment,
    cases: Mapping[str, Sequence[PlannedCase]],
    submission: Submission,
    sandbox: Sandbox,
) -> Collected:
    """Read the sheet, then ask the modules for what it does not answer. Raises SandboxFault.

    What is printed during hidden cases is not shown: it may hold their inputs.
    """
    sheet = read_sheets(submission.sheets)
    responses: dict[str, Response] = {}
    calls: list[Call] = []
    asked: dict[str, str] = {}  # question → the call that is made for it
    beside: list[Call] = []  # what these print is not shown: nobody asked for it
    for question in assignment.questions:
        if isinstance(question, FunctionQuestion):
            calls += [case_call(question, case) for case in cases[question.id]]
            beside += difference_calls(cases[question.id])
        elif question.id in sheet.answers:
            responses[question.id] = _typed(question, sheet.answers[question.id], submission)
        elif not isinstance(question, ManualQuestion):
            calls.append(answer_call(assignment, question))
            asked[question.id] = calls[-1].id
    printed = ""
    if submission.modules and calls:
        result = sandbox.run(
            Job(
                files=_in_order(submission, assignment.files),
                at_start=submission.at_start,
                provided=assignment.provided,
                calls=(*calls, *beside),
                limits=assignment.limits,
                seed=derived_seed(assignment, "loading"),
                data=assignment.data,
                preload=assignment.preload,
                python=assignment.python,
            )
        )
        shown = (result.responses[call.id].printed for call in calls if not call.hidden)
        printed = result.printed + "".join(shown)
        responses.update(result.responses)
        responses.update((name, responses.pop(call)) for name, call in asked.items())
    _fill(assignment, submission, sheet, [*calls, *beside], responses)
    notes = (*submission.notes, *_provided(assignment, submission), *_notes(assignment, sheet))
    return Collected(responses=responses, notes=notes, printed=printed)


def _in_order(submission: Submission, declared: Sequence[str]) -> Mapping[str, bytes]:
    """The modules as names are looked up in them: declared ones first, those in folders last."""
    first = [*declared, *submission.at_start]

    def rank(name: str) -> tuple[int, int, str]:
        place = first.index(name) if name in first else len(first)
        return place, name.count("/"), name

    return {name: submission.modules[name] for name in sorted(submission.modules, key=rank)}


def _typed(question: Question, answer: Value, submission: Submission) -> Response:
    """An answer from a sheet. Where numbers are wanted, a quoted number is one too."""
    if question.kind in TYPED_NUMBERS:
        return Response(value=_numbers(answer))
    if question.kind == "figure":
        name = str(answer).removeprefix("./")
        if not submission.others.get(name):
            shown = clean_text(name, limit=100)
            return Response.failed(Verdict.MISSING, Reason.FILE_NOT_FOUND, shown)
    if question.kind == "text":
        return Response(value=str(answer))
    return Response(value=answer)


def _numbers(answer: Value) -> Value:
    if isinstance(answer, str):
        return NumberText.parse(answer) or answer
    if isinstance(answer, tuple):
        return tuple(_numbers(item) for item in answer)
    if isinstance(answer, dict):
        return {key: _numbers(item) for key, item in answer.items()}
    return answer


def _fill(
    assignment: Assignment,
    submission: Submission,
    sheet: Sheet,
    calls: Sequence[Call],
    responses: dict[str, Response],
) -> None:
    """Give every question a response: what nobody answered is missing, not a module's failure."""
    unreadable = Response.failed(Verdict.INVALID, Reason.UNREADABLE, sheet.fault)
    missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    for question in assignment.questions:
        if isinstance(question, FunctionQuestion):
            continue
        response = responses.get(question.id)
        if response is not None and response.failure is None:
            continue
        undefined = response is None or (
            response.failure is not None and response.failure.reason is Reason.NAME_NOT_DEFINED
        )
        if submission.sheets and sheet.fault:
            responses[question.id] = unreadable
        elif undefined or (submission.sheets and question.id not in sheet.answers):
            responses[question.id] = missing
    for call in calls:
        if call.mode != "value":
            responses.setdefault(call.id, missing)  # no module was handed in


def _provided(assignment: Assignment, submission: Submission) -> list[Feedback]:
    """A note where the assignment has a file or folder of that name for everybody."""
    handed_in = sorted({*submission.modules, *submission.sheets, *submission.others})
    own = [
        name
        for name in assignment.data
        if any(file == name or file.startswith(f"{name}/") for file in handed_in)
    ]
    return [
        Feedback(
            audience=Audience.STUDENT,
            text=f"{name} is provided by the assignment; yours was not used",
        )
        for name in own
    ]


def _notes(assignment: Assignment, sheet: Sheet) -> list[Feedback]:
    ids = [question.id for question in assignment.questions]
    notes = [*sheet.notes]
    if sheet.fault:
        notes.append(f"the answer sheet cannot be read: {sheet.fault}")
    for name in sheet.answers:
        if name not in ids:
            near = did_you_mean(str(name), ids)
            notes.append(f"there is no question {str(name)[:60]!r}; {near}".rstrip("; "))
    notes += [
        f"{question.id!r} is answered by code in a module, not in the sheet"
        for question in assignment.questions
        if isinstance(question, FunctionQuestion) and question.id in sheet.answers
    ]
    return [Feedback(audience=Audience.STUDENT, text=note) for note in notes]
