"""Formulas as students type them: read by a whitelist grammar, evaluated, never executed."""

from grader.compare.formula.evaluate import Samples, formula_values
from grader.compare.formula.form import form_faults
from grader.compare.formula.language import Language
from grader.compare.formula.parse import Understood, parse_formula, understood
from grader.compare.formula.quotient import is_difference_quotient
from grader.compare.formula.sizes import formula_sizes
from grader.compare.formula.tree import Formula, FormulaError, TwoReadings

__all__ = [
    "Formula",
    "FormulaError",
    "Language",
    "Samples",
    "TwoReadings",
    "Understood",
    "form_faults",
    "formula_sizes",
    "formula_values",
    "is_difference_quotient",
    "parse_formula",
    "understood",
]
