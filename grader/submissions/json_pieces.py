"""Read a sheet in JSON that has a slip: each answer by itself, so that the others count.

An answer goes from its name in quotes to the next name. What JSON does not know but anybody reads
(`.5`, `'x'`, a comma too many in a list) is read as in a sheet that is not JSON.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from grader.model.diagnostic import Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.yaml_reader import YamlFault, read_yaml_string
from grader.submissions.answered import Answered, Stray, is_left_empty, merged
from grader.submissions.json_sheet import JsonFault, read_json_value
from grader.submissions.sheet_text import SheetText
from grader.submissions.slips import has_lost_letter, legible, quoted_line

__all__ = ["read_json_pieces"]

_NAME = re.compile(
    r"(?:\"(?P<double>[^\"\n]{1,100})\"|'(?P<single>[^'\n]{1,100})'|“(?P<curly>[^”\n]{1,100})”"
    r"|(?<![\w.])(?P<bare>[^\W\d][\w.-]{0,99}))\s*(?P<sign>[:=]|(?=[-+0-9.\[{\"']))"
)
_COMMENT = re.compile(r"\"(?:[^\"\\\n]|\\.){0,500}+\"|(?P<comment>(?<!:)//[^\n]*)")
_BARE = re.compile(r"[^\s\"'“”\[\]{},:][^\"“”\[\]{},:\n]*|[-+]?[0-9]+,[0-9]+")
_NOT_UTF8 = "a letter here is not UTF-8; save the file as UTF-8"
_MOST = 2000  # names
_LONGEST = 4000
_LONGEST_TEXT = 100_000


def read_json_pieces(
    text: str, *, file: str, fault: JsonFault, names: Collection[str] = ()
) -> SheetText | None:
    """What stands under each name of a text that is not JSON; None where nothing does.

    `fault` is what is wrong with the text as a whole: it is told, but costs only what it spoils.
    `names` are the ids of the questions, where they are known.
    """
    if not text.lstrip().startswith("{") or len(text) > _LONGEST_TEXT:
        return None
    text = _COMMENT.sub(lambda found: " " * len(found[0]) if found["comment"] else found[0], text)
    found = merged(_answers(text, names))
    if all(is_left_empty(answer.value) for answer in found.values()):
        return None
    told = Stray(
        name="",
        place=Place(file=file, line=fault.line),
        why=f"{fault.why}; the answers were read one by one",
        text=text[:1],
    )
    return SheetText(
        answers={name: answer.value for name, answer in found.items()},
        places={name: Place(file=file, line=answer.line) for name, answer in found.items()},
        strays=(told,),
    )


def _answers(text: str, names: Collection[str]) -> Iterator[tuple[str, Answered]]:
    begins = _next(text, text.index("{") + 1, names)
    for _ in range(_MOST):
        if begins is None:
            return
        line = text.count("\n", 0, begins.start()) + 1
        end, value = _value(text, begins.end(), names)
        if begins["sign"] != ":":
            said = text[begins.start() : end].strip().rstrip("},").rstrip()
            why = f"{quoted_line(said)}: a colon is missing behind the name"
            value = Typed(legible(said)[:_LONGEST], quoted=False, line=line, fault=why)
        yield _name(begins), Answered(value=value, line=line)
        begins = _next(text, end, names)


def _name(found: re.Match[str]) -> str:
    return next(name for name in found.group("double", "single", "curly", "bare") if name).strip()


def _next(
    text: str, position: int, names: Collection[str], *, inside: bool = False
) -> re.Match[str] | None:
    """The next name; `inside` of an answer that cannot be read, one that is known to be one."""
    while (found := _NAME.search(text, position)) is not None:
        known = not names or _name(found) in names
        if known and found["bare"] is None:
            return found
        if not inside and found["sign"] == ":":
            return found
        position = found.end()
    return None


def _value(text: str, position: int, names: Collection[str]) -> tuple[int, Value]:
    """Where the answer ends that begins here, and what it says."""
    line = text.count("\n", 0, position) + 1
    try:
        value, end = read_json_value(text, position, line=line)
    except JsonFault as fault:
        why = fault.why
    else:
        lost = has_lost_letter(text[position:end])
        if _ends(text, end) and not lost:
            return end, value
        why = _NOT_UTF8 if lost else "something stands behind the answer"
    following = _next(text, position, names, inside=True)
    end = following.start() if following is not None else len(text.rstrip())
    said = text[position:end].strip().rstrip(",").rstrip()
    if following is None:
        said = said.removesuffix("}").rstrip()
    read = None if has_lost_letter(said) else _as_elsewhere(said, line)
    if read is None:
        shown = quoted_line(said.split("\n", 1)[0])
        read = Typed(legible(said)[:_LONGEST], quoted=False, line=line, fault=f"{shown}: {why}")
    return end, read


def _ends(text: str, end: int) -> bool:
    """Whether an answer that JSON can read ends there: nothing follows, or another name."""
    rest = text[end : end + 200].lstrip()
    separated = rest.lstrip(",;} \t\n{")
    named = _NAME.match(separated)
    return not separated or (named is not None and named["sign"] == ":")


def _as_elsewhere(said: str, line: int) -> Value | None:
    """An answer as a sheet that is not JSON has it; None where it is none there."""
    if _BARE.fullmatch(said) or not said:
        return Typed(said, quoted=False, line=line)
    if said[0] not in "[{'":
        return None
    try:
        document = read_yaml_string(f"x: {said}\n", name="", scalar=Typed)
    except YamlFault:
        return None
    if not isinstance(document.data, dict) or len(document.data) != 1:
        return None
    return map_leaves(document.data["x"], lambda one: replace(one, line=line + one.line - 1), tuple)
