"""A frame set as it is stored: its frames, its changed words as columns, its flaws. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The page's process reads frames and has no need of numpy.
    from protocol.changes import U16, U32

__all__ = ["FrameRecord", "FrameSet", "ScanChanges", "hex_word", "hex_words", "key_list"]


def hex_word(value: int) -> str:
    """Write an address or a value: 8 upper-case hex digits."""
    return f"{value:08X}"


def hex_words(words: "U32") -> list[str]:
    """Write a column of addresses or values, a third as long as one after the other."""
    text = words.astype(">u4").tobytes().hex().upper()
    return [text[place : place + 8] for place in range(0, len(text), 8)]


def key_list(combination: str) -> list[str]:
    """Return buttons held as in `event.json` and on the bus: a list of one combination or none."""
    return [combination] if combination else []


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
    addresses: "U32"
    previous: "U32"
    current: "U32"
    freq: "U16"


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
        """True where nothing is wrong with the set."""
        return not self.flaws

    @property
    def change_count(self) -> int:
        """Number of changes in it; a word counts as often as it changed."""
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
            "current_keys": key_list(last.current_keys),
            "whole": self.whole,
            "flaws": list(self.flaws),
            "change_counts": self.change_counts(),
        }
