"""What a course's code changes in numpy is seen, also in modules that nobody had imported."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from grader.checks.patched import Unchanged


@pytest.fixture(params=["imported before", "imported later"])
def unchanged(request: pytest.FixtureRequest) -> Unchanged:
    """As it stands before the course's code; modules are in their places again afterwards."""
    late = {"numpy.random": np.random, "numpy.fft": np.fft}
    if request.param == "imported later":
        for name in late:
            del sys.modules[name]
    made = Unchanged()
    sys.modules.update(late)
    return made


def both() -> tuple[ModuleType, ModuleType]:
    return np.random, np.fft


def test_what_nobody_changed_is_not_told(unchanged: Unchanged) -> None:
    assert [module.__name__ for module in both()] == ["numpy.random", "numpy.fft"]
    assert unchanged.changed() == ()


def test_another_function_is_told_and_put_back(
    unchanged: Unchanged, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = (np.exp, np.random.rand, np.random.Generator, np.fft.fft)
    monkeypatch.setattr(np, "exp", abs)
    monkeypatch.setattr(np.random, "rand", abs)
    monkeypatch.setattr(np.random, "Generator", abs)
    monkeypatch.setattr(np.fft, "fft", abs)
    changed = unchanged.changed()
    assert {*changed} == {
        *("numpy.exp", "numpy.random.rand", "numpy.random.Generator", "numpy.fft.fft"),
    }
    unchanged.restore(changed)
    assert unchanged.changed() == ()
    assert (np.exp, np.random.rand, np.random.Generator, np.fft.fft) == right
