"""Submissions in folders: packages import as they do on the student's own computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import JobResult
from tests.build import call_of

LAYERS = "def relu(x): return x if x > 0 else 0\n"
ADAM = "def step(x): return x - 1\n"


def _call(entry: str = "f", *arguments: object) -> Call:
    return Call(id=entry, group=entry, entry=entry, arguments=arguments)


IMPORTS: Mapping[str, tuple[str, str]] = {
    "submodule": ("main.py", "import net.layers\ndef f(): return net.layers.relu(3)\n"),
    "submodule-as": ("main.py", "import net.layers as L\ndef f(): return L.relu(3)\n"),
    "from-package": ("main.py", "from net import layers\ndef f(): return layers.relu(3)\n"),
    "from-submodule": ("main.py", "from net.layers import relu\ndef f(): return relu(3)\n"),
    "deeper": ("main.py", "from net.optim import adam\ndef f(): return adam.step(4)\n"),
    "deepest": ("main.py", "import net.optim.adam as a\ndef f(): return a.step(4)\n"),
    "star": ("main.py", "from net.layers import *\ndef f(): return relu(3)\n"),
    "beside": ("net/model.py", "from .layers import relu\ndef f(): return relu(3)\n"),
    "beside-as-module": ("net/model.py", "from . import layers\ndef f(): return layers.relu(3)\n"),
    "below": ("net/model.py", "from .optim.adam import step\ndef f(): return step(4)\n"),
    "above": ("net/optim/sgd.py", "from ..layers import relu\ndef f(): return relu(3)\n"),
    "from-the-top": ("net/model.py", "import net.layers as L\ndef f(): return L.relu(3)\n"),
    "top-file": ("net/model.py", "from helper import THREE\ndef f(): return THREE\n"),
    "by-name": (
        "main.py",
        "import importlib\ndef f(): return importlib.import_module('net.layers').relu(3)\n",
    ),
    "added-to-the-path": (
        "main.py",
        "import sys\nsys.path.append('net')\nimport layers\ndef f(): return layers.relu(3)\n",
    ),
    "added-by-place-of-the-file": (
        "main.py",
        (
            "import os, sys\nhere = os.path.dirname(os.path.abspath(__file__))\n"
            "sys.path.insert(0, os.path.join(here, 'net'))\n"
            "import layers\ndef f(): return layers.relu(3)\n"
        ),
    ),
}


@pytest.mark.parametrize("packed", [True, False], ids=["package", "namespace"])
@pytest.mark.parametrize(("name", "source"), IMPORTS.values(), ids=IMPORTS)
def test_files_in_folders_are_imported_in_every_way(
    ask: Callable[..., Response], name: str, source: str, packed: bool
) -> None:
    files = {name: source, "net/layers.py": LAYERS, "net/optim/adam.py": ADAM}
    files["helper.py"] = "THREE = 3\n"
    if packed:
        files.update({"net/__init__.py": "", "net/optim/__init__.py": ""})
    assert ask(files).value == 3


def test_a_package_is_known_as_one(ask: Callable[..., Response]) -> None:
    files = {
        "main.py": "import net.layers as L, net, sys\n"
        "def f(): return [L.__name__, L.__package__, L.__file__, net.__name__, net.__package__,\n"
        "    net.__file__, sys.modules['net.layers'] is L, net.layers is L]\n",
        "net/__init__.py": "",
        "net/layers.py": "",
    }
    told = ["net.layers", "net", "net/layers.py", "net", "net", "net/__init__.py", True, True]
    assert ask(files).value == told


def test_a_package_that_imports_its_own_files_in_a_circle(ask: Callable[..., Response]) -> None:
    files = {
        "net/__init__.py": "from .a import f\n",
        "net/a.py": "from . import b\ndef f(): return b.g()\nX = 3\n",
        "net/b.py": "from . import a\ndef g(): return a.X\n",
    }
    assert ask(files).value == 3


def test_every_file_is_run_once(run: Callable[..., JobResult]) -> None:
    files = {
        "main.py": "print('main')\nfrom net.layers import f\nimport net\n",
        "other.py": "from net import layers\nprint('other')\n",
        "net/__init__.py": "print('net')\nfrom . import layers\n",
        "net/layers.py": "print('layers')\ndef f(): pass\n",
    }
    first = ("main.py", "other.py", "net/layers.py")
    assert run(files, _call(), at_start=first).printed == "main\nnet\nlayers\nother\n"


def test_a_file_in_a_folder_that_nobody_imports_is_not_run(run: Callable[..., JobResult]) -> None:
    files = {
        "main.py": "def f(): return 1\n",
        "net/__init__.py": "print('net')\n",
        "net/broken.py": "def f(:\n",
        "scripts/train.py": "while True: pass\n",
    }
    result = run(files, _call())
    assert (result.responses["f"].value, result.printed) == (1, "")


def test_a_declared_file_in_a_folder_is_run_at_the_start_and_answers_first(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "net/layers.py": "print('layers')\nfrom .more import TWO\ndef f(): return TWO\n",
        "main.py": "print('main')\ndef f(): return 1\n",
        "net/more.py": "TWO = 2\n",
    }
    result = run(files, _call(), at_start=("net/layers.py",))
    assert (result.responses["f"].value, result.printed) == (2, "layers\n")


STRAY = {
    "sleeps": "import time\ntime.sleep(60)\n",
    "fails": "1 / 0\n",
    "prints": "while True: print('x' * 10_000)\n",
    "ends": "import os\nos._exit(1)\n",
    "reads": "open('train.csv')\n",
    "asks": "input('how many? ')\n",
    "is-no-python": "def g(:\n",
    "uses": "from hw import f\nf()\nimport sys\nsys.exit()\n",
    "runs-as-a-script": "f = __import__('hw').f()\nwhile True: pass\n",
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_what_is_not_declared_and_not_needed_is_not_run(
    run: Callable[..., JobResult], stray: str
) -> None:
    files = {"hw.py": "def f(): return 3\n", "atrain.py": stray, "ztrain.py": stray}
    result = run(files, _call(), at_start=("hw.py",))
    assert (result.responses["f"].value, result.printed, result.not_loaded) == (3, "", ())


def test_without_a_declared_file_a_name_is_looked_for_in_all(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "helpers.py": "1 / 0\n",
        "train.py": "from updates import *\nwhile True: pass\n",
        "updates.py": "def f(): return 3\ndef g(): return 4\n",
    }
    responses = run(files, _call("f"), _call("g"), at_start=()).responses
    assert [responses[name].value for name in "fg"] == [3, 4]


@pytest.mark.parametrize("end", ["1 / 0", "plt.show()", "raise SystemExit", "raise RuntimeError"])
def test_an_error_at_the_end_costs_what_is_not_defined_by_then(
    run: Callable[..., JobResult], end: str
) -> None:
    source = f"h = 0.5\ndef f(): return g() + h\ndef g(): return 1\n{end}\ndef k(): pass\n"
    result = run({"hw.py": source}, _call("f"), _call("k"), at_start=("hw.py",))
    assert result.responses["f"].value == 1.5
    failure = result.responses["k"].failure
    assert failure is not None
    assert (failure.verdict, failure.file, failure.line) == (Verdict.RAISED, "hw.py", 4)
    assert failure.loading
    assert [(one.file, one.failure.line) for one in result.not_loaded] == [("hw.py", 4)]


DUE_TO_HERE = {
    "package": "import torchx.nn as nn",
    "name-of-a-package": "from json import nothing",
    "question": "n = int(input('n? '))",
    "data": "data = open('weights.npy')",
    "old-library": "import math; math.nothing",
    "arguments": "import sys; n = int(sys.argv[1])",
    "usage": "import sys\nif len(sys.argv) < 2:\n    sys.exit('usage: hw.py DATA')",
    "parser": "import argparse as a\np = a.ArgumentParser()\np.add_argument('d')\np.parse_args()",
    "program": "import subprocess; subprocess.run(['/nowhere/pip'])",
    "in-a-function": "def load(): return open('data.csv')\nload()",
    "by-way-of-another": "from mine import TWO",
}


@pytest.mark.parametrize("why", DUE_TO_HERE)
def test_what_is_missing_where_it_is_run_costs_nothing_below(
    run: Callable[..., JobResult], why: str
) -> None:
    source = f"{DUE_TO_HERE[why]}\nONE = 2 - 1\nend(1)\ndef f(): return ONE\nclass A(nn.B): pass\n"
    files = {"hw.py": source, "mine.py": "import torchx\nTWO = 1 + 1\n"}
    result = run(files, _call("f"), at_start=("hw.py",))
    assert result.responses["f"].value == 1
    assert [(one.file, one.went_on) for one in result.not_loaded] == [("hw.py", True)]


def test_a_file_that_another_one_wants_is_finished_first(run: Callable[..., JobResult]) -> None:
    files = {
        "hw.py": "from net.layers import f\nimport more as m, net.layers\n"
        "def g(): return m.h() + net.layers.f()\n",
        "net/layers.py": "import torchx\nfrom .deep import THREE\ndef f(): return THREE\n",
        "net/deep.py": "import torchx\nTHREE = 2 + 1\n",
        "more.py": "import torchy\ndef h(): return 1\n",
    }
    result = run(files, _call("f"), _call("g"), at_start=("hw.py",))
    assert [result.responses[name].value for name in "fg"] == [3, 4]
    assert [one.file for one in result.not_loaded] == ["hw.py"]


def test_who_has_another_way_where_an_import_fails_goes_it(run: Callable[..., JobResult]) -> None:
    files = {
        "hw.py": "try:\n    from fast import f\nexcept ImportError:\n    from slow import f\n",
        "fast.py": "import torchx\ndef f(): return 0\n",
        "slow.py": "def f(): return 1\n",
    }
    result = run(files, _call("f"), at_start=("hw.py",))
    assert (result.responses["f"].value, result.not_loaded) == (1, ())


def test_a_module_of_their_own_that_lacks_a_name_is_their_own_fault(
    run: Callable[..., JobResult],
) -> None:
    files = {"hw.py": "import mine\nmine.nothing\ndef f(): return 1\n", "mine.py": ""}
    assert run(files, _call("f"), at_start=("hw.py",)).responses["f"].failure is not None


def test_what_only_makes_code_faster_or_shows_it_may_be_missing(
    run: Callable[..., JobResult],
) -> None:
    source = """\
