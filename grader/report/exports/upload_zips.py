"""Pages of feedback as one zip, named so that a platform knows whose each is.

Moodle takes `FULL NAME_NUMBER_assignsubmission_file_feedback.md`, with the number of the
participant. Canvas takes `name_USER_ATTACHMENT_feedback.md`: the first two parts that are numbers
are the student and one of the files that they handed in, as in its download of submissions.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, ExportFault, LeftOut, not_final, title_of
from grader.report.exports.feedback import feedback_page, without_work
from grader.report.exports.people import known_of, listed, match, same_people
from grader.report.neutral import in_one_line

__all__ = ["canvas_zip", "moodle_zip", "zip_of"]

_PAGE = "feedback.md"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # no day of its own: the same marks give the same bytes
_FORBIDDEN = re.compile(r'[\\/:*?"<>|_\0]+')
_NUMBER = re.compile("[0-9]+")
#: `lovelaceada_LATE_101_555_answers.yaml`; text that was typed in has no attachment.
_CANVAS = re.compile(r"(?P<name>.*?)_(?:LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_.+")


def zip_of(files: Mapping[str, bytes], *, executable: Iterable[str] = ()) -> bytes:
    """A zip of these files by name; the same bytes for the same files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name in executable else 0o644) << 16
            archive.writestr(entry, data)
    return content.getvalue()


def moodle_zip(
    grades: Sequence[Grade], file: str, *, title: str, numbers: Mapping[str, str]
) -> Exported:
    """`numbers` are those of the participants, by key: of a worksheet, or of the roster."""
    read = [grade for grade in grades if grade.attempt is not None]
    known = [grade for grade in read if _NUMBER.fullmatch(numbers.get(grade.person.key, ""))]
    pages = {
        f"{_plain_name(grade)}_{numbers[grade.person.key]}_assignsubmission_file_{_PAGE}": grade
        for grade in known
    }
    nobody = tuple(title_of(grade) for grade in read if grade not in known)
    left = LeftOut(
        what="without a participant's number: give the worksheet with --into",
        who=nobody,
    )
    return _zipped(grades, file, title, pages, [left])


def canvas_zip(
    grades: Sequence[Grade], file: str, *, title: str, names: Sequence[str], download: str
) -> Exported:
    """`names` are those of the files in a download of submissions, which is called `download`.

    Raises ExportFault where it is none.
    """
    handed_in: dict[str, re.Match[str]] = {}
    for name in sorted(names):
        found = _CANVAS.fullmatch(name.rpartition("/")[2])
        if found and not found["name"].startswith("."):
            handed_in.setdefault(found["user"], found)
    if not handed_in:
        msg = f"{download} holds no file that is named as in a download of submissions from Canvas"
        raise ExportFault(msg)
    rows = [*handed_in.values()]
    read = [grade for grade in grades if grade.attempt is not None]
    matched = match(
        [same_people(grade.person, grade.person.ids.get("canvas", "")) for grade in read],
        [known_of(platform=one["user"], key=(one["user"], one["name"])) for one in rows],
    )
    pages = {_canvas_name(rows[row]): read[one] for row, one in sorted(matched.grades.items())}
    others = listed(matched, read, [one[0] for one in rows], download)
    return _zipped(grades, file, title, pages, others)


def _zipped(
    grades: Sequence[Grade],
    file: str,
    title: str,
    pages: Mapping[str, Grade],
    left: Sequence[LeftOut],
) -> Exported:
    written = {
        name: feedback_page(grade, title).encode("utf-8", "replace")
        for name, grade in pages.items()
    }
    handed_in = [grade for grade in grades if grade.attempt is not None]
    return Exported(
        files={file: zip_of(written)},
        written=len(written),
        left_out=(*not_final(handed_in), *without_work(grades), *(one for one in left if one.who)),
    )


def _canvas_name(one: re.Match[str]) -> str:
    """No part of the name may be a number: the first two that are say whose it is."""
    name = one["name"].replace("_", "")
    shown = name if name and not name.isdigit() else f"student{name}"
    return f"{shown}_{one['user']}_{one['attachment']}_{_PAGE}"


def _plain_name(grade: Grade) -> str:
    """Without what parts a name or a path; Moodle goes by the number alone."""
    name = in_one_line(_FORBIDDEN.sub(" ", grade.person.name or grade.person.key))
    return name.lstrip(".~ ") or "student"
