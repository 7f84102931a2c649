"""`grader show`: the key of an assignment on the command line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Grader = Callable[..., subprocess.CompletedProcess[str]]
SLUG = "ecs289-homework"


def test_a_mistake_and_a_given_are_named_as_the_spec_names_them(grader: Grader) -> None:
    options = ("--mistake", "heavy-ball", "--given", "learning_rate=0.1", "-q", "nesterov_points")
    done = grader("show", SLUG, *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(
        "nesterov_points  iterates, 3 points\n"
        "    1  [3.1, -0.6]\n"
        "    2  [1.73, -1.63]\n        right: [2.036, 0.179]\n"
        "    3  [0.314, -0.774]\n        right: [0.77471, -0.28386]\n"
    )
    done = grader("show", SLUG, "--mistake", "heavy-bal")
    assert done.returncode == 2
    assert "there is no mistake 'heavy-bal'; did you mean 'heavy-ball'?" in done.stderr
    for given, words in (
        ("learning_rate=fast", "learning_rate is a number in the spec, and fast is none"),
        ("start=3", "start is a list of numbers in the spec, and 3 is none"),
    ):
        done = grader("show", SLUG, "--given", given)
        assert (done.returncode, words in done.stderr) == (2, True)
