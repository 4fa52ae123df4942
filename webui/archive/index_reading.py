"""Reading of session folders for the index: there are tens of thousands of frame sets, so little of each. Shell."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from protocol.disk import read_file, unlinked
from protocol.errors import LayoutError
from protocol.session.annotations import Annotations
from protocol.session.event_document import END_BYTES
from protocol.session.layout import SessionFolder, frame_set_id
from webui.archive.index_rows import Facts, facts_of_ends, facts_of_event, labels_of_file

__all__ = ["NO_LABELS", "label_stamps", "list_frame_sets", "read_event", "read_facts", "read_labels"]

NO_LABELS = 0
"""Stamp of a frame set without a file of labels."""


def list_frame_sets(folder: SessionFolder) -> Iterator[int]:
    """List the numbers of a session's frame sets, in no order."""
    with os.scandir(folder.path) as entries:
        for entry in entries:
            with suppress(LayoutError):
                number = frame_set_id(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    yield number


def label_stamps(folder: SessionFolder, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Say of each frame set when its labels were written: its number and a stamp, `NO_LABELS` without any."""
    # A path object for each of them would take three times as long as asking the system.
    parent, name = os.fspath(folder.path), folder.annotations(0).name
    for number in numbers:
        try:
            yield number, os.stat(f"{parent}{os.sep}{number}{os.sep}{name}").st_mtime_ns  # noqa: PTH116 - as said
        except OSError:
            yield number, NO_LABELS


def read_labels(folder: SessionFolder, number: int) -> tuple[Annotations, str]:
    """Read a frame set's labels, none where there are none, and what is odd about them."""
    try:
        return labels_of_file(read_file(unlinked(folder.path, folder.annotations(number))))
    except OSError:
        return Annotations(), ""


def read_facts(folder: SessionFolder, number: int) -> Facts:
    """Read a frame set's facts; its changes are only counted where the whole file had to be read."""
    with suppress(OSError), unlinked(folder.path, folder.event(number)).open("rb", buffering=0) as file:
        head = file.read(END_BYTES[0])
        file.seek(max(0, file.seek(0, os.SEEK_END) - END_BYTES[1]))
        facts = facts_of_ends(head, file.read(END_BYTES[1]))
        if facts is not None:
            return facts
    return read_event(folder, number)


def read_event(folder: SessionFolder, number: int) -> Facts:
    """Read all facts of a frame set, its changes counted; none where its file cannot be read."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        return facts_of_event(read_file(unlinked(folder.path, folder.event(number))))
    return Facts(None, (), (), {}, (0, 0, {}))
