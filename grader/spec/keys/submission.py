"""Keys that say what may be handed in, and what of the course's it may import."""

from __future__ import annotations

from grader.spec.keys.shapes import ListOf, Section, SpecKey, Text

__all__ = ["SUBMISSION"]

SUBMISSION = Section(
    "submission",
    "what may be handed in",
    (
        SpecKey(
            "files",
            ListOf(
                Text(
                    pattern=r"^([\w-]+/)*[\w-]+\.(py|ipynb|yaml|yml|json|md|markdown|tex)$",
                    longest=200,
                    shown="a path that ends in `.py`, `.ipynb`, `.yaml`, `.json`, `.md` or `.tex`",
                ),
                least=1,
                unique=True,
            ),
            "modules, notebooks, answer sheets and reports in which an answer is looked for, "
            "in this order",
            required=True,
            rule="a function needs a module or notebook, a text or a figure a sheet, a report or a "
            "notebook",
        ),
        SpecKey(
            "modules",
            ListOf(
                Text(
                    pattern=r"^([A-Za-z_]\w*/)*[A-Za-z_]\w*\.py$",
                    longest=200,
                    shown="a path that ends in `.py`",
                ),
                least=1,
                most=50,
                unique=True,
            ),
            "modules of the course's beside this file that students' code may import, as they lie",
            rule="they are there, are Python, and are not handed in; none holds a key",
        ),
    ),
    see="assignment.md#what-is-handed-in",
)
