"""Numbers with units as siunitx writes them, in plain spelling."""

from __future__ import annotations

import re

__all__ = ["without_quantities"]

_QUANTITY = re.compile(
    r"\\(?:SI|qty)\s*(?:\[[^\]]*\])?\s*\{(?P<number>[^{}]*)\}\s*\{(?P<unit>(?:[^{}]|\{[^{}]*\})*)\}"
)
_UNIT_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_UNITS = {
    "per": "/",
    "squared": "^2",
    "cubed": "^3",
    "percent": "%",
    "degree": "°",
    "celsius": "°C",
    "metre": "m",
    "meter": "m",
    "second": "s",
    "kilogram": "kg",
    "gram": "g",
    "radian": "rad",
    "kilo": "k",
    "milli": "m",
    "micro": "µ",
    "centi": "c",
    "mega": "M",
    "nano": "n",
    "newton": "N",
    "joule": "J",
    "watt": "W",
    "volt": "V",
    "ampere": "A",
    "ohm": "Ω",
    "hertz": "Hz",
    "kelvin": "K",
    "mole": "mol",
    "pascal": "Pa",
    "minute": "min",
    "hour": "h",
}


def without_quantities(text: str) -> str:
    r"""`\SI{9.81}{\metre\per\second\squared}` as `9.81 m/s^2`."""
    return _QUANTITY.sub(_quantity, text)


def _quantity(found: re.Match[str]) -> str:
    unit = _UNIT_COMMAND.sub(lambda name: _UNITS.get(name[1], name[1]), found["unit"])
    return f"{found['number']} {unit.strip()}"
