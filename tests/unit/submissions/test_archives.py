"""Archives of one student and of a class: what is unpacked, and what is refused with its reason."""

from __future__ import annotations

import os
import random
import re
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.sandbox.folders import _NAME
from grader.submissions import archive, archive_kinds
from grader.submissions.find import open_submission
from grader.submissions.importers import find_submissions
from grader.submissions.submission import Submission
from tests.archives import link_in_zip, tarred, zipped
from tests.some import by_name, some

DECLARED = ("answers.yaml", "optimizers.py")
# Longer than what is read of a file that is neither a sheet nor code.
CODE, SHEET = "x = 1  # and all that follows\n", "q: 1  # and all that follows\n"
BOTH = {"answers.yaml": SHEET, "optimizers.py": CODE}


def said(submission: Submission) -> str:
    return "\n".join(note.text for note in submission.notes)


def opened(tmp_path: Path, content: bytes, name: str = "hw.zip") -> Submission:
    (tmp_path / name).write_bytes(content)
    return open_submission(tmp_path / name, DECLARED)


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made: nothing may be left there, or written beside them."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


READ: dict[str, tuple[str, bytes]] = {
    "zip": ("hw.zip", zipped(BOTH)),
    "zip-stored": ("hw.zip", zipped(BOTH, compression=zipfile.ZIP_STORED)),
    "zip-bzip2": ("hw.zip", zipped(BOTH, compression=zipfile.ZIP_BZIP2)),
    "zip-in-capitals": ("HW.ZIP", zipped(BOTH)),
    "zip-with-a-folder-around": ("hw.zip", zipped({f"hw/{k}": v for k, v in BOTH.items()})),
    "zip-of-macos": (
        "hw.zip",
        zipped({**BOTH, "__MACOSX/._optimizers.py": b"\0\5", ".DS_Store": b"\0", "._x": b"\0"}),
    ),
    "zip-with-backslashes": ("hw.zip", zipped({f"hw\\{k}": v for k, v in BOTH.items()})),
    "capital-endings": ("hw.zip", zipped({"optimizers.PY": CODE, "answers.YAML": SHEET})),
    "zip-in-a-zip": ("hw.zip", zipped({"code.zip": zipped(BOTH)})),
    "tar-in-a-zip": ("hw.zip", zipped({"a/code.tgz": tarred(BOTH, "w:gz"), "README.md": "x"})),
    "tar": ("hw.tar", tarred(BOTH)),
    "tar-gz": ("hw.tar.gz", tarred(BOTH, "w:gz")),
    "tgz": ("hw.tgz", tarred({f"./{k}": v for k, v in BOTH.items()}, "w:gz")),
    "tar-bz2": ("hw.tar.bz2", tarred(BOTH, "w:bz2")),
    "tar-xz": ("hw.tar.xz", tarred(BOTH, "w:xz")),
    "tar-that-is-called-zip": ("hw.zip", tarred(BOTH, "w:gz")),
    "the-same-file-twice": ("hw.zip", zipped([*BOTH.items(), ("optimizers.py", CODE)])),
    "links-beside": (
        "hw.zip",
        zipped([*BOTH.items(), link_in_zip("secret.py", "/etc/passwd"), link_in_zip("l", "..")]),
    ),
    "traversal-beside": ("hw.zip", zipped({**BOTH, "../../evil.txt": "x", "/etc/evil": "x"})),
}


@pytest.mark.parametrize(("name", "content"), READ.values(), ids=READ)
def test_what_an_archive_holds_is_read(
    name: str, content: bytes, tmp_path: Path, private: Path
) -> None:
    found = opened(tmp_path, content, name)
    assert dict(found.modules) == {"optimizers.py": CODE.encode()}
    assert dict(found.sheets) == {"answers.yaml": SHEET.encode()}
    assert (found.id, found.unread) == (name.partition(".")[0], ())
    assert not [*private.iterdir()]
    in_a_folder = open_submission(tmp_path, DECLARED)  # beside which there is nothing
    assert (in_a_folder.modules, in_a_folder.sheets) == (found.modules, found.sheets)