from numba import jit, njit, prange
from tqdm.auto import tqdm, trange
@njit
def one(): return 1
@jit(nopython=True)
def f():
    bar = tqdm([one() for _ in prange(2)], desc="training")
    for item in bar:
        bar.set_postfix(loss=item)
        tqdm.write("x")
    return len(bar) + sum(1 for _ in trange(1))
"""
    assert run(source, _call("f")).responses["f"].value == 3


@pytest.mark.parametrize("outer", ["cs231n", "numpy", "code"])
@pytest.mark.parametrize("packed", [True, False], ids=["package", "namespace"])
@pytest.mark.parametrize("how", ["from {}.fast import", "from .fast import", "from fast import"])
def test_the_folder_that_was_taken_off_is_a_package_still(
    run: Callable[..., JobResult], outer: str, packed: bool, how: str
) -> None:
    if outer != "cs231n" and "{}" in how:
        return  # there the library's is meant
    files = {
        "layers.py": f"{how.format(outer)} *\ndef f(): return fast(2)\n",
        "fast.py": f"{how.format(outer).replace('fast', 'deep.one')} ONE\n"
        "def fast(x): return x + ONE\n",
        "deep/one.py": "ONE = 1\n",
    }
    if packed:
        files["deep/__init__.py"] = ""
    if "from ." in how:  # whoever imports it by its plain name gets it too
        files["main.py"] = "import layers\ndef f2(): return layers.f()\n"
    result = run(files, _call("f"), _call("f2"), at_start=("layers.py",), packages={outer: ""})
    assert result.responses["f"].value == 3, result.not_loaded
    if "main.py" in files:
        assert result.responses["f2"].value == 3


def test_a_folder_with_another_name_is_imported_under_the_declared_one(
    run: Callable[..., JobResult],
) -> None:
    files = {
        "nndl/layers.py": "from cs231n.fast import *\nfrom nndl.fast import ONE\n"
        "from .fast import ONE as TWO\ndef f(): return fast(1) + TWO\n",
        "nndl/fast.py": "ONE = 1\ndef fast(x): return x + ONE\n",
    }
    packages = {"cs231n": "nndl"}
    result = run(files, _call(), at_start=("nndl/layers.py",), packages=packages)
    assert result.responses["f"].value == 3, result.not_loaded


@pytest.mark.parametrize(
    "init", ["from .data import load\n", "import torchx\n", "1 / 0\n", "from . import trainer\n"]
)
@pytest.mark.parametrize("first", ["net/layers.py", "main.py"])
def test_a_package_whose_init_fails_does_not_take_its_modules_with_it(
    run: Callable[..., JobResult], init: str, first: str
) -> None:
    files = {
        "net/__init__.py": init,
        "net/trainer.py": "from .data import load\n",
        "net/layers.py": "from .more import TWO\ndef f(): return TWO\n",
        "net/more.py": "TWO = 2\n",
        "main.py": "from net.layers import f\n",
    }
    result = run(files, _call(), at_start=(first,))
    assert result.responses["f"].value == 2
    assert [one.file for one in result.not_loaded] == ["net/__init__.py"]


def test_what_could_not_be_imported_is_known_by_its_chain(run: Callable[..., JobResult]) -> None:
    files = {
        "main.py": "\nfrom net.layers import f\n",
        "net/layers.py": "from .more import TWO\n",
        "net/more.py": "\n\nimport torchx\n",
    }
    (failed,) = run(files, _call(), at_start=("main.py",)).not_loaded
    assert failed.chain == (("main.py", 2), ("net/layers.py", 1), ("net/more.py", 3))
    assert (failed.file, failed.failure.file, failed.failure.line) == ("main.py", "net/more.py", 3)


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return 3\n",
        "async   def g(): pass\nf = lambda: 3\n",
        "f: object = lambda: 3\n",
        "@str\n@type\nclass f: pass\nf = lambda: 3\n",
        "f, g = (lambda: 3), 4\n",
    ],
)
def test_a_name_that_is_found_nowhere_else_is_looked_for_in_folders(
    ask: Callable[..., Response], source: str
) -> None:
    files = {
        "main.py": "x = 1\n",
        "a/uses.py": "from net.layers import f\nf()\nimport time\ntime.sleep(60)\n",
        "a/inside.py": "class A:\n    def f(self): pass\nimport time\ntime.sleep(60)\n",
        "net/layers.py": source,
    }
    assert ask(files).value == 3


def test_what_fails_in_a_folder_is_told_where_it_is_missed(run: Callable[..., JobResult]) -> None:
    files = {"main.py": "h = 1\n", "net/a.py": "\n1 / 0\ndef f(): pass\n", "net/b.py": "def g(:\n"}
    responses = run(files, _call("f"), _call("g"), _call("k")).responses
    told = {}
    for name, response in responses.items():
        failure = response.failure
        assert failure is not None
        told[name] = (failure.verdict, failure.reason, failure.file, failure.line)
    assert told == {
        "f": (Verdict.RAISED, Reason.EXCEPTION, "net/a.py", 2),
        "g": (Verdict.RAISED, Reason.SYNTAX_ERROR, "net/b.py", 1),
        "k": (Verdict.MISSING, Reason.NAME_NOT_DEFINED, "", 0),
    }


def test_an_exception_is_placed_in_the_file_of_the_package(ask: Callable[..., Response]) -> None:
    files = {
        "main.py": "from net.layers import relu\ndef f(): return relu(0)\n",
        "net/layers.py": "def relu(x):\n\n    return 1 / x\n",
    }
    failure = ask(files).failure
    assert failure is not None
    assert (failure.exception, failure.file, failure.line) == (
        "ZeroDivisionError",
        "net/layers.py",
        3,
    )


def test_a_traceback_that_a_student_prints_names_the_file_and_shows_the_line(
    run: Callable[..., JobResult],
) -> None:
    source = "import traceback\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()\n"
    printed = run({"main.py": "import net.layers\n", "net/layers.py": source}, _call()).printed
    assert 'File "net/layers.py", line 3, in <module>\n    1 / 0\n' in printed


def test_source_of_a_package_can_be_inspected(ask: Callable[..., Response]) -> None:
    source = (
        "import inspect\nfrom net.layers import relu\ndef f(): return inspect.getsource(relu)\n"
    )
    assert ask({"main.py": source, "net/layers.py": LAYERS}).value == LAYERS


NAMES = ["random", "numpy", "torch", "site", "wire", "calls", "handed_in", "email", "math", "os"]


@pytest.mark.parametrize("name", NAMES)
def test_a_relative_import_gives_the_students_file_whatever_its_name(
    ask: Callable[..., Response], name: str
) -> None:
    files = {
        "net/__init__.py": "",
        f"net/{name}.py": "MINE = 5\n",
        "net/model.py": f"from . import {name}\ndef f(): return {name}.MINE\n",
    }
    assert ask(files).value == 5


@pytest.mark.parametrize("name", ["random", "numpy", "email", "json", "statistics", "math"])
@pytest.mark.parametrize("place", ["{}.py", "{}/__init__.py", "{}/sub.py", "net/{}.py"])
def test_the_library_wins_where_a_file_or_a_folder_has_its_name(
    ask: Callable[..., Response], name: str, place: str
) -> None:
    files = {
        place.format(name): "MINE = 5\n",
        "main.py": f"import {name}\ndef f(): return hasattr({name}, 'MINE')\n",
    }
    assert ask(files).value is False


def test_nothing_can_be_slipped_into_a_package_of_the_library(ask: Callable[..., Response]) -> None:
    source = (
        "import json, email\n"
        "def f():\n"
        "    try:\n        import json.mine\n        return 'json.mine'\n"
        "    except ImportError:\n        import email.utils\n"
        "        return hasattr(email.utils, 'MINE')\n"
    )
    files = {"json/mine.py": "", "email/utils.py": "MINE = 5\n", "a.py": source}
    assert ask(files, at_start=("email/utils.py",)).value is False


@pytest.mark.parametrize("name", ["random/mine.py", "a.b/mine.py", "my-net/mine.py", "1/2.py"])
def test_a_file_in_a_folder_of_any_name_answers(ask: Callable[..., Response], name: str) -> None:
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass P:\n    x: ClassVar\ndef f(): return P(3).x\n"
    )
    assert ask({name: source, "random.py": "", "a/b.py": ""}, at_start=(name,)).value == 3


@pytest.mark.parametrize("folder", ["random", "code", "test", "torch", "__main__", "my-net"])
def test_files_in_a_folder_of_any_name_are_imported_relatively(
    ask: Callable[..., Response], folder: str
) -> None:
    files = {
        f"{folder}/model.py": "from .layers import relu\nfrom .sub import x\n"
        "def f(): return relu(x)\n",
        f"{folder}/layers.py": LAYERS,
        f"{folder}/sub/__init__.py": "x = 3\n",
    }
    assert ask(files, at_start=(f"{folder}/model.py",)).value == 3
    files[f"{folder}/__init__.py"] = ""
    assert ask(files, at_start=(f"{folder}/model.py",)).value == 3


def test_a_declared_file_imports_what_lies_beside_it_as_a_script_does(
    ask: Callable[..., Response],
) -> None:
    files = {
        "homework/optimizers.py": "import layers\ndef f(): return layers.relu(3)\n",
        "homework/layers.py": LAYERS,
    }
    assert ask(files, at_start=("homework/optimizers.py",)).value == 3


def test_a_package_wins_over_a_module_of_its_name(run: Callable[..., JobResult]) -> None:
    files = {
        "main.py": "import net\ndef f(): return net.WHICH\n",
        "net.py": "WHICH = 'module'\ndef g(): return WHICH\n",
        "net/__init__.py": "WHICH = 'package'\n",
    }
    responses = run(files, _call("f"), _call("g")).responses
    assert [responses[name].value for name in "fg"] == ["package", "module"]


def test_a_name_with_a_dot_does_not_stand_in_for_a_package(ask: Callable[..., Response]) -> None:
    files = {
        "a.b.py": "WHICH = 'file'\n",
        "a/b.py": "WHICH = 'package'\n",
        "main.py": "import a.b\ndef f(): return a.b.WHICH\n",
    }
    assert ask(files).value == "package"


def test_an_imported_module_is_no_answer(run: Callable[..., JobResult]) -> None:
    files = {"main.py": "from net import loss\n", "net/loss.py": "def loss(): return 3\n"}
    assert run(files, _call("loss")).responses["loss"].value == 3


def test_globals_are_set_where_the_function_looks_for_them(run: Callable[..., JobResult]) -> None:
    files = {
        "main.py": "from net import step\n",
        "net/__init__.py": "from .adam import step\n",
        "net/adam.py": "eta = 0\ndef step(): return eta\n",
    }
    call = call_of("step", name="a", globals={"eta": 0.5})
    assert run(files, call).responses["a"].value == 0.5


def test_a_driver_finds_names_in_folders(run: Callable[..., JobResult]) -> None:
    from grader.model.assignment import Driver

    driver = Driver(
        file="drive.py", source="def drive(module, case): return module.Adam().step(case['x'])\n"
    )
    files = {
        "main.py": "",
        "net/optim/adam.py": "class Adam:\n    def step(self, x): return x + 1\n",
    }
    call = call_of("Adam", {"x": 2}, name="a", mode="drive", driver=driver)
    assert run(files, call).responses["a"].value == 3


def test_digits_typed_in_a_folder_are_kept(run: Callable[..., JobResult]) -> None:
    call = call_of("h", mode="value", digits=True)
    value = run({"net/answers.py": "h = 0.410\n"}, call).responses["h"].value
    assert str(value) == "0.410"


def test_provided_code_runs_before_files_in_folders(ask: Callable[..., Response]) -> None:
    files = {"net/a.py": "from .b import Y\ndef f(): return TWO + Y\n", "net/b.py": "Y = TWO\n"}
    assert ask(files, provided="TWO = 2\n").value == 4


def test_a_file_may_be_imported_under_two_names(ask: Callable[..., Response]) -> None:
    files = {
        "net/__init__.py": "X = []\n",
        "main.py": "import net, net.__init__\n"
        "def f(): return [net.__name__, net.__init__.__name__ == 'net.__init__']\n",
    }
    assert ask(files).value == ["net", True]
