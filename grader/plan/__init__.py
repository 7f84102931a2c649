"""Assignment → what is asked of every submission."""

from grader.plan.calls import answer_call, case_call
from grader.plan.case import DifferenceProbe, PlannedCase
from grader.plan.cases import planned_cases
from grader.plan.differences import MOST_CASES, difference_calls, with_probes
from grader.plan.fingerprint import fingerprint
from grader.plan.make import make_plan
from grader.plan.plan import Ask, FunctionCalls, Plan, Setting
from grader.plan.sampling import draw
from grader.plan.seeds import derived_seed

__all__ = [
    "MOST_CASES",
    "Ask",
    "DifferenceProbe",
    "FunctionCalls",
    "Plan",
    "PlannedCase",
    "Setting",
    "answer_call",
    "case_call",
    "derived_seed",
    "difference_calls",
    "draw",
    "fingerprint",
    "make_plan",
    "planned_cases",
    "with_probes",
]
