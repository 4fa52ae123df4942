"""Answers the label commands of the bus: edits, undo, redo. Shell: the event loop on one side, a thread on the other.

Edits of one session are carried out one after the other, in slices small enough that recording never waits for them.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from daemon.background import Background
from daemon.disk.durability import Wrote
from daemon.labels.commands import Part, Signature, parts_of, signature_of, values_of
from daemon.labels.history import CarriedOut, Entry, EntryKind, LabelHistory, SetEdit, reverted
from daemon.labels.writer import LabelWriter
from protocol.bus.messages import Topic
from protocol.errors import LabelError
from protocol.session.annotations import Annotations, Edit
from protocol.session.layout import session_folder

__all__ = ["SLICE", "LabelDesk"]

SLICE = 32
"""Frame sets whose labels are read or written in one job: a few milliseconds."""

_FEW = 256
"""Frame sets that are looked for one by one; where a command names more, the session's folder is listed instead."""

_LISTED_AT_ONCE = 2000
"""Entries of a session's folder that are listed in one job: a few milliseconds as well."""

_MAX_BOOKS = 8
"""Sessions whose history of labels is kept in memory while nobody edits them."""

_MAX_LATCHES = 256
"""Latch commands whose ids are remembered."""

T = TypeVar("T")
Publish = Callable[[str, str, Mapping[str, Any]], None]
CarryOut = Callable[[Sequence[SetEdit]], list[tuple[int, Annotations]]]
Change = Callable[[int, Annotations], Annotations]


