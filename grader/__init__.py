"""Marks numeric homework. `Tolerance` and `compare` are the public way to judge one number."""

from grader.compare import Comparison, compare
from grader.model.tolerance import Tolerance

__all__ = ["Comparison", "Tolerance", "compare"]
