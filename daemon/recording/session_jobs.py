"""Jobs of the writer, made of what a session wants stored: here records become the bytes of files. Pure."""

from daemon.recording.effects import StoreSet
from daemon.writer.jobs import Append, Journal, Open, RefreshMetadata, WriteMemory, WriteMetadata, WriteSet
from protocol.session.annotations import AnnotationsFile, annotations_json
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord, event_line
from protocol.session.integrity import ProofRecord, proof_line
from protocol.session.metadata import SessionMetadata, metadata_json

__all__ = [
    "append_event",
    "append_proof",
    "open_session",
    "refresh_metadata",
    "write_memory",
    "write_metadata",
    "write_set",
]


def open_session(metadata: SessionMetadata) -> Open:
    """Begin a session, or go on with it."""
    return Open(metadata.session_id, metadata_json(metadata))


def write_metadata(metadata: SessionMetadata) -> WriteMetadata:
    """Write the session's metadata."""
    return WriteMetadata(metadata.session_id, metadata_json(metadata))


def refresh_metadata(metadata: SessionMetadata) -> RefreshMetadata:
    """Let the session's metadata keep up."""
    return RefreshMetadata(metadata.session_id, metadata_json(metadata))


def write_set(session_id: str, store: StoreSet) -> WriteSet:
    """Write a frame set."""
    frame_set, form = store.frame_set, AnnotationsFile(tags_as_text=store.tags_as_text)
    return WriteSet(
        session=session_id,
        number=frame_set.frame_set_id,
        event=event_json(frame_set),
        png=frame_set.png,
        labels=b"" if store.labels is None else annotations_json(store.labels, form),
        flaws=frame_set.flaws,
        sighted=store.sighted,
    )


def write_memory(session_id: str, number: int, image: bytes) -> WriteMemory:
    """Write the full memory as it was after frame set `number`."""
    return WriteMemory(session_id, number, image)


def append_event(session_id: str, event: EventRecord) -> Append:
    """Append to the session's events."""
    return Append(session_id, Journal.EVENTS, event_line(event))


def append_proof(session_id: str, proof: ProofRecord) -> Append:
    """Append to the session's proofs."""
    return Append(session_id, Journal.PROOFS, proof_line(proof))
