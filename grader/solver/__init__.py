"""The reference as a graph of steps: solve it, replace a step, start from somebody's own value."""

from grader.solver.order import StepFault
from grader.solver.reference import Reference, ReferenceFault, Step, load_reference
from grader.solver.solve import Solution, solve

__all__ = [
    "Reference",
    "ReferenceFault",
    "Solution",
    "Step",
    "StepFault",
    "load_reference",
    "solve",
]
