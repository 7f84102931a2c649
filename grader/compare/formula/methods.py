"""What Python writes behind an operand: `x.dot(w)`, `A.sum()`, `z.real`."""

from __future__ import annotations

from grader.compare.formula.operands import Operands
from grader.compare.formula.tree import Formula, FormulaError, node

__all__ = ["Methods"]

_PRODUCTS = ("dot", "matmul", "mm", "mv")
_TRANSPOSING = ("transpose", "t")
_PARTS = {"real": "re", "imag": "im"}


class Methods(Operands):
    """Reads a method behind an operand as the function that it is."""

    def _method(self, base: Formula, level: int) -> Formula:
        token = self._advance()
        name = token.text[1:]
        known = self._language.other_spellings.get(name, name)
        called = self._at("(")
        empty = called and self._stream[self._position + 1].text == ")"
        value: Formula | None = None
        if name in _PRODUCTS and called and not empty:
            self._advance()
            value = node("@", base, self._inside(level, ")"))
        elif name in _TRANSPOSING and empty:
            value = node("transpose", base)
        elif name in _PARTS and not called and _PARTS[name] in self._language.built_in:
            value = node("call", base, name=_PARTS[name])
        elif empty and self._language.built_in.get(known, (0, 0))[0] == 1:
            value = self._applied(known, base)
        if value is None:
            msg = f"{self._quoted(token)} cannot be read behind a name: "
            hint = f"write {known}(…)" if called and known in self._language.built_in else ""
            raise FormulaError(msg + (hint or "write * for a product"))
        if empty:
            self._position += 2
        self._lenient.append("method behind a name")
        return value
