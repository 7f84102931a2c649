"""What submissions gave, kept by what was asked: source × setting × plan."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.collect.collect import Collected
from grader.collect.encoded import decode_one, encode_one
from grader.gradebook.not_collected import NotCollected
from grader.gradebook.source import notes_from, notes_text
from grader.model.response import Response
from grader.plan import Plan
from grader.plan.canonical import canonical
from grader.plan.fingerprint import asked_by, digest

if TYPE_CHECKING:
    from grader.gradebook.book import Gradebook

__all__ = [
    "Asked",
    "JobToKeep",
    "asked_of",
    "collected_of",
    "find_job",
    "find_known",
    "keep_asked",
    "keep_job",
    "kept_job",
    "opened_responses",
    "setting_of",
    "to_keep",
]

_SHORT_BYTES = 512
_LARGE_BYTES = 4 << 10  # values of this size and more are kept once for all who gave them


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a class, and in what setting."""

    plan: str  #: fingerprint
    limits: str  #: digest of the plan's own setting, which no machine changes
    setting: str  #: digest of the setting, machine included; "" where no code is to be run
    text: str = ""  #: of the setting, as JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class JobToKeep:
    """What came of one job, in the form in which it is kept."""

    fault: NotCollected | None = None
    notes: str = "[]"
    printed: str = ""
    loading: str = ""
    told: str = "[]"
    responses: Sequence[tuple[str, bytes]] = ()

    @property
    def size(self) -> int:
        return len(self.printed) + sum(len(content) for _, content in self.responses)

    def opened(self) -> Collected:
        """What was collected, where it is not a fault. Raises CodecError where it is damaged."""
        return Collected(
            responses=opened_responses(self.responses),
            notes=notes_from(self.notes),
            printed=self.printed,
            loading=self.loading,
            told=tuple(map(str, json.loads(self.told))),
        )


def asked_of(plan: Plan, machine: Mapping[str, str] | None) -> Asked:
    """`machine` says what of the machine the students' code may notice: walls and versions."""
    limits = plan.setting.digest
    if machine is None:
        return Asked(plan=plan.fingerprint, limits=limits, setting="")
    setting = {"asked": limits, **machine}
    return Asked(
        plan=plan.fingerprint,
        limits=limits,
        setting=digest("setting", sorted(setting.items())),
        text=json.dumps(setting),
    )


def keep_asked(book: Gradebook, plan: Plan, asked: Asked) -> None:
    """The setting, and each call as it is made. For use within `writing`."""
    book.run(
        "INSERT OR IGNORE INTO setting (digest, limits, text) VALUES (?, ?, ?)",
        asked.setting,
        asked.limits,
        asked.text,
    )
    calls = [*plan.calls, *(ask.call for ask in plan.asks if ask.call is not None)]
    book.run_each(
        "INSERT OR IGNORE INTO call (digest, bytes) VALUES (?, ?)",
        [(call.id, canonical(asked_by(call))) for call in calls],
    )


def find_job(book: Gradebook, source: str, asked: Asked) -> int | None:
    """The job of this source that was asked just this, and ended; without a setting on any
    machine, the last one."""
    row = book.row(
        "SELECT id FROM job WHERE source = ? AND plan = ? AND state = 'done' AND ? IN ('', setting)"
        " ORDER BY id DESC LIMIT 1",
        source,
        asked.plan,
        asked.setting,
    )
    return None if row is None else int(row["id"])


def find_known(book: Gradebook, source: str, asked: Asked) -> int | None:
    """The last job that asked something else of this source in the same setting."""
    row = book.row(
        "SELECT job.id FROM job JOIN setting ON setting.digest = job.setting"
        " WHERE job.source = ? AND job.state = 'done' AND setting.limits = ?"
        " AND ? IN ('', job.setting) ORDER BY job.id DESC LIMIT 1",
        source,
        asked.limits,
        asked.setting,
    )
    return None if row is None else int(row["id"])


def setting_of(book: Gradebook, job: int) -> str:
    """The digest of the setting that a job was done in."""
    row = book.row("SELECT setting FROM job WHERE id = ?", job)
    assert row is not None
    return str(row["setting"])


def kept_job(book: Gradebook, job: int) -> JobToKeep:
    """What was kept of a job, as it is kept."""
    row = book.row("SELECT notes, printed, loading, told FROM job WHERE id = ?", job)
    assert row is not None
    responses = book.rows(
        "SELECT call, coalesce(value, blob.bytes) FROM response"
        " LEFT JOIN blob ON blob.digest = response.blob WHERE job = ?",
        job,
    )
    return JobToKeep(
        notes=row["notes"],
        printed=row["printed"],
        loading=row["loading"],
        told=row["told"],
        responses=[(name, content) for name, content in responses],
    )


def collected_of(book: Gradebook, job: int) -> Collected:
    """What was kept of a job. Raises CodecError where it is damaged."""
    return kept_job(book, job).opened()


def opened_responses(responses: Sequence[tuple[str, bytes]]) -> Mapping[str, Response]:
    """The responses that are kept with these bytes. Raises CodecError."""
    return {
        name: _short_response(content) if len(content) <= _SHORT_BYTES else decode_one(content)
        for name, content in responses
    }


@functools.lru_cache(maxsize=2048)
def _short_response(content: bytes) -> Response:
    """Many students give the same, and nothing that judges changes what was given."""
    return decode_one(content)


def to_keep(found: Collected | NotCollected) -> JobToKeep:
    """The form in which it is kept."""
    if isinstance(found, NotCollected):
        return JobToKeep(fault=found)
    return JobToKeep(
        notes=notes_text(found.notes),
        printed=found.printed,
        loading=found.loading,
        told=json.dumps(found.told),
        responses=[(name, encode_one(response)) for name, response in found.responses.items()],
    )


def keep_job(book: Gradebook, source: str, asked: Asked, job: JobToKeep) -> int:
    """Keep it in the place of what came of the same job before. For use within `writing`."""
    fault = job.fault
    row = book.row(
        "INSERT INTO job (source, setting, plan, state, reason, fault, notes, printed, loading,"
        " told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source, setting, plan) DO UPDATE SET"
        " state = excluded.state, reason = excluded.reason, fault = excluded.fault,"
        " notes = excluded.notes, printed = excluded.printed, loading = excluded.loading,"
        " told = excluded.told"
        " RETURNING id",
        source,
        asked.setting,
        asked.plan,
        "done" if fault is None else "fault",
        "" if fault is None else fault.reason.value,
        "" if fault is None else fault.detail.encode("utf-8", "backslashreplace").decode(),
        job.notes,
        job.printed,
        job.loading,
        job.told,
    )
    assert row is not None
    number = int(row["id"])
    book.run("DELETE FROM response WHERE job = ?", number)
    small = [(number, name, value) for name, value in job.responses if len(value) < _LARGE_BYTES]
    large = [
        (number, name, value, digest("blob", value))
        for name, value in job.responses
        if len(value) >= _LARGE_BYTES
    ]
    book.run_each("INSERT INTO response (job, call, value) VALUES (?, ?, ?)", small)
    book.run_each(
        "INSERT OR IGNORE INTO blob (digest, bytes) VALUES (?, ?)",
        [(name, value) for _, _, value, name in large],
    )
    book.run_each(
        "INSERT INTO response (job, call, blob) VALUES (?, ?, ?)",
        [(number, call, name) for number, call, _, name in large],
    )
    return number
