"""The difference of two editions as a list of edits, and an edition with one of them alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import yaml

from grader.gradebook.edition import Edition

__all__ = ["Edit", "edits_between"]

#: Lists whose entries are known by an id, and what one is called.
_LISTS: Mapping[str, str] = {"questions": "", "mistakes": "mistake "}
#: Mappings of which each entry is an edit of its own.
_TABLES = ("givens", "defaults", "formulas", "limits", "domains", "symbols", "functions")
_OTHER_LINES = ""
_MAP = "tag:yaml.org,2002:map"
_Nodes: TypeAlias = dict[str, Any]
_Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit. `alone` gives the old edition with it and nothing else, where there is one."""

    name: str
    alone: Callable[[], Edition] | None = None


def edits_between(old: Edition, new: Edition) -> Sequence[Edit]:
    """Every edit that makes the new edition of the old one."""
    edits = [*_of_spec(old, new), *_of_reference(old, new)]
    for name in sorted({*old.files, *new.files}):
        before, after = old.files.get(name), new.files.get(name)
        if before != after:
            others = {key: text for key, text in old.files.items() if key != name}
            files = others if after is None else {**others, name: after}
            edits.append(Edit(name=f"the file {name}", alone=partial(replace, old, files=files)))
    if dict(old.data) != dict(new.data):
        edits.append(Edit(name="the data"))
    if (old.grader, old.numpy) != (new.grader, new.numpy):
        words = [
            f"{what} {before} → {after}"
            for what, before, after in (
                ("grader", old.grader, new.grader),
                ("numpy", old.numpy, new.numpy),
            )
            if before != after
        ]
        # The old versions are not here any more, but the old files are: judged by the new ones.
        edits.append(Edit(name=", ".join(words), alone=lambda: old))
    return edits


# -- the spec ------------------------------------------------------------------------------------


def _of_spec(old: Edition, new: Edition) -> list[Edit]:
    if old.spec == new.spec:
        return []
    try:
        before, after = (_flat(_composed(text)) for text in (old.spec, new.spec))
    except yaml.YAMLError:
        return [Edit(name="the spec")]
    paths = dict.fromkeys([*before, *after])
    whole = {  # entries that came or went, each of which is one edit
        path[:2] for path in paths if path[-1] == "id" and (path in before) != (path in after)
    }
    edits = []
    for path in paths:
        if path[:2] in whole and path[-1] != "id":
            continue
        if _plain(before.get(path)) != _plain(after.get(path)):
            edits.append(
                Edit(
                    name=_name(path, is_new=path not in before, is_gone=path not in after),
                    alone=partial(_spec_alone, old, new, path),
                )
            )
    if not edits and _plain_order(old.spec) != _plain_order(new.spec):
        edits.append(Edit(name="the order of questions or mistakes"))
    return edits


def _spec_alone(old: Edition, new: Edition, path: _Path) -> Edition:
    return replace(old, spec=_with(old.spec, new.spec, path))


def _flat(root: Any) -> dict[_Path, Any]:
    """The node of every key that may have been edited, by where it is."""
    found: dict[_Path, Any] = {}
    for key, node in _entries(root).items():
        if key in _LISTS and isinstance(node, yaml.SequenceNode):
            for item in node.value:
                name = _id(item)
                for inner, value in _entries(item).items():
                    found[(key, name, inner)] = value
        elif key in _TABLES and isinstance(node, yaml.MappingNode):
            for inner, value in _entries(node).items():
                found[(key, inner)] = value
        else:
            found[(key,)] = node
    return found


def _entries(node: Any) -> _Nodes:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _id(item: Any) -> str:
    name = _entries(item).get("id")
    return str(name.value) if name is not None else ""


