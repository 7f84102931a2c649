"""`--limit`: every limit has a unit, the schema's bounds, and plain words for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.limits import LimitError, parse_limits
from grader.model.assignment import Limits
from grader.spec.schema import assignment_schema


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("wall=2s", "wall_seconds", 2.0),
        ("wall=250ms", "wall_seconds", 0.25),
        ("wall=1.5min", "wall_seconds", 90.0),
        ("wall=0.1s", "wall_seconds", 0.1),
        ("submission=2min", "submission_seconds", 120.0),
        ("cpu=30s", "cpu_seconds", 30.0),
        ("memory=1GiB", "memory_mib", 1024),
        ("memory=0.5GiB", "memory_mib", 512),
        ("memory=131072KiB", "memory_mib", 128),
        ("output=256KiB", "output_kib", 256),
        ("output=1MiB", "output_kib", 1024),
        ("file=8MiB", "file_mib", 8),
        ("file=0MiB", "file_mib", 0),
        ("processes=4", "processes", 4),
        ("threads=8", "threads", 8),
        (" wall = 2 s ", "wall_seconds", 2.0),
    ],
)
def test_a_limit_is_read_in_the_unit_of_its_key(text: str, key: str, value: float) -> None:
    parsed: Mapping[str, Any] = parse_limits([text])
    assert dict(parsed) == {key: value}
    assert type(parsed[key]) is type(value)
    assert getattr(replace(Limits(), **parsed), key) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wall=2", "needs one of the units ms, s, min, as in wall=2s; it has none"),
        ("wall=2h", "needs one of the units ms, s, min, as in wall=2s; 'h' is not one of them"),
        ("wall=2S", "'S' is not one of them"),
        ("wall=2MiB", "'MiB' is not one of them"),
        ("memory=512", "needs one of the units KiB, MiB, GiB"),
        ("memory=512MB", "'MB' is not one of them"),
        ("memory=1.5MiB", "counts in whole MiB; 1.5MiB is not a whole number"),
        ("memory=1KiB", "counts in whole MiB; 1KiB is not a whole number"),
        ("memory=32MiB", "must be at least 64MiB and at most 65536MiB; it is 32MiB"),
        ("memory=1000GiB", "must be at least 64MiB and at most 65536MiB"),
        ("wall=0s", "must be more than 0 and at most 600s; it is 0s"),
        ("wall=601s", "must be more than 0 and at most 600s"),
        ("wall=-1s", "wall=-1s is not a number"),
        ("wall=1e3s", "wall=1e3s is not a number"),
        ("wall=infs", "is not a number"),
        ("wall=nan", "is not a number"),
        ("wall=1,5s", "is not a number"),
        ("wall=٣s", "is not a number"),
        ("processes=0", "must be at least 1 and at most 256; it is 0"),
        ("processes=2.5", "is a whole number without a unit, as in processes=4"),
        ("threads=8s", "is a whole number without a unit"),
        ("wall", "needs a value, as in wall=2s"),
        ("wall=", "needs a value, as in wall=2s"),
        ("=2s", "there is no limit ''"),
        ("wal=2s", "there is no limit 'wal'; did you mean 'wall'? the limits are wall=2s, "),
        ("wall_seconds=2s", "the limits are wall=2s, submission=2min, cpu=30s, memory=1GiB, "),
        ("", "there is no limit ''"),
    ],
)
def test_a_wrong_limit_is_told_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(LimitError) as caught:
        parse_limits([text])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_limit_given_twice_is_refused() -> None:
    with pytest.raises(LimitError, match="--limit wall is given twice"):
        parse_limits(["wall=2s", "cpu=3s", "wall=2s"])


def test_every_limit_of_an_assignment_can_be_set() -> None:
    given_ones = [
        *("wall=1s", "submission=2s", "cpu=3s", "memory=64MiB", "output=5KiB", "file=6MiB"),
        *("processes=7", "threads=8", "reference=9s"),
    ]
    parsed: Mapping[str, Any] = parse_limits(given_ones)
    limits = replace(Limits(), **parsed)
    names = {field.name for field in fields(Limits)}
    assert set(parsed) == names
    assert all(getattr(limits, name) != getattr(Limits(), name) for name in names)
    assert names == set(assignment_schema()["$defs"]["limits"]["properties"])


@pytest.mark.lengthy
@given(
    st.text(max_size=30)
    | st.from_regex(r"(wall|memory|threads)=[0-9.]{1,6}(s|GiB)?", fullmatch=True)
)
def test_any_text_is_a_limit_within_the_bounds_or_a_plain_refusal(text: str) -> None:
    bounds = assignment_schema()["$defs"]["limits"]["properties"]
    try:
        parsed = parse_limits([text])
    except LimitError as refused:
        said, parsed = str(refused), {}
    else:
        said = ""
    assert len(said) < 400
    assert bool(said) != bool(parsed)
    for key, value in parsed.items():
        assert bounds[key].get("minimum", 0) <= value <= bounds[key]["maximum"]
