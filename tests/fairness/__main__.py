"""Print how fairly the slips of each homework are marked: `python -m tests.fairness [slug …]`.

`--other` takes slips of other kinds, in the courses that are shown as examples as well, and counts
by kind; `--every=7` takes each seventh case; `-v` lists each case that is not fair.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.fairness.cases import cases_of
from tests.fairness.homeworks import COURSES, HOMEWORKS
from tests.fairness.measure import Result, measured
from tests.fairness.other_cases import other_cases_of

_LONGEST = 600  # characters of what is said about a case


def _say(*words: str) -> None:
    sys.stdout.write(f"{' '.join(words)}\n")
    sys.stdout.flush()


def main(names: list[str]) -> None:
    detailed, other = "-v" in names, "--other" in names
    known = [*HOMEWORKS, *COURSES] if other else list(HOMEWORKS)
    slugs = [name for name in names if name in known] or known
    every = next((int(name[8:]) for name in names if name.startswith("--every=")), 1)
    total: Counter[str] = Counter()
    by_kind: dict[str, Counter[str]] = {}
    _say(f"{'assignment':30}{'cases':>7}{'fair':>7}{'strict':>8}{'generous':>10}{'named':>12}")
    for slug in slugs:
        began = time.process_time()
        counts: Counter[str] = Counter()
        for case in (other_cases_of if other else cases_of)(slug)[::every]:
            found = measured(case)
            if found is None or found.result is Result.NOTHING:
                continue
            for one in (counts, by_kind.setdefault(case.kind, Counter())):
                one.update(("cases", found.result.value))
                one.update(["nameable"] * found.nameable + ["named"] * found.named)
            if detailed and (found.result is not Result.FAIR or found.nameable > found.named):
                unnamed = ", not named" if found.nameable > found.named else ""
                _say(f"  {case}\n      {str(found)[:_LONGEST]}{unnamed}")
        total += counts
        _say(_line(slug, counts), f"{time.process_time() - began:6.1f} s")
    for kind, counts in sorted(by_kind.items()) if other else ():
        _say(_line(kind, counts))
    _say(_line("all", total))


def _line(name: str, counts: Counter[str]) -> str:
    named = f"{counts['named']} of {counts['nameable']}"
    cells = f"{counts['cases']:>7}{counts['fair']:>7}{counts['strict']:>8}{counts['generous']:>10}"
    return f"{name:30}{cells}{named:>12}"


if __name__ == "__main__":
    main(sys.argv[1:])
