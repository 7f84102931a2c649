"""Files of the author's that a spec names: the reference, drivers, provided code."""

from __future__ import annotations

import ast
from pathlib import Path

from grader.spec.problems import Problems
from grader.spec.yaml_reader import KeyPath

__all__ = ["find_above", "find_reference", "read_driver", "read_source"]

_LEVELS = 4


def find_above(folder: Path, relative: Path) -> Path | None:
    """The nearest existing `relative` in `folder` or one of the folders above it."""
    folder = folder.resolve()
    for parent in (folder, *folder.parents[:_LEVELS]):
        if (parent / relative).exists():
            return parent / relative
    return None


def find_reference(problems: Problems, folder: Path, name: str) -> Path | None:
    path = find_above(folder, Path("reference") / f"{name}.py")
    if path is None:
        message = f"there is no reference/{name}.py here or in a folder above"
        problems.add("S301", ("reference",), message)
    return path


def read_source(problems: Problems, path: KeyPath, folder: Path, name: str) -> str | None:
    """The text of a Python file in the assignment's folder, or None after a problem was added."""
    try:
        source = (folder / name).read_text(encoding="utf-8")
        ast.parse(source, name)
    except FileNotFoundError:
        problems.add("S211", path, f"there is no file {name} beside the spec")
    except (OSError, UnicodeDecodeError):
        problems.add("S211", path, f"the file {name} cannot be read as text")
    except (SyntaxError, ValueError) as error:
        problems.add("S211", path, f"{name} is not Python: {error}")
    except (RecursionError, MemoryError):
        problems.add("S211", path, f"{name} is nested too deep to be read as Python")
    else:
        return source
    return None


def read_driver(problems: Problems, path: KeyPath, folder: Path, name: str) -> str | None:
    """The text of a driver, checked to define `drive(module, case)`."""
    source = read_source(problems, path, folder, name)
    if source is None:
        return None
    defined = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    drive = next((node for node in defined if node.name == "drive"), None)
    if drive is None or len(drive.args.posonlyargs + drive.args.args) != 2:
        problems.add("S206", path, f"{name} does not define drive(module, case)")
        return None
    return source
