"""Formulas as students type them: read by a whitelist grammar, evaluated, never executed."""

from grader.compare.formula.evaluate import evaluate
from grader.compare.formula.language import Language
from grader.compare.formula.parse import Formula, FormulaError, parse_formula

__all__ = ["Formula", "FormulaError", "Language", "evaluate", "parse_formula"]
