"""The sentences for what a function returned that the next step could not use, and for a function
that takes other arguments than it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.judge.words.values import cut, shown
from grader.model.response import Met
from grader.model.value import Opaque, Value

__all__ = ["met", "where_met"]

_LONGEST = 80
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_FORMS = {
    "numbers": "an array or a number",
    "dict": "a dictionary",
    "list": "a list",
    "tuple": "a tuple",
    "str": "a text",
}


def met(told: Met, entry: str, called_as: str, said: str, *, hidden: bool) -> str:
    """What is told of it; of a hidden case neither a value nor a text that its code made."""
    if told.problem == "call":
        return _takes(told, entry, called_as, said)
    returned = f"your {_name(told, entry)} returned"
    if told.problem == "none" and told.at < 0:
        return (
            f"{returned} nothing (None), and the next step needs its result: is `return` missing, "
            "or is the function not finished?"
        )
    if hidden:
        return f"the next step cannot use what {returned}"
    if told.problem == "made":
        return f"an object of your {_name(told, entry)} has no `{told.text}`, which is needed next"
    whole = f"{returned} {_value(told.value)}"
    return f"{whole}; {_needed(told, said)}" if told.called else f"the call failed{said}"


def _needed(told: Met, said: str) -> str:
    which = _which(told)
    if told.problem == "none":
        needs = f"{which} is None, where the next step needs a value"
        return f"{needs}: is it not finished?"
    if told.problem == "count":
        found = f", and there {_are(len(told.value))}" if _several(told.value) else ""
        found = ", and it is one array" if hasattr(told.value, "dtype") else found
        return f"the next step takes {told.wanted} values from it{found}"
    if told.problem == "key":
        needs = f"the next step looks up the key '{told.text}' in {which}"
        if isinstance(_meant(told), Mapping):
            return f"{needs}, and it is not there"
        return needs + _other_order(told, lambda one: isinstance(one, Mapping))
    if told.problem == "attribute":
        return f"the next step needs `.{told.text}` of {which}, and it is not there"
    if told.problem == "number":
        needs = f"the next step needs an array or a number, and {which} is {_form(_meant(told))}"
        swapped = isinstance(_meant(told), Mapping)
        return needs + _other_order(told, _calculates) if swapped else needs
    return f"the next step cannot use {which}{said}"


def given(told: Met, entry: str) -> str:
    """Where their own code failed on what it was handed: that it comes from their own code too."""
    name = told.parameter or "an argument"
    value = f"`{name}`" if told.parameter else name
    which = "what" if told.at < 0 else f"the {_place(told.at)} of the values that"
    words = f"there {value} is {_value(_meant(told))}: {which} your {_name(told, entry)} returned"
    if told.text:
        return f"{words}, where the first call was given {_FORMS.get(told.text, told.text)}"
    return f"{words}; is it not finished?" if _meant(told) is None else words


def where_met(told: Met) -> str:
    """For staff: the line of the driver."""
    return f"met in line {told.line} of the driver {told.driver}"


def _takes(told: Met, entry: str, called_as: str, said: str) -> str:
    name, text = _name(told, entry), told.text or called_as
    calling = f"it is called as `{text}`" if text else "it is called with others"
    if told.least < 0:
        return f"{name} cannot be called like this{said}; {calling}"
    count = f"{told.least}" if told.least == told.most else f"{told.least} to {told.most}"
    if told.most < 0:
        count = f"at least {told.least}"
    plural = "" if count in ("1", "at least 1") else "s"
    by_name = f", and `{told.parameter}` by its name only" if told.parameter else ""
    return f"{name} takes {count} argument{plural}{by_name}; {calling}"


def _name(told: Met, entry: str) -> str:
    return f"`{told.called or entry}`"


def _meant(told: Met) -> Value:
    if told.at >= 0 and _several(told.value) and told.at < len(told.value):
        return told.value[told.at]
    return told.value


def _several(value: Value) -> bool:
    return isinstance(value, list | tuple)


def _which(told: Met) -> str:
    return "it" if told.at < 0 else f"the {_place(told.at)} of these"


def _place(at: int) -> str:
    return _PLACES[at] if at < len(_PLACES) else f"value {at + 1}"


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _other_order(told: Met, fits: Callable[[Value], bool]) -> str:
    """A question where another of the values returned is of the kind that is needed."""
    if told.at < 0 or not _several(told.value):
        return ""
    others = [item for at, item in enumerate(told.value) if at != told.at]
    return "; are they in the right order?" if any(map(fits, others)) else ""


def _calculates(value: Value) -> bool:
    return hasattr(value, "dtype") or isinstance(value, int | float)


def _form(value: Value) -> str:
    if value is None:
        return "None"
    kind = next((name for name, one in _KINDS if isinstance(value, one)), "")
    return _FORMS.get(kind, "something else")  # an object of a class of their own


_KINDS: Sequence[tuple[str, type | tuple[type, ...]]] = (
    ("str", str),
    ("tuple", tuple),
    ("list", list),
    ("dict", Mapping),
)


def _value(value: Value) -> str:
    """As Python writes it, in short: `(None, {…})`."""
    if isinstance(value, tuple):
        inner = ", ".join(_inner(item) for item in value[:6])
        return f"`{cut(f'({inner}{chr(44) * (len(value) == 1)})', _LONGEST)}`"
    if isinstance(value, Opaque) and value.why:
        return value.why  # it is words
    return f"`{shown(value, _LONGEST)}`"


def _inner(item: Value) -> str:
    if isinstance(item, Mapping):
        return f"{{{', '.join(f'{key!r}: …' for key in list(item)[:6])}}}" if item else "{}"
    return shown(item, 30)
