"""Formulas as students type them: read by a whitelist grammar, evaluated, never executed."""

from grader.compare.formula.evaluate import Samples, formula_values
from grader.compare.formula.form import form_faults
from grader.compare.formula.language import Language
from grader.compare.formula.parse import Formula, FormulaError, parse_formula
from grader.compare.formula.quotient import is_difference_quotient
from grader.compare.formula.sizes import formula_sizes

__all__ = [
    "Formula",
    "FormulaError",
    "Language",
    "Samples",
    "form_faults",
    "formula_sizes",
    "formula_values",
    "is_difference_quotient",
    "parse_formula",
]
