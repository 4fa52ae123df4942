"""The shapes of the files in a session folder, and their bytes. Pure.

The keys that the original's tools read come first and in their order; ours follow. The rows of `event.json` are written
at the speed of numpy: they are the daemon's greatest cost, hundreds of them twelve times a second for each emulator.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from protocol.changes import U16, U32
from protocol.link.messages import Scalar

__all__ = [
    "CONFIG_CONTENT",
    "MAX_FREQ",
    "EventRecord",
    "FrameRecord",
    "FrameSet",
    "GapCount",
    "ScanChanges",
    "SessionMetadata",
    "event_json",
    "event_line",
    "hex_word",
    "metadata_json",
    "resume_hash",
]

CONFIG_CONTENT = "game_config_content"
"""Key of the game config itself in `session_metadata.json`."""

MAX_FREQ = 999
"""Largest `freq` that a row has room for; the window of 100 frames cannot exceed 100."""


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One frame of a set.

    Args:
        frame: the emulator's frame counter.
        timestamp: ms since the epoch.
        pc: program counter, 32 bits.
        current_keys: console buttons held, joined by `+`; empty when none is.
        key_history: the last five combinations up to this frame, oldest first; `None` stands for no button.
    """

    frame: int
    timestamp: int
    pc: int
    current_keys: str
    key_history: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ScanChanges:
    """The words of one chunk that changed at one frame, as columns of shape (m,).

    Args:
        region: the region's name.
        chunk: the chunk's number in its region.
        frame: the frame at which it was scanned.
        addresses: bus addresses, ascending.
        previous: values before.
        current: values now.
        freq: how often each address changed in the last 100 frames, this change included.
    """

    region: str
    chunk: int
    frame: int
    addresses: U32
    previous: U32
    current: U32
    freq: U16


@dataclass(frozen=True, slots=True, eq=False)
class FrameSet:
    """A frame set as it is stored.

    Args:
        frame_set_id: from 0 in each session.
        frames: ascending; five of them in a whole set.
        changes: ordered by frame, then by region as in HELLO, then by chunk.
        flaws: what keeps the set from being whole, each a short sentence; empty for a whole set.
        png: the screenshot, empty where there is none at all.
        interruption: why the set ended before its time, as in SET_END; empty for one that ran its course. The end of a
            recording is no flaw, anything else is one as well.
    """

    frame_set_id: int
    frames: tuple[FrameRecord, ...]
    changes: tuple[ScanChanges, ...]
    flaws: tuple[str, ...]
    png: bytes
    interruption: str = ""

    @property
    def whole(self) -> bool:
        """Say whether nothing is wrong with the set."""
        return not self.flaws

    @property
    def change_count(self) -> int:
        """How many words changed in it, each as often as it did."""
        return sum([len(scan.addresses) for scan in self.changes])

    def change_counts(self) -> dict[str, int]:
        """Count the changes of each region that has any."""
        counts: dict[str, int] = {}
        for scan in self.changes:
            counts[scan.region] = counts.get(scan.region, 0) + len(scan.addresses)
        return counts

    def summary(self) -> dict[str, Any]:
        """Return the frame set summary of the bus (README.md, 7)."""
        last = self.frames[-1]
        return {
            "frame_set_id": self.frame_set_id,
            "frames": [frame.frame for frame in self.frames],
            "timestamp": last.timestamp,
            "pc": hex_word(last.pc),
            "current_keys": _keys(last.current_keys),
            "whole": self.whole,
            "flaws": list(self.flaws),
            "change_counts": self.change_counts(),
        }


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One line of `events.jsonl`: something beside the scan. `frame_set_id` is the set that was open or came next."""

    time: int
    name: str
    frame_set_id: int
    frame: int | None = None
    details: Mapping[str, Scalar] = field(default_factory=dict)

    def as_map(self) -> dict[str, Any]:
        """Return the event as it stands on the bus and on disk."""
        return {
            "time": self.time,
            "name": self.name,
            "frame_set_id": self.frame_set_id,
            "frame": self.frame,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class GapCount:
    """Known losses of a session.

    Args:
        frame_sets: frame sets that the script no longer held when it came back.
        screenshots: frame sets without a screenshot of their own.
        flawed: frame sets that are not whole, for whatever reason.
    """

    frame_sets: int = 0
    screenshots: int = 0
    flawed: int = 0


@dataclass(frozen=True, slots=True)
class SessionMetadata:
    """`session_metadata.json`. Times are ms since the epoch; `ended` and `ended_by` are None in an open session.

    `resume_sha256` is empty where no emulator can go on with the session. `uuid` names the session among all others, as
    the original's folders did, whatever it is renamed to; empty in sessions of early versions.
    """

    session_id: str
    created: int
    total_frame_sets: int
    num_frames_per_set: int
    first_set: int | None
    last_set: int | None
    source_csv: str
    game_config: str
    is_custom_name: bool
    game_name: str
    resume_sha256: str
    ended: int | None
    ended_by: str | None
    recorder: Mapping[str, Any]
    lost: GapCount
    uuid: str = ""

    @property
    def is_of_a_log(self) -> bool:
        """Say whether its frame sets were made of a log, which lacks the frames in which nothing changed.

        What was recorded says which regions of memory were scanned; a log does not.
        """
        return "regions" not in self.recorder

    @property
    def config_content(self) -> Mapping[str, Any]:
        """The game config that the session was recorded or imported with; empty where it was not kept."""
        content = self.recorder.get(CONFIG_CONTENT)
        return content if isinstance(content, dict) else {}

    @property
    def ending(self) -> str:
        """How it ended. A session of the original does not say: it was made from a log, not recorded."""
        return self.ended_by or ("made from a log" if self.is_of_a_log else "open or cut off")


def resume_hash(token: str) -> str:
    """Return what is stored of a resume token: whoever reads a session's files cannot take the session over.

    Returns:
        SHA-256, 64 hex digits; a token has 128 random bits, so nothing slower is needed.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def hex_word(value: int) -> str:
    """Write an address or a value: 8 upper-case hex digits."""
    return f"{value:08X}"


