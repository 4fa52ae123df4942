"""Reader of a session's labels: files first, then the history's new entries. Shell."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress

from daemon.analysis.set_labels import SetLabels
from daemon.labels.history import parse_entry
from protocol.changes import U32
from protocol.disk import LineTail
from protocol.errors import LabelError, SessionError
from protocol.session.annotations import Annotations, Edit, parse_annotations
from protocol.session.reader import NO_LABELS, SessionReader

__all__ = ["LabelReader"]


class LabelReader:
    """Reader of the labels of a session, for several threads.

    Nothing is read before the first question. `annotations.json` is read once for each frame set: it holds what was
    latched, imported, or written by another program. From then on the history tells what was edited.

    Args:
        reader: the session.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._history = LineTail(reader.folder.annotation_history)
        self._turn = threading.Lock()
        self._labels = SetLabels({})
        self._last = -1
        self._has_read = False

    def labels(self, numbers: U32) -> SetLabels:
        """Return the labels as they are now.

        Args:
            numbers: the frame sets that there are, ascending.

        Raises:
            SessionError: the history of labels cannot be read.
        """
        with self._turn:
            # The history before the files: an entry stands there before its files are written.
            edits = list(self._new_edits())
            found = dict(self._files(numbers[numbers > self._last].tolist()))
            self._last = max(self._last, int(numbers[-1])) if len(numbers) else self._last
            if found or edits:
                self._labels = self._labels.edited(found, edits)
            return self._labels

    def _new_edits(self) -> Iterator[tuple[int, Edit]]:
        path = self._reader.folder.annotation_history
        try:
            lines, _ = self._history.new_lines()
        except OSError as error:
            raise SessionError(f"{path} cannot be read ({error.strerror or error}).") from error
        # Of what was there at first only the last entry may not be in the files yet.
        lines, self._has_read = lines if self._has_read else lines[-1:], True
        for line in lines:
            with suppress(LabelError):
                entry = parse_entry(line)
                if entry.kind != "latch":  # A latch is written with each frame set that it labels.
                    yield from entry.after()

    def _files(self, numbers: Sequence[int]) -> Iterator[tuple[int, Annotations]]:
        """Read the labels of frame sets; a file that is none counts as no labels."""
        parsed: dict[bytes, Annotations] = {}
        for number, stamp in self._reader.label_stamps(numbers):
            if stamp == NO_LABELS:
                continue
            with suppress(LabelError, SessionError):
                data = self._reader.annotations_file(number)
                if data not in parsed:  # Many sets have the same labels.
                    parsed[data] = parse_annotations(data)
                yield number, parsed[data]
