"""iterates: the state before a row, in the student's own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.judge.expect.world import World, Worlds
from grader.judge.explain.accounts import Accounts
from grader.judge.explain.distance import apart
from grader.judge.explain.first_rows import state_before
from grader.judge.explain.start import Basis, Begun, basis_of, few_digits, plausible
from grader.judge.mark.evidence import Evidence, half_units, plain_numbers
from grader.model.assignment import Part
from grader.model.fact_explaining import AnswerPlace, StartUnused, Unusable
from grader.model.value import Value
from grader.solver import StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["row_bases"]


def row_bases(
    answer: Evidence,
    answers: Mapping[str, Evidence],
    worlds: Worlds,
    accounts: Accounts,
    functions: Sequence[Begun] = (),
) -> tuple[list[Basis], StartUnused | None]:
    """The state before this row in the student's own answers. For the first row that are the
    rows beside it. The list is empty where the student gave none of the state.

    A part of the state that is not asked for, or not answered, is first computed along the
    student's own rows, then taken from the reference. `answers` are the iterates questions by
    their ids. `functions` are the student's formulas for function steps of the recurrence that
    are not right: rows are first looked at as made with them, then with the right ones. The
    second value says why a row of the student's could not be used, or is None.
    """
    recurrence, row = answer.question.recurrence, answer.row
    if recurrence is None or row is None or (row == 0 and not recurrence.beside):
        return [], None
    right = worlds.under()
    if row == 0:
        basis, fault = _first_basis(answer, answers, worlds, accounts)
    else:
        basis, fault = _basis_at(answer, answers, right, row, accounts)
    if basis is None:
        return [], fault
    hidden = [name for name in recurrence.state if name not in answers]
    found = []
    for one in [_with_functions(basis, functions), basis] if functions else [basis]:
        carried = _carried(answer, answers, right, one, accounts) if hidden and row > 1 else None
        found += [carried, one] if carried is not None else [one]
    return found, None


def _with_functions(basis: Basis, functions: Sequence[Begun]) -> Basis:
    own = basis_of(functions)
    return replace(
        basis,
        starts={**basis.starts, **own.starts},
        usual={**basis.usual, **own.usual},
        formulas=own.places,
        wrong=True,
        fabricated=basis.fabricated or own.fabricated,
    )


def _carried(
    answer: Evidence,
    answers: Mapping[str, Evidence],
    right: World,
    basis: Basis,
    accounts: Accounts,
) -> Basis | None:
    """The basis with the hidden state that the student's own rows lead to."""
    recurrence, row = answer.question.recurrence, answer.row
    assert recurrence is not None
    assert row is not None
    hidden: dict[str, Value] = {}
    functions = {name: basis.starts[name] for name in basis.functions}
    for number in range(1, row):
        before, _ = _basis_at(answer, answers, right, number, accounts)
        if before is None:
            return None
        starts = {**before.starts, **hidden}
        try:
            with bounded():
                following = right.solution(answer.part.at, functions)[recurrence.step](
                    *(starts[name] for name in basis.rows)
                )
        except (StepFault, OutOfBounds, ValueError, TypeError):
            return None
        if not isinstance(following, tuple) or len(following) != len(recurrence.state):
            return None
        state = dict(zip(recurrence.state, following, strict=True))
        hidden = {name: state[name] for name in recurrence.state if name not in answers}
    return replace(basis, starts={**basis.starts, **hidden})


def _first_basis(
    answer: Evidence,
    answers: Mapping[str, Evidence],
    worlds: Worlds,
    accounts: Accounts,
) -> tuple[Basis | None, StartUnused | None]:
    """The right state before the first row, and the first rows of the lists that stand beside."""
    recurrence = answer.question.recurrence
    assert recurrence is not None
    steps = {name: other.step for name, other in answers.items()} | {
        answer.question.id: answer.step
    }
    state = state_before(recurrence, steps, worlds, answer.part.at)
    if state is None:
        return None, None
    before = dict(zip(recurrence.state, state, strict=True))
    return _basis_at(answer, answers, worlds.under(), 0, accounts, before)


