"""What a file is by its name, where we cannot read it: may it be work, and of which kind?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

__all__ = ["is_called_as", "kind_of", "may_be_work", "may_hold"]

_OTHER_CODE = "code in another language"
_KINDS = {
    "a PDF": (".pdf",),
    "plain text": (".txt", ".text"),
    "a text document": (".doc", ".docx", ".odt", ".rtf", ".pages"),
    "a picture": (
        *(".png", ".jpg", ".jpeg", ".heic", ".heif", ".gif", ".webp", ".bmp"),
        *(".tif", ".tiff", ".svg"),
    ),
    "a table": (".xls", ".xlsx", ".ods", ".csv"),
    _OTHER_CODE: (".m", ".r", ".jl", ".java", ".c", ".cpp", ".js"),
}
#: What people write answers on.
_WRITTEN_ON = ("a PDF", "a text document", "a picture", "plain text")  #: the last is the least sure
#: Texts that say something of the work, and are not it.
_ABOUT = ("readme", "requirements", "license", "licence", "changelog", "todo")
#: What lies beside the work of a class.
_OF_THE_COURSE = ("handout", "assignment", "solution", "solutions", "rubric")


def may_be_work(file: str) -> bool:
    """Whether it is of a kind that we cannot read and that homework is made in. A plain text
    among the files of many students may be anything."""
    if _stem(file) in (*_ABOUT, *_OF_THE_COURSE):
        return False
    return kind_of(file) in (*_WRITTEN_ON[:-1], _OTHER_CODE)


def may_hold(name: str, *, code: bool) -> bool:
    """Whether answers, or code, are likely to stand in a file that we cannot read."""
    kind = kind_of(name)
    if code:
        return kind == _OTHER_CODE
    return kind in _WRITTEN_ON and _stem(name) not in _ABOUT


def is_called_as(name: str, asked: Sequence[str]) -> bool:
    """Whether it has the name of a file that was asked for, but for its ending."""
    return _stem(name) in {_stem(one) for one in asked}


def _stem(name: str) -> str:
    """`answers` of `hw1/Answers.yaml.txt`."""
    return PurePosixPath(name).name.casefold().partition(".")[0]


def kind_of(file: str) -> str:
    suffix = PurePosixPath(file).suffix.lower()
    return next((what for what, suffixes in _KINDS.items() if suffix in suffixes), "")
