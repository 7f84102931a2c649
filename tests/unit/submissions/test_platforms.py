"""Downloads of platforms: recognised, and each person's files found, with every trap there is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebook.source import opened, source_of
from grader.submissions.each import find_each
from grader.submissions.importers import chosen, find_submissions
from grader.submissions.platforms.copies import meant_names
from grader.submissions.platforms.times import read_time
from grader.submissions.submission import Delivery, Submission
from grader.submissions.tree import SubmissionFault
from tests import downloads
from tests.archives import tarred, zipped
from tests.downloads import Files
from tests.handing_in import write
from tests.some import some

DECLARED = ("answers.yaml", "optimizers.py")
ADA = {"answers.yaml": "q: 1\n", "optimizers.py": "x = 1\n"}
BOB = {"answers.yaml": "q: 2\n"}
AS = ("folder", "zip", "tar")

#: Of each platform: its files, and the keys of the people in it.
CLASSES: dict[str, tuple[Files, list[str]]] = {
    "canvas": (
        downloads.canvas([("lovelaceada", 123, ADA), ("bärbob", 7, BOB)]),
        ["bärbob_7", "lovelaceada_123"],
    ),
    "moodle": (
        downloads.moodle([("Ada Lovelace", 123, ADA), ("Bob Bär", 7, BOB)]),
        ["Ada Lovelace_123", "Bob Bär_7"],
    ),
    "gradescope": (
        downloads.gradescope(
            [
                (101, [{"name": "Ada L", "sid": "0042", "email": "ada@x.edu"}], ADA),
                (102, [{"name": "Bob Bär", "sid": "007"}], BOB),
            ]
        ),
        ["007", "ada@x.edu"],
    ),
    "nbgrader": (downloads.nbgrader({"ada": ADA, "bob": BOB}), ["ada", "bob"]),
    "github": (downloads.clones({"ada": ADA, "bob-b": BOB}), ["ada", "bob-b"]),
}


def put(folder: Path, files: Mapping[str, str | bytes], how: str = "folder") -> Path:
    """A download on the disk; the path to it."""
    if how == "folder":
        return write(folder / "downloaded", files)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("downloaded.zip" if how == "zip" else "downloaded.tar.gz")
    path.write_bytes(zipped(files) if how == "zip" else tarred(files, "w:gz"))
    return path


def found(path: Path, **options: str) -> dict[str, Submission]:
    return {one.id: one for one in find_submissions([path], DECLARED, kind=options.get("kind"))}


def delivery(submission: Submission) -> Delivery:
    assert submission.delivery is not None
    return submission.delivery


def said(submission: Submission) -> str:
    return "\n".join(note.text for note in submission.notes)


@pytest.mark.parametrize("how", AS)
@pytest.mark.parametrize("platform", CLASSES)
def test_a_class_is_recognised_and_read(tmp_path: Path, platform: str, how: str) -> None:
    files, keys = CLASSES[platform]
    path = put(tmp_path, files, how)
    (importer,) = chosen([path])
    assert importer.name == platform
    told: list[str] = []
    each = find_each([path], DECLARED, tell=told.append)
    by_key = {one.id: one for one in each}
    assert sorted(by_key) == keys
    assert told[0].endswith(" of 2 people"), told
    assert len(told) == 1
    works = sorted(([*one.sheets.values()], [*one.modules]) for one in each)
    assert works == [([b"q: 1\n"], ["optimizers.py"]), ([b"q: 2\n"], [])]
    assert not any(one.unread or one.unreadable for one in each)
    assert {delivery(one).platform for one in each} == {platform}


@pytest.mark.parametrize("platform", CLASSES)
def test_what_a_download_says_is_no_part_of_the_work(tmp_path: Path, platform: str) -> None:
    for one in found(put(tmp_path, CLASSES[platform][0])).values():
        source = source_of(one)
        again = opened(source.archive, one.id)
        assert again.delivery is None
        assert source_of(again) == source


PLAIN: dict[str, Files] = {
    "folders": {"ada/answers.yaml": "q: 1\n", "bob/answers.yaml": "q: 2\n"},
    "one": {"answers.yaml": "q: 1\n", "run_1_2_log.txt": "…", "run_2_3_log.txt": "…"},
    "flat": {"ada.yaml": "q: 1\n", "bob.yaml": "q: 2\n"},
    "own-clone": {".git/HEAD": "x", "answers.yaml": "q: 1\n", "package/__init__.py": ""},
    "submodules": {".git/HEAD": "x", "a/.git": "x", "a/answers.yaml": "", "b/answers.yaml": ""},
    "nested": {"ada/hw/answers.yaml": "q: 1\n", "bob/hw/answers.yaml": "q: 2\n"},
    "empty": {},
    "one-is-a-clone": {
        "smith-a/answers.yaml": "",
        "smith-b/answers.yaml": "",
        "smith-b/.git/x": "",
    },
    "metadata-of-a-student": {"submission_metadata.yml": "", "answers.yaml": "q: 1\n"},
}


@pytest.mark.parametrize("files", PLAIN.values(), ids=PLAIN)
def test_what_is_no_download_is_not_taken_for_one(tmp_path: Path, files: Files) -> None:
    (tmp_path / "downloaded").mkdir()
    (importer,) = chosen([put(tmp_path, files)])
    assert importer.name == "folders"


@pytest.mark.parametrize("platform", CLASSES)
def test_the_archive_may_lie_in_a_folder_by_itself(tmp_path: Path, platform: str) -> None:
    files, keys = CLASSES[platform]
    put(tmp_path / "around", files, "zip")
    (importer,) = chosen([tmp_path / "around"])
    assert importer.name == platform
    assert sorted(found(tmp_path / "around")) == keys


def test_an_importer_is_chosen_by_its_name(tmp_path: Path) -> None:
    files = downloads.canvas([("lovelaceada", 123, BOB)])
    path = put(tmp_path, {**files, "answers.yaml": "q: 9\n"})
    assert chosen([path])[0].name == "folders"
    assert list(found(path, kind="canvas")) == ["lovelaceada_123"]
    with pytest.raises(SubmissionFault, match="no importer 'canvass'; did you mean 'canvas'"):
        chosen([path], "canvass")
    with pytest.raises(SubmissionFault, match="downloaded is not a Moodle download"):
        found(path, kind="moodle")


@pytest.mark.parametrize("name", ["canvas", "moodle", "gradescope", "nbgrader", "github"])
@pytest.mark.parametrize("how", ["folder", "zip"])
def test_what_is_not_the_platform_s_is_refused_in_one_sentence(
    tmp_path: Path, name: str, how: str
) -> None:
    path = put(tmp_path, {"notes.txt": "x"}, how)
    with pytest.raises(SubmissionFault, match=r"downloaded(.zip)? is not a"):
        found(path, kind=name)
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(SubmissionFault, match=r"damaged.zip was not opened: it is damaged"):
        found(tmp_path / "damaged.zip", kind=name)


def test_a_platform_s_download_of_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    path = put(tmp_path, {"submission_metadata.yml": "--- {}\n"})
    assert find_submissions([path], DECLARED, tell=told.append) == []
    assert told == ["a Gradescope download of nobody"]
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty", kind="canvas") == {}


def test_what_belongs_to_nobody_is_named(tmp_path: Path) -> None:
    files = downloads.moodle([("Ada", 1, ADA)], folders=False)
    path = put(tmp_path, {**files, "README.txt": "x", "grades.csv": "x"})
    told: list[str] = []
    find_each([path], DECLARED, tell=told.append)
    assert told == [
        "a Moodle download of 1 person",
        f"passed over in {path}, as nobody's: README.txt, grades.csv",
    ]


@pytest.mark.parametrize("how", AS)
@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_a_download_with_a_stranger_in_it_is_told_of(
    tmp_path: Path, platform: str, how: str
) -> None:
    files, keys = CLASSES[platform]
    path = put(tmp_path, {**files, "key.yaml": "q: 9\n"}, how)
    told: list[str] = []
    find_each([path], DECLARED, tell=told.append)
    (line,) = [one for one in told if "--from" in one]
    assert line.endswith(f" names are of that form: --from {platform} says that it is one")
    assert "as key.yaml may be work too" in line
    told.clear()
    each = find_each([path], DECLARED, kind=platform, tell=told.append)
    assert sorted(one.id for one in each) == keys
    assert told[1:] == [f"passed over in {path}, as nobody's: key.yaml"]


@pytest.mark.parametrize("files", PLAIN.values(), ids=PLAIN)
def test_what_does_not_look_like_a_download_is_told_of_as_nothing(
    tmp_path: Path, files: Files
) -> None:
    (tmp_path / "downloaded").mkdir()
    told: list[str] = []
    find_each([put(tmp_path, files)], DECLARED, tell=told.append)
    assert not any("--from" in line for line in told), told


# Canvas


def test_a_name_of_which_canvas_leaves_nothing(tmp_path: Path) -> None:
    files = {"_LATE_211_9060_answers.yaml": "q: 1\n", "_212_9061_answers.yaml": "q: 2\n"}
    by_key = found(put(tmp_path, {**files, "adal_3_9_answers.yaml": "q: 3\n"}))
    assert {key: delivery(one).late for key, one in by_key.items()} == {
        "211": True,
        "212": False,
        "adal_3": False,
    }


def test_flat_files_of_canvas_are_grouped_by_the_user_not_the_name(tmp_path: Path) -> None:
    people = [("müllerann", 12, ADA), ("müllerann", 34, BOB), ("o_neilljo_x", 5, BOB)]
    by_key = found(put(tmp_path, downloads.canvas(people)))
    assert list(by_key) == ["müllerann_12", "müllerann_34", "o_neilljo_x_5"]
    assert [delivery(one).person.ids for one in by_key.values()] == [
        {"canvas": "12"},
        {"canvas": "34"},
        {"canvas": "5"},
    ]


def test_late_and_anonymous_ones_of_canvas(tmp_path: Path) -> None:
    people = [("lovelaceada", 12, ADA), ("", 34, ADA), ("", 35, BOB), ("late", 9, BOB)]
    by_key = found(put(tmp_path, downloads.canvas(people, late=[12, 34])))
    assert {key: delivery(one).late for key, one in by_key.items()} == {
        "anon_22Zq": True,
        "anon_23Zq": False,
        "lovelaceada_12": True,
        "late_9": False,
    }


UUID = "-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
RENAMED: dict[str, tuple[list[str], list[str]]] = {
    "again": (["answers-1.yaml", "optimizers-12.py"], ["answers.yaml", "optimizers.py"]),
    "uuid": ([f"answers{UUID}.yaml"], ["answers.yaml"]),
    "own-module": (["helper-1.py"], ["helper.py"]),
    "declared-with-number": (["hw-1.yaml"], ["hw-1.yaml"]),
    "no-module": (["my-1.model-2.txt", "2-1.py"], ["my-1.model-2.txt", "2-1.py"]),
    "archive": (["hw-1.tar.gz"], ["hw-1.tar.gz"]),
    "both-modules": (["helper.py", "helper-1.py"], ["helper.py", "helper-1.py"]),
    "newest": (["answers.yaml", "answers-2.yaml"], ["answers.yaml"]),
}


@pytest.mark.parametrize(("given_names", "meant"), RENAMED.values(), ids=RENAMED)
def test_files_that_were_renamed(given_names: list[str], meant: list[str]) -> None:
    accepted = {"answers.yaml", "optimizers.py", "hw-1.yaml"}
    names, notes = meant_names([(name, name) for name in given_names], accepted)
    assert list(names) == meant
    assert list(names.values()) == given_names[-len(meant) :]
    assert bool(notes) == (given_names != meant)


def test_what_was_renamed_is_read_and_told(tmp_path: Path) -> None:
    handed = {"optimizers-1.py": "x = 1\n", "answers-1.yaml": "q: 3\n"}
    (one,) = found(put(tmp_path, downloads.canvas([("ada", 1, handed)]))).values()
    assert (one.sheets, one.at_start) == ({"answers.yaml": b"q: 3\n"}, ("optimizers.py",))
    assert "answers-1.yaml was read as answers.yaml" in said(one)


def test_the_newest_of_two_files_of_one_name_counts(tmp_path: Path) -> None:
    files = {"a_1_99_answers-1.yaml": "q: old\n", "a_1_100_answers.yaml": "q: new\n"}
    (one,) = found(put(tmp_path, files)).values()
    assert one.sheets == {"answers.yaml": b"q: new\n"}
    assert "answers.yaml was handed in more than once; the newest was read" in said(one)


def test_an_archive_that_a_student_uploaded_is_opened(tmp_path: Path) -> None:
    handed = {"hw-1.zip": zipped({"hw/answers.yaml": "q: 5\n"})}
    (one,) = found(put(tmp_path, downloads.canvas([("ada", 1, handed)]), "zip")).values()  # type: ignore[list-item]  # bytes
    assert one.sheets == {"answers.yaml": b"q: 5\n"}


@pytest.mark.parametrize(
    ("file", "content", "waits"),
    [
        ("text.html", "<p>q: 1</p>", True),
        ("text.html", "<p>&nbsp; <br/></p>\n", False),
        ("text.html", '<p><img src="x.png"></p>', True),
        ("link.html", '<a href="https://x.edu">x</a>', True),
    ],
)
def test_what_was_typed_on_canvas_waits_for_a_person(
    tmp_path: Path, file: str, content: str, waits: bool
) -> None:
    (one,) = found(put(tmp_path, downloads.canvas([("ada", 1, {file: content})]))).values()
    assert bool(one.unread) == waits


# Moodle


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("old", [True, False])
def test_all_forms_of_moodle(tmp_path: Path, folders: bool, old: bool) -> None:
    people = [
        ("Ada Lovelace", 12, {**ADA, "onlinetext.html": "<p>see the files</p>"}),
        ("Ada Lovelace", 34, BOB),
        ("Participant", 56, BOB),
        ("Jörg O'Neill-Ötztal", 78, {"onlinetext.html": "<p>q: 1</p>"}),
    ]
    by_key = found(put(tmp_path, downloads.moodle(people, folders=folders, old=old)))
    assert sorted(by_key) == [
        "Ada Lovelace_12",
        "Ada Lovelace_34",
        "Jörg O'Neill-Ötztal_78",
        "Participant_56",
    ]
    assert by_key["Ada Lovelace_12"].sheets == {"answers.yaml": b"q: 1\n"}
    assert delivery(by_key["Participant_56"]).person.name == ""
    assert delivery(by_key["Ada Lovelace_34"]).person.ids == {"moodle": "Participant 34"}
    assert by_key["Jörg O'Neill-Ötztal_78"].unread


# Gradescope


def test_a_group_of_gradescope_is_one_work_of_several_people(tmp_path: Path) -> None:
    ada = {"name": "Ada L", "sid": "0042", "email": "ada@x.edu"}
    bob = {"name": "Bob", "sid": "", "email": ""}
    files = downloads.gradescope([(101, [ada, bob], ADA), (102, [bob], BOB), (9, [], BOB)])
    by_key = found(put(tmp_path, files, "zip"))
    assert list(by_key) == ["submission_9", "ada@x.edu", "Bob", "Bob (submission_102)"]
    assert by_key["ada@x.edu"].sheets == by_key["Bob"].sheets == {"answers.yaml": b"q: 1\n"}
    assert delivery(by_key["ada@x.edu"]).group == delivery(by_key["Bob"]).group == "submission_101"
    assert delivery(by_key["submission_9"]).group == ""
    assert delivery(by_key["ada@x.edu"]).person.number == "0042"
    moment = datetime(2027, 2, 28, 10, 0, 0, 123456, tzinfo=UTC)
    assert delivery(by_key["Bob"]).handed_in == moment


def test_numbers_without_quotes_keep_their_zeros(tmp_path: Path) -> None:
    text = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 0042\n"
    path = put(tmp_path, {"submission_metadata.yml": text, "submission_1/answers.yaml": "q: 1\n"})
    assert list(found(path)) == ["0042"]


def test_nothing_that_gradescope_names_is_lost(tmp_path: Path) -> None:
    files = downloads.gradescope([(1, [{"name": "Ada"}], ADA), (2, [{"name": "Bob"}], BOB)])
    del files["assignment_777_export/submission_2/answers.yaml"]
    files["assignment_777_export/submission_3/answers.yaml"] = "q: 3\n"
    by_key = found(put(tmp_path, files))
    assert sorted(by_key) == ["Ada", "Bob", "submission_3"]
    assert by_key["Bob"].unread  # a person has to look: no zero
    assert not by_key["submission_3"].unread


@pytest.mark.parametrize(
    "text",
    ["submission_1: [", "- a\n", "just text", "\x00", "a: &a [*a]\n", b"\xff\xfe\xff", "[" * 5000],
)
def test_metadata_that_cannot_be_read_are_refused(tmp_path: Path, text: str | bytes) -> None:
    path = put(tmp_path, {"submission_metadata.yml": text, "submission_1/answers.yaml": "q: 1\n"})
    with pytest.raises(SubmissionFault, match=r"download cannot be read: submission_metadata.yml"):
        found(path)


# nbgrader


def test_the_time_of_nbgrader(tmp_path: Path) -> None:
    by_key = found(put(tmp_path, downloads.nbgrader({"ada": ADA})))
    moment = datetime(2027, 2, 28, 23, 58, 0, 123456, tzinfo=UTC)
    assert delivery(by_key["ada"]).handed_in == moment
    assert by_key["ada"].others == {}


def test_one_assignment_of_several_of_nbgrader(tmp_path: Path) -> None:
    one = downloads.nbgrader({"ada": ADA, "bob": BOB})
    other = downloads.nbgrader({"ada": {"ps2.ipynb": "{}"}}, assignment="ps2")
    by_key = found(put(tmp_path, one | other) / "submitted")
    assert list(by_key) == ["ada", "bob"]
    assert by_key["bob"].sheets == {"answers.yaml": b"q: 2\n"}
    third = downloads.nbgrader({"ada": ADA}, assignment="ps3")
    with pytest.raises(SubmissionFault, match=r"more than one assignment \(ps1, ps3\)"):
        found(put(tmp_path / "more", one | third))


# GitHub


def test_clones_of_classroom_50(tmp_path: Path) -> None:
    files = downloads.classroom50({"Ada-L": {"optimizers.py": "x = 1\n"}, "bob": BOB}, late=["bob"])
    by_key = found(put(tmp_path, files))
    assert list(by_key) == ["ada-l", "bob"]
    assert by_key["ada-l"].sheets == {}  # its result.json is no answer
    about = delivery(by_key["ada-l"])
    assert (about.person.email, about.person.section) == ("Ada-L@x.edu", "A")
    assert about.handed_in == datetime(2027, 2, 28, 22, tzinfo=UTC)
    assert (about.late, delivery(by_key["bob"]).late) == (False, True)


def test_logins_without_a_folder_that_names_the_assignment(tmp_path: Path) -> None:
    files = {
        f"clones/hw-1-{login}/{name}": text
        for login in ("ada-l", "bob", "bo-b")
        for name, text in {**BOB, ".git/HEAD": "x"}.items()
    }
    assert list(found(put(tmp_path, files))) == ["ada-l", "bo-b", "bob"]


# Traps of all


@pytest.mark.parametrize("platform", ["canvas", "moodle", "gradescope"])
def test_what_is_left_out_of_an_archive_is_still_somebody_s(tmp_path: Path, platform: str) -> None:
    handed = {"answers.yaml": "q: 1\n"}
    files: Files = {
        "canvas": downloads.canvas([("ada", 1, handed), ("bob", 2, handed)]),
        "moodle": downloads.moodle([("ada", 1, handed), ("bob", 2, handed)]),
        "gradescope": downloads.gradescope(
            [(1, [{"name": "ada"}], handed), (2, [{"name": "bob"}], handed)]
        ),
    }[platform]
    twice = [
        *files.items(),
        *((name, "q: 2\n") for name in files if "bob" in name or "submission_2" in name),
    ]
    (tmp_path / "class.zip").write_bytes(zipped(twice))
    ada, bob = find_submissions([tmp_path / "class.zip"], DECLARED)
    assert (ada.sheets, ada.unread) == ({"answers.yaml": b"q: 1\n"}, ())
    assert bob.unread
    assert "more than once, with different contents" in said(bob)


def test_links_in_a_download_are_not_followed(tmp_path: Path) -> None:
    path = put(tmp_path, CLASSES["moodle"][0])
    (tmp_path / "secret.yaml").write_text("q: 7\n")
    (path / "Eve_66_assignsubmission_file_answers.yaml").symlink_to(tmp_path / "secret.yaml")
    (path / "Ada Lovelace_123_assignsubmission_file" / "more.yaml").symlink_to(
        tmp_path / "secret.yaml"
    )
    told: list[str] = []
    each = find_submissions([path], DECLARED, tell=told.append)
    assert len(each) == 2
    assert not any(b"q: 7\n" in one.sheets.values() for one in each)
    assert "Eve_66_assignsubmission_file_answers.yaml" in told[1]


def _canvas(people: Sequence[tuple[str, int]]) -> Files:
    return downloads.canvas([(name, user, BOB) for name, user in people])


def _moodle(people: Sequence[tuple[str, int]]) -> Files:
    return downloads.moodle([(name, user, BOB) for name, user in people])


_NAMES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)


@settings(max_examples=some(20), deadline=None)
@given(
    people=st.lists(
        st.tuples(_NAMES, st.integers(1, 10**9)),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one[1],
    ),
    shape=st.sampled_from([_canvas, _moodle]),
)
def test_everybody_is_found_whatever_their_names(
    people: list[tuple[str, int]], shape: Callable[[Sequence[tuple[str, int]]], Files]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        each = find_submissions([put(Path(folder), shape(people))], DECLARED)
    assert len(each) == len(people)
    assert all(one.sheets for one in each)
    numbers = {next(iter(delivery(one).person.ids.values())).split()[-1] for one in each}
    assert numbers == {str(user) for _, user in people}


_PARTS = st.sampled_from(
    [
        *("submission_metadata.yml", "submission_1", "submitted", "ps1", ".git", "timestamp.txt"),
        *("ada_1_2_answers.yaml", "LATE_anon_x_2_a-1.py", "_LATE_1_text.html", "ada_12_link.html"),
        *("Ada_1_assignsubmission_file_", "Ada_1_assignsubmission_onlinetext", "scores.csv"),
        *("a", "answers.yaml", "hw1-ada", "x_assignsubmission_y", "timestamp.txt", "result.json"),
    ]
)


@settings(max_examples=some(40), deadline=None)
@given(
    paths=st.lists(st.lists(_PARTS, min_size=1, max_size=4).map("/".join), max_size=8),
    content=st.binary(max_size=40),
    kind=st.sampled_from([None, "canvas", "moodle", "gradescope", "nbgrader", "github"]),
    packed=st.booleans(),
)
def test_what_is_malformed_is_refused_or_read(
    paths: list[str], content: bytes, kind: str | None, packed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.zip"
        if packed:
            path.write_bytes(zipped([(name, content) for name in paths]))
        else:
            path = Path(folder) / "class"
            path.mkdir()
            for name in paths:
                place = path / name
                if not any(above.is_file() for above in place.parents) and not place.is_dir():
                    write(path, {name: content})
        try:
            each = find_submissions([path], DECLARED, kind=kind)
        except SubmissionFault:
            return
        assert len({one.id for one in each}) == len(each)


TIMES: list[tuple[str, datetime | None]] = [
    ("2025-01-15 10:00:00.123 Z", datetime(2025, 1, 15, 10, 0, 0, 123000, tzinfo=UTC)),
    ("2025-01-15T10:00:00Z", datetime(2025, 1, 15, 10, tzinfo=UTC)),
    ("2025-01-15 10:00:00 UTC\n", datetime(2025, 1, 15, 10, tzinfo=UTC)),
    ("2025-01-15 10:00:00", datetime(2025, 1, 15, 10, tzinfo=UTC)),
    ("2025-01-15 10:00 -08:00", datetime(2025, 1, 15, 10, tzinfo=timezone(-timedelta(hours=8)))),
    ("2025-07-15 10:00:00 America/Los_Angeles", datetime(2025, 7, 15, 17, tzinfo=UTC)),
    ("2025-01-15", datetime(2025, 1, 15, tzinfo=UTC)),
    ("2025-02-30 10:00:00 Z", None),
    ("2025-01-15 25:00:00 Z", None),
    ("2025-01-15 10:00:00 +99:00", None),
    ("2025-01-15 10:00:00 ../etc", None),
    ("2025-01-15 10:00:00 XYZ", None),
    ("yesterday", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "moment"), TIMES, ids=[repr(text) for text, _ in TIMES])
def test_times_are_read(text: str, moment: datetime | None) -> None:
    assert read_time(text) == moment
