"""Frame sets follow each other as they must."""

from typing import Any

import pytest

from daemon.verifying.order import OrderJudge
from daemon.verifying.report import Report
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameRecord, FrameSet
from protocol.session.metadata import GapCount, SessionMetadata
from tests.fakes.game import NOW


def metadata(*, logged: bool) -> SessionMetadata:
    recorder: dict[str, Any] = {} if logged else {"regions": []}
    return SessionMetadata("run", NOW, 0, 5, None, None, "", "", False, "Tiny", "", None, None, recorder, GapCount())


def frame_set(number: int, first: int, frames: int = 5, *flaws: str) -> FrameSet:
    records = tuple(FrameRecord(frame, NOW, 0, "", ()) for frame in range(first, first + frames))
    return FrameSet(number, records, (), flaws, b"")


def judged(*sets: FrameSet, events: tuple[EventRecord, ...] = (), logged: bool = False, **how: Any) -> list[str]:
    report = Report("run")
    judge = OrderJudge(metadata(logged=logged), how.get("listed", ()), events, report)
    for one in sets:
        judge.expect(one.frame_set_id)
        judge.frame_set(one)
    return [str(finding) for finding in report.findings]


def test_sets_that_follow_each_other_are_fine() -> None:
    assert judged(frame_set(0, 100), frame_set(1, 105), frame_set(2, 110)) == []


def test_a_jump_that_nothing_explains_is_damage() -> None:
    assert judged(frame_set(0, 100), frame_set(1, 90)) == [
        "1/event.json begins at frame 90, after frame 104: nothing explains that."
    ]


@pytest.mark.parametrize("name", ["savestate_loaded", "reset", "rewind", "jump", "rom_changed", "error"])
@pytest.mark.parametrize("number", [0, 1])
def test_an_event_explains_a_jump(name: str, number: int) -> None:
    assert judged(frame_set(0, 100), frame_set(1, 90), events=(EventRecord(NOW, name, number),)) == []


def test_an_event_of_another_set_does_not() -> None:
    events = (EventRecord(NOW, "savestate_loaded", 7), EventRecord(NOW, "mark", 1))
    assert len(judged(frame_set(0, 100), frame_set(1, 90), events=events)) == 1


def test_a_set_that_was_cut_short_explains_a_jump() -> None:
    assert judged(frame_set(0, 100, 2, "it was cut short: savestate"), frame_set(1, 500)) == []


def test_a_set_that_calls_itself_whole_must_be() -> None:
    assert judged(frame_set(0, 100, 4)) == ["0/event.json calls itself whole with the frames [100, 101, 102, 103]."]


def test_a_gap_that_is_reported_is_a_flaw_and_another_damage() -> None:
    gap = EventRecord(NOW, "gap", 1, None, {"first": 1, "last": 2})
    assert judged(frame_set(0, 100), frame_set(4, 300), events=(gap,)) == [
        "1 to 2 were lost: the script no longer held them.",
        "3 is missing.",
    ]


@pytest.mark.parametrize("details", [{}, {"first": 1}, {"first": "1", "last": "2"}])
def test_a_gap_without_sets_explains_nothing(details: dict[str, Any]) -> None:
    gap = EventRecord(NOW, "gap", 1, None, details)
    assert judged(frame_set(0, 100), frame_set(2, 300), events=(gap,)) == ["1 is missing."]


class TestImported:
    def test_a_session_that_was_imported_has_the_frames_of_its_log(self) -> None:
        assert judged(frame_set(3, 100, 6), frame_set(7, 90), logged=True) == []

    def test_but_what_has_checksums_must_be_there(self) -> None:
        assert judged(frame_set(3, 100), frame_set(5, 110), logged=True, listed={3, 4, 5}) == ["4 is missing."]


def test_a_folder_of_any_number_costs_no_time() -> None:
    assert judged(frame_set(0, 100), frame_set(2**32 - 1, 300)) == ["1 to 4294967294 are missing."]


def test_of_a_log_what_is_listed_is_missed() -> None:
    assert judged(frame_set(0, 100), frame_set(9, 300), logged=True, listed=(0, 4, 9)) == ["4 is missing."]
