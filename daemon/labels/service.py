"""Service for the label commands of the bus: label, latch, undo, redo. Shell."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from daemon.background import Background
from daemon.disk.durability import Wrote
from daemon.labels.commands import (
    LABEL_ARGUMENTS,
    LATCH_ARGUMENTS,
    UNDO_ARGUMENTS,
    CommandHeader,
    Part,
    parse_at_most,
    parse_header,
    parse_parts,
    parse_values,
)
from daemon.labels.history import SetEdit
from daemon.labels.session_labels import SessionLabels
from daemon.labels.writer import LabelWriter
from protocol.session.annotations import Edit
from protocol.session.layout import session_folder

__all__ = ["LabelService"]

_MAX_SESSIONS = 8
"""Sessions whose history of labels is kept in memory while nobody edits them."""

_MAX_LATCHES = 256
"""Latch commands whose ids are remembered."""

Publish = Callable[[str, str, Mapping[str, Any]], None]


class LabelService:
    """Executor of label commands, on any session of the data folder.

    Args:
        data_folder: the session folders.
        background: runs what touches files.
        publish: the bus.
        latch: latches labels in a session that is being recorded: session id, edit, who, from where.
        now: the wall clock, ms since the epoch.
        wrote: called with the files that were written.
        records: returns whether this daemon records a session, or has recorded it.
    """

    def __init__(
        self,
        data_folder: Path,
        background: Background,
        publish: Publish,
        latch: Callable[[str, Edit, str, str], None],
        now: Callable[[], int],
        wrote: Wrote = lambda _paths: None,
        records: Callable[[str], bool] = lambda _session: True,
    ) -> None:
        self._data_folder = data_folder
        self._background = background
        self._publish = publish
        self._latch = latch
        self._now = now
        self._wrote = wrote
        self._records = records
        self._sessions: dict[str, SessionLabels] = {}
        self._latches: dict[str, None] = {}

    def release(self, idle_for: float = 0) -> None:
        """Let others edit the labels of sessions that nobody has edited here for some seconds."""
        for name, labels in self._idle():
            if monotonic() - labels.last_used >= idle_for:
                self._sessions.pop(name).release()

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
        """Return the commands that the bus answers with this service."""
        return {"label": self.label, "latch": self.latch, "undo": self.undo, "redo": self.redo}

    async def label(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Give labels to frame sets.

        Args:
            arguments: `session`; one of `frame_sets` (a list), `ranges` (a list of pairs, both ends included) or
                `first` and `last`; `labels` {field: value}; optional `add_tags` and `remove_tags` (lists); or `parts`,
                a list of maps with these; `who`; `origin`; `command_id`.

        Returns:
            `{"entry": n or None, "changed": how many, "missing": [frame sets that do not exist]}`. A command whose
            `command_id` has been carried out is not carried out again; its answer is the same.

        Raises:
            LabelError: the session, a field, a value or all of the frame sets do not exist.
        """
        return await self.give(parse_header(arguments, LABEL_ARGUMENTS), parse_parts(arguments))

    async def give(self, header: CommandHeader, parts: Sequence[Part]) -> dict[str, Any]:
        """Give labels to frame sets: a command that has been read, see `label`."""
        return await self._labels(header.session).label(header, parts)

    async def carried_out(self, header: CommandHeader) -> dict[str, Any] | None:
        """Return `entry` and `changed` of a command that has been carried out.

        None where it has not been, changed nothing, or has no id.
        """
        return await self._labels(header.session).carried_out(header) if header.command_id else None

    async def undo(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take back this person's last edit, where nobody has changed the same field since.

        Args:
            arguments: `session`, `who`, `origin`, `command_id`; `at_most`: frame sets, an edit of more is left alone.

        Returns:
            `{"entry": n or None, "changed": how many, "of": the entry that was undone or None}`; `held`, the number of
            its frame sets, where it was left alone. A command whose `command_id` has been carried out is not carried
            out again; its answer is the same.

        Raises:
            LabelError: the session does not exist.
        """
        header = parse_header(arguments, UNDO_ARGUMENTS)
        return await self._labels(header.session).undo_or_redo(header, "undo", parse_at_most(arguments))

    async def redo(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Redo this person's last undone edit. Arguments, result and errors as for `undo`."""
        header = parse_header(arguments, UNDO_ARGUMENTS)
        return await self._labels(header.session).undo_or_redo(header, "redo", parse_at_most(arguments))

    async def latch(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Latch labels: every new frame set gets them until they are changed or cleared.

        Args:
            arguments: `session`, `labels` {field: value}, `who`, `origin`, `command_id`.

        Returns:
            An empty map.

        Raises:
            LabelError: the session is not being recorded, or a field or value cannot be latched.
        """
        header = parse_header(arguments, LATCH_ARGUMENTS)
        edit = parse_values(arguments)
        if header.command_id not in self._latches:
            self._latch(header.session, edit, header.who, header.origin)
            if header.command_id:
                self._latches[header.command_id] = None
                for forgotten in list(self._latches)[:-_MAX_LATCHES]:
                    del self._latches[forgotten]
        return {}

    async def latched(self, session: str, edit: SetEdit, who: str, origin: str) -> bool:
        """Add to a session's history that somebody latched values from a frame set on.

        Returns:
            Whether the session's label files have their tags as one text.
        """
        return await self._labels(session).latched(edit, who, origin)

    def _idle(self) -> list[tuple[str, SessionLabels]]:
        return [(name, labels) for name, labels in self._sessions.items() if not labels.is_busy]

    def _labels(self, session: str) -> SessionLabels:
        labels = self._sessions.get(session)
        if labels is None:
            for name, _ in self._idle()[: max(0, len(self._sessions) - _MAX_SESSIONS + 1)]:
                self._sessions.pop(name).release()
            writer = LabelWriter(session_folder(self._data_folder, session), self._wrote)
            labels = SessionLabels(session, writer, self._background, self._publish, self._now, self._records)
            self._sessions[session] = labels
        return labels
