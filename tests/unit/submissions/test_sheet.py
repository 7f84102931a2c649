from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.mark.reading import read_typed
from grader.model.diagnostic import Place
from grader.model.typed import Typed, texts_of
from grader.model.value import NumberText, leaves
from grader.submissions.sheet import Sheet, read_sheets
from tests.some import by_name
from tests.work import sums_in


def typed(text: str | bytes, name: str = "answers.yaml") -> Any:
    """The answers as they were typed."""
    sheet = read_sheets({name: text.encode() if isinstance(text, str) else text})
    assert sheet.fault == ""
    assert sheet.places.keys() == sheet.answers.keys()
    return sheet.answers


def read(text: str | bytes, name: str = "answers.yaml") -> Any:
    """What the judge reads from them, where it wants no numbers of texts."""
    answers = typed(text, name).items()
    return {label: read_typed(answer, kind="choice", file=name) for label, answer in answers}


@pytest.mark.parametrize("name", ["answers.yaml", "answers.json"])
@pytest.mark.parametrize(
    "written", ["0.410", "1e-6", "-0.0", "3", "100", "1.50E+10", "12345678901234567890"]
)
def test_numbers_keep_the_digits_they_were_typed_with(name: str, written: str) -> None:
    assert read(f'{{"q": {written}}}', name) == {"q": NumberText(written)}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("q: .5", NumberText(".5"), id="no-leading-zero"),
        pytest.param("q: 007", NumberText("007"), id="leading-zeros"),
        pytest.param("q: +1.", NumberText("+1."), id="no-decimals"),
        pytest.param("q: 0x1F", NumberText("31"), id="hexadecimal"),
        pytest.param("q: .nan", NumberText(".nan"), id="nan"),
        pytest.param("q: '0.410'", "0.410", id="quoted"),
        pytest.param("q: 2 w x", "2 w x", id="formula"),
        pytest.param("q: no", "no", id="word"),
        pytest.param("q: true", True, id="truth"),
        pytest.param("q: [1.0, [2]]", (NumberText("1.0"), (NumberText("2"),)), id="list"),
        pytest.param("q: {a: 1.0}", {"a": NumberText("1.0")}, id="labelled"),
        pytest.param("q: |\n  two\n  lines\n", "two\nlines\n", id="text"),
    ],
)
def test_answers_are_read_as_typed(text: str, answer: Any) -> None:
    assert read(text) == {"q": answer}


def test_what_is_left_empty_is_not_answered() -> None:
    assert read("q:\nr: null\ns: ~\nt: ''\n") == {"t": ""}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.yaml", b""),
        ("answers.yaml", b"# nothing yet\n"),
        ("answers.yaml", b"---\n"),
        ("answers.yaml", b"\xef\xbb\xbf"),
        ("answers.json", b" \n"),
        ("answers.json", b"{}"),
        ("answers.json", b"null"),
    ],
)
def test_a_sheet_may_be_empty(name: str, content: bytes) -> None:
    assert read(content, name) == {}


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.json"])
def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(name: str) -> None:
    assert read(b'\xef\xbb\xbf{"q": 1,\r\n "r": "x"}\r\n', name) == {"q": NumberText("1"), "r": "x"}


