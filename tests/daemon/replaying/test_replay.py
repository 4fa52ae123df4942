"""Sessions that are played again, and compared with what was recorded."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import resources
from daemon.managing.sessions import merge_sessions
from daemon.replaying.branch import BranchOptions, record_branch
from daemon.replaying.replay import replay_session
from daemon.replaying.result import Replay
from lua.headless.console_choice import open_console
from lua.headless.emulator import Emulator
from lua.headless.inputs import RandomInputs
from protocol.errors import MomentError
from protocol.session.reader import stored_session
from resources import event_logger
from tests.daemon.conftest import FRAMES
from tests.integration.running_daemon import running_daemon


def test_a_session_plays_as_it_was_recorded(played: Path) -> None:
    shown: list[int] = []
    replay = replay_session(played, "play", progress=shown.append)
    assert replay.is_proven
    assert (replay.frame_sets, replay.compared, replay.equal, replay.frames) == (91, 91, 91, FRAMES)
    assert replay.proofs == 8
    assert (replay.unknown_words, replay.parting, replay.notes) == (0, None, ())
    assert sum(shown) == 91


def test_other_buttons_than_recorded_are_found_where_they_first_show(played: Path) -> None:
    replay = replay_session(played, "other")
    assert not replay.is_proven
    parting = replay.parting
    assert parting is not None
    assert 45 <= parting.frame_set <= 47
    assert parting.frame // 5 in (parting.frame_set, parting.frame_set + 1)
    recorded = stored_session(played, "other")
    for word in parting.words:
        known = [
            int(scan.current[scan.addresses == word.address][-1])
            for number in range(parting.frame_set + 1)
            for scan in recorded.frame_set(number, with_png=False).changes
            if word.address in scan.addresses
        ]
        assert not known or known[-1] == word.recorded
        assert word.recorded != word.replayed
    assert "keys_held" in {word.name for word in parting.words}
    assert parting.frame_set <= replay.equal < replay.compared == 91
    assert replay.sentence().startswith(f"other parts from its recording in frame set {parting.frame_set} (frame ")


def test_a_live_session_is_played_again_over_savestates_and_resets(tmp_path: Path, mgba: Path) -> None:
    with running_daemon(tmp_path) as endpoints:
        core = open_console(resources.demo_rom(), mgba, None, lambda _line: None)
        emulator = Emulator(
            core,
            link=("127.0.0.1", endpoints.link_port),
            inputs=RandomInputs(5),
            userdata={"patience": 0, "spool_size": 0},
        )
        emulator.start_script(event_logger())
        emulator.run_frames(300)
        state = emulator.save_state()
        emulator.run_frames(100)
        emulator.load_state(state)
        emulator.run_frames(60)
        emulator.reboot(script_runs_on=True)
        emulator.run_frames(60)
        emulator.stop_script()
        emulator.close()
    (name,) = (path.parent.name for path in tmp_path.glob("*/session_metadata.json"))
    replay = replay_session(tmp_path, name)
    assert replay.is_proven, replay.sentence()
    assert replay.frames > 500
    assert {event.name for event in stored_session(tmp_path, name).events()} >= {"savestate_loaded", "reset"}


def test_what_goes_on_from_elsewhere_is_not_proven(played: Path) -> None:
    branch = record_branch(played, BranchOptions(session="play", at=80, pressed=[0] * 10, name="late"))
    metadata = branch / "session_metadata.json"
    document = json.loads(metadata.read_bytes())
    del document["origin"]
    metadata.write_text(json.dumps(document), "utf-8")
    replay = replay_session(played, "late")
    assert not replay.is_proven
    assert replay.parting is None
    assert (replay.frame_sets, replay.compared, replay.equal) == (2, 0, 0)
    assert "2 frame sets go on from something" in replay.notes[-1]
    assert "in part: 0 of 2 frame sets" in replay.sentence()


def test_a_merged_session_is_played_again_where_its_parts_meet(played: Path) -> None:
    branch = record_branch(played, BranchOptions(session="play", at=80, pressed=[0] * 10, name="twig-80"))
    parts = [stored_session(played, "play"), stored_session(played, branch.name)]
    merge_sessions(parts, "merged", lambda _sets: None)
    replay = replay_session(played, "merged")
    assert replay.is_proven
    assert replay.frames == FRAMES + 10


def test_the_game_runs_on_over_a_gap(played: Path) -> None:
    shutil.copytree(played / "other", played / "gap")
    for number in (30, 31, 32):
        shutil.rmtree(played / "gap" / str(number))
    replay = replay_session(played, "gap")
    assert (replay.frame_sets, replay.compared) == (88, 88)
    assert replay.parting is not None
    assert replay.parting.frame_set >= 45


def test_where_no_memory_is_known_nothing_is_proven() -> None:
    replay = Replay("play", "mGBA", 1, 1, 1, 5, 0, words=8, unknown_words=8, parting=None, seconds=0.1)
    assert not replay.is_proven
    assert "proves nothing: none of its memory is known" in replay.sentence()


def test_the_whole_outcome_is_there_for_programs(played: Path) -> None:
    document = replay_session(played, "other").as_map()
    assert document["proven"] is False
    assert document["parting"]["words"][0].keys() == {"address", "name", "recorded", "replayed"}
    assert np.isfinite(document["seconds"])


def test_a_session_of_a_log_is_not_played_again(played: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protocol.session.metadata.SessionMetadata.is_of_a_log", True)
    with pytest.raises(MomentError, match="was made of a log"):
        replay_session(played, "play")
