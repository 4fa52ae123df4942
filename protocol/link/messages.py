"""Messages of the link: one dataclass for each of README.md, fields in the wire's order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from protocol.regions import Region, ScanMode

__all__ = [
    "EVENT_NAMES",
    "INTERRUPTIONS",
    "MAX_COMMANDS",
    "MAX_INTEGER",
    "MAX_SET",
    "MAX_TIME",
    "Ack",
    "Bye",
    "ChunkChanges",
    "Command",
    "Event",
    "Farewell",
    "Frame",
    "Hello",
    "Keyframe",
    "Kind",
    "Message",
    "Proof",
    "Refused",
    "Reply",
    "Scalar",
    "SetEnd",
    "Welcome",
]

Scalar = str | int | float | bool | None
"""Value in the details of an event or the arguments of a command."""

MAX_INTEGER = (1 << 53) - 1
"""Largest integer that JSON, JavaScript and SQLite hold exactly; no integer of the wire is larger."""

MAX_SET = (1 << 32) - 1
"""Highest number of a frame set: eleven years of play."""

MAX_TIME = (1 << 47) - 1
"""Latest time in ms since the epoch, in the year 6429: every calendar knows it, in every time zone."""

MAX_COMMANDS = 64
"""Commands in one ACK."""

INTERRUPTIONS = ("savestate", "reset", "rewind", "rom", "stop", "jump")
"""Reasons for which a frame set is cut short; the text is empty where it is complete."""

EVENT_NAMES = (
    "savestate_loaded",
    "savestate_saved",
    "reset",
    "rewind",
    "jump",
    "rom_changed",
    "mark",
    "latch",
    "error",
    "settings",
)
"""Events of version 1. A receiver keeps events whose name it does not know."""


class Kind(IntEnum):
    """The number that opens a message: 1 to 63 from the emulator, 64 and up from the daemon."""

    HELLO = 1
    KEYFRAME = 2
    FRAME = 3
    SET_END = 4
    PROOF = 5
    EVENT = 6
    BYE = 7
    WELCOME = 64
    REFUSED = 65
    ACK = 66
    FAREWELL = 67


@dataclass(frozen=True, slots=True)
class Hello:
    """The script opens a session, or goes on with one.

    Args:
        resume: token of the session to go on with, or empty.
        token: what a daemon that is open to other machines asks for, or empty.
    """

    protocol: int
    script: str
    client: str
    system: str
    rom_name: str
    rom_hash: str
    regions: tuple[Region, ...]
    frames_per_set: int
    scan_mode: ScanMode
    reader: str
    buttons: tuple[str, ...]
    resume: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Keyframe:
    """All words of a chunk as last scanned: `words` is little-endian, 4 bytes a word."""

    region: int
    chunk: int
    words: bytes


@dataclass(frozen=True, slots=True)
class ChunkChanges:
    """The words of one chunk that changed, as columns; see `protocol.changes`.

    `previous` is empty when left out.
    """

    region: int
    chunk: int
    gaps: bytes
    current: bytes
    previous: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a set. `time` is ms since the epoch, `buttons` a bit set over HELLO's names."""

    set: int
    position: int
    frame: int
    time: int
    pc: int
    buttons: int
    changes: tuple[ChunkChanges, ...]


@dataclass(frozen=True, slots=True)
class SetEnd:
    """End of a set, which is complete or was cut short by `interruption`.

    `screenshot`: its PNG comes next. `png` is the screenshot of a set that is sent again, or empty; `undrawn`: the
    emulator did not draw every frame.
    """

    set: int
    interruption: str
    screenshot: bool
    png: bytes = b""
    undrawn: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """SHA-256 (64 upper-case hex digits) of a chunk as last scanned."""

    region: int
    chunk: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event that is not part of the scan, at `frame` and `time` (ms since the epoch)."""

    frame: int
    time: int
    name: str
    details: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Bye:
    """The script ends the session, and why; `next_set` is the number of the set to come."""

    reason: str
    next_set: int | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """The daemon takes the session; `next_set` is the first frame set that it does not have."""

    session: str
    resume: str
    next_set: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The daemon does not take the session, in words that a player understands."""

    reason: str


@dataclass(frozen=True, slots=True)
class Command:
    """A request to the script, carried by an ACK."""

    name: str
    arguments: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Ack:
    """Frame set `set` is safely stored."""

    set: int
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Farewell:
    """The daemon ends the connection, and why."""

    reason: str


Message = Hello | Keyframe | Frame | SetEnd | Proof | Event | Bye
"""Messages of the emulator."""

Reply = Welcome | Refused | Ack | Farewell
"""Messages of the daemon."""
