"""What may stand in a spec: the words in which its keys are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, TypeAlias

__all__ = [
    "Anything",
    "ByKind",
    "Flag",
    "IfShape",
    "Json",
    "ListOf",
    "LongForm",
    "MapOf",
    "Number",
    "OneOf",
    "Scalar",
    "Section",
    "Shape",
    "SpecKey",
    "Text",
]

Json: TypeAlias = Any  #: what JSON can hold: texts, numbers, true, false, null, lists, mappings


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be. `shown` says it in words where those of its parts would not do."""

    _: KW_ONLY
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """Any value, also none."""


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """A text; an anchored `pattern` means all of it, and lengths are in characters."""

    _: KW_ONLY
    pattern: str = ""
    shortest: int | None = None
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A finite number. The ends `least` and `most` are allowed, `above` itself is not."""

    _: KW_ONLY
    whole: bool = False
    or_null: bool = False
    least: int | None = None
    above: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """True or false."""


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """A text, a number, true or false."""


@dataclass(frozen=True, slots=True)
class OneOf(Shape):
    """One of a closed set of values."""

    values: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list of `least` to `most` items of one shape; `unique`: none of them twice."""

    item: Shape
    _: KW_ONLY
    least: int | None = None
    most: int | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A mapping whose keys the author chooses; `names` says what these may be."""

    value: Shape = Anything()
    _: KW_ONLY
    names: Text | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class SpecKey:
    """One key: what it is called, what may stand there, and what that means.

    `default` is the value that counts where the key is not given; `otherwise` says it in words
    where it depends on something else. `rule` is checked by code when the assignment is loaded:
    a JSON Schema could not say it, or not in words that help.
    """

    name: str
    shape: Shape
    meaning: str
    _: KW_ONLY
    required: bool = False
    default: Json = None
    otherwise: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Section(Shape):
    """A mapping with just these keys: one place in the spec.

    It is one definition of the schema, under its name, and one table of the authors' page. `least`
    is how many keys must be given, `or_null` lets the value be missing. `rule` is what code checks
    of the keys together, and `see` what tells more: a page or a heading, linked from the table.
    """

    name: str
    meaning: str
    keys: tuple[SpecKey, ...]
    _: KW_ONLY
    least: int | None = None
    or_null: bool = False
    rule: str = ""
    see: str = ""

    def key(self, name: str) -> SpecKey:
        """Look a key up by its name. Raises KeyError."""
        for key in self.keys:
            if key.name == name:
                return key
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class IfShape(Shape):
    """Where the value is of the type of `first` it must fit `first`, else `other`.

    An author who writes the one form is told what is wrong with it, not with the other form.
    """

    first: Text | ListOf | Flag
    other: Shape


@dataclass(frozen=True, slots=True)
class LongForm(Shape):
    """A mapping with one of the keys `marks` must fit the section; any other is taken as it is."""

    marks: tuple[str, ...]
    section: Section


@dataclass(frozen=True, slots=True)
class ByKind(Shape):
    """A mapping whose key `kind` says which section it must fit; all begin with the shared keys."""

    shared: Section
    own: Mapping[str, tuple[SpecKey, ...]]  #: by kind

    @property
    def kinds(self) -> tuple[str, ...]:
        kinds = self.shared.key("kind").shape
        assert isinstance(kinds, OneOf)
        return kinds.values

    def section(self, kind: str) -> Section:
        """What a mapping of this kind must fit: the shared keys, with that kind, and its own."""
        keys = tuple(
            replace(key, shape=OneOf((kind,))) if key.name == "kind" else key
            for key in self.shared.keys
        )
        name = f"{kind}_{self.shared.name}"
        return Section(name, self.shared.meaning, keys + self.own[kind])