JSON_FAULTS = {
    "trailing-comma": ('{\n  "q": 1,\n}', "a.json:", "no comma after the last entry"),
    "missing-comma": ('{"q": 1\n "r": 2}', "a.json:2: expected a comma or a closing bracket", ""),
    "no-quotes": ("{q: 1}", "a.json:1: expected a name in double quotes", "read one by one"),
    "no-value": ('{"q": }', "a.json:1: expected an answer here", ""),
    "python": ('{"q": None}', "a.json:1: expected an answer here", "read one by one"),
    "open-text": ('{"q": "x', 'a.json:1: `"x`: the text that begins here has no closing quote', ""),
    "line-end-in-text": ('{"q": "a\nb"}', 'a.json:1: `"a`: a text in quotes must end on the', ""),
    "more-after-it": ('{"q": 1} {"r": 2}', "a.json:1: there is something after", ""),
    "twice": ('{"q": 1, "q": 2}', "a.json:1: `q`: two answers stand under this name", ""),
    "twice-inside": ('{"q": {"z": 1, "z": 2}}', "a.json:1: ", "the name 'z' is used twice"),
    "comma-in-number": ('{"q": 1,5}', "a.json:1: ", "expected a name in double quotes here"),
    "no-colon": ('{"q" 1}', 'a.json:1: `"q" 1`: a colon is missing behind the name', ""),
    "too-deep": ("[" * 100 + "]" * 100, "a.json:1: values are nested more than 60 deep", ""),
    "far-too-deep": ("[" * 100_000, "a.json:1: values are nested more than 60 deep", ""),
    "latin-1": (b'{"q": "\n\xe9"}', "a.json:1: ", "the file is not UTF-8"),
    "latin-1-in-a-line": (b'{"q": "\xe9"}', "a.json:1: ", "a letter here is not UTF-8; save"),
    "list": ("[1]", "a.json:1: a sheet consists of lines `question: answer`", ""),
}
YAML_FAULTS = {
    "tab": ("q: 1\n\tr: 2\n", "a.yaml:2: `r: 2`: the line is indented with a tab", "spaces"),
    "colon": ("q: a: b\n", "a.yaml:1: `q: a: b`: an answer with a colon in it", "in quotes"),
    "no-colon": ("q 1\nr: 2\n", "a.yaml:1: `q 1`: a colon and a space are missing", "`q: 1`"),
    "indented": ("q: 1\n  r: 2\n", "a.yaml:2: `r: 2`: this line is not indented like", ""),
    "open-list": ("q: [1, 2\nr: 3\n", "a.yaml:1: `q: [1, 2`: the bracket [ is opened and", ""),
    "open-text": ("q: 'x\n", "a.yaml:1: `q: 'x`: the quote ' is opened and never closed", ""),
    "star": ("q: *w\n", "a.yaml:1: `q: *w`: an answer that begins with * must stand in quotes", ""),
    "at-sign": ("q: @w\n", "a.yaml:1: `q: @w`: an answer that begins with @", "quotes"),
    "exclamation": ("q: !x\n", "a.yaml:1: `q: !x`: an answer that begins with ! must", "quotes"),
    "backslash": ('q: "\\sigma"\n', "a.yaml:1: ", "use single quotes"),
    "control": ("q: \x07\n", "a.yaml:1: `q: \ufffd`: an invisible control character", ""),
    "latin-1": (b"q: 1\nr: \xe9\n", "a.yaml:2: `r: é`: a letter here is not UTF-8", ""),
    "twice": ("q: 1\nr: 1\nq: 2\n", "a.yaml:1: `q`: two answers stand under", "lines 1 and 3"),
    "list": ("- 1\n", "a.yaml:1: `- 1`: this belongs to no answer", ""),
    "word": ("hello you\n", "a.yaml:1: `hello you`: a colon and a space are missing", ""),
    "too-deep": ("q: " + "[" * 100, "a.yaml:1: ", "is opened and never closed"),
    "far-too-deep": ("q: " + "[" * 100 + "]" * 100, "a.yaml:1: ", "nested more than 60 deep"),
    "bomb": (
        "q:\n  a: &a [1,1,1,1,1,1,1,1,1]\n"
        + "".join(
            f"  {y}: &{y} [{','.join([f'*{x}'] * 9)}]\n"
            for x, y in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "a.yaml:",
        "must stand in quotes",
    ),
    "bomb-in-one": (
        "q: [&a [" + "1," * 99 + "], &b [" + "*a," * 99 + "], &c [" + "*b," * 99 + "]]",
        "a.yaml:1:",
        "too many values",
    ),
}


def said(sheet: Sheet) -> str:
    """All that is said of what cannot be read."""
    unread = [f"{one.file}:{one.line}: {one.message}" for one in sheet.unread.values()]
    parts = [
        f"a.yaml:{one.line}: {one.fault}"
        for answer in sheet.answers.values()
        for one in leaves(answer)
        if one.fault
    ]
    return "\n".join([*unread, *parts, sheet.fault])


@pytest.mark.parametrize(("text", "begins", "holds"), JSON_FAULTS.values(), ids=JSON_FAULTS)
def test_a_fault_of_a_json_sheet_says_where_and_what(
    text: str | bytes, begins: str, holds: str
) -> None:
    sheet = read_sheets({"a.json": text.encode() if isinstance(text, str) else text}, ["q", "r"])
    fault = said(sheet) + "".join(f"{stray.place}: {stray.why}" for stray in sheet.strays)
    assert fault.startswith(begins)
    assert holds in fault


JSON_SLIPS = {
    "trailing-comma": '"x",',
    "no-comma": '"x"\n',
    "open-text": '"x',
    "open-list": "[1, 2",
    "closed-twice": "[1]]",
    "python": "None",
    "single-quotes": "'x: y'",
    "star": "*x",
    "colon": '"x": 1',
    "equals": "= 1",
    "decimal-comma": "1,5",
    "comment": "1 // one",
    "quotes-in-text": '"so "it" is"',
    "nothing": "",
    "latin-1": '"\udce9"',
}


@pytest.mark.parametrize("slip", JSON_SLIPS.values(), ids=JSON_SLIPS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_slip_in_a_json_sheet_costs_one_answer(slip: str, place: int) -> None:
    answers = {"q": "1.50", "r": '"a: b, {c}"', "s": "[1, 2]"}
    good = read_sheets({"a.json": _sheet_of(answers)}, answers).answers
    broken = read_sheets({"a.json": _sheet_of({**answers, [*answers][place]: slip})}, answers)
    others = {name: one for name, one in good.items() if name != [*answers][place]}
    assert {name: texts_of(broken.answers[name]) for name in others} == {
        name: texts_of(one) for name, one in others.items()
    }


def _sheet_of(answers: dict[str, str]) -> bytes:
    lines = [f'  "{name}": {said}' for name, said in answers.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "surrogateescape")


def test_a_json_sheet_of_another_encoding_is_read() -> None:
    assert read('{"q": 1}'.encode("utf-16"), "a.json") == {"q": NumberText("1")}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param('\\"', marks=pytest.mark.lengthy),
        '{"',
        '{"q":',
        "//",
        '{"q":[',
        "{q:",
        '"q" 1,',
        "'",
        ":{",
    ],
)
def test_a_hostile_json_sheet_is_read_in_time(part: str) -> None:
    text = b"{" + part.encode() * 20_000
    assert sums_in(lambda: read_sheets({"a.json": text}, ["q", "r"])) < 20_000


