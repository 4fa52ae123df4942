"""History of a session's labels, with undo and redo for each person. Pure.

The history is append-only: an undo is an entry of its own, with the number of the entry that it undid. It is kept in
`annotation_history.jsonl`, one entry a line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from protocol.errors import LabelError
from protocol.session.annotations import Annotations, Edit, Value, recorded_edit

__all__ = [
    "MAX_COMMANDS",
    "MAX_REMEMBERED",
    "CarriedOut",
    "Confirmation",
    "Entry",
    "EntryKind",
    "LabelHistory",
    "SetEdit",
    "entry_line",
    "parse_entry",
    "reverted",
]

MAX_REMEMBERED = 100
"""Edits of each person that are kept in memory; older ones are read again from the file when their turn comes."""

MAX_COMMANDS = 1000
"""Commands of a session that are known again when they come a second time."""

EntryKind = Literal["edit", "undo", "redo", "latch"]


@dataclass(frozen=True, slots=True)
class SetEdit:
    """Edit of one frame set: the fields that differ, before and after.

    `file` is the hash of its `annotations.json` afterwards; empty for a latch, and in histories of early versions.
    """

    frame_set_id: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    file: str = ""

    def as_map(self) -> dict[str, Any]:
        """Return the edit as it stands in the history."""
        plain = {"frame_set_id": self.frame_set_id, "before": dict(self.before), "after": dict(self.after)}
        return {**plain, "file": self.file} if self.file else plain


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Value given to frame sets that had it, where others have labelled the session too.

    It changes no file; without it nobody could tell that two people agree.

    Args:
        field: of the labels.
        value: that was given.
        ranges: first and last of each run of the frame sets.
    """

    field: str
    value: str
    ranges: tuple[tuple[int, int], ...]

    def as_map(self) -> dict[str, Any]:
        """Return it as it stands in the history."""
        return {"field": self.field, "value": self.value, "ranges": [list(each) for each in self.ranges]}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Args:
        n: its number, from 1.
        time: ms since the epoch.
        who: name of the person, as they gave it.
        origin: from where: `page`, `pad`, `emulator`, `api`.
        kind: `edit`, `undo` or `redo` of entry `of`, or `latch`.
        of: number of the entry that is undone or redone, else None.
        edits: what happened to each frame set; for a latch, the values before and after from that set on.
        command_id: of the command that was carried out; empty where it had none.
        reason: why the labels were suggested or moved, in words; empty where a person chose them.
        confirmed: what was given to frame sets that had it already; an edit of nothing else cannot be undone.
    """

    n: int
    time: int
    who: str
    origin: str
    kind: EntryKind
    of: int | None
    edits: tuple[SetEdit, ...]
    command_id: str = ""
    reason: str = ""
    confirmed: tuple[Confirmation, ...] = ()

    def after(self) -> Iterator[tuple[int, Edit]]:
        """Yield what each frame set was given."""
        for edit in self.edits:
            yield edit.frame_set_id, edit.after


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """Result of a command.

    Args:
        n: number of its entry.
        changed: how many frame sets have other labels now.
        of: number of the entry that it undid or redid, else None.
    """

    n: int
    changed: int
    of: int | None

    @classmethod
    def of_entry(cls, entry: Entry) -> "CarriedOut":
        """Take it from the entry."""
        return cls(entry.n, len(entry.edits), entry.of)


class LabelHistory:
    """Stacks of what each person can undo and redo.

    Everything can be undone, as far back as it goes: the numbers of all entries are remembered, and of each person the
    last `MAX_REMEMBERED` entries.
    """

    def __init__(self) -> None:
        self._last = 0
        self._entries: dict[int, Entry] = {}
        self._done: dict[str, list[int]] = {}
        self._undone: dict[str, list[int]] = {}
        self._commands: dict[str, CarriedOut] = {}

    @property
    def next_number(self) -> int:
        """The number of the entry to come."""
        return self._last + 1

    def add(self, entry: Entry) -> None:
        """Take an entry: a new one, or one read from the file."""
        self._last = max(self._last, entry.n)
        if entry.command_id:
            self._commands[entry.command_id] = CarriedOut.of_entry(entry)
            if len(self._commands) > MAX_COMMANDS:
                del self._commands[next(iter(self._commands))]
        done, undone = self._done.setdefault(entry.who, []), self._undone.setdefault(entry.who, [])
        match entry.kind:
            case "edit" if entry.edits:
                self._entries[entry.n] = entry
                done.append(entry.n)
                for forgotten in (*undone, *done[-MAX_REMEMBERED - 1 : -MAX_REMEMBERED]):
                    self._entries.pop(forgotten, None)
                undone.clear()
            case "undo" if done and done[-1] == entry.of:
                undone.append(done.pop())
            case "redo" if undone and undone[-1] == entry.of:
                done.append(undone.pop())

    def has_others(self, who: str) -> bool:
        """Return whether anybody else has labelled the session."""
        return bool(self._done.keys() - {who})

    def carried_out(self, command_id: str) -> CarriedOut | None:
        """Return the result of a command; None if it was not carried out or changed nothing."""
        return self._commands.get(command_id)

    def undoable(self, who: str) -> int | None:
        """Return the number of the entry that this person's undo would revert."""
        return _top(self._done, who)

    def redoable(self, who: str) -> int | None:
        """Return the number of the entry that this person's redo would restore."""
        return _top(self._undone, who)

    def remembered(self, number: int) -> Entry | None:
        """Return an entry that can be undone or redone; None where it has to be read from the file."""
        return self._entries.get(number)


