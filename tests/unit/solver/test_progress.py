"""What a process that watches sees of the author's functions."""

from __future__ import annotations

from grader.solver.progress import Progress


def points() -> None: ...


def next_point() -> None: ...


def test_the_innermost_function_is_seen_and_who_called_it_first() -> None:
    page = Progress()
    assert (page.look().step, page.look().caller) == ("", "")
    page.enter(points)
    assert (page.look().step, page.look().caller) == ("points", "")
    page.enter(next_point)
    seen = page.look()
    assert (seen.step, seen.caller) == ("next_point", "points")
    assert (seen.file, seen.line) == (__file__, next_point.__code__.co_firstlineno)
    page.enter(points)
    page.leave()
    page.leave()
    assert (page.look().step, page.look().caller) == ("points", "")
    page.leave()
    assert (page.look().step, page.look().file, page.look().caller) == ("", "", "")
