"""Codec of the link's messages: values to armoured payloads, and back. Pure.

Decoding validates every field by the specification, so that nobody further in has to ask again.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from protocol.errors import GreetingError, MessageError
from protocol.link.messages import (
    INTERRUPTIONS,
    MAX_COMMANDS,
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
    Kind,
    Message,
    Proof,
    Refused,
    Reply,
    Scalar,
    SetEnd,
    Welcome,
)
from protocol.packing import pack, unpack
from protocol.regions import MAX_REGIONS, Region, ScanMode

__all__ = ["MAX_TEXT", "armour", "decode", "encode", "unarmour"]

MAX_TEXT = 4096
"""Longest text field in bytes: a long ROM path or a traceback, not a document."""

_BUTTON_BITS = 32
_MAX_WORD = 0xFFFF_FFFF
_PROOF_DIGITS = frozenset("0123456789ABCDEF")


def armour(plain: bytes) -> bytes:
    """Encode bytes for a text socket: each becomes the code point of its number, in UTF-8."""
    return plain.decode("latin-1").encode("utf-8")


def unarmour(payload: bytes) -> bytes:
    """Undo `armour`.

    Raises:
        MessageError: the payload is not armoured.
    """
    try:
        return payload.decode("utf-8").encode("latin-1")
    except UnicodeError:
        raise MessageError("a message was damaged on its way: it is not armoured as the specification says") from None


def encode(message: Message | Reply, seq: int) -> bytes:
    """Write a message as an armoured payload."""
    return armour(pack([_KINDS[type(message)], seq, *_fields(message)]))


def decode(payload: bytes) -> tuple[int, Message | Reply | None]:
    """Read an armoured payload.

    Returns:
        `(seq, message)`; the message is None where its kind is not known to this version.

    Raises:
        GreetingError: it is a HELLO with impossible values.
        MessageError: it is not a message of the specification; the sentence says what is wrong with it.
    """
    values = unpack(unarmour(payload), arrays=tuple)
    if not isinstance(values, tuple) or len(values) < 2:
        raise MessageError("a message is not an array of kind, sequence number and fields")
    kind, seq = _number(values[0], "kind"), _number(values[1], "seq")
    reader = _READERS.get(kind)
    if reader is None:
        return seq, None
    read, least, most = reader
    if len(values) < least + 2:
        raise MessageError(f"{Kind(kind).name} has {len(values) - 2} fields, not {least}")
    return seq, read(*values[2 : most + 2])


def _fields(message: Message | Reply) -> list[Any]:
    match message:
        case Hello():
            greeting = {name: getattr(message, name) for name in Hello.__slots__}
            greeting["regions"] = [region.as_map() for region in message.regions]
            greeting["scan_mode"] = message.scan_mode.value
            if not message.token:
                del greeting["token"]
            return [greeting]
        case Welcome():
            return [{"session": message.session, "resume": message.resume, "next_set": message.next_set}]
        case Frame():
            return [*(getattr(message, name) for name in Frame.__slots__[:-1]), [_columns(c) for c in message.changes]]
        case Ack():
            return [message.set, [[command.name, dict(command.arguments)] for command in message.commands]]
        case Event():
            return [message.frame, message.time, message.name, dict(message.details)]
        case Bye(next_set=None):
            return [message.reason]
        case SetEnd(undrawn=False):
            fields = [message.set, message.interruption, message.screenshot]
            return [*fields, message.png] if message.png else fields
        case _:
            return [getattr(message, name) for name in message.__slots__]


def _columns(changes: ChunkChanges) -> list[Any]:
    columns: list[Any] = [changes.region, changes.chunk, changes.gaps, changes.current]
    return [*columns, changes.previous] if changes.previous else columns


# The readers: one per message, each takes the fields in the order of the wire and returns the message or raises.


def _hello(greeting: object) -> Hello:
    try:
        return _greeting(_map(greeting, "greeting"))
    except MessageError as error:
        raise GreetingError(
            f"This script's greeting is impossible ({error}): fix that in config.lua beside the script, "
            "or use the event_logger.lua that came with this daemon."
        ) from None


def _greeting(fields: Mapping[str, object]) -> Hello:
    frames_per_set = _number(fields.get("frames_per_set"), "frames_per_set")
    mode = _text(fields.get("scan_mode"), "scan_mode")
    if mode not in list(ScanMode):
        _wrong("scan_mode", "chunked, atomic or full")
    regions = tuple(_region(region, frames_per_set) for region in _array(fields.get("regions"), "regions"))
    if not 1 <= len(regions) <= MAX_REGIONS or len({region.name for region in regions}) < len(regions):
        _wrong("regions", f"1 to {MAX_REGIONS} regions with distinct names")
    buttons = tuple(_text(name, "buttons") for name in _array(fields.get("buttons"), "buttons"))
    if len(buttons) > _BUTTON_BITS:
        _wrong("buttons", f"at most {_BUTTON_BITS} names")
    return Hello(
        protocol=_number(fields.get("protocol"), "protocol"),
        regions=regions,
        frames_per_set=frames_per_set,
        scan_mode=ScanMode(mode),
        buttons=buttons,
        token=_text(fields.get("token", ""), "token"),
        **{name: _text(fields.get(name), name) for name in _GREETING_TEXTS},
    )


_GREETING_TEXTS = ("script", "client", "system", "rom_name", "rom_hash", "reader", "resume")


def _region(value: object, frames_per_set: int) -> Region:
    fields = _map(value, "region")
    name = _text(fields.get("name"), "region name")
    base, size = _number(fields.get("base"), "region base"), _number(fields.get("size"), "region size")
    sizes = _array(fields.get("chunk_sizes", ()), "chunk_sizes")
    return Region(name, base, size, frames_per_set, tuple(_number(chunk, "chunk size") for chunk in sizes))


def _keyframe(region: object, chunk: object, words: object) -> Keyframe:
    return Keyframe(_number(region, "region"), _number(chunk, "chunk"), _bytes(words, "words"))


def _frame(
    number: object, position: object, frame: object, time: object, pc: object, buttons: object, changes: object
) -> Frame:
    return Frame(
        _number(number, "set", MAX_SET),
        _number(position, "position"),
        _number(frame, "frame"),
        _number(time, "time", MAX_TIME),
        _number(pc, "pc", _MAX_WORD),
        _number(buttons, "buttons", _MAX_WORD),
        tuple([_changes(entry) for entry in _array(changes, "changes")]),
    )


def _changes(entry: object) -> ChunkChanges:
    values = _array(entry, "changes")
    if len(values) < 4:
        _wrong("changes", "region, chunk and at least two columns")
    region, chunk, gaps, current = values[:4]
    previous = _bytes(values[4], "previous") if len(values) > 4 else b""
    return ChunkChanges(
        _number(region, "region"), _number(chunk, "chunk"), _bytes(gaps, "gaps"), _bytes(current, "current"), previous
    )


def _set_end(
    number: object, interruption: object, screenshot: object, png: object = b"", undrawn: object = None
) -> SetEnd:
    reason = _text(interruption, "interruption")
    if reason and reason not in INTERRUPTIONS:
        _wrong("interruption", ", ".join(INTERRUPTIONS))
    if not isinstance(screenshot, bool):
        _wrong("screenshot", "true or false")
    if undrawn is not None and not isinstance(undrawn, bool):
        _wrong("undrawn", "true or false")
    return SetEnd(_number(number, "set", MAX_SET), reason, screenshot, _bytes(png, "png"), undrawn is True)


def _proof(region: object, chunk: object, sha256: object) -> Proof:
    digest = _text(sha256, "sha256")
    if len(digest) != 64 or not _PROOF_DIGITS.issuperset(digest):
        _wrong("sha256", "64 upper-case hex digits")
    return Proof(_number(region, "region"), _number(chunk, "chunk"), digest)


def _event(frame: object, time: object, name: object, details: object) -> Event:
    return Event(
        _number(frame, "frame"), _number(time, "time", MAX_TIME), _text(name, "name"), _scalars(details, "details")
    )


def _bye(reason: object, next_set: object = None) -> Bye:
    return Bye(_text(reason, "reason"), None if next_set is None else _number(next_set, "next_set", MAX_SET + 1))


def _welcome(terms: object) -> Welcome:
    fields = _map(terms, "terms")
    session, resume = (_text(fields.get(name), name) for name in ("session", "resume"))
    return Welcome(session, resume, _number(fields.get("next_set"), "next_set", MAX_SET + 1))


def _ack(number: object, commands: object) -> Ack:
    entries = _array(commands, "commands")
    if len(entries) > MAX_COMMANDS:
        _wrong("commands", f"at most {MAX_COMMANDS} of them")
    return Ack(_number(number, "set", MAX_SET), tuple(_command(entry) for entry in entries))


def _command(entry: object) -> Command:
    values = _array(entry, "command")
    if len(values) < 2:
        _wrong("command", "a name and a map of arguments")
    return Command(_text(values[0], "command"), _scalars(values[1], "arguments"))


def _number(value: object, name: str, most: int = MAX_INTEGER) -> int:
    if type(value) is not int or value < 0:
        _wrong(name, "a whole number, not negative")
    if value > most:
        _wrong(name, f"at most {most}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        _wrong(name, f"text of at most {MAX_TEXT} bytes")
    return value


def _bytes(value: object, name: str) -> bytes:
    if not isinstance(value, bytes):
        _wrong(name, "bytes")
    return value


def _array(value: object, name: str) -> tuple[object, ...]:
    if not isinstance(value, tuple):
        _wrong(name, "an array")
    return value


def _map(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        _wrong(name, "a map")
    return value


def _scalars(value: object, name: str) -> Mapping[str, Scalar]:
    fields = _map(value, name)
    for key, scalar in fields.items():
        _text(key, name)
        if isinstance(scalar, str):
            _text(scalar, name)
        elif not (scalar is None or isinstance(scalar, bool | int | float)):
            _wrong(name, "a map of scalars")
        elif isinstance(scalar, int) and abs(scalar) > MAX_INTEGER:
            _wrong(name, f"a map of scalars, their integers at most {MAX_INTEGER}")
    return fields  # type: ignore[return-value]


def _wrong(name: str, expected: str) -> NoReturn:
    raise MessageError(f"{name} is not {expected}")


_KINDS: Mapping[type[Message | Reply], Kind] = {
    Hello: Kind.HELLO,
    Keyframe: Kind.KEYFRAME,
    Frame: Kind.FRAME,
    SetEnd: Kind.SET_END,
    Proof: Kind.PROOF,
    Event: Kind.EVENT,
    Bye: Kind.BYE,
    Welcome: Kind.WELCOME,
    Refused: Kind.REFUSED,
    Ack: Kind.ACK,
    Farewell: Kind.FAREWELL,
}

# By kind: the reader, and how many fields it takes at least and at most.
_READERS: Mapping[int, tuple[Callable[..., Message | Reply], int, int]] = {
    Kind.HELLO: (_hello, 1, 1),
    Kind.KEYFRAME: (_keyframe, 3, 3),
    Kind.FRAME: (_frame, 7, 7),
    Kind.SET_END: (_set_end, 3, 5),
    Kind.PROOF: (_proof, 3, 3),
    Kind.EVENT: (_event, 4, 4),
    Kind.BYE: (_bye, 1, 2),
    Kind.WELCOME: (_welcome, 1, 1),
    Kind.REFUSED: (lambda reason: Refused(_text(reason, "reason")), 1, 1),
    Kind.ACK: (_ack, 2, 2),
    Kind.FAREWELL: (lambda reason: Farewell(_text(reason, "reason")), 1, 1),
}
