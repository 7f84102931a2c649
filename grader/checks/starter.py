"""What a starter defines, and whether it still fits the questions: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.diagnostic import Diagnostic, Place
from grader.plan.placeholders import filled_file
from grader.spec.problems import did_you_mean
from grader.spec.yaml_reader import Document, YamlFault, read_yaml_text

__all__ = ["STARTER", "STARTER_SHEETS", "Starter", "check_starters", "read_starter"]

STARTER = "starter.py"
STARTER_SHEETS = ("starter.yaml", "starter.json")
_LONGEST_DOC = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """`signatures` are by name, as `def gradient(x, y)`; of a class those of its methods follow."""

    signatures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    docs: Mapping[str, str] = field(default_factory=dict)  #: the first lines of docstrings
    #: of functions that take a fixed number of them
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)  #: where each name is defined
    fault: str = ""  #: why it cannot be read


def read_starter(folder: Path) -> Starter | None:
    """The starter of an assignment; None where there is none."""
    path = folder / STARTER
    if not path.is_file():
        return None
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        return Starter(fault=f"{STARTER} is not Python{line}")
    signatures: dict[str, tuple[str, ...]] = {}
    docs: dict[str, str] = {}
    arguments: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    for node in tree.body:
        lines.update(dict.fromkeys(_names_of(node), node.lineno))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            signatures[node.name] = (_signature(node),)
            if node.args.vararg is None:
                arguments[node.name] = tuple(one.arg for one in _positional(node))
        elif isinstance(node, ast.ClassDef):
            bases = ", ".join(map(ast.unparse, node.bases))
            methods = (f"    {_signature(one)}" for one in node.body if _is_method(one))
            head = f"class {node.name}({bases})" if bases else f"class {node.name}"
            signatures[node.name] = (head, *methods)
        else:
            continue
        docs[node.name] = _first_line(ast.get_docstring(node))
    return Starter(signatures=signatures, docs=docs, arguments=arguments, lines=lines)


def check_starters(assignment: Assignment) -> Iterator[Diagnostic]:
    """S406, a warning, for each name of a question that a starter lacks, and each line of a starter
    sheet that answers no question."""
    if (starter := read_starter(assignment.folder)) is not None:
        yield from _code_fits(assignment, starter)
    for name in STARTER_SHEETS:
        path = assignment.folder / name
        if not path.is_file():
            continue
        try:
            text = path.read_bytes()
            if assignment.variants is not None:
                text = filled_file(text, assignment.givens)
            document = read_yaml_text(text, name=str(path))
        except OSError as error:
            yield _warning(Place(file=str(path)), f"it cannot be read: {error.strerror}")
        except YamlFault as fault:
            for one in fault.diagnostics:
                yield _warning(one.place, one.message, one.help)
        else:
            yield from _sheet_fits(assignment, document)


def _code_fits(assignment: Assignment, starter: Starter) -> Iterator[Diagnostic]:
    path = str(assignment.folder / STARTER)
    if starter.fault:
        yield _warning(Place(file=path), starter.fault)
        return
    for question in assignment.questions:
        if not isinstance(question, FunctionQuestion) or question.driver is not None:
            continue
        entry, wanted = question.entry, len(question.parameters)
        arguments = starter.arguments.get(entry)
        if entry not in starter.lines and "*" not in starter.lines:
            message = f"it does not define {entry}, which {question.id!r} asks for"
            yield _warning(Place(file=path), message, did_you_mean(entry, starter.lines))
        elif arguments is not None and len(arguments) < wanted:
            message = f"{entry} takes {len(arguments)} here, and {question.id!r} gives it {wanted}"
            yield _warning(Place(file=path, line=starter.lines[entry]), f"{message} arguments")


def _sheet_fits(assignment: Assignment, document: Document) -> Iterator[Diagnostic]:
    if not isinstance(document.data, dict):
        yield _warning(document.place(()), "it is not a sheet: expected a line for each question")
        return
    asked = {one.id: one for one in assignment.questions if not one.nature.by_code}
    known = {one.id for one in assignment.questions}
    for name in document.data:
        if name not in known:
            place = document.place((name,), of_key=True)
            yield _warning(place, f"no question has the id {name!r}", did_you_mean(name, asked))
    for name, question in asked.items():
        labels = {part.label for part in getattr(question, "parts", ())} - {""}
        inside = document.data.get(name)
        if name not in document.data:
            place = Place(file=document.file)
            yield _warning(place, f"it has no line for {name!r}", did_you_mean(name, document.data))
        elif labels and isinstance(inside, dict) and set(inside) != labels:
            message = f"{name!r} has the parts {', '.join(sorted(labels))}"
            place = document.place((name,), of_key=True)
            yield _warning(place, f"{message}, and here {', '.join(inside)}")


def _warning(place: Place, message: str, advice: str = "") -> Diagnostic:
    return Diagnostic(code="S406", place=place, message=message, help=advice, stops=False)


def _names_of(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (one.asname or one.name for one in node.names)
    elif isinstance(node, ast.Assign):
        yield from (
            inner.id
            for target in node.targets
            for inner in ast.walk(target)
            if isinstance(inner, ast.Name)
        )
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _is_method(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _signature(node: ast.stmt) -> str:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}"


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args]


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0][:_LONGEST_DOC]
