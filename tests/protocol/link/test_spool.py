"""The spool's journal, made with `struct`; the script's own is in `tests/daemon/importing/test_spool_import.py`."""

import io
import struct

import pytest

from protocol.errors import MessageError
from protocol.link.codec import armour, encode, unarmour
from protocol.link.messages import Event, Frame
from protocol.link.spool import (
    SpooledSet,
    SpoolOpening,
    SpoolRecord,
    SpoolTerms,
    imported_bytes,
    parse_imported,
    read_records,
)
from protocol.packing import pack, unpack
from tests.fakes.game import Game, greeting


def text(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def record(kind: int, payload: bytes) -> bytes:
    return struct.pack("<BI", kind, len(payload)) + payload


def records(data: bytes) -> list[SpoolRecord]:
    return [found for _, found in read_records(io.BytesIO(data).read)]


def body(frame: Frame) -> bytes:
    """A FRAME of a set below 128 without what stands before its position."""
    return armour(unarmour(encode(frame, 0))[4:])


OPENING = record(0, text(b"who") + struct.pack("<Q", 7) + text(pack({"client": "BizHawk 2.10"})))
TERMS = record(1, text(b"S1") + text(b"T1") + struct.pack("<Q", 3))
EVENT = Event(5, 6, "mark", {"name": "boss"})


def test_records_are_read_with_their_ends() -> None:
    frames = [message for message in Game().frame_set() if isinstance(message, Frame)]
    head = struct.pack("<QQQBB", 12, 1004, 99, 1, 4) + b"stop"
    spooled = record(2, head + b"".join(text(body(frame)) for frame in frames))
    event = record(3, armour(unarmour(encode(EVENT, 0))[3:]))
    data = OPENING + TERMS + spooled + event
    found = list(read_records(io.BytesIO(data).read))
    assert [end for end, _ in found][-1] == len(data)
    opening, terms, one, last = (value for _, value in found)
    assert opening == SpoolOpening(7, pack({"client": "BizHawk 2.10"}))
    assert terms == SpoolTerms("S1", "T1", 3)
    assert last == EVENT
    assert isinstance(one, SpooledSet)
    assert (one.number, one.last_time, one.interruption, one.has_screenshot, one.is_undrawn) == (
        12,
        99,
        "stop",
        True,
        False,
    )
    assert list(one.frames(0)) == frames
    assert [frame.set for frame in one.frames(200)] == [200] * 5


def test_a_record_that_was_cut_off_ends_the_journal() -> None:
    data = OPENING + TERMS
    for end in range(len(OPENING), len(data)):
        assert len(records(data[:end])) == 1


@pytest.mark.parametrize("damaged", [record(9, b""), record(1, b"\xff\xff"), record(1, text(b"\xff") * 2 + bytes(8))])
def test_a_damaged_record_is_said(damaged: bytes) -> None:
    with pytest.raises(MessageError, match="the journal of the spool is damaged before byte"):
        records(OPENING + damaged)


def test_the_greeting_of_an_older_script_is_missing() -> None:
    (opening,) = records(record(0, text(b"who") + struct.pack("<Q", 0)))
    assert opening == SpoolOpening(0, b"")
    with pytest.raises(MessageError):
        opening.hello("")


def test_a_greeting_is_said_with_the_resume_token() -> None:
    told = unpacked_greeting()
    hello = SpoolOpening(0, pack(told)).hello("T1")
    assert (hello.resume, hello.regions, hello.rom_hash) == ("T1", greeting().regions, greeting().rom_hash)


def unpacked_greeting() -> dict[str, object]:
    told = unpack(unarmour(encode(greeting(), 0)))[2]
    return {key: value for key, value in told.items() if key not in {"protocol", "script", "resume"}}


def test_what_was_imported_is_written_and_read() -> None:
    terms = SpoolTerms("Sitzung", "T", 41)
    assert parse_imported(imported_bytes(1 << 40, terms)) == (1 << 40, terms)
    with pytest.raises(MessageError, match=r"imported\.bin is damaged"):
        parse_imported(b"1234")
