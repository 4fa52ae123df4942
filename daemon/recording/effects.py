"""Decisions of a session, for the recorder to carry out in order. Pure."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.labels.history import SetEdit
from protocol.link.messages import Reply
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, ProofRecord
from protocol.session.metadata import SessionMetadata

__all__ = [
    "Announce",
    "Effect",
    "Latched",
    "LogEvent",
    "RefreshMetadata",
    "Send",
    "StoreMemory",
    "StoreMetadata",
    "StoreProof",
    "StoreSet",
]


@dataclass(frozen=True, slots=True)
class StoreSet:
    """Write a frame set; then call `Session.stored` or `Session.not_stored`.

    Args:
        frame_set: what to write.
        labels: what is latched, if anything is.
        sighted: chunks that were seen for the first time or anew in it.
        tags_as_text: whether the labels' tags are written as one text, as in the session's other files.
    """

    frame_set: FrameSet
    labels: Annotations | None
    sighted: tuple[ChunkName, ...] = ()
    tags_as_text: bool = False


@dataclass(frozen=True, slots=True)
class StoreProof:
    """Keep what the emulator said of its own memory."""

    proof: ProofRecord


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """Write the full memory as it was after frame set `frame_set_id`."""

    frame_set_id: int
    image: bytes


@dataclass(frozen=True, slots=True)
class StoreMetadata:
    """Write the session's metadata."""

    metadata: SessionMetadata


@dataclass(frozen=True, slots=True)
class RefreshMetadata:
    """Let the metadata on disk keep up with what is stored."""

    metadata: SessionMetadata


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Append an event to the session's events and publish it."""

    event: EventRecord


@dataclass(frozen=True, slots=True)
class Send:
    """Send a reply on the session's connection, if it has one."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Announce:
    """Publish the session's summary: its state has changed."""


@dataclass(frozen=True, slots=True)
class Latched:
    """Write down that somebody latched values from a frame set on."""

    edit: SetEdit
    who: str
    origin: str


Effect: TypeAlias = (
    Announce | Latched | RefreshMetadata | StoreSet | StoreProof | StoreMemory | StoreMetadata | LogEvent | Send
)
"""What `Session` answers with."""
