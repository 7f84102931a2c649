"""Files that a command writes: checked before the work, and never left half written.

What is not a file of its own (a pipe, a device, what the command was started with) is written to
and never replaced. So is what a link leads to: the link stays.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from grader.cli.exits import refuse, usage_error

__all__ = [
    "OutputFault",
    "check_outputs",
    "is_printed",
    "make_folder",
    "print_report",
    "record_path",
    "write_all",
    "write_output",
    "written",
    "wrote",
]

_OPEN_ALREADY = re.compile(r"(?:/dev|/proc/self)/fd/(\d{1,9})")
_STANDARD = {"-": 1, "/dev/stdout": 1, "/dev/stderr": 2}
_MOST_LINKS = 20
_ANYBODY_WRITES = 0o222
_written: list[Path] = []


def record_path(results: Path) -> Path | None:
    """Where the run record of these results goes: beside a file of their own, else nowhere."""
    if _descriptor(results) is not None or not _may_be_replaced(results):
        return None
    return results.with_name(results.name.removesuffix(".json") + ".run.json")


def is_printed(path: Path) -> bool:
    """Whether it is the standard output: `-`, `/dev/stdout`, or a link to it."""
    return _descriptor(path) == 1


def wrote(path: Path) -> None:
    """Remember what was written, for a command that is stopped before its end."""
    _written.append(path)


def written() -> tuple[Path, ...]:
    """What this command wrote so far: files, and folders that it filled, in their order."""
    return tuple(_written)


def make_folder(path: Path) -> None:
    """Make a folder for files where there is none; the command ends where it cannot be."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        refuse(f"{path} cannot be made: {error.strerror}")


def check_outputs(paths: Sequence[Path]) -> None:
    """End as a wrong call where a path is named twice or cannot be written to.

    So nobody waits for a class whose results are lost in the end.
    """
    for path in paths:
        why = _why_not(path)
        if why:
            usage_error(f"{path} cannot be written: {why}")
    single = [path for path in paths if _descriptor(path) == 1 or _may_be_replaced(path)]
    if len({_descriptor(path) or path.resolve() for path in single}) < len(single):
        usage_error("two outputs would go into one file")


def _why_not(path: Path) -> str:
    """Why a path cannot be written to, as far as can be said without trying; "" if it can."""
    number = _descriptor(path)
    if number is not None:
        return "" if _is_open(number) else "it is not open"
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _why_no_new_file(path)
    except OSError as error:
        return str(error.strerror)
    if stat.S_ISDIR(mode):
        return "it is a folder"
    if stat.S_ISSOCK(mode):
        return "it is a socket"
    if not mode & _ANYBODY_WRITES or not os.access(path, os.W_OK):
        return "it is read-only"
    return _why_no_new_file(path) if stat.S_ISREG(mode) else ""


def _why_no_new_file(path: Path) -> str:
    folder = path.resolve().parent
    if not folder.exists() and folder.parent.is_dir():
        folder = folder.parent  # the last folder is made
    if not folder.is_dir():
        return f"there is no folder {path.parent}"
    writable = folder.stat().st_mode & _ANYBODY_WRITES and os.access(folder, os.W_OK | os.X_OK)
    return "" if writable else f"the folder {folder} is read-only"


def _descriptor(path: Path) -> int | None:
    """The number of an open file of ours that a path stands for, by way of links; else None."""
    text = str(path)
    for _ in range(_MOST_LINKS):
        number = _OPEN_ALREADY.fullmatch(text)
        if text in _STANDARD or number:
            return _STANDARD[text] if number is None else int(number[1])
        try:
            text = os.path.normpath(Path(text).parent / Path(text).readlink())
        except OSError:
            return None
    return None


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _may_be_replaced(path: Path) -> bool:
    """Whether it is a regular file, or will be one."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


class OutputFault(Exception):
    """A file cannot be written: what stood there before is still there."""


def write_output(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write all of it or nothing: a reader of a file never sees a part of it. Raises OutputFault.

    It may be given in parts that are made while it is written. Pipes and devices are written to as
    they are.
    """
    parts = [content] if isinstance(content, bytes) else content
    number = _descriptor(path)
    try:
        if number is not None:
            _write_to_open(number, parts)
        elif _may_be_replaced(path):
            _replace(path.resolve(), parts)
            wrote(path)
        else:
            with path.open("wb", buffering=0) as stream:
                for part in parts:
                    _write_all_of(stream.fileno(), part)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise OutputFault(msg) from error


def _replace(path: Path, parts: Iterable[bytes]) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        with unfinished.open("wb") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())  # some file systems say only here that there was no room
        unfinished.replace(path)
    except BaseException:  # a signal may come while it is written
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _write_to_open(number: int, parts: Iterable[bytes]) -> None:
    """After all that was printed so far; not opened by its name, which would begin it anew."""
    sys.stdout.flush()
    sys.stderr.flush()
    for part in parts:
        _write_all_of(number, part)


def _write_all_of(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def print_report(files: Mapping[str, bytes], output: Path | None, *, instead: bool = False) -> None:
    """Print a report of one file, or write it to `output`; several files go into that folder.

    `instead`: to the standard error, since something else is printed. Raises OutputFault.
    """
    if len(files) == 1:
        (content,) = files.values()
        if output is None:
            stream = sys.stderr if instead else sys.stdout
            stream.write(content.decode("utf-8", "replace"))
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
