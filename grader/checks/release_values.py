"""Values in a release: as JSON, and as forms, which say of what kind a value is, no more."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from grader.model.tolerance import Tolerance
from grader.model.value import Value

__all__ = ["form_of", "from_json", "to_json", "tolerance_from_json", "tolerance_to_json"]

#: Stand where a number of the key would: nobody's answer is likely to be just these.
_SOME_FLOAT = 0.8346268416740732
_SOME_INTEGER = 1_000_003


def to_json(value: Value) -> Any:
    """A plain value as data that JSON keeps, arrays and tuples told from lists."""
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return {"array": value.item(), "dtype": str(value.dtype)}
    if isinstance(value, Mapping):
        return {"mapping": [[to_json(key), to_json(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [to_json(item) for item in value]}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return value


def from_json(data: Any) -> Value:
    """The value again. Raises ValueError, TypeError or KeyError for what is none."""
    if isinstance(data, list):
        return [from_json(item) for item in data]
    if not isinstance(data, dict):
        return data
    if "array" in data:
        made = np.array(data["array"], dtype=_dtype(data["dtype"]))
        return made if made.shape else made[()]
    if "form" in data:
        return _standing_for(data["form"], tuple(data.get("shape", ())))
    if "mapping" in data:
        return {from_json(key): from_json(item) for key, item in data["mapping"]}
    if "tuple" in data:
        return tuple(from_json(item) for item in data["tuple"])
    return bytes.fromhex(data["bytes"])


def form_of(value: Value) -> Any:
    """What `from_json` makes a value of this type and shape of, with none of its numbers."""
    if isinstance(value, np.ndarray):
        return {"form": str(value.dtype), "shape": [*value.shape]}
    if isinstance(value, np.generic):
        return {"form": str(value.dtype)}
    if isinstance(value, Mapping):
        return {"mapping": [[to_json(key), form_of(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [form_of(item) for item in value]}
    if isinstance(value, list):
        return [form_of(item) for item in value]
    return None if value is None else {"form": type(value).__name__}


def tolerance_to_json(tolerance: Tolerance) -> dict[str, Any]:
    """How near is near enough: what of a tolerance says that, and nothing of digits or credit."""
    if tolerance.decimals is not None or tolerance.sigfigs is not None:
        return {"decimals": tolerance.decimals, "figures": tolerance.sigfigs}
    if tolerance.ulp is not None:
        return {"ulp": tolerance.ulp, "of": tolerance.dtype}
    bounds = {"relative": tolerance.rtol, "absolute": tolerance.atol}
    near = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    whole = {"scale": tolerance.scale, "norm": tolerance.norm}
    return {**near, **{name: word for name, word in whole.items() if word is not None}}


def tolerance_from_json(data: Mapping[str, Any]) -> Tolerance:
    """The tolerance again. Raises ValueError or TypeError for what is none."""
    return Tolerance(
        decimals=data.get("decimals"),
        sigfigs=data.get("figures"),
        ulp=data.get("ulp"),
        dtype=str(data.get("of", "float64")),
        rtol=Fraction(data["relative"]) if "relative" in data else None,
        atol=Fraction(data["absolute"]) if "absolute" in data else None,
        scale=data.get("scale"),
        norm=data.get("norm"),
    )


def _standing_for(name: str, shape: tuple[int, ...]) -> Value:
    plain: Mapping[str, Value] = {
        "bool": False,
        "int": _SOME_INTEGER,
        "float": _SOME_FLOAT,
        "str": "",
        "bytes": b"",
    }
    if name in plain and not shape:
        return plain[name]
    dtype = _dtype(name)
    some = {"f": _SOME_FLOAT, "b": False}.get(dtype.kind, _SOME_INTEGER % 101)
    made = np.full(shape, some, dtype=dtype)
    return made if shape else made[()]


def _dtype(name: Any) -> np.dtype[Any]:
    dtype = np.dtype(str(name))
    if dtype.kind not in "biuf":
        msg = f"a release holds no numbers of type {name}"
        raise ValueError(msg)
    return dtype
