"""The files of a release: a starter made from the spec, a sheet in the form that is handed in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.checks.wanted import wanted_questions
from grader.course.new import new_assignment
from grader.course.release import _files
from tests.unit.judge.course import Course

SPEC = '''\
givens: {x: 2}
questions:
  - {id: one, kind: number, expected: 59.375}
  - {id: f, kind: function, prompt: 'Say """it""".', call: "f(x, y)", cases: [{x: 3, y: 1}]}
  - {id: g, kind: function, call: g(x), cases: [{x: 1}]}
'''
REFERENCE = "def f(x, y, /): return x * y\ndef g(x, /): return x\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("release"), SPEC, REFERENCE)


def files(course: Course) -> dict[str, bytes]:
    made = course.prepared
    return _files(made.assignment, wanted_questions(made.assignment, made.key), {})


def test_a_starter_has_every_function_that_is_to_be_written(course: Course) -> None:
    text = files(course)["starter.py"].decode()
    assert text.startswith('"""code.py: rename this file')
    written: dict[str, object] = {}
    exec(compile(text, "starter.py", "exec"), written)
    for name, arguments, said in (("f", (3, 1), "Say '''it'''."), ("g", (1,), None)):
        function = written[name]
        assert callable(function)
        assert function.__doc__ == said
        with pytest.raises(NotImplementedError):
            function(*arguments)


def test_a_starter_that_the_author_wrote_is_the_one(course: Course) -> None:
    own = course.prepared.assignment.folder / "starter.py"
    own.write_bytes(b"mine = 1\n")
    try:
        assert files(course)["starter.py"] == b"mine = 1\n"
    finally:
        own.unlink()


def test_what_is_answered_by_code_alone_has_no_sheet(tmp_path: Path) -> None:
    alone = Course(
        tmp_path, SPEC.replace("  - {id: one, kind: number, expected: 59.375}\n", ""), REFERENCE
    )
    assert sorted(files(alone)) == ["release.json", "starter.py"]


def test_the_files_are_those_that_are_looked_for(course: Course) -> None:
    found = files(course)
    assert sorted(found) == ["answers.yaml", "release.json", "starter.py"]
    assert json.loads(found["release.json"]) == {}
    assert "one:" in found["answers.yaml"].decode()


@pytest.mark.parametrize("own", [True, False])
def test_there_is_one_sheet_to_fill_in(own: bool, tmp_path: Path) -> None:
    new_assignment("week-1", like="backprop", course=tmp_path)
    starter = tmp_path / "assignments" / "week-1" / "starter.yaml"
    text = starter.read_bytes()
    if not own:
        starter.unlink()
    made = prepare(starter.parent)
    found = _files(made.assignment, wanted_questions(made.assignment, made.key), {})
    assert set(found) == {"answers.yaml", "handout.md", "release.json"}
    assert (found["answers.yaml"] == text) is own
    assert b"slope_w1:" in found["answers.yaml"]
