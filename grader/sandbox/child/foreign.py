"""Values of the standard library and of other packages as the plain data that they are made of.

Nothing is imported here: a value of a package is known by what the student's code imported. Series
and DataFrames, tensors and arrays of jax become arrays, fractions, decimals and numbers of
sympy's the nearest floating-point number, ranges and views lists, dataclasses dictionaries of
their fields. Where the numbers cannot be read, a mark says why in words for the one who returned
them.
"""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable
from typing import Any, Optional

import wire

__all__ = ["encode"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_LARGEST = 2**53  # whole numbers up to here are floating-point numbers
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()), range)
_FUNCTION = "a function that was not called"
_SET = "a set, which has no order: return a list"
#: What holds no numbers, or none in an order, and what to return in its place. No mapping: a class
#: of a student's own says itself what it is equal to.
_NO_VALUES: tuple[tuple[type, str], ...] = (
    (types.GeneratorType, "a generator: return a list"),
    (types.CoroutineType, "a coroutine: write `def` in place of `async def`"),
    (types.FunctionType, _FUNCTION),
    (types.MethodType, _FUNCTION),
    (map, "a map object: return a list"),
    (filter, "a filter object: return a list"),
    (zip, "a zip object: return a list"),
    (set, _SET),
    (frozenset, _SET),
)
_end_coroutine = types.CoroutineType.close  # else Python warns that nobody awaited it
_MISSING = object()
_NOT_FOREIGN = object()


class Unreadable(Exception):
    """The value is of a kind that is known, and has no numbers to send. The message says why."""


def encode(value: Any, limit: int, items: int) -> bytes:
    """As `wire.encode`, for what a student's code returned."""
    encoder = _Encoder(limit, items)
    encoder.put(value, 0)
    return b"".join(encoder.chunks)


class _Encoder(wire.Encoder):  # type: ignore[misc]  # its module is found by its path alone
    def _put_foreign(self, value: Any, kind: type, depth: int) -> None:
        try:
            plain = _plainly(value, kind, self._items)
        except Unreadable as error:
            self._put_opaque(kind, str(error))
            return
        if plain is _NOT_FOREIGN or type(plain) is kind or depth >= wire.MAX_DEPTH:
            self._put_opaque(kind)
        else:
            self.put(plain, depth + 1)

    def _put_array(self, array: Any, kind: type, tag: bytes) -> None:
        if array.dtype.kind == "O" and array.size <= self._items:
            try:
                numbers = _numbers_of(array, wire.numpy_names().array)
            except Unreadable as error:
                self._put_opaque(kind, str(error))
                return
            if type(numbers) is list:
                self.put(numbers, 0)
                return
            array = array if numbers is None else numbers
        super()._put_array(array, kind, tag)


def _plainly(value: Any, kind: type, most: int) -> Any:
    """A list, dict, number or array that says the same, or _NOT_FOREIGN for any other kind.

    Raises TooMany for a list of more than `most` items, and Unreadable where there are no numbers.
    """
    for known, why in _NO_VALUES:
        if kind is known:
            if kind is types.CoroutineType:
                _end_coroutine(value)
            raise Unreadable(why)
    if issubclass(kind, _VIEWS):
        return _listed(value, most)
    for module, name, read in _READERS:
        if _is_of(kind, module, name):
            return read(value, kind)
    fields = getattr(kind, "__dataclass_fields__", None)
    if type(fields) is dict:
        named = {name: getattr(value, name, _MISSING) for name in list(fields)}
        return {name: item for name, item in named.items() if item is not _MISSING}
    return _NOT_FOREIGN


def _numbers_of(array: Any, make: Callable[..., Any]) -> Any:
    """An array of objects that are all plain numbers as an array of these, made by `make`.

    None where some are not numbers. Nested lists where no type of numpy's holds all of them.
    """
    found = [_number(item) for item in array.ravel().tolist()]
    if any(item is None for item in found):
        return None
    kinds = {type(item) for item in found}
    if int in kinds:
        most = 2**63 - 1 if kinds == {int} else _LARGEST
        if any(type(item) is int and abs(item) > most for item in found):
            return _nested(found, array.shape)
    dtype = "c16" if complex in kinds else "f8" if float in kinds or not kinds else "i8"
    return make(found, dtype=dtype).reshape(array.shape)


