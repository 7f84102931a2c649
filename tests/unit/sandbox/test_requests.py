"""A call is packed once for a whole class, and each message has a nonce of its own."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from grader.sandbox import requests
from grader.sandbox.child.wire import decode
from grader.sandbox.contract import SandboxFault
from grader.sandbox.requests import NONCE_BYTES, packed, request_of
from tests.build import call_of


def test_a_nonce_ends_the_message() -> None:
    nonce = bytes(range(NONCE_BYTES))
    read = decode(packed({"entry": "f", "arguments": [1.5]}) + nonce)
    assert read == {"entry": "f", "arguments": [1.5], "nonce": nonce}


def test_the_same_call_is_packed_once() -> None:
    call = call_of("f", 1.5)
    assert request_of(call) is request_of(call)
    read = decode(request_of(call) + bytes(NONCE_BYTES))
    assert (read["entry"], read["arguments"], read["id"]) == ("f", [1.5], "f")


def test_another_call_of_the_same_name_is_another() -> None:
    assert request_of(call_of("f", 1)) != request_of(call_of("f", 2))


@pytest.mark.lengthy
def test_what_is_large_or_gone_is_not_remembered() -> None:
    large = call_of("f", np.zeros(100_000))
    request_of(large)
    assert large not in requests._KNOWN
    small = call_of("f", 3)
    request_of(small)
    known = len(requests._KNOWN)
    del small
    gc.collect()
    assert len(requests._KNOWN) < known


def test_what_is_too_large_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_MOST_BYTES", 100)
    with pytest.raises(SandboxFault, match="64 MiB"):
        request_of(call_of("f", np.zeros(100)))
