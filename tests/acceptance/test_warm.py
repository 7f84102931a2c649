"""Commands forked from a warm `grader` do what those do that a shell starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SLUG = "ecs289-homework"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", SLUG, "nowhere"),
        pytest.param(("--help",), marks=pytest.mark.slow),
        pytest.param(
            ("check", SLUG, f"examples/submissions/{SLUG}/sign-slips"), marks=pytest.mark.slow
        ),
        pytest.param(("grade", SLUG), marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_the_output_and_the_exit_code_are_the_same(
    grader: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    warm, fresh = grader(*arguments), grader(*arguments, fresh=True)
    assert (warm.returncode, warm.stdout, warm.stderr) == (
        fresh.returncode,
        fresh.stdout,
        fresh.stderr,
    )


def test_a_command_leaves_nothing_to_the_next(grader: Callable[..., Any], checkout: Any) -> None:
    (checkout / "below").mkdir()
    first = grader("check", SLUG, "nowhere", cwd=checkout / "below", GRADER_SANDBOX="docker")
    second = grader("check", SLUG, f"examples/submissions/{SLUG}/empty")
    assert "docker" in first.stderr
    assert (first.returncode, second.returncode) == (2, 0)
