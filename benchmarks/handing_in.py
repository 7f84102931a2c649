"""What the ways of handing in cost: a class as folders, as archives, in one archive, as notebooks.

The same class of 200 is opened in each of these ways, and one submission is collected as a module
and as a notebook. Each time is compared with the first line: reading the same files by themselves.
`handing_in.json` keeps the ratios; `python -m benchmarks.handing_in --store` writes it anew. Each
time is the least of its repetitions: what else the machine does only adds to it.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks.generated import generate
from benchmarks.reading import least_ms
from grader.checks.prepare import prepare
from grader.collect.collect import collect
from grader.plan import make_plan
from grader.sandbox.choose import choose
from grader.submissions.each import find_each
from grader.submissions.opened import open_submission
from grader.submissions.submission import Submission

BASELINE = Path(__file__).with_name("handing_in.json")
CLASS = 200
FLOOR = "reading the files of one of the class"


def archive(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return stream.getvalue()


def notebook(files: Mapping[str, bytes]) -> bytes:
    """The sheet as a block of answers, and the module in one cell, with a picture below it."""
    picture = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo" + "A" * 100_000}}
    block = f"```answers\n{files['answers.yaml'].decode()}```\n"
    code = {"cell_type": "code", "source": files["steps.py"].decode(), "outputs": [picture]}
    cells = [{"cell_type": "markdown", "source": block}, code]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def packed(folder: Path, students: Mapping[str, Mapping[str, bytes]]) -> dict[str, Path]:
    """The class in every way, by the name of the way."""
    ways = {name: folder / name for name in ("as archives", "in one archive", "as notebooks")}
    for path in ways.values():
        path.mkdir()
    for name, files in students.items():
        (ways["as archives"] / f"{name}.zip").write_bytes(archive(files))
        (ways["as notebooks"] / f"{name}.ipynb").write_bytes(notebook(files))
    whole = {f"{s}/{name}": text for s, files in students.items() for name, text in files.items()}
    (ways["in one archive"] / "class.zip").write_bytes(archive(whole))
    return {"as folders": folder / "class", **ways}


def measured() -> dict[str, float]:
    """Milliseconds, for one of the class; the floor first."""
    with tempfile.TemporaryDirectory() as place:
        generate(Path(place), CLASS)
        prepared = prepare(Path(place) / "assignments" / "generated")
        declared = prepared.assignment.files
        of_class = Path(place) / "class"
        students = {
            one.name: {file.name: file.read_bytes() for file in one.iterdir()}
            for one in sorted(of_class.iterdir())
        }
        ways = packed(Path(place), students)

        def read() -> None:
            for one in of_class.iterdir():
                for file in one.iterdir():
                    file.read_bytes()

        def opened(path: Path) -> list[Submission]:
            return [*find_each([path], declared)]

        rows = {FLOOR: least_ms(read, 5) / CLASS}
        for way, path in ways.items():
            found = opened(path)
            assert len(found) == CLASS, way  # nobody is lost
            assert all(one.modules and one.sheets for one in found), way
            opening = least_ms(partial(opened, path), 3)
            rows[f"opening a class {way}, a submission"] = opening / CLASS
        sandbox, plan = choose("auto"), make_plan(prepared.assignment)
        for way in ("as folders", "as notebooks"):
            first = min(ways[way].iterdir())
            submission = open_submission(first, declared)
            rows[f"collecting one {way[3:-1]}"] = least_ms(
                partial(collect, plan, submission, sandbox, prepared.assignment.data), 10
            )
        return rows


def main() -> None:
    rows = measured()
    ratios = {name: time / rows[FLOOR] for name, time in rows.items()}
    if "--store" in sys.argv:
        BASELINE.write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")
    stored = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    print(f"{CLASS} submissions; × of the first line, and how that is to the stored baseline")
    for name, ratio in ratios.items():
        before = f"{ratio / stored[name]:6.2f}" if name in stored else "   new"
        print(f"  {name:<50} {rows[name]:8.3f} ms   {ratio:8.2f} ×   {before}")


if __name__ == "__main__":
    main()
