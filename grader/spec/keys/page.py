"""A page of all keys of a file: one table a place in the spec, made from the declared keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from grader.spec.keys.shapes import (
    ByKind,
    IfShape,
    ListOf,
    LongForm,
    MapOf,
    Section,
    Shape,
    SpecKey,
)
from grader.spec.keys.words import flow, words

__all__ = ["page_text"]

_PAGES = {
    "release.md": "What students get",
    "variants.md": "Variants",
    "assignment.md": "Writing an assignment",
    "tolerances.md": "Tolerances",
    "carry-forward.md": "Error carried forward",
    "mistakes.md": "Mistakes that explain a number",
    "audit.md": "The audit",
    "course-rules.md": "The rules of a course",
}
_HEAD = "| key | type | default | what it means |\n|---|---|---|---|"


def page_text(intro: str, section: Section) -> str:
    """The text of the page of a file with these keys, below what introduces it."""
    return "\n".join([intro, *_sections(section)])


def _sections(root: Section) -> Iterator[str]:
    """Each place with its heading and table, in the order in which the spec names them."""
    under: dict[str, dict[str, None]] = {}
    met: dict[str, Section | ByKind] = {}
    _walk(root, under, met)
    for name, place in met.items():
        section = place.shared if isinstance(place, ByKind) else place
        yield _heading(section, list(under.get(name, ())))
        yield _table(section.keys)
        if isinstance(place, ByKind):
            yield from _kinds(place)


def _walk(
    shape: Shape,
    under: dict[str, dict[str, None]],
    met: dict[str, Section | ByKind],
    key: str = "",
) -> None:
    """Note every place in the order in which it is met, and the keys that it stands under."""
    match shape:
        case Section() | ByKind():
            section = shape.shared if isinstance(shape, ByKind) else shape
            new = section.name not in met
            met.setdefault(section.name, shape)
            if key:
                under.setdefault(section.name, {})[key] = None
            own = [*shape.own.values()] if isinstance(shape, ByKind) else []
            for one in [section.keys, *own] if new else []:
                for inner in one:
                    _walk(inner.shape, under, met, inner.name)
        case ListOf():
            _walk(shape.item, under, met, key)
        case MapOf():
            _walk(shape.value, under, met, key)
        case IfShape():
            _walk(shape.other, under, met, key)
        case LongForm():
            _walk(shape.section, under, met, key)


def _heading(section: Section, keys: list[str]) -> str:
    facts = [f"{_sentence(section.meaning)}."]
    if keys:
        facts.append(f"It stands under {' and '.join(f'`{key}`' for key in keys)}.")
    if section.least:
        facts.append("At least one of its keys is given.")
    if section.or_null:
        facts.append("It may be left empty.")
    if section.rule:
        facts.append(f"*Also checked:* {section.rule}.")
    if section.see:
        facts.append(f"More: [{_title(section.see)}]({section.see}).")
    return f"## {section.name}\n\n{_escaped(' '.join(facts))}\n"


def _kinds(place: ByKind) -> Iterator[str]:
    """The keys that the kinds have beside the shared ones; neighbours with the same together."""
    yield f"Beside these, each kind of {place.shared.name} has keys of its own.\n"
    for keys, kinds in groupby(place.kinds, key=place.own.__getitem__):
        yield f"### {', '.join(kinds)}\n"
        yield _table(keys)


def _table(keys: tuple[SpecKey, ...]) -> str:
    return "\n".join([_HEAD, *map(_row, keys), ""])


def _row(key: SpecKey) -> str:
    default = key.otherwise
    if key.required:
        default = "required"
    elif key.default is not None:
        default = f"`{flow(key.default)}`"
    meaning = f"{key.meaning}. *Also checked:* {key.rule}" if key.rule else key.meaning
    cells = (f"`{key.name}`", words(key.shape), default, meaning)
    return f"| {' | '.join(map(_escaped, cells))} |"


def _title(see: str) -> str:
    page, _, heading = see.partition("#")
    return f"{_PAGES[page]}, {heading.replace('-', ' ')}" if heading else _PAGES[page]


def _sentence(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


def _escaped(text: str) -> str:
    """A bar would end the cell of a table."""
    return text.replace("|", "\\|")
