from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import grader.report
from grader.gradebook.batch import grade_class
from grader.model.graded import Graded
from grader.model.outcome import Diagnosed, Feedback, Note, PartOutcome, SubmissionOutcome
from grader.model.person_mark import PersonMark
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.fact_json import kind_of
from grader.report.results_json import results_document, results_json
from grader.submissions.importers import find_submissions
from tests.homeworks import prepared
from tests.shared_sandbox import SANDBOX
from tests.some import some
from tests.unit.judge.examples import collected, examples_judged
from tests.unit.model.kinds import kinds_of_facts

ROOT = Path(__file__).parents[3]
SLUGS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.yaml"))
LABELS = ("as-submitted", "all-correct", "raises", "empty")


def _schema() -> dict[str, Any]:
    path = Path(grader.report.__file__).with_name("results.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


VALIDATOR = Draft202012Validator(_schema())


def _problems(text: str) -> list[str]:
    """What is wrong with a document; a reader of strict JSON takes no NaN."""

    def refuse(constant: str) -> Any:
        raise ValueError(constant)

    document = json.loads(text, parse_constant=refuse)
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def _objects(schema: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield path, schema
        for key, inner in schema.items():
            yield from _objects(inner, f"{path}.{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from _objects(inner, f"{path}[{index}]")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(_schema())
    assert _schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_is_closed_and_describes_every_key() -> None:
    objects = dict(_objects(_schema()))
    assert len(objects) >= 6
    for path, schema in objects.items():
        # What a fact holds hangs on its kind; which kinds there are is closed.
        is_fact = path == "$.$defs.fact"
        assert schema["additionalProperties"] is is_fact, path
        assert sorted(schema["required"]) == sorted(schema["properties"]), path
        for key, inner in schema["properties"].items():
            described = {
                **_schema()["$defs"].get(inner.get("$ref", "").split("/")[-1], {}),
                **inner,
            }
            assert described.get("description"), f"{path}.{key}"


@pytest.mark.parametrize(
    ("name", "members"),
    [("verdict", [*Verdict]), ("reason", [*Reason, None])],
    ids=["verdict", "reason"],
)
def test_the_schema_lists_the_closed_sets(name: str, members: list[Any]) -> None:
    assert _schema()["$defs"][name]["enum"] == members


@pytest.mark.lengthy
@settings(max_examples=some(40))
@given(data=st.data())
def test_any_outcomes_make_a_valid_document(
    classes: st.SearchStrategy[Graded], data: st.DataObject
) -> None:
    graded = data.draw(classes)
    text = results_json(graded)
    assert _problems(text) == []
    assert text.encode("utf-8").decode("utf-8") == text


def test_half_a_pair_of_surrogates_does_not_stop_the_file_from_being_written(
    marked: Callable[..., Graded], tmp_path: Path
) -> None:
    path = tmp_path / "results.json"
    path.write_text(results_json(marked("\udce9", printed="\ud800")), encoding="utf-8")
    (found,) = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    assert (found["id"], found["printed"]) == ("\ufffd", "\ufffd")


@pytest.mark.parametrize("mark", "\u202e\u2066\u200f\u061c\u2028")
def test_marks_of_direction_are_kept_and_seen_in_the_file(
    marked: Callable[..., Graded], mark: str
) -> None:
    text = results_json(marked(f"ann{mark}txt.exe", printed=f"\\{mark}"))
    assert mark not in text
    (found,) = json.loads(text)["submissions"]
    assert (found["id"], found["printed"]) == (f"ann{mark}txt.exe", f"\\{mark}")


@pytest.mark.processes
@pytest.mark.parametrize("slug", SLUGS)
def test_results_of_the_assignments_are_valid(slug: str) -> None:
    made = prepared(slug)
    places = [ROOT / "examples" / "submissions" / slug / label for label in LABELS]
    submissions = find_submissions(places, made.assignment.files)
    graded = grade_class(made, submissions, SANDBOX)
    assert _problems(results_json(graded)) == []
    assert [item["id"] for item in results_document(graded)["submissions"]] == list(LABELS)


@pytest.mark.slow
@pytest.mark.usefixtures("tier")
def test_results_are_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    slug = "ecs289-homework"
    places = [str(ROOT / "examples" / "submissions" / slug / label) for label in LABELS]
    written = []
    for workers, hash_seed in (("1", "1"), ("4", "2")):
        output = tmp_path / f"{hash_seed}.json"
        command = [
            sys.executable,
            "-m",
            "grader",
            "grade",
            str(ROOT / "assignments" / slug),
            *places,
        ]
        subprocess.run(
            [*command, "--format", "json", "--output", str(output), "--workers", workers],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            timeout=120,
        )
        written.append(output.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("score", "written"),
    [
        pytest.param(Fraction(2), "2", id="whole"),
        pytest.param(Fraction(1, 2), "0.5", id="half"),
        pytest.param(Fraction(1, 3), "0.333333", id="third"),
        pytest.param(Fraction(0), "0", id="nothing"),
        pytest.param(None, "null", id="not-scored"),
    ],
)
def test_points_are_written_as_whole_numbers_or_to_six_decimals(
    marked: Callable[..., Graded], score: Fraction | None, written: str
) -> None:
    text = results_json(marked(score=score))
    of_a_question = f'"score": {written},\n          "final": {written},\n          "by": null,\n'
    assert f'{of_a_question}          "max_score": 2' in text


def test_what_is_not_scored_is_left_out_of_the_sums_and_named(
    marked: Callable[..., Graded],
) -> None:
    (found,) = results_document(marked(verdict=Verdict.PENDING, score=None))["submissions"]
    assert (found["score"], found["max_score"]) == (0, 0)
    assert found["not_scored"] == ["gradient", "momentum", "plot"]
    assert found["counted"] == 0


def test_what_is_held_is_in_what_per_cents_are_of(marked: Callable[..., Graded]) -> None:
    for verdict, reason in (
        (Verdict.PENDING, Reason.UNREADABLE),
        (Verdict.GRADER_ERROR, Reason.JUDGE_FAULT),
    ):
        held = marked(verdict=verdict, reason=reason, score=None)
        (found,) = results_document(held)["submissions"]
        assert (found["max_score"], found["counted"]) == (0, 6)


def test_every_line_keeps_its_audience(marked: Callable[..., Graded]) -> None:
    lines = Feedback(student=("student",), staff=("student", "staff"))
    notes = tuple(Note(audience=audience, text=audience.value) for audience in Audience)
    part = PartOutcome(label="1", verdict=Verdict.INCORRECT, hidden=True, feedback=lines)
    document = results_document(marked(feedback=lines, notes=notes, parts=(part,)))
    (found,) = document["submissions"]
    assert (found["notes"], found["staff"]["notes"]) == (["student"], ["student", "staff"])
    question = found["questions"][0]
    for item in (question, question["parts"][0]):
        assert item["feedback"] == ["student"]
        assert item["staff"]["feedback"] == ["student", "staff"]
    assert question["parts"][0]["hidden"] is True


def test_the_diagnosis_names_the_mistake_and_what_it_explains(
    marked: Callable[..., Graded],
) -> None:
    found = Diagnosed(mistake="flipped", feedback="Look at the sign.", explains=("gradient",))
    document = results_document(marked(diagnosis=(found,)))
    assert document["submissions"][0]["diagnosis"] == [
        {"mistake": "flipped", "feedback": "Look at the sign.", "explains": ["gradient"]}
    ]


def test_the_tier_changes_no_byte(marked: Callable[..., Graded]) -> None:
    graded = marked("ann")
    assert results_json(replace(graded, tier="basic")) == results_json(replace(graded, tier="full"))


def test_every_kind_of_fact_is_in_the_schema() -> None:
    listed = _schema()["$defs"]["fact"]["properties"]["fact"]["enum"]
    assert listed == sorted(map(kind_of, kinds_of_facts()))
    assert len(set(listed)) >= 25


@pytest.mark.processes
@pytest.mark.parametrize("slug", SLUGS)
def test_documents_of_all_examples_are_valid(slug: str) -> None:
    """All kinds of answers that there are examples of, and the facts about them."""
    submissions = tuple(
        SubmissionOutcome(
            submission=label,
            outcomes=judged.outcomes,
            diagnosis=judged.diagnosis,
            notes=collected(slug)[label].notes,
            printed=collected(slug)[label].printed,
        )
        for label, judged in examples_judged(slug).items()
    )
    graded = Graded(assignment=prepared(slug).assignment, submissions=submissions)
    assert _problems(results_json(graded)) == []
    kinds = {
        fact["fact"]
        for submission in results_document(graded)["submissions"]
        for question in submission["questions"]
        for item in (question, *question["parts"])
        for fact in item["staff"]["facts"]
    }
    assert {"compared", "failed"} <= kinds


def test_alike_outcomes_of_many_are_written_as_each_by_itself(
    marked: Callable[..., Graded],
) -> None:
    graded = marked()
    (one,) = graded.submissions
    name = one.outcomes[0].question
    by_hand = replace(one, marks={name: PersonMark(by="bea", points=Fraction(1), comment="Good")})
    other = replace(one, outcomes=(replace(one.outcomes[0], read_as="2 · x"),))
    every = replace(graded, submissions=(one, by_hand, other, one, replace(one, submission="ben")))
    wanted = json.dumps(results_document(every), indent=2, ensure_ascii=False) + "\n"
    assert results_json(every) == wanted
    assert [one["questions"][0]["final"] for one in json.loads(wanted)["submissions"]][1] == 1
