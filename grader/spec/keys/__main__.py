"""Write the JSON Schema and the authors' page anew: `make schema`, in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from grader.spec.keys.document import schema_text
from grader.spec.keys.page import page_text

__all__ = ["made"]

_ROOT = Path(__file__).resolve().parents[3]


def made() -> Mapping[str, str]:
    """What is made from the declared keys: path in the checkout → text."""
    return {
        "grader/spec/assignment.schema.json": schema_text(),
        "docs/authors/keys.md": page_text(),
    }


if __name__ == "__main__":
    for name, text in made().items():
        path = _ROOT / name
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        path.write_bytes(text.encode("utf-8"))
        sys.stdout.write(f"{name}: {'is as it was' if text == before else 'written anew'}\n")
