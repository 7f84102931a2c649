r"""What stands in the braces of `\answer` as a value: what a sheet would say in its place.

Dollars and frames around an answer are taken off. Brackets are lists, and so are the rows of a
matrix; `label: value, label: value` are parts. A formula stays LaTeX, which the judge reads; a
number in LaTeX becomes one as it is typed in a sheet, with its digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.model.typed import Typed
from grader.model.value import Value
from grader.submissions.latex_quantity import without_quantities

__all__ = ["latex_value", "unescaped", "without_styles"]

_DEEPEST = 20
_PIECES = re.compile(r"\\left\b|\\right\b|\\.|[\[\](){},]", re.DOTALL)
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_LABELLED = re.compile(r"\s*(?P<label>[^\W\d](?:\\?\w)*)\s*:(?!=)\s*(?P<value>.*)\Z", re.DOTALL)
_MATRIX = re.compile(
    r"\\begin\{(?P<name>[pbBvV]?(?:small)?matrix\*?|array)\}(?:\{[^{}]*\}|\[[^\]]*\])?"
    r"(?P<rows>.*)\\end\{(?P=name)\}\Z",
    re.DOTALL,
)
_BRACKETED = re.compile(
    r"\\left\s*[\[(|.]\s*(?P<array>\\begin\{array\}.*\\end\{array\})\s*\\right\s*[\])|.]\Z",
    re.DOTALL,
)
_TURNED = re.compile(
    r"(?<=[\])}])\s*\^\s*"
    r"(?:T|\{\s*T\s*\}|\{?\s*\\(?:top|intercal|math(?:sf|rm|bf|tt)\s*(?:T|\{\s*T\s*\}))\s*\}?)\s*\Z"
)
_DISPLAY = re.compile(
    r"\\begin\{(?P<name>(?:equation|align|gather|displaymath|math|multline|flalign|eqnarray)\*?)\}"
    r"(?P<inner>.*)\\end\{(?P=name)\}\Z",
    re.DOTALL,
)
_STYLED = re.compile(r"\\(?:text(?:tt|bf|it|rm)?|emph|math(?:tt|rm|it|bf))\s*\{([^{}]*)\}")
_FRAME = re.compile(
    r"\\(?:text(?:tt|bf|it|rm|sf|normal)?|emph|mathrm|mathbf|boxed|fbox|mbox|ensuremath|num)\s*\{"
    r"|\\(?:underline|uline|(?:textcolor|colorbox)\s*\{[^{}]*\})\s*\{"
    r"|\\includegraphics\s*(?:\[[^\]]*\])?\s*\{|\{"
)
_STYLE = re.compile(
    r"\\(?:(?:displaystyle|textstyle|centering|ttfamily|small|large|noindent)\b"
    r"|color\s*\{[^{}]*\}|left\s*\.)\s*"
)
_SPACE = r"(?<!\\)\\(?:[,;:!> ]|q?quad(?![A-Za-z])|right\s*\.)"
_SPACE_BEFORE = re.compile(rf"(?:\s|{_SPACE})*")
_SPACE_AFTER = re.compile(rf"(?:\s|{_SPACE})\Z")
_LONGEST_SPACE = 10  # signs, with the one before
#: What names a list before it: `\mathbf{x} = (1, 2)`.
_LEFT_SIDE = re.compile(
    r"\A(?:\\[A-Za-z]+\s*\{?\\?\w+\}?|\\?[A-Za-z]\w*)(?:[_^](?:\w|\{[^{}]*\}|\*))*'*\s*=\s*"
    r"(?=\\left|\\begin\{[pbBvV]?(?:small)?matrix|\\begin\{array|\\[pb]matrix|[\[(]|\\langle)"
)
_OLD_MATRIX = re.compile(r"\\(?P<name>[pb]?matrix)\s*\{(?P<rows>[^{}]*)\}")
_ANGLES = re.compile(r"\\[lr]angle(?![A-Za-z])\s*")
_OF_LATEX = re.compile(r"[\\${}~]")
_MATHS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
_ESCAPED = re.compile(r"\\([_%&#$])")
_SIGNS = (
    (re.compile(r"\\(?:num|text|mathrm|textrm|unit|si)\s*\{([^{}]*)\}"), r" \1"),
    (re.compile(r"\\(?:times|cdot)(?![A-Za-z])"), "×"),
    (re.compile(r"\\approx(?![A-Za-z])"), "≈"),
    (re.compile(r"\{([,.])\}"), r"\1"),
    (re.compile(r"([_^])\{(-?\w+)\}"), r"\1\2"),
    (re.compile(r"\\[,;: ]|~"), " "),
    (re.compile(r"\\!"), ""),
    (re.compile(r"\\%"), "%"),
)
_NUMBER = re.compile(
    r"\s*(?:\w+'*\s*[=≈]|≈)?\s*[-+−–]?\s*(?:[0-9][0-9., ]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"(?:\s*×\s*10\s*\^\s*\(?[-+−]?[0-9]+\)?)?\s*(?:%|°?[A-Za-zµΩ][A-Za-z0-9µΩ/^·* -]*)?\s*"
)
_NUMBERS = re.compile(r"[\[(][-+−–0-9.,; eE()\[\]]+[\])]")


def latex_value(text: str, line: int, depth: int = 0) -> Value:
    """The value that a text of LaTeX without comments says, its scalars as they were typed."""
    text = _in_brackets(_LEFT_SIDE.sub("", _unframed(text)))
    turned = _TURNED.search(text)
    if turned is not None and depth < _DEEPEST:
        rows = latex_value(text[: turned.start()], line, depth + 1)
        if isinstance(rows, tuple):
            return _transposed(rows)
    items = _inside(text, "[", "]") if depth < _DEEPEST else None
    if items is not None and len(items) == 1 and _MATRIX.match(items[0].strip()):
        return latex_value(items[0], line, depth + 1)  # an array in brackets of its own
    if items is not None:
        return tuple(latex_value(item, line, depth + 1) for item in items)
    if text.startswith(("[", "\\left[")) and depth < _DEEPEST and _unbalanced(text):
        fault = "a bracket is opened and not closed, or closed and not opened"
        return Typed(text, quoted=False, line=line, fault=f"`{text[:60]}`: {fault}")
    if 0 < depth < _DEEPEST:
        items = _inside(text, "(", ")")
        if items is not None and len(items) > 1:
            return tuple(latex_value(item, line, depth + 1) for item in items)
    if depth < _DEEPEST and (parts := _parts(text)) is not None:
        return {label: latex_value(value, line, depth + 1) for label, value in parts.items()}
    bracketed = _BRACKETED.match(text)
    matrix = _MATRIX.match(bracketed["array"] if bracketed is not None else text)
    if matrix is not None:
        return _rows(matrix["rows"], line)
    return _scalar(text, line)


def _in_brackets(text: str) -> str:
    """Other ways to write the brackets of a list."""
    if "\\" not in text:
        return text
    text = _OLD_MATRIX.sub(r"\\begin{\g<name>}\g<rows>\\end{\g<name>}", text)
    text = re.sub(r"\\cr(?![A-Za-z])", r"\\\\", text) if "matrix" in text else text
    return _ANGLES.sub(lambda found: "(" if "langle" in found[0] else ")", text)


def without_styles(text: str) -> str:
    r"""`\texttt{a}` and `$a$` as `a`."""
    return _STYLED.sub(r"\1", text).replace("$", "")


def unescaped(text: str) -> str:
    r"""`a\_b` as `a_b`."""
    return _ESCAPED.sub(r"\1", text)


def _scalar(text: str, line: int) -> Typed:
    number = without_quantities(text)
    for sign, plain in _SIGNS if _OF_LATEX.search(text) else ():
        number = sign.sub(plain, number)
    once = " ".join(number.split())  # many spaces could be shared out in too many ways
    if _NUMBER.fullmatch(once) or _NUMBERS.fullmatch(number):
        return Typed(number.strip(), quoted=False, line=line)
    for opening, ending in (('"', '"'), ("``", "''")):
        inner = text[len(opening) : -len(ending)]
        if text.startswith(opening) and text.endswith(ending) and ending not in inner and inner:
            return Typed(unescaped(inner), quoted=True, line=line)
    bare = unescaped(text)
    return Typed(bare if "\\" not in bare else text, quoted=False, line=line)


def _without_space_around(text: str) -> str:
    """Taken off from the end one by one: a pattern would look through all of it from each place."""
    found = _SPACE_BEFORE.match(text)
    start, end = found.end() if found else 0, len(text)
    while last := _SPACE_AFTER.search(text, max(start, end - _LONGEST_SPACE), end):
        end = last.start()
    return text[start:end]


def _unframed(text: str) -> str:
    """Without the dollars, the boxes and the styles that stand around all of it."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
    text = "\n".join(part for part in paragraphs if part)
    if not _OF_LATEX.search(text):
        return text
    text = _without_space_around(text)  # what is within is quoted as it was typed
    for _ in range(_DEEPEST):
        before = text
        text = _STYLE.sub("", text, count=1) if _STYLE.match(text) else text
        for opening, ending in _MATHS:
            inner = text[len(opening) : -len(ending)]
            around = text.startswith(opening) and text.endswith(ending)
            if around and len(text) >= len(opening) + len(ending) and opening not in inner:
                text = inner.strip()
        display = _DISPLAY.match(text)
        if display is not None and "\\begin" not in display["inner"]:
            lines = display["inner"].strip().removesuffix("\\\\")
            text = lines.replace("&", "").strip() if "\\\\" not in lines else text
        elif display is not None and "&" not in display["inner"].split("\\begin")[0]:
            text = display["inner"].strip()
        frame = _FRAME.match(text)
        if frame is not None and _end_of(text, frame.end() - 1) == len(text) - 1:
            inner = text[frame.end() : -1].strip()
            if frame[0] != "{" or _parts(text) is None:
                text = inner
        text = text.removesuffix("\\\\").rstrip() if text.endswith("\\\\") else text
        if text == before:
            return text
    return text


