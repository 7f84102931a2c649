"""Load a reference: a module of plain functions whose parameter names say what they need."""

from __future__ import annotations

import ast
import dis
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from grader.model.diagnostic import Diagnostic, Place
from grader.solver.bounded import bounded, called

__all__ = ["Reference", "ReferenceFault", "Step", "load_reference"]


class ReferenceFault(Exception):
    """The reference cannot be used; `diagnostics` say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One named quantity. A *function step* has arguments: the parameters before `/`."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    required: int  #: how many of the arguments have no default
    needs: tuple[str, ...]
    line: int

    @property
    def is_function(self) -> bool:
        return bool(self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    path: Path
    steps: Mapping[str, Step]
    source: bytes = field(default=b"", repr=False)  #: the text of the module, as it was loaded

    def place(self, step: str | None = None) -> Place:
        line = self.steps[step].line if step is not None and step in self.steps else 0
        return Place(file=str(self.path), line=line, column=1 if line else 0)

    def ancestors(self, name: str) -> frozenset[str]:
        """Every step and given that `name` is computed from, `name` itself included."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting += self.steps[current].needs if current in self.steps else ()
        return frozenset(found)


def load_reference(path: Path, variation: ast.Module | None = None) -> Reference:
    """Run the module at `path` and read its steps. Raises ReferenceFault with every problem.

    A variation of the module is run in the place of the file. Running it is bounded, since its
    loops may never end; what its steps need was checked when the file itself was loaded.
    """
    source = b"" if variation else _read(path)
    module = _run(path, variation or source)
    functions = {
        name: item
        for name, item in vars(module).items()
        if isinstance(item, FunctionType) and item.__code__.co_filename == str(path)
    }
    steps: dict[str, Step] = {}
    problems: list[Diagnostic] = []
    for name, function in functions.items():
        if not name.startswith("_"):
            step, bad = _read_step(path, name, function)
            problems += bad
            steps[name] = step
    if variation is None:
        problems += _globals_used(path, functions, steps)
        problems += _cycles(path, steps)
    if problems:
        raise ReferenceFault(*sorted(problems, key=lambda problem: problem.place))
    return Reference(path=path, steps=steps, source=source)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = f"the reference cannot be read: {error.strerror}"
        raise ReferenceFault(
            Diagnostic(code="S301", place=Place(file=str(path)), message=problem)
        ) from None


def _run(path: Path, source: bytes | ast.Module) -> ModuleType:
    # Dataclasses look their module up by its name; this one cannot be that of another module.
    module = ModuleType(f"<reference {path.stem}>")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        varied = isinstance(source, ast.Module)
        tree = source if varied else ast.parse(source, str(path))
        code = compile(tree, str(path), "exec", dont_inherit=True)
        with bounded() if varied else nullcontext():
            called(exec, code, vars(module))  # the course's own trusted code
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it raises is the author's to read
        message = f"the reference fails when it is loaded: {described(error)}"
        place = Place(file=str(path), line=last_line_in(path, error), column=1)
        raise ReferenceFault(Diagnostic(code="S302", place=place, message=message)) from None
    finally:
        sys.modules.pop(module.__name__, None)
    return module


def described(error: BaseException) -> str:
    """The type of an error and the first line of what it says; never raises."""
    try:
        said = str(error).strip().partition("\n")[0][:200]
    except Exception:  # noqa: BLE001 - an error may fail to say what it is
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def last_line_in(path: Path, error: BaseException) -> int:
    """The line of `path` at which `error` happened, or 1."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if f.filename == str(path)), 1)


def _read_step(path: Path, name: str, function: FunctionType) -> tuple[Step, list[Diagnostic]]:
    parameters = inspect.signature(function).parameters.values()
    line = function.__code__.co_firstlineno
    place = Place(file=str(path), line=line, column=1)
    problems = []
    for parameter in parameters:
        starred = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        defaulted = (
            parameter.kind is not parameter.POSITIONAL_ONLY
            and parameter.default is not parameter.empty
        )
        if starred or defaulted:
            fault = "is starred" if starred else "has a default value"
            problems.append(
                Diagnostic(
                    code="S310",
                    place=place,
                    message=f"parameter {parameter.name!r} of step {name!r} {fault}",
                    help="a parameter names one step or given; parameters before `/` are arguments",
                )
            )
    positional = [p for p in parameters if p.kind is p.POSITIONAL_ONLY]
    step = Step(
        name=name,
        function=function,
        arguments=tuple(p.name for p in positional),
        required=sum(p.default is p.empty for p in positional),
        needs=tuple(p.name for p in parameters if p.kind is not p.POSITIONAL_ONLY),
        line=line,
    )
    return step, problems


def _global_names(code: CodeType, wanted: set[str]) -> Iterator[tuple[str, int]]:
    """Which of these names the code takes from its module, and in which lines."""
    line = code.co_firstlineno
    for instruction in dis.get_instructions(code) if wanted.intersection(code.co_names) else ():
        if instruction.starts_line:
            line = _line_of(instruction, line)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval, line
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant, wanted)


def _line_of(instruction: dis.Instruction, line: int) -> int:
    # Python 3.13 made `starts_line` a flag and moved the number to `line_number`.
    if instruction.starts_line is True:
        return int(getattr(instruction, "line_number", None) or line)
    return instruction.starts_line or line


def _globals_used(
    path: Path, functions: Mapping[str, FunctionType], steps: Mapping[str, Step]
) -> list[Diagnostic]:
    # A private alias of a step would hide it as well as its name does.
    own_names = {id(step.function): name for name, step in steps.items()}
    wanted = {name for name, function in functions.items() if id(function) in own_names}
    used = [
        (owner, name if name in steps else own_names[id(functions[name])], line)
        for owner, function in functions.items()
        for name, line in dict(_global_names(function.__code__, wanted)).items()
        if name in wanted
    ]
    return [
        Diagnostic(
            code="S306",
            place=Place(file=str(path), line=line, column=1),
            message=f"{owner!r} uses step {name!r} as a module global",
            help=f"name it as a parameter of {owner!r}, so that replacing the step reaches it",
        )
        for owner, name, line in used
    ]


def _cycles(path: Path, steps: Mapping[str, Step]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    done: set[str] = set()
    for start in steps:
        # Not recursion: a chain of steps may be longer than Python's stack.
        trail, waiting = [start], [iter(steps[start].needs if start not in done else ())]
        while trail:
            need = next(waiting[-1], None)
            if need is None:
                done.add(trail.pop())
                waiting.pop()
            elif need in trail:
                loop = " → ".join((*trail[trail.index(need) :], need))
                place = Place(file=str(path), line=steps[need].line, column=1)
                message = f"steps need each other in a circle: {loop}"
                found.append(Diagnostic(code="S303", place=place, message=message))
            elif need in steps and need not in done:
                trail.append(need)
                waiting.append(iter(steps[need].needs))
    return found
