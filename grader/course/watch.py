"""Open an assignment so that its own code is watched from outside."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.checks.patched import Unchanged
from grader.checks.prepare import Prepared
from grader.course.load import load
from grader.course.options import LoadOptions
from grader.course.serving import Answer, Kinds
from grader.course.watched import WatchedCourse
from grader.judge.submission import SubmissionJudged
from grader.model.outcome import SubmissionOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.plan.variant import with_givens
from grader.sandbox.linux import is_linux
from grader.spec.load import SpecFault

if TYPE_CHECKING:
    from grader.audit.finding import Audit
    from grader.checks.key_shown import KeyShown
    from grader.checks.readings import Readings
    from grader.checks.replayed import Replay
    from grader.checks.variants import Drawn
    from grader.checks.wanted import WantedQuestion

__all__ = ["open_course", "watch"]


def open_course(path: Path | str, options: LoadOptions | None = None) -> WatchedCourse:
    """An assignment that is ready to be marked with, its code in a process of its own.

    In this one where there is no Linux. To be closed, or used in a `with`. Open it before any
    thread is started. Raises SpecFault, also where a step takes too long, and CourseFault where
    the course's code ends the process.
    """
    options = options or LoadOptions()
    if not is_linux():
        from grader.course.here import CourseHere

        return CourseHere(partial(_load, path, options))
    seconds = float(options.limits.get("reference_seconds", 0))
    return WatchedCourse(Path(path), partial(_load, path, options), seconds=seconds)


def watch(prepared: Prepared) -> WatchedCourse:
    """The same of an assignment that was prepared in this process."""
    limits = prepared.assignment.limits
    answer = _answer(prepared)

    def ready() -> tuple[Answer, Kinds]:
        return answer, _kinds(prepared)

    if not is_linux():
        from grader.course.here import CourseHere

        return CourseHere(ready)
    return WatchedCourse(prepared.assignment.folder, ready, seconds=limits.reference_seconds)


def _load(path: Path | str, options: LoadOptions) -> tuple[Answer, Kinds | None]:
    try:
        prepared = load(path, options)
    except SpecFault as fault:
        return Answer(diagnostics=fault.diagnostics), None
    except Exception as error:  # noqa: BLE001 - told to the other side
        fault_words = f"{type(error).__name__}: {error}"
        return Answer(fault=fault_words, trace=traceback.format_exc()), None
    return _answer(prepared), _kinds(prepared)


def _answer(prepared: Prepared) -> Answer:
    return Answer(value=prepared.assignment, diagnostics=prepared.warnings)


class _ChangedByCourse(Exception):
    """The course's code changed what answers are compared with."""


def _kinds(prepared: Prepared) -> Kinds:
    """What may be asked. What a command seldom asks is imported when it is."""
    unchanged = Unchanged()

    def judge(
        responses: Mapping[str, Response], givens: Mapping[str, Value] | None
    ) -> SubmissionJudged:
        judged = prepared.judge(responses, givens)
        if changed := unchanged.changed():
            msg = f"the course's code put something else in the place of {changed[0]}"
            raise _ChangedByCourse(msg)
        return judged

    def judge_as(
        given: Any,
        opened: Callable[[Any], Mapping[str, Response]],
        made: Callable[[SubmissionJudged], Any],
        givens: Mapping[str, Value] | None,
    ) -> Any:
        return made(judge(opened(given), givens))

    def audit(examples: Sequence[SubmissionOutcome]) -> Audit:
        from grader.course.audit import audit as audit_prepared

        return audit_prepared(prepared, examples)

    def readings() -> Readings:
        from grader.checks.readings import read_formulas

        return read_formulas(prepared.assignment, prepared.key)

    def wanted(givens: Mapping[str, Value] | None = None) -> tuple[WantedQuestion, ...]:
        from grader.checks.wanted import wanted_questions

        own = prepared.at(givens)
        if givens is None and own.assignment.variants is not None:
            return wanted_questions(with_givens(own.assignment, {}), own.key)
        return wanted_questions(own.assignment, own.key)

    def shown(mistakes: Sequence[str], givens: Mapping[str, Value]) -> KeyShown:
        from grader.checks.key_shown import show_key

        return show_key(prepared, mistakes, givens)

    def drawn(secret: bytes, students: Sequence[str]) -> Drawn:
        from grader.checks.variants import draw_all

        assert prepared.reference is not None
        return draw_all(prepared.assignment, prepared.reference, secret, students)

    def release(givens: Mapping[str, Value] | None = None) -> dict[str, Any]:
        from grader.course.release import released_of

        own = prepared.at(givens)
        return released_of(own.assignment, own.key)

    def drivers(givens: Mapping[str, Value] | None = None) -> tuple[Replay, ...]:
        from grader.checks.replayed import replays

        own = prepared.at(givens)
        return replays(own.assignment, own.key)

    def again(replay: Replay, givens: Mapping[str, Value] | None = None) -> bool:
        from grader.checks.replayed import gives_again

        own = prepared.at(givens)
        return gives_again(own.assignment, own.key, replay)

    def of_sample(name: str, *arguments: Any) -> Any:
        from grader.audit import variants

        return getattr(variants, name)(prepared, *arguments)

    return {
        "elsewhere": prepared.elsewhere,
        "drawn": drawn,
        "variant_faults": partial(of_sample, "variant_faults"),
        "sampled": partial(of_sample, "sampled"),
        "judge": judge,
        "judge_as": judge_as,
        "audit": audit,
        "readings": readings,
        "wanted": wanted,
        "shown": shown,
        "release": release,
        "replays": drivers,
        "gives_again": again,
    }
