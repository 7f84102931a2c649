"""What `grader check` does, whoever read its arguments."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.assignments import assignment_path, is_release
from grader.cli.courses import course_of
from grader.cli.exits import Exit, end, note, usage_error
from grader.cli.screen import columns_of
from grader.cli.walls import Wanted, expect_drivers, walls

if TYPE_CHECKING:
    from grader.checks.released import Released
    from grader.checks.wanted import WantedQuestion
    from grader.cli.watching import Checker
    from grader.course.options import LoadOptions
    from grader.course.watched import WatchedCourse
    from grader.model.assignment import Assignment
    from grader.sandbox.contract import Sandbox
    from grader.submissions.submission import Submission

__all__ = ["CheckAsked", "check_work"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckAsked:
    """What the command line asks for."""

    assignment: str
    files: tuple[Path, ...] = ()
    question: str = ""
    student: str | None = None  #: whose variant
    sandbox: Wanted = Wanted.AUTO
    options: LoadOptions
    watch: bool = False


def check_work(asked: CheckAsked) -> None:
    """Check a student's work and print the page, with `watch` again after each change."""
    _import_all()
    from grader.submissions.tree import SubmissionFault

    asked = _with_assignment(asked)
    path = assignment_path(asked.assignment, release=True)
    with _of_release(path, asked) if is_release(path) else _of_course(path, asked) as checker:
        _expect_question(checker.assignment, asked.question)
        if asked.watch:
            from grader.cli.watching import watch_work

            watch_work(checker)
            return
        try:
            page, has_faults = checker.page()
        except SubmissionFault as fault:
            usage_error(str(fault))
    sys.stdout.write(page)
    if has_faults:
        note("not everything could be marked, through no fault of yours")
        end(Exit.OUR_FAULT)


def _with_assignment(asked: CheckAsked) -> CheckAsked:
    """Inside a release nobody need name it: a file that is named first is one of theirs."""
    named = Path(asked.assignment)
    if not named.is_file() or named.name == "assignment.yaml":
        return asked
    if is_release(Path()):
        return replace(asked, assignment=".", files=(named, *asked.files))
    if named.suffix not in (".yaml", ".yml") or not _may_be_spec(named):
        usage_error(f"{named} is not an assignment: name the assignment first, then your files")
    return asked


