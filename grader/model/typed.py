"""What stands in an answer sheet, before anything is read from it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.value import Value, map_leaves

__all__ = ["USUAL_NUMBERS", "NumberRules", "Typed", "Unread", "texts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRules:
    """What is read as a number beyond plain numbers and small calculations."""

    calculations: bool = True  #: fractions, roots, π and + − × ÷
    expressions: bool = False  #: functions, powers and e
    decimal_comma: bool = False
    percent: bool = False  #: `12 %` is 0.12
    unit: str = ""  #: the question's own, which may stand behind the number


USUAL_NUMBERS = NumberRules()


@dataclass(frozen=True, slots=True)
class Typed:
    """One scalar of a sheet as it was typed. Lists of them are tuples, mappings dicts."""

    text: str  #: in YAML or JSON quotes and escapes are resolved, nothing else
    quoted: bool  #: whether it is a text for certain, whatever it looks like
    line: int = 0
    fault: str = ""  #: why it cannot be read, for the one who typed it; `text` is then all of it


def texts_of(value: Value) -> Value:
    """The texts alone, in the same lists and mappings."""
    return map_leaves(value, lambda item: item.text if isinstance(item, Typed) else item)


class Unread(str):
    """A text that is not a number, and `why`: what to change, in words for the one who typed it."""

    __slots__ = ("why",)
    why: str

    def __new__(cls, text: str, why: str) -> Unread:
        """The text as it was typed."""
        made = super().__new__(cls, text)
        made.why = why
        return made

    def __reduce__(self) -> tuple[type[Unread], tuple[str, str]]:
        """How a copy is made, and one that crosses to another process."""
        return Unread, (str(self), self.why)