def _basis_at(
    answer: Evidence,
    answers: Mapping[str, Evidence],
    right: World,
    row: int,
    accounts: Accounts,
    before: Mapping[str, Value] | None = None,
) -> tuple[Basis | None, StartUnused | None]:
    """The state before a row, from the student's own rows where they gave them, and the first
    reason why one of these cannot be used.

    Example: `ps` has the recurrence {step: next, state: [vs, ps]}. For row 2 of `ps` (the third)
    the starts are the second rows of the student's `vs` and `ps`; `usual` are those of the
    reference, and the answer is the second value that `next` returns. `before` is the state before
    the first row, for that row.
    """
    recurrence = answer.question.recurrence
    assert recurrence is not None
    starts: dict[str, Value] = {}
    usual: dict[str, Value] = {}
    halves: dict[str, Value] = {}
    places: list[AnswerPlace] = []
    loose: dict[str, tuple[AnswerPlace, int | None]] = {}
    derived: set[str] = set()
    coarse: dict[str, Value] = {}
    fabricated = off = False
    fault: StartUnused | None = None
    at = answer.part.at
    numbers = {
        **dict.fromkeys(recurrence.beside, row),
        **dict.fromkeys(recurrence.state, row - 1),
    }
    for name, number in numbers.items():
        if number < 0:
            assert before is not None
            usual[name] = starts[name] = before[name]
            continue
        other = answers.get(name)
        step = other.step if other is not None else name
        column = right.value(step, at)
        key = _row(column, number)
        if key is None:
            return None, None
        usual[name] = starts[name] = key
        given = _row(other.rows, number) if other is not None else None
        if other is None or given is None:
            continue
        value = plain_numbers(given, key)
        if value is None:
            fault = StartUnused(place=other.place, step=step, row=number, why=Unusable.OTHER_FORM)
        elif not plausible(
            value, answer.question.carry_forward, key, column
        ) and not accounts.may_have_any_size((other.place, number)):
            fault = StartUnused(place=other.place, step=step, row=number, why=Unusable.SIZE)
        else:
            starts[name] = value
            if apart(other.part, value, key) > 1.0:
                halves[name] = half_units(given, value)
                fabricated = fabricated or (other.place, number) in accounts.made_up
                off = off or not _rounded(other.part, value, key, halves[name])
                coarse[name] = few_digits(given, value, other.part)
                if (other.place, number) not in accounts.known:
                    loose[name] = (other.place, number)
                if (other.place, number) in accounts.derived:
                    derived.add(name)
            places.append(other.place)
    if fault or not places:
        return None, fault
    basis = Basis(
        starts=starts,
        usual=usual,
        places=tuple(places),
        wrong=any(not np.array_equal(starts[name], usual[name]) for name in starts),
        loose=frozenset(loose),
        loose_from=loose,
        derived=frozenset(derived),
        halves=halves,
        fabricated=fabricated,
        coarse=coarse,
        off=off,
        rows=(*recurrence.state, *recurrence.beside),
        returns=recurrence.state.index(answer.question.id),
    )
    return basis, None


def _rounded(part: Part, value: Value, key: Value, half: Value) -> bool:
    """Whether every entry is right up to its last digit."""
    entries = zip(np.ravel(value), np.ravel(key), np.ravel(half), strict=True)
    return all(
        abs(one - other) <= unit * (1 + 1e-6) or apart(part, one, other) <= 1.0
        for one, other, unit in entries
    )


def _row(rows: Any, number: int) -> Value:
    """A row of a list or array, or None where there is none."""
    if rows is None or not isinstance(rows, Sequence | np.ndarray) or len(rows) <= number:
        return None
    return rows[number]
