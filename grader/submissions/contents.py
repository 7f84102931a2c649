"""The contents of the files of one submission: each as what it is, or with why it is not read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.sandbox.child.cells import is_exported, packed
from grader.submissions.encoded_text import module_as_utf8
from grader.submissions.file_kinds import is_called_as, kind_of, may_hold
from grader.submissions.layout import CODE, MODULES, NOTEBOOKS, SHEETS
from grader.submissions.notes import listed, readable, shown
from grader.submissions.reports import REPORTS, holds_answers, without_answers
from grader.submissions.submission import Figure, NotRead

if TYPE_CHECKING:
    from grader.submissions.notebook import Notebook

__all__ = ["Contents", "most_bytes"]

_HEAD_BYTES = 16
_MOST_BYTES = 1 << 20
_MOST_OF_A_NOTEBOOK = 32 << 20  #: most of it may be pictures, which are not kept
_MOST_OF_A_FIGURE = 4 << 20  #: of a larger one a person looks at the file that was handed in
_MOST_IN_ALL = 16 << 20  #: of figures, and of all else
_DISGUISED = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an archive or a document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "an archive",
}
#: What may be a figure that was asked for, and is kept for whoever marks it.
_FIGURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf")


def most_bytes(file: str) -> int:
    """How much of a file is to be read: one byte more than is allowed, to tell that it is more."""
    name = file.casefold()
    if name.endswith(NOTEBOOKS):
        return _MOST_OF_A_NOTEBOOK + 1
    if name.endswith((*SHEETS, *MODULES, *REPORTS)):
        return _MOST_BYTES + 1
    return _MOST_OF_A_FIGURE + 1 if name.endswith(_FIGURES) else _HEAD_BYTES


class Contents:
    """Takes in files one after another; names are made readable."""

    def __init__(
        self, files: Sequence[str], declared: Collection[str] = (), *, alone: bool = False
    ) -> None:
        """`files` are the names of all that will come; `alone`: there is but one."""
        self.modules: dict[str, bytes] = {}
        self.sheets: dict[str, bytes] = {}
        self.others: dict[str, bytes] = {}
        self.figures: list[Figure] = []
        self.unread: list[NotRead] = []
        self.notes: list[str] = []
        self._aside: dict[str, bytes] = {}  #: reports in folders, empty where they hold no answers
        self._declared = declared
        self._alone = alone
        self._room = self._room_for_figures = _MOST_IN_ALL
        self._stems = {file[: -len(".py")] for file in files if file.endswith(MODULES)}

    def add(self, file: str, content: bytes) -> None:
        """Take in a file, of which no more than `most_bytes` are given."""
        key, allowed = readable(file), most_bytes(file) - 1
        if file.endswith(REPORTS):
            self._add_report(file, key, content)
            return
        if not file.endswith((*SHEETS, *CODE)):
            self._keep_other(key, content)
            return
        if len(content) > allowed:
            self._pass(file, f"it is larger than {allowed >> 20} MiB")
            return
        for start, what in _DISGUISED.items():
            if content.startswith(start):
                self._pass(file, f"it is {what}, whatever its name says")
                return
        if file.endswith(NOTEBOOKS):
            self._add_notebook(file, key, content)
            return
        text = ""
        if file.endswith(MODULES):
            read = module_as_utf8(content)
            if read is None:
                self._pass(file, "it is not a text")
                return
            content, encoding = read
            if encoding:
                told = f"{shown(file)} is not saved as UTF-8; it was read as {encoding}"
                self.notes.append(told)
            text = _exported(content)
            if text:
                content = self._without_shell_lines(text, content)
            else:
                content = self._without_pasted(file, content)
        self._keep(self.modules if file.endswith(MODULES) else self.sheets, key, content)
        if text:
            self._add_answers(key, _comments(text))

    def _without_pasted(self, file: str, content: bytes) -> bytes:
        """A module without what was pasted into it and is not Python. A note says what that was."""
        from grader.submissions.pasted import without_pasted

        cleaned, changes = without_pasted(content.decode("utf-8-sig", "replace"), self._stems)
        self.notes += [f"{shown(file)} {one}" for one in changes]
        return cleaned.encode("utf-8") if changes else content

    def _without_shell_lines(self, text: str, content: bytes) -> bytes:
        """A script that was made from a notebook as Python: Colab leaves such lines in it."""
        from grader.submissions.magics import is_python, python_of

        cleaned = text if is_python(text) else python_of(text, self._stems)
        if cleaned is text or not isinstance(cleaned, str):
            return content
        return cleaned.encode("utf-8")

    def _add_report(self, file: str, key: str, content: bytes) -> None:
        """A report is a sheet if it holds answers, and was asked for or lies at the top; one in a
        folder where nothing else is."""
        asked = self._alone or file in self._declared
        if not asked and "/" in file:
            readable_whole = len(content) <= _MOST_BYTES
            holds = readable_whole and holds_answers(file, content)
            self._aside[key] = content if holds else b""
            self._keep_other(key, content[:_HEAD_BYTES])
        elif len(content) > _MOST_BYTES:
            self._pass(file, f"it is larger than {_MOST_BYTES >> 20} MiB")
        elif holds_answers(file, content):
            self._keep(self.sheets, key, content)
        else:
            why = f"{shown(file)}: {without_answers(file)}"
            if not asked:
                why = f"not read: {shown(file) if _is_read_me(file) else why}"
            self.notes.append(why)
            self._keep_other(key, content[:_HEAD_BYTES])

    def _keep(self, kind: dict[str, bytes], key: str, content: bytes) -> None:
        if key in kind:
            self.notes.append(
                f"{shown(key)} was left out: another file has a name that looks the same"
            )
        elif len(content) > self._room:
            self._pass(key, f"the files before it already make {_MOST_IN_ALL >> 20} MiB")
        else:
            kind[key] = content
            self._room -= len(content)

    def _keep_other(self, key: str, content: bytes) -> None:
        """Of a figure all of it where there is room, of any other file the first bytes."""
        if len(content) > min(_MOST_OF_A_FIGURE, self._room_for_figures):
            content = content[:_HEAD_BYTES]
        elif len(content) > _HEAD_BYTES:
            self._room_for_figures -= len(content)
            self._room += len(content)  # which `_keep` takes away
        self._keep(self.others, key, content)

    def _pass(self, file: str, why: str) -> None:
        """Leave out a file that may hold what is missing."""
        self.notes.append(f"{shown(file)} was left out: {why}")
        code, answers = file.endswith(CODE), file.endswith((*SHEETS, *NOTEBOOKS, *REPORTS))
        if code or answers:
            self.unread.append(NotRead(why=f"{shown(file)} ({why})", code=code, answers=answers))

    def _add_notebook(self, file: str, key: str, content: bytes) -> None:
        from grader.submissions.notebook import NotebookFault, read_notebook

        try:
            notebook = read_notebook(content, modules=self._stems)
        except NotebookFault as fault:
            self.notes.append(f"the notebook {shown(file)} cannot be read: {fault}")
            self.unread.append(NotRead(why=f"the notebook {shown(file)}: {fault}"))
            return
        code = packed(notebook.code)
        if len(code) > _MOST_BYTES:
            self._pass(file, "its code is larger than 1 MiB")
            return
        self._keep(self.modules, key, code)
        for number, text in notebook.texts:
            self._add_answers(f"{key} cell {number}", text)
        self._add_written(key, notebook)
        for picture in notebook.pictures:
            name = f"{key} {picture.name}"
            self._keep_other(name, picture.content)
            figure = Figure(name=name, file=key, cell=picture.cell, about=picture.about)
            self.figures.append(figure)

    def _add_answers(self, place: str, text: str) -> None:
        """Blocks of answers in a text, each a sheet whose lines are those of the text."""
        from grader.submissions.markdown_report import answer_blocks

        for count, block in enumerate(answer_blocks(text), 1):
            name = place + f" ({count})" * (count > 1)
            lines = "\n" * (block.line - 1) + block.text
            self._keep(self.sheets, name, lines.encode("utf-8"))
            if not block.closed:
                self.notes.append(f"{name}: the block of answers has no end")

    def _add_written(self, key: str, notebook: Notebook) -> None:
        """Modules that cells write with `%%writefile`; a file that was handed in comes first."""
        for name, text in notebook.written.items():
            place = _written_place(name)
            if not place:
                continue
            if place.removesuffix(".py") in self._stems:
                told = f"{shown(place)} in a cell of {shown(key)} was not read: the file was"
                self.notes.append(told)
                continue
            self._keep(self.modules, readable(place), text.encode("utf-8"))
            self.notes.append(f"{shown(place)} was taken from a cell of {shown(key)}")

    def finish(self, left: Sequence[str], *, wanted: Sequence[str]) -> None:
        """Say what may hold an answer that is missing: `left` are sheets and code not chosen,
        `wanted` the files that the assignment declares.

        Where nothing was read, that is everything. Where no sheet was, it is documents and
        pictures, and where no code was, code in other languages; and each time what is called as
        the file that was asked for, with another ending.
        """
        self._take_aside()
        drawn = {figure.name for figure in self.figures}
        others = [name for name in self.others if name not in drawn]
        if not self.modules and not self.sheets:
            self.unread += [NotRead(why=f"{shown(name)} {_unknown(name)}") for name in others]
            self.unread += [NotRead(why=f"{shown(name)} was not asked for") for name in left]
            return
        for suffixes, read in ((CODE, self.modules), (SHEETS, self.sheets)):
            if read:
                continue
            code = suffixes is CODE
            why = "is not a file that was asked for"
            told = [(name, why) for name in left if name.endswith(suffixes)]
            of_type = (*CODE,) if code else (*SHEETS, *NOTEBOOKS, *REPORTS)
            asked = [name for name in wanted if name.endswith(of_type)]
            if asked:
                told += [
                    (name, _unknown(name))
                    for name in others
                    if may_hold(name, code=code) or is_called_as(name, asked)
                ]
            self.unread += [
                NotRead(why=f"{shown(name)} {words}", code=code, answers=not code)
                for name, words in told
            ]

    def _take_aside(self) -> None:
        """Where nothing else holds answers, a report in a folder does; of two neither counts."""
        holding = {name: content for name, content in self._aside.items() if content}
        left = [*self._aside]
        if not self.sheets and len(holding) == 1:
            ((taken, content),) = holding.items()
            self.others.pop(taken, None)
            self._keep(self.sheets, taken, content)
            left.remove(taken)
        elif not self.sheets:
            self.unread += [
                NotRead(why=f"{shown(name)} is one of several reports", code=False)
                for name in holding
            ]
        self.notes += [f"not read: {listed(left)}"] if left else []


def _written_place(name: str) -> str:
    """Where a module that a cell writes lies in the submission; "" where it is none."""
    path = PurePosixPath(name)
    path = PurePosixPath(path.name) if path.is_absolute() else path
    inside = not any(part == ".." or part.startswith(".") for part in path.parts)
    return str(path) if inside and path.suffix in MODULES else ""


def _exported(content: bytes) -> str:
    """The text of a script that was made from a notebook, else an empty one."""
    text = content.decode("utf-8-sig", "replace")
    return text if is_exported(text) else ""


def _comments(text: str) -> str:
    """What stood in the cells of text: it is in comments now."""
    return "\n".join(
        line.removeprefix("#").removeprefix(" ") if line.startswith("#") else ""
        for line in text.split("\n")
    )


def _unknown(file: str) -> str:
    if file.endswith(REPORTS):
        return f"({without_answers(file)})"
    return f"is {kind_of(file) or 'of a kind that is not read'}"


def _is_read_me(file: str) -> bool:
    """Whether nobody would look for answers in it."""
    return file.lower().startswith(("readme", "license", "changelog"))
