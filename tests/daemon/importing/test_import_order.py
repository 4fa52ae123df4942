"""Frame sets of an import are counted, and their order is checked."""

from dataclasses import replace

import pytest

from daemon.importing.import_order import ImportOrderCheck
from daemon.importing.import_report import ImportReport
from protocol.errors import LogError
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import GapCount
from tests.daemon.importing.made import START, frame_set


def made(number: int, first: int) -> FrameSet:
    """A frame set that begins at another frame."""
    usual = frame_set(number)
    return replace(usual, frames=tuple(replace(frame, frame=first + at) for at, frame in enumerate(usual.frames)))


def test_sets_are_counted() -> None:
    report = ImportReport()
    order = ImportOrderCheck(5, report)
    for line, (number, flaws) in enumerate(
        [(1, ()), (4, ("it is odd", NO_SCREENSHOT)), (2, (NO_SCREENSHOT, borrowed_flaw(1)))]
    ):
        order.enter(frame_set(number, flaws=flaws), f"log.csv:{line}")
    assert (order.first, order.last, order.last_time) == (1, 4, START + 24 * 16)
    assert order.lost == GapCount(0, 2, 2)
    assert order.missing([1, 2, 3, 9]) == [3, 9]
    assert (report.frame_sets, report.largest_set) == (3, 5)
    assert report.flaws == {"it is odd": 1, NO_SCREENSHOT: 2}
    assert list(report.lines())[-1] == "Frame sets are out of order in the log (log.csv:2)"


def test_a_set_that_comes_twice_is_refused_with_both_places() -> None:
    order = ImportOrderCheck(5, ImportReport())
    order.enter(frame_set(5), "a.csv:1")
    with pytest.raises(LogError, match=r"b\.csv:9: frame set 5 begins again, it is at a\.csv:1 already"):
        order.enter(frame_set(5), "b.csv:9")


@pytest.mark.parametrize(
    ("numbers", "jump"),
    [
        (((0, 100), (1, 105)), None),
        (((0, 100), (1, 110)), None),
        (((0, 100), (9, 150)), None),
        (((0, 100), (1, 50)), {"from": 104, "to": 50}),
        (((0, 100), (1, 900)), {"from": 104, "to": 900}),
        (((5, 100), (1, 50)), None),
    ],
)
def test_a_jump_of_frames_is_an_event(numbers: tuple[tuple[int, int], ...], jump: dict[str, int] | None) -> None:
    order = ImportOrderCheck(5, ImportReport())
    for number, first in numbers:
        event = order.enter(made(number, first), "log.csv:1")
    if jump is None:
        assert event is None
    else:
        assert event is not None
        assert (event.name, event.frame_set_id, event.details) == ("jump", 1, jump)
