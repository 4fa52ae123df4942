"""Inputs of a session and the effects that it answers with, both as data. Pure.

What is to be on disk is a job of the writer (`daemon.writer.jobs`); each job comes back as `Reported`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from daemon.labels.history import SetEdit
from daemon.recording.assembler import AssemblerInput
from daemon.recording.session_state import SetCounts
from daemon.writer.jobs import Job
from protocol.bus.messages import Topic
from protocol.link.messages import Bye, Event, Reply
from protocol.session.annotations import Annotations, Edit
from protocol.session.frame_set import FrameSet, ScanChanges

__all__ = [
    "Disconnected",
    "Effect",
    "End",
    "Greeted",
    "Input",
    "Latch",
    "Latched",
    "Notify",
    "Publish",
    "Refresh",
    "Reported",
    "Send",
    "publish_set",
]

_WORD, _COUNT = np.dtype("<u4"), np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class Greeted:
    """A connection introduced itself as the session's: make sure of its folder, behind everything that is stored."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The writer's report of a job: why it was refused, in a sentence for a player; empty when it is done."""

    job: Job
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The session's connection was lost."""

    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """The session is over, whether its script said so or not."""

    reason: str


@dataclass(frozen=True, slots=True)
class Latch:
    """Labels that flow onto every frame set from the one in progress on, until they are changed or emptied."""

    edit: Edit
    who: str
    origin: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """Time to bring the metadata on disk up to date: the original's tools read the counts there."""


Input: TypeAlias = AssemblerInput | Event | Bye | Greeted | Reported | Disconnected | End | Latch | Refresh
"""What `Session.receive` takes."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send a reply on the session's connection, if it has one."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish on the bus, under the session's topic."""

    topic: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notify:
    """Show a line about the session, which begins with its name, to the person at the keyboard."""

    text: str


@dataclass(frozen=True, slots=True)
class Latched:
    """Write to the label history that somebody latched values from a frame set on."""

    edit: SetEdit
    who: str
    origin: str


Effect: TypeAlias = Job | Send | Publish | Notify | Latched
"""What `Session.receive` yields."""


def publish_set(session_id: str, frame_set: FrameSet, labels: Annotations | None, counts: SetCounts) -> Publish:
    """Publish a frame set that is stored (protocol/README.md, 7).

    Args:
        session_id: the session.
        frame_set: what was stored.
        labels: the labels that it starts with, if any.
        counts: the session's, this set included.
    """
    body = {
        "session": session_id,
        "frame_set": {**frame_set.summary(), "annotations": labels and labels.as_map()},
        "counts": counts.as_map(),
        "changes": [_columns(scan) for scan in frame_set.changes],
        "png": frame_set.png,
    }
    return Publish(Topic.SET, body)


def _columns(scan: ScanChanges) -> dict[str, Any]:
    return {
        "region": scan.region,
        "frame": scan.frame,
        "chunk": scan.chunk,
        "addresses": scan.addresses.astype(_WORD, copy=False).tobytes(),
        "previous": scan.previous.astype(_WORD, copy=False).tobytes(),
        "current": scan.current.astype(_WORD, copy=False).tobytes(),
        "freq": scan.freq.astype(_COUNT, copy=False).tobytes(),
    }
