"""What `--help` says of each command."""

from __future__ import annotations

import re

import pytest
import typer

from grader.cli.app import app
from grader.spec.codes import EXPLANATIONS
from tests.unit.cli.invoked import invoked


def _names(of: typer.Typer) -> list[str]:
    return [
        str(one.name or getattr(one.callback, "__name__", "")).replace("_", "-")
        for one in of.registered_commands
    ]


def _commands() -> list[tuple[str, ...]]:
    """Every command, those in groups by two words."""
    found: list[tuple[str, ...]] = [(name,) for name in _names(app)]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        outer = group.typer_instance.info.name
        assert isinstance(outer, str)
        found += [(outer, name) for name in _names(group.typer_instance)]
    return found


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_it_says_what_the_command_does_with_an_example(words: tuple[str, ...]) -> None:
    done = invoked(*words, "--help")
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= 80
    assert f"\n  grader {' '.join(words)} " in done.output


def test_all_commands_are_listed_by_who_uses_them_each_with_a_whole_sentence() -> None:
    said = invoked("--help").output
    listed = re.findall(r"^  ([a-z]+) +[A-Z]", said, re.MULTILINE)
    groups = [one.typer_instance for one in app.registered_groups]
    names = {*_names(app), *(str(one.info.name) for one in groups if one is not None)}
    assert sorted(listed) == sorted(names)
    assert [*re.findall(r"^\w.*:$", said, re.MULTILINE)] == [
        *("Options:", "For students:", "To write an assignment:"),
        *("To mark a class:", "About this machine:"),
    ]
    assert said.count("...") == 1  # of the arguments; no sentence is cut


@pytest.mark.parametrize("columns", [80, 50])
def test_an_explanation_is_as_wide_as_the_terminal(columns: int) -> None:
    for code in ("S405", "s204"):
        done = invoked("explain", code, COLUMNS=str(columns))
        assert done.exit_code == 0
        assert max(map(len, done.output.splitlines())) <= columns
    said = invoked("explain", "S204", COLUMNS=str(columns)).output
    assert said.split() == f"S204: {EXPLANATIONS['S204']}".split()