def device(kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo()
    info.type, info.linkname = kind, target
    return info


def encrypted(content: bytes) -> bytes:
    """With the flag set, in both headers of each file, that says so."""
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in [*re.finditer(re.escape(signature), content)]:
            at = found.start() + place
            content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
    return content


def bomb() -> dict[str, bytes]:
    return {"optimizers.py": bytes(80 << 20)}


ONE = zipped({"optimizers.py": CODE})
LIE = zipped({"optimizers.py": bytes(2 << 20)})
#: Large ones are made when their test runs, and not whenever this file is read.
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty": (b"", "it is empty"),
    "no-archive": (b"<html>log in first</html>", "it is not an archive"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(99), "a RAR archive, which is not opened"),
    "seven-zip": (b"7z\xbc\xaf\x27\x1c" + bytes(99), "a 7z archive"),
    "zstandard": (b"\x28\xb5\x2f\xfd" + bytes(99), "a Zstandard archive"),
    "zip-truncated": (zipped(BOTH)[:-30], "it is damaged"),
    "zip-with-no-more-than-its-start": (zipped(BOTH)[:60], "it is damaged"),
    "tar-truncated": (tarred(BOTH)[:1300], "it is damaged"),
    "tar-with-a-broken-header": (
        tarred(BOTH)[:1024] + b"\xff" * 512 + tarred(BOTH)[1536:],
        "it is damaged",
    ),
    "tgz-truncated": (
        tarred({**BOTH, "x": random.Random(1).randbytes(9999)}, "w:gz")[:-9],
        "damaged",
    ),
    "xz-truncated": (tarred(BOTH, "w:xz")[:-30], "damaged"),
    "bz2-broken": (tarred(BOTH, "w:bz2")[:30] + b"\0" * 99, "damaged"),
    "bomb-zip": (lambda: zipped(bomb(), compresslevel=1), "times its own size"),
    "bomb-tgz": (lambda: tarred(bomb(), "w:gz", compresslevel=1), "many times its own size"),
    "bomb-xz": (lambda: tarred(bomb(), "w:xz", preset=0), "many times its own size"),
    "too-many-files": (
        lambda: zipped(dict.fromkeys(map(str, range(20_001)), ""), compression=zipfile.ZIP_STORED),
        "more than 20,000",
    ),
    "encrypted": (encrypted(zipped(BOTH)), "it is encrypted"),
    "traversal": (zipped({"../optimizers.py": CODE}), "leads out of the archive"),
    "traversal-inside": (zipped({"a/../../optimizers.py": CODE}), "leads out of the archive"),
    "traversal-with-backslashes": (zipped({"..\\optimizers.py": CODE}), "leads out of"),
    "absolute": (zipped({"/tmp/optimizers.py": CODE}), "an absolute path"),
    "drive": (zipped({"C:\\work\\optimizers.py": CODE}), "that of a drive"),
    "tar-traversal": (tarred({"../optimizers.py": CODE}), "leads out of the archive"),
    "tar-absolute": (tarred({"/tmp/optimizers.py": CODE}), "an absolute path"),
    "long-name": (zipped({"x" * 300 + "/optimizers.py": CODE}), "too long"),
    "twice": (zipped([("optimizers.py", "x = 1"), ("optimizers.py", "x = 2")]), "more than once"),
    "capitals": (zipped({"optimizers.py": "x = 1", "Optimizers.py": "x = 2"}), "only in capitals"),
    "unicode": (zipped({"caf\u00e9.py": "x = 1", "cafe\u0301.py": "x = 2"}), "or accents"),
    "folder-of-the-name": (
        zipped({"optimizers.py": CODE, "optimizers.py/x.txt": ""}),
        "a folder of the same name",
    ),
    "nested-three-deep": (zipped({"a.zip": zipped({"b.zip": zipped(BOTH)})}), "lies in another"),
    "strange-packing": (zipped(BOTH, compression=zipfile.ZIP_LZMA), "cannot be read"),
    "damaged-member": (ONE[:45] + b"\xff\xff" + ONE[47:], "is damaged"),
    "directory-that-swallows-a-file": (
        zipped(BOTH)[:133] + b"\x01" + zipped(BOTH)[134:],
        "it is damaged",
    ),
    "lying-size": (
        LIE.replace(struct.pack("<I", 2 << 20), struct.pack("<I", 10)),
        "is damaged",
    ),
    "sparse-header-in-tar": (tarred({"optimizers.py": device(b"S")})[:600], "damaged"),
}


@pytest.mark.parametrize(
    ("content", "why"),
    by_name(REFUSED, lengthy=["bomb-zip", "bomb-tgz", "bomb-xz", "too-many-files"]),
)
def test_what_is_refused_is_said_and_waits_for_a_person(
    content: bytes | Callable[[], bytes], why: str, tmp_path: Path, private: Path
) -> None:
    found = opened(tmp_path, content if isinstance(content, bytes) else content())
    assert not found.modules
    assert found.unread
    assert why in "".join(one.why for one in found.unread)
    assert why in said(found)
    assert not [*private.iterdir()]
    assert {item.name for item in tmp_path.iterdir()} == {"hw.zip", "temporary"}
    assert not Path("/tmp/optimizers.py").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.BLKTYPE]
)
def test_links_and_devices_are_never_made(kind: bytes, tmp_path: Path) -> None:
    content = tarred({**BOTH, "evil.py": device(kind, "/etc/passwd"), "d": device(kind, "/")})
    found = opened(tmp_path, content, "hw.tar")
    assert [*found.modules] == ["optimizers.py"]
    assert "evil.py in hw.tar was left out" in said(found)
    assert not found.unread  # as in a folder


