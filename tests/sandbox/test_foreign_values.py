"""What comes back of values that are neither Python's own numbers and lists nor numpy's arrays."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable

import numpy as np
import pytest

from grader.model.response import Response
from grader.model.value import Opaque, Value
from grader.model.verdict import Reason

STANDARD = """
import array, collections, dataclasses, decimal, fractions, types
import numpy as np
D, F = decimal.Decimal, fractions.Fraction
Pair = collections.namedtuple("Pair", "w b")
@dataclasses.dataclass
class Fit:
    w: object
    b: float
    def __getattr__(self, name): raise AttributeError
@dataclasses.dataclass
class Node:
    next: object = None
loop = Node()
loop.next = loop
def f():
    return {
        "decimal": D("3.19"), "whole decimal": D("3.00"), "many digits": D(1) / 3,
        "infinite decimal": D("-Infinity"), "nan decimal": D("nan"), "huge": D("1E+1000000"),
        "fraction": F(1, 3), "whole fraction": F(6, 3), "large": F(10**400, 3),
        "in a list": [D("0.5"), F(1, 4)],
        "range": range(2, 8, 2), "keys": {2: 1}.keys(), "values": {"a": 1.5}.values(),
        "items": {2: 1.5}.items(), "deque": collections.deque([1, 2]),
        "array": array.array("d", [1.5, 2.5]), "proxy": types.MappingProxyType({"a": D("0.5")}),
        "named": Pair(1, 2.5), "dataclass": Fit(np.arange(2.0), D("0.5")), "loop": loop,
        "class": Fit, "objects": np.array([1, 2.5], dtype=object),
        "wholes": np.array([[1, 2]], dtype=object), "complexes": np.array([1, 2j], dtype=object),
        "fractions": np.array([F(1, 2), D("0.25")], dtype=object),
        "no axes": np.array(F(1, 2), dtype=object), "empty": np.array([], dtype=object),
        "too large": np.array([[10**30], [1]], dtype=object),
        "mixed": np.array([1, "a"], dtype=object),
        "truths": np.array([1, True], dtype=object), "none": np.array([None]),
        "ragged": np.array([[1], [1, 2]], dtype=object),
        "numpy's": np.array([np.float32(0.5)], dtype=object),
        "zero-d": np.array(2.5), "set": {1}, "generator": (n for n in "ab"),
    }
"""
COMES_BACK = {
    "decimal": 3.19,
    "whole decimal": 3,
    "many digits": 1 / 3,
    "infinite decimal": -math.inf,
    "nan decimal": math.nan,
    "huge": Opaque(type_name="Decimal", why="a Decimal that is too large for a float"),
    "fraction": 1 / 3,
    "whole fraction": 2,
    "large": Opaque(type_name="Fraction", why="a Fraction that is too large for a float"),
    "in a list": [0.5, 0.25],
    "range": [2, 4, 6],
    "keys": [2],
    "values": [1.5],
    "items": [(2, 1.5)],
    "deque": [1, 2],
    "array": [1.5, 2.5],
    "proxy": {"a": 0.5},
    "named": (1, 2.5),
    "dataclass": {"w": np.arange(2.0), "b": 0.5},
    "class": Opaque(type_name="type"),
    "objects": np.array([1, 2.5]),
    "wholes": np.array([[1, 2]]),
    "complexes": np.array([1, 2j]),
    "fractions": np.array([0.5, 0.25]),
    "no axes": np.array(0.5),
    "empty": np.array([]),
    "too large": [[10**30], [1]],
    "mixed": Opaque(type_name="ndarray", why="an array of dtype object, not sent"),
    "truths": Opaque(type_name="ndarray", why="an array of dtype object, not sent"),
    "none": Opaque(type_name="ndarray", why="an array of dtype object, not sent"),
    "ragged": Opaque(type_name="ndarray", why="an array of dtype object, not sent"),
    "numpy's": np.array([0.5]),
    "zero-d": np.array(2.5),
    "set": Opaque(type_name="set", why="a set, which has no order: return a list"),
    "generator": Opaque(type_name="generator", why="a generator: return a list"),
}


def same(one: Value, other: Value) -> bool:
    if isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(other, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in other)
    if isinstance(other, float) and math.isnan(other):
        return math.isnan(one)
    return type(one) is type(other) and one == other


def test_values_of_the_standard_library_come_back_as_what_they_are_made_of(
    ask: Callable[..., Response],
) -> None:
    found = ask(STANDARD).value
    loop = found.pop("loop")
    for _ in range(10):
        loop = loop["next"]
    assert found.keys() == COMES_BACK.keys()
    assert {name: found[name] for name in found if not same(found[name], COMES_BACK[name])} == {}


@pytest.mark.parametrize("value", ["range(10**7)", "range(10**30)"])
def test_an_endless_range_is_too_much(ask: Callable[..., Response], value: str) -> None:
    failure = ask(f"def f(): return {value}\n").failure
    assert failure is not None
    assert failure.reason is Reason.VALUE_LIMIT


# As much of the packages as is needed; they need not be installed.
PANDAS = """
import numpy as np
class Series:
    def __init__(self, data): self.data = np.array(data)
    def to_numpy(self): return self.data
