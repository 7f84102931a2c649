"""Requests are sent ahead of their replies: what was printed, and each reply, finds its call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.child.wire import frame
from grader.sandbox.ended import ChildEnded
from grader.sandbox.exchange import MOST_AHEAD, Exchange
from grader.sandbox.output import Output

KEPT = (64 << 10) + 1
NONCES = [bytes([number]) * 16 for number in range(1, 6)]


@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=5),
    st.lists(st.integers(1, 60), max_size=30),
)
def test_what_was_printed_is_told_apart_however_it_is_read(
    printed: list[bytes], sizes: list[int]
) -> None:
    output = Output(1 << 20)
    nonces = [nonce for nonce, _ in zip(NONCES, printed, strict=False)]
    for nonce in nonces:
        output.expect(nonce)
    stream = b"".join(one + nonce for one, nonce in zip(printed, nonces, strict=True))
    expected = _between(stream, nonces)
    if any(nonce in one for one in printed for nonce in nonces):
        return  # a nonce that was printed by the code itself: tried below
    for size in sizes:
        output.feed(stream[:size])
        stream = stream[size:]
    output.feed(stream)
    assert [output.take(nonce) for nonce in nonces] == expected


def _between(stream: bytes, nonces: list[bytes]) -> list[bytes]:
    """A nonce may begin with the byte before it, and what is left of it is of the next."""
    found = []
    for nonce in nonces:
        before, _, stream = stream.partition(nonce)
        found.append(before)
    return found


def test_what_never_ends_is_all_of_the_call_that_is_taken() -> None:
    output = Output(100)
    for nonce in NONCES[:2]:
        output.expect(nonce)
    output.feed(b"first" + NONCES[0][:7])
    assert output.take(NONCES[0]) == b"first" + NONCES[0][:7]
    output.feed(b"second" + NONCES[1])
    assert output.take(NONCES[1]) == b"second"


def test_each_call_may_print_as_much_and_is_not_blamed_for_the_next() -> None:
    output = Output(100)
    for nonce in NONCES[:2]:
        output.expect(nonce)
    output.feed(b"x" * 100 + NONCES[0] + b"y" * 101)
    assert not output.is_too_much
    output.feed(b"y" * 20)
    assert not output.is_too_much
    assert output.take(NONCES[0]) == b"x" * 100
    assert output.is_too_much


def test_of_much_the_first_is_kept_and_the_end_is_still_found() -> None:
    output = Output(1 << 20)
    output.expect(NONCES[0])
    for _ in range(3):
        output.feed(b"x" * KEPT)
    output.feed(NONCES[0] + b"after")
    assert output.take(NONCES[0]) == b"x" * KEPT


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=5), st.integers(1, 50))
def test_replies_come_in_their_order_however_they_are_read(replies: list[bytes], size: int) -> None:
    exchange = Exchange(100)
    nonces = [exchange.ask(b"request")[0] for _ in replies]
    stream = b"".join(map(frame, replies))
    taken: list[bytes] = []
    while len(taken) < len(replies):
        assert exchange.nonce == nonces[len(taken)]
        if exchange.has_reply():
            taken.append(exchange.take())
            continue
        exchange.feed(stream[:size])
        stream = stream[size:]
    assert taken == replies
    assert (exchange.waiting, exchange.has_begun) == (0, False)


def test_no_reply_is_longer_than_its_request_allows() -> None:
    exchange = Exchange(100)
    exchange.ask(b"x" * 50)
    exchange.feed(frame(bytes(166))[:4])
    assert not exchange.has_reply()
    other = Exchange(100)
    other.ask(b"x" * 50)
    other.feed(frame(bytes(167))[:4])
    with pytest.raises(ChildEnded):
        other.has_reply()


def test_what_is_sent_ahead_is_bounded() -> None:
    few, many = Exchange(100), Exchange(100)
    while few.has_room_for(b"x" * (10 << 10)):
        few.ask(b"x" * (10 << 10))
    while many.has_room_for(b"x"):
        many.ask(b"x")
    assert (few.waiting, many.waiting) == (3, MOST_AHEAD)
