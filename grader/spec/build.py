"""From a document that fits the schema to an Assignment, adding every problem that is left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.model.assignment import (
    DEFAULT_POINTS,
    Assignment,
    CarryForward,
    Domain,
    Formulas,
    Limits,
    Question,
)
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.model.typed import NumberRules
from grader.model.value import Value
from grader.spec.audit_notes import build_audit_notes
from grader.spec.context import Context, read_carry_forward, read_tolerance
from grader.spec.data import read_data
from grader.spec.interpreter import read_python
from grader.spec.mistakes import build_mistakes
from grader.spec.problems import Problems
from grader.spec.questions import build_question
from grader.spec.sources import find_reference, read_source
from grader.spec.values import exact, given, input_value, read_domain
from grader.spec.variants import build_variants
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_assignment"]

#: Reports hold answers as well.
_SHEETS = (".yaml", ".yml", ".json", ".md", ".markdown", ".tex")
_NOTEBOOK = ".ipynb"  # has code, and answers in its text


def build_assignment(problems: Problems, folder: Path) -> Assignment | None:
    """Build what can be built; None when a problem leaves nothing to build from.

    Keys of the document that broke the schema are passed over here: their problem is known.
    """
    data = problems.document.data
    if not isinstance(data, dict):
        return None
    broken = _broken(problems)
    data = {key: value for key, value in data.items() if (key,) not in broken}
    if isinstance(data.get("slug"), str) and folder.resolve().name != data["slug"]:
        message = (
            f"the slug {data['slug']!r} is not the name of the folder, {folder.resolve().name!r}"
        )
        problems.add("S201", ("slug",), message)
    givens = _givens(problems, broken)
    defaults = data.get("defaults", {})
    reference = None
    if "reference" in data:
        reference = find_reference(problems, folder, data["reference"])
    context = Context(
        problems=problems,
        folder=folder,
        givens=givens,
        default_points=exact(defaults["points"]) if "points" in defaults else DEFAULT_POINTS,
        default_tolerance=read_tolerance(
            problems, ("defaults", "tolerance"), defaults.get("tolerance"), DEFAULT_TOLERANCE
        ),
        default_carry_forward=read_carry_forward(defaults.get("carry_forward"), CarryForward()),
        has_reference="reference" in problems.document.data,
        numbers=NumberRules(
            **given(data.get("numbers", {}), expressions=bool, decimal_comma=bool, percent=bool)
        ),
    )
    questions = tuple(
        question
        for index, spec in enumerate(data.get("questions", ()))
        if ("questions", index) not in broken
        and (question := build_question(context, ("questions", index), spec)) is not None
    )
    files = tuple(data.get("submission", {}).get("files", ()))
    modules = tuple(data.get("submission", {}).get("modules", ()))
    _check_ids(problems, data.get("questions", ()))
    _check_files(problems, files, questions)
    if questions and all(question.bonus for question in questions):
        message = "every question is a bonus, so there is nothing to reach"
        problems.add("S104", ("questions",), message, of_key=True)
    provided = ""
    if "provided" in data:
        provided = read_source(problems, ("provided",), folder, data["provided"]) or ""
    for index, name in enumerate(modules):
        read_source(problems, ("submission", "modules", index), folder, name)
    return Assignment(
        slug=str(data.get("slug", folder.name)),
        title=str(data.get("title", "")),
        folder=folder,
        files=files,
        givens=givens,
        formulas=_formulas(problems, data.get("formulas", {})),
        limits=_limits(data.get("limits", {})),
        questions=questions,
        mistakes=build_mistakes(problems, data.get("mistakes", ())),
        audit=build_audit_notes(problems, data.get("audit", {}), _ids(data.get("questions", ()))),
        reference=reference,
        provided=provided,
        data=read_data(
            problems,
            folder,
            data.get("data", ()),
            modules=modules,
            handed_in=files,
            reference=reference,
        ),
        modules=modules,
        python=read_python(problems, folder, data["python"]) if "python" in data else "",
        variants=build_variants(problems, data, givens) if "variants" in data else None,
        **given(data, seed=_seed, preload=tuple, public_checks=tuple),
        **given(data.get("policy", {}), self_check=str),
    )


def _givens(problems: Problems, broken: set[KeyPath]) -> Mapping[str, Value]:
    """The givens; where they are broken their names, so that who uses them is not blamed."""
    spec = problems.document.data.get("givens")
    if ("givens",) in broken:
        return dict.fromkeys(spec) if isinstance(spec, dict) else {}
    return {name: input_value(value) for name, value in (spec or {}).items()}


def _broken(problems: Problems) -> set[KeyPath]:
    """Top-level keys and questions in which the schema found something."""
    return {
        path[:2] if path[0] == "questions" and len(path) > 1 else path[:1]
        for path in problems.paths
        if path
    }


def _ids(questions: list[Any]) -> frozenset[str]:
    names = (spec.get("id") for spec in questions if isinstance(spec, dict))
    return frozenset(name for name in names if isinstance(name, str))


def _check_ids(problems: Problems, questions: list[Any]) -> None:
    first: dict[str, int] = {}
    for index, spec in enumerate(questions):
        name = spec.get("id") if isinstance(spec, dict) else None
        if isinstance(name, str) and first.setdefault(name, index) != index:
            line = problems.document.place(("questions", first[name], "id")).line
            path = ("questions", index, "id")
            problems.add("S202", path, f"the id {name!r} is already taken", f"see line {line}")


def _check_files(
    problems: Problems, files: tuple[str, ...], questions: tuple[Question, ...]
) -> None:
    if not files:
        return
    has_module = any(name.endswith((".py", _NOTEBOOK)) for name in files)
    has_sheet = any(name.endswith((*_SHEETS, _NOTEBOOK)) for name in files)
    for question in questions:
        if question.nature.by_code and not has_module:
            message = f"{question.id!r} asks for a function, but no module may be handed in"
            problems.add("S214", ("submission", "files"), message)
        if question.nature.by_person and not has_sheet:
            message = (
                f"{question.id!r} is answered in a sheet, but no answer sheet may be handed in"
            )
            problems.add("S214", ("submission", "files"), message)


def _formulas(problems: Problems, spec: Mapping[str, Any]) -> Formulas:
    domains: dict[str, Domain] = {}
    for name, domain_spec in spec.get("domains", {}).items():
        path: KeyPath = ("formulas", "domains", name)
        domain = read_domain(problems, path, domain_spec)
        if domain is not None:
            domains[name] = domain
    return Formulas(
        domains=domains,
        symbols={name: tuple(items) for name, items in spec.get("symbols", {}).items()},
        functions={name: tuple(items) for name, items in spec.get("functions", {}).items()},
        **given(spec, matrix_power=bool),
    )


def _seed(spec: Any) -> int | str:
    return spec if isinstance(spec, str) else int(spec)


def _limits(spec: Mapping[str, Any]) -> Limits:
    plain = {
        key: float(value) if key.endswith("_seconds") else int(value) for key, value in spec.items()
    }
    return Limits(**plain)  # type: ignore[arg-type]  # the schema fixes the keys