def _nested(found: list[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return found[0]
    if len(shape) == 1:
        return found
    step = len(found) // shape[0]
    return [_nested(found[n * step : (n + 1) * step], shape[1:]) for n in range(shape[0])]


def _number(item: Any) -> Any:
    """A plain number, or None. True and False are none."""
    kind = type(item)
    if kind in (int, float, complex):
        return item
    for name in ("Decimal", "Fraction"):
        if _is_of(kind, _HOMES[name], name):
            return _near(item, kind)
    if _is_of(kind, "sympy", "Expr"):
        return _sympy_number(item)
    numpy = sys.modules.get("numpy")
    if numpy is not None and _is_of(kind, "numpy", "number"):
        return _number(item.item())  # one of many digits stays what it is, and is refused
    return None


def _near(value: Any, kind: type) -> Any:
    """A whole number as that, any other as the nearest float."""
    try:
        number = float(value)
        if abs(number) < _LARGEST and number == int(number) and value == int(number):
            return int(number)
    except (OverflowError, ValueError):
        number = float("nan") if value != value else float("inf")
    if number in (float("inf"), -float("inf")) and not _says_infinite(value):
        raise Unreadable("a {} that is too large for a float".format(kind.__name__))
    return number


def _says_infinite(value: Any) -> bool:
    is_infinite = getattr(value, "is_infinite", None)
    return is_infinite is not None and bool(is_infinite())


def _listed(value: Any, most: int) -> list[Any]:
    try:
        length = len(value)
    except OverflowError:
        length = most + 1
    if length > most:
        raise wire.TooMany
    return list(value)


def _of_pandas(value: Any, kind: type) -> Any:
    found = value.to_numpy()
    dtype = getattr(found, "dtype", None)
    if getattr(dtype, "kind", "") == "O":
        numpy = sys.modules["numpy"]
        found = _numbers_of(found, numpy.array)
    elif getattr(dtype, "kind", "") not in "biufc":
        found = None
    if found is None:
        why = "a pandas {} with something in it that is not a number"
        raise Unreadable(why.format(kind.__name__))
    return found


def _of_torch(value: Any, _kind: type) -> Any:
    """A tensor by value: detached, from whatever device; bfloat16 as float32, which loses nothing.

    What has no numpy array for its numbers, such as a sparse or a quantized tensor, is refused.
    """
    try:
        tensor = value.detach().cpu()
        if str(getattr(tensor, "dtype", "")) == "torch.bfloat16":
            tensor = tensor.float()
        for resolve in ("resolve_conj", "resolve_neg"):
            tensor = getattr(tensor, resolve, lambda same=tensor: same)()
        return tensor.numpy()
    except Exception:
        what = (str(getattr(value, name, "")) for name in ("dtype", "layout", "device"))
        why = "a torch tensor whose numbers cannot be read: {}"
        raise Unreadable(why.format(", ".join(filter(None, what)))) from None


def _of_jax(value: Any, _kind: type) -> Any:
    """An array of jax's by value; a number that is still being traced has none."""
    try:
        if str(value.dtype) == "bfloat16":
            value = value.astype("float32")
        return sys.modules["numpy"].asarray(value)
    except Exception:
        why = "an array of jax's without a value: return what the function gives outside of jit"
        raise Unreadable(why) from None


def _of_sympy(value: Any, _kind: type) -> Any:
    """A number of sympy's as a whole number or the nearest float; one with symbols has no value."""
    number = _sympy_number(value)
    if number is None:
        why = "a formula of sympy that is not a number: put in values with `subs`, and use `float`"
        raise Unreadable(why)
    return number


def _sympy_number(value: Any) -> Any:
    try:
        if not value.is_number:
            return None
        if value.is_Integer:
            return int(value)
        return float(value) if value.is_real else complex(value)
    except Exception:
        return None


def _matrix_of_sympy(value: Any, _kind: type) -> Any:
    return value.tolist()


def _is_of(kind: type, module: str, name: str) -> bool:
    """Whether a type is a class of a module that was imported, or derived from it."""
    known: Optional[Any] = getattr(sys.modules.get(module), name, None)
    try:
        return isinstance(known, type) and issubclass(kind, known)
    except Exception:  # a class that answers for itself
        return False


def _listed_view(value: Any, kind: type) -> Any:
    return dict(value) if kind.__name__ == "mappingproxy" else list(value)


_HOMES = {"Decimal": "decimal", "Fraction": "fractions"}
_READERS: tuple[tuple[str, str, Callable[[Any, type], Any]], ...] = (
    ("decimal", "Decimal", _near),
    ("fractions", "Fraction", _near),
    ("collections", "deque", _listed_view),
    ("array", "array", _listed_view),
    ("types", "MappingProxyType", _listed_view),
    ("pandas", "Series", _of_pandas),
    ("pandas", "Index", _of_pandas),
    ("pandas", "DataFrame", _of_pandas),
    ("torch", "Tensor", _of_torch),
    ("jax", "Array", _of_jax),
    ("sympy", "Expr", _of_sympy),
    ("sympy", "MatrixBase", _matrix_of_sympy),
)
