"""Labels of one session, edited by one command after the other. Shell.

It runs on the event loop, its file jobs on the background's thread. Edits are carried out in slices small enough that
recording never waits for them.
"""

import asyncio
import contextlib
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

from daemon.background import Background
from daemon.labels.commands import CommandHeader, Part, merged
from daemon.labels.history import CarriedOut, Confirmation, Entry, EntryKind, LabelHistory, SetEdit, reverted
from daemon.labels.writer import LabelWriter
from protocol.bus.messages import Topic
from protocol.errors import LabelError
from protocol.session.annotations import Annotations

__all__ = ["SLICE", "SessionLabels"]

SLICE = 64
"""Frame sets whose labels are read or written in one job: some milliseconds."""

_FEW = 256
"""Frame sets that are looked for one by one; where a command names more, the session's folder is listed instead."""

_LISTED_AT_ONCE = 2000
"""Entries of a session's folder that are listed in one job: a few milliseconds as well."""

T = TypeVar("T")
Change = Callable[[int, Annotations], Annotations]


class SessionLabels:
    """Editor of the labels of one session.

    Args:
        session: its id.
        writer: its label files.
        background: runs what touches files.
        publish: the bus.
        now: the wall clock, ms since the epoch.
        records: returns whether this daemon records a session, or has recorded it.

    Attributes:
        last_used: when something was done here last, by the monotonic clock.
    """

    def __init__(
        self,
        session: str,
        writer: LabelWriter,
        background: Background,
        publish: Callable[[str, str, Mapping[str, Any]], None],
        now: Callable[[], int],
        records: Callable[[str], bool],
    ) -> None:
        self._session = session
        self._writer = writer
        self._background = background
        self._publish = publish
        self._now = now
        self._records = records
        self._lock = asyncio.Lock()
        self._history: LabelHistory | None = None
        self._knows_form = False
        self.last_used = monotonic()

    @property
    def is_busy(self) -> bool:
        """Return whether an edit is under way."""
        return self._lock.locked()

    def release(self) -> None:
        """Let another gbatrace edit these labels."""
        self._writer.release()

    async def label(self, header: CommandHeader, parts: Sequence[Part]) -> dict[str, Any]:
        """Give labels to frame sets; see `LabelService.label`."""
        async with self._editing() as history:
            there = await self._existing(parts)
            if not there:
                raise LabelError(f"Session {self._session} has none of these frame sets.")
            listed = [frozenset(part.listed) for part in parts]
            repeated = _Repeated()
            notes_repeated = history.has_others(header.who)

            def change(number: int, now: Annotations) -> Annotations:
                for part, named in zip(parts, listed, strict=True):
                    if number in named or _is_within(number, part.ranges):
                        if notes_repeated:
                            repeated.add(number, part.repeated(now))
                        now = part.applied(now)
                return now

            done = history.carried_out(header.command_id)
            if done is None:
                done = await self._write(history, header, there, change, "edit", None, repeated.confirmations)
        found = frozenset(there)
        missing = dict.fromkeys(number for part in parts for number in part.listed if number not in found)
        return {"entry": done and done.n, "changed": done.changed if done else 0, "missing": list(missing)}

    async def carried_out(self, header: CommandHeader) -> dict[str, Any] | None:
        """Return what a command did earlier; see `LabelService.carried_out`."""
        async with self._editing() as history:
            done = history.carried_out(header.command_id)
        return None if done is None else {"entry": done.n, "changed": done.changed}

    async def undo_or_redo(self, header: CommandHeader, kind: EntryKind, at_most: int | None) -> dict[str, Any]:
        """Undo or redo this person's last edit; see `LabelService.undo`."""
        async with self._editing() as history:
            done = history.carried_out(header.command_id)
            if done is not None:
                return {"entry": done.n, "changed": done.changed, "of": done.of}
            number = history.undoable(header.who) if kind == "undo" else history.redoable(header.who)
            if number is None:
                return {"entry": None, "changed": 0, "of": None}
            target = history.remembered(number)
            if target is None:
                target = await self._background.run(partial(self._writer.entry, number))
            edits = {edit.frame_set_id: edit for edit in target.edits}
            if at_most is not None and len(edits) > at_most:
                return {"entry": None, "changed": 0, "of": target.n, "held": len(edits)}

            def change(number: int, now: Annotations) -> Annotations:
                edit = edits[number]
                given, back = (edit.after, edit.before) if kind == "undo" else (edit.before, edit.after)
                return reverted(now, given, back)

            done = await self._write(history, header, list(edits), change, kind, target.n)
        return {"entry": done and done.n, "changed": done.changed if done else 0, "of": target.n}

    async def latched(self, edit: SetEdit, who: str, origin: str) -> bool:
        """Add a latch to the history; see `LabelService.latched`."""
        async with self._editing() as history:
            entry = Entry(history.next_number, self._now(), who, origin, "latch", None, (edit,))
            await self._background.run(lambda: self._writer.append(entry))
            history.add(entry)
            await self._background.run(self._writer.settle)
            await self._find_form()
            return self._writer.tags_as_text

    @contextlib.asynccontextmanager
    async def _editing(self) -> AsyncIterator[LabelHistory]:
        """Keep edits apart, from each other and from those of another gbatrace; gives the history."""
        async with self._lock:
            try:
                if not self._writer.is_taken:
                    recorded_here = self._records(self._session)
                    await self._background.run(partial(self._writer.take, recorded_here=recorded_here))
                yield await self._read_history()
            finally:
                self.last_used = monotonic()

    async def _existing(self, parts: Sequence[Part]) -> list[int]:
        """Find those of the named frame sets that there are, in the order in which they are named."""
        listed = dict.fromkeys(number for part in parts for number in part.listed)
        ranges = merged(each for part in parts for each in part.ranges)
        if len(listed) + sum(map(len, ranges)) <= _FEW:
            named = dict.fromkeys([*listed, *(number for each in ranges for number in each)])
            return await self._background.run(partial(self._writer.existing, list(named)))
        there = sorted(await self._all_frame_sets())
        every = frozenset(there)
        within = [there[bisect_left(there, each.start) : bisect_left(there, each.stop)] for each in ranges]
        named = dict.fromkeys([number for number in listed if number in every])
        return list(named | dict.fromkeys(number for some in within for number in some))

    async def _all_frame_sets(self) -> list[int]:
        """List all frame sets of the session, in no order."""
        listing = await self._background.run(self._writer.frame_sets)
        numbers: list[int] = []

        def more() -> list[int]:
            return list(islice(listing, _LISTED_AT_ONCE))

        while listed := await self._background.run(more, repeatable=False):  # A generator that failed has ended.
            numbers += listed
        return numbers

    async def _write(
        self,
        history: LabelHistory,
        header: CommandHeader,
        numbers: Sequence[int],
        change: Change,
        kind: EntryKind,
        of: int | None,
        confirmations: Callable[[], tuple[Confirmation, ...]] = tuple,
    ) -> CarriedOut | None:
        """Plan edits, add them to the history, carry them out.

        An undo is an entry even where it changes nothing.
        """
        await self._find_form()
        edits: list[SetEdit] = []
        for some in _slices(numbers):
            edits += await self._background.run(partial(self._writer.plan, some, change))
        confirmed = confirmations()
        if not edits and not confirmed and kind == "edit":
            return None
        who, origin, command_id = header.who, header.origin, header.command_id
        now, number = self._now(), history.next_number
        entry = Entry(number, now, who, origin, kind, of, tuple(edits), command_id, header.reason, confirmed)
        self._history = None  # Until it is carried out: the next command after a failure finishes it first.
        is_begun = False

        def carry_out(part: Sequence[SetEdit]) -> list[tuple[int, Annotations]]:
            # One job for all that a small command does: between two jobs it would wait for the event loop's turn.
            nonlocal is_begun
            if not is_begun:  # Where a file is held the job is repeated, and there is one entry all the same.
                self._writer.append(entry)
                is_begun = True
            written = self._writer.carry_out(part)
            if not part or part[-1] is edits[-1]:
                self._writer.settle()
            return written

        saved = 0
        for part in [*_slices(edits)] or [()]:
            written = await self._background.run(partial(carry_out, part))
            if written:
                saved += len(written)
                self._publish_labels(entry, written, saved)
        history.add(entry)
        self._history = history
        return CarriedOut.of_entry(entry)

    def _publish_labels(self, entry: Entry, written: Sequence[tuple[int, Annotations]], saved: int) -> None:
        body = {
            "session": self._session,
            "entry": entry.n,
            "who": entry.who,
            "origin": entry.origin,
            "kind": entry.kind,
            "command_id": entry.command_id,
            "saved": saved,
            "of": len(entry.edits),
            "labels": [{"frame_set_id": number, "annotations": labels.as_map()} for number, labels in written],
        }
        self._publish(Topic.LABELS, self._session, body)

    async def _find_form(self) -> None:
        """Find out once how tags are written: as in the session's first labelled frame set."""
        if self._knows_form:
            return
        numbers = sorted(await self._all_frame_sets())
        for first in range(0, len(numbers), _LISTED_AT_ONCE):
            some = numbers[first : first + _LISTED_AT_ONCE]
            if await self._background.run(partial(self._writer.find_form, some)):
                break
        self._knows_form = True

    async def _read_history(self) -> LabelHistory:
        if self._history is None:
            history = await self._background.run(self._writer.history)
            for part in _slices(await self._background.run(self._writer.unfinished)):
                await self._background.run(partial(self._writer.carry_out, part))
            await self._background.run(self._writer.settle)
            self._history = history
        return self._history


class _Repeated:
    """Frame sets by the values that a command gives to them and that they have already."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], set[int]] = {}

    def add(self, number: int, values: Mapping[str, str]) -> None:
        """Note the values of a frame set, by field; twice is as once."""
        for given in values.items():
            self._numbers.setdefault(given, set()).add(number)

    def confirmations(self) -> tuple[Confirmation, ...]:
        """Return them as the history has them."""
        return tuple(
            Confirmation(
                name,
                value,
                tuple((each.start, each.stop - 1) for each in merged(range(one, one + 1) for one in numbers)),
            )
            for (name, value), numbers in self._numbers.items()
        )


def _is_within(number: int, ranges: Sequence[range]) -> bool:
    """Return whether a number is in one of some ranges, which are ascending and apart."""
    place = bisect_left(ranges, number, key=lambda each: each.stop - 1)
    return place < len(ranges) and number in ranges[place]


def _slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + SLICE] for at in range(0, len(items), SLICE))
