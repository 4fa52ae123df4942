import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import CloseReason

from webui.live.websocket_messages import Ended, MessageReader, Reply, accept, is_upgrade

LIMIT = 100
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


def frame(kind: int, payload: bytes = b"", *, last: bool = True, mask: bytes = b"abcd", reserved: int = 0) -> bytes:
    """A frame as a browser sends it (RFC 6455, section 5.2)."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([(0x80 if last else 0) | reserved | kind]) + length + mask + masked


def read(reader: MessageReader, *pieces: bytes) -> list[str | bytes | Reply]:
    found: list[str | bytes | Reply] = []
    for piece in pieces:
        reader.receive_data(piece)
        while (one := next(reader.messages(), None)) is not None:
            found.append(one)
    return found


@pytest.fixture
def reader() -> MessageReader:
    return MessageReader(LIMIT)


def close_code(farewell: bytes) -> int:
    assert farewell[0] == 0x80 | CLOSE
    return int.from_bytes(farewell[2:4], "big")


@given(st.lists(st.text(max_size=20) | st.binary(max_size=50), max_size=5), st.integers(1, 40), st.data())
def test_messages_arrive_however_they_are_cut(messages: list[str | bytes], piece: int, data: st.DataObject) -> None:
    sent = b""
    for message in messages:
        plain = message.encode() if isinstance(message, str) else message
        cut = data.draw(st.integers(0, len(plain)))
        sent += frame(TEXT if isinstance(message, str) else BINARY, plain[:cut], last=False)
        sent += frame(CONTINUATION, plain[cut:])
    pieces = [sent[at : at + piece] for at in range(0, len(sent), piece)]
    assert read(MessageReader(LIMIT), *pieces) == messages


def test_a_message_is_read_though_somebody_pings_in_its_middle(reader: MessageReader) -> None:
    found = read(reader, frame(TEXT, b"me", last=False) + frame(PING, b"hi") + frame(CONTINUATION, b"adow"))
    assert found == [Reply(b"\x8a\x02hi"), "meadow"]
    assert read(reader, frame(PONG)) == []


def too_long() -> Iterator[list[bytes]]:
    yield [frame(TEXT, b"x" * (LIMIT + 1))]
    yield [frame(TEXT, "ä".encode() * (LIMIT // 2 + 1))]
    yield [frame(BINARY, b"x" * 60, last=False), frame(CONTINUATION, b"x" * 60, last=False)]
    yield [frame(TEXT, b"x", last=False), *(frame(CONTINUATION, b"x", last=False) for _ in range(LIMIT))]


@pytest.mark.parametrize("pieces", list(too_long()))
def test_a_message_beyond_the_limit_ends_the_connection_before_it_is_whole(
    reader: MessageReader, pieces: list[bytes]
) -> None:
    with pytest.raises(Ended) as ended:
        read(reader, *pieces)
    assert close_code(ended.value.farewell) == CloseReason.MESSAGE_TOO_BIG


def test_one_that_only_announces_to_be_long_is_not_waited_for_with_memory(reader: MessageReader) -> None:
    reader.receive_data(bytes([0x80 | BINARY, 0xFF]) + struct.pack(">Q", 1 << 62) + b"abcd")
    with pytest.raises(Ended):
        read(reader, *[b"x" * 10] * 20)


def test_the_longest_message_is_read_and_the_next_starts_anew(reader: MessageReader) -> None:
    assert read(reader, *[frame(BINARY, b"x" * LIMIT)] * 3) == [b"x" * LIMIT] * 3


@pytest.mark.parametrize(
    "rubbish",
    [
        frame(CONTINUATION, b"x"),
        frame(TEXT, b"x", last=False) + frame(TEXT, b"x"),
        frame(TEXT, b"\xff"),
        frame(TEXT, b"x", reserved=0x40),
        frame(0x3, b"x"),
        frame(PING, b"x", last=False),
        b"\x81\x01x",
    ],
)
def test_what_breaks_the_law_of_websockets_ends_the_connection(reader: MessageReader, rubbish: bytes) -> None:
    with pytest.raises(Ended) as ended:
        read(reader, rubbish)
    assert close_code(ended.value.farewell) in {CloseReason.PROTOCOL_ERROR, CloseReason.INVALID_FRAME_PAYLOAD_DATA}


def test_a_browser_that_closes_is_answered_once(reader: MessageReader) -> None:
    with pytest.raises(Ended) as ended:
        read(reader, frame(CLOSE, struct.pack(">H", 1001)))
    assert close_code(ended.value.farewell) == 1001
    assert reader.farewell() == reader.frame("too late") == b""
    with pytest.raises(Ended):
        reader.receive_data(frame(TEXT, b"x"))


def test_what_is_sent_is_not_masked(reader: MessageReader) -> None:
    assert reader.frame("2") == b"\x81\x012"
    assert reader.frame(b"\0") == b"\x82\x01\0"
    assert close_code(reader.farewell()) == CloseReason.NORMAL_CLOSURE
    assert reader.farewell() == b""


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_arbitrary_bytes_raise_nothing_else(pieces: list[bytes]) -> None:
    try:
        read(MessageReader(LIMIT), *pieces)
    except Ended:
        return


REQUEST = {
    "REQUEST_METHOD": "GET",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "keep-alive, Upgrade",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_the_handshake_is_that_of_the_rfc() -> None:
    assert is_upgrade(REQUEST)
    answer = accept(REQUEST)
    assert answer is not None
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n" in answer


@pytest.mark.parametrize(
    "change",
    [
        {"REQUEST_METHOD": "POST"},
        {"HTTP_UPGRADE": "h2c"},
        {"HTTP_CONNECTION": "close"},
        {"HTTP_SEC_WEBSOCKET_VERSION": "8"},
        {"HTTP_SEC_WEBSOCKET_KEY": ""},
        {"HTTP_SEC_WEBSOCKET_KEY": "c2hvcnQ="},
        {"HTTP_SEC_WEBSOCKET_KEY": "no base 64 at all !!!"},
        {"HTTP_SEC_WEBSOCKET_KEY": "ä" * 24},
    ],
)
def test_another_request_is_none(change: dict[str, str]) -> None:
    assert accept({**REQUEST, **change}) is None
