"""What reading and judging cost that is typed: one formula, and a sheet of 60 answers.

Each is compared with the least that would do in the same run: for a formula Python's own parser and
numpy at as many points, for a sheet PyYAML and `math.isclose`. These know nothing of what people
type, so the ratio is what that costs. `reading.json` keeps the ratios of before it was read as
people mean it; `python -m benchmarks.reading --store` writes those of now there. Each time is the
least of its repetitions: what else the machine does only adds to it.
"""

from __future__ import annotations

import ast
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import yaml

from grader.checks.prepare import Prepared, prepare
from grader.collect.collect import collect
from grader.judge.submission import judge
from grader.model.response import Response
from grader.plan import make_plan
from grader.sandbox.choose import choose
from grader.submissions.find import open_submission

BASELINE = Path(__file__).with_name("reading.json")
POINTS = 32

HEAD = """schema: 1
slug: typed
title: What is typed
reference: typed
submission: {files: [answers.yaml]}
givens: {w: 0.7, x: 0.5, b: -0.2}
formulas: {domains: {w: [-2, 2], x: [-2, 2], b: [-2, 2]}}
defaults: {tolerance: {rtol: 1.0e-6}}
questions:
"""


def least_ms(action: Callable[[], object], repetitions: int) -> float:
    times = []
    for _ in range(repetitions):
        began = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def slope(number: int) -> str:
    return f"2*w*x*exp(-w**2) + {number}*b/(1 + x**2)"


def course(folder: Path, questions: int) -> tuple[Prepared, str]:
    """An assignment of so many questions, and a sheet with the right answers, as text."""
    place = folder / "assignments" / "typed"
    place.mkdir(parents=True)
    (folder / "reference").mkdir()
    steps, asked, answers = ["import numpy as np"], [], []
    for number in range(1, questions + 1):
        name, kind = f"q{number}", ("expression", "array", "number", "number")[(number - 1) % 4]
        formula = slope(number)
        if kind == "expression":
            steps.append(f"def {name}(w, x, b): return {formula.replace('exp', 'np.exp')}")
            answers.append(f"{name}: {formula}")
        elif kind == "array":
            steps.append(f"def {name}(): return np.arange(4) * 0.25 + {number}")
            answers.append(f"{name}: [{', '.join(str(n * 0.25 + number) for n in range(4))}]")
        else:
            steps.append(f"def {name}(): return {number} + 0.125")
            answers.append(f"{name}: {number + 0.125}")
        asked.append(f"  - {{id: {name}, kind: {kind}}}")
    (folder / "reference" / "typed.py").write_text("\n".join(steps) + "\n", encoding="utf-8")
    (place / "assignment.yaml").write_text(HEAD + "\n".join(asked) + "\n", encoding="utf-8")
    return prepare(place), "\n".join(answers) + "\n"


def reading(prepared: Prepared, folder: Path, sheet: str) -> Callable[[], Mapping[str, Response]]:
    """What opens and reads a submission that is this sheet."""
    folder.mkdir()
    (folder / "answers.yaml").write_text(sheet, encoding="utf-8")
    plan, sandbox = make_plan(prepared.assignment), choose("auto")

    def read() -> Mapping[str, Response]:
        submission = open_submission(folder, prepared.assignment.files)
        return collect(plan, submission, sandbox, prepared.assignment.data).responses

    return read


def bare_formula(text: str) -> Callable[[], bool]:
    """The same formula by Python's parser, at as many points, beside values that are known."""
    draw = np.random.default_rng(3).uniform
    scope = {"exp": np.exp, **{name: draw(-2, 2, POINTS) for name in "wxb"}}
    known = eval(text, scope)

    def judged() -> bool:
        code = compile(ast.parse(text, mode="eval"), "<formula>", "eval")
        return bool(np.allclose(eval(code, scope), known, rtol=1e-6))

    return judged


def bare_sheet(path: Path) -> Callable[[], bool]:
    """PyYAML, then each formula as above and each number beside itself."""
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    formulas = {name: bare_formula(said) for name, said in known.items() if isinstance(said, str)}

    def judged() -> bool:
        answers = yaml.safe_load(path.read_text(encoding="utf-8"))
        return all(
            formulas[name]() if name in formulas else _close(said, known[name])
            for name, said in answers.items()
        )

    return judged


def _close(said: object, known: object) -> bool:
    if isinstance(said, list) and isinstance(known, list):
        return all(map(_close, said, known))
    assert isinstance(said, int | float)
    assert isinstance(known, int | float)
    return math.isclose(said, known, rel_tol=1e-6)


def measured() -> dict[str, tuple[float, float]]:
    """Milliseconds of each thing, and of the bare one beside it."""
    rows = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, questions in (("a formula", 1), ("a sheet of 60 answers", 60)):
            prepared, sheet = course(folder / str(questions), questions)
            handed_in = folder / str(questions) / "handed-in"
            read = reading(prepared, handed_in, sheet)
            responses = read()
            judged = partial(judge, prepared.assignment, prepared.key, responses)
            outcomes = judged().outcomes
            assert all(one.score == one.max_score for one in outcomes), outcomes
            bare = (
                bare_formula(slope(1)) if questions == 1 else bare_sheet(handed_in / "answers.yaml")
            )
            floor = least_ms(bare, 40)
            rows[f"opening {what}"] = least_ms(read, 40), floor
            rows[f"judging {what}"] = least_ms(judged, 40), floor
    return rows


def main() -> None:
    rows = measured()
    ratios = {name: least / floor for name, (least, floor) in rows.items()}
    if "--store" in sys.argv:
        BASELINE.write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))
    print("what is typed; × of the bare one in the same run, and that beside the stored one")
    for name, (least, floor) in rows.items():
        before = f"{ratios[name] / stored[name]:6.2f}" if name in stored else "   new"
        print(
            f"  {name:<32} {least:8.2f} ms   bare {floor:7.3f} ms"
            f"   {ratios[name]:6.1f} ×   {before}"
        )


if __name__ == "__main__":
    main()
