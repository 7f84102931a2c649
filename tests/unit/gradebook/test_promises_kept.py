"""From a spec and a student's module to the words: what a function promises, and hostile values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.gradebook.batch import grade_class
from grader.model.outcome import Outcome
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.words import feedback_lines
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX

pytestmark = pytest.mark.processes

SPEC = """
schema: 1
slug: promises
title: Promises
reference: promises
submission: {files: [answers.py]}
limits: {wall_seconds: 2, submission_seconds: 20, output_kib: 64}
questions:
  - id: relu
    kind: function
    call: relu(x)
    requires: [inputs_unchanged, earlier_outputs_unchanged, deterministic]
    cases:
      - {x: [1, -2]}
      - {x: [-3, 4]}
      - {inputs: {x: [271828, -5]}, hidden: true}
  - id: single
    kind: function
    call: single(x)
    step: relu
    dtype: float32
    cases: [{x: [1, -2]}]
  - id: gradient
    kind: function
    points: 3
    call: gradient(x, y)
    cases:
      - {x: 4, y: 1}
      - {random: {x: [-5, 5], y: [-5, 5]}, hidden: true}
    finite_differences: {of: f, with_respect_to: [x, y]}
  - id: driven
    kind: function
    entry: relu
    driver: drive.py
    requires: [inputs_unchanged, earlier_outputs_unchanged]
    cases: [{x: [1, -2]}, {x: [2, -2]}]
  - {id: h, kind: number, expected: 0.41, tolerance: {decimals: 3, strict: true}}
mistakes:
  - {id: no-cross-term, replaces: gradient, with: no_cross_term, credit: 0.5, feedback: Mind x·y.}
  - {id: flat, replaces: relu, with: flat, feedback: It is flat below zero only.}
"""
REFERENCE = """
import numpy as np

def relu(x, /):
    return np.maximum(x, 0)

def gradient(x, y, /):
    return np.array([2 * x + y, x + 12 * y])

def no_cross_term(x, y, /):
    return np.array([2 * x, 12 * y])

def flat(x, /):
    return np.maximum(x, -1)
