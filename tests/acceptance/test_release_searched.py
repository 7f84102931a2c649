"""All that a release holds is searched for the key, in every assignment there is.

The assignment is built with drawn numbers of eight digits in the place of its givens, so that an
expected value that is found can only have come from the key. Files are unpacked before.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from grader.checks.prepare import Prepared, prepare
from grader.checks.release_values import to_json
from grader.checks.wanted import wanted_questions
from grader.course.new import LIKES, new_assignment
from grader.course.release import RELEASE_FILE, released_of, write_release
from grader.course.watched import WatchedCourse
from grader.judge.expect.key import Key, build_key
from grader.model.assignment import AnswerQuestion, Assignment
from grader.model.value import Value, leaves

ROOT = Path(__file__).resolve().parents[2]
_PLACES = ("assignments", "examples/courses/*/assignments")
FOLDERS = sorted(path.parent for one in _PLACES for path in ROOT.glob(f"{one}/*/assignment.yaml"))
_FAST = "roots"
COPIED = ("handout.md", "starter.py", "starter.yaml")  #: as an author wrote them: theirs to see to
_DIGITS = 6  # of a number that is searched for: shorter ones turn up by chance
_LINE = 20  # characters of a line of code that is not written by chance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Built:
    """A release with other givens, and what must not be in it."""

    assignment: Assignment
    key: Key
    files: Mapping[str, bytes]  #: what is in packed files beside the files themselves


# -- building ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """What of a course a release is written from."""

    assignment: Assignment
    key: Key

    def ask(self, _what: str) -> dict[str, Any]:
        return released_of(self.assignment, self.key)


def moved(value: Value, source: np.random.Generator) -> Value:
    """Eight digits near each number."""
    if isinstance(value, bool | np.bool_):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "if":
        near = np.round((value + 0.0) * source.uniform(0.91, 0.99, value.shape), 8)
        return np.asarray(near)
    if isinstance(value, int | float | np.number):
        return round(float(value) * float(source.uniform(0.91, 0.99)), 8)
    return value


def with_other_givens(prepared: Prepared) -> tuple[Assignment, Key]:
    """Every given moved; but for those, such as counts, without which there is no key then."""
    assignment, source = prepared.assignment, np.random.default_rng(8)
    new = {name: moved(value, source) for name, value in assignment.givens.items()}
    made = replace(assignment, givens=new)
    key = build_key(made, prepared.reference)
    if key.problems:
        made, key = assignment, prepared.key
        for name, value in new.items():
            tried = replace(made, givens={**made.givens, name: value})
            of_tried = build_key(tried, prepared.reference)
            if not of_tried.problems:
                made, key = tried, of_tried
    return made, key


def built(prepared: Prepared, to: Path) -> Built:
    assignment, key = with_other_givens(prepared)
    course = cast("WatchedCourse", _Course(assignment=assignment, key=key))
    write_release(course, tuple(wanted_questions(assignment, key)), to)
    files = {path.relative_to(to).as_posix(): path for path in to.rglob("*") if path.is_file()}
    found = [one for name, path in files.items() for one in unpacked(name, path.read_bytes())]
    return Built(assignment=assignment, key=key, files=dict(found))


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The file itself, and what is packed in it."""
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):  # npz and spreadsheets too
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.namelist():
                yield from unpacked(f"{name}/{one}", archive.read(one))
    elif content.startswith(b"\x1f\x8b"):
        yield from unpacked(f"{name}/unpacked", gzip.decompress(content))
    elif len(content) > 262 and content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                if (stream := archive.extractfile(member)) is not None:
                    yield from unpacked(f"{name}/{member.name}", stream.read())


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(one, marks=() if Path(one).name == _FAST else pytest.mark.slow)
        for one in [*map(str, FOLDERS), *LIKES]
    ],
    ids=lambda one: Path(one).name,
)
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Of every assignment of this repository, and of one like each template."""
    folder = Path(request.param)
    if request.param in LIKES:
        course = tmp_path_factory.mktemp("course")
        new_assignment("week-1", like=request.param, course=course)
        folder = course / "assignments" / "week-1"
    return built(prepare(folder), tmp_path_factory.mktemp("given") / "release")


# -- searching -----------------------------------------------------------------------------------


def numbers_of(values: Sequence[Value]) -> Iterator[float]:
    for value in values:
        for item in leaves(value):
            if isinstance(item, np.ndarray | np.generic | float | int) and not isinstance(
                item, bool | np.bool_
            ):
                yield from (float(n) for n in np.ravel(item) if np.isfinite(n))


def digits_of(number: float) -> str:
    """Its first digits, wherever its point is."""
    return f"{abs(number):.11e}".partition("e")[0].replace(".", "").rstrip("0")


def written(number: float) -> Iterator[bytes]:
    """How somebody might find it again: in digits, as a fraction, in hexadecimal, as bytes."""
    size = abs(number)
    digits = f"{size:.17f}" if 1e-5 < size < 1e9 else f"{size:.12e}"
    first = re.search(r"[1-9]", digits)
    assert first is not None
    yield digits[: first.start() + _DIGITS + 2].encode()  # a point is among them
    if len(digits_of(float(f"{size:.7g}"))) >= _DIGITS:
        yield f"{size:.7g}".encode()
    for most in (10**4, 10**6):
        near = Fraction(size).limit_denominator(most)
        if near.denominator > 99 and abs(float(near) - size) < 1e-9 * size:
            yield f"{near.numerator}/{near.denominator}".encode()
    exact = Fraction(size)
    yield f"{exact.numerator}/{exact.denominator}".encode()
    yield size.hex().encode()
    for code in ("<d", ">d", "<f", ">f"):
        for signed in (size, -size):
            packed = struct.pack(code, signed)
            yield from (packed, packed.hex().encode()) if code[1] == "d" else (packed,)


def shown_to_students(release: Built) -> list[Value]:
    """Givens, what stands in their place, inputs of cases, and results of public ones."""
    shown: list[Value] = [*release.assignment.givens.values()]
    for question in release.assignment.questions:
        for one in (question, *getattr(question, "parts", ()), *getattr(question, "cases", ())):
            shown += getattr(one, "at", {}).values()
    for cases in release.key.cases.values():
        for case in cases:
            shown += () if case.hidden else case.inputs.values()
            shown += [release.key.returned[case.id]] if case.public else []
    return shown


def expected_of(release: Built) -> list[float]:
    """Every number of the key that students are not given, and that is long enough."""
    known = {digits_of(number)[:_DIGITS] for number in numbers_of(shown_to_students(release))}
    key = release.key
    numbers = numbers_of([*key.parts.values(), *key.returned.values()])
    return [
        number
        for number in dict.fromkeys(numbers)
        if len(digits_of(number)) >= _DIGITS and digits_of(number)[:_DIGITS] not in known
    ]


def found_in(release: Built, words: bytes) -> list[str]:
    return [name for name, content in release.files.items() if words in content]


def test_no_expected_value_is_in_a_release(release: Built) -> None:
    expected = expected_of(release)
    for number in expected:
        for words in written(number):
            assert not found_in(release, words), (number, words)


def test_givens_are_moved_and_most_long_values_are_searched_for(release: Built) -> None:
    given = [*numbers_of([*release.assignment.givens.values()])]
    long = [number for number in given if len(digits_of(number)) >= _DIGITS]
    assert len(long) >= len([number for number in given if number]) / 2
    key = release.key
    numbers = numbers_of([*key.parts.values(), *key.returned.values()])
    of_key = [number for number in dict.fromkeys(numbers) if len(digits_of(number)) >= _DIGITS]
    assert len(expected_of(release)) >= len(of_key) / 2


def test_nothing_of_the_reference_is_in_a_release(release: Built) -> None:
    assert release.assignment.reference is not None
    lines = release.assignment.reference.read_text(encoding="utf-8").splitlines()
    for line in {line.strip() for line in lines}:
        if len(line) >= _LINE:
            assert not found_in(release, line.encode()), line


def test_nothing_of_mistakes_and_no_seed_is_in_a_release(release: Built) -> None:
    for mistake in release.assignment.mistakes:
        for words in filter(None, (mistake.feedback, mistake.for_staff)):
            assert not found_in(release, words.encode()), words
        name = re.compile(rf"(?<![\w-]){re.escape(mistake.id)}(?![\w-])")
        assert not name.search(release.files[RELEASE_FILE].decode()), mistake.id
        assert "-" not in mistake.id or not found_in(release, mistake.id.encode()), mistake.id
    if release.assignment.seed:
        assert not found_in(release, str(release.assignment.seed).encode())


def test_no_stated_formula_and_no_hidden_input_is_in_a_release(release: Built) -> None:
    for question in release.assignment.questions:
        if isinstance(question, AnswerQuestion) and question.nature.formula:
            for part in question.parts:
                stated = str(part.expected or "")
                for name in found_in(release, stated.encode()):  # f is in every text
                    assert name in COPIED or len(stated) < _DIGITS, stated
    compact = "".join(release.files[RELEASE_FILE].decode().split())
    shown = {digits_of(number)[:_DIGITS] for number in numbers_of(shown_to_students(release))}
    for cases in release.key.cases.values():
        for case in (one for one in cases if one.hidden):
            inputs = json.dumps({name: to_json(value) for name, value in case.inputs.items()})
            assert "".join(inputs.split()) not in compact, case.label
            for number in numbers_of([*case.inputs.values()]):
                if len(digits_of(number)) >= _DIGITS and digits_of(number)[:_DIGITS] not in shown:
                    for words in written(number):
                        assert not found_in(release, words), (case.label, number)


@pytest.mark.parametrize("how", ["digits", "negative", "fraction", "hex", "npz", "packed", "text"])
def test_the_search_finds_what_was_hidden(how: str, tmp_path: Path) -> None:
    number = 1234.5678 / 7
    array = io.BytesIO()
    np.savez_compressed(array, weights=np.array([1.0, number]))
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as made:
        member = tarfile.TarInfo("a/b.npz")
        member.size = len(array.getvalue())
        made.addfile(member, io.BytesIO(array.getvalue()))
    content = {
        "digits": f"x = {number!r}".encode(),
        "negative": f"x = {-number:.9f}".encode(),
        "fraction": "{}/{}".format(*number.as_integer_ratio()).encode(),
        "hex": number.hex().encode(),
        "npz": array.getvalue(),
        "packed": archive.getvalue(),
        "text": struct.pack(">d", number).hex().encode(),
    }[how]
    files = dict(unpacked("data", content))
    assert any(words in inside for words in written(number) for inside in files.values())
    assert not any(words in b"176.36674 and 1763668" for words in written(number))
