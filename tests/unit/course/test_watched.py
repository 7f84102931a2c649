"""The course's own code in another process: what it does there costs nobody a mark."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from grader.checks.prepare import prepare
from grader.course import watched
from grader.course.counted import Counted
from grader.course.judge import grade
from grader.course.options import LoadOptions, RunOptions, VerifyOptions
from grader.course.printed import Printed
from grader.course.verify import verify
from grader.course.watch import open_course, watch
from grader.course.watched import CourseFault, WatchedCourse
from grader.model.graded import Graded
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Audience, Reason, Verdict
from grader.spec.load import SpecFault
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX

pytestmark = pytest.mark.processes

SPEC = """
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
limits: {reference_seconds: 0.6}
questions:
  - {id: start, kind: number}
  - {id: end, kind: number}
"""
DRIVEN = "  - {id: driven, kind: function, driver: drive.py, entry: f, cases: [{x: 1}]}\n"
REFERENCE = """
import os, signal, sys, time
import numpy as np

def start():
    {at_start}
    return 1.5

def end(start):
    if start == 5:
        {on_five}
    return start * 2

def f(x, /):
    return x
"""
ENDLESS = {
    "one line of compiled code": "len(str(7 ** (10 ** 9)))",
    "a sleep": "time.sleep(1000)",
    "a loop": "while True: pass",
    "an own handler": "signal.pause()",
}
ENDS = {
    "ends": "os._exit(0)",
    "ends with a code": "os._exit(3)",
    "kills itself": "os.kill(os.getpid(), 9)",
    "ends its group": "os.killpg(0, signal.SIGTERM), time.sleep(60)",
    "aborts": "os.abort()",
}
Course = Callable[..., Path]


def some(ways: dict[str, str]) -> list[object]:
    """All ways as parameters; those after the first with the slow tests."""
    return [
        pytest.param(way, id=name, marks=[pytest.mark.slow] if number else [])
        for number, (name, way) in enumerate(ways.items())
    ]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The folder of an assignment whose reference does this at some places."""

    def made(
        at_start: str = "pass", on_five: str = "pass", loading: str = "", driver: str = ""
    ) -> Path:
        folder = tmp_path / "assignments" / "small"
        folder.mkdir(parents=True)
        (tmp_path / "reference").mkdir()
        source = REFERENCE.format(at_start=at_start, on_five=on_five) + loading
        (tmp_path / "reference" / "small.py").write_text(source, encoding="utf-8")
        (folder / "assignment.yaml").write_text(SPEC + (DRIVEN if driver else ""), encoding="utf-8")
        (folder / "drive.py").write_text(driver, encoding="utf-8")
        return folder

    return made


def typed(start: float) -> Submission:
    """A right method from this start."""
    sheet = f"start: {start}\nend: {start * 2}\n"
    return Submission(id=f"from {start}", sheets={"answers.yaml": sheet.encode()})


CLASS = [typed(1.5), typed(2.0), typed(5.0), typed(1.5), typed(3.0)]


def marked(folder: Path, workers: int = 2) -> Graded:
    with open_course(folder) as opened:
        return grade(opened, CLASS, SANDBOX, RunOptions(workers=workers))


def judging(opened: WatchedCourse) -> list[int]:
    """The processes that judge now."""
    return [seat.judge[0] for seat in opened._seats._all if seat.judge is not None]


def verdicts(graded: Graded) -> list[list[str]]:
    return [[outcome.verdict.value for outcome in one.outcomes] for one in graded.submissions]


RIGHT = ["correct", "correct"]
CARRIED = ["incorrect", "follows"]
NOT_CARRIED = ["incorrect", "incorrect"]
HELD = ["grader_error", "grader_error"]


def test_a_course_without_faults_is_marked_as_in_this_process(course: Course) -> None:
    folder = course()
    there, here = marked(folder), grade(prepare(folder), CLASS, SANDBOX, RunOptions(watched=False))
    assert there.submissions == here.submissions
    assert verdicts(there) == [RIGHT, CARRIED, CARRIED, RIGHT, CARRIED]


