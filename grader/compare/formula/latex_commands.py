"""The commands of LaTeX that may stand in a formula."""

from __future__ import annotations

from collections.abc import Mapping

from grader.compare.formula.spelling import GREEK

__all__ = [
    "ACCENTS",
    "ALONE",
    "FRACTIONS",
    "FRAMES",
    "FUNCTIONS",
    "OPENING",
    "PASSED_OVER",
    "SIGNS",
    "STYLES",
    "WITH_ARGUMENT",
]

#: Command → the sign or the letter that it stands for.
SIGNS: Mapping[str, str] = {
    **{f"\\{word}": letter for word, letter in GREEK.items()},
    "\\varepsilon": "ε",
    "\\vartheta": "θ",
    "\\varphi": "φ",
    "\\varrho": "ρ",
    "\\varsigma": "ς",
    "\\ell": "l",
    "\\top": "⊤",
    "\\intercal": "⊤",
    "\\prime": "'",
    **dict.fromkeys(("\\cdot", "\\times", "\\ast", "\\star", "\\odot", "\\*"), "*"),
    "\\div": "/",
    "\\le": "<=",
    "\\leq": "<=",
    "\\ge": ">=",
    "\\geq": ">=",
    "\\lt": "<",
    "\\gt": ">",
    **dict.fromkeys(("\\leftarrow", "\\gets"), "←"),
    **dict.fromkeys(("\\Rightarrow", "\\implies", "\\Longrightarrow", "\\iff"), "⇒"),
    **dict.fromkeys(("\\to", "\\rightarrow"), "→"),
    "\\therefore": "∴",
    "\\approx": "≈",
    "\\neq": "≠",
    "\\ne": "≠",
    "\\partial": "∂",
    "\\nabla": "∇",
    "\\vert": "|",
    "\\mid": "|",
}

FUNCTIONS = frozenset(
    f"\\{name}"
    for name in [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "exp",
        "ln",
        "log",
        "lg",
        "max",
        "min",
        "arg",
        "Re",
        "Im",
    ]
)

#: Commands of two arguments that are divided.
FRACTIONS = frozenset(f"\\{name}frac" for name in ["", "d", "t", "c", "nice", "s", "x"])

#: Commands whose one argument is not part of the formula.
WITH_ARGUMENT = frozenset(
    f"\\{name}" for name in ["label", "tag", "color", "textcolor", "hspace", "vspace", "phantom"]
)

#: What to write in place of commands that cannot be read.
ALONE: Mapping[str, str] = {
    "\\over": ": write \\frac{…}{…}",
    "\\sum": ": write the sum out",
    "\\prod": ": write the product out",
    "\\int": ": write what it comes to",
    "\\lim": ": write what it comes to",
    "\\ddot": ": a derivative must be written out",
}

#: Commands of one argument that change how it looks, not what it means.
STYLES = frozenset(
    f"\\{name}"
    for name in [
        "mathbf",
        "mathrm",
        "mathit",
        "mathsf",
        "mathtt",
        "mathcal",
        "boldsymbol",
        "bm",
        "vec",
        "text",
        "textrm",
        "textbf",
        "textit",
        "operatorname",
        "operatorname*",
        "mbox",
        "boxed",
        "fbox",
        "ensuremath",
        "textnormal",
        "textsf",
        "pmb",
        "underline",
        "displaystyle",
    ]
) - {"\\displaystyle"}

#: Command → the mark as it stands in a name: `\\hat{y}` is y_hat.
ACCENTS: Mapping[str, str] = {
    **dict.fromkeys(("\\hat", "\\widehat"), "hat"),
    **dict.fromkeys(("\\tilde", "\\widetilde"), "tilde"),
    **dict.fromkeys(("\\bar", "\\overline"), "bar"),
}

OPENING: Mapping[str, str] = {
    "\\{": "(",
    "\\}": ")",
    "\\lbrace": "(",
    "\\rbrace": ")",
    "\\lvert": "abs(",
    "\\rvert": ")",
    "\\lVert": "norm(",
    "\\rVert": ")",
}

PASSED_OVER = frozenset(
    [
        r"\,",
        r"\;",
        r"\:",
        r"\!",
        r"\>",
        r"\quad",
        r"\qquad",
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        r"\\",
        r"\displaystyle",
        r"\textstyle",
        r"\limits",
        r"\nonumber",
        r"\notag",
        r"\space",
        r"\thinspace",
        r"\hfill",
        r"\par",
        r"\nolimits",
        r"\big",
        r"\Big",
        r"\bigg",
        r"\Bigg",
        r"\bigl",
        r"\bigr",
        r"\Bigl",
        r"\Bigr",
        r"\biggl",
        r"\biggr",
        r"\Biggl",
        r"\Biggr",
    ]
) | {"\\ "}

#: Environments that only stand around a formula.
FRAMES = frozenset(
    ["equation", "align", "aligned", "gather", "gathered", "split", "math", "displaymath"]
)
