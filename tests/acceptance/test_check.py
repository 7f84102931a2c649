"""`grader check`: a student sees what is wrong and why, and nothing of the key."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path for path in ROOT.glob("examples/submissions/*/*") if path.is_dir())
SLUG = "ecs289-homework"
SIGMOID = "sigmoid-chain-exercise-3"
Grader = Callable[..., subprocess.CompletedProcess[str]]


def test_the_current_folder_is_checked_when_nothing_is_named(
    grader: Grader, checkout: Path
) -> None:
    work = checkout / "work"
    shutil.copytree(ROOT / "examples" / "submissions" / SLUG / "all-correct", work)
    done = grader("check", checkout / "assignments" / SLUG, cwd=work)
    assert done.returncode == 0
    assert "points: 19 / 12, 7 of it bonus, 10 for a person" in done.stdout


def test_a_sheet_and_a_module_named_one_by_one_are_one_submission(grader: Grader) -> None:
    folder = f"examples/submissions/{SLUG}/all-correct"
    done = grader(
        "check", SLUG, f"{folder}/answers.yaml", f"{folder}/optimizers.py", f"{folder}/contour.png"
    )
    assert "points: 19 / 12, 7 of it bonus, 10 for a person" in done.stdout


def test_wrong_answers_are_shown_and_right_ones_are_not(grader: Grader) -> None:
    done = grader("check", SLUG, f"examples/submissions/{SLUG}/classical-momentum")
    assert "iterate 2: at [1]: -1.0175 is not right (2 of 2 numbers are wrong)" in done.stdout
    assert "This is classical momentum." in done.stdout
    assert "0.56525" not in done.stdout
    assert "expected" not in done.stdout


def test_what_follows_from_a_rounded_row_is_said_to_count(grader: Grader) -> None:
    done = grader("check", SLUG, f"examples/submissions/{SLUG}/as-submitted")
    assert "→ sgd_points  [3 / 3]  follows from an earlier answer" in done.stdout
    assert "because the row before was rounded: it counts in full" in " ".join(done.stdout.split())
    assert "2.87" not in done.stdout


def test_an_exception_is_told_with_the_line_of_the_students_own_file(
    grader: Grader, checkout: Path
) -> None:
    module = checkout / "optimizers.py"
    module.write_text("def gradient(x, y):\n    return 1 / (x - x)\n", encoding="utf-8")
    done = grader("check", SLUG, module)
    expected = "ZeroDivisionError was raised at line 2 of optimizers.py: division by zero"
    assert expected in " ".join(done.stdout.split())


def test_a_sheet_that_is_no_yaml_is_told_with_its_place(grader: Grader, checkout: Path) -> None:
    sheet = checkout / "answers.yaml"
    sheet.write_text("sgd_points: [[1, 2]\nnesterov_points: 3\n", encoding="utf-8")
    done = grader("check", SLUG, sheet)
    assert done.returncode == 0
    assert "line 1 of answers.yaml cannot be read" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_misspelt_question_is_answered_with_the_near_one(grader: Grader, checkout: Path) -> None:
    sheet = checkout / "answers.yaml"
    sheet.write_text("sgd_point: [[3.55, 0.2]]\n", encoding="utf-8")
    done = grader("check", SLUG, sheet)
    assert "there is no question 'sgd_point'; did you mean 'sgd_points'" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_no_page_names_our_paths_or_shows_staff_words(
    example: Path, page: Callable[[Path], str]
) -> None:
    text = page(example)
    assert str(ROOT) not in text
    assert not re.search(r"\bexpected [-\d.\[({“]|off by|allowed ±|rubric:|/tmp|Traceback", text)


@pytest.fixture(scope="module")
def page() -> Callable[[Path], str]:
    """The student's page of an example, marked in this process: one preparation for each slug."""
    from grader.checks.prepare import Prepared, prepare
    from grader.gradebook.batch import grade_class
    from grader.model.verdict import Audience
    from grader.report.text import submission_page
    from grader.submissions.find import open_submission
    from tests.shared_sandbox import SANDBOX

    prepared: dict[str, Prepared] = {}

    def make(example: Path) -> str:
        slug = example.parent.name
        if slug not in prepared:
            prepared[slug] = prepare(ROOT / "assignments" / slug)
        assignment = prepared[slug].assignment
        submission = open_submission(example, assignment.files)
        graded = grade_class(prepared[slug], [submission], SANDBOX)
        return submission_page(assignment, graded.submissions[0], Audience.STUDENT)

    return make


#: What takes long to import, and is of no use for a sheet.
_NOT_NEEDED = (
    *("typer", "jsonschema", "sqlite3", "email", "logging", "concurrent.futures", "zoneinfo"),
    *("grader.audit", "grader.cli.app", "grader.report.answer_sheet", "grader.sandbox.zygote"),
    *("grader.course.release", "grader.submissions.importers", "grader.submissions.latex_report"),
)
_IMPORTED = """\
import sys
from grader.cli.main import main
main()
print(*[name for name in {names!r} if name in sys.modules], file=sys.stderr)
"""


def test_a_check_of_a_sheet_imports_no_more_than_it_needs() -> None:
    sheet = "examples/submissions/sigmoid-chain-exercise-3/as-submitted/answers.yaml"
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED.format(names=_NOT_NEEDED), "check", SIGMOID, sheet],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "\n")
    assert "points: " in done.stdout
    assert "sandbox:" not in done.stdout
