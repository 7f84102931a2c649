from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.spec.problems import Problems
from grader.spec.schema import assignment_schema, check_schema, course_schema
from grader.spec.schema_words import bound_words
from grader.spec.yaml_reader import YamlFault, read_yaml, read_yaml_text

ROOT = Path(__file__).parents[3]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.yaml"))
HEAD = "schema: 1\nslug: x\ntitle: X\nsubmission: {files: [a.yaml]}\n"


def objects(schema: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema that lists properties, with its place."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield path, schema
        for key, inner in schema.items():
            yield from objects(inner, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from objects(inner, f"{path}/{index}")


def problems_of(text: str) -> list[str]:
    problems = Problems(read_yaml_text(text.encode(), name="a.yaml"))
    check_schema(problems)
    return [f"{item.place.line}:{item.place.column} {item.code}" for item in problems.found]


@pytest.mark.lengthy
def test_the_schema_is_one_of_draft_2020_12() -> None:
    schema = assignment_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_object_that_lists_properties_is_closed() -> None:
    # Conditions (`if`), and what dispatches on `kind`, only look at some of the keys.
    open_ones = [
        path
        for path, schema in objects(assignment_schema())
        if schema.get("additionalProperties") is not False
        and not path.endswith("/if")
        and path != "#/$defs/question"
    ]
    assert open_ones == []


def test_every_kind_of_question_has_a_closed_form_of_its_own() -> None:
    definitions = assignment_schema()["$defs"]
    kinds = definitions["question"]["properties"]["kind"]["enum"]
    chosen = {branch["then"]["$ref"] for branch in definitions["question"]["allOf"]}
    assert chosen == {f"#/$defs/{kind}_question" for kind in kinds}


def test_every_reference_within_the_schema_is_defined() -> None:
    definitions = assignment_schema()["$defs"]

    def targets(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            if isinstance(schema.get("$ref"), str):
                yield schema["$ref"]
            for inner in schema.values():
                yield from targets(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from targets(inner)

    wanted = set(targets(assignment_schema()))
    assert wanted == {f"#/$defs/{name}" for name in definitions if f"#/$defs/{name}" in wanted}
    assert wanted


@pytest.mark.parametrize("slug", ASSIGNMENTS)
def test_the_assignments_fit_the_schema(slug: str) -> None:
    problems = Problems(read_yaml(ROOT / "assignments" / slug / "assignment.yaml"))
    check_schema(problems)
    assert problems.found == ()


@pytest.mark.parametrize("slug", ASSIGNMENTS)
def test_the_assignments_fit_the_schema_as_an_editor_reads_it(slug: str) -> None:
    data = read_yaml(ROOT / "assignments" / slug / "assignment.yaml").data
    assert jsonschema.Draft202012Validator(assignment_schema()).is_valid(data)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("limits: {wall_seconds: .inf}", ["5:24 S103"]),
        ("limits: {wall_seconds: true}", ["5:24 S103"]),
        ("limits: {memory_mib: 99.5}", ["5:22 S103"]),
        ("limits: {memory_mib: 100.0}", []),
        ("givens: {x: 1e400}", ["5:13 S104"]),
        ("givens: {x: -1e400}", ["5:13 S104"]),
        ("givens: {x: 1e-400}", ["5:13 S104"]),
        ("givens: {x: 0e-400}", []),
        ("givens: {x: .inf}", []),
        ("givens: {x: 0x1f}", []),
        ("givens: {2x: 1}", ["5:10 S104"]),
        ("seed: -1", ["5:7 S104"]),
        ('provided: "a.py\\n"', ["5:11 S104"]),
        ("provided: ../a.py", ["5:11 S104"]),
        ("formulas: {domains: {x: {shape: [0]}}}", ["5:34 S104"]),
        ("titel: X", ["5:1 S102"]),
        ("reference: null", ["5:12 S103"]),
    ],
)
def test_a_value_that_departs_from_the_schema_is_told_at_its_place(
    line: str, told: list[str]
) -> None:
    text = f"{HEAD}{line}\nquestions: [{{id: a, kind: number, expected: 1}}]\n"
    assert problems_of(text) == told


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("questions: [{id: a, kind: number, expected: 1, tolerance: 0.1}]", "rtol, atol, decimals"),
        ("defaults: {tolerance: tight}\nquestions: [{id: a, kind: number, expected: 1}]", "rtol"),
        ("limits: 5\nquestions: [{id: a, kind: number, expected: 1}]", "wall_seconds"),
    ],
)
def test_a_number_in_the_place_of_a_section_is_answered_with_its_keys(text: str, keys: str) -> None:
    problems = Problems(read_yaml_text(f"{HEAD}{text}\n".encode(), name="assignment.yaml"))
    check_schema(problems)
    (told,) = problems.found
    assert told.code == "S103"
    assert told.help.startswith("the keys here are ")
    assert keys in told.help


