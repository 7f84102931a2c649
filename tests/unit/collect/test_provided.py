"""The course's own modules are what students' imports give, and what is said of it is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.collect.collect import Collected, collect
from grader.plan import make_plan
from grader.spec.load import SpecFault
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX

SPEC = """schema: 1
slug: course
title: Layers
reference: course
submission: {files: [net/layers.py], modules: [net/tools.py]}
data: [table.py]
questions:
  - {id: double, kind: function, prompt: Two., call: double(x), points: 1, cases: [{x: 3}]}
  - {id: flat, kind: function, prompt: Flat., call: flat(x), points: 1, cases: [{x: 3}]}
"""
TOOLS = "def times(x):\n    return 2 * x\n\ndef flat(x):\n    return x\n"
LAYERS = b"from .tools import times\n\ndef double(x):\n    return times(x)\n"
NOT_USED = "net/tools.py is provided by the assignment; yours was not used"


def course(folder: Path, spec: str = SPEC) -> Path:
    place = folder / "assignments" / "course"
    (place / "net").mkdir(parents=True)
    (folder / "reference").mkdir()
    reference = "def double(x, /):\n    return 2 * x\n\ndef flat(x, /):\n    return x\n"
    (folder / "reference" / "course.py").write_text(reference, encoding="utf-8")
    (place / "net" / "tools.py").write_text(TOOLS, encoding="utf-8")
    (place / "table.py").write_text("A = 1\n", encoding="utf-8")
    (place / "assignment.yaml").write_text(spec, encoding="utf-8")
    return place


def collected(prepared: Prepared, **files: bytes) -> Collected:
    modules = {name.replace("__", "/") + ".py": source for name, source in files.items()}
    start = tuple(name for name in modules if name.endswith("layers.py"))
    submission = Submission(id="ann", modules=modules, at_start=start)
    plan = make_plan(prepared.assignment)
    return collect(plan, submission, SANDBOX, prepared.assignment.data)


def given(found: Collected, prepared: Prepared) -> list[object]:
    plan = make_plan(prepared.assignment)
    responses = [found.responses[call.id] for call in plan.calls]
    return [one.failure.reason.value if one.failure else one.value for one in responses]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(course(tmp_path_factory.mktemp("modules")))


@pytest.mark.processes
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"net__layers": LAYERS}, []),
        ({"net__layers": LAYERS.replace(b".tools", b"net.tools")}, []),
        ({"layers": LAYERS.replace(b".tools", b"net.tools")}, []),
        ({"layers": LAYERS}, []),
        ({"net__layers": LAYERS, "net__tools": TOOLS.encode()}, []),
        ({"net__layers": LAYERS, "net__tools": b"times = None\n"}, [NOT_USED]),
        ({"layers": LAYERS, "tools": b"times = None\n"}, [NOT_USED]),
    ],
)
def test_an_import_gives_the_course_s_module_and_it_answers_nothing(
    prepared: Prepared, files: dict[str, bytes], told: list[str]
) -> None:
    found = collected(prepared, **files)
    assert given(found, prepared) == [6, "name_not_defined"]
    assert [note.text for note in found.notes][1:] == told  # the first says what was read


@pytest.mark.processes
def test_of_a_file_to_be_read_an_import_gives_the_student_s(prepared: Prepared) -> None:
    layers = b"from table import A\n\ndef double(x):\n    return A * x\n"
    found = collected(prepared, layers=layers, table=b"A = 2\n")
    assert given(found, prepared)[0] == 6
    _, note = found.notes
    assert note.text.endswith("; an import gives yours, and open() the provided one")


def test_the_plan_is_another_when_a_module_is(tmp_path: Path) -> None:
    place = course(tmp_path)
    before = make_plan(prepare(place).assignment).setting.digest
    (place / "net" / "tools.py").write_text(TOOLS + "# more\n", encoding="utf-8")
    assert make_plan(prepare(place).assignment).setting.digest != before
    spec = SPEC.replace(", modules: [net/tools.py]", "").replace("[table.py]", "[table.py, net]")
    (place / "assignment.yaml").write_text(spec, encoding="utf-8")
    assert make_plan(prepare(place).assignment).setting.modules == ()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("net/gone.py", "there is no file or folder net/gone.py"),
        ("net/layers.py", "net/layers.py is what students hand in"),
        ("table.txt", "must be a path that ends in .py"),
        ("broken.py", "broken.py is not Python"),
    ],
)
def test_a_module_has_to_be_there(tmp_path: Path, named: str, said: str) -> None:
    place = course(tmp_path, SPEC.replace("net/tools.py", named))
    (place / "broken.py").write_text("x = (\n", encoding="utf-8")
    with pytest.raises(SpecFault) as caught:
        prepare(place)
    assert said in "\n".join(one.message for one in caught.value.diagnostics)
