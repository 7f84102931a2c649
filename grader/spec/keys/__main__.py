"""Write the JSON Schemas and the pages of all keys anew: `make schema`, in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from grader.spec.keys.assignment import ASSIGNMENT
from grader.spec.keys.course import COURSE
from grader.spec.keys.document import schema_text
from grader.spec.keys.page import page_text

__all__ = ["made"]

_OF_ASSIGNMENTS = """\
# Every key of assignment.yaml

<!-- Made from grader/spec/keys by `make schema`: change it there. -->

This page lists every key that a spec may have. [Writing an assignment](assignment.md) says how they
work together, with examples.

- No other key is allowed, and a misspelt one is answered with the near one.
- The default is what counts where a key is not given. A key without a default adds something that
  is not there otherwise.
- An editor that reads the first line of the file completes keys and checks types and bounds.
  *Also checked* is what it cannot see: `grader verify` tells you, and so does every other command
  before it starts.
"""
_OF_COURSES = """\
# Every key of course.yaml

<!-- Made from grader/spec/keys by `make schema`: change it there. -->

This page lists every key that the rules of a course may have. [The rules of a
course](course-rules.md) says how they work together, with examples.

- No other key is allowed, and a misspelt one is answered with the near one.
- The default is what counts where a key is not given.
- *Also checked* is what an editor cannot see: `grader grades` tells you, and computes nothing.
"""
_ROOT = Path(__file__).resolve().parents[3]


def made() -> Mapping[str, str]:
    """What is made from the declared keys: path in the checkout → text."""
    return {
        "grader/spec/assignment.schema.json": schema_text(ASSIGNMENT, "An assignment for grader"),
        "docs/authors/keys.md": page_text(_OF_ASSIGNMENTS, ASSIGNMENT),
        "grader/spec/course.schema.json": schema_text(COURSE, "The rules of a course for grader"),
        "docs/staff/course-keys.md": page_text(_OF_COURSES, COURSE),
    }


if __name__ == "__main__":
    for name, text in made().items():
        path = _ROOT / name
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        path.write_bytes(text.encode("utf-8"))
        sys.stdout.write(f"{name}: {'is as it was' if text == before else 'written anew'}\n")
