"""Paths as they are given on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.exits import Exit
from grader.cli.paths import given_path
from tests.unit.cli.invoked import invoked


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "fn", ""],
        ["grade", "fn", "work", " "],
        ["grade", "fn", "work", "--results", ""],
        ["grade", "fn", "work", "--output", ""],
        ["check", "fn", ""],
    ],
)
def test_a_variable_that_is_not_set_is_no_path(arguments: list[str]) -> None:
    done = invoked(*arguments)
    assert done.exit_code == Exit.USAGE
    assert "an empty path was given" in done.output


@pytest.mark.parametrize("text", [".", "a b", "-", " x"])
def test_other_paths_stay_as_they_are(text: str) -> None:
    assert given_path(text) == Path(text)
