r"""Commands that a report defines for itself: `\newcommand{\yh}{\hat{y}}`, `\def\half{0.5}`.

They are put in where an answer uses them. So is a command that does nothing but call `\answer`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Macros", "macros_in"]

_DEFINED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\s*\*?\s*(?:\{\s*\\(?P<name>[A-Za-z]+)\s*\}"
    r"|\\(?P<bare>[A-Za-z]+))\s*(?:\[(?P<count>[0-9])\])?(?P<default>\[[^\]]*\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<def>[A-Za-z]+)(?P<parameters>(?:#[0-9])*)\s*(?=\{)"
    r"|\\DeclareMathOperator\s*\*?\s*\{\s*\\(?P<operator>[A-Za-z]+)\s*\}\s*(?=\{)"
)
_USED = re.compile(r"\\([A-Za-z]+)")
_ANSWERS = re.compile(r"\s*\\answer\*?\s*\{#1\}\s*\{[^#{}]*#2[^#{}]*\}\s*%?\s*")
_PARAMETER = re.compile(r"#([1-9])")
_MOST = 500
_LONGEST = 20_000  # characters of an answer with all put in
_MOST_PUT_IN = 200_000
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Macro:
    count: int
    body: str


class Macros:
    """The commands of a report by name, without their backslash.

    What is put in is bounded in each answer and in all of them together: a command may hold itself.
    """

    def __init__(self, known: Mapping[str, _Macro], answering: frozenset[str]) -> None:
        self._known = known
        self.answering = answering  #: those that stand for `\answer`
        self._left = _MOST_PUT_IN

    def put_in(self, text: str) -> str:
        """The text with what its commands stand for; as it is, where that would be too much."""
        whole = text
        if self._left < 0:
            return text
        for _ in range(_DEEPEST if self._known else 0):
            put = self._once(whole)
            self._left -= len(put)
            if put == whole:
                return whole
            if len(put) > _LONGEST or self._left < 0:
                return text
            whole = put
        return text

    def _once(self, text: str) -> str:
        parts: list[str] = []
        at = length = 0
        for used in _USED.finditer(text):
            macro = self._known.get(used[1])
            if macro is None or used.start() < at:
                continue
            end, arguments = used.end(), [""]
            for _ in range(macro.count):
                end, argument = _argument(text, end)
                arguments.append(argument)
            body = _with(macro.body, arguments)
            parts += [text[at : used.start()], body]
            at = end
            length += len(parts[-1]) + len(parts[-2])
            if length > _LONGEST:
                break
        return "".join([*parts, text[at:]])


def macros_in(text: str, closing: Mapping[int, int]) -> Macros:
    """The commands that are defined in a text without comments; `closing` has the places of the
    braces that close, by those that open."""
    known: dict[str, _Macro] = {}
    answering = set()
    for found in _DEFINED.finditer(text):
        end = closing.get(found.end())
        name = found["name"] or found["bare"] or found["def"] or found["operator"]
        if end is None or found["default"] or len(known) >= _MOST or name == "answer":
            continue
        body = text[found.end() + 1 : end].replace("\0", "")
        count = int(found["count"] or 0) or len(found["parameters"] or "") // 2
        if count == 2 and _ANSWERS.fullmatch(body):
            answering.add(name)
        elif "\\answer" not in body:
            body = f"\\operatorname{{{body}}}" if found["operator"] else body
            known[name] = _Macro(count, body)
    return Macros(known, frozenset(answering))


def _with(body: str, arguments: Sequence[str]) -> str:
    def given(found: re.Match[str]) -> str:
        number = int(found[1])
        return arguments[number] if number < len(arguments) else ""

    return _PARAMETER.sub(given, body)


def _argument(text: str, at: int) -> tuple[int, str]:
    """Where the argument that begins at a place ends, and what it is: a group, or one sign."""
    while text[at : at + 1].isspace():
        at += 1
    if text[at : at + 1] != "{":
        command = _USED.match(text, at)
        end = command.end() if command is not None else at + 1
        return end, text[at:end]
    depth = 0
    for place in range(at, len(text)):
        sign, escaped = text[place], text[place - 1 : place] == "\\"
        depth += (sign == "{" and not escaped) - (sign == "}" and not escaped)
        if depth == 0:
            return place + 1, text[at + 1 : place]
    return len(text), text[at + 1 :]