"""
PARTS = {
    "relu": "def relu(x): return np.maximum(x, 0)",
    "single": "def single(x): return np.maximum(x, 0).astype(np.float32)",
    "gradient": "def gradient(x, y): return np.array([2 * x + y, x + 12 * y])",
    "f": "def f(x, y): return x**2 + x * y + 6 * y**2",
    "h": "h = 0.410",
}
Mark = Callable[..., dict[str, Outcome]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    root = tmp_path_factory.mktemp("course")
    folder = root / "assignments" / "promises"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (folder / "assignment.yaml").write_text(SPEC)
    (root / "reference" / "promises.py").write_text(REFERENCE)
    (folder / "drive.py").write_text("def drive(module, case): return module.relu(case['x'])\n")
    return prepare(folder)


@pytest.fixture
def mark(prepared: Prepared) -> Mark:
    """Outcomes by question, of a module that is right but for the parts given."""

    def mark(**parts: str) -> dict[str, Outcome]:
        source = "import numpy as np\n" + "\n".join({**PARTS, **parts}.values()) + "\n"
        one = Submission(id="ann", sheets={}, modules={"answers.py": source.encode()}, others={})
        graded = grade_class(prepared, [one], SANDBOX, workers=1)
        return {outcome.question: outcome for outcome in graded.submissions[0].outcomes}

    return mark


def told(outcome: Outcome, audience: Audience = Audience.STUDENT) -> str:
    return "\n".join(feedback_lines(outcome, audience))


def test_a_module_that_keeps_every_promise_gets_everything(mark: Mark) -> None:
    outcomes = mark()
    assert {name: o.score for name, o in outcomes.items()} == {
        "relu": 1,
        "single": 1,
        "gradient": 3,
        "driven": 1,
        "h": 1,
    }
    labels = [part.label for part in outcomes["gradient"].parts]
    assert labels[-1] == "agrees with finite differences of f"


@pytest.mark.parametrize(
    ("question", "code", "score", "words"),
    [
        pytest.param(
            "relu",
            "kept = np.zeros(2)\ndef relu(x):\n    np.maximum(x, 0, out=kept)\n    return kept",
            1 / 3,
            "relu changes a result that it returned earlier",
            id="one-buffer",
        ),
        pytest.param(
            "relu",
            "two = [np.zeros(2) for _ in range(2)]\n"
            "def relu(x):\n    two.reverse()\n    return np.maximum(x, 0, out=two[0])",
            1 / 3,
            "relu changes a result that it returned earlier",
            id="two-buffers-in-turn",
        ),
        pytest.param(
            "relu",
            "def relu(x):\n    x[x < 0] = 0\n    return x",
            0,
            "relu changes its argument x; its values are right",
            id="in-place",
        ),
        pytest.param(
            "relu",
            "def relu(x): return np.maximum(x, 0) + 1e-12 * np.random.rand()",
            0,
            "does not give the same result when the same call is made twice",
            id="random",
        ),
        pytest.param(
            "single",
            "def single(x): return np.maximum(x, 0)",
            0,
            "expected a result of dtype float32, got float64",
            id="double-precision",
        ),
        pytest.param(
            "gradient",
            "def gradient(x, y): return np.array([2 * x + y, x + 6 * y])",
            0,
            "at [1] is 10, which is not what finite differences of f give",
            id="wrong-gradient",
        ),
        pytest.param("f", "", 2, "differences of f cannot be taken: f is not defined", id="no-f"),
        pytest.param(
            "f",
            "def f(x, y): return x**2 + x * y + 3 * y**2",
            2,
            "at [1] is 16, which is not what finite differences of f give",
            id="wrong-f",
        ),
        pytest.param(
            "f",
            "def f(x, y): raise KeyError(x)",
            2,
            "differences of f cannot be taken: KeyError was raised at line 5 of answers.py",
            id="f-raises",
        ),
        pytest.param("h", "h = 0.41", 0.5, "0.41 is right as far as it goes, but", id="two-digits"),
        pytest.param("h", "h = 0.4100", 0.5, "0.4100 has more digits than asked for", id="four"),
    ],
)
def test_each_broken_promise_is_told_and_costs_its_part(
    mark: Mark, question: str, code: str, score: float, words: str
) -> None:
    outcomes = mark(**{question: code})
    asked = "gradient" if question == "f" else question
    assert words in told(outcomes[asked])
    got = outcomes[asked].score
    assert got is not None
    assert float(got) == pytest.approx(score)
    others = [o for name, o in outcomes.items() if name not in (asked, "driven")]
    assert all(outcome.score == outcome.max_score for outcome in others)


def test_staff_read_what_a_hidden_case_was_given_and_students_do_not(mark: Mark) -> None:
    code = "def relu(x):\n    if x[0] > 9: return -x\n    return np.maximum(x, 0)"
    outcome = mark(relu=code)["relu"]
    assert "inputs: x = [ 2.71828e+05, -5.00000e+00]" in told(outcome, Audience.STAFF)
    assert not any(text in told(outcome) for text in ("2.71828", "27182", "inputs"))


def test_a_known_mistake_earns_nothing_for_a_promise(mark: Mark) -> None:
    """The cases have the mistake's credit; agreement with the student's own f has none of it."""
    outcome = mark(gradient="def gradient(x, y): return np.array([2 * x, 12 * y])")["gradient"]
    assert "Mind x·y." in told(outcome)
    assert [part.credit for part in outcome.parts] == [0.5, 0.5, 0]
    code = "def gradient(x, y): return np.array([2 * x, 12 * y], dtype=np.float32)"
    asked = mark(gradient=code, f="def f(x, y): return x**2 + 6 * y**2")["gradient"]
    assert asked.parts[-1].verdict is Verdict.CORRECT


def test_a_broken_promise_is_no_mistake_in_the_values(mark: Mark) -> None:
    outcomes = mark(relu="def relu(x):\n    x[x < 0] = 0\n    return x")
    for outcome in (outcomes["relu"], outcomes["driven"]):
        assert outcome.reason is Reason.INPUTS_CHANGED
        assert outcome.score == 0
        assert "Mind" not in told(outcome)


def test_a_driver_shows_a_result_that_is_overwritten(mark: Mark) -> None:
    code = "kept = np.zeros(2)\ndef relu(x): return np.maximum(x, 0, out=kept)"
    outcome = mark(relu=code)["driven"]
    assert [part.reason for part in outcome.parts] == [None, Reason.EARLIER_CHANGED]


#: what `relu` returns → what its student reads; each is bounded by the limits
HOSTILE = {
    "generator": (
        "(n for n in iter(int, 1))",
        "expected a number, a list or a dictionary, got a generator: return a list",
    ),
    "endless-iterator": (
        "iter(int, 1)",
        "expected a number, a list or a dictionary, got an object of type callable_iterator",
    ),
    "endless-map": (
        "map(abs, iter(int, 1))",
        "expected a number, a list or a dictionary, got a map object: return a list",
    ),
    "long-range": (
        "range(10**12)",
        "the code returned more than 120,000 single values",
    ),
    "huge-array": ("np.zeros(10**9)", "MiB of memory"),
    "huge-view": ("np.broadcast_to(0.0, 10**9)", "the code printed or returned more than 64 KiB"),
    "huge-empty": (
        "np.empty((10**9, 0))",
        "expected a number, a list or a dictionary, got an array of dtype float64, not sent",
    ),
    "endless-list": ("NEST", "the code printed or returned more than 64 KiB"),
    "deep-list": ("DEEP", "the rows have different lengths"),
    "array-that-equals-all": ("Array.make([9.0, 9.0])", "is not right"),
    "float-that-equals-all": ("Float(9.0)", "expected a list of 2 numbers, got a single number"),
    "list-that-equals-all": ("List([9.0, 9.0])", "is not right"),
    "anything-that-equals-all": (
        "Equal()",
        "expected a number, a list or a dictionary, got an object of type Equal",
    ),
    "list-of-endless-length": ("Long([9.0, 9.0])", "is not right"),
    "generator-inside": ("[x[0], (n for n in ())]", "a generator: return a list"),
}
CLASSES = """
class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __array__(self, *a, **k): raise RuntimeError
class Float(Equal, float): pass
class List(Equal, list): pass
class Long(list):
    def __len__(self): return 2**60
    def __iter__(self):
        while True: yield 0.0
class Array(np.ndarray):
    @classmethod
    def make(cls, numbers): return np.array(numbers).view(cls)
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return 0.0
    def __array_function__(self, *a, **k): return True
    def tolist(self): return [0.0, 0.0]
NEST = []
NEST += [NEST, NEST]
DEEP = []
for _ in range(10**4): DEEP = [DEEP]
"""


def test_hostile_values_are_bounded_and_each_has_its_own_words(prepared: Prepared) -> None:
    def one(name: str, value: str) -> Submission:
        source = f"import numpy as np\n{CLASSES}\ndef relu(x): return {value}\n"
        return Submission(id=name, sheets={}, modules={"answers.py": source.encode()}, others={})

    students = [one(name, value) for name, (value, _) in HOSTILE.items()]
    graded = grade_class(prepared, students, SANDBOX, workers=2)
    for submission in graded.submissions:
        relu = submission.outcomes[0]
        assert relu.score == 0, submission.submission
        assert HOSTILE[submission.submission][1] in told(relu), submission.submission
