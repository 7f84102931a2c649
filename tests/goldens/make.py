"""Write the goldens anew and print what changed: `make goldens`, or `python -m tests.goldens.make`.

From the root of the checkout. It takes a minute or two, most of it for the audits.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.goldens import texts
from tests.goldens.replay import Replay
from tests.shared_sandbox import SANDBOX

__all__ = ["FOLDER", "difference", "names", "read"]

FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """The files that there must be, named from the folder of the goldens."""
    of_classes = [
        f"{kind}/{slug}.txt" for kind in ("marks", "check", "details") for slug in texts.SLUGS
    ]
    return [*of_classes, "diagnostics.txt", "audit.txt"]


def read(name: str) -> str:
    """The golden of this name. Line ends are as they were written."""
    return (FOLDER / name).read_bytes().decode("utf-8")


def difference(name: str, *, golden: str, now: str) -> str:
    """A unified diff from the golden to what comes out now; empty where they are the same."""
    lines = difflib.unified_diff(
        golden.split("\n"), now.split("\n"), f"golden/{name}", f"now/{name}", n=2, lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def _made() -> Iterator[tuple[str, str]]:
    for slug in texts.SLUGS:
        replay = Replay(SANDBOX)
        marked = texts.mark(slug, replay)
        yield f"marks/{slug}.txt", texts.joined(texts.marks_by_submission(marked))
        yield f"details/{slug}.txt", texts.details(marked)
        yield f"check/{slug}.txt", texts.joined(texts.check_pages(marked, replay))
    yield "diagnostics.txt", texts.joined(texts.diagnostics())
    yield "audit.txt", texts.joined({slug: texts.audit(slug) for slug in texts.SLUGS})


def _renew() -> None:
    changed = 0
    for name, now in _made():
        path = FOLDER / name
        golden = read(name) if path.exists() else ""
        told = difference(name, golden=golden, now=now)
        if told or not path.exists():
            changed += 1
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(now.encode("utf-8"))
            sys.stdout.write(told)
    for path in sorted(FOLDER.rglob("*.txt")):
        if path.relative_to(FOLDER).as_posix() not in names():
            changed += 1
            path.unlink()
            sys.stdout.write(f"{path.name} is no golden any more, and was removed\n")
    sys.stdout.write(f"{changed} of {len(names())} goldens changed\n")


if __name__ == "__main__":
    _renew()
