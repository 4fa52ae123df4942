"""Columns of a frame set for the log of changes, to bytes and back."""

from daemon.writer.set_columns import logged_set, set_columns
from protocol.session.change_log_builder import LogBuilder
from tests.daemon.importing.made import REGIONS, frame_set, scan
from tests.protocol.session.test_change_log import columns


def test_a_set_that_crossed_the_socket_is_logged_as_it_was() -> None:
    played = frame_set(
        3, [scan("iwram", 15, [0x0300_0000, 0x0300_0008]), scan("ewram", 16, [0x0200_0004], current=7)], keys="A+Up"
    )
    direct, crossed = LogBuilder(REGIONS), LogBuilder(REGIONS)
    direct.add(played, (("iwram", 0),), 5)
    crossed.add_logged(logged_set(3, 5, set_columns(played), (("iwram", 0),)))
    one, other = direct.take(), crossed.take()
    assert one is not None
    assert other is not None
    assert columns(one) == columns(other)
    assert len(one.entry_words) == 6


def test_a_set_without_changes_crosses_too() -> None:
    logged = logged_set(0, 0, set_columns(frame_set(0)), ())
    assert (logged.frames, logged.run_frames, len(logged.addresses)) == ([0, 1, 2, 3, 4], [], 0)
