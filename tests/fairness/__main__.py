"""Print how fairly the slips of each homework are marked: `python -m tests.fairness [slug …]`."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.fairness.cases import cases_of
from tests.fairness.homeworks import HOMEWORKS
from tests.fairness.measure import Result, measured


def _say(*words: str) -> None:
    sys.stdout.write(f"{' '.join(words)}\n")
    sys.stdout.flush()


def main(names: list[str]) -> None:
    detailed = "-v" in names
    slugs = [name for name in names if name in HOMEWORKS] or list(HOMEWORKS)
    total: Counter[str] = Counter()
    _say(f"{'homework':28}{'cases':>7}{'fair':>7}{'strict':>8}{'generous':>10}{'named':>12}")
    for slug in slugs:
        began = time.process_time()
        counts: Counter[str] = Counter()
        for case in cases_of(slug):
            found = measured(case)
            if found is None or found.result is Result.NOTHING:
                continue
            counts.update(("cases", found.result.value))
            counts.update(["nameable"] * found.nameable + ["named"] * found.named)
            if detailed and (found.result is not Result.FAIR or found.nameable > found.named):
                unnamed = ", not named" if found.nameable > found.named else ""
                _say(f"  {case}\n      {found}{unnamed}")
        total += counts
        _say(_line(slug, counts), f"{time.process_time() - began:6.1f} s")
    _say(_line("all", total))


def _line(name: str, counts: Counter[str]) -> str:
    named = f"{counts['named']} of {counts['nameable']}"
    cells = f"{counts['cases']:>7}{counts['fair']:>7}{counts['strict']:>8}{counts['generous']:>10}"
    return f"{name:28}{cells}{named:>12}"


if __name__ == "__main__":
    main(sys.argv[1:])
