"""Lists as people lay them out: numbered or bulleted lines, arrows, labels in front of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from grader.judge.mark.text_tables import rows_of_table
from grader.judge.mark.typed_advice import two_ways
from grader.model.typed import Unread
from grader.model.value import Value

__all__ = ["laid_out", "rows_by_label"]

# In front of an item: `1.`, `2)`, `3:`, `x1 =`, `x_1 =`, `k = 1:`, `Step 1:`, `x(1) =`.
_LABEL = re.compile(
    r"(?:\A|(?<=[\s,;{]))(?P<name>[^\W\d_]*(?:\s{0,3}=)?[\s_(\[]{0,3})(?P<index>[0-9]+)[)\]]?"
    r"(?P<sign>\s{0,3}[:=≈]|[.)](?=\s))\s*(?=[-+−–.0-9\[(])"
)
_KEY = re.compile(r"(?P<name>[^\W\d_]*(?:\s*=)?[\s_(\[]*)(?P<index>[0-9]+)[)\]]?")
_BULLET = re.compile(r"(?P<sign>[-–−*•‣▪])\s+(?=\S)")
_MINUS = "-–−"
_ARROW = re.compile(r"[-–=]{1,8}>|[→⟶⇒➔➜↦]")
_AND_SO_ON = re.compile(r"(?<=[0-9)\]])\s*[,;]\s*(?:\.{3}|…)\s*(?=[)\]}]?\s*\Z)")
_ENDS_IN_POINT = re.compile(r"[0-9]\.(?![0-9])")
_TRANSPOSED = re.compile(r"(?<=[\])])\s*(?:\^\s*\{?T\}?|ᵀ|\.T|'|’)\s*\Z")
_ONE_ROW = re.compile(r"[\[(][^\[\]()]*[\])]")
_SEPARATES = re.compile(r"[,;\s]")


def laid_out(text: str) -> str:
    """The same list in brackets with commas, where it is laid out in one of these ways.

    An `Unread` where the lines begin with a sign that may be a bullet or a minus, or where numbers
    in one line may be those of the items.
    """
    text = _AND_SO_ON.sub("", rows_of_table(text.strip()))
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    unmarked = _without_bullets(lines)
    if unmarked is not None:
        return unmarked if isinstance(unmarked, Unread) else _in_brackets(unmarked)
    items = _labelled(text.strip())
    if items is not None:
        return items if isinstance(items, Unread) else _in_brackets(items)
    steps = [step.strip() for step in _ARROW.split(text)]
    if len(steps) > 1 and all(steps):
        return _in_brackets(steps)
    several = len(lines) > 1 and all(len(line.rstrip(",;").split()) > 1 for line in lines)
    if several and not set(text) & set("[](){}\\"):
        return "; ".join(line.rstrip(",;") for line in lines)  # `1 2` above `3 4`
    return text


def rows_by_label(answer: Mapping[str, Value]) -> Value:
    """The rows of `{x1: [1, 2], x2: [3, 4]}` as a list; anything else as it is.

    Their labels must count from 0 or 1, in order.
    """
    labels = [_KEY.fullmatch(str(name).strip()) for name in answer]
    found = [label for label in labels if label is not None]
    if len(found) < len(labels) or not _count(found):
        return answer
    return tuple(answer.values())


def _count(labels: Sequence[re.Match[str]]) -> bool:
    """Whether labels of one name count up, from 0 or 1."""
    first = int(labels[0]["index"][:3]) if labels else 2
    return (
        first in (0, 1)
        and len({label["name"].strip() for label in labels}) == 1
        and [label["index"].lstrip("0") or "0" for label in labels]
        == [str(number) for number in range(first, first + len(labels))]
    )


def _without_bullets(lines: Sequence[str]) -> Sequence[str] | Unread | None:
    signs = [_BULLET.match(line) for line in lines]
    found = [sign for sign in signs if sign is not None]
    if len(lines) < 2 or len(found) < len(lines) or len({sign["sign"] for sign in found}) > 1:
        return None
    bare = [line[sign.end() :] for line, sign in zip(lines, found, strict=True)]
    if found[0]["sign"] in _MINUS and any(line[0].isdigit() or line[0] == "." for line in bare):
        shown = ", ".join(bare)
        return Unread(
            "\n".join(lines), two_ways(f"[{shown}]", f"[{', '.join(f'-{one}' for one in bare)}]")
        )
    return bare


def _labelled(text: str) -> Sequence[str] | Unread | None:
    text = text[1:-1].strip() if text[:1] == "{" and text[-1:] == "}" else text
    labels = [*_outside(text)]
    if len(labels) < 2 or labels[0].start() > 0 or not _count(labels):
        return None
    sign = labels[0]["sign"].strip()
    if any(label["sign"].strip() != sign for label in labels):
        return None
    if sign == ":" and not labels[0]["name"] and not labels[0][0][-1].isspace():
        return None  # 1:2, 2:3 may be ratios
    ends = [label.start() for label in labels[1:]] + [len(text)]
    items = [
        text[label.end() : end].strip().rstrip(",;").strip()
        for label, end in zip(labels, ends, strict=True)
    ]
    if sign == ".":
        if any(map(_ENDS_IN_POINT.search, items)):
            return None  # numpy prints `1. 5. 2. 7.`
        if "\n" not in text and not all(item[:1] in ("(", "[") for item in items):
            shown = ", ".join(items)
            return Unread(text, two_ways(f"[{shown}]", f"[{', '.join(text.split())}]"))
    return items if all(items) else None


def _outside(text: str) -> Iterator[re.Match[str]]:
    """The labels that stand in no bracket."""
    depth, place = 0, 0
    for label in _LABEL.finditer(text):
        before = text[place : label.start()]
        depth += sum(map(before.count, "([")) - sum(map(before.count, ")]"))
        place = label.start()
        if depth <= 0:
            yield label


def _in_brackets(items: Sequence[str]) -> str:
    """`[item, item]`, an item of several numbers in brackets of its own."""
    rows = []
    for typed in items:
        item = _TRANSPOSED.sub("", typed.rstrip(",;").strip())
        item = item if _ONE_ROW.fullmatch(item) else typed.rstrip(",;").strip()
        several = _SEPARATES.search(item) and item[:1] not in ("(", "[", "{") and "(" not in item
        rows.append(f"[{item}]" if several and not _is_calculation(item) else item)
    return f"[{', '.join(rows)}]"


def _is_calculation(item: str) -> bool:
    return not set(item) & set(",;") and re.search(r"[-+*/=≈^]\s", item) is not None
