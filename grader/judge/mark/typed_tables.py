"""Tables as people type them: columns of numbers, and Markdown, CSV, LaTeX or spaces with names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.judge.mark.text_tables import are_names, text_table
from grader.judge.mark.typed_lists import joined, typed_list
from grader.judge.mark.typed_numbers import typed_number
from grader.model.typed import USUAL_NUMBERS, Typed
from grader.model.value import Value

__all__ = ["typed_table"]


def typed_table(value: Value, plain: Callable[[str], Value]) -> Value:
    """Columns by name, or rows that name their columns, with numbers in them; a text that is a
    table is rows. `plain` reads a scalar that is not in quotes."""
    if isinstance(value, Typed):
        rows = text_table(value.text)
        if rows and are_names(rows[0]) and not any(map(are_names, rows[1:])):
            return _with_names(rows)
    if isinstance(value, Mapping):
        return {name: _column(one, plain) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(typed_table(one, plain) for one in value)
    return _cell(value, plain)


def _column(value: Value, plain: Callable[[str], Value]) -> Value:
    if isinstance(value, tuple) and len(value) == 1:
        return joined(value, USUAL_NUMBERS) or typed_table(value, plain)  # [0.1 0.2 0.3]
    if not isinstance(value, Typed):
        return typed_table(value, plain)
    cell = _cell(value, plain)
    if not isinstance(cell, str):
        return cell
    found = typed_list(value.text, USUAL_NUMBERS)
    return found if isinstance(found, tuple) else cell


def _cell(value: Value, plain: Callable[[str], Value]) -> Value:
    if not isinstance(value, Typed):
        return value
    said = value.text if value.quoted else plain(value.text)
    return typed_number(said) if isinstance(said, str) else said


def _with_names(rows: Sequence[Sequence[str]]) -> Value:
    names = [cell or f"column {place}" for place, cell in enumerate(rows[0], start=1)]
    return tuple(
        {name: typed_number(cell) for name, cell in zip(names, row, strict=True)}
        for row in rows[1:]
    )
