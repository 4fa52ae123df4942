"""Sessions of processes that were killed while they recorded."""

from pathlib import Path

import pytest

from daemon.headless.cut_off import close_cut_off_sessions
from daemon.headless.recorder import HeadlessRecorder
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.session.reader import open_session
from tests.fakes.consoles import SyntheticCore


def record_and_die(folder: Path, frames: int) -> Path:
    """Record, and let go of the files as the system does where a process is killed."""
    recorder = HeadlessRecorder(folder, SyntheticCore())
    for _ in range(frames):
        recorder.step(0)
    recorder._direct.close()
    return recorder.folder


@pytest.mark.parametrize("frames", [3, 23])
def test_a_session_of_a_process_that_was_killed_is_closed_as_cut_off(tmp_path: Path, frames: int) -> None:
    session, told = record_and_die(tmp_path, frames), list[str]()
    origin = open_session(session).metadata.recorder["origin"]
    close_cut_off_sessions(tmp_path, told.append)
    metadata = open_session(session).metadata
    assert metadata.ended_by is not None
    assert metadata.ended_by.startswith("it was cut off at ")
    assert metadata.ended_by.endswith("UTC: its process was killed")
    assert (metadata.total_frame_sets, metadata.recorder["origin"]) == (frames // 5, origin)
    assert verify_session(session).grade is Grade.WHOLE
    assert told == []


def test_a_session_that_is_being_recorded_is_left_alone(tmp_path: Path) -> None:
    with HeadlessRecorder(tmp_path, SyntheticCore()) as recorder:
        for _ in range(9):
            recorder.step(0)
        close_cut_off_sessions(tmp_path, pytest.fail)
        assert open_session(recorder.folder).metadata.ended_by is None
        for _ in range(9):
            recorder.step(0)
    assert open_session(recorder.folder).metadata.ended_by == "the play ended"
    close_cut_off_sessions(tmp_path, pytest.fail)
    assert open_session(recorder.folder).metadata.ended_by == "the play ended"