A_QUESTION = "questions: [{id: a, kind: number, expected: 1}]"


def diagnostics_of(text: str) -> list[str]:
    problems = Problems(read_yaml_text(text.encode(), name="a.yaml"))
    check_schema(problems)
    return [f"{item.message} ({item.help})" for item in problems.found]


@pytest.mark.parametrize(
    ("text", "told", "advice"),
    [
        ("givens: {2x: 1}", "a name of letters, digits and _", ""),
        ("slug: Week", "lower-case letters (a to z), digits and -", ""),
        ("schema: 2", "schema must be 1; it is 2", ""),
        ("public_checks: []", "at least 1 entry;", ""),
        ("preload: numpy", "must be a list", "a list of one is written [numpy]"),
        ("preload: {numpy: 1}", "must be a list", "`- ` before each of its entries"),
        ("givens: [{x: 1}, {y: 2}]", "must be a mapping", "write them as one mapping"),
        ("limits: {wall_seconds: '5'}", "must be a number", "write 5 without quotes"),
        ("limits: {wall_seconds: 5s}", "must be a number", "write the number alone: 5"),
        ("limits: {memory_mib: 512 MiB}", "a whole number", "write the number alone: 512"),
        ("limits: {wall_seconds: soon}", "must be a number", "()"),
        ("limits: {wall_seconds: }", "must be a number", "nothing stands behind the colon"),
        ("domains: {x: [0, 1]}", "unknown key 'domains'", "it stands under `formulas`"),
        ("cases: [{x: 1}]", "unknown key 'cases'", "in a question of kind function"),
        ("titel: X", "unknown key 'titel'", "did you mean 'title'?"),
    ],
)
def test_what_to_write_instead_is_told(text: str, told: str, advice: str) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if line.split(":")[0] != text.split(":")[0])
    (said,) = diagnostics_of(f"{head}\n{text}\n{A_QUESTION}\n")
    assert told in said
    assert advice in said


@pytest.mark.parametrize(
    ("question", "told", "advice"),
    [
        ("kind: choice, options: [up, down]", "a mapping", "write options: {up: ..., down: ...}"),
        ("kind: choice, tolerance: {rtol: 0.1}", "'tolerance'", "may have it: number, array,"),
        (
            "kind: function, call: 'f(x, n)', cases: [{random: {x: [0, 1]}, n: 3}]",
            "unknown key 'n'",
            "an input of this name stands under `inputs: {n: ...}`; the keys here are inputs,",
        ),
        (
            "kind: function, call: f(x), cases: [{random: {x: 3}}]",
            "x must be a list or a mapping (key: value), not 3",
            "",
        ),
        ("kind: function, call: f(x), cases: {x: 3}", "must be a list", "before a single one"),
    ],
)
def test_what_to_write_instead_is_told_in_a_question(question: str, told: str, advice: str) -> None:
    (said,) = diagnostics_of(f"{HEAD}questions: [{{id: a, {question}}}]\n")
    assert told in said
    assert advice in said


def test_a_spec_that_holds_nothing_says_so() -> None:
    for text in ("", "# to be written\n"):
        assert diagnostics_of(text) == [
            "the file holds nothing (`grader new` writes one that works)"
        ]


@pytest.mark.parametrize("schema", [assignment_schema(), course_schema()])
def test_every_pattern_has_words(schema: Any) -> None:
    def patterns(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str):
                yield part["pattern"]
            for inner in part.values():
                yield from patterns(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from patterns(inner)

    for pattern in set(patterns(schema)):
        assert pattern not in bound_words("pattern", pattern), pattern


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("title: 'Euler's method'\n", "the other kind of quotes"),
        ("list:\n    id: a\n  - id: b\n", "is it missing at the first one"),
        ("a:\n  b: 1\n c: 2\n", "is this line indented"),
        ("a:\n  b: 1\n\tc: 2\n", "indent with spaces, no tabs"),
    ],
)
def test_what_is_not_yaml_is_answered_by_what_stands_there(text: str, advice: str) -> None:
    with pytest.raises(YamlFault) as caught:
        read_yaml_text(text.encode(), name="a.yaml")
    assert advice in caught.value.diagnostics[0].help
