"""What judging costs with error carried forward and diagnosis, and how that grows.

First the real classes with most mistakes: the median over the examples, each judged several times
with the responses already collected. Then a made-up chain of steps, one of which is wrong, with
more and more questions and mistakes. `make bench` prints the tables.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks.run import ROOT, median_ms
from grader.checks.prepare import Prepared, prepare
from grader.collect.collect import collect
from grader.judge.submission import judge
from grader.model.response import Response
from grader.plan import make_plan
from grader.sandbox.choose import choose
from grader.submissions.find import open_submission

SLUGS = ("bs6207-assignment-2", "dl2022-exercise-3", "ecs289-homework")
SIZES = ((5, 5), (20, 5), (80, 5), (20, 0), (20, 20), (20, 80))


def real_class(slug: str) -> str:
    prepared = prepare(ROOT / "assignments" / slug)
    plan = make_plan(prepared.assignment)
    sandbox = choose("auto")
    times = []
    for folder in sorted((ROOT / "examples" / "submissions" / slug).iterdir()):
        if not folder.is_dir():
            continue
        submission = open_submission(folder, prepared.assignment.files)
        responses = collect(plan, submission, sandbox, prepared.assignment.data).responses
        times.append(median_ms(partial(judged, prepared, responses), 9))
    questions, mistakes = prepared.assignment.questions, prepared.assignment.mistakes
    return (
        f"  {slug:<24} {len(questions):>3} questions {len(mistakes):>3} mistakes"
        f"   median {statistics.median(times):6.2f} ms   most {max(times):6.2f} ms"
    )


def judged(prepared: Prepared, responses: Mapping[str, Response]) -> object:
    return judge(prepared.assignment, prepared.key, responses)


def chain(folder: Path, questions: int, mistakes: int) -> Prepared:
    """Steps s1, s2, … each made from the one before; a mistake stands in for one of them."""
    steps = ["def s1(x): return x + 1.5"]
    steps += [f"def s{n}(s{n - 1}): return s{n - 1} * 1.01 + {n}" for n in range(2, questions + 1)]
    wrong = []
    for number in range(1, mistakes + 1):
        step = (number - 1) % questions + 1
        need = "x" if step == 1 else f"s{step - 1}"
        steps.append(f"def wrong{number}({need}): return {need} * 1.01 - {number + 0.37}")
        what = f"id: wrong{number}, replaces: s{step}, with: wrong{number}"
        wrong.append(f"  - {{{what}, feedback: Look again.}}")
    place = folder / "assignments" / "chain"
    place.mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "reference" / "chain.py").write_text("\n".join(steps) + "\n", encoding="utf-8")
    asked = [f"  - {{id: s{n}, kind: number}}" for n in range(1, questions + 1)]
    spec = ["schema: 1", "slug: chain", "title: A chain", "reference: chain"]
    spec += ["submission: {files: [answers.yaml]}", "givens: {x: 0.7}", "questions:", *asked]
    spec += ["mistakes:", *wrong] if wrong else []
    (place / "assignment.yaml").write_text("\n".join(spec) + "\n", encoding="utf-8")
    return prepare(place)


def slipped(questions: int) -> dict[str, Response]:
    """A slip that no mistake names in the middle of the chain, and all the rest gone on from it."""
    responses, value = {}, 0.7
    for number in range(1, questions + 1):
        value = value + 1.5 if number == 1 else value * 1.01 + number
        if number == questions // 2:
            value += 3.21
        responses[f"s{number}"] = Response(value=value)
    return responses


def main() -> None:
    print("judging one submission, with error carried forward and diagnosis")
    for slug in SLUGS:
        print(real_class(slug))
    print("a chain in which one answer slips and all later ones follow")
    for questions, mistakes in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            prepared = chain(Path(folder), questions, mistakes)
            responses = slipped(questions)
            milliseconds = median_ms(partial(judged, prepared, responses), 9)
        print(f"  {questions:>3} questions {mistakes:>3} mistakes   {milliseconds:8.2f} ms")


if __name__ == "__main__":
    main()
