"""Assignment → the calls to make of a student's code."""

from grader.plan.calls import (
    TYPED_NUMBERS,
    PlannedCase,
    answer_call,
    case_call,
    planned_cases,
)
from grader.plan.differences import MOST_CASES, Probe, difference_calls, probes
from grader.plan.sampling import draw
from grader.plan.seeds import derived_seed

__all__ = [
    "MOST_CASES",
    "TYPED_NUMBERS",
    "PlannedCase",
    "Probe",
    "answer_call",
    "case_call",
    "derived_seed",
    "difference_calls",
    "draw",
    "planned_cases",
    "probes",
]