def _top(stacks: Mapping[str, list[int]], who: str) -> int | None:
    stack = stacks.get(who)
    return stack[-1] if stack else None


def reverted(now: Annotations, given: Edit, back: Edit) -> Annotations:
    """Take back an edit of a frame set, but for fields that have been given another value since.

    Args:
        now: the labels as they are.
        given: what the edit gave.
        back: what was there before it.
    """
    return now.edited({name: value for name, value in back.items() if getattr(now, name) == given[name]})


def entry_line(entry: Entry) -> bytes:
    """Write one line of `annotation_history.jsonl`."""
    return orjson.dumps(
        {
            "n": entry.n,
            "time": entry.time,
            "who": entry.who,
            "origin": entry.origin,
            "kind": entry.kind,
            "of": entry.of,
            "edits": [edit.as_map() for edit in entry.edits],
            **({"command_id": entry.command_id} if entry.command_id else {}),
            **({"reason": entry.reason} if entry.reason else {}),
            **({"confirmed": [each.as_map() for each in entry.confirmed]} if entry.confirmed else {}),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def parse_entry(line: bytes) -> Entry:
    """Read one line of `annotation_history.jsonl`.

    Raises:
        LabelError: it is not one.
    """
    try:
        document: dict[str, Any] = orjson.loads(line)
        return Entry(
            n=int(document["n"]),
            time=int(document["time"]),
            who=str(document["who"]),
            origin=str(document["origin"]),
            kind=document["kind"],
            of=document["of"],
            edits=tuple(_parse_edit(edit) for edit in document["edits"]),
            command_id=str(document.get("command_id", "")),
            reason=str(document.get("reason", "")),
            confirmed=tuple(_parse_confirmation(each) for each in document.get("confirmed", ())),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise LabelError(f"A line of the annotation history cannot be read: {error}") from None


def _parse_edit(edit: Mapping[str, Any]) -> SetEdit:
    return SetEdit(
        frame_set_id=int(edit["frame_set_id"]),
        before=recorded_edit(edit["before"]),
        after=recorded_edit(edit["after"]),
        file=str(edit.get("file", "")),
    )


def _parse_confirmation(confirmed: Mapping[str, Any]) -> Confirmation:
    ranges = tuple((int(first), int(last)) for first, last in confirmed["ranges"])
    return Confirmation(str(confirmed["field"]), str(confirmed["value"]), ranges)