# -- preparing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("endless", some(ENDLESS))
def test_an_endless_step_is_named(course: Course, endless: str) -> None:
    with pytest.raises(SpecFault) as caught:
        open_course(course(at_start=endless))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "S311"
    assert diagnostic.message == "'start' runs for more than 0.6 s"
    assert (Path(diagnostic.place.file).name, diagnostic.place.line) == ("small.py", 5)


@pytest.mark.parametrize(
    "where",
    [
        {"loading": "while True: pass\n"},
        {"driver": "def drive(module, case):\n    while True: 1\n"},
    ],
    ids=["loading", "driver"],
)
def test_loading_and_drivers_are_bounded_too(course: Course, where: dict[str, str]) -> None:
    with pytest.raises(SpecFault) as caught:
        open_course(course(**where))
    assert [one.code for one in caught.value.diagnostics] == ["S311"]


def test_a_limit_of_the_caller_counts(course: Course) -> None:
    """And a step that is slow within its limit is no fault."""
    folder = course(at_start="time.sleep(0.8)")
    with open_course(folder, LoadOptions(limits={"reference_seconds": 30.0})) as opened:
        assert opened.assignment.limits.reference_seconds == 30
    with pytest.raises(SpecFault):
        open_course(folder)


def test_many_calls_that_are_quick_each_are_not_one_slow_one(course: Course) -> None:
    folder = course(at_start="time.sleep(0.35)", on_five="pass", loading="time.sleep(0.35)\n")
    with open_course(folder) as opened:
        assert opened.assignment.slug == "small"


@pytest.mark.parametrize("ending", some(ENDS))
def test_a_process_that_ends_while_preparing_is_told_with_the_step(
    course: Course, ending: str
) -> None:
    with pytest.raises(CourseFault, match=r"ended .* while 'start' ran .*small.py:5"):
        open_course(course(at_start=ending))


def test_numpy_that_is_changed_is_named_and_not_changed_here(course: Course) -> None:
    before = np.exp
    folder = course(loading="np.exp = np.expm1\n")
    for use in (open_course, prepare):
        with pytest.raises(SpecFault) as caught:
            use(folder)
        assert [one.code for one in caught.value.diagnostics] == ["S312"]
        assert "numpy.exp" in caught.value.diagnostics[0].message
    assert np.exp is before


def test_a_new_name_in_numpy_changes_nothing(course: Course) -> None:
    assert verdicts(marked(course(loading="np.our_own = np.exp\n")))[0] == RIGHT


@pytest.mark.parametrize("where", ["at_start", "on_five", "loading"])
def test_a_copy_that_the_course_forks_answers_nothing(course: Course, where: str) -> None:
    opened = marked(course(**{where: "os.fork()\n"}))
    assert verdicts(opened) == [RIGHT, CARRIED, CARRIED, RIGHT, CARRIED]