@pytest.mark.parametrize(
    ("text", "begins", "holds"), by_name(YAML_FAULTS, lengthy=["bomb", "bomb-in-one"])
)
def test_a_fault_of_a_yaml_sheet_says_where_and_what_in_plain_words(
    text: str | bytes, begins: str, holds: str
) -> None:
    sheet = read_sheets({"a.yaml": text.encode() if isinstance(text, str) else text}, ["q", "r"])
    fault = said(sheet) + "".join(f"{stray.place}: {stray.why}" for stray in sheet.strays)
    assert fault.startswith(begins)
    assert holds in fault
    assert not any(word in fault for word in ("token", "scanning", "parsing", "mapping", "YAML"))


@pytest.mark.parametrize("ending", ["", ",", " , "])
def test_a_comma_behind_the_last_part_in_braces_is_no_part(ending: str) -> None:
    sheet = read_sheets({"a.yaml": f"q: {{a: 1, b: c: 2{ending}}}\n".encode()}, ["q"])
    parts = sheet.answers["q"]
    assert isinstance(parts, dict)
    assert [*parts] == ["a", "b"]


@given(st.binary(max_size=60), st.sampled_from(["a.yaml", "a.json"]))
def test_any_bytes_give_answers_or_a_fault(content: bytes, name: str) -> None:
    read_sheets({name: content})


@given(
    st.text("{}[]:,-\"'\\ \t\n\r#&*!|>%@`?~ab01.e+é\x00\ud800", max_size=40).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    st.sampled_from(["a.yaml", "a.json"]),
)
def test_any_punctuation_gives_answers_or_a_fault(content: bytes, name: str) -> None:
    sheet = read_sheets({name: content})
    for failure in sheet.unread.values():
        assert failure.message
        failure.message.encode()  # it can be shown


json_values = st.recursive(
    st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers().map(str).map(NumberText),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text("aé"), inner),
    max_leaves=8,
)


