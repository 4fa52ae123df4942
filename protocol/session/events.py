"""Events of a session: the lines of `events.jsonl`, to bytes and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from protocol.link.messages import Scalar
from protocol.session.json_values import entries, json_object, reading, whole_number_or_none

__all__ = ["DISCONTINUITIES", "MARK", "EventRecord", "FramePlace", "event_line", "has_jumped", "parse_event_line"]

DISCONTINUITIES = frozenset({"savestate_loaded", "reset", "rewind", "jump", "rom_changed"})
"""Events after which the game is not where its last frame left it."""

MARK = "mark"
"""Name of the event with which a player, or an alarm, marks a frame set."""

FramePlace: TypeAlias = tuple[int, int]
"""The number of a frame set and a frame in it."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event that is not part of the scan.

    `frame_set_id` is the set that was open or came next.
    """

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


def event_line(event: EventRecord) -> bytes:
    """Write one line of `events.jsonl`."""
    return orjson.dumps(event.as_map(), option=orjson.OPT_APPEND_NEWLINE)


def parse_event_line(line: bytes) -> EventRecord:
    """Read one line of `events.jsonl`.

    Raises:
        DocumentError: it is not an event, or only half of one.
    """
    document = json_object(line)
    with reading():
        return EventRecord(
            time=int(document["time"]),
            name=str(document["name"]),
            frame_set_id=int(document["frame_set_id"]),
            frame=whole_number_or_none(document.get("frame")),
            details=entries(document.get("details")),
        )


def has_jumped(before: FramePlace, after: FramePlace, num_frames: int) -> bool:
    """Return whether a log shows a discontinuity between two frames.

    It shows a savestate, a reset or a rewind by frame numbers alone. It lacks the frames in which nothing changed, and
    the original script's frame sets have one frame more than it says.

    Args:
        before: a frame set's number and its last frame.
        after: the number of a later one and its first frame.
        num_frames: frames in a frame set.
    """
    room = (after[0] - before[0] + 1) * (num_frames + 1)
    return not before[1] < after[1] <= before[1] + room
