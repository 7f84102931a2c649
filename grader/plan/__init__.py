"""Assignment → the calls to make of a student's code."""

from grader.plan.calls import PlannedCase, answer_call, case_call, planned_cases
from grader.plan.sampling import draw

__all__ = ["PlannedCase", "answer_call", "case_call", "draw", "planned_cases"]