def _may_be_spec(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True  # why it cannot be read is told with the spec
    return any(line.startswith(("questions:", "schema:")) for line in text.splitlines())


def _import_all() -> None:
    """Import what every check needs. Nothing of it is ever garbage, so none is looked for."""
    import gc

    gc.disable()
    import grader.course.judge
    import grader.course.watch
    import grader.report.text  # noqa: F401 - as said

    gc.freeze()
    gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Checker:
    """The shared part of checking by a whole assignment and by a release."""

    asked: CheckAsked

    @property
    def assignment(self) -> Assignment:
        raise NotImplementedError

    @property
    def folders(self) -> Sequence[Path]:
        return self.asked.files or (Path(),)

    def page(self) -> tuple[str, bool]:
        from grader.sandbox.contract import NothingRuns
        from grader.sandbox.linux import NEEDS_LINUX, NotRunHere, is_linux

        submission = self._submission()
        if _is_empty(submission):
            return self._asked_page(submission), False
        if not submission.modules:
            return self._checked(submission, NothingRuns())
        if not is_linux():
            by_code = [one.id for one in self.assignment.questions if one.nature.by_code]
            note(f"{NEEDS_LINUX}{'; not looked at here: ' * bool(by_code)}{', '.join(by_code)}")
            return self._checked(submission, NotRunHere())
        given = bool(self.asked.options.python)
        with walls(self.asked.sandbox, self.assignment, python_given=given, must=False) as behind:
            return self._checked(submission, behind)

    def _submission(self) -> Submission:
        from grader.course.collect import find_one

        return find_one(self, self.folders)

    def _asked_page(self, submission: Submission) -> str:
        from grader.model.verdict import Audience
        from grader.report.asked_text import asked_page

        shown = [one for one in self._wanted() if self.asked.question in ("", one.question.id)]
        notes = [note.text for note in submission.notes if note.audience is Audience.STUDENT]
        return asked_page(self.assignment, shown, tuple(submission.sheets), notes, width=_width())

    def _wanted(self) -> Sequence[WantedQuestion]:
        raise NotImplementedError

    def _checked(self, submission: Submission, behind: Sandbox) -> tuple[str, bool]:
        raise NotImplementedError


# -- where the whole assignment is at hand -------------------------------------------------------


@contextlib.contextmanager
def _of_course(path: Path, asked: CheckAsked) -> Iterator[Checker]:
    with course_of(path, asked.options) as course:
        # What the course's code prints may be of the key, so nothing is said of it here.
        if course.assignment.variants is not None or asked.student is not None:
            from grader.cli.variant import of_student

            course = of_student(course, asked.student)
        yield _OfCourse(asked=asked, course=course)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _OfCourse(_Checker):
    course: WatchedCourse

    @property
    def assignment(self) -> Assignment:
        return self.course.assignment

    def _wanted(self) -> Sequence[WantedQuestion]:
        from grader.course.asked import wanted_of

        return wanted_of(self.course)

    def _checked(self, submission: Submission, behind: Sandbox) -> tuple[str, bool]:
        expect_drivers(self.course, behind)
        if self.assignment.self_check == "full":
            return _in_full(self.course, submission, behind, self.asked.question)
        from grader.course.release import read_own
        from grader.course.self_check import self_check_text

        form_only = self.assignment.self_check == "format"
        released, question = read_own(self.course), self.asked.question
        page = self_check_text(
            released, submission, behind, form_only=form_only, question=question, width=_width()
        )
        return page, False


def _in_full(
    course: WatchedCourse, submission: Submission, behind: Sandbox, question: str
) -> tuple[str, bool]:
    """The page with verdicts and points, and whether something could not be marked."""
    from grader.course.judge import grade
    from grader.model.verdict import Audience
    from grader.report.text import submission_page
    from grader.report.words import has_faults
    from grader.sandbox.linux import NotRunHere

    graded = grade(course, [submission], behind)
    assignment, outcome = graded.assignment, graded.submissions[0]
    if question or isinstance(behind, NotRunHere):
        asked = tuple(
            one
            for one in assignment.questions
            if question in ("", one.id)
            and not (one.nature.by_code and isinstance(behind, NotRunHere))
        )
        names = {one.id for one in asked}
        got = tuple(one for one in outcome.outcomes if one.question in names)
        assignment = replace(assignment, questions=asked)
        outcome = replace(outcome, outcomes=got, diagnosis=())
    page = submission_page(assignment, outcome, Audience.STUDENT, tier=graded.tier, width=_width())
    return page, has_faults(outcome)


# -- of a release --------------------------------------------------------------------------------


@contextlib.contextmanager
def _of_release(folder: Path, asked: CheckAsked) -> Iterator[Checker]:
    from grader.checks.released import ReleaseFault
    from grader.course.release import open_release

    try:
        released = open_release(folder)
    except ReleaseFault as fault:
        usage_error(f"{folder}: {fault}")
    changes: dict[str, Any] = {**asked.options.limits}
    limits = replace(released.assignment.limits, **changes)
    assignment = replace(released.assignment, limits=limits, python=asked.options.python)
    yield _OfRelease(asked=asked, folder=folder, released=replace(released, assignment=assignment))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _OfRelease(_Checker):
    folder: Path
    released: Released

    @property
    def assignment(self) -> Assignment:
        return self.released.assignment

    @property
    def folders(self) -> Sequence[Path]:
        return self.asked.files or (self.folder,)

    def _submission(self) -> Submission:
        from grader.course.release import handed_in_beside

        if self.asked.files:
            return super(_OfRelease, self)._submission()
        return handed_in_beside(self.released, self.folder)

    def _wanted(self) -> Sequence[WantedQuestion]:
        return self.released.wanted

    def _checked(self, submission: Submission, behind: Sandbox) -> tuple[str, bool]:
        from grader.course.self_check import self_check_text

        question = self.asked.question
        page = self_check_text(self.released, submission, behind, question=question, width=_width())
        return page, False


def _width() -> int:
    """Asked for each page: with `--watch` the window may be another one by then."""
    return columns_of(sys.stdout)


def _expect_question(assignment: Assignment, question: str) -> None:
    from grader.spec.problems import did_you_mean

    names = [one.id for one in assignment.questions]
    if question and question not in names:
        near = did_you_mean(question, names) or f"there are {', '.join(names)}"
        usage_error(f"there is no question {question!r}; {near}")


def _is_empty(submission: Submission) -> bool:
    """Whether nothing is written yet; a fault of reading is told by the page."""
    if submission.modules or submission.unreadable or submission.unread or submission.figures:
        return False
    if not submission.sheets:
        return True
    from grader.submissions.sheet import read_sheets

    sheet = read_sheets(submission.sheets)  # `grader sheet` writes one that waits to be filled in
    return not (sheet.answers or sheet.unread or sheet.strays or sheet.fault)
