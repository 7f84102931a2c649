"""An autograder for Gradescope that runs nothing: it hands out results that are there already.

Gradescope has no upload of marks. What it has is "Regrade All Submissions": with this zip as the
assignment's autograder, each submission gets the `results.json` of its student.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, LeftOut, title_of
from grader.report.exports.gradescope import gradescope_results
from grader.report.exports.upload_zips import zip_of

__all__ = ["gradescope_zip"]

_SETUP = """\
#!/bin/sh
command -v python3 >/dev/null || { apt-get update && apt-get install -y python3; }
"""
#: Of a group whoever is found first. Who is not found gets no results, and so no mark of 0.
_RUN = """\
#!/usr/bin/env python3
import json
import pathlib
import shutil

root = pathlib.Path(__file__).resolve().parent
people = json.loads((root / "source" / "people.json").read_text(encoding="utf-8"))
metadata = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
addresses = [str(user.get("email") or "").strip().casefold() for user in metadata["users"]]
found = [people[address] for address in addresses if address in people]
if not found:
    raise SystemExit("There are no results for this student.")
shutil.copyfile(root / "source" / found[0], root / "results" / "results.json")
"""


def gradescope_zip(grades: Sequence[Grade], file: str) -> Exported:
    """The zip, with the results of everybody who has a final mark and an e-mail address."""
    addresses = [_address(grade) for grade in grades]
    usable = [
        grade
        for grade, address in zip(grades, addresses, strict=True)
        if address and addresses.count(address) == 1
    ]
    made = gradescope_results(usable)
    results = {name.replace("/", "-"): content for name, content in made.files.items()}
    final = [grade for grade in usable if grade.attempt is not None and grade.points is not None]
    final = [grade for grade in final if not grade.excused]
    people = {
        _address(grade): f"results/{name}" for grade, name in zip(final, results, strict=True)
    }
    files = {
        "setup.sh": _SETUP.encode(),
        "run_autograder": _RUN.encode(),
        "people.json": (json.dumps(people, indent=2) + "\n").encode(),
        **{f"results/{name}": content for name, content in results.items()},
    }
    unknown = tuple(title_of(grade) for grade in grades if grade not in usable)
    left = LeftOut(what="no e-mail address of their own, by which results are found", who=unknown)
    return replace(
        made,
        files={file: zip_of(files, executable=("setup.sh", "run_autograder"))},
        left_out=(*made.left_out, *([left] if unknown else [])),
    )


def _address(grade: Grade) -> str:
    person = grade.person
    address = person.email or (person.key if "@" in person.key else "")
    return address.strip().casefold()
