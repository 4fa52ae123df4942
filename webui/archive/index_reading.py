"""Reading of facts and labels for the index: as little of each file as possible. Shell."""

from contextlib import suppress

from protocol.errors import SessionError
from protocol.session.annotations import Annotations
from protocol.session.reader import SessionReader
from webui.archive.index_rows import Facts, facts_of_event, labels_of_file

__all__ = ["read_event", "read_facts", "read_labels"]


def read_labels(reader: SessionReader, number: int) -> tuple[Annotations, str]:
    """Read a frame set's labels, and a sentence on what is wrong with their file."""
    with suppress(SessionError):
        data = reader.annotations_file(number)
        return labels_of_file(data) if data else (Annotations(), "")
    return Annotations(), ""


def read_facts(reader: SessionReader, number: int) -> Facts:
    """Read a frame set's facts; changes are counted only where the whole file was read."""
    with suppress(TypeError):
        document = reader.event_ends(number)
        if document is not None:
            return facts_of_event(document)
    return read_event(reader, number)


def read_event(reader: SessionReader, number: int) -> Facts:
    """Read all facts of a frame set, its changes counted; none where its file cannot be read."""
    with suppress(SessionError, TypeError):
        return facts_of_event(*reader.counted_event(number))
    return Facts(None, (), (), {}, (0, 0, {}))
