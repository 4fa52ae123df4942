"""Plays of Down and Up, compared."""

import numpy as np

from daemon.probing.cursor_comparison import CursorPlays, compare_cursor
from protocol.changes import U32


def memory(cursor: int, frames: int) -> U32:
    """A menu: its cursor, the sprite that shows it, a counter of frames, a random number, the last button."""
    return np.array([cursor, 40 + 16 * cursor, frames, frames * 2_654_435_761 & 0xFFFF_FFFF, 7], np.uint32)


def plays(start: int, lines: int, *, wraps: bool) -> CursorPlays:
    def stepped(*steps: int) -> int:
        at = start
        for step in steps:
            at = (at + step) % lines if wraps else min(max(0, at + step), lines - 1)
        return at

    return CursorPlays(
        rest=(memory(start, 12), memory(start, 24)),
        down=memory(stepped(1), 12),
        down_up=memory(stepped(1, -1), 24),
        up=memory(stepped(-1), 12),
        down_down=memory(stepped(1, 1), 24),
    )


def test_the_cursor_comes_before_its_sprite_and_nothing_else_steps() -> None:
    found = compare_cursor(plays(2, 5, wraps=False), 10)
    assert (found[0].position, found[0].field.width) == (0, 1)
    assert {each.word for each in found} == {0, 1}


def test_a_cursor_may_wrap_or_stay_at_the_ends_of_its_list() -> None:
    for start in (0, 1, 2):
        for wraps in (False, True):
            (first, *_) = compare_cursor(plays(start, 3, wraps=wraps), 10)
            assert first.position == 0, (start, wraps)


def test_a_still_menu_has_no_cursor() -> None:
    assert compare_cursor(plays(0, 1, wraps=True), 10) == []
