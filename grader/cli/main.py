"""Run a command from beginning to end: streams, signals, and faults of ours."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from grader.cli.exits import Exit
from grader.cli.signs import with_signs
from grader.cli.stopping import stopped_by_signals

__all__ = ["main"]

_THREADS_OF_NUMPY = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def _run(arguments: Sequence[str]) -> None:
    """A plain `check` is what students wait for: it starts without reading all other commands."""
    from grader.cli.plain import plain_check

    if (asked := plain_check(arguments)) is not None:
        from grader.cli.checking import check_work

        try:
            check_work(asked)
        except Exception as error:
            typer = sys.modules.get("typer")
            if typer is not None and isinstance(error, typer.Exit):
                sys.exit(error.exit_code)  # as the parser of all commands does it
            raise
        return
    from grader.cli.app import app

    app()


def _nobody_reads() -> NoReturn:
    """The reader of our output went away, as `grader … | head` does."""
    _drop_output()
    sys.exit(Exit.DONE)


def _drop_output() -> None:
    """What is still to be written goes nowhere: Python would try once more when it ends, and end
    with a code of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stopped() -> NoReturn:
    """A signal asked for the end, and the command did not tell what is kept."""
    from grader.cli.exits import note
    from grader.cli.outputs import written

    kept = "nothing was written"
    if paths := written():
        kept = f"only {paths[0]} was written"
    if len(paths) > 1:
        kept = f"only {len(paths)} files or folders were written, the last of them {paths[-1]}"
    note(f"stopped before the end: {kept}")
    sys.exit(Exit.STOPPED)


def _words(error: Exception) -> str:
    """What is said of a fault that nobody foresaw."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" into {error.filename}" if error.filename else ""
        return (
            f"error: the output cannot be written{where}: {error.strerror}\n"
            "  help: make room, or write elsewhere; temporary files go to TMPDIR"
        )
    return (
        f"grader failed, through no fault of yours: {type(error).__name__}: {error}\n"
        "  help: set GRADER_TRACEBACK=1 to see where, and report it"
    )


def main() -> None:
    """Run the command; whatever we did not foresee is our fault, and says so with exit code 4."""
    for name in _THREADS_OF_NUMPY:
        # Commands fork before there are threads; and a student's numpy has no more of them.
        os.environ.setdefault(name, "1")
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed
    for stream in (sys.stdout, sys.stderr):
        with_signs(stream)
    try:
        try:
            with stopped_by_signals():
                _run(sys.argv[1:])
        finally:
            sys.stdout.flush()  # a full disk is told here, not when Python ends
    except KeyboardInterrupt:  # where typer did not see it
        _stopped()
    except BrokenPipeError:
        _nobody_reads()
    except SystemExit as end:
        # typer catches it first, and ends with a code that says something else of ours.
        if isinstance(end.__context__, BrokenPipeError):
            _nobody_reads()
        # So typer ends; a command that told of it ends by itself, without a cause.
        if isinstance(getattr(end.__context__, "__cause__", None), KeyboardInterrupt):
            _stopped()
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can still say whose fault it is
        if os.environ.get("GRADER_TRACEBACK"):
            traceback.print_exc()
        print(_words(error), file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            _drop_output()
        sys.exit(Exit.OUR_FAULT)