class Index(Series): pass
class DataFrame(Series): pass
"""
TORCH = """
import numpy as np
class Tensor:
    def __init__(
        self, data, dtype="torch.float64", device="cpu", layout="torch.strided", grad=False
    ):
        self.data, self.dtype, self.device, self.layout = np.array(data), dtype, device, layout
        self.requires_grad = grad
    def _with(self, **other):
        return Tensor(**{"data": self.data, "dtype": self.dtype, "device": self.device,
                         "layout": self.layout, "grad": self.requires_grad, **other})
    def detach(self): return self._with(grad=False)
    def float(self): return self._with(data=self.data.astype("float32"), dtype="torch.float32")
    def cpu(self):
        if self.device == "meta": raise NotImplementedError
        return self._with(device="cpu")
    def numpy(self):
        if self.requires_grad or self.dtype == "torch.bfloat16" or self.device != "cpu":
            raise TypeError
        if self.layout != "torch.strided": raise TypeError
        return self.data
"""
JAX = """
import numpy as np
class Array:
    def __init__(self, data): self.data, self.dtype = np.array(data), "float32"
    def __array__(self, dtype=None, copy=None): return self.data
class Tracer(Array):
    def __array__(self, dtype=None, copy=None): raise TypeError
"""
STAND_INS = """
import sys, types
for name, text in TEXTS.items():
    sys.modules[name] = types.ModuleType(name)
    exec(text, vars(sys.modules[name]))
"""
OF_PACKAGES = """
import pandas as pd, torch, jax, numpy as np
def f():
    T = torch.Tensor
    return {
        "series": pd.Series([1.0, 2.0]), "objects": pd.Series(np.array([1, 2.5], dtype=object)),
        "frame": pd.DataFrame([[1, 2], [3, 4]]), "index": pd.Index([1, 2]),
        "words": pd.Series(["a"]),
        "dates": pd.Series(np.array(["2020-01-01"], dtype="datetime64[D]")),
        "tensor": T([1.0, 2.0]), "no axes": T(2.0), "grad": T([1.0], grad=True),
        "cuda": T([1.0], device="cuda:0"),
        "bfloat16": T([0.5], dtype="torch.bfloat16"), "in a dict": {"w": T([1.0], grad=True)},
        "meta": T([1.0], device="meta"), "sparse": T([1.0], layout="torch.sparse_coo"),
        "jax": jax.Array([1.0, 2.0]), "traced": jax.Tracer([1.0]),
    }
"""
NO_NUMBERS = "a torch tensor whose numbers cannot be read: {}"
OF_PACKAGES_COMES_BACK = {
    "series": np.array([1.0, 2.0]),
    "objects": np.array([1, 2.5]),
    "frame": np.array([[1, 2], [3, 4]]),
    "index": np.array([1, 2]),
    "words": Opaque(
        type_name="Series", why="a pandas Series with something in it that is not a number"
    ),
    "dates": Opaque(
        type_name="Series", why="a pandas Series with something in it that is not a number"
    ),
    "tensor": np.array([1.0, 2.0]),
    "no axes": np.array(2.0),
    "grad": np.array([1.0]),
    "cuda": np.array([1.0]),
    "bfloat16": np.array([0.5], dtype=np.float32),
    "in a dict": {"w": np.array([1.0])},
    "meta": Opaque(type_name="Tensor", why=NO_NUMBERS.format("torch.float64, torch.strided, meta")),
    "sparse": Opaque(
        type_name="Tensor", why=NO_NUMBERS.format("torch.float64, torch.sparse_coo, cpu")
    ),
    "jax": np.array([1.0, 2.0]),
    "traced": Opaque(
        type_name="Tracer",
        why="an array of jax's without a value: return what the function gives outside of jit",
    ),
}
SYMPY = """
import sympy as sp, numpy as np
def f():
    x = sp.Symbol("x")
    return {
        "whole": sp.Integer(9), "rational": sp.Rational(1, 4), "float": sp.Float("0.5"),
        "root": sp.sqrt(2), "complex": 1 + 2 * sp.I, "put in": [(x**2).subs(x, 3)],
        "array": np.array([sp.Integer(1), sp.Rational(1, 2)]), "matrix": sp.Matrix([[1, 2]]),
        "formula": 2 * x, "formulas": np.array([x]),
    }