def test_a_link_that_files_lie_behind_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    link = device(tarfile.SYMTYPE, str(outside))
    opened(tmp_path, tarred({"d": link, "d/optimizers.py": CODE}), "hw.tar")
    assert not [*outside.iterdir()]


@pytest.mark.parametrize(
    ("raw", "name"),
    [("caf\u00e9.py".encode(), "café.py"), ("caf\u00e9.py".encode("cp437"), "café.py")],
)
def test_names_of_older_programs_are_read(raw: bytes, name: str, tmp_path: Path) -> None:
    content = zipped({"xxxxxxxx.py"[-len(raw) :]: CODE}).replace(b"xxxxxxxx.py"[-len(raw) :], raw)
    (tmp_path / "hw.zip").write_bytes(content)
    assert [*open_submission(tmp_path / "hw.zip", (name,)).modules] == [name]


@pytest.mark.lengthy
def test_what_is_packed_well_is_no_bomb(tmp_path: Path) -> None:
    """The honest cousin: data of zeros, smaller than what would be missed on a disk."""
    found = opened(tmp_path, zipped({**BOTH, "zeros.csv": bytes(60 << 20)}))
    assert found.modules
    assert not found.unread


def test_no_more_is_unpacked_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = archive._write

    def counted(folder: Path, parts: Sequence[str], content: bytes) -> None:
        written.append(len(content))
        write(folder, parts, content)

    monkeypatch.setattr(archive, "_write", counted)
    found = opened(tmp_path, zipped({**BOTH, "big.csv": bytes(9 << 20), "big.py": bytes(3 << 20)}))
    assert max(written) <= (1 << 20) + 1
    assert sum(written) < 3 << 20
    assert "big.py was left out: it is larger than 1 MiB" in said(found)


def test_the_private_folder_is_one_that_later_runs_clean_up(
    tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    unpack = archive.unpack

    def watched(source: Any, folder: Path, most: Callable[[str], int]) -> Any:
        seen.append((folder.name, folder.stat().st_mode & 0o777))
        return unpack(source, folder, most)

    monkeypatch.setattr(archive, "unpack", watched)
    opened(tmp_path, zipped(BOTH))
    ((name, mode),) = seen
    assert _NAME.fullmatch(name)
    assert mode == 0o700
    assert not [*private.iterdir()]


# -- beside other files --------------------------------------------------------------------------


def lay(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


ZIP = zipped(BOTH)
OTHER = zipped({"optimizers.py": "x = 2\n", "answers.yaml": "q: 2\n"})


@pytest.mark.parametrize(
    ("files", "modules", "words"),
    [
        pytest.param(
            {"hw.zip": OTHER, **BOTH}, CODE, "not opened, as what is asked for", id="complete"
        ),
        pytest.param({"hw.zip": OTHER, "answers.yaml": SHEET}, "x = 2\n", "", id="only-the-sheet"),
        pytest.param({"sub/hw.zip": OTHER, "notes.txt": ""}, "x = 2\n", "", id="in-a-folder"),
        pytest.param({"a.zip": ZIP, "b.zip": ZIP}, CODE, "", id="two-that-agree"),
        pytest.param(
            {"a.zip": ZIP, "b.zip": OTHER}, None, "hold different files", id="two-that-do-not"
        ),
    ],
)
def test_an_archive_in_a_students_folder(
    files: dict[str, Any], modules: str | None, words: str, tmp_path: Path
) -> None:
    found = open_submission(lay(tmp_path / "ann", files), DECLARED)
    expected = {} if modules is None else {"optimizers.py": modules.encode()}
    assert dict(found.modules) == expected
    assert words in said(found)
    assert bool(found.unread) is (modules is None)
    assert found.id == "ann"
    if "answers.yaml" in files:
        assert found.sheets["answers.yaml"] == SHEET.encode()


# -- a class -------------------------------------------------------------------------------------

CLASSES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "folders": ({"ann/optimizers.py": CODE, "bob/optimizers.py": CODE}, ["ann", "bob"]),
    "folders-in-a-folder": (
        {"class/ann/optimizers.py": CODE, "class/bob/answers.yaml": SHEET},
        ["ann", "bob"],
    ),
    "archives": ({"ann.zip": ZIP, "bob.tar.gz": tarred(BOTH, "w:gz")}, ["ann", "bob"]),
    "mixed": (
        {"ann/hw.zip": ZIP, "bob.zip": ZIP, "eve/optimizers.py": CODE},
        ["ann", "bob", "eve"],
    ),
    "files": ({"ann.py": CODE, "bob.py": CODE}, ["ann", "bob"]),
    "of-other-names": ({"ann/hw.py": CODE, "bob/my.py": CODE}, ["ann", "bob"]),
    "one-refused": ({"ann.zip": ZIP, "bob.rar": b"Rar!\x1a\x07\0"}, ["ann", "bob"]),
    "one-traversal": (
        {"ann/optimizers.py": CODE, "bob/optimizers.py": CODE, "../eve/optimizers.py": CODE},
        ["..", "ann", "bob"],
    ),
    "one-student": ({"optimizers.py": CODE, "net/__init__.py": ""}, ["class"]),
    "one-student-in-a-folder": ({"hw/optimizers.py": CODE, "hw/data/x.csv": ""}, ["class"]),
    "one-student-with-folders": ({"src/optimizers.py": CODE, "data/x.csv": ""}, ["class"]),
}


@pytest.mark.parametrize("given", ["the-archive", "a-folder-with-it"])
@pytest.mark.parametrize(("files", "ids"), CLASSES.values(), ids=CLASSES)
def test_an_archive_of_a_class_is_a_class(
    files: dict[str, Any], ids: list[str], given: str, tmp_path: Path, private: Path
) -> None:
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "class.zip").write_bytes(zipped(files))
    path = folder if given == "a-folder-with-it" else folder / "class.zip"
    found = find_submissions([path], DECLARED)
    alone = ["handed-in"] if path == folder else ["class"]
    assert sorted(one.id for one in found) == (alone if ids == ["class"] else ids)
    for one in found:
        assert one.modules or one.sheets or one.unread
    assert not [*private.iterdir()]


