"""Whatever stands in an assignment.yaml, loading it gives an assignment or a SpecFault."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.checks.prepare import prepare
from grader.spec.load import SpecFault, load_assignment
from grader.spec.yaml_reader import read_yaml
from tests.some import some

T = TypeVar("T")
ROOT = Path(__file__).parents[3]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.yaml"))
SPECS = {
    slug: read_yaml(ROOT / "assignments" / slug / "assignment.yaml").data for slug in ASSIGNMENTS
}
#: Prepared in a moment, and between them they hold every kind of question.
SMALL = ["ecs289-homework", "dl2020-assignment-2", "dl2022-exercise-3", "sigmoid-chain-exercise-3"]
QUICK = settings(
    max_examples=some(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

odd_numbers = [0, -1, 2.5, 10**30, 10**400, 1e300, float("inf"), float("nan")]
odd_words = [None, True, "", "x", "a b", "number", "gradient", "x(", "σ", "\n", "λ" * 50]
odd_lists = [[], [[]], [1], [0, 1], [1, [2]], [None], [[1, 2], [3]]]
odd_mappings = [{}, {"a": 1}, {"x": [1, 2]}, {"range": [0, 1]}, {"rtol": 0.1}, {"atol": "1"}]
odd_values = st.sampled_from([*odd_numbers, *odd_words, *odd_lists, *odd_mappings]).map(
    copy.deepcopy
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the assignments and references, whose specs may be overwritten."""
    root = tmp_path_factory.mktemp("house")
    for name in ("assignments", "reference"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def nodes(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(data, dict):
        for key, item in data.items():
            yield from nodes(item, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from nodes(item, (*path, index))


PATHS = {slug: [path for path in nodes(data) if path] for slug, data in SPECS.items()}


@st.composite
def mutated(draw: st.DrawFn, slugs: list[str]) -> tuple[str, Any]:
    """A real spec of which one to three nodes were deleted, renamed, doubled or replaced."""
    slug = draw(st.sampled_from(slugs))
    data = copy.deepcopy(SPECS[slug])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PATHS[slug]))
        how = draw(st.sampled_from(["delete", "rename", "replace", "replace", "move"]))
        value = draw(odd_values)
        if how == "move":
            value = copy.deepcopy(_at(SPECS[slug], draw(st.sampled_from(PATHS[slug]))))
        _mutate(data, path, how, value)
    return slug, data


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def _mutate(data: Any, path: tuple[str | int, ...], how: str, value: Any) -> None:
    try:
        around = _at(data, path[:-1])
        if how == "delete":
            del around[path[-1]]
        elif how == "rename" and isinstance(around, dict):
            around[f"{path[-1]}s"] = around.pop(path[-1])
        else:
            around[path[-1]] = value
    except (KeyError, IndexError, TypeError):
        pass  # an earlier mutation took the place away


def write(house: Path, slug: str, data: Any) -> Path:
    folder = house / "assignments" / slug
    text = json.dumps(data).replace("Infinity", ".inf").replace("NaN", ".nan")
    (folder / "assignment.yaml").write_text(text, encoding="utf-8")
    return folder


def loaded_or_told(load: Callable[[Path], T], folder: Path) -> T | None:
    """What was loaded, or None where every diagnostic has its place. All else is a failure."""
    try:
        return load(folder)
    except SpecFault as fault:
        problems = fault.diagnostics
    assert problems
    assert all(item.place.line and item.place.column for item in problems), problems
    return None


@pytest.mark.slow
@given(mutated(ASSIGNMENTS))
@settings(QUICK, max_examples=some(250))
def test_a_mutated_spec_loads_or_is_told_at_fault(house: Path, spec: tuple[str, Any]) -> None:
    loaded = loaded_or_told(load_assignment, write(house, *spec))
    assert loaded is None or loaded.assignment.slug == spec[0]


@pytest.mark.lengthy
@given(mutated(SMALL))
@settings(QUICK)
def test_a_mutated_spec_is_prepared_or_told_at_fault(house: Path, spec: tuple[str, Any]) -> None:
    prepared = loaded_or_told(prepare, write(house, *spec))
    assert prepared is None or prepared.key.problems == ()


@given(st.binary(max_size=300))
@settings(QUICK)
def test_bytes_in_place_of_a_spec_are_a_fault(house: Path, raw: bytes) -> None:
    folder = house / "assignments" / ASSIGNMENTS[0]
    (folder / "assignment.yaml").write_bytes(raw)
    with pytest.raises(SpecFault) as caught:
        load_assignment(folder)
    assert caught.value.diagnostics


@pytest.mark.slow
@pytest.mark.parametrize("slug", ASSIGNMENTS)
def test_any_node_of_a_spec_may_be_missing(house: Path, slug: str) -> None:
    for path in PATHS[slug]:
        data = copy.deepcopy(SPECS[slug])
        _mutate(data, path, "delete", None)
        loaded = loaded_or_told(load_assignment, write(house, slug, data))
        assert loaded is None or loaded.assignment.slug == slug


@pytest.mark.parametrize("ending", ["", "assignment.yaml"], ids=["the folder", "the file"])
def test_an_assignment_is_found_by_its_folder_or_its_file(ending: str) -> None:
    loaded = load_assignment(ROOT / "assignments" / "ecs289-homework" / ending)
    assert loaded.assignment.slug == "ecs289-homework"


def test_a_folder_without_a_spec_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SpecFault, match=r"assignment\.yaml: error\[S001\]: the file cannot be read"
    ):
        load_assignment(tmp_path)


def test_all_problems_come_in_the_order_of_the_file_and_once() -> None:
    with pytest.raises(SpecFault) as caught:
        load_assignment(ROOT / "tests" / "specs" / "invalid" / "several-faults")
    places = [item.place for item in caught.value.diagnostics]
    assert places == sorted(places)
    assert len(set(caught.value.diagnostics)) == len(places)
