"""What a submission and an assignment become when they are sent to the sandbox."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.collect.collect import Collected, collect
from grader.model.assignment import AnswerQuestion, Assignment, Formulas, Limits
from grader.model.response import Response
from grader.plan import make_plan
from grader.sandbox.contract import Job, JobResult
from grader.submissions.submission import Submission

TRAIN = Path(__file__)  # of the course


class Recorder:
    """A sandbox that runs nothing and remembers what it was given."""

    tier = "none"

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def run(self, job: Job) -> JobResult:
        self.jobs.append(job)
        return JobResult(responses={call.id: Response(value=1) for call in job.calls})

    def stop(self) -> None: ...

    def close(self) -> None: ...


def collected(submission: Submission, **changes: Any) -> tuple[Job, Collected]:
    names: dict[str, Any] = {"kind": "number", "points": Fraction(1), "prompt": "", "parts": ()}
    fields: dict[str, Any] = {
        "slug": "homework",
        "title": "",
        "folder": Path("homework"),
        "files": ("net/layers.py", "main.py"),
        "seed": 4,
        "givens": {},
        "formulas": Formulas(),
        "limits": Limits(),
        "questions": tuple(AnswerQuestion(id=name, entry=name, **names) for name in "ab"),
    }
    sandbox = Recorder()
    assignment = Assignment(**{**fields, **changes})
    found = collect(make_plan(assignment), submission, sandbox, assignment.data)
    (job,) = sandbox.jobs
    return job, found


def told(found: Collected) -> list[str]:
    return [note.text for note in found.notes]


def test_names_are_looked_up_in_declared_files_then_at_the_top_then_in_folders() -> None:
    names = [
        "a.py",
        "b/__init__.py",
        "b/c.py",
        "main.py",
        "net/__init__.py",
        "net/layers.py",
        "y.py",
    ]
    stands_in = "z/z.py"
    submission = Submission(
        id="ann",
        modules=dict.fromkeys([*names, stands_in], b""),
        at_start=("net/layers.py", "main.py", stands_in),
    )
    job, _ = collected(submission)
    first = ["net/layers.py", "main.py", stands_in]
    assert [*job.files] == [*first, "a.py", "y.py", "b/__init__.py", "b/c.py", "net/__init__.py"]
    assert job.at_start == submission.at_start


def test_what_the_assignment_provides_goes_along() -> None:
    job, _ = collected(
        Submission(id="ann", modules={"main.py": b""}),
        data={"train.csv": TRAIN},
        preload=("torch",),
        python="/course/bin/python",
    )
    assert job.data == {"train.csv": TRAIN}
    assert (job.preload, job.python) == (("torch",), "/course/bin/python")


def test_a_file_of_the_same_name_is_told_about() -> None:
    submission = Submission(
        id="ann",
        modules={"main.py": b"", "images/a.py": b""},
        others={"train.csv": b"1", "images/a.png": b"", "imagesque.png": b""},
    )
    data = {"train.csv": TRAIN, "images": TRAIN, "imagesq": TRAIN, "test.csv": TRAIN}
    _, found = collected(submission, data=data)
    assert told(found) == [
        "train.csv is provided by the assignment; yours was not used",
        "images is provided by the assignment; yours was not used",
    ]


def test_calls_are_seeded_by_the_assignment_and_their_question_alone() -> None:
    submission = Submission(id="ann", modules={"main.py": b""})
    seeds = [call.seed for call in collected(submission)[0].calls]
    assert len({*seeds}) == 2
    assert seeds == [
        call.seed
        for call in collected(Submission(id="bob", modules={"main.py": b"a = 1\n", "x.py": b""}))[
            0
        ].calls
    ]
    assert seeds != [call.seed for call in collected(submission, seed=5)[0].calls]


def test_the_assignments_own_seed_is_not_sent() -> None:
    submission = Submission(id="ann", modules={"main.py": b""})
    jobs = [collected(submission, seed=seed)[0] for seed in (4, 4, 5)]
    sent = [{job.seed, *(call.seed for call in job.calls)} for job in jobs]
    assert sent[0] == sent[1]
    assert len(sent[0]) == 3
    assert not sent[0] & (sent[2] | {4})
