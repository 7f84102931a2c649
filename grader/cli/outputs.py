"""Files that a command writes: checked before the work, and never left half written."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from grader.cli.exits import refuse, usage_error

__all__ = [
    "OutputFault",
    "check_outputs",
    "print_report",
    "record_path",
    "write_all",
    "write_output",
]


def record_path(results: Path) -> Path:
    """Where the run record of these results goes."""
    return results.with_name(results.name.removesuffix(".json") + ".run.json")


def check_outputs(paths: Sequence[Path]) -> None:
    """End as a wrong call where a path is a folder, is named twice, or has no folder to lie in."""
    if len({path.resolve() for path in paths}) < len(paths):
        usage_error("two outputs would go into one file")
    for path in paths:
        if path.is_dir():
            usage_error(f"{path} cannot be written: it is a folder")
        folder = path.absolute().parent
        if not (folder.is_dir() or (folder.parent.is_dir() and not folder.exists())):
            usage_error(f"{path} cannot be written: there is no folder {path.parent}")


class OutputFault(Exception):
    """A file cannot be written: what stood there before is still there."""


def write_output(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write all of it or nothing: a reader never sees a part of it. Raises OutputFault.

    It may be given in parts that are made while it is written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        with unfinished.open("wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
            stream.flush()
            os.fsync(stream.fileno())  # some file systems say only here that there was no room
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror}"
        raise OutputFault(msg) from error


def print_report(files: Mapping[str, bytes], output: Path | None) -> None:
    """Print a report of one file, or write it to `output`; several files go into that folder.

    Raises OutputFault.
    """
    if len(files) == 1:
        (content,) = files.values()
        if output is None:
            sys.stdout.write(content.decode("utf-8", "replace"))
        else:
            write_output(output, content)
        return
    if output is None:
        usage_error(f"this report is {len(files)} files: say where with --output FOLDER")
    for name, content in files.items():
        write_output(output / name, content)


def write_all(*writing: Callable[[], None]) -> None:
    """Do all of these, whichever of them fails, and end the command where one did."""
    faults = []
    for write in writing:
        try:
            write()
        except OutputFault as fault:
            faults.append(str(fault))
    if faults:
        refuse(*faults)
