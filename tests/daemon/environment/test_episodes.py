from pathlib import Path

import numpy as np

from daemon.environment.episodes import EpisodeRecorder
from daemon.environment.starts import Start
from protocol.session.reader import open_session, session_names
from tests.daemon.headless.test_cut_off import record_and_die
from tests.fakes.consoles import SyntheticCore

START = Start("power-on", b"", np.zeros((160, 240, 3), np.uint8))


def recorder(data: Path, core: SyntheticCore | None = None) -> EpisodeRecorder:
    return EpisodeRecorder(data, core or SyntheticCore(), "quest", None)


def test_each_episode_is_a_session(tmp_path: Path) -> None:
    episodes = recorder(tmp_path)
    for frames in (10, 5):
        episodes.begin(START)
        for _ in range(frames):
            episodes.run_frame(1)
    episodes.end("enough")
    first, second = (open_session(tmp_path / name) for name in sorted(session_names(tmp_path)))
    assert (first.frame_set_ids(), second.frame_set_ids()) == ([0, 1], [0])
    assert first.metadata.ended_by == "the next episode began"
    assert second.metadata.ended_by == "enough"
    assert {frame.current_keys for frame in second.frame_set(0).frames} == {"A"}


def test_what_is_played_after_the_end_is_not_recorded(tmp_path: Path) -> None:
    frames: list[int] = []
    episodes = recorder(tmp_path, SyntheticCore(lambda _core, pressed: frames.append(pressed)))
    episodes.begin(START)
    assert episodes.session
    episodes.end("enough")
    episodes.run_frame(2)
    episodes.end("enough")
    assert (episodes.session, frames) == ("", [2])
    assert session_names(tmp_path) == []


def test_several_write_into_one_folder(tmp_path: Path) -> None:
    both = [recorder(tmp_path) for _ in range(2)]
    for episodes in both:
        episodes.begin(START)
    assert len({episodes.session for episodes in both}) == 2
    for episodes in both:
        for _ in range(5):
            episodes.run_frame(0)
        episodes.end("enough")
    assert len(session_names(tmp_path)) == 2


def test_what_an_environment_that_was_killed_left_is_closed(tmp_path: Path) -> None:
    left = record_and_die(tmp_path, 9)
    recorder(tmp_path)
    assert str(open_session(left).metadata.ended_by).startswith("it was cut off at ")
