from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.diagnostic import Diagnostic
from grader.spec.yaml_reader import Document, YamlFault, read_yaml, read_yaml_text
from tests.some import some

MIB = 1 << 20

# Two escapes for one character, as JSON has them beyond U+FFFF, are not YAML; nor are long keys.
text = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
plain_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)
fragments = ["a", "1", "0.5", ": ", ":", "- ", "? ", "\n", "  ", "\t", ", ", "~", "é", "<<"]
marks = ["[", "]", "{", "}", "&a ", "*a", "!", "!!str ", "|\n", ">\n", '"', "'", "#", "%", "---\n"]
yaml_like = st.lists(st.sampled_from(fragments + marks), max_size=40).map("".join)


def read(text: str | bytes) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return read_yaml_text(raw, name="file.yaml").data


def fault(text: str | bytes) -> str:
    """The first problem as `code line:column`."""
    with pytest.raises(YamlFault) as caught:
        read(text)
    first = caught.value.diagnostics[0]
    return f"{first.code} {first.place.line}:{first.place.column}"


def test_where_a_key_stood_first_is_told() -> None:
    with pytest.raises(YamlFault) as caught:
        read("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\na: 5\n")
    told = [(one.place.line, one.help) for one in caught.value.diagnostics]
    first = "it is first used in line {}"
    assert told == [(5, first.format(3)), (6, first.format(1)), (7, first.format(1))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2001-01-01", "2001-01-01"),
        ("0b1", "0b1"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("1e-6", 1e-6),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("+7", 7),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ('"1"', "1"),
        ("! 1", "1"),
        ("9" * 401, "9" * 401),
    ],
)
def test_words_are_read_by_the_rules_of_yaml_1_2(text: str, value: object) -> None:
    found = read(f"x: {text}\n")["x"]
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


def test_not_a_number_is_read_as_one() -> None:
    assert math.isnan(read(".nan"))


@pytest.mark.parametrize("text", ["0.410", "1e-6", "-0.0", "007", "+1.50E+3", "0x1F"])
def test_a_number_keeps_the_digits_it_was_typed_with(text: str) -> None:
    assert read(f"[{text}]")[0].text == text


@pytest.mark.lengthy
@given(plain_data)
@settings(max_examples=some(150), deadline=None)
def test_json_is_read_as_what_it_means(data: Any) -> None:
    assert read(json.dumps(data)) == data


@given(st.binary(max_size=200))
@settings(max_examples=some(300), deadline=None)
def test_bytes_give_data_or_a_fault_and_nothing_else(raw: bytes) -> None:
    _data_or_fault(raw)


@given(st.text(max_size=200) | yaml_like)
@settings(max_examples=some(500), deadline=None)
def test_text_gives_data_or_a_fault_and_nothing_else(text: str) -> None:
    _data_or_fault(text.encode("utf-8", errors="surrogatepass"))


def _data_or_fault(raw: bytes) -> None:
    problems: tuple[Diagnostic, ...] = ()
    data: object = None
    try:
        data = read_yaml_text(raw, name="file.yaml").data
    except YamlFault as fault:
        problems = fault.diagnostics
    assert _is_plain(data)
    assert {item.code for item in problems} <= {"S002", "S003", "S004", "S005"}
    assert all(item.place.line and item.place.column for item in problems)