# -- judging -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endless", some({name: ENDLESS[name] for name in ENDLESS if name != "a loop"})
)
@pytest.mark.parametrize("workers", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_step_that_never_ends_on_a_students_value_is_not_carried_forward(
    course: Course, endless: str, workers: int
) -> None:
    graded = marked(course(on_five=endless), workers)
    assert verdicts(graded) == [RIGHT, CARRIED, NOT_CARRIED, RIGHT, CARRIED]
    told = " ".join(graded.submissions[2].outcomes[1].feedback.read_by(Audience.STAFF))
    assert "computing end takes longer than reference_seconds, or" in told
    assert "200,000" not in told


@pytest.mark.parametrize("ending", some(ENDS))
def test_a_submission_whose_judging_ends_the_process_twice_is_held_alone(
    course: Course, ending: str
) -> None:
    graded = marked(course(on_five=ending))
    assert verdicts(graded) == [RIGHT, CARRIED, HELD, RIGHT, CARRIED]
    held = graded.submissions[2].outcomes[0]
    assert (held.verdict, held.reason) == (Verdict.GRADER_ERROR, Reason.JUDGE_FAULT)
    assert held.score is None
    assert "'end' ran" in " ".join(held.feedback.staff)
    assert not [line for line in held.feedback.student if "end" in line.split()]


def test_a_process_that_is_killed_once_costs_nobody_anything(
    course: Course, tmp_path: Path
) -> None:
    mark = tmp_path / "was-here"
    once = f"(os.path.exists({str(mark)!r}) or (open({str(mark)!r}, 'w'), os._exit(1)))"
    assert verdicts(marked(course(on_five=once))) == [RIGHT, CARRIED, CARRIED, RIGHT, CARRIED]


def test_numpy_that_is_changed_while_judging_holds_that_submission_alone(course: Course) -> None:
    graded = marked(course(on_five="np.exp = np.expm1"), workers=1)
    assert verdicts(graded) == [RIGHT, CARRIED, HELD, RIGHT, CARRIED]
    assert "numpy.exp" in " ".join(graded.submissions[2].outcomes[0].feedback.staff)


def test_when_what_prepared_is_ended_it_is_prepared_again(course: Course) -> None:
    """By the kernel for want of memory, or by anybody."""
    with open_course(course()) as opened:
        first = opened._template.pid
        os.kill(first, signal.SIGKILL)
        graded = grade(opened, CLASS[:2], SANDBOX, RunOptions(workers=2))
        assert verdicts(graded) == [RIGHT, CARRIED]
        assert opened._template.pid != first
        # It was forked by a worker that has ended since, and lives as long as the course.
        again = opened._template.pid
        graded = grade(opened, CLASS[2:], SANDBOX, RunOptions(workers=1))
        assert opened._template.pid == again
        assert verdicts(graded) == [CARRIED, RIGHT, CARRIED]
    assert not Path(f"/proc/{again}").exists()


def test_another_assignment_is_not_what_was_prepared(course: Course) -> None:
    folder = course()
    with open_course(folder) as opened:
        os.kill(opened._template.pid, signal.SIGKILL)
        with (folder.parents[1] / "reference" / "small.py").open("a", encoding="utf-8") as file:
            file.write("# one line more\n")
        graded = grade(opened, CLASS[:2], SANDBOX, RunOptions(workers=1))
    assert verdicts(graded) == [HELD] * 2
    assert "its files have changed" in " ".join(graded.submissions[0].outcomes[0].feedback.staff)


def test_what_cannot_be_prepared_again_holds_the_rest_and_ends(course: Course) -> None:
    with open_course(course()) as opened:
        opened._prepare = lambda: os._exit(1)
        os.kill(opened._template.pid, signal.SIGKILL)
        graded = grade(opened, CLASS, SANDBOX, RunOptions(workers=1))
    assert verdicts(graded) == [HELD] * len(CLASS)


def test_what_was_prepared_here_is_judged_in_another_process_too(course: Course) -> None:
    prepared = prepare(course(on_five="os._exit(0)"))
    with watch(prepared) as watched:
        assert watched.assignment.slug == "small"
    graded = grade(prepared, CLASS, SANDBOX)
    assert verdicts(graded) == [RIGHT, CARRIED, HELD, RIGHT, CARRIED]


def test_who_stops_does_not_wait_for_a_step(course: Course) -> None:
    with open_course(
        course(on_five="time.sleep(1000)"), LoadOptions(limits={"reference_seconds": 500.0})
    ) as opened:
        threading.Timer(0.5, opened.stop).start()
        graded = grade(opened, [typed(5.0)], SANDBOX)
    assert verdicts(graded) == [HELD]


# -- what it prints ------------------------------------------------------------------------------


def test_what_is_printed_is_kept_from_standard_output(
    course: Course, capfd: pytest.CaptureFixture[str]
) -> None:
    says = "print('the key is 1.5'); os.write(1, b'by descriptor\\n'); sys.stderr.write('err\\n')"
    folder = course(at_start=says, on_five="print('judging')")
    with open_course(folder) as opened:
        grade(opened, CLASS, SANDBOX, RunOptions(workers=2))
        printed = opened.printed.text
    assert sorted(printed.splitlines()) == ["by descriptor", "err", "judging", "the key is 1.5"]
    assert capfd.readouterr() == ("", "")


def test_a_course_that_takes_standard_output_away_is_marked_all_the_same(course: Course) -> None:
    loading = "sys.stdout = None\nsys.stderr.close()\n"
    assert verdicts(marked(course(loading=loading)))[0] == RIGHT


def test_endless_printing_is_cut(course: Course) -> None:
    with open_course(course(at_start="print('x' * 1_000_000)")) as opened:
        assert len(opened.printed.text) < 20_000
        assert opened.printed.text.endswith("and more")


def test_verify_names_the_step_and_tells_what_was_printed(course: Course) -> None:
    folder = course(at_start="print('hello')")
    (folder.parents[1] / "examples" / "submissions" / "small" / "ann").mkdir(parents=True)
    expected = "ann: {start: [missing, 0], end: [missing, 0]}\n"
    (folder.parents[1] / "examples" / "submissions" / "small" / "expected.yaml").write_text(
        expected, encoding="utf-8"
    )
    verified = verify(folder, SANDBOX, VerifyOptions(audit=True))
    assert verified.diagnostics == ()
    assert verified.audit is not None
    assert verified.printed.splitlines()[0] == "hello"


# -- the time that counts ------------------------------------------------------------------------


def over_after(counted: Counted, seconds: float) -> bool:
    counted.pause()
    time.sleep(seconds)
    return counted.over(1, 0.2)


def test_time_in_which_a_process_is_stopped_does_not_count() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    try:
        with Counted(pid) as counted:
            os.kill(pid, signal.SIGSTOP)
            os.waitpid(pid, os.WUNTRACED)
            counted.over(1, 0.2)
            assert not any(over_after(counted, 0.05) for _ in range(10))
            os.kill(pid, signal.SIGCONT)
            if not any(over_after(counted, 0.05) for _ in range(100)):
                pytest.fail("time in which it runs counts")
            counted.over(2, 0.2)  # another thing
            os.kill(pid, signal.SIGSTOP)
            if not any(over_after(counted, 0.05) for _ in range(100)):
                pytest.fail("who is stopped for ever is waited for no longer")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_a_gap_between_two_looks_counts_as_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a night in which the machine slept."""
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with Counted(os.getpid()) as counted:
        counted.over(1, 1.0)
        counted.pause()
        now += 30_000
        assert not counted.over(1, 1.0)


def test_nothing_is_left_of_a_course_that_is_closed(course: Course) -> None:
    opened = open_course(course())
    assert isinstance(opened, WatchedCourse)
    opened.judge({})
    pids = [opened._template.pid, *judging(opened)]
    assert len(pids) == 2
    opened.close()
    # At once, and not as zombies either: in a container there may be nobody else to collect them.
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


# -- several at once -----------------------------------------------------------------------------

WAITS = """
        here = {folder!r}
        open(os.path.join(here, str(os.getpid())), "w").close()
        while len(os.listdir(here)) < 2: time.sleep(0.005)"""


def answers(start: float) -> dict[str, Response]:
    return {
        "start": Response(value=NumberText(str(start))),
        "end": Response(value=NumberText(str(2 * start))),
    }


def test_as_many_judge_at_once_as_there_are_processors(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two waits until the other judges too; asked one by one, they would wait in vain."""
    monkeypatch.setattr(watched, "processors", lambda: 2)
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    with open_course(course(on_five=WAITS.format(folder=str(meeting)))) as opened:
        assert judging(opened) == []  # nothing is forked before it is needed
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(lambda _: opened.judge(answers(5)), range(2)))
        assert len(set(judging(opened))) == 2
        assert [one.outcomes[1].verdict for one in both] == [Verdict.FOLLOWS] * 2
        opened.judge(answers(1.5))
        assert len(judging(opened)) == 2


def test_one_thread_needs_one_process(course: Course) -> None:
    with open_course(course()) as opened:
        for start in (1.5, 2, 3):
            opened.judge(answers(start))
        assert len(judging(opened)) == 1


def test_what_takes_too_long_for_one_is_not_the_others_affair(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "processors", lambda: 2)
    folder = course(on_five="while True: pass")
    with open_course(folder) as opened, ThreadPoolExecutor(2) as pool:
        slow = pool.submit(opened.judge, answers(5))
        quick = [pool.submit(opened.judge, answers(2)).result() for _ in range(5)]
        assert [one.outcomes[1].verdict for one in quick] == [Verdict.FOLLOWS] * 5
        assert slow.result().outcomes[1].verdict is Verdict.INCORRECT


def test_a_line_that_was_printed_before_is_left_out() -> None:
    printed = Printed()
    os.write(printed.writing, b"one\ntwo\none\n\ntwo\nthree\n")
    printed.take()
    assert printed.text == "one\ntwo\n\nthree"
    printed.close()
