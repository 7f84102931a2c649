"""Ways of handing in one homework, each with what must come of it: built for tests.

Asked are two answers in a sheet and two functions in a module. `marks` has a character for each of
`height`, `path`, `adam` and `sgd`: 1 and 0 for right and wrong, h for half, ? for what waits for a
person.
"""

# ruff: noqa: E501 - sentences as they are read

from __future__ import annotations

import codecs
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.archives import link_in_zip, tarred, zipped

__all__ = ["REFERENCE", "SPEC", "WAYS", "Way", "cell", "notebook"]

SPEC = """\
schema: 1
slug: homework
title: Ways of handing in
reference: homework
seed: "5e0c1a9d7b3f48aa91d2"
submission: {files: [answers.yaml, optim.py]}
limits: {wall_seconds: 2, submission_seconds: 6}
questions:
  - {id: height, kind: number, tolerance: {atol: 0.001}}
  - {id: path, kind: iterates}
  - {id: adam, kind: function, call: adam(w), cases: [{w: 1}, {w: [1, 2]}]}
  - {id: sgd, kind: function, call: "sgd(w, lr)", cases: [{w: 1, lr: 2}]}
"""
REFERENCE = """\
import numpy as np

def height(): return 0.41
def path(): return np.array([[1.0, 2.0], [3.0, 4.0]])
def adam(w, /): return w + 1
def sgd(w, lr, /): return w + lr
"""
SHEET = "height: 0.41\npath: [[1, 2], [3, 4]]\n"
ADAM = "def adam(w):\n    return w + 1\n"
SGD = "def sgd(w, lr):\n    return w + lr\n"
CODE = ADAM + SGD
HEIGHT, PATH = "height = 0.41\n", "path = [[1, 2], [3, 4]]\n"
READ = "answers from answers.yaml; code from optim.py"


@dataclass(frozen=True, kw_only=True)
class Way:
    """`files` lie in a folder, `packed` is one file, whose ending is that of the name."""

    files: Mapping[str, str | bytes] | None = None
    packed: bytes = b""
    suffix: str = ""
    marks: str = "1111"
    says: tuple[str, ...] = ()
    quiet: bool = False  #: nothing is said but what was read


def cell(text: str, kind: str = "code", **more: Any) -> dict[str, Any]:
    """A cell as nbformat 4.5 has it."""
    made: dict[str, Any] = {"cell_type": kind, "id": f"c{abs(len(text))}", "metadata": {}}
    lines = text.splitlines(keepends=True)
    return {
        **made,
        "source": lines,
        **({"outputs": [], "execution_count": 1} if kind == "code" else {}),
        **more,
    }


