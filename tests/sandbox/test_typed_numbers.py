"""Numbers that stand in a module as literals keep their digits; computed ones are bare."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.value import NumberText
from grader.sandbox.contract import JobResult
from grader.sandbox.returned import with_digits
from tests.build import call_of

T = NumberText
VARIABLE = call_of("h", mode="value", digits=True)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param("h = 0.410", T("0.410"), id="float"),
        pytest.param("h = -0.410", T("-0.410"), id="minus"),
        pytest.param("h = +.50", T("+.50"), id="plus"),
        pytest.param("h = 3", T("3"), id="whole"),
        pytest.param("h = 1.50e-3", T("1.50e-3"), id="exponent"),
        pytest.param("h: float = 0.10", T("0.10"), id="annotated"),
        pytest.param("x = h = 0.10", T("0.10"), id="two-targets"),
        pytest.param("g, h = 1, 0.10", T("0.10"), id="unpacked"),
        pytest.param("h = 1.0\nh = 0.10", T("0.10"), id="the-last-one"),
        pytest.param("π = 1; h = 0.10  # é", T("0.10"), id="columns-count-bytes"),
        pytest.param("s = '''\n\x0c\n\x85\u2028'''\nh = 0.10", T("0.10"), id="other-line-ends"),
        pytest.param("h = (\n  0.10\n)", T("0.10"), id="over-lines"),
        pytest.param("h = [[3.55, 0.20], [-1, 2]]", [[T("3.55"), T("0.20")], [T("-1"), T("2")]]),
        pytest.param("h = (1.0, 'a')", (T("1.0"), "a"), id="a-word-beside"),
        pytest.param("h = {'z0': 0.50, 'z1': 1 / 2}", {"z0": T("0.50"), "z1": 0.5}, id="mapping"),
        pytest.param("import numpy as np\nh = np.array([0.10, 2])", (T("0.10"), T("2"))),
        pytest.param("h = 1_000", 1000, id="underscore"),
        pytest.param("h = 0x10", 16, id="hexadecimal"),
        pytest.param("h = True", True, id="bool"),
        pytest.param("h = '0.410'", "0.410", id="word"),
        pytest.param("h = 0.410 * 1", 0.41, id="computed"),
        pytest.param("h = float('0.410')", 0.41, id="called"),
        pytest.param("h = --0.410", 0.41, id="two-signs"),
        pytest.param("h = 0.410\nh += 0", 0.41, id="changed-after"),
        pytest.param("h = 0.410\nif True:\n    h = 0.41 * 1", 0.41, id="bound-in-a-block"),
        pytest.param("h = 0.410\nfor h in [0.5]: pass", 0.5, id="bound-by-a-loop"),
        pytest.param("h = 0.410\ndef h(): return 0.41", 0.41, id="bound-by-def"),
        pytest.param("h = 0.410\nfrom math import pi as h", np.pi, id="bound-by-import"),
        pytest.param("h = 0.410\nglobals()['h'] = 0.5", 0.5, id="another-value"),
        pytest.param("h = [0.10]\nh[0] = 0.1 * 1", [0.1], id="entry-set"),
        pytest.param("h = [0.10]\nh.append(0.20)", [0.1, 0.2], id="grown"),
        pytest.param("h = 1e999", float("inf"), id="too-large"),
        pytest.param("h = 2j", 2j, id="complex"),
        pytest.param("import numpy as np\nh = 2 * np.array([0.10])", [0.2], id="computed-array"),
    ],
)
def test_a_literal_keeps_its_digits(run: Callable[..., JobResult], source: str, value: Any) -> None:
    found = run(source + "\n", VARIABLE).responses["h"].value
    if isinstance(found, np.ndarray):
        found = found.tolist()
    assert found == value
    assert repr(found) == repr(value)  # a NumberText and a bare number are told apart


def test_digits_are_sent_only_when_asked_for(run: Callable[..., JobResult]) -> None:
    call = call_of("h", mode="value")
    assert run("h = 0.410\n", call).responses["h"].value == 0.41


def test_code_that_spoils_the_reading_of_literals_keeps_its_value(
    run: Callable[..., JobResult],
) -> None:
    source = "import ast\nast.parse = ast.walk = None\nh = 0.410\n"
    assert float(run(source, VARIABLE).responses["h"].value) == 0.41


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (0.41, "0.42"),
        (0.41, "0.4100000000000001"),
        (0.41, ["0.41"]),
        (True, "1"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (2**60, "1152921504606846977"),
        ([0.5], ["0.5", "0.5"]),
        ([0.5], "0.5"),
        ({"a": 0.5}, ["0.5"]),
        (np.array([0.5, 1.0]), ["0.5", None]),
        (np.array([0.5]), [["0.5"]]),
        (np.array([0.5]), None),
        ("0.5", "0.5"),
        (None, "0"),
    ],
    ids=repr,
)
def test_a_text_that_is_not_the_value_is_dropped(value: Any, typed: Any) -> None:
    found = with_digits(value, typed)
    assert type(found) is type(value)
    assert repr(found) == repr(value)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 5))
def test_the_text_of_a_float_is_taken_and_its_neighbours_is_not(number: float, zeros: int) -> None:
    text = repr(number) + ("0" * zeros if "e" not in repr(number) else "")
    assert with_digits(number, text) == NumberText(text)
    above = math.nextafter(number, math.inf)
    assert type(with_digits(above, text)) is float
