"""What a system call filter answers, worked out here by an interpreter of classic BPF.

It stands in for the kernel, so it is stricter than one: an instruction that the kernel would refuse
when a filter is installed is an error here too. Runs on any system.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MOST_INSTRUCTIONS", "BadProgram", "Instruction", "SystemCall", "answer", "instructions"]

MOST_INSTRUCTIONS = 4096
_SIZE_OF_CALL = 64
_WORD = 0xFFFFFFFF

_LOAD_WORD, _RETURN, _AND, _JUMP = 0x20, 0x06, 0x54, 0x05
_COMPARISONS = {
    0x15: lambda word, operand: word == operand,
    0x25: lambda word, operand: word > operand,
    0x35: lambda word, operand: word >= operand,
    0x45: lambda word, operand: word & operand != 0,
}


class BadProgram(ValueError):
    """The kernel would not take this filter."""


@dataclass(frozen=True, slots=True)
class Instruction:
    code: int
    yes: int
    no: int
    operand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCall:
    """What the kernel shows a filter: 64 bytes."""

    number: int
    arch: int
    arguments: Sequence[int] = ()

    def seen(self) -> bytes:
        words = [argument & ((1 << 64) - 1) for argument in self.arguments]
        words += [0] * (6 - len(words))
        return struct.pack("<IIQ6Q", self.number & _WORD, self.arch, 0, *words)


def instructions(program: bytes) -> tuple[Instruction, ...]:
    """The instructions of a program that the kernel would take. Raises BadProgram."""
    if len(program) % 8 or not 0 < len(program) // 8 <= MOST_INSTRUCTIONS:
        raise BadProgram(f"{len(program)} bytes are no program")
    code = tuple(Instruction(*fields) for fields in struct.iter_unpack("<HBBI", program))
    for place, item in enumerate(code):
        _check(item, room=len(code) - place - 1)
    if code[-1].code != _RETURN:
        raise BadProgram("the last instruction does not return")
    return code


def _check(item: Instruction, *, room: int) -> None:
    """`room` is how many instructions come after it."""
    if item.code in _COMPARISONS:
        good = max(item.yes, item.no) < room
    elif item.code == _JUMP:
        good = item.operand < room
    elif item.code == _LOAD_WORD:
        good = item.operand % 4 == 0 and item.operand < _SIZE_OF_CALL
    else:
        good = item.code in (_RETURN, _AND)
    if not good:
        raise BadProgram(f"{item} with {room} instructions after it")


def answer(code: Sequence[Instruction], call: SystemCall) -> int:
    """What the filter returns for a call. Jumps go forward only, so it ends."""
    seen = call.seen()
    word = place = 0
    while True:
        item = code[place]
        place += 1
        if item.code == _RETURN:
            return item.operand
        if item.code == _LOAD_WORD:
            (word,) = struct.unpack_from("<I", seen, item.operand)
        elif item.code == _AND:
            word &= item.operand
        elif item.code == _JUMP:
            place += item.operand
        else:
            place += item.yes if _COMPARISONS[item.code](word, item.operand) else item.no
