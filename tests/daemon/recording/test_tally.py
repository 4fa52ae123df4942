"""What is stored and what is lost."""

from daemon.recording.tally import Tally
from protocol.session.flaws import NO_SCREENSHOT
from protocol.session.metadata import GapCount
from tests.daemon.importing.made import frame_set


def test_nothing_is_stored_at_first() -> None:
    tally = Tally()
    assert (tally.stored, tally.first, tally.last, tally.lost) == (0, None, None, GapCount())


def test_sets_are_counted_and_named_by_the_first_and_the_last() -> None:
    tally = Tally()
    for number in (3, 4, 7):
        tally.add(frame_set(number))
    assert (tally.stored, tally.first, tally.last, tally.lost) == (3, 3, 7, GapCount())


def test_what_is_lost_is_counted_by_kind() -> None:
    tally = Tally(10, 0, 9, GapCount(frame_sets=1))
    tally.add(frame_set(10, flaws=("it is odd",)))
    tally.add(frame_set(11, flaws=(NO_SCREENSHOT,)))
    tally.miss(4)
    assert (tally.stored, tally.first, tally.last) == (12, 0, 11)
    assert tally.lost == GapCount(frame_sets=5, screenshots=1, flawed=2)
