"""Which function of another name is named where nothing has the name that is asked for."""

from __future__ import annotations

import pytest

from grader.sandbox.child.near import NearNames

BODY = "    return 1\n"


def define(*names: str) -> bytes:
    return "".join(f"def {name}(x):\n{BODY}" for name in names).encode()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"optim.py": define("adam_step")}, "adam_step", id="holds the name"),
        pytest.param({"optim.py": define("my_adam", "plot", "load")}, "my_adam", id="among others"),
        pytest.param({"optim.py": define("solve")}, "solve", id="the only one"),
        pytest.param({"optim.py": define("solve", "_helper")}, "solve", id="but for its own"),
        pytest.param({"optim.py": define("solve", "sgd")}, "solve", id="but what is asked for"),
        pytest.param({"optim.py": define("adam_one", "adam_two")}, "", id="several alike"),
        pytest.param({"optim.py": define("solve", "plot")}, "", id="several others"),
        pytest.param({"optim.py": define("sgd")}, "", id="what is asked for itself"),
        pytest.param({"optim.py": b"x = = 1\ndef my_adam(): pass\n"}, "", id="not Python"),
        pytest.param({"optim.py": b"", "test.py": define("my_adam")}, "", id="in another file"),
        pytest.param({"optim.py": define("Adam")}, "Adam", id="in other letters"),
    ],
)
def test_the_function_that_may_have_been_meant_is_named(files: dict[str, bytes], said: str) -> None:
    names = NearNames(files, {"optim.py"}, ["adam", "sgd"])
    assert names.said("adam").get("met", {}).get("called", "") == said
    if said != "Adam":  # it is named, and never taken
        assert not names.of("adam")