"""
OF_SYMPY = "a formula of sympy that is not a number: put in values with `subs`, and use `float`"
OF_SYMPY_COMES_BACK = {
    "whole": 9,
    "rational": 0.25,
    "float": 0.5,
    "root": math.sqrt(2),
    "complex": 1 + 2j,
    "put in": [9],
    "array": np.array([1, 0.5]),
    "matrix": [[1, 2]],
    "formula": Opaque(type_name="Mul", why=OF_SYMPY),
    "formulas": Opaque(type_name="ndarray", why="an array of dtype object, not sent"),
}


@pytest.mark.skipif(importlib.util.find_spec("sympy") is None, reason="sympy is not installed")
def test_numbers_of_sympy_come_back_as_numbers(ask: Callable[..., Response]) -> None:
    found = ask(SYMPY).value
    wanted = OF_SYMPY_COMES_BACK
    assert found.keys() == wanted.keys()
    assert {name: found[name] for name in found if not same(found[name], wanted[name])} == {}


INSTALLED = [name for name in ("pandas", "torch", "jax") if importlib.util.find_spec(name)]


def test_values_of_packages_come_back_as_arrays(ask: Callable[..., Response]) -> None:
    texts = {"pandas": PANDAS, "torch": TORCH, "jax": JAX}
    found = ask(f"TEXTS = {texts!r}\n{STAND_INS}{OF_PACKAGES}").value
    wanted = OF_PACKAGES_COMES_BACK
    assert found.keys() == wanted.keys()
    assert {name: found[name] for name in found if not same(found[name], wanted[name])} == {}


def needs(package: str) -> pytest.MarkDecorator:
    reason = f"{package} is not installed"
    return pytest.mark.skipif(package not in INSTALLED, reason=reason)


@needs("pandas")
@pytest.mark.slow
def test_values_of_pandas_itself(ask: Callable[..., Response]) -> None:
    source = """
import pandas as pd, numpy as np
def f():
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    return {
        "series": frame["b"], "frame": frame, "whole": frame["a"], "index": frame.index,
        "columns": frame.columns, "nullable": pd.Series([1, 2], dtype="Int64"),
        "missing": pd.Series([1, None]), "category": pd.Series([1, 2]).astype("category"),
        "words": pd.DataFrame({"a": [1], "b": ["x"]}), "mean": frame.mean(),
        "truths": pd.Series([True]), "dates": pd.to_datetime(pd.Series(["2020-01-01"])),
    }
"""
    found = ask(source).value
    assert same(found["series"], np.array([0.5, 1.5]))
    assert same(found["frame"], np.array([[1.0, 0.5], [2.0, 1.5]]))
    for name in ("whole", "nullable", "category"):
        assert same(found[name], np.array([1, 2])), name
    assert same(found["index"], np.array([0, 1]))
    assert same(found["mean"], np.array([1.5, 1.0]))
    assert same(found["truths"], np.array([True]))
    assert found["missing"][0] == 1.0
    assert math.isnan(found["missing"][1])
    for name in ("columns", "words", "dates"):
        assert "something in it that is not a number" in found[name].why, name


@needs("torch")
@pytest.mark.slow
def test_values_of_torch_itself(ask: Callable[..., Response]) -> None:
    source = """
import torch
def f():
    w = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    return {
        "tensor": w * 2, "parameter": torch.nn.Parameter(w), "number": w.sum(),
        "bfloat16": torch.tensor([0.5], dtype=torch.bfloat16), "conj": torch.tensor([1j]).conj(),
        "sparse": w.to_sparse(), "meta": torch.empty(2, device="meta"),
    }
"""
    found = ask(source).value
    assert same(found["tensor"], np.array([2.0, 4.0]))
    assert same(found["parameter"], np.array([1.0, 2.0]))
    assert same(found["number"], np.array(3.0))
    assert same(found["bfloat16"], np.array([0.5], dtype=np.float32))
    assert same(found["conj"], np.array([-1j], dtype=np.complex64))
    for name in ("sparse", "meta"):
        assert "whose numbers cannot be read" in found[name].why, name


@needs("jax")
@pytest.mark.slow
def test_values_of_jax_itself(ask: Callable[..., Response]) -> None:
    source = """
import jax, jax.numpy as jnp
kept = []
def f():
    jax.jit(lambda x: kept.append(x) or x)(jnp.ones(2))
    return {"array": jnp.arange(2.0), "bfloat16": jnp.ones(2, dtype="bfloat16"), "traced": kept[0]}
"""
    found = ask(source).value
    assert same(found["array"], np.array([0, 1], dtype=np.float32))
    assert same(found["bfloat16"], np.array([1, 1], dtype=np.float32))
    assert "outside of jit" in found["traced"].why