def _is_plain(data: object) -> bool:
    if isinstance(data, list):
        return all(map(_is_plain, data))
    if isinstance(data, dict):
        return all(type(key) is str and _is_plain(item) for key, item in data.items())
    return data is None or isinstance(data, str | bool | int | float)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a: 1\nb: \xc3\xa9 \xff", "S002 2:6"),
        (b"\xef\xbb\xbfa: \xff", "S002 1:4"),
        (b"a: 1\n  \x00", "S002 2:3"),
        (b"\xff\xfea\x00", "S002 1:1"),
        ("a: [1\n", "S002 2:1"),
        ("a: 1\na: 2\n", "S003 2:1"),
        ("x: {b: 1, b: 2}", "S003 1:11"),
        ("1: a\n'1': b", "S003 2:1"),
        ("a: &x [1, *x]", "S004 1:11"),
        ("- &x 1\n- &x [*x]", "S004 2:7"),
        ("a: *x", "S004 1:4"),
        ("a: !!int 1", "S005 1:4"),
        ("!!str a: 1", "S005 1:1"),
        ("&k a: *k", "S004 1:7"),
        ("{[1]: 2}", "S002 1:2"),
        ("a: 1\n---\nb: 1\n", "S002 2:1"),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(text: str | bytes, told: str) -> None:
    assert fault(text) == told


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read(b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_an_alias_stands_for_the_latest_node_of_its_name() -> None:
    text = "a: &x 1\nb: &y [*x, &x 3]\nc: *x\nd: &x 2\ne: *y\nf: *x\n"
    assert read(text) == {"a": 1, "b": [1, 3], "c": 3, "d": 2, "e": [1, 3], "f": 2}


def test_copies_of_an_alias_are_apart() -> None:
    data = read("a: &x [1]\nb: *x\n")
    data["a"].append(2)
    assert data["b"] == [1]


def test_merge_keys_are_ordinary_keys() -> None:
    assert read("a: &x {b: 1}\nc: {<<: *x}\n") == {"a": {"b": 1}, "c": {"<<": {"b": 1}}}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
            for old, new in zip("abcdefghi", "bcdefghij", strict=True)
        ),
        "a: &a [" + "1," * 10_000 + "1]\n" + "".join(f"b{i}: *a\n" for i in range(1000)),
        "[" + "1," * 100_000 + "1]",
        "[" * 20_000,
        "- " * 20_000,
    ],
    ids=["ten of ten of ten", "one long list many times", "many values", "brackets", "dashes"],
)
@pytest.mark.slow
def test_files_that_would_grow_too_large_are_refused(text: str) -> None:
    assert fault(text).startswith("S004 ")


def test_nesting_is_read_down_to_sixty_levels() -> None:
    assert read("[" * 60 + "]" * 60)
    assert fault("[" * 62 + "]" * 62).startswith("S004 ")


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "assignment.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * MIB)
    with pytest.raises(YamlFault, match=r"error\[S001\]: the file is larger than 1 MiB"):
        read_yaml(path)


def test_a_file_of_one_megabyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "assignment.yaml"
    path.write_bytes(b"a: 1 #".ljust(MIB, b"#"))
    assert read_yaml(path).data == {"a": 1}


@pytest.mark.parametrize("made", [False, True], ids=["missing", "a folder"])
def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path, made: bool) -> None:
    path = tmp_path / "assignment.yaml"
    if made:
        path.mkdir()
    with pytest.raises(YamlFault, match=r"assignment.yaml: error\[S001\]: the file cannot be read"):
        read_yaml(path)


def test_a_message_stays_short_whatever_the_file_holds() -> None:
    for text in ("!" + "t" * 5000 + " x", "*" + "a" * 5000, f"{'k' * 900}: 1\n{'k' * 900}: 2\n"):
        with pytest.raises(YamlFault) as caught:
            read(text)
        assert len(str(caught.value)) < 400


@pytest.fixture
def document() -> Document:
    return read_yaml_text(b"a: 1\nb:\n  - x: 2\n    y: [3, 4]\n", name="file.yaml")


@pytest.mark.parametrize(
    ("path", "of_key", "place"),
    [
        ((), False, "file.yaml:1:1"),
        (("a",), False, "file.yaml:1:4"),
        (("a",), True, "file.yaml:1:1"),
        (("b", 0, "y", 1), False, "file.yaml:4:12"),
        (("b", 0, "y"), True, "file.yaml:4:5"),
        (("b", 0, "z", "deeper"), False, "file.yaml:3:5"),
        (("nothing",), True, "file.yaml:1:1"),
    ],
)
def test_a_place_is_that_of_the_nearest_thing_there_is(
    document: Document, path: tuple[str | int, ...], of_key: bool, place: str
) -> None:
    assert str(document.place(path, of_key=of_key)) == place
