"""Jobs of a session that are carried out where its messages come in."""

from pathlib import Path
from typing import Any

import pytest

from daemon.headless.direct_session import DirectSession
from daemon.headless.recorder import HeadlessRecorder
from daemon.writer.jobs import WriteSet
from daemon.writer.recordings import Recordings
from protocol.errors import FileHeldError
from protocol.session.reader import open_session
from tests.fakes.demo_game import demo_console


def test_a_file_that_another_program_holds_is_written_a_little_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform, tried = Recordings.perform, []

    def held_once(self: Recordings, job: Any, *, again: bool = False) -> str:
        if isinstance(job, WriteSet):
            tried.append(again)
            if len(tried) == 1:
                raise FileHeldError("Another program holds event.json.")
        return perform(self, job, again=again)

    monkeypatch.setattr(Recordings, "perform", held_once)
    console = demo_console()
    with HeadlessRecorder(tmp_path, console) as recorder:
        for _ in range(10):
            recorder.step(0)
    console.close()
    assert tried == [False, True, False]
    assert list(open_session(recorder.folder).frame_set_ids()) == [0, 1]


def test_the_metadata_keep_up_with_a_long_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.headless.direct_session._REFRESH_EVERY", 0.0)
    received: list[str] = []
    receive = DirectSession.receive

    def noted(self: DirectSession, event: Any, now: int) -> None:
        received.append(type(event).__name__)
        receive(self, event, now)

    monkeypatch.setattr(DirectSession, "receive", noted)
    console = demo_console()
    with HeadlessRecorder(tmp_path, console) as recorder:
        for _ in range(10):
            recorder.step(0)
    console.close()
    assert received.count("Refresh") == 2
