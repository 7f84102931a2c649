"""The house keeps its shape: imports point down, none go in circles, no module outgrows a page."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.some import first_few

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "grader"
CHILD = PACKAGE / "sandbox" / "child"
#: from the bottom up; rooms on one line may not import each other
LAYERS = (
    {"model"},
    {"compare", "spec", "child"},
    {"plan", "solver", "submissions", "sandbox"},
    {"judge", "collect"},
    {"checks"},
    {"audit", "stats"},
    {"gradebook", "report"},
    {"course"},
    {"cli"},
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 300
PUBLIC_CLASS = re.compile(r"^class ([^_]\w*)", re.MULTILINE)
MAP_BEGINS, MAP_ENDS = "<!-- map -->", "<!-- end of map -->"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, inside functions too."""
    return tuple(_imported(ast.parse(path.read_text(encoding="utf-8")), path))


def _statements(of: ast.AST) -> Iterator[ast.stmt]:
    """All statements, those inside others too; most of a tree is expressions, which hold none."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        inner = getattr(of, name, ())
        for node in inner if isinstance(inner, list) else ():
            if isinstance(node, ast.stmt):
                yield node
            yield from _statements(node)


def _imported(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def room_of(module: str) -> str:
    """`sandbox/child` is a room of its own: it imports none of ours, so any room may use it."""
    if module.startswith("grader.sandbox.child"):
        return "child"
    return module.split(".")[1] if module.count(".") else ""


def points_up(path: Path) -> Iterator[str]:
    room = room_of(name_of(path))
    for module in imported(path):
        if not module.startswith("grader.") or not room or room_of(module) == room:
            continue
        if room == "__main__":
            points_down = room_of(module) == "cli"
        else:
            points_down = RANK[room_of(module)] < RANK[room]
        if not points_down:
            yield f"{name_of(path)} imports {module}"


@pytest.mark.lengthy
def test_imports_point_down() -> None:
    assert [wrong for path in MODULES for wrong in points_up(path)] == []


def test_every_room_has_a_layer() -> None:
    rooms = {item.name for item in PACKAGE.iterdir() if (item / "__init__.py").exists()}
    assert rooms | {"child"} == set(RANK)


@pytest.mark.lengthy
def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        name_of(path): {name for name in imported(path) if name.startswith("grader")}
        for path in MODULES
    }
    known = set(graph)
    waiting = {
        name: {need for need in needs & known if need != name} for name, needs in graph.items()
    }
    while free := [name for name, needs in waiting.items() if not needs]:
        for name in free:
            del waiting[name]
        waiting = {name: needs - set(free) for name, needs in waiting.items()}
    assert not waiting, f"these import each other: {sorted(waiting)}"


def test_no_module_outgrows_a_page() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_room_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "common", "base", "manager"}
    assert [name_of(path) for path in MODULES if path.stem in drawers] == []


@pytest.mark.parametrize("path", sorted((ROOT / "reference").glob("*.py")), ids=lambda p: p.stem)
def test_references_import_numpy_and_the_standard_library(path: Path) -> None:
    for module in imported(path):
        top = module.partition(".")[0]
        assert top == "numpy" or top in sys.stdlib_module_names


@pytest.mark.parametrize("path", sorted(CHILD.glob("*.py")), ids=lambda p: p.stem)
def test_the_child_imports_nothing_of_ours_but_itself(path: Path) -> None:
    neighbours = {item.stem for item in CHILD.glob("*.py")}
    for module in imported(path):
        top = module.partition(".")[0]
        assert top in sys.stdlib_module_names | neighbours | {"numpy"}


def test_no_file_of_the_child_hides_a_standard_module() -> None:
    assert not {item.stem for item in CHILD.glob("*.py")} & sys.stdlib_module_names


@pytest.mark.parametrize(
    "arguments",
    first_few([["--help"], ["grade", "--help"], ["doctor", "--help"], ["explain", "S204"]], 2),
    ids=str,
)
@pytest.mark.processes
def test_help_does_not_wait_for_numpy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom grader.cli.app import app\n"
        f"app({arguments!r}, standalone_mode=False)\n"
        "sys.exit('numpy' in sys.modules or 'jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stdout
    assert done.returncode == 0, "numpy or jsonschema was imported"


#: What a sheet with right answers in plain numbers and formulas has no use for.
SELDOM = {
    "typer",
    "jsonschema",
    "sqlite3",
    *(f"grader.judge.{name}" for name in ("explain.pipeline", "mark.series", "mark.typed_rows")),
    *(f"grader.judge.mark.{name}" for name in ("typed_advice", "typed_tables", "typed_numbers")),
    *(f"grader.submissions.{name}" for name in ("archive", "notebook", "latex_value", "magics")),
    *("grader.judge.words.seldom", "grader.model.fact_explaining", "grader.gradebook.jobs"),
}


@pytest.mark.processes
def test_a_right_sheet_does_not_wait_for_what_few_need() -> None:
    code = (
        "import sys\nimport grader.course.watch, grader.course.judge, grader.report.text\n"
        "from grader.course.collect import collect, find_one\n"
        "from grader.course.load import load\n"
        "from grader.gradebook import batch\n"
        "from grader.sandbox.contract import NothingRuns\n"
        "slug = 'sigmoid-chain-exercise-3'\n"
        "prepared = load('assignments/' + slug)\n"
        "work = find_one(prepared, [f'examples/submissions/{slug}/all-correct/answers.yaml'])\n"
        "marked = batch.grade_class(prepared, [work], NothingRuns())\n"
        "assert marked.submissions[0].outcomes[0].verdict == 'correct'\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert not SELDOM & set(done.stdout.split())


def _map() -> str:
    """Every module by its room, as CONTRIBUTING shows it."""
    rooms: dict[str, list[str]] = {}
    for path in MODULES:
        if path.stem not in ("__init__", "__main__"):
            room = path.parent.relative_to(ROOT).as_posix()
            rooms.setdefault(room, []).append(path.stem)
    lines = [
        textwrap.fill(" ".join(names), 110, initial_indent=f"{room}/  ", subsequent_indent="    ")
        for room, names in sorted(rooms.items())
    ]
    return "```\n" + "\n".join(lines) + "\n```"


def test_the_map_of_the_house_is_that_of_the_tree() -> None:
    """`python -m tests.unit.test_architecture` writes the map anew."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = text.partition(MAP_BEGINS)[2].partition(MAP_ENDS)[0].strip()
    assert found == _map()


def test_no_two_public_classes_share_a_name() -> None:
    owners: dict[str, list[str]] = {}
    for path in MODULES:
        for name in PUBLIC_CLASS.findall(path.read_text(encoding="utf-8")):
            owners.setdefault(name, []).append(name_of(path))
    shared = {name: places for name, places in owners.items() if len(places) > 1}
    assert not shared, shared


if __name__ == "__main__":
    guide = ROOT / "CONTRIBUTING.md"
    before, _, rest = guide.read_text(encoding="utf-8").partition(MAP_BEGINS)
    after = rest.partition(MAP_ENDS)[2]
    guide.write_text(f"{before}{MAP_BEGINS}\n{_map()}\n{MAP_ENDS}{after}", encoding="utf-8")
