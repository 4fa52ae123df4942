import json
from typing import Any

import pytest

from webui.live.packets import Message, Outgoing, frames_of


def frames(data: bytes) -> list[bytes | str]:
    """Take a server's WebSocket frames apart, as RFC 6455 says."""
    found: list[bytes | str] = []
    while data:
        kind, length, head = data[0], data[1], 2
        if length == 126:
            length, head = int.from_bytes(data[2:4], "big"), 4
        elif length == 127:
            length, head = int.from_bytes(data[2:10], "big"), 10
        payload, data = data[head : head + length], data[head + length :]
        assert len(payload) == length
        assert kind in {0x81, 0x82}, "every frame is a whole message"
        found.append(payload.decode() if kind == 0x81 else payload)
    return found


def outgoing(number: int, event: str = "state", **body: Any) -> Outgoing:
    return Outgoing(Message(event, body), {"number": number})


def test_an_event_is_a_text_frame() -> None:
    [text] = frames(frames_of([outgoing(7, daemon={"status": "up"})]))
    assert text == '42["state",{"number":7,"daemon":{"status":"up"}}]'


def test_an_event_without_a_body_has_what_is_told_to_one_browser() -> None:
    assert frames(frames_of([outgoing(7)])) == ['42["state",{"number":7}]']


def test_bytes_follow_their_text_in_the_order_of_their_placeholders() -> None:
    message = Message("preview", {"columns": b"\x01\x02", "set": {"png": b"PNG"}})
    text, *attachments = frames(frames_of([Outgoing(message, {"number": 1, "lag": None})]))
    assert isinstance(text, str)
    assert text.startswith('452-["preview",')
    name, body = json.loads(text[4:])
    assert (name, body["number"], body["lag"]) == ("preview", 1, None)
    for place, value in ((body["columns"], b"\x01\x02"), (body["set"]["png"], b"PNG")):
        assert place["_placeholder"] is True
        assert attachments[place["num"]] == value


@pytest.mark.parametrize("length", [0, 60, 97, 98, 125, 126, 127, 65_500, 65_535, 65_536, 200_000])
def test_a_frame_of_any_length_can_be_read(length: int) -> None:
    text, attached = frames(frames_of([outgoing(1, text="x" * length, data=b"y" * length)]))
    assert isinstance(text, str)
    assert json.loads(text[4:])[1]["text"] == "x" * length
    assert attached == b"y" * length


def test_messages_follow_one_another() -> None:
    texts = frames(frames_of([outgoing(1, "frame_set"), outgoing(2, "labels", who="Änne <b>")]))
    assert texts == ['42["frame_set",{"number":1}]', '42["labels",{"number":2,"who":"Änne <b>"}]']


def test_what_everybody_is_told_is_encoded_once() -> None:
    message = Message("preview", {"png": b"PNG"})
    first = message.encoded
    for number in range(3):
        frames_of([Outgoing(message, {"number": number})])
    assert message.encoded is first


def test_what_no_browser_could_read_is_refused() -> None:
    with pytest.raises(TypeError):
        frames_of([outgoing(1, thing={1, 2})])