def test_what_was_left_out_of_a_class_is_told_to_whom_it_belongs(tmp_path: Path) -> None:
    content = zipped(
        [
            ("ann/answers.yaml", SHEET),
            ("ann/optimizers.py", "x = 1"),
            ("ann/optimizers.py", "x = 2"),
            ("bob/optimizers.py", CODE),
        ]
    )
    (tmp_path / "class.zip").write_bytes(content)
    ann, bob = find_submissions([tmp_path / "class.zip"], DECLARED)
    assert "more than once" in ann.unread[0].why
    assert not bob.unread


def test_a_mixed_class_in_one_folder(tmp_path: Path) -> None:
    folder = lay(
        tmp_path / "class",
        {
            "ann/optimizers.py": CODE,
            "bob.zip": ZIP,
            "eve.ipynb": '{"cells": []}',
            "joe/hw.tgz": tarred(BOTH, "w:gz"),
            "starter.py": CODE,
        },
    )
    found = find_submissions([folder], DECLARED)
    assert [one.id for one in found] == ["ann", "bob", "eve", "joe"]


# -- whatever it is made of ----------------------------------------------------------------------


@settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["zip", "tar", "tar-gz", "tar-bz2", "tar-xz"]),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=0, max_size=4)), max_size=4),
    st.integers(0, 4000) | st.none(),
)
def test_a_malformed_archive_is_read_or_refused_and_nothing_else(
    tmp_path: Path, kind: str, changes: list[tuple[int, bytes]], end: int | None
) -> None:
    broken = bytearray(READ[kind][1])
    for place, new in changes:
        at = place % len(broken)
        broken[at : at + len(new)] = new
    path = tmp_path / "hw.zip"
    path.write_bytes(bytes(broken[:end]))
    found = open_submission(path, DECLARED)
    assert {item.name for item in tmp_path.iterdir()} == {"hw.zip", "temporary"}
    whole = (found.modules, found.sheets) == (
        {"optimizers.py": CODE.encode()},
        {"answers.yaml": SHEET.encode()},
    )
    # Of a tar only the headers have sums, and a name in a zip may become that of a hidden file.
    assert whole or found.unread or found.notes or kind in ("tar", "zip")
    if not found.modules and not found.sheets:
        assert found.unread or "nothing" in said(found)


def test_the_readers_of_the_library_are_held_to_few_members() -> None:
    """What the tests above do not reach with archives of megabytes."""
    assert archive.MOST_MEMBERS <= 20_000
    assert archive._MOST_WRITTEN <= 1 << 30
    assert archive_kinds._MOST_OF_A_DIRECTORY <= 16 << 20
    assert os.name == "posix"
