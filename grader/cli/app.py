"""The `grader` command."""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from grader.cli.check import check
from grader.cli.doctor import doctor
from grader.cli.exits import Exit
from grader.cli.explain import explain
from grader.cli.export import export
from grader.cli.grade import grade
from grader.cli.gradebook import gradebook
from grader.cli.grades import grades
from grader.cli.mark import mark
from grader.cli.new import new
from grader.cli.preview import preview
from grader.cli.regrade import regrade
from grader.cli.release import release
from grader.cli.sheet import sheet
from grader.cli.show import show
from grader.cli.stats import stats
from grader.cli.stopping import stopped_by_signals
from grader.cli.variant import variant
from grader.cli.verify import verify

__all__ = ["app", "main"]

app = typer.Typer(
    name="grader",
    help="Mark numeric homework: iterates, gradients, formulas, layer code, training logs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_THREADS_OF_NUMPY = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
for command in (
    grade,
    regrade,
    mark,
    grades,
    stats,
    check,
    sheet,
    release,
    new,
    verify,
    show,
    preview,
    explain,
    doctor,
):
    app.command()(command)
app.command()(variant)
app.add_typer(gradebook)
app.add_typer(export)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"grader {version('numgrader')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _nobody_reads() -> NoReturn:
    """The reader of our output went away, as `grader … | head` does."""
    _drop_output()
    sys.exit(Exit.DONE)


def _drop_output() -> None:
    """What is still to be written goes nowhere: Python would try once more when it ends, and end
    with a code of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run the command; whatever we did not foresee is our fault, and says so with exit code 4."""
    for name in _THREADS_OF_NUMPY:
        # Commands fork before there are threads; and a student's numpy has no more of them.
        os.environ.setdefault(name, "1")
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no ✓ gets a question mark
    try:
        try:
            with stopped_by_signals():
                app()
        finally:
            sys.stdout.flush()  # a full disk is told here, not when Python ends
    except KeyboardInterrupt:  # where typer did not see it
        sys.exit(Exit.STOPPED)
    except BrokenPipeError:
        _nobody_reads()
    except SystemExit as end:
        # typer catches it first, and ends with a code that says something else of ours.
        if isinstance(end.__context__, BrokenPipeError):
            _nobody_reads()
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can still say whose fault it is
        if os.environ.get("GRADER_TRACEBACK"):
            traceback.print_exc()
        print(  # noqa: T201
            f"grader failed, through no fault of yours: {type(error).__name__}: {error}\n"
            "  help: set GRADER_TRACEBACK=1 to see where, and report it",
            file=sys.stderr,
        )
        try:
            sys.stdout.flush()
        except OSError:
            _drop_output()
        sys.exit(Exit.OUR_FAULT)
