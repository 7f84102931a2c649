"""Ways of handing in code: trees of files, and what comes of each for the student."""

# ruff: noqa: E501 - sentences as they are read

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.checks.prepare import Prepared
from tests.handing_in import HandedIn, course_of, hand_in

SPEC = """\
schema: 1
slug: homework
title: Optimizers
reference: homework
seed: "b4a1f9be77e04dc0a2f1"
submission: {files: [FILE]}
limits: {wall_seconds: 1, submission_seconds: 4}
questions:
  - {id: adam, kind: function, call: adam(w), cases: [{w: 1}]}
  - {id: sgd, kind: function, call: sgd(w), cases: [{w: 1}]}
"""
REFERENCE = "def adam(w, /): return w + 1\ndef sgd(w, /): return w + 2\n"
ADAM = "def adam(w):\n    return w + 1\n"
SGD = "def sgd(w):\n    return w + 2\n"
BOTH = ADAM + SGD
FLAT, DEEP = "optim.py", "cs231n/optim.py"
LOOP = "while True: pass\n"

CourseOf = Callable[[str], Prepared]


@dataclass(frozen=True, kw_only=True)
class Way:
    files: Mapping[str, str | bytes]
    declared: str = FLAT
    verdicts: str = "correct correct"  #: of adam and sgd
    says: tuple[str, ...] = ()
    silent: bool = False  #: there is no note but of what was read