def _plain(node: Any) -> object:
    """What a node says, without where it stands."""
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        return "map", tuple((_plain(key), _plain(value)) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return "list", tuple(map(_plain, node.value))
    return node.tag, node.value


def _composed(text: str) -> Any:
    """The nodes of a document, each with the text that it was typed as."""
    return yaml.compose(text, yaml.SafeLoader)


def _plain_order(text: str) -> object:
    return _plain(_composed(text))


def _name(path: _Path, *, is_new: bool, is_gone: bool) -> str:
    if path[0] in _LISTS:
        kind = _LISTS[path[0]]
        if path[2] == "id":
            what = f"{kind or 'question '}{path[1]}"
            return f"{what} is new" if is_new else f"{what} is gone" if is_gone else what
        return f"{path[2]} of {kind}{path[1]}"
    return " ".join(path)


def _with(old: str, new: str, path: _Path) -> str:
    """The old spec with what the new one has at this path."""
    root, other = (_composed(text) for text in (old, new))
    if path[0] in _LISTS:
        node = _entries(root).get(path[0])
        source = _entries(other).get(path[0])
        items = list(node.value) if node is not None else []
        others = {_id(item): item for item in source.value} if source is not None else {}
        if path[2] == "id":  # the entry as a whole came or went
            items = [item for item in items if _id(item) != path[1]]
            if path[1] in others:
                items = _inserted(items, source, others[path[1]])
        else:
            mine = next(item for item in items if _id(item) == path[1])
            _put(mine, path[2], _entries(others[path[1]]).get(path[2]))
        if node is None:
            _put(root, path[0], source)
            node = _entries(root)[path[0]]
        node.value = items
    else:
        mine, theirs = root, other
        for key in path[:-1]:
            there = _entries(theirs).get(key)
            if key not in _entries(mine):
                _put(mine, key, yaml.MappingNode(_MAP, []))
            mine = _entries(mine)[key]
            theirs = there if there is not None else yaml.MappingNode(_MAP, [])
        _put(mine, path[-1], _entries(theirs).get(path[-1]))
    return str(yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=10**6))


def _inserted(items: list[Any], source: Any, item: Any) -> list[Any]:
    """Behind the entry that it stands behind in the new spec, where that is there."""
    order = [_id(one) for one in source.value]
    before = set(order[: order.index(_id(item))])
    place = max((n + 1 for n, one in enumerate(items) if _id(one) in before), default=0)
    return [*items[:place], item, *items[place:]]


def _put(node: Any, key: str, value: Any) -> None:
    """Set a key of a mapping, or take it out."""
    for place, (name, _) in enumerate(node.value):
        if str(name.value) == key:
            if value is None:
                del node.value[place]
            else:
                node.value[place] = (name, value)
            return
    if value is not None:
        node.value.append((yaml.ScalarNode("tag:yaml.org,2002:str", key), value))


# -- the reference -------------------------------------------------------------------------------


def _of_reference(old: Edition, new: Edition) -> list[Edit]:
    if old.reference == new.reference and old.reference_name == new.reference_name:
        return []
    whole = Edit(
        name="the reference",
        alone=lambda: replace(old, reference=new.reference, reference_name=new.reference_name),
    )
    before, after = _steps(old.reference), _steps(new.reference)
    if (
        before is None
        or after is None
        or old.reference_name != new.reference_name
        or before.get(_OTHER_LINES) != after.get(_OTHER_LINES)
    ):
        return [whole]
    return [
        Edit(
            name=f"{name} of the reference",
            alone=partial(_step_alone, old, before, name, after.get(name)),
        )
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _step_alone(old: Edition, steps: Mapping[str, str], name: str, part: str | None) -> Edition:
    return replace(old, reference=_with_step(steps, name, part))


def _steps(text: str) -> dict[str, str] | None:
    """Each function, class and name of a module with its lines, and all others together."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    lines = text.splitlines(keepends=True)
    found: dict[str, str] = {_OTHER_LINES: ""}
    for node in tree.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        part = "".join(lines[first - 1 : node.end_lineno]).rstrip("\n") + "\n"
        name = _OTHER_LINES
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        if name != _OTHER_LINES and name in found:
            return None  # defined twice: which of them counts is not for us to say
        found[name] = found.get(name, "") + part
    return found


def _with_step(steps: Mapping[str, str], name: str, part: str | None) -> str:
    """The module with other lines for one name, or without it. A new one comes last."""
    parts = {**steps, name: part or ""}
    return "\n\n".join(text for text in parts.values() if text)
