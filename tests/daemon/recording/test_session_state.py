"""Counts of a session's frame sets, and the states it goes through."""

from daemon.recording.session_state import TRANSITIONS, SessionCounts, SessionState
from protocol.session.flaws import NO_SCREENSHOT, cut_short
from protocol.session.metadata import GapCount
from tests.daemon.importing.made import frame_set


def test_nothing_is_stored_at_first() -> None:
    assert SessionCounts() == SessionCounts(0, None, None, GapCount())


def test_sets_are_counted_and_named_by_the_first_and_the_last() -> None:
    counts = SessionCounts()
    for number in (3, 4, 7):
        counts = counts.with_set(frame_set(number))
    assert counts == SessionCounts(3, 3, 7)


def test_what_is_lost_is_counted_by_kind() -> None:
    counts = SessionCounts(10, 0, 9, GapCount(frame_sets=1))
    counts = counts.with_set(frame_set(10, flaws=("it is odd",))).with_set(frame_set(11, flaws=(NO_SCREENSHOT,)))
    assert counts.with_gap(4) == SessionCounts(12, 0, 11, GapCount(frame_sets=5, screenshots=1, flawed=2))


def test_of_a_set_that_was_cut_short_no_screenshot_is_lost() -> None:
    counts = SessionCounts().with_set(frame_set(0, flaws=(cut_short("reset"), NO_SCREENSHOT)))
    assert counts.lost == GapCount(flawed=1)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {state for before, table in TRANSITIONS.items() for state in table.values() if state is not before}
    assert reached == set(TRANSITIONS) == set(SessionState)
