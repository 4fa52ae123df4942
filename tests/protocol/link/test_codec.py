"""Messages as armoured payloads: the golden bytes, round trips, and everything that is refused."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import MessageError
from protocol.link.codec import MAX_TEXT, armour, decode, encode, unarmour
from protocol.link.messages import (
    INTERRUPTIONS,
    MAX_INTEGER,
    MAX_SET,
    MAX_TIME,
    Ack,
    Bye,
    ChunkChanges,
    Command,
    Event,
    Farewell,
    Frame,
    Hello,
    Keyframe,
    Message,
    Proof,
    Refused,
    Reply,
    SetEnd,
    Welcome,
)
from protocol.regions import Region, ScanMode

VECTORS = json.loads((Path(__file__).parents[3] / "protocol" / "vectors" / "link.json").read_text("utf-8"))["vectors"]

HELLO = Hello(
    protocol=1,
    script="0.1.0",
    client="BizHawk 2.11.1",
    system="GBA",
    rom_name="Pokémon – Ruby",
    rom_hash="0123456789ABCDEF0123456789ABCDEF01234567",
    regions=(Region("iwram", 0x0300_0000, 32768, 5), Region("ewram", 0x0200_0000, 262144, 5)),
    frames_per_set=5,
    scan_mode=ScanMode.CHUNKED,
    reader="bulk",
    buttons=("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L"),
    resume="",
)

MEANING: dict[str, tuple[int, Message | Reply]] = {
    "hello": (0, HELLO),
    "hello with a token": (0, replace(HELLO, token="a-token_of.24~characters")),
    "hello with chunk sizes": (
        0,
        replace(HELLO, regions=(Region("iwram", 0x0300_0000, 32768, 5, (4, 8192, 24560, 8, 4)),)),
    ),
    "keyframe": (1, Keyframe(0, 4, bytes.fromhex("00000000 7F000000 80000000 FF000000 FFFFFFFF 474E5089"))),
    "keyframe of 300 bytes": (2, Keyframe(1, 0, bytes(range(256)) + bytes(44))),
    "frame without changes": (3, Frame(0, 0, 8, 1753996829216, 0x0000_01F8, 0, ())),
    "frame": (
        4,
        Frame(
            set=1,
            position=2,
            frame=300,
            time=1753996829233,
            pc=0x0800_0102,
            buttons=0b10001,
            changes=(
                ChunkChanges(0, 2, bytes.fromhex("0000 0100 C800"), bytes.fromhex("01000000 00000080 EFBEADDE"), b""),
                ChunkChanges(1, 2, bytes.fromhex("3333"), bytes(4), b""),
            ),
        ),
    ),
    "frame sent again": (
        5,
        Frame(1, 3, 70000, 1753996829250, 0xFFFF_FFFE, 1023, (ChunkChanges(0, 3, b"\5\0", b"\7\0\0\0", b"\6\0\0\0"),)),
    ),
    "frame of large numbers": (70000, Frame(65536, 4, 4294967296, 1753996829266, 0x7FFF_FFFF, 128, ())),
    "set end": (6, SetEnd(1, "", screenshot=True)),
    "set interrupted": (7, SetEnd(2, "savestate", screenshot=False)),
    "set end of a set sent again": (8, SetEnd(3, "", screenshot=False, png=b"\x89PNG\r\n\x1a\n\0\xff")),
    "set end while frames are skipped": (9, SetEnd(4, "", screenshot=True, undrawn=True)),
    "proof": (8, Proof(1, 0, "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")),
    "event": (9, Event(301, 1753996829283, "mark", {"name": "boss"})),
    "event of every scalar": (10, Event(302, 1753996829300, "error", {"text": "ä €"})),
    "bye": (11, Bye("the script was stopped", 720)),
    "welcome": (0, Welcome("20260102-030405-demo", "c0ffee", 12)),
    "refused": (0, Refused("This script speaks version 2, the daemon speaks version 1: update both.")),
    "ack": (1, Ack(11)),
    "ack with commands": (2, Ack(12, (Command("keyframes", {}), Command("show", {"text": "battle"})))),
    "farewell": (3, Farewell("the daemon was stopped")),
}


def payload(vector: dict[str, Any]) -> bytes:
    return bytes.fromhex(vector["framed"]).partition(b" ")[2]


def wire(*values: object) -> bytes:
    """Write a payload without our codec."""
    return "".join(map(chr, msgpack.packb(list(values), use_bin_type=True))).encode()


class TestGoldenBytes:
    def test_each_vector_has_its_meaning_here(self) -> None:
        assert [vector["name"] for vector in VECTORS] == list(MEANING)

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
    def test_they_decode_to_their_meaning(self, vector: dict[str, Any]) -> None:
        assert decode(payload(vector)) == MEANING[vector["name"]]

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
    def test_their_meaning_encodes_to_them(self, vector: dict[str, Any]) -> None:
        seq, message = MEANING[vector["name"]]
        assert encode(message, seq) == payload(vector)


class TestArmour:
    @given(st.binary())
    def test_it_is_undone(self, plain: bytes) -> None:
        assert unarmour(armour(plain)) == plain

    @given(st.binary(min_size=1))
    def test_it_passes_through_a_text_socket_and_never_looks_like_a_screenshot(self, plain: bytes) -> None:
        armoured = armour(plain)
        assert armoured.decode("utf-8").encode("utf-8") == armoured
        assert max(armoured) <= 0xC3
        assert armoured[0] != 0x89

    @pytest.mark.parametrize("damaged", [b"\xff", b"\xc3", "€".encode(), "\ufffd".encode()])
    def test_what_is_not_armoured_is_refused(self, damaged: bytes) -> None:
        with pytest.raises(MessageError, match="damaged on its way"):
            unarmour(damaged)


number = st.integers(0, MAX_INTEGER)
set_number = st.integers(0, MAX_SET)
time = st.integers(0, MAX_TIME)
word = st.integers(0, 0xFFFF_FFFF)
text = st.text(max_size=20)
scalar = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(allow_nan=False) | text
scalars = st.dictionaries(text, scalar, max_size=4)
chunk_changes = st.builds(ChunkChanges, number, number, st.binary(), st.binary(), st.binary())
region_name = st.text("abcxyz_0189", min_size=1, max_size=8).filter(lambda name: name.strip("_"))


@st.composite
def hellos(draw: st.DrawFn) -> Hello:
    frames_per_set = draw(st.integers(1, 60))
    names = draw(st.lists(region_name, min_size=1, max_size=16, unique=True))
    sizes = tuple(4 * draw(st.integers(1, 100)) for _ in range(frames_per_set))
    told = draw(st.sampled_from([(), sizes]))
    regions = tuple(
        Region(name, draw(st.integers(0, 0xFFF0_0000 - 1)), sum(sizes), frames_per_set, told) for name in names
    )
    return Hello(
        protocol=draw(number),
        script=draw(text),
        client=draw(text),
        system=draw(text),
        rom_name=draw(text),
        rom_hash=draw(text),
        regions=regions,
        frames_per_set=frames_per_set,
        scan_mode=draw(st.sampled_from(ScanMode)),
        reader=draw(text),
        buttons=tuple(draw(st.lists(text, max_size=32))),
        resume=draw(text),
    )


messages = st.one_of(
    hellos(),
    st.builds(Keyframe, number, number, st.binary()),
    st.builds(
        Frame,
        set=set_number,
        position=number,
        frame=number,
        time=time,
        pc=word,
        buttons=word,
        changes=st.lists(chunk_changes, max_size=3).map(tuple),
    ),
    st.builds(SetEnd, set_number, st.sampled_from(["", *INTERRUPTIONS]), st.booleans(), st.binary(max_size=40)),
    st.builds(Proof, number, number, st.text("0123456789ABCDEF", min_size=64, max_size=64)),
    st.builds(Event, number, time, text, scalars),
    st.builds(Bye, text, st.none() | set_number),
    st.builds(Welcome, text, text, set_number),
    st.builds(Refused, text),
    st.builds(Ack, set_number, st.lists(st.builds(Command, text, scalars), max_size=3).map(tuple)),
    st.builds(Farewell, text),
)


@given(messages, number)
def test_what_is_encoded_is_decoded(message: Message | Reply, seq: int) -> None:
    assert decode(encode(message, seq)) == (seq, message)


class TestWhatVersionsAdd:
    def test_a_bye_may_leave_the_next_set_out(self) -> None:
        assert decode(wire(7, 0, "enough")) == (0, Bye("enough", None))

    def test_fields_at_the_end_are_ignored(self) -> None:
        assert decode(wire(7, 0, "enough", 3, 1, [])) == (0, Bye("enough", 3))

    def test_fields_at_the_end_of_inner_arrays_are_ignored(self) -> None:
        assert decode(wire(66, 0, 3, [["show", {}, "more"]])) == (0, Ack(3, (Command("show", {}),)))
        _, frame = decode(wire(3, 0, 0, 0, 0, 0, 0, 0, [[0, 1, b"\0\0", bytes(4), bytes(4), "more"]]))
        assert isinstance(frame, Frame)
        assert frame.changes == (ChunkChanges(0, 1, b"\0\0", bytes(4), bytes(4)),)

    def test_unknown_keys_of_a_map_are_ignored(self) -> None:
        terms = {"session": "s", "resume": "r", "next_set": 0, "colour": "green"}
        assert decode(wire(64, 0, terms)) == (0, Welcome("s", "r", 0))

    @pytest.mark.parametrize("kind", [0, 8, 63, 68, 1 << 40])
    def test_an_unknown_kind_is_none_but_has_its_number(self, kind: int) -> None:
        assert decode(wire(kind, 12, "whatever", {})) == (12, None)


GREETING: dict[str, Any] = {
    "protocol": 1,
    "script": "0.1.0",
    "client": "BizHawk 2.11.1",
    "system": "GBA",
    "rom_name": "Game",
    "rom_hash": "00",
    "regions": [{"name": "iwram", "base": 0x0300_0000, "size": 32768}],
    "frames_per_set": 5,
    "scan_mode": "chunked",
    "reader": "bulk",
    "buttons": ["A"],
    "resume": "",
}

REGION = GREETING["regions"][0]


def hello(**changes: object) -> list[object]:
    return [1, 0, {**GREETING, **changes}]


def region(**changes: object) -> list[object]:
    return hello(regions=[{**REGION, **changes}])


FRAME: list[object] = [3, 0, 0, 0, 0, 0, 0, 0, []]


def frame(place: int, value: object) -> list[object]:
    return [*FRAME[: 2 + place], value, *FRAME[3 + place :]]


LONG = "ä" * (MAX_TEXT // 2) + "x"

REFUSED_BY_LAW: list[tuple[list[object], str]] = [
    ([], "not an array of kind"),
    ([7], "not an array of kind"),
    (["7", 0, "why"], "kind is not a whole number"),
    ([True, 0, "why"], "kind is not a whole number"),
    ([7, -1, "why"], "seq is not a whole number"),
    ([7, 0.0, "why"], "seq is not a whole number"),
    ([1, 0], "HELLO has 0 fields, not 1"),
    ([2, 0, 0, 0], "KEYFRAME has 2 fields, not 3"),
    (FRAME[:-1], "FRAME has 6 fields, not 7"),
    ([4, 0, 1, ""], "SET_END has 2 fields, not 3"),
    ([5, 0, 0, 0], "PROOF has 2 fields, not 3"),
    ([6, 0, 0, 0, "mark"], "EVENT has 3 fields, not 4"),
    ([7, 0], "BYE has 0 fields, not 1"),
    ([64, 0], "WELCOME has 0 fields, not 1"),
    ([65, 0], "REFUSED has 0 fields, not 1"),
    ([66, 0, 1], "ACK has 1 fields, not 2"),
    ([67, 0], "FAREWELL has 0 fields, not 1"),
    ([1, 0, []], "greeting is not a map"),
    *((hello(**{key: None}), key) for key in GREETING),
    *(([1, 0, {name: value for name, value in GREETING.items() if name != key}], key) for key in GREETING),
    (hello(script=LONG), "text of at most 4096 bytes"),
    (hello(scan_mode="sometimes"), "chunked, atomic or full"),
    (hello(regions=[]), "1 to 16 regions with distinct names"),
    (hello(regions=[REGION, REGION]), "1 to 16 regions with distinct names"),
    (hello(regions=[{**REGION, "name": f"r{n}"} for n in range(17)]), "1 to 16 regions with distinct names"),
    (hello(regions=[3]), "region is not a map"),
    (hello(frames_per_set=0), "it must be 1 to 60"),
    (hello(frames_per_set=61), "it must be 1 to 60"),
    (hello(buttons=["A"] * 33), "at most 32 names"),
    (hello(buttons=[1]), "buttons"),
    (region(name=""), "letters, digits and _ . -"),
    (region(name="iw/ram"), "letters, digits and _ . -"),
    (region(name="iwräm"), "letters, digits and _ . -"),
    (region(name="x" * 33), "letters, digits and _ . -"),
    (region(base=-1), "region base"),
    (region(base="0"), "region base"),
    (region(size=3), "not a multiple of 4"),
    (region(size=1 << 21), "not a multiple of 4"),
    (region(size=64), "cannot be split"),
    (region(chunk_sizes=[32768]), "the chunk sizes of region 'iwram' are not 5 multiples of 4"),
    (region(chunk_sizes=[4, 4, 4, 4, 32748]), "the chunk sizes of region 'iwram' are not 5 multiples of 4"),
    (region(chunk_sizes=[4, 4, 4, 2, 32754]), "the chunk sizes of region 'iwram' are not 5 multiples of 4"),
    (region(chunk_sizes=[4, 4, 4, -4, 32760]), "chunk size is not a whole number"),
    (region(chunk_sizes=8192), "chunk_sizes is not an array"),
    ([2, 0, -1, 0, b""], "region is not a whole number"),
    ([2, 0, 0, "0", b""], "chunk is not a whole number"),
    ([2, 0, 0, 0, "text"], "words is not bytes"),
    *((frame(place, -1), "a whole number, not negative") for place in range(6)),
    *((frame(place, True), "a whole number, not negative") for place in range(6)),
    *((frame(place, 1 << 32), "is not at most 4294967295") for place in (0, 4, 5)),
    *((frame(place, 1 << 53), "is not at most 9007199254740991") for place in (1, 2)),
    *((frame(3, time), "time is not at most 140737488355327") for time in (1 << 47, 1 << 63, (1 << 64) - 1)),
    ([7, 1 << 53, "why"], "seq is not at most"),
    (hello(protocol=1 << 53), "protocol is not at most"),
    ([4, 0, 1 << 32, "", False], "set is not at most 4294967295"),
    ([6, 0, 1 << 53, 0, "mark", {}], "frame is not at most"),
    ([6, 0, 0, 1 << 47, "mark", {}], "time is not at most"),
    *(([6, 0, 0, 0, "mark", {"a": odd}], "their integers at most") for odd in (1 << 53, -1 << 53, (1 << 64) - 1)),
    ([66, 0, 1 << 32, []], "set is not at most"),
    ([64, 0, {"session": "s", "resume": "r", "next_set": (1 << 32) + 1}], "next_set is not at most"),
    (frame(6, {}), "changes is not an array"),
    (frame(6, [{}]), "changes is not an array"),
    (frame(6, [[0, 0, b""]]), "at least two columns"),
    (frame(6, [["0", 0, b"", b""]]), "region"),
    (frame(6, [[0, None, b"", b""]]), "chunk"),
    (frame(6, [[0, 0, "", b""]]), "gaps is not bytes"),
    (frame(6, [[0, 0, b"", ""]]), "current is not bytes"),
    (frame(6, [[0, 0, b"", b"", None]]), "previous is not bytes"),
    ([4, 0, "1", "", True], "set is not a whole number"),
    ([4, 0, 1, "boredom", True], "interruption is not savestate, reset, rewind, rom, stop, jump"),
    ([4, 0, 1, None, True], "interruption"),
    ([4, 0, 1, "", 1], "screenshot is not true or false"),
    ([5, 0, 0, 0, "ab" * 32], "64 upper-case hex digits"),
    ([5, 0, 0, 0, "AB" * 31], "64 upper-case hex digits"),
    ([6, 0, 0, 0, b"mark", {}], "name is not text"),
    ([6, 0, 0, 0, "mark", []], "details is not a map"),
    ([6, 0, 0, 0, "mark", {"a": []}], "details is not a map of scalars"),
    ([6, 0, 0, 0, "mark", {"a": b""}], "details is not a map of scalars"),
    ([6, 0, 0, 0, "mark", {"a": LONG}], "text of at most"),
    ([6, 0, 0, 0, "mark", {LONG: 1}], "text of at most"),
    ([6, 0, 0, 0, "mark", {b"a": 1}], "text of at most"),
    ([6, 0, 0, 0, "mark", {1: 1}], "not MessagePack"),
    ([7, 0, LONG], "reason is not text of at most 4096 bytes"),
    ([64, 0, "terms"], "terms is not a map"),
    ([64, 0, {"session": "s", "resume": "r"}], "next_set"),
    ([65, 0, 7], "reason is not text"),
    ([66, 0, 1, {}], "commands is not an array"),
    ([66, 0, 1, [["show", {}]] * 65], "commands is not at most 64 of them"),
    ([66, 0, 1, [["show"]]], "a name and a map of arguments"),
    ([66, 0, 1, ["show"]], "command is not an array"),
    ([66, 0, 1, [["show", {"text": []}]]], "a map of scalars"),
    ([67, 0, None], "reason is not text"),
]


class TestWhatIsRefused:
    @pytest.mark.parametrize(("values", "sentence"), REFUSED_BY_LAW)
    def test_a_message_against_the_law(self, values: list[object], sentence: str) -> None:
        with pytest.raises(MessageError, match=sentence):
            decode(wire(*values))

    @pytest.mark.parametrize("longest", ["ä" * (MAX_TEXT // 2), "x" * MAX_TEXT])
    def test_the_longest_text_is_not(self, longest: str) -> None:
        assert decode(wire(7, 0, longest)) == (0, Bye(longest))

    def test_the_largest_integers_are_not(self) -> None:
        largest = Frame(MAX_SET, MAX_INTEGER, MAX_INTEGER, MAX_TIME, 0xFFFF_FFFF, 0xFFFF_FFFF, ())
        assert decode(encode(largest, MAX_INTEGER)) == (MAX_INTEGER, largest)
        event = Event(MAX_INTEGER, MAX_TIME, "mark", {"low": -MAX_INTEGER, "high": MAX_INTEGER})
        assert decode(encode(event, 0)) == (0, event)

    @given(st.binary())
    def test_arbitrary_bytes_raise_nothing_else(self, data: bytes) -> None:
        self.decode_anything(data)
        self.decode_anything(armour(data))

    @given(
        st.lists(
            st.recursive(
                scalar | st.binary(max_size=8) | st.sampled_from([1, 2, 3, 4, 5, 6, 7, 64, 65, 66, 67, ""]),
                lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text | number, inner, max_size=3),
                max_leaves=12,
            )
        )
    )
    def test_arbitrary_values_raise_nothing_else(self, values: list[object]) -> None:
        self.decode_anything(armour(msgpack.packb(values, use_bin_type=True)))

    @given(st.data())
    def test_a_damaged_message_raises_nothing_else(self, data: st.DataObject) -> None:
        plain = bytearray(unarmour(payload(data.draw(st.sampled_from(VECTORS)))))
        plain[data.draw(st.integers(0, len(plain) - 1))] = data.draw(st.integers(0, 255))
        self.decode_anything(armour(bytes(plain)))

    def test_an_array_that_announces_more_than_it_holds(self) -> None:
        with pytest.raises(MessageError):
            decode(armour(b"\xdd\xff\xff\xff\xff\x01"))

    def test_arrays_within_arrays_without_end(self) -> None:
        with pytest.raises(MessageError):
            decode(b"\x91".decode("latin-1").encode() * 100_000)

    @staticmethod
    def decode_anything(data: bytes) -> None:
        with contextlib.suppress(MessageError):
            decode(data)
