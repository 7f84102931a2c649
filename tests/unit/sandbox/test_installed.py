"""What is said of a module that is not there."""

from __future__ import annotations

import sys

import pytest

from grader.sandbox.child.installed import what_there_is


def test_a_package_that_is_not_there_is_told_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = what_there_is(ModuleNotFoundError("no", name="torchx.nn"))
    assert told.startswith("it is neither handed in nor installed here (numpy")
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "modules", {"numpy": sys, "scipy": sys, "torch": sys})
    told = what_there_is(ModuleNotFoundError("no", name="torchx"))
    assert told == "it is neither handed in nor installed here (numpy, scipy and torch are)"
    monkeypatch.setattr(sys, "modules", {"scipy": sys})
    assert what_there_is(ModuleNotFoundError("no", name="torchx")).endswith("here (scipy is)")
    monkeypatch.setattr(sys, "modules", {})
    assert what_there_is(ModuleNotFoundError("no", name="torchx")).endswith("installed here")


@pytest.mark.parametrize("name", ["email.nothing", "", None, 3])
def test_of_a_part_of_what_is_there_nothing_is_said(name: object) -> None:
    error = ModuleNotFoundError("no")
    error.name = name  # type: ignore[assignment]  # a hostile name
    import email  # noqa: F401 - so that it is loaded

    assert what_there_is(error) == ""
