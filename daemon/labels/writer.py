"""Label files of one session. Shell; runs on the background's thread only.

Nothing here waits for a file that another program holds: the thread has other sessions too. What raised a
`FileHeldError` is retried by the caller (`daemon.background`).
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from daemon.disk.durability import Wrote
from daemon.disk.file_lock import FileLock, is_held
from daemon.disk.files import map_os_errors, replace_file
from daemon.disk.journals import ChainedJournal, truncate_partial_line
from daemon.labels.history import Entry, LabelHistory, SetEdit, entry_line, parse_entry
from protocol.disk import complete_lines, read_file, without_links
from protocol.errors import DocumentError, LabelError, LayoutError
from protocol.session.annotations import NEW_FILE, Annotations, AnnotationsFile, annotations_json, read_annotations
from protocol.session.hash_chain import chained
from protocol.session.integrity import checksum
from protocol.session.layout import UNREADABLE, SessionFolder, frame_set_id
from protocol.session.seals import LabelSeal, label_seal_json, parse_label_seal

__all__ = ["LabelWriter"]


class LabelWriter:
    """Writer of `annotations.json` of frame sets and of the session's history, and their reader.

    Args:
        folder: the session's folder.
        wrote: called with the files that were written, and the folders in which a name appeared.
    """

    def __init__(self, folder: SessionFolder, wrote: Wrote = lambda _paths: None) -> None:
        self._folder = folder
        self._wrote = wrote
        self._lock: FileLock | None = None
        self._form = NEW_FILE
        self._journal = ChainedJournal(folder.annotation_history)

    @property
    def is_taken(self) -> bool:
        """Return whether they are locked for this gbatrace."""
        return self._lock is not None

    def take(self, *, recorded_here: bool) -> None:
        """Lock these labels for this gbatrace, until `release`.

        Args:
            recorded_here: whether this daemon records the session, or has recorded it.

        Raises:
            LabelError: there is no such session, or another gbatrace has it.
            StoreError: the disk refused.
        """
        self._require_session()
        if self._lock is not None:
            return
        name = self._folder.path.name
        if not recorded_here and is_held(self._folder.lock):
            raise LabelError(f"Session {name} is being recorded by another gbatrace: label it on that one's page.")
        with map_os_errors(self._folder.path):
            self._lock = FileLock.take(self._folder.label_lock)
        if self._lock is None:
            raise LabelError(
                f"Another gbatrace is labelling session {name}: go on there, or stop it; "
                "a minute after its last label it lets go."
            )

    def release(self) -> None:
        """Let others edit these labels. Releasing twice does nothing."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def frame_sets(self) -> Iterator[int]:
        """List the frame sets of the session, in no order; the folder is read as the list is.

        Raises:
            LabelError: there is no such session.
            StoreError: the disk refused; while the list is read as well.
        """
        self._require_session()
        return self._listed()

    def existing(self, numbers: Iterable[int]) -> list[int]:
        """Return those of some frame sets that there are.

        Raises:
            LabelError: there is no such session.
        """
        self._require_session()
        return [number for number in numbers if self._is_there(number)]

    def history(self) -> LabelHistory:
        """Read the history.

        Half a line that a crash left at its end is removed, any other ruined line skipped.

        Raises:
            LabelError: there is no such session.
            StoreError: the disk refused.
        """
        self._require_session()
        self._require_exact_case()
        history = LabelHistory()
        with map_os_errors(self._folder.path):
            self._journal.close()
            truncate_partial_line(self._folder.annotation_history)
            for line in complete_lines(self._folder.annotation_history):
                with suppress(LabelError):
                    history.add(parse_entry(line))
        return history

    def unfinished(self) -> list[SetEdit]:
        """Find the edits that a crash, or a disk that refused, kept from being carried out.

        Raises:
            StoreError: the disk refused.
        """
        with map_os_errors(self._folder.path):
            seal = self._seal()
            if seal is None or not seal.pending or seal.pending != self._journal.link():
                return []
            last = parse_entry(complete_lines(self._folder.annotation_history)[-1])
        return [
            edit
            for edit in last.edits
            if edit.file and self._is_there(edit.frame_set_id) and edit.file != self._checksum(edit.frame_set_id)
        ]

    def settle(self) -> None:
        """Seal the history: everything in it is carried out.

        Raises:
            StoreError: the disk refused.
        """
        with map_os_errors(self._folder.path):
            seal = self._seal()
            if seal is not None and seal.pending:
                self._write_seal(LabelSeal(self._journal.link()))

    def entry(self, number: int) -> Entry:
        """Read one entry of the history again.

        Raises:
            LabelError: it is not there any more, or it cannot be read.
            StoreError: the disk refused.
        """
        begins = b'{"n":%d,' % number
        with map_os_errors(self._folder.path), self._own(self._folder.annotation_history).open("rb") as lines:
            for line in lines:
                if line.startswith(begins):
                    return parse_entry(line)
        raise LabelError(f"Entry {number} is not in the annotation history any more.")

    @property
    def tags_as_text(self) -> bool:
        """Return whether new files have their tags as one text, see `find_form`."""
        return self._form.tags_as_text

    def find_form(self, numbers: Iterable[int]) -> bool:
        """Look for labels among some frame sets; the first that are found give new files their form.

        Returns:
            Whether there were any.

        Raises:
            StoreError: the disk refused.
        """
        root = os.fspath(self._folder.path)
        for number in numbers:
            # A look by name first: a session may have tens of thousands of frame sets, and none labelled.
            if not os.path.exists(f"{root}/{number}/{self._folder.annotations(0).name}"):  # noqa: PTH110
                continue
            data = self._data(number)
            with suppress(LabelError):
                if data is not None:
                    self._form = AnnotationsFile(tags_as_text=read_annotations(data).tags_as_text)
                    return True
        return False

    def plan(self, numbers: Iterable[int], change: Callable[[int, Annotations], Annotations]) -> list[SetEdit]:
        """Work out what a change does to some frame sets, without doing it.

        Args:
            numbers: frame sets; those that do not exist any more are skipped.
            change: gives the labels after, from the number and the labels now.

        Returns:
            One edit for each frame set that the change alters.

        Raises:
            StoreError: the disk refused.
        """
        edits = []
        for number in numbers:
            if self._is_there(number):
                found = self._found(number)
                changed = change(number, found.labels)
                before, after = found.labels.differences(changed)
                if after:
                    edits.append(SetEdit(number, before, after, checksum(annotations_json(changed, found))))
        return edits

    def append(self, entry: Entry) -> None:
        """Append an entry to the history, before its edits are carried out.

        So no edit is without a trace. You must `settle` once they are carried out.

        Raises:
            StoreError: the disk refused.
        """
        line = entry_line(entry)
        with map_os_errors(self._folder.path):
            before = self._journal.link()
            self._write_seal(LabelSeal(before, pending=chained(line, before)[1]))
            self._journal.append(line)
        self._wrote((self._folder.annotation_history, self._folder.annotation_seal))

    def carry_out(self, edits: Sequence[SetEdit]) -> list[tuple[int, Annotations]]:
        """Write the labels of some frame sets.

        Returns:
            The labels of each as they are now.

        Raises:
            StoreError: the disk refused.
        """
        written = []
        for edit in edits:
            found = self._found(edit.frame_set_id)
            labels = found.labels.edited(edit.after)
            with map_os_errors(self._folder.path):
                path = self._folder.annotations(edit.frame_set_id)
                replace_file(path, annotations_json(labels, found), is_patient=False)
            self._wrote((self._folder.annotations(edit.frame_set_id), self._folder.frame_set(edit.frame_set_id)))
            written.append((edit.frame_set_id, labels))
        return written

    def _seal(self) -> LabelSeal | None:
        try:
            return parse_label_seal(read_file(self._own(self._folder.annotation_seal)))
        except (FileNotFoundError, DocumentError):
            return None

    def _write_seal(self, seal: LabelSeal) -> None:
        replace_file(self._folder.annotation_seal, label_seal_json(seal), is_patient=False)

    def _checksum(self, number: int) -> str:
        data = self._data(number)
        return "" if data is None else checksum(data)

    def _listed(self) -> Iterator[int]:
        with map_os_errors(self._folder.path), os.scandir(self._folder.path) as entries:
            for entry in entries:
                with suppress(LayoutError):
                    number = frame_set_id(entry.name)
                    if not entry.is_symlink():
                        yield number

    def _is_there(self, number: int) -> bool:
        try:
            return self._own(self._folder.event(number)).is_file()
        except FileNotFoundError:
            return False

    def _own(self, path: Path) -> Path:
        return without_links(self._folder.path, path)

    def _require_session(self) -> None:
        if not self._folder.metadata.is_file():
            raise LabelError(f"There is no session {self._folder.path.name}.")

    def _require_exact_case(self) -> None:
        """Refuse another spelling of the session's name, as it would be a second history.

        Windows and macOS find a folder in whatever case.
        """
        path = self._folder.path
        if not any(entry.name == path.name for entry in path.parent.iterdir()):
            raise LabelError(f"There is no session {path.name}; is there one in other letters, upper or lower case?")

    def _found(self, number: int) -> AnnotationsFile:
        data = self._data(number)
        if data is None:
            return self._form
        try:
            return read_annotations(data)
        except LabelError:
            # Somebody's work, if damaged: it is set aside, never written over.
            path = self._folder.annotations(number)
            with map_os_errors(self._folder.path):
                path.replace(path.with_name(UNREADABLE))
            return self._form

    def _data(self, number: int) -> bytes | None:
        with map_os_errors(self._folder.path):
            try:
                return read_file(self._own(self._folder.annotations(number)))
            except FileNotFoundError:
                return None
