"""Frame sets of a log get screenshots, and are counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.assembler import NO_SCREENSHOT
from daemon.batch.import_report import ImportReport
from daemon.batch.log_sets import LoggedSet
from daemon.batch.set_completer import SetCompleter
from daemon.batch.snapshots import Snapshots, borrowed
from protocol.documents import GapCount
from protocol.errors import LogError
from tests.daemon.batch.made import START, frame_set, write_snapshots
from tests.fakes.pictures import png


def test_sets_get_screenshots_and_flaws(tmp_path: Path) -> None:
    report = ImportReport()
    completer = SetCompleter(Snapshots(write_snapshots(tmp_path, [1, 9])), None, 5, report)
    one, four, two = (
        completer.complete(LoggedSet(f"log.csv:{line}", frame_set(number, flaws=flaws))).frame_set
        for line, (number, flaws) in enumerate([(1, ()), (4, ("it is odd",)), (2, ())])
    )
    assert (one.png, one.flaws) == (png(1), ())
    assert (four.png, four.flaws) == (png(1), ("it is odd", NO_SCREENSHOT, borrowed(1)))
    assert (two.png, two.flaws) == (png(1), (NO_SCREENSHOT, borrowed(1)))
    assert (completer.first, completer.last, completer.last_time) == (1, 4, START + 24 * 16)
    assert completer.lost == GapCount(0, 2, 2)
    assert completer.unused_snapshots() == 1
    assert (report.frame_sets, report.largest_set) == (3, 5)
    assert report.flaws == {"it is odd": 1, NO_SCREENSHOT: 2}
    assert list(report.lines())[-1] == "Frame sets are out of order in the log (log.csv:2)"
    assert list(completer.remaining()) == []


def test_a_set_that_comes_twice_is_refused_with_both_places() -> None:
    completer = SetCompleter(Snapshots(None), None, 5, ImportReport())
    completer.complete(LoggedSet("a.csv:1", frame_set(5)))
    with pytest.raises(LogError, match=r"b\.csv:9: frame set 5 begins again, it is at a\.csv:1 already"):
        completer.complete(LoggedSet("b.csv:9", frame_set(5)))


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
    completer = SetCompleter(Snapshots(None), None, 5, ImportReport())
    for number, first in numbers:
        frames = tuple(replace(frame, frame=first + at) for at, frame in enumerate(frame_set(number).frames))
        complete = completer.complete(LoggedSet("log.csv:1", replace(frame_set(number), frames=frames)))
    if jump is None:
        assert complete.jump is None
    else:
        assert complete.jump is not None
        assert (complete.jump.name, complete.jump.frame_set_id, complete.jump.details) == ("jump", 1, jump)
