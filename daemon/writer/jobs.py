"""Jobs of the writer, the one vocabulary of stored things, to bytes and back. Pure.

The same objects are yielded by `daemon.recording.session`, queued by the daemon, sent to the writer's process and
carried out by `session_files`. A job is one MessagePack array `[kind, again, …fields]`; so is the report of it,
`[session, refusal, notice]`, the refusal empty when it is done. Reports of one session come in the order of its jobs,
those of two sessions in any order. Both have their own length, so the socket carries them one after the other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, get_args

from protocol.packing import StreamUnpacker, pack
from protocol.session.integrity import ChunkName

__all__ = [
    "Abandon",
    "Append",
    "Claim",
    "Close",
    "Content",
    "Job",
    "JobReader",
    "Journal",
    "Open",
    "RefreshMetadata",
    "ReportReader",
    "Sync",
    "Unencoded",
    "WriteMemory",
    "WriteMetadata",
    "WriteSet",
    "content_bytes",
    "job_bytes",
    "report_bytes",
]


class Journal(StrEnum):
    """The files of a session that grow a line at a time."""

    EVENTS = "events"
    PROOFS = "proofs"


@dataclass(frozen=True, slots=True)
class Unencoded:
    """Content that is encoded when the writer has room: columns wait in memory, not JSON.

    Args:
        record: what is to be written.
        encode: makes the bytes; each time the same ones.
    """

    record: Any
    encode: Callable[[Any], bytes]


Content: TypeAlias = bytes | Unencoded
"""The bytes of a file or a line; always `bytes` in a job that crossed the socket."""


def content_bytes(content: Content) -> bytes:
    """Return the bytes of a content, encoded now where they were not yet."""
    return content.encode(content.record) if isinstance(content, Unencoded) else content


@dataclass(frozen=True, slots=True)
class Claim:
    """Take the session's lock and repair what a killed writer left half-written."""

    session: str


@dataclass(frozen=True, slots=True)
class Open:
    """Begin, or go on after a refusal or an end."""

    session: str
    metadata: Content


@dataclass(frozen=True, slots=True)
class WriteMetadata:
    """Write `session_metadata.json` of a session that has ended, with its seal."""

    session: str
    metadata: Content


@dataclass(frozen=True, slots=True)
class RefreshMetadata:
    """Write `session_metadata.json` on a thread: nothing waits for it, a failure is ignored."""

    session: str
    metadata: Content


@dataclass(frozen=True, slots=True)
class WriteSet:
    """Write the folder of a frame set.

    Args:
        session: its session.
        number: its number in the session.
        event: `event.json`.
        png: the screenshot, empty where there is none.
        labels: `annotations.json`, empty where there is none.
        flaws: what keeps the set from being whole.
        rebaselined: chunks that were seen for the first time or anew in it.
        columns: what the log of changes takes of it, `daemon.writer.set_columns`.
    """

    session: str
    number: int
    event: Content
    png: bytes = b""
    labels: Content = b""
    flaws: tuple[str, ...] = ()
    rebaselined: tuple[ChunkName, ...] = ()
    columns: Content = b""


@dataclass(frozen=True, slots=True)
class WriteMemory:
    """Write the full memory image after a frame set."""

    session: str
    number: int
    image: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """Append a line to one of the session's journals."""

    session: str
    journal: Journal
    line: Content


@dataclass(frozen=True, slots=True)
class Abandon:
    """Refuse everything until `Open`: what was to be written could not be made."""

    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """Let go of the session; `Open` takes it again.

    Args:
        session: the session.
        discard: whether it ended without a frame set, and its folder is to be deleted.
    """

    session: str
    discard: bool = False


@dataclass(frozen=True, slots=True)
class Sync:
    """Flush to the medium what was written since the last time, with `power` durability."""

    session: str = ""


Job: TypeAlias = (
    Claim | Open | WriteMetadata | RefreshMetadata | WriteSet | WriteMemory | Append | Abandon | Close | Sync
)
"""Jobs of the writer."""

_KINDS: tuple[type[Job], ...] = get_args(Job)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


def job_bytes(job: Job, *, again: bool = False) -> bytes:
    """Write a job, encoding the content that is not encoded yet.

    Args:
        job: what is asked.
        again: whether a writer that was killed had it already: it may be done, in full or in part.
    """
    fields = (getattr(job, name) for name in job.__slots__)
    return pack([_NUMBERS[type(job)], again, *(content_bytes(field) for field in fields)])


def report_bytes(session: str, refusal: str, notice: str = "") -> bytes:
    """Write the report of a session's job.

    Args:
        session: the session.
        refusal: why it was not done, for a player; empty when it is.
        notice: another sentence for the person at the keyboard, or empty.
    """
    return pack([session, refusal, notice])


class JobReader:
    """Reader of jobs in a stream of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._values = StreamUnpacker()

    def receive_data(self, data: bytes | memoryview) -> Iterator[tuple[Job, bool]]:
        """Take bytes and yield the jobs that they complete, each with `again` as in `job_bytes`."""
        for kind, again, *fields in self._values.receive_data(data):
            yield _KINDS[kind](*fields), again


class ReportReader:
    """Reader of reports in a stream of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._values = StreamUnpacker()

    def receive_data(self, data: bytes | memoryview) -> Iterator[tuple[str, str, str]]:
        """Take bytes and yield the reports that they complete: session, refusal and notice."""
        yield from ((session, refusal, notice) for session, refusal, notice in self._values.receive_data(data))
