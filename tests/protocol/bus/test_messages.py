"""The bus as bytes."""

from collections.abc import Callable
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.bus.messages import (
    MAX_REQUEST,
    Answer,
    Publication,
    Request,
    Topic,
    pack_answer,
    pack_publication,
    pack_request,
    unpack_answer,
    unpack_publication,
    unpack_request,
)
from protocol.errors import MessageError
from protocol.packing import pack, unpack

values = st.none() | st.booleans() | st.integers(0, 1 << 32) | st.text(max_size=9) | st.binary(max_size=9)
bodies = st.dictionaries(st.text(max_size=9).filter(lambda key: key != "n"), values, max_size=4)
numbers = st.integers(0, (1 << 64) - 1)
sessions = st.text("abc-123_.", min_size=1)


@given(st.builds(Publication, st.sampled_from([Topic.SESSION, Topic.SET, Topic.EVENT]), sessions, numbers, bodies))
def test_a_publication_arrives(publication: Publication) -> None:
    assert unpack_publication(pack_publication(publication)) == publication


@given(st.builds(Request, numbers, st.text(), bodies, st.text()))
def test_a_request_arrives(request: Request) -> None:
    assert unpack_request(pack_request(request)) == request


@given(st.builds(Answer, numbers, values) | st.builds(Answer, numbers, st.none(), st.tuples(st.text(), st.text())))
def test_an_answer_arrives(answer: Answer) -> None:
    assert unpack_answer(pack_answer(answer)) == answer


def test_a_publication_is_as_the_law_says() -> None:
    topic, body = pack_publication(Publication(Topic.SET, "20260102-demo", 7, {"png": b""}))
    assert topic == b"set/20260102-demo"
    assert unpack(body) == {"n": 7, "png": b""}


@pytest.mark.parametrize("odd", [2**63, 2**53, -(2**53), {"deep": [1, {"in": 2**64 - 1}]}, msgpack.ExtType(5, b"x")])
def test_a_publication_that_nobody_can_pass_on_costs_only_its_body(odd: object) -> None:
    parts = [b"set/x", msgpack.packb({"n": 7, "frame_set": odd, "png": b""})]
    assert unpack_publication(parts) == Publication(Topic.SET, "x", 7, {})


def test_a_request_is_as_the_law_says() -> None:
    assert unpack(pack_request(Request(3, "state", {}, "s"))) == {
        "id": 3,
        "command": "state",
        "arguments": {},
        "secret": "s",
    }


def test_an_answer_is_as_the_law_says() -> None:
    assert unpack(pack_answer(Answer(3, [1]))) == {"id": 3, "ok": True, "result": [1]}
    assert unpack(pack_answer(Answer(3, error=("LayoutError", "no")))) == {
        "id": 3,
        "ok": False,
        "error": {"kind": "LayoutError", "message": "no"},
    }


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"set/x"],
        [b"set/x", pack({"n": 1}), b""],
        [b"set/x", b"\xc1"],
        [b"set/x", pack([1])],
        [b"set/x", pack({})],
        [b"set/x", pack({"n": "1"})],
        [b"set/x", pack({"n": True})],
    ],
)
def test_what_is_no_publication_is_refused(parts: list[bytes]) -> None:
    with pytest.raises(MessageError):
        unpack_publication(parts)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": 1, "command": "state"},
        {"id": "1", "command": "state", "arguments": {}},
        {"id": 1, "command": None, "arguments": {}},
        {"id": 1, "command": "state", "arguments": []},
        {"id": 1, "command": "state", "arguments": {}, "secret": None},
        {"id": 1, "command": "state", "arguments": {}, "secret": b"s"},
        [1, "state", {}],
        None,
    ],
)
def test_what_is_no_request_is_refused(body: object) -> None:
    with pytest.raises(MessageError):
        unpack_request(pack(body))


def test_a_request_may_carry_more_than_we_know() -> None:
    data = pack({"id": 1, "command": "state", "arguments": {}, "trace": "on"})
    assert unpack_request(data) == Request(1, "state", {})


def test_a_request_has_a_longest_length() -> None:
    with pytest.raises(MessageError, match=f"longer than {MAX_REQUEST}"):
        unpack_request(bytes(MAX_REQUEST + 1))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": 1},
        {"id": 1, "ok": True},
        {"id": None, "ok": True, "result": 1},
        {"id": 1, "ok": False, "error": "no"},
        {"id": 1, "ok": False, "error": {"kind": "E"}},
        [],
    ],
)
def test_what_is_no_answer_is_refused(body: object) -> None:
    with pytest.raises(MessageError):
        unpack_answer(pack(body))


@pytest.mark.parametrize(
    "unpack_one", [unpack_request, unpack_answer, lambda data: unpack_publication([b"set/x", data])]
)
@given(data=st.binary())
def test_arbitrary_bytes_raise_nothing_else(unpack_one: Callable[[bytes], Any], data: bytes) -> None:
    with pytest.raises(MessageError):
        unpack_one(data)
