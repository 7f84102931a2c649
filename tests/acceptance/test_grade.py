"""`grader grade`, as an instructor and a CI job use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.some import first_few

ROOT = Path(__file__).resolve().parents[2]
Grader = Callable[..., subprocess.CompletedProcess[str]]
SLUG = "ecs289-homework"
CLASS = f"examples/submissions/{SLUG}"


def test_a_class_gives_a_line_for_each_student(grader: Grader) -> None:
    done = grader("grade", SLUG, CLASS)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Vanishing gradients and optimizers (ecs289-homework): 15 submissions"
    line = next(line for line in lines if "as-submitted" in line)
    assert line.split("  ", 2)[1].strip() == "as-submitted"
    assert "12 / 14, 8 for a person" in line
    assert "".join(line.split()[-10:]) == "????✓–✓→✓✓"  # nothing for a bonus left out
    line = next(line for line in lines if "nesterov_points" in line)
    assert line.split() == [
        "11",
        "nesterov_points",
        "iterates",
        "3",
        "points",
        "5",
        "of",
        "15",
        "in",
        "full",
    ]


def test_one_folder_gives_a_page_with_the_numbers_for_staff(grader: Grader) -> None:
    done = grader("grade", f"assignments/{SLUG}", f"{CLASS}/as-submitted")
    assert "→ sgd_points  [3 / 3]  follows from an earlier answer" in done.stdout
    assert "iterate 3: at [0]: 2.88 is not right\n      iterate 3: expected 2.871375" in done.stdout
    assert "rubric: Axes and levels are labelled" not in done.stdout  # the plot is missing
    assert "rubric: Sums over k from 1 to t, inside the sum over t (1)" in done.stdout


def test_details_give_a_page_for_everybody(grader: Grader) -> None:
    one, other = f"{CLASS}/sign-slips", f"{CLASS}/classical-momentum"
    done = grader("grade", SLUG, one, other, "--details")
    assert done.stdout.count("\n  points: ") == 2
    assert done.stdout.count("✗ sgd_points") == 1


def test_a_loose_file_beside_the_students_folders_is_not_lost_in_silence(
    grader: Grader, checkout: Path
) -> None:
    (checkout / "class" / "amber").mkdir(parents=True)
    (checkout / "class" / "amber" / "answers.yaml").write_text("", encoding="utf-8")
    (checkout / "class" / "birch.yaml").write_text("", encoding="utf-8")
    done = grader("grade", SLUG, "class")
    assert done.returncode == 0
    assert "note: class/birch.yaml lies beside the students' folders" in done.stderr


def test_a_single_file_is_a_submission(grader: Grader) -> None:
    done = grader("grade", SLUG, f"{CLASS}/classical-momentum/answers.yaml")
    assert "(ecs289-homework): answers\n" in done.stdout
    assert "→ nesterov_points  [3 / 3]" in done.stdout


@pytest.mark.slow
def test_results_are_the_same_bytes_for_any_number_of_workers(
    grader: Grader, checkout: Path
) -> None:
    names = ["one.json", "four.json", "again.json"]
    for name, workers in zip(names, (1, 4, 4), strict=True):
        done = grader("grade", SLUG, CLASS, "--results", name, "--workers", workers)
        assert done.returncode == 0
    one, *others = ((checkout / name).read_bytes() for name in names)
    assert all(other == one for other in others)
    results = json.loads(one)
    assert [item["id"] for item in results["submissions"]] == sorted(
        path.name for path in (checkout / CLASS).iterdir() if path.is_dir()
    )


def test_times_and_versions_go_into_the_run_record(
    grader: Grader, checkout: Path, tier: str
) -> None:
    grader("grade", SLUG, f"{CLASS}/empty", "--results", "out/results.json")
    record = json.loads((checkout / "out" / "results.run.json").read_text(encoding="utf-8"))
    assert record["tier"] == tier
    assert record["submissions"] == 1
    assert record["wall_seconds"] > 0
    assert {"grader", "numpy", "python", "started"} <= set(record)
    text = (checkout / "out" / "results.json").read_text(encoding="utf-8")
    assert record["numpy"] not in text
    assert record["started"][:10] not in text


@pytest.mark.parametrize(
    ("label", "fail_under", "code"),
    first_few(
        [
            ("as-submitted", 85.7, 0),
            ("as-submitted", 85.8, 1),
            ("all-correct", 100, 0),
            ("empty", 0, 0),
            ("empty", 0.1, 1),
        ],
        2,
    ),
)
def test_fail_under_counts_what_was_judged(
    grader: Grader, label: str, fail_under: float, code: int
) -> None:
    done = grader("grade", SLUG, f"{CLASS}/{label}", "--fail-under", fail_under)
    assert done.returncode == code


def test_junit_has_a_case_for_each_question(grader: Grader, checkout: Path) -> None:
    done = grader("grade", SLUG, CLASS, "--format", "junit", "--output", "report.xml")
    assert done.returncode == 0
    assert done.stdout == ""
    root = ET.parse(checkout / "report.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert len(suites) == 15
    submitted = suites[f"{SLUG}.as-submitted"]
    cases = {case.get("name"): case for case in submitted.iter("testcase")}
    assert len(cases) == 13
    failure = cases["contour_plot"].find("failure")
    assert failure is not None
    assert failure.text == "not answered"
    properties = {p.get("name"): p.get("value") for p in cases["contour_plot"].iter("property")}
    assert properties == {"score": "0", "max_score": "2", "verdict": "missing"}
    bonus = cases["scalar_gradients"]  # left out, which costs nothing
    assert bonus.find("skipped") is not None
    assert "bonus" in {p.get("name") for p in bonus.iter("property")}
    assert cases["sgd_points"].find("failure") is None  # it follows from a rounded row
    assert cases["loss_gradient"].find("skipped") is not None
    assert suites[f"{SLUG}.endless"].find("testcase[@name='adam']/error") is not None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["grade", "no-such-assignment", "."], 2, "there is no assignment 'no-such-assignment'"),
        (["grade", SLUG, "nowhere"], 2, "there is no file or folder nowhere"),
        (["grade", SLUG], 2, "Missing argument"),
        (["grade", SLUG, CLASS, "--format", "pdf"], 2, "pdf"),
        (["grade", SLUG, CLASS, "--fail-under", "101"], 2, "fail-under"),
        (["grade", SLUG, CLASS, "--workers", "0"], 2, "workers"),
        (["check", SLUG, "nowhere"], 2, "there is no file or folder nowhere"),
        (["explain", "S999"], 2, "there is no code 'S999'"),
        (["judge", SLUG], 2, "No such command"),
    ],
    ids=str,
)
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(
    grader: Grader, arguments: list[str], code: int, words: str
) -> None:
    done = grader(*arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def run_python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command from code, where its surroundings have to be spoilt first."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def broken_assignment(folder: Path, text: str) -> Path:
    assignment = folder / "broken"
    assignment.mkdir()
    (assignment / "assignment.yaml").write_text(text, encoding="utf-8")
    return assignment


@pytest.mark.parametrize("command", ["grade", "check", "verify"])
def test_a_wrong_spec_ends_with_3_at_file_line_and_column(
    grader: Grader, checkout: Path, command: str
) -> None:
    text = "schema: 1\nslug: broken\ntitel: Broken\nquestions:\n  - {id: q, kind: numbr}\n"
    arguments = [broken_assignment(checkout, text)]
    done = grader(command, *arguments, *([] if command == "verify" else [CLASS]))
    assert done.returncode == 3
    assert "broken/assignment.yaml:3:1: error[S102]: unknown key 'titel'" in done.stderr
    assert "help: did you mean 'title'?" in done.stderr
    assert "broken/assignment.yaml:5:19: error[S104]" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_ends_with_4_and_marks_nothing(grader: Grader, checkout: Path) -> None:
    # A numpy that cannot be imported stands for any broken installation.
    shadow = checkout / "shadow" / "numpy"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise RuntimeError('broken numpy')\n", encoding="utf-8")
    code = (
        "import sys; sys.path.insert(0, 'shadow'); sys.argv = ['grader', 'grade', "
        f"'{SLUG}', '{CLASS}']; from grader.cli.main import main; main()"
    )
    done = run_python(code, checkout)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "through no fault of yours: RuntimeError: broken numpy" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (["--output", "class"], "class cannot be written: it is a folder"),
        (["--results", "no/such/folder/r.json"], "there is no folder no/such/folder"),
        (["--results", "r.json", "--output", "r.json"], "two outputs would go into one file"),
        (["--results", "r", "--output", "r.run.json"], "two outputs would go into one file"),
    ],
    ids=str,
)
def test_outputs_are_looked_at_before_anything_is_marked(
    grader: Grader, checkout: Path, outputs: list[str], words: str
) -> None:
    (checkout / "class").mkdir()
    before = sorted(checkout.iterdir())
    done = grader("grade", SLUG, f"{CLASS}/empty", *outputs)
    assert done.returncode == 2
    assert words in done.stderr
    assert sorted(checkout.iterdir()) == before


@pytest.mark.slow
def test_a_stopped_command_leaves_no_students_code_running(grader: Grader, checkout: Path) -> None:
    """`timeout` and CI end a job by SIGTERM; what it started must end with it."""
    pid_file = checkout / "pid"
    source = f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\n"
    (checkout / "optimizers.py").write_text(source + "time.sleep(60)\n", encoding="utf-8")
    assignment = checkout / "patient" / SLUG
    shutil.copytree(ROOT / "assignments" / SLUG, assignment)
    spec = (assignment / "assignment.yaml").read_text(encoding="utf-8")
    slow = spec.replace("wall_seconds: 1, submission_seconds: 3", "wall_seconds: 60")
    assert slow != spec
    (assignment / "assignment.yaml").write_text(slow, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "grade", str(assignment), "optimizers.py"]
    command += ["--sandbox", "basic"]  # or its process could not say its number
    with subprocess.Popen(
        command,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        wait_until(lambda: pid_file.exists() and pid_file.read_text(encoding="utf-8") != "")
        child = int(pid_file.read_text(encoding="utf-8"))
        assert Path(f"/proc/{child}").exists()
        running.terminate()
        running.wait(timeout=60)
    wait_until(lambda: not Path(f"/proc/{child}").exists())
    assert running.returncode != 0


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")


@pytest.mark.slow
def test_nobody_can_have_wrong_answers_held_by_spoiling_their_own_folder(
    grader: Grader, checkout: Path
) -> None:
    folder = checkout / "spoiler"
    folder.mkdir()
    (folder / "optimizers.py").write_text(
        "import os, shutil\n"
        "def gradient(x, y):\n"
        "    shutil.rmtree(os.getcwd(), ignore_errors=True)\n"
        "    os._exit(1)\n",
        encoding="utf-8",
    )
    (folder / "answers.yaml").write_text("sgd_points: [[1, 2]]\n", encoding="utf-8")
    done = grader("grade", SLUG, folder, "--fail-under", 60, "--format", "json")
    (submission,) = json.loads(done.stdout)["submissions"]
    verdicts = {item["id"]: item["verdict"] for item in submission["questions"]}
    assert (verdicts["gradient"], verdicts["adam"]) == ("crashed", "missing")
    assert verdicts["sgd_points"] == "incorrect"
    assert submission["not_scored"] == []
    assert done.returncode == 1


def test_what_could_not_be_marked_has_no_score_and_ends_with_4(
    grader: Grader, checkout: Path
) -> None:
    """The process that starts students' code has gone: that is no answer, and no zero either."""
    folder = checkout / "stranded"
    folder.mkdir()
    source = "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(5)\n"
    (folder / "optimizers.py").write_text(source, encoding="utf-8")
    options = ("--fail-under", 50, "--format", "json", "--sandbox", "basic")
    done = grader("grade", SLUG, folder, *options)
    assert done.returncode == 4
    assert "not everything could be marked: stranded" in done.stderr
    (submission,) = json.loads(done.stdout)["submissions"]
    assert {item["verdict"] for item in submission["questions"]} == {"grader_error"}
    assert {item["score"] for item in submission["questions"]} == {None}


def test_an_assignment_is_found_by_its_name_from_a_folder_below(
    grader: Grader, checkout: Path
) -> None:
    work = checkout / "work" / "monday"
    work.mkdir(parents=True)
    (work / "answers.yaml").write_text("sgd_points: [[3.55, 0.2]]\n", encoding="utf-8")
    done = grader("check", SLUG, cwd=work)
    assert done.returncode == 0
    assert "◐ sgd_points  [1 / 3]" in done.stdout


def test_results_that_cannot_be_written_are_a_usage_error(grader: Grader, checkout: Path) -> None:
    (checkout / "file").write_text("", encoding="utf-8")
    done = grader("grade", SLUG, f"{CLASS}/empty", "--results", "file/results.json")
    assert done.returncode == 2
    assert "file/results.json cannot be written: there is no folder file" in done.stderr
