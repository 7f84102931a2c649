"""All commands of `grader`."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.check import check
from grader.cli.doctor import doctor
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
from grader.cli.variant import variant
from grader.cli.verify import verify

__all__ = ["app"]

app = typer.Typer(
    name="grader",
    help="Mark numeric homework: iterates, gradients, formulas, layer code, training logs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
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