def _written(value: Any) -> str:
    if isinstance(value, NumberText):
        return value.text
    if isinstance(value, tuple):
        return "[" + ",\t".join(map(_written, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",\n\t".join(f"{_written(k)}:{_written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


@pytest.mark.lengthy
@given(st.dictionaries(st.text("qr", min_size=1), json_values))
def test_a_json_sheet_is_read_as_json_says(answers: dict[str, Any]) -> None:
    """With tabs between the values, and everything outside of ASCII as escaped pairs."""
    assert read(_written(answers), "answers.json") == answers


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        pytest.param("1" + "0" * 5000, "1" + "0" * 399, id="huge-number-is-text"),
        pytest.param("1e99999", "1e99999", id="huge-exponent-is-text"),
        pytest.param("NaN", NumberText("NaN"), id="nan"),
        pytest.param("-Infinity", NumberText("-inf"), id="infinity"),
        pytest.param('"\\ud83d\\ude00"', "😀", id="pair"),
        pytest.param('"\\ud83d"', "\ufffd", id="half-a-pair"),
        pytest.param('"a\\/b"', "a/b", id="escaped-slash"),
    ],
)
def test_what_json_can_write_and_numbers_cannot_hold(written: str, answer: Any) -> None:
    assert read(f'{{"q": {written}}}', "answers.json") == {"q": answer}


def test_two_sheets_are_one_and_the_first_answer_counts() -> None:
    sheet = read_sheets({"a.yaml": b"q: 1\nr: 2\n", "b.json": b'{"q": 3, "s": 4}'})
    assert {label: answer.text for label, answer in sheet.answers.items()} == {
        "q": "1",
        "r": "2",
        "s": "4",
    }
    assert [*map(str, sheet.places.values())] == ["a.yaml:1", "a.yaml:2", "b.json:1"]
    assert sheet.notes == ("'q' is answered again in b.json; the first answer counts",)


def test_a_sheet_that_cannot_be_read_costs_no_other_sheet() -> None:
    sheet = read_sheets({"a.yaml": b"- [\n", "b.yaml": b"r: 2\n"})
    assert sheet.answers == {"r": Typed("2", quoted=False, line=1)}
    assert sheet.fault.startswith("a.yaml:")


def test_an_answer_that_cannot_be_read_in_one_sheet_is_taken_from_another() -> None:
    sheet = read_sheets({"a.yaml": b"q: [\n", "b.yaml": b"q: 2\n"})
    assert sheet.answers == {"q": Typed("2", quoted=False, line=1)}
    assert not sheet.unread


def bare(text: str, line: int) -> Typed:
    return Typed(text, quoted=False, line=line)


def quoted(text: str, line: int) -> Typed:
    return Typed(text, quoted=True, line=line)


def test_scalars_of_a_yaml_sheet_stay_as_they_were_typed() -> None:
    text = (
        "q: 0x1F\nr: [1.50, 'no',\n  ~]\ns:\n  a: &x true\n  b: *x\n"
        't: |\n  two\n  lines\nu: ! 007\nv: "\\t"\n'
    )
    assert typed(text) == {
        "q": bare("0x1F", 1),
        "r": (bare("1.50", 2), quoted("no", 2), bare("~", 3)),
        "s": {"a": bare("true", 5), "b": bare("true", 5)},
        "t": quoted("two\nlines\n", 7),
        "u": quoted("007", 10),
        "v": quoted("\t", 11),
    }
    places = read_sheets({"answers.yaml": text.encode()}).places
    lines = {"q": 1, "r": 2, "s": 4, "t": 7, "u": 10, "v": 11}
    assert places == {name: Place(file="answers.yaml", line=line) for name, line in lines.items()}


def test_scalars_of_a_json_sheet_stay_as_they_were_typed() -> None:
    text = (
        '{"q": 1E400, "r"\n: [-0, "a\\n\\"b\\",]{", \n true, null, {}, []],\n'
        ' "s": {"x": NaN,\n "y": {"z": "1"}}, "t": -Infinity\n}\n'
    )
    assert typed(text, "answers.json") == {
        "q": bare("1E400", 1),
        "r": (bare("-0", 2), quoted('a\n"b",]{', 2), bare("true", 3), bare("null", 3), {}, ()),
        "s": {"x": bare("NaN", 4), "y": {"z": quoted("1", 5)}},
        "t": bare("-Infinity", 5),
    }
    places = read_sheets({"a.json": text.encode()}).places
    assert [(name, place.line) for name, place in places.items()] == [
        ("q", 1),
        ("r", 1),
        ("s", 4),
        ("t", 5),
    ]


@pytest.mark.lengthy
@given(st.dictionaries(st.text("qr", min_size=1), json_values))
def test_the_lines_of_a_json_sheet_are_those_of_its_text(answers: dict[str, Any]) -> None:
    """The written form begins a new line with each name but the first."""
    lines = _written(answers).split("\n")

    def check(value: Any) -> None:
        if isinstance(value, Typed):
            written = json.dumps(value.text) if value.quoted else value.text
            assert written in lines[value.line - 1]
        for item in value.values() if isinstance(value, dict) else ():
            check(item)
        for item in value if isinstance(value, tuple) else ():
            check(item)

    check(typed(_written(answers), "answers.json"))


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_only_an_unquoted_word_for_nothing_is_no_answer(word: str) -> None:
    assert typed(f"q: {word}\nr: '{word}'\ns: [{word or '~'}]\n").keys() == {"r", "s"}