class LabelDesk:
    """Carries out label commands on any session of the data folder, whether it is being recorded or not.

    Args:
        data_folder: the session folders.
        background: runs what touches files.
        publish: the bus.
        latch: latches labels in a session that is being recorded: session id, edit, who, from where.
        now: the wall clock, ms since the epoch.
        wrote: told which files were written.
        records: tells whether this daemon records a session, or has recorded it.
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
        self._records = records
        self._data_folder = data_folder
        self._background = background
        self._publish = publish
        self._latch = latch
        self._now = now
        self._wrote = wrote
        self._books: dict[str, _Book] = {}
        self._latches: dict[str, None] = {}

    def release(self, idle_for: float = 0) -> None:
        """Let others edit the labels of sessions that nobody has edited here for some seconds."""
        for name in self._idle():
            if monotonic() - self._books[name].used >= idle_for:
                self._books.pop(name).writer.release()

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
        """Return the commands that the bus answers with this desk."""
        return {"label": self.label, "latch": self.latch, "undo": self.undo, "redo": self.redo}

    async def label(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Give labels to frame sets.

        Args:
            arguments: `session`; either `frame_sets` (a list) or `first` and `last` (a range, both included);
                `labels` {field: value}; optional `add_tags` and `remove_tags` (lists); or `parts`, a list of maps with
                these; `who`; `origin`; `command_id`.

        Returns:
            `{"entry": n or None, "changed": how many, "missing": [frame sets that do not exist]}`. A command whose
            `command_id` has been carried out is not carried out again; its answer is the same.

        Raises:
            LabelError: the session, a field, a value or all of the frame sets do not exist.
        """
        signature = signature_of(arguments)
        parts = parts_of(arguments)
        book = self._book(signature.session)
        async with self._editing(book):
            given: dict[int, list[Part]] = {}
            for part in parts:
                for number in await self._existing(book, part.named):
                    given.setdefault(number, []).append(part)
            if not given:
                raise LabelError(f"Session {signature.session} has none of these frame sets.")

            def change(number: int, now: Annotations) -> Annotations:
                for part in given[number]:
                    now = part.applied(now)
                return now

            history = await self._history(book)
            done = history.carried_out(signature.command_id)
            if done is None:
                done = await self._write(book, history, signature, list(given), change, "edit", None)
        missing = dict.fromkeys(number for part in parts for number in part.listed if number not in given)
        return {"entry": done and done.n, "changed": done.changed if done else 0, "missing": list(missing)}

    async def undo(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take back this person's last edit, where nobody has changed the same field since.

        Args:
            arguments: `session`, `who`, `origin`, `command_id`.

        Returns:
            `{"entry": n or None, "changed": how many, "of": the entry that was undone or None}`. A command whose
            `command_id` has been carried out is not carried out again; its answer is the same.

        Raises:
            LabelError: the session does not exist.
        """
        return await self._turn(arguments, "undo")

    async def redo(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do this person's last undone edit again. Arguments, result and errors as for `undo`."""
        return await self._turn(arguments, "redo")

    async def latch(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Latch labels: they flow onto every new frame set until they are changed or emptied.

        Args:
            arguments: `session`, `labels` {field: value}, `who`, `origin`, `command_id`.

        Returns:
            An empty map.

        Raises:
            LabelError: the session is not being recorded, or a field or value cannot be latched.
        """
        signature = signature_of(arguments)
        edit = values_of(arguments)
        if signature.command_id not in self._latches:
            self._latch(signature.session, edit, signature.who, signature.origin)
            if signature.command_id:
                self._latches[signature.command_id] = None
                for forgotten in list(self._latches)[:-_MAX_LATCHES]:
                    del self._latches[forgotten]
        return {}

    async def latched(self, session: str, edit: SetEdit, who: str, origin: str) -> bool:
        """Write down that somebody latched values from a frame set on.

        Returns:
            Whether the session's label files have their tags as one text.
        """
        book = self._book(session)
        async with self._editing(book):
            history = await self._history(book)
            entry = Entry(history.next_number, self._now(), who, origin, "latch", None, (edit,))
            await self._background.run(lambda: book.writer.append(entry))
            history.add(entry)
            await self._background.run(book.writer.settle)
            await self._find_form(book)
            return book.writer.tags_as_text

    async def _turn(self, arguments: Mapping[str, Any], kind: EntryKind) -> dict[str, Any]:
        signature = signature_of(arguments)
        book = self._book(signature.session)
        async with self._editing(book):
            history = await self._history(book)
            done = history.carried_out(signature.command_id)
            if done is not None:
                return {"entry": done.n, "changed": done.changed, "of": done.of}
            number = history.undoable(signature.who) if kind == "undo" else history.redoable(signature.who)
            if number is None:
                return {"entry": None, "changed": 0, "of": None}
            turned = history.held(number)
            if turned is None:
                turned = await self._background.run(partial(book.writer.entry, number))
            edits = {edit.frame_set_id: edit for edit in turned.edits}

            def change(number: int, now: Annotations) -> Annotations:
                edit = edits[number]
                given, back = (edit.after, edit.before) if kind == "undo" else (edit.before, edit.after)
                return reverted(now, given, back)

            done = await self._write(book, history, signature, list(edits), change, kind, turned.n)
        return {"entry": done and done.n, "changed": done.changed if done else 0, "of": turned.n}

    @contextlib.asynccontextmanager
    async def _editing(self, book: "_Book") -> AsyncIterator[None]:
        """Keep a session's edits apart, from each other and from those of another gbatrace."""
        async with book.lock:
            if not book.writer.is_taken:
                recorded_here = self._records(book.session)
                await self._background.run(partial(book.writer.take, recorded_here=recorded_here))
            try:
                yield
            finally:
                book.used = monotonic()

    def _idle(self) -> list[str]:
        return [name for name, book in self._books.items() if not book.lock.locked()]

    async def _existing(self, book: "_Book", named: Sequence[int]) -> list[int]:
        """Find those of the named frame sets that there are."""
        existing: list[int] = []
        if len(named) <= _FEW:
            for some in _slices(named):
                existing += await self._background.run(partial(book.writer.existing, some))
            return existing
        existing = await self._listed(book)
        if isinstance(named, range):
            return sorted(number for number in existing if number in named)
        there = set(existing)
        return [number for number in named if number in there]

    async def _listed(self, book: "_Book") -> list[int]:
        """List all frame sets of a session, in no order."""
        listing = await self._background.run(book.writer.frame_sets)
        numbers: list[int] = []

        def more() -> list[int]:
            return list(islice(listing, _LISTED_AT_ONCE))

        while listed := await self._background.run(more, repeatable=False):  # A generator that failed has ended.
            numbers += listed
        return numbers

    async def _write(
        self,
        book: "_Book",
        history: LabelHistory,
        signature: Signature,
        numbers: Sequence[int],
        change: Change,
        kind: EntryKind,
        of: int | None,
    ) -> CarriedOut | None:
        """Plan all edits, write them down, carry them out. An undo is written down even where it changes nothing."""
        await self._find_form(book)
        edits: list[SetEdit] = []
        for some in _slices(numbers):
            edits += await self._background.run(lambda some=some: book.writer.plan(some, change))  # type: ignore[misc]
        if not edits and kind == "edit":
            return None
        who, origin, command_id = signature.who, signature.origin, signature.command_id
        entry = Entry(history.next_number, self._now(), who, origin, kind, of, tuple(edits), command_id)
        book.history = None  # Until it is carried out: whoever comes after a failure finishes it first.

        begun = False

        def begin(part: Sequence[SetEdit]) -> list[tuple[int, Annotations]]:
            nonlocal begun
            if not begun:  # Where a file is held this is repeated, and there is one entry all the same.
                book.writer.append(entry)
                begun = True
            return book.writer.carry_out(part)

        work: CarryOut = begin  # One trip to the thread for both: on the way back it waits for the event loop's turn.
        for part in [*_slices(edits)] or [()]:
            written = await self._background.run(partial(work, part))
            work = book.writer.carry_out
            if not written:
                continue
            body = {
                "session": signature.session,
                "entry": entry.n,
                "who": who,
                "origin": origin,
                "kind": kind,
                "labels": [{"frame_set_id": number, "annotations": labels.as_map()} for number, labels in written],
            }
            self._publish(Topic.LABELS, signature.session, body)
        await self._background.run(book.writer.settle)
        history.add(entry)
        book.history = history
        return CarriedOut.of_entry(entry)

    async def _find_form(self, book: "_Book") -> None:
        """Find out once in which form a session's labels are written: as those of its first labelled frame set."""
        if book.knows_form:
            return
        numbers = sorted(await self._listed(book))
        for first in range(0, len(numbers), _FEW):
            some = numbers[first : first + _FEW]
            if await self._background.run(partial(book.writer.find_form, some)):
                break
        book.knows_form = True

    async def _history(self, book: "_Book") -> LabelHistory:
        if book.history is None:
            history = await self._background.run(book.writer.history)
            for part in _slices(await self._background.run(book.writer.unfinished)):
                await self._background.run(lambda part=part: book.writer.carry_out(part))  # type: ignore[misc]
            await self._background.run(book.writer.settle)
            book.history = history
        return book.history

    def _book(self, session: str) -> "_Book":
        book = self._books.get(session)
        if book is None:
            for name in self._idle()[: max(0, len(self._books) - _MAX_BOOKS + 1)]:
                self._books.pop(name).writer.release()
            book = self._books[session] = _Book(
                session, LabelWriter(session_folder(self._data_folder, session), self._wrote)
            )
        return book


class _Book:
    """A session's history once it was read, and the lock that keeps its edits apart."""

    def __init__(self, session: str, writer: LabelWriter) -> None:
        self.session = session
        self.writer = writer
        self.used = monotonic()
        self.lock = asyncio.Lock()
        self.history: LabelHistory | None = None
        self.knows_form = False


def _slices(items: Sequence[T] | Iterable[T]) -> Iterator[Sequence[T]]:
    everything = list(items)
    return (everything[at : at + SLICE] for at in range(0, len(everything), SLICE))
