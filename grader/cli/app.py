"""All commands of `grader`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

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

#: Who uses which commands; `--help` lists them so.
_GROUPS: Mapping[str, tuple[Callable[..., object] | typer.Typer, ...]] = {
    "For students": (check, sheet),
    "To write an assignment": (new, verify, show, preview, release, variant, explain),
    "To mark a class": (grade, regrade, mark, grades, stats, export, gradebook),
    "About this machine": (doctor,),
}
_LONGEST = 200  #: characters of what is said of a command there: its whole first sentence


def _name(command: Callable[..., object] | typer.Typer) -> str:
    name = command.info.name if isinstance(command, typer.Typer) else command.__name__
    return str(name)


class _Grouped(TyperGroup):
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by who uses them, each with its whole sentence."""
        for title, commands in _GROUPS.items():
            found = [(_name(one), self.get_command(ctx, _name(one))) for one in commands]
            with formatter.section(title):
                formatter.write_dl(
                    [(name, one.get_short_help_str(_LONGEST)) for name, one in found if one]
                )


app = typer.Typer(
    name="grader",
    help="Mark numeric homework: iterates, gradients, formulas, layer code, training logs.",
    cls=_Grouped,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _commands in _GROUPS.values():
    for _command in _commands:
        if isinstance(_command, typer.Typer):
            app.add_typer(_command)
        else:
            app.command()(_command)


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