def _pieces(text: str) -> Sequence[tuple[str, int, int]]:
    r"""The signs that enclose or separate, `\{` as `{`, and where they stand."""
    found = []
    for piece in _PIECES.finditer(text):
        sign = piece[0].removeprefix("\\") if piece[0] in ("\\{", "\\}") else piece[0]
        if len(sign) == 1:
            found.append((sign, piece.start(), piece.end()))
    return found


def _end_of(text: str, at: int) -> int | None:
    """Where the bracket that is opened at this place is closed."""
    opened: list[str] = []
    for sign, start, end in _pieces(text):
        if start < at:
            continue
        if sign in _CLOSING:
            opened.append(_CLOSING[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
            if not opened:
                return end - 1
        elif sign != ",":
            return None
    return None


def _unbalanced(text: str) -> bool:
    signs = [sign for sign, _, _ in _pieces(text)]
    return signs.count("[") != signs.count("]")


def _inside(text: str, opening: str, ending: str) -> list[str] | None:
    """What the commas separate inside brackets around all of it; None where there are none."""
    inner = text.removeprefix("\\left").lstrip()
    if not inner.removeprefix("\\").startswith(opening):
        return None
    begin = inner.index(opening)
    stop = _end_of(inner, begin - (inner[0] == "\\"))
    if stop is None or inner[stop:] != ending:
        return None
    body = inner[begin + 1 : stop].rstrip()
    body = re.sub(r"\\(?:right)?\Z", "", body).strip()
    return _cut(body) if body else []


def _cut(text: str) -> list[str]:
    """At the commas outside all brackets; one at the end separates nothing."""
    parts, begin, depth = [], 0, 0
    for sign, start, end in _pieces(text):
        if sign == "," and depth <= 0:
            parts.append(text[begin:start])
            begin = end
        elif sign in _CLOSING:
            depth += 1
        elif sign != ",":
            depth -= 1
    last = text[begin:]
    return [*parts, last] if last.strip() or not parts else parts


def _parts(text: str) -> dict[str, str] | None:
    """Parts by their labels; without braces around them there are two or more."""
    items = _inside(text, "{", "}")
    least = 1 if items is not None else 2
    found = [_LABELLED.match(item) for item in (_cut(text) if items is None else items)]
    if len(found) < least or any(match is None for match in found):
        return None
    parts = {unescaped(match["label"]): match["value"] for match in found if match is not None}
    return parts if len(parts) == len(found) else None


def _transposed(rows: tuple[Value, ...]) -> Value:
    """A list in one line may be a column as well as a row."""
    nested = all(isinstance(row, tuple) for row in rows)
    return tuple(zip(*rows, strict=True)) if nested and len(set(map(len, rows))) == 1 else rows


def _rows(text: str, line: int) -> Value:
    """The rows of a matrix; a single row or column is a plain list."""
    cut = [row for row in re.split(r"\\\\(?:\[[^\]]*\])?", text) if row.strip()]
    rows = tuple(tuple(_scalar(_unframed(cell), line) for cell in row.split("&")) for row in cut)
    if len(rows) == 1:
        return rows[0]
    return tuple(row[0] for row in rows) if all(len(row) == 1 for row in rows) else rows
