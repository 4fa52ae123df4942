"""Jobs of the writer made of a session's records, encoded when it has room. Pure."""

from functools import partial

from daemon.writer.jobs import Append, Content, Journal, Open, RefreshMetadata, Unencoded, WriteMetadata, WriteSet
from daemon.writer.set_columns import set_columns
from protocol.session.annotations import Annotations, AnnotationsFile, annotations_json
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord, event_line
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, ProofRecord, proof_line
from protocol.session.metadata import SessionMetadata, metadata_json

__all__ = ["append_event", "append_proof", "open_session", "refresh_metadata", "write_metadata", "write_set"]


def open_session(metadata: SessionMetadata) -> Open:
    """Begin a session, or go on with it."""
    return Open(metadata.session_id, Unencoded(metadata, metadata_json))


def write_metadata(metadata: SessionMetadata) -> WriteMetadata:
    """Write the metadata of a session that has ended."""
    return WriteMetadata(metadata.session_id, Unencoded(metadata, metadata_json))


def refresh_metadata(metadata: SessionMetadata) -> RefreshMetadata:
    """Bring the metadata of a session up to date."""
    return RefreshMetadata(metadata.session_id, Unencoded(metadata, metadata_json))


def write_set(
    session: str,
    frame_set: FrameSet,
    labels: Annotations | None = None,
    rebaselined: tuple[ChunkName, ...] = (),
    *,
    tags_as_text: bool = False,
) -> WriteSet:
    """Write a frame set.

    Args:
        session: the session's id.
        frame_set: what to write.
        labels: the labels that it starts with, if any.
        rebaselined: chunks that were seen for the first time or anew in it.
        tags_as_text: whether the labels' tags are written as one text, as in the session's other files.
    """
    annotations: Content = b""
    if labels is not None:
        annotations = Unencoded(labels, partial(annotations_json, found=AnnotationsFile(tags_as_text=tags_as_text)))
    return WriteSet(
        session=session,
        number=frame_set.frame_set_id,
        event=Unencoded(frame_set, event_json),
        png=frame_set.png,
        labels=annotations,
        flaws=frame_set.flaws,
        rebaselined=rebaselined,
        columns=Unencoded(frame_set, set_columns),
    )


def append_event(session: str, event: EventRecord) -> Append:
    """Append to the session's events."""
    return Append(session, Journal.EVENTS, Unencoded(event, event_line))


def append_proof(session: str, proof: ProofRecord) -> Append:
    """Append to the session's proofs."""
    return Append(session, Journal.PROOFS, Unencoded(proof, proof_line))