def metadata_json(metadata: SessionMetadata) -> bytes:
    """Write `session_metadata.json`: the original's ten keys in their order, then ours."""
    return orjson.dumps(
        {
            "session_id": metadata.session_id,
            "created_at": _iso(metadata.created),
            "created_timestamp": metadata.created // 1000,
            "total_frame_sets": metadata.total_frame_sets,
            "num_frames_per_set": metadata.num_frames_per_set,
            "frame_set_id_range": {"min": metadata.first_set, "max": metadata.last_set},
            "source_csv": metadata.source_csv,
            "game_config": metadata.game_config,
            "is_custom_name": metadata.is_custom_name,
            "game_name": metadata.game_name,
            **({"uuid": metadata.uuid} if metadata.uuid else {}),
            "ended_at": None if metadata.ended is None else _iso(metadata.ended),
            "ended_by": metadata.ended_by,
            "resume_sha256": metadata.resume_sha256,
            **metadata.recorder,
            "lost": {
                "frame_sets": metadata.lost.frame_sets,
                "screenshots": metadata.lost.screenshots,
                "flawed": metadata.lost.flawed,
            },
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def event_line(event: EventRecord) -> bytes:
    """Write one line of `events.jsonl`."""
    return orjson.dumps(event.as_map(), option=orjson.OPT_APPEND_NEWLINE)


def event_json(frame_set: FrameSet) -> bytes:
    """Write `event.json`: the original's six keys in their order, then ours; one change a line."""
    last = frame_set.frames[-1]
    head = {
        "timestamp": last.timestamp,
        "pc": hex_word(last.pc),
        "current_keys": _keys(last.current_keys),
        "frame_set_id": frame_set.frame_set_id,
        "frames_in_set": [frame.frame for frame in frame_set.frames],
    }
    tail = {
        "frames": [
            {
                "frame": frame.frame,
                "timestamp": frame.timestamp,
                "pc": hex_word(frame.pc),
                "current_keys": _keys(frame.current_keys),
                "key_history": frame.key_history,
                "position": position,
            }
            for position, frame in enumerate(frame_set.frames)
        ],
        "whole": frame_set.whole,
        "flaws": frame_set.flaws,
        **({"interruption": frame_set.interruption} if frame_set.interruption else {}),
    }
    return b"".join(
        (
            orjson.dumps(head)[:-1],
            b',"memory_changes":[',
            _rows(frame_set.changes),
            b"],",
            orjson.dumps(tail)[1:],
            b"\n",
        )
    )


def _keys(combination: str) -> list[str]:
    return [combination] if combination else []


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


# All rows are written in one buffer, as wide as the widest: NUL stands where one is narrower, and is then taken out.

_HEX_BYTE = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), "<u2").astype("<u4")
_HEX = (_HEX_BYTE[:, None] | _HEX_BYTE << 16).ravel()
"""The digits of each 16-bit number as one 32-bit number: two look-ups a word take a sixth of the time of four."""
_DECIMAL = {
    digits: np.frombuffer(b"".join(str(n).encode().ljust(digits, b"\0") for n in range(10**digits)), np.uint8).reshape(
        -1, digits
    )
    for digits in (1, 2, 3)
}
_WORDS = b'"address":"00000000","prev_val":"00000000","curr_val":"00000000","freq":'
_FIRST_WORD, _NEXT_WORD = 11, 22
"""Where the digits of the first word stand, and how far behind those of the next."""


def _rows(scans: Sequence[ScanChanges]) -> bytes:
    counts = [len(scan.addresses) for scan in scans]
    total = sum(counts)
    if not total:
        return b""
    freq = np.concatenate([scan.freq for scan in scans])
    digits = len(str(freq.max()))
    openings = [f'{{"region":"{scan.region}","frame":{scan.frame},'.encode() for scan in scans]
    width = max(map(len, openings))
    template = _WORDS + bytes(digits) + b"},\n"
    buffer = bytearray().join(
        (opening.ljust(width, b"\0") + template) * count for opening, count in zip(openings, counts, strict=True)
    )
    row = width + len(template)
    words = np.ndarray((total, 3), "<u8", buffer, width + _FIRST_WORD, (row, _NEXT_WORD))
    words[:] = _hex_digits(scans, total)
    freqs = np.ndarray((total, digits), np.uint8, buffer, width + len(_WORDS), (row, 1))
    freqs[:] = _DECIMAL[digits][freq]
    return b"\n" + buffer.replace(b"\0", b"")[:-2] + b"\n"


def _hex_digits(scans: Sequence[ScanChanges], total: int) -> NDArray[np.uint64]:
    """Return the eight digits of address, value before and value now as one number each, shape (total, 3)."""
    words = np.empty((total, 3), "<u4")
    for column, name in enumerate(("addresses", "previous", "current")):
        np.concatenate([getattr(scan, name) for scan in scans], out=words[:, column])
    halves = words.view("<u2").reshape(total, 3, 2)[:, :, ::-1]
    digits: NDArray[np.uint64] = _HEX[halves].view("<u8")[:, :, 0]
    return digits
