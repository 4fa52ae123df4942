"""History of label commands, and what undo and redo would do."""

import json
from itertools import count
from typing import Any

import pytest

from daemon.labels.history import (
    MAX_COMMANDS,
    MAX_REMEMBERED,
    CarriedOut,
    Entry,
    EntryKind,
    LabelHistory,
    SetEdit,
    entry_line,
    parse_entry,
    reverted,
)
from protocol.errors import LabelError
from protocol.session.annotations import Annotations

EDIT = SetEdit(7, {"context": "", "tags": ()}, {"context": "battle", "tags": ("boss",)})


def entry(n: int, who: str = "ann", kind: EntryKind = "edit", of: int | None = None) -> Entry:
    return Entry(n, 1_000 + n, who, "page", kind, of, (EDIT,))


class Book:
    """A history that people write in."""

    def __init__(self) -> None:
        self.history = LabelHistory()

    def does(self, who: str, kind: EntryKind = "edit") -> None:
        of = None
        if kind == "undo":
            of = self.undoable(who)
        elif kind == "redo":
            of = self.redoable(who)
        self.history.add(entry(self.history.next_number, who, kind, of))

    def undoable(self, who: str) -> int | None:
        return self.history.undoable(who)

    def redoable(self, who: str) -> int | None:
        return self.history.redoable(who)


class TestStacks:
    def test_the_last_edit_is_undone_first(self) -> None:
        book = Book()
        book.does("ann")
        book.does("ann")
        assert book.undoable("ann") == 2
        book.does("ann", "undo")
        assert book.undoable("ann") == 1
        book.does("ann", "undo")
        assert book.undoable("ann") is None

    def test_everything_can_be_undone_and_little_of_it_is_held(self) -> None:
        book = Book()
        for _ in range(2 * MAX_REMEMBERED):
            book.does("ann")
            book.does("ben")
        assert book.history.remembered(1) is None
        newest = book.undoable("ben")
        assert newest == 4 * MAX_REMEMBERED
        assert book.history.remembered(newest) is not None
        undone = 0
        while book.undoable("ann") is not None:
            book.does("ann", "undo")
            undone += 1
        assert undone == 2 * MAX_REMEMBERED
        assert book.redoable("ann") == 1
        assert len(book.history._entries) == 2 * MAX_REMEMBERED

    def test_what_cannot_be_undone_any_more_is_not_kept(self) -> None:
        book = Book()
        for _ in range(3 * MAX_REMEMBERED):
            book.does("ann")
            book.does("ann", "undo")
            book.does("ann", "edit")
        assert len(book.history._entries) <= MAX_REMEMBERED + 1

    def test_what_was_undone_last_is_done_again_first(self) -> None:
        book = Book()
        for kind in ("edit", "edit", "undo", "undo"):
            book.does("ann", kind)
        assert book.redoable("ann") == 1
        book.does("ann", "redo")
        assert (book.undoable("ann"), book.redoable("ann")) == (1, 2)

    def test_an_edit_ends_what_could_be_done_again(self) -> None:
        book = Book()
        for kind in ("edit", "undo", "edit"):
            book.does("ann", kind)
        assert book.redoable("ann") is None

    def test_everybody_undoes_their_own(self) -> None:
        book = Book()
        book.does("ann")
        book.does("ben")
        assert (book.undoable("ann"), book.undoable("ben"), book.undoable("cy")) == (1, 2, None)

    def test_a_latch_is_not_undone(self) -> None:
        book = Book()
        book.does("ann", "latch")
        assert book.undoable("ann") is None

    def test_a_line_that_was_lost_leaves_its_number_unused(self) -> None:
        history = LabelHistory()
        for n in (1, 3):
            history.add(entry(n))
        assert history.next_number == 4


class TestReverting:
    def test_a_field_gets_back_what_it_had(self) -> None:
        now = Annotations(context="battle", tags=("boss",), scene="arena")
        assert reverted(now, EDIT.after, EDIT.before) == Annotations(scene="arena")

    def test_a_field_that_somebody_changed_since_stays(self) -> None:
        now = Annotations(context="dialogue", tags=("boss",))
        assert reverted(now, EDIT.after, EDIT.before) == Annotations(context="dialogue")


class TestLines:
    def test_an_entry_is_a_line(self) -> None:
        line = entry_line(entry(3, kind="undo", of=2))
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert json.loads(line) == {
            "n": 3,
            "time": 1003,
            "who": "ann",
            "origin": "page",
            "kind": "undo",
            "of": 2,
            "edits": [
                {
                    "frame_set_id": 7,
                    "before": {"context": "", "tags": []},
                    "after": {"context": "battle", "tags": ["boss"]},
                }
            ],
        }

    @pytest.mark.parametrize(("kind", "of"), [("edit", None), ("undo", 2), ("redo", 2), ("latch", None)])
    def test_what_is_written_is_read(self, kind: Any, of: int | None) -> None:
        written = entry(3, kind=kind, of=of)
        assert parse_entry(entry_line(written)) == written

    @pytest.mark.parametrize(
        "line",
        [
            b"",
            b'{"n": 1, "time": 2, "wh',
            b"[]",
            b"7",
            b"{}",
            entry_line(entry(1)).replace(b'"context"', b'"mood"'),
            entry_line(entry(1)).replace(b'"n":1', b'"n":"x"'),
        ],
    )
    def test_what_is_no_entry_is_said(self, line: bytes) -> None:
        with pytest.raises(LabelError):
            parse_entry(line)


def test_what_an_entry_gave_is_listed() -> None:
    numbers = count(1)
    edits = tuple(SetEdit(next(numbers), {"scene": ""}, {"scene": name}) for name in ("a", "b"))
    given = Entry(1, 2, "ann", "page", "edit", None, edits)
    assert list(given.after()) == [(1, {"scene": "a"}), (2, {"scene": "b"})]


def test_the_last_commands_are_known_again() -> None:
    history = LabelHistory()
    for n in range(1, MAX_COMMANDS + 3):
        history.add(Entry(n, 1_000, "ann", "page", "edit", None, (EDIT,), f"c{n}"))
    assert history.carried_out("c2") is None
    assert history.carried_out("c3") == CarriedOut(3, 1, None)
    assert history.carried_out("") is None


def test_the_id_of_a_command_is_kept() -> None:
    written = Entry(3, 1_000, "ann", "page", "undo", 2, (EDIT,), "c9")
    assert parse_entry(entry_line(written)) == written