STRAY: Mapping[str, Way] = {
    "as-asked": Way(files={"optim.py": BOTH}, silent=True),
    "sleeping-script": Way(files={"optim.py": BOTH, "train.py": LOOP}, silent=True),
    "failing-script": Way(files={"optim.py": BOTH, "a.py": "1 / 0"}, silent=True),
    "printing-script": Way(
        files={"optim.py": BOTH, "a.py": "while 1: print('x' * 9999)"}, silent=True
    ),
    "ending-script": Way(files={"optim.py": BOTH, "a.py": "import os; os._exit(3)"}, silent=True),
    "script-that-is-no-python": Way(files={"optim.py": BOTH, "a.py": 'print "x"'}, silent=True),
    "script-that-uses-it": Way(
        files={"optim.py": BOTH, "test.py": "from optim import adam\nassert adam(1) == 0"},
        silent=True,
    ),
    "old-version-beside": Way(
        files={"optim.py": BOTH, "optim_old.py": "def adam(w): return 0\n" + LOOP}, silent=True
    ),
    "answer-in-another-file": Way(files={"optim.py": ADAM, "more.py": SGD}, silent=True),
    "answer-imported": Way(
        files={"optim.py": "from more import *\n", "more.py": BOTH}, silent=True
    ),
    "answer-in-a-script-that-fails-later": Way(files={"optim.py": ADAM, "more.py": SGD + "1 / 0"}),
    "guarded-script": Way(
        files={"optim.py": BOTH + "if __name__ == '__main__':\n    1 / 0\n"}, silent=True
    ),
}
FAILING: Mapping[str, Way] = {
    "last-line": Way(
        files={"optim.py": BOTH + "plt.show()\n"},
        says=(
            "note: optim.py stopped at line 5: NameError: name 'plt' is not defined; what is defined above that counts",
        ),
    ),
    "in-the-middle": Way(
        files={"optim.py": ADAM + "1 / 0\n" + SGD},
        verdicts="correct raised",
        says=(
            "note: optim.py stopped at line 3: ZeroDivisionError: division by zero; what is defined above that counts",
            "sgd is not defined: the code stopped at line 3 of optim.py while it was loaded; a note says why",
        ),
    ),
    "exit": Way(
        files={"optim.py": BOTH + "exit()\n"},
        says=(
            "optim.py stopped at line 5: the code ended the program; what is defined above that counts",
        ),
    ),
    "asks": Way(files={"optim.py": BOTH + "n = int(input('n? '))\n"}, says=("EOFError",)),
    "no-file": Way(files={"optim.py": BOTH + "open('data.csv')\n"}, says=("FileNotFoundError",)),
    "missing-module-at-the-end": Way(
        files={"optim.py": BOTH + "import torchx\n"}, says=("No module named 'torchx'",)
    ),
    "missing-module-of-theirs": Way(
        files={"optim.py": "import a\n" + BOTH, "a.py": "\nimport torchx\n"},
        says=(
            "optim.py stopped where it imports a.py (line 1); there, at line 2, ModuleNotFoundError: No module named 'torchx'",
        ),
    ),
    "in-a-function-of-another-file": Way(
        files={
            "optim.py": "import a\n" + BOTH + "a.run()\n",
            "a.py": "def run():\n    return 1 / 0\n",
        },
        says=(
            "optim.py stopped at line 6: ZeroDivisionError: division by zero (at line 2 of a.py); what",
        ),
    ),
    "by-way-of-two": Way(
        files={"optim.py": "import a\n" + BOTH, "a.py": "import b\n", "b.py": "1 / 0\n"},
        verdicts="raised raised",
        says=(
            "optim.py stopped where it imports a.py (line 1), which imports b.py (line 1); there, at line 1, ZeroDivisionError",
        ),
    ),
}
PACKAGES: Mapping[str, Way] = {
    "absolute": Way(
        declared=DEEP,
        files={"cs231n/optim.py": "from cs231n.up import *\n" + SGD, "cs231n/up.py": ADAM},
        silent=True,
    ),
    "relative": Way(
        declared=DEEP,
        files={"cs231n/optim.py": "from .up import *\n" + SGD, "cs231n/up.py": ADAM},
        silent=True,
    ),
    "packed": Way(
        declared=DEEP,
        files={
            "cs231n/__init__.py": "",
            "cs231n/optim.py": "from .up import *\n" + SGD,
            "cs231n/up.py": ADAM,
        },
        silent=True,
    ),
    "flat": Way(
        declared=DEEP, files={"optim.py": "from cs231n.up import *\n" + SGD, "up.py": ADAM}
    ),
    "flat-relative": Way(
        declared=DEEP, files={"optim.py": "from .up import *\n" + SGD, "up.py": ADAM}
    ),
    "other-folder": Way(
        declared=DEEP, files={"nndl/optim.py": "from nndl.up import *\n" + SGD, "nndl/up.py": ADAM}
    ),
    "other-folder-declared-name": Way(
        declared=DEEP,
        files={"nndl/optim.py": "from cs231n.up import *\n" + SGD, "nndl/up.py": ADAM},
    ),
    "other-folder-beside-a-script": Way(
        declared=DEEP,
        files={"nndl/optim.py": "from .up import *\n" + SGD, "nndl/up.py": ADAM, "train.py": LOOP},
    ),
    "taken-off": Way(
        files={"cs231n/optim.py": "from cs231n.up import *\n" + SGD, "cs231n/up.py": ADAM}
    ),
    "taken-off-relative": Way(
        files={"cs231n/optim.py": "from .up import *\n" + SGD, "cs231n/up.py": ADAM}
    ),
    "taken-off-packed": Way(
        files={
            "cs231n/__init__.py": "",
            "cs231n/optim.py": "from cs231n.up import *\n" + SGD,
            "cs231n/up.py": ADAM,
        }
    ),
    "taken-off-with-a-stray-script": Way(
        files={
            "p/__init__.py": "",
            "p/optim.py": "from .up import *\n" + SGD,
            "p/up.py": ADAM,
            "p/train.py": LOOP,
        }
    ),
    "two-taken-off": Way(
        files={"hw1/cs231n/optim.py": "from cs231n.up import *\n" + SGD, "hw1/cs231n/up.py": ADAM}
    ),
    "named-as-a-library": Way(
        files={"code/optim.py": "from .up import *\n" + SGD, "code/up.py": ADAM}
    ),
    "init-fails": Way(
        declared=DEEP,
        files={"cs231n/__init__.py": "\nfrom .data import load\n", "cs231n/optim.py": BOTH},
        says=(
            "note: cs231n/__init__.py stopped at line 2: ModuleNotFoundError: No module named 'cs231n.data'; the other modules of that folder were loaded without it",
        ),
    ),
    "init-fails-by-way-of-another": Way(
        declared=DEEP,
        files={
            "cs231n/__init__.py": "from .a import x\n",
            "cs231n/a.py": "import torchx\n",
            "cs231n/optim.py": BOTH,
        },
        says=(
            "note: cs231n/__init__.py stopped where it imports cs231n/a.py (line 1); there, at line 1, ModuleNotFoundError: No module named 'torchx'",
        ),
    ),
}
MISNAMED: Mapping[str, Way] = {
    "capital-ending": Way(files={"optim.PY": BOTH}, silent=True),
    "capital-ending-deep": Way(files={"hw/optim.Py": BOTH, "hw/README": ""}),
    "capital-ending-beside-the-right-one": Way(
        files={"optim.py": BOTH, "optim.PY": "1 / 0"}, silent=True
    ),
    "other-name": Way(
        files={"updates.py": BOTH}, says=("updates.py was read in place of optim.py",)
    ),
    "other-name-beside-helpers": Way(
        files={"updates.py": BOTH, "helpers.py": "x = 1"}, says=("optim.py is missing",)
    ),
    "other-name-beside-a-script": Way(files={"updates.py": BOTH, "train.py": LOOP}),
    "two-other-names": Way(files={"one.py": ADAM, "two.py": SGD}),
    "capital-name": Way(
        files={"optim.py": ADAM.replace("adam", "Adam") + SGD},
        says=(
            "note: adam is not defined, so Adam at line 1 of optim.py was taken for it; call it adam",
        ),
    ),
    "underscore": Way(
        files={"optim.py": ADAM + SGD.replace("sgd", "s_g_d")},
        says=("s_g_d at line 3 of optim.py was taken",),
    ),
    "static-method": Way(
        files={
            "optim.py": SGD + "class Optim:\n    @staticmethod\n    def adam(w): return w + 1\n"
        },
        says=("adam is not defined, so Optim.adam at line 5 of optim.py was taken for it",),
    ),
    "class-method": Way(
        files={
            "optim.py": SGD + "class Optim:\n    @classmethod\n    def adam(cls, w): return w + 1\n"
        }
    ),
    "method": Way(
        files={"optim.py": SGD + "class Optim:\n    def adam(self, w): return w + 1\n"},
        verdicts="missing correct",
        says=(
            "adam is not defined in the files handed in; there is Optim.adam at line 4 of optim.py",
        ),
    ),
    "class": Way(
        files={"optim.py": SGD + "class Adam:\n    pass\n"},
        verdicts="missing correct",
        says=("adam is not defined in the files handed in; there is Adam at line 3 of optim.py",),
    ),
    "two-that-may-be-meant": Way(
        files={"optim.py": SGD + ADAM.replace("adam", "Adam") + ADAM.replace("adam", "ADAM")},
        verdicts="missing correct",
        says=("there is Adam at line 3 of optim.py",),
    ),
    "imported-from-a-library": Way(
        files={"optim.py": SGD + "from numpy import add as ADAM\n"}, verdicts="missing correct"
    ),
    "asked-for-itself": Way(
        files={"optim.py": ADAM.replace("adam", "SGD") + ADAM},
        says=("SGD at line 1 of optim.py was taken for it",),
        verdicts="correct incorrect",
    ),
}
WAYS = {**STRAY, **FAILING, **PACKAGES, **MISNAMED}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> CourseOf:
    made: dict[str, Prepared] = {}

    def course(declared: str) -> Prepared:
        if declared not in made:
            folder = tmp_path_factory.mktemp("course")
            made[declared] = course_of(folder, SPEC.replace("FILE", declared), REFERENCE)
        return made[declared]

    return course


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_ways_of_handing_in(way: Way, course: CourseOf, tmp_path: Path) -> None:
    seen: HandedIn = hand_in(course(way.declared), tmp_path / "ann", way.files)
    assert " ".join(seen.verdicts.values()) == way.verdicts, seen.page
    assert seen.says(*way.says), seen.page
    assert not (way.silent and len(seen.notes) > 1), seen.notes
    for word in ("Traceback", "grader/", "/tmp"):
        assert word not in seen.page
