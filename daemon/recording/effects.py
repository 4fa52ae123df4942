"""Inputs of a session and the effects that it answers with, both as data. Pure.

What is to be on disk is a job of the writer (`daemon.writer.jobs`); each job comes back as `Reported`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from daemon.alarms.evaluation import Alarm
from daemon.labels.history import SetEdit
from daemon.recording.assembler import AssemblerInput
from daemon.recording.session_state import SessionCounts
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
    "Labelled",
    "Latch",
    "Latched",
    "Notify",
    "Publish",
    "Refresh",
    "Reported",
    "Send",
    "SetAlarms",
    "publish_set",
]

_WORD, _COUNT = np.dtype("<u4"), np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class Greeted:
    """HELLO of a connection that opens the session or goes on with it.

    Its folder must be there, and everything that was sent before stored, before it can be welcomed.
    """


@dataclass(frozen=True, slots=True)
class Reported:
    """The writer's report of a job; `refusal` is a sentence for a player, empty when it is done."""

    job: Job
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Loss of the session's connection."""

    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """End of the session by the daemon's decision."""

    reason: str


@dataclass(frozen=True, slots=True)
class Latch:
    """Labels latched onto every frame set from the one in progress on, until changed or emptied."""

    edit: Edit
    who: str
    origin: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """Request to bring the metadata on disk up to date: the original's tools read counts there."""


@dataclass(frozen=True, slots=True)
class SetAlarms:
    """Alarms of the session from now on, in place of those before."""

    alarms: tuple[Alarm, ...]


Input: TypeAlias = AssemblerInput | Event | Bye | Greeted | Reported | Disconnected | End | Latch | Refresh | SetAlarms
"""Inputs of a session: messages of its script, reports of the writer, decisions of the daemon."""


@dataclass(frozen=True, slots=True)
class Send:
    """Reply to send on the session's connection, if it has one."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Publish:
    """Publication on the bus, under the session's topic."""

    topic: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notify:
    """Line about the session for the person at the keyboard, without the session's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Latched:
    """Entry for the label history: somebody latched values from a frame set on."""

    edit: SetEdit
    who: str
    origin: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Label that a stored frame set is to get."""

    number: int
    edit: Edit
    who: str
    origin: str


Effect: TypeAlias = Job | Send | Publish | Notify | Latched | Labelled
"""Effects of an input, performed by the recorder in their order."""


def publish_set(session_id: str, frame_set: FrameSet, labels: Annotations | None, counts: SessionCounts) -> Publish:
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