def notebook(*cells: dict[str, Any] | str, **metadata: Any) -> bytes:
    """A notebook as Jupyter writes it; a text is a cell of code."""
    made = [cell(one) if isinstance(one, str) else one for one in cells]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {
        "cells": made,
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def both(sheet: str | bytes = SHEET, code: str | bytes = CODE, **how: Any) -> Way:
    """A sheet and a module under the names that are asked for."""
    return Way(files={"answers.yaml": sheet, "optim.py": code}, **how)


def module(code: str | bytes, marks: str = "1111", *says: str, **how: Any) -> Way:
    """Right answers in the sheet beside this module."""
    return both(code=code, marks=marks, says=says, **how)


def in_notebook(
    *cells: dict[str, Any] | str, marks: str = "1111", says: tuple[str, ...] = (), **more: Any
) -> Way:
    return Way(files={"hw1.ipynb": notebook(*cells, **more)}, marks=marks, says=says)


BLOCK = cell(f"# My answers\n\n```answers\n{SHEET}```\n", "markdown")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
BIG = [
    {
        "output_type": "display_data",
        "data": {"image/png": "iVBORw0KGgo" + "A" * 4_000_000},
        "metadata": {},
    }
]

SHEETS = {
    "as-asked": both(says=(READ,), quiet=True),
    "json": Way(
        files={"answers.json": '{"height": 0.41, "path": [[1, 2], [3, 4]]}', "optim.py": CODE},
        says=("answers from answers.json",),
        quiet=True,
    ),
    "yml": Way(files={"answers.yml": SHEET, "optim.py": CODE}, quiet=True),
    "report-markdown": Way(
        files={"report.md": f"# Hi\n\n```answers\n{SHEET}```\n", "optim.py": CODE}
    ),
    "report-latex": Way(
        files={
            "report.tex": r"\answer{height}{0.41} \answer{path}{[[1,2],[3,4]]}",
            "optim.py": CODE,
        }
    ),
    "sheet-with-a-mark-in-front": both(sheet=codecs.BOM_UTF8 + SHEET.encode(), quiet=True),
    "sheet-of-windows": both(sheet=SHEET.replace("\n", "\r\n"), quiet=True),
    "sheet-of-an-old-mac": both(sheet=SHEET.replace("\n", "\r")),
    "sheet-in-utf-16": both(sheet=SHEET.encode("utf-16")),
    "sheet-in-latin-1": both(sheet=("# Höhe\n" + SHEET).encode("latin-1")),
    "sheet-in-capitals": Way(files={"ANSWERS.YAML": SHEET, "optim.py": CODE}),
    "sheet-of-another-name": Way(
        files={"hw1.yaml": SHEET, "optim.py": CODE},
        says=("hw1.yaml was read in place of answers.yaml",),
    ),
    "sheet-downloaded-twice": Way(files={"answers (1).yaml": SHEET, "optim.py": CODE}),
    "sheet-that-is-text": Way(files={"answers.txt": SHEET, "optim.py": CODE}, marks="??11"),
    "sheet-with-two-endings": Way(
        files={"answers.yaml.txt": SHEET, "optim.py": CODE}, marks="??11"
    ),
    "sheet-without-ending": Way(files={"answers": SHEET, "optim.py": CODE}, marks="??11"),
    "sheet-in-a-folder": Way(files={"hw1/answers.yaml": SHEET, "hw1/optim.py": CODE}),
    "sheet-and-code-apart": Way(files={"written/answers.yaml": SHEET, "code/optim.py": CODE}),
    "code-in-a-folder-and-a-photo-beside": Way(
        files={"code/optim.py": CODE, "scan.jpg": b"\xff\xd8\xff"}, marks="??11"
    ),
    "code-in-a-folder-and-a-scan-in-another": Way(
        files={"code/optim.py": CODE, "written/answers.pdf": b"%PDF-1.4"}, marks="??11"
    ),
    "code-in-a-folder-and-a-text-beside": Way(
        files={"code/optim.py": CODE, "answers.txt": SHEET}, marks="??11"
    ),
    "code-in-a-folder-and-two-sheets-in-another": Way(
        files={"code/optim.py": CODE, "w/q1.yaml": HEIGHT, "w/q2.yaml": PATH}, marks="??11"
    ),
    "code-and-report-apart": Way(
        files={"code/optim.py": CODE, "written/hw1.md": f"# Hi\n\n```answers\n{SHEET}```\n"},
        says=("answers from written/hw1.md; code from optim.py",),
    ),
    "report-in-a-folder": Way(
        files={"optim.py": CODE, "doc/report.md": f"```answers\n{SHEET}```\n", "doc/n.md": "x"},
        says=("not read: doc/n.md",),
    ),
    "two-reports-in-folders": Way(
        files={
            "optim.py": CODE,
            "a/report.md": f"```answers\n{SHEET}```\n",
            "b/report.md": "```answers\nheight: 7\n```\n",
        },
        marks="??11",
    ),
    "report-in-a-folder-beside-a-sheet": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": CODE,
            "old/report.md": "```answers\nheight: 7\n```\n",
        },
        says=("not read: old/report.md",),
    ),
    "sheet-in-a-folder-and-code-in-word": Way(
        files={"written/answers.yaml": SHEET, "optim.docx": zipped({"word/document.xml": "<w/>"})},
        marks="11??",
    ),
    "sheet-in-a-folder-and-other-code-in-another": Way(
        files={"written/answers.yaml": SHEET, "code/main.m": "x = 1"}, marks="11??"
    ),
    "sheet-in-a-folder-and-code-of-another-name": Way(
        files={"written/answers.yaml": SHEET, "code/main.py": CODE},
        says=("code/main.py was read in place of optim.py",),
    ),
    "sheet-empty": both(sheet="", marks="0011"),
    "sheet-missing": Way(files={"optim.py": CODE}, marks="0011"),
    "sheet-that-is-a-photo": both(
        sheet=PNG, marks="??11", says=("it is a picture, whatever its name says",)
    ),
    "sheet-too-large": both(sheet=SHEET + "# " + "x" * (1 << 20), marks="??11"),
    "answers-in-a-photo": Way(
        files={"IMG_1.JPG": b"\xff\xd8\xff\xe0", "optim.py": CODE}, marks="??11"
    ),
    "answers-in-word": Way(
        files={"answers.docx": zipped({"word/document.xml": "<w/>"}), "optim.py": CODE},
        marks="??11",
    ),
    "answers-in-the-code": Way(files={"optim.py": HEIGHT + PATH + CODE}),
    "answers-in-both": both(code=HEIGHT.replace("0.41", "7") + CODE),
}
MODULES = {
    "module-with-a-mark-in-front": module(codecs.BOM_UTF8 + CODE.encode(), quiet=True),
    "module-of-windows": module(CODE.replace("\n", "\r\n"), quiet=True),
    "module-with-tabs": module(CODE.replace("    ", "\t"), quiet=True),
    "module-in-latin-1-that-says-so": module(
        ("# -*- coding: latin-1 -*-\n# Lösung\n" + CODE).encode("latin-1"), quiet=True
    ),
    "module-in-latin-1": module(
        ("# Lösung\n" + CODE).encode("latin-1"), "1111", "it was read as Windows-1252"
    ),
    "module-in-utf-16": module(CODE.encode("utf-16"), "1111", "it was read as UTF-16"),
    "module-that-is-no-text": module(bytes(range(256)), "11??", "it is not a text"),
    "module-with-nul": module(CODE + "\0", "1100", "NUL"),
    "module-of-tabs-and-spaces": module(
        ADAM + "def sgd(w, lr):\n        x = 1\n\treturn w\n", "1100", "a tab; use spaces"
    ),
    "python-2": module(CODE + "print 'done'\n", "1100", "Python 2"),
    "magic-in-a-module": module(
        "%matplotlib inline\n" + CODE,
        "1111",
        "has commands of notebooks, prompts or spaces in front",
    ),
    "magic-and-more-that-is-no-python": module(
        "%matplotlib inline\n" + CODE + "x = = 1\n", "1100", "a command of notebooks, not Python"
    ),
    "versions-of-a-module": Way(
        files={
            "answers.yaml": SHEET,
            "optim (1).py": CODE.replace("+ 1", "+ 7"),
            "optim (2).py": CODE,
        },
        says=("looked up in optim (2).py, optim (1).py, in this order",),
    ),
    "spaces-of-a-web-page": module(
        CODE.replace("return ", "return\u00a0"), "1111", "spaces that Python does not know"
    ),
    "fences-in-a-module": module("```python\n" + CODE + "```\n", "1100", "this is Markdown"),
    "prompts-in-a-module": module(">>> x = 1\n" + CODE, "1100", "take the >>> away"),
    "printing": module("print('x' * 500)\n" + CODE),
    "asking": module(
        CODE + "if True: n = int(input('n? '))\n",
        "1111",
        "nobody answers input() while your code is marked",
    ),
    "arguments": module(CODE + "import sys\nn = int(sys.argv[1])\n", "1111", "IndexError"),
    "guarded": module(CODE + "if __name__ == '__main__':\n    input()\n", quiet=True),
    "drawing-at-the-end": module(
        CODE + "import matplotlibx.pyplot as plt\nplt.show()\n",
        "1111",
        "No module named 'matplotlibx'",
    ),
    "drawing-at-the-top": module(
        "import matplotlibx.pyplot as plt\n" + CODE, "1111", "No module named 'matplotlibx'"
    ),
    "reading-what-lies-beside": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": CODE + "data = open('w.csv').read()\n",
            "w.csv": "1,2",
        },
        says=("w.csv",),
    ),
    "walrus": module("def adam(w):\n    if (n := 1): return w + n\n" + SGD, quiet=True),
    "match": module("def adam(w):\n    match 1:\n        case 1: return w + 1\n" + SGD, quiet=True),
    "star-import": Way(
        files={"answers.yaml": SHEET, "optim.py": "from mine import *\n", "mine.py": CODE},
        quiet=True,
    ),
    "hint-of-a-missing-name": module(
        "def adam(w: torch.Tensor):\n    return w + 1\n" + SGD,
        "1100",
        "name 'torch' is not defined",
    ),
    "hint-put-off": module(
        "from __future__ import annotations\ndef adam(w: torch.Tensor) -> Any:\n    return w + 1\n"
        + SGD,
        quiet=True,
    ),
    "state": module(
        "count = 0\ndef adam(w):\n    global count\n    count += 1\n    return w + 1\n" + SGD,
        quiet=True,
    ),
    "decorated": module(
        "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g(*a): return f(*a)\n    return g\n@d\n"
        + ADAM
        + SGD,
        quiet=True,
    ),
    "lambda": module("adam = lambda w: w + 1\n" + SGD, quiet=True),
    "partial": module(
        "import functools\ndef add(a, b): return a + b\nadam = functools.partial(add, 1)\n" + SGD,
        quiet=True,
    ),
    "class-that-is-called": module(
        "class A:\n    def __call__(self, w): return w + 1\nadam = A()\n" + SGD, quiet=True
    ),
    "bound-method": module(
        "class A:\n    def step(self, w): return w + 1\nadam = A().step\n" + SGD, quiet=True
    ),
    "static-method": module(
        "class Optim:\n    @staticmethod\n    def adam(w): return w + 1\n" + SGD,
        "1111",
        "Optim.adam at line 3",
    ),
    "method": module(
        "class Optim:\n    def adam(self, w): return w + 1\n" + SGD,
        "1101",
        "there is Optim.adam at line 2",
    ),
    "vectorized": module(
        "import numpy as np\n@np.vectorize\ndef adam(w): return w + 1\n" + SGD, quiet=True
    ),
    "async": module(
        "async def adam(w):\n    return w + 1\n" + SGD,
        "1101",
        "got a coroutine: write `def` in place of `async def`",
    ),
    "generator": module(
        "def adam(w):\n    yield w + 1\n" + SGD, "1101", "got a generator: return a list"
    ),
    "nothing-returned": module("def adam(w):\n    w + 1\n" + SGD, "1101", "return"),
    "text-returned": module("def adam(w):\n    return str(w + 1)\n" + SGD, "1101"),
    "no-arguments": module(
        "def adam():\n    return 2\n" + SGD,
        "1101",
        "`adam` takes 0 arguments; it is called as `adam(w)`",
    ),
    "too-many-arguments": module(
        "def adam(w, m, v):\n    return w + 1\n" + SGD, "1101", "takes 3 arguments", "adam(w)"
    ),
    "named-arguments-only": module(
        "def adam(*, w):\n    return w + 1\n" + SGD, "1101", "and `w` by its name only"
    ),
    "other-argument-names": module(
        "def adam(weights, *rest):\n    return weights + 1\n" + SGD, quiet=True
    ),
    "float32": module(
        "import numpy as np\ndef adam(w): return np.float32(w) + 1\n" + SGD, quiet=True
    ),
    "fraction": module(
        "from fractions import Fraction\ndef adam(w):\n    return Fraction(int(w)) + 1 if isinstance(w, int) else w + 1\n"
        + SGD
    ),
    "capital": module(
        ADAM.replace("adam", "Adam") + SGD, "1111", "Adam at line 1 of optim.py was taken for it"
    ),
    "exit": module(CODE + "quit()\n", "1111", "the code ended the program"),
    "asking-at-the-top": module("n = input('n? ')\n" + CODE, "1111", "nobody answers input()"),
    "arguments-at-the-top": module(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('data')\np.parse_args()\n"
        + CODE,
        "1111",
        "below that line only what defines something was run",
    ),
    "ends-the-process": module(
        CODE + "import os\nos._exit(0)\n",
        "1111",
        "your code ended the whole program while it was loaded, so only",
    ),
    "printing-megabytes": module("print('x' * 3_000_000)\n" + CODE),
    "training-at-the-end": module(
        CODE + "import time\nfor epoch in range(100):\n    time.sleep(60)\n",
        "1111",
        "loading it took too long",
    ),
    "loop-in-the-middle": module(
        ADAM + "while True: pass\n" + SGD,
        "1111",
        "optim.py was ended at line 3: loading it took too long; below that line only what defines something was run",
    ),
    "loop-at-the-end": module(
        CODE + "while True: pass\n",
        "1111",
        "optim.py was ended at line 5: loading it took too long; what is defined above that counts",
    ),
    "module-empty": module("", "1100"),
    "module-of-comments": module("# TODO\n", "1100"),
    "not-finished": module(
        "def adam(w):\n    raise NotImplementedError\n" + SGD, "1101", "NotImplementedError"
    ),
    "passes": module("def adam(w):\n    pass\n" + SGD, "1101", "return"),
    "defined-twice": module("def adam(w): return 0\n" + CODE, quiet=True),
    "reads-a-missing-package-inside": module(
        "def adam(w):\n    import torchx\n    return w + 1\n" + SGD,
        "1101",
        "No module named 'torchx'",
    ),
}
NAMES = {
    "module-of-another-name": Way(
        files={"answers.yaml": SHEET, "hw1.py": CODE},
        says=("hw1.py was read in place of optim.py",),
    ),
    "module-in-capitals": Way(files={"answers.yaml": SHEET, "OPTIM.PY": CODE}),
    "module-downloaded-twice": Way(files={"answers.yaml": SHEET, "optim (1).py": CODE}),
    "module-that-is-a-copy": Way(files={"answers.yaml": SHEET, "optim - Copy.py": CODE}),
    "module-beside-its-old-copy": Way(
        files={"answers.yaml": SHEET, "optim.py": CODE, "optim (1).py": "def adam(w): return 0\n"}
    ),
    "module-that-is-text": Way(files={"answers.yaml": SHEET, "optim.py.txt": CODE}, marks="11??"),
    "module-without-ending": Way(files={"answers.yaml": SHEET, "optim": CODE}, marks="11??"),
    "module-in-word": Way(
        files={"answers.yaml": SHEET, "optim.docx": zipped({"word/document.xml": "<w/>"})},
        marks="11??",
    ),
    "module-in-src": Way(files={"answers.yaml": SHEET, "src/optim.py": CODE}),
    "module-in-src-that-imports": Way(
        files={
            "answers.yaml": SHEET,
            "src/optim.py": "from src.mine import *\n" + SGD,
            "src/mine.py": ADAM,
        }
    ),
    "module-in-src-that-imports-beside": Way(
        files={
            "answers.yaml": SHEET,
            "src/optim.py": "from mine import *\n" + SGD,
            "src/mine.py": ADAM,
        }
    ),
    "module-in-src-relative": Way(
        files={
            "answers.yaml": SHEET,
            "src/optim.py": "from .mine import *\n" + SGD,
            "src/mine.py": ADAM,
        }
    ),
    "two-modules": Way(files={"answers.yaml": SHEET, "a.py": ADAM, "b.py": SGD}),
    "stray-script": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": CODE,
            "train.py": "while True: print('x' * 9999)\n",
        },
        quiet=True,
    ),
    "stray-tests": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": CODE,
            "tests/test_optim.py": "import optim\nassert 0\n",
            "conftest.py": "1/0",
        }
    ),
    "named-as-a-library": Way(
        files={"answers.yaml": SHEET, "optim.py": "import random\n" + CODE, "random.py": "1/0"},
        says=("random.py has the same name as a module of Python's own",),
    ),
    "umlauts": Way(files={"answers.yaml": SHEET, "Lösung für Übung 1.py": CODE}),
    "umlauts-of-a-mac": Way(
        files={"answers.yaml": SHEET, unicodedata.normalize("NFD", "Lösung.py"): CODE}
    ),
    "deep": Way(
        files={
            "Abgabe/Müller, Jörg/hw1/answers.yaml": SHEET,
            "Abgabe/Müller, Jörg/hw1/optim.py": CODE,
        }
    ),
    "only-hidden-files": Way(files={".optim.py": CODE, ".DS_Store": "x"}, marks="0000"),
    "nothing": Way(files={}, marks="0000", says=("nothing was handed in",)),
    "only-compiled": Way(
        files={
            "answers.yaml": SHEET,
            "optim.pyc": b"\xa7\r\r\n",
            "__pycache__/optim.cpython-311.pyc": b"x",
        },
        marks="11??",
    ),
    "other-language": Way(
        files={"answers.yaml": SHEET, "optim.m": "function adam\n"}, marks="11??"
    ),
}
NOTEBOOKS = {
    "notebook": in_notebook(BLOCK, CODE, says=("answers from hw1.ipynb, cells 1 and 2",)),
    "notebook-of-the-asked-name": Way(files={"optim.ipynb": notebook(BLOCK, CODE)}),
    "notebook-named-as-the-sheet": Way(files={"answers.ipynb": notebook(BLOCK, CODE)}),
    "notebook-beside-a-sheet": Way(files={"answers.yaml": SHEET, "hw.ipynb": notebook(CODE)}),
    "notebook-alone": Way(packed=notebook(BLOCK, CODE), suffix=".ipynb"),
    "notebook-with-variables": in_notebook(HEIGHT + PATH, CODE),
    "notebook-with-magics": in_notebook(
        "%matplotlib inline\n%load_ext autoreload\n!pip install torch\nimport math",
        BLOCK,
        "%%time\n" + CODE,
        "adam?",
        "?sgd",
    ),
    "notebook-with-shell": in_notebook(
        "%%bash\nfor i in 1 2; do echo $i; done", "%%html\n<b>x</b>", "files = !ls\n", BLOCK, CODE
    ),
    "notebook-that-writes-the-module": in_notebook(
        BLOCK, "%%writefile optim.py\n" + CODE, "from optim import *"
    ),
    "notebook-that-writes-half-the-module": in_notebook(
        BLOCK, "%%writefile optim.py\n" + ADAM, "%%writefile -a optim.py\n" + SGD
    ),
    "notebook-with-a-broken-cell": in_notebook(
        BLOCK, "def broken(:\n", CODE, says=("hw1.ipynb, cell 2",)
    ),
    "notebook-with-a-failing-cell": in_notebook(
        BLOCK,
        "import matplotlibx.pyplot as plt\n" + ADAM,
        SGD,
        says=("No module named 'matplotlibx'",),
    ),
    "notebook-with-raw-cells": in_notebook(cell("---\ntitle: x\n---", "raw"), BLOCK, CODE),
    "notebook-that-awaits": in_notebook(
        BLOCK, "import asyncio\nawait asyncio.sleep(0)\nx = 1", CODE
    ),
    "notebook-with-widgets": in_notebook(
        BLOCK,
        "from IPython.display import display, HTML\nimport ipywidgets as w\ndisplay(w.IntSlider())",
        CODE,
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
    ),
    "notebook-with-large-outputs": in_notebook(BLOCK, cell(CODE, outputs=BIG)),
    "notebook-of-colab": in_notebook(
        "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive",
        BLOCK,
        cell(CODE, metadata={"id": "x", "colab": {}}),
        colab={"provenance": []},
    ),
    "notebook-of-vscode": in_notebook(
        BLOCK,
        cell(CODE, metadata={"vscode": {"languageId": "python"}}),
        language_info={"name": "python"},
    ),
    "notebook-with-a-module": Way(
        files={"hw.ipynb": notebook(BLOCK, "from mine import *"), "mine.py": CODE}
    ),
    "notebook-that-asks": in_notebook("n = input('n?')", BLOCK, CODE),
    "notebook-that-ends-the-process": in_notebook(BLOCK, "import os\nos._exit(0)", CODE),
    "notebook-that-prints-megabytes": in_notebook(BLOCK, ADAM, "print('x' * 3_000_000)", SGD),
    "notebook-that-trains": in_notebook(BLOCK, "import time\ntime.sleep(100)", CODE),
    "notebook-empty": Way(files={"hw1.ipynb": b""}, marks="????"),
    "notebook-broken": Way(files={"hw1.ipynb": notebook(BLOCK, CODE)[:-20]}, marks="????"),
    "notebook-with-merge-marks": Way(
        files={
            "hw1.ipynb": notebook(BLOCK, CODE).replace(
                b'"metadata"', b'\n<<<<<<< HEAD\n"metadata"', 1
            )
        },
        marks="????",
        says=("a merge left its marks",),
    ),
    "notebook-of-r": in_notebook(
        BLOCK, "x <- 1", kernelspec={"language": "R", "name": "ir"}, marks="????"
    ),
    "notebook-with-a-checkpoint": Way(
        files={
            "hw1.ipynb": notebook(BLOCK, CODE),
            ".ipynb_checkpoints/hw1-checkpoint.ipynb": notebook("def adam(w): return 0"),
        }
    ),
    "exported": Way(
        files={
            "answers.yaml": SHEET,
            "hw1.py": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\nget_ipython().run_line_magic('matplotlib', 'inline')\nimport matplotlibx\n\n# In[ ]:\n\n"
            + CODE,
        }
    ),
    "exported-by-colab": Way(
        files={
            "answers.yaml": SHEET,
            "hw1.py": '# -*- coding: utf-8 -*-\n"""hw1\n\nAutomatically generated by Colab.\n"""\n\n!pip install torch\nimport nothere\n\n'
            + CODE,
        },
        says=("hw1.py, line 8: ModuleNotFoundError",),
    ),
    "exported-by-databricks": module(
        "# Databricks notebook source\n# MAGIC %md hi\n\n# COMMAND ----------\n\nimport nothere\n\n# COMMAND ----------\n\n"
        + CODE
    ),
    "cells-of-spyder": module("#%%\nimport nothere\n#%% two\n" + CODE),
    "notebook-that-writes-a-package": in_notebook(
        BLOCK,
        "!mkdir net",
        "%%writefile net/optim.py\n" + ADAM,
        "from net.optim import adam\n" + SGD,
    ),
    "notebook-that-writes-on-colab": in_notebook(
        BLOCK, "%%writefile /content/optim.py\n" + CODE, "from optim import *"
    ),
    "percent-cells": module("# %% one\nimport nothere\n# %%\n" + CODE),
}
FLAT = {"answers.yaml": SHEET, "optim.py": CODE}
INSIDE = {f"hw1/{name}": text for name, text in FLAT.items()}
ARCHIVES = {
    "zip": Way(packed=zipped(FLAT), suffix=".zip", quiet=True),
    "zip-of-a-folder": Way(packed=zipped(INSIDE), suffix=".zip"),
    "zip-in-capitals": Way(packed=zipped(FLAT), suffix=".ZIP"),
    "zip-of-a-mac": Way(
        packed=zipped({**INSIDE, "__MACOSX/hw1/._optim.py": b"\0\5\x16\7", "hw1/.DS_Store": b"x"}),
        suffix=".zip",
    ),
    "zip-of-windows": Way(
        packed=zipped({name.replace("/", "\\"): text for name, text in INSIDE.items()}),
        suffix=".zip",
    ),
    "tar": Way(packed=tarred(FLAT), suffix=".tar"),
    "tar-gz": Way(packed=tarred(INSIDE, "w:gz"), suffix=".tar.gz"),
    "tgz": Way(packed=tarred(INSIDE, "w:gz"), suffix=".tgz"),
    "tar-bz2": Way(packed=tarred(INSIDE, "w:bz2"), suffix=".tar.bz2"),
    "tar-xz": Way(packed=tarred(INSIDE, "w:xz"), suffix=".tar.xz"),
    "zip-in-a-zip": Way(packed=zipped({"hw1.zip": zipped(INSIDE)}), suffix=".zip"),
    "zip-in-a-folder": Way(files={"hw1.zip": zipped(INSIDE)}),
    "tar-in-a-folder-beside-a-sheet": Way(
        files={"answers.yaml": SHEET, "code.tar.gz": tarred({"optim.py": CODE}, "w:gz")}
    ),
    "zip-of-a-notebook": Way(packed=zipped({"hw.ipynb": notebook(BLOCK, CODE)}), suffix=".zip"),
    "zip-three-deep": Way(
        packed=zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped(FLAT)})})}),
        suffix=".zip",
        marks="????",
    ),
    "zip-that-is-a-tar": Way(packed=tarred(FLAT, "w:gz"), suffix=".zip"),
    "zip-cut-off": Way(packed=zipped(FLAT)[:80], suffix=".zip", marks="????"),
    "zip-of-nothing": Way(packed=zipped({}), suffix=".zip", marks="0000"),
    "zip-no-bytes": Way(packed=b"", suffix=".zip", marks="????"),
    "zip-leading-out": Way(
        packed=zipped({**FLAT, "../../evil.py": "1/0"}), suffix=".zip", says=("evil.py",)
    ),
    "zip-with-a-link": Way(
        packed=zipped([*FLAT.items(), link_in_zip("hosts", "/etc/hosts")]),
        suffix=".zip",
        says=("link",),
    ),
    "zip-with-names-alike": Way(
        packed=zipped({**FLAT, "Optim.py": "1/0"}),
        suffix=".zip",
        marks="11??",
        says=("differs only in capitals",),
    ),
    "rar": Way(packed=b"Rar!\x1a\x07\x01\x00" + b"0" * 99, suffix=".rar", marks="????"),
    "rar-in-a-folder": Way(files={"hw.rar": b"Rar!\x1a\x07\x01\x00" + b"0" * 99}, marks="????"),
    "seven-zip-in-a-folder": Way(files={"hw.7z": b"7z\xbc\xaf\x27\x1c" + b"0" * 99}, marks="????"),
}
PACKAGES = {
    "package": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": "from net.adam import adam\n" + SGD,
            "net/__init__.py": "",
            "net/adam.py": ADAM,
        },
        quiet=True,
    ),
    "package-without-init": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": "from net.adam import adam\n" + SGD,
            "net/adam.py": ADAM,
        },
        quiet=True,
    ),
    "package-whose-init-fails": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": "from net.adam import adam\n" + SGD,
            "net/__init__.py": "from .data import x\n",
            "net/adam.py": ADAM,
        },
        says=("net/__init__.py stopped at line 1",),
    ),
    "package-around": Way(
        files={
            "cs231n/answers.yaml": SHEET,
            "cs231n/optim.py": "from cs231n.up import *\n" + SGD,
            "cs231n/up.py": ADAM,
        }
    ),
    "package-around-relative": Way(
        files={
            "cs231n/answers.yaml": SHEET,
            "cs231n/__init__.py": "",
            "cs231n/optim.py": "from .up import *\n" + SGD,
            "cs231n/up.py": ADAM,
        }
    ),
    "circular": Way(
        files={
            "answers.yaml": SHEET,
            "optim.py": "import mine\n" + CODE,
            "mine.py": "import optim\n",
        },
        quiet=True,
    ),
}
WAYS: Mapping[str, Way] = {**SHEETS, **MODULES, **NAMES, **NOTEBOOKS, **ARCHIVES, **PACKAGES}
