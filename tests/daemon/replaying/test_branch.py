"""Other buttons from a frame set on, recorded as a session of its own."""

from pathlib import Path

import pytest

from daemon.replaying.branch import BranchOptions, moment_state, record_branch
from daemon.replaying.replay import replay_session
from daemon.verifying.verify import verify_session
from protocol.errors import MomentError, SettingsError
from protocol.recorded_inputs import parse_presses
from protocol.session.origin import Parent, parse_origin
from protocol.session.reader import open_session, stored_session


def test_a_branch_names_its_parent_and_is_proven_itself(played: Path) -> None:
    pressed = parse_presses("Right*30 A*2 None*30")
    folder = record_branch(played, BranchOptions(session="play", at=70, pressed=pressed))
    assert folder.name.startswith("play-branch-70")
    branch, parent = open_session(folder), stored_session(played, "play")
    origin = parse_origin(branch.metadata.recorder)
    assert origin is not None
    assert origin.parent == Parent("play", parent.metadata.uuid, 70)
    frames = [frame for each in branch.frame_sets(with_png=False) for frame in each.frames]
    assert [frame.frame for frame in frames] == [*range(356, 418)]
    assert [frame.current_keys for frame in frames] == [*["Right"] * 30, *["A"] * 2, *[""] * 30]
    assert verify_session(folder).findings == []
    assert replay_session(played, folder.name).is_proven
    again = record_branch(played, BranchOptions(session=folder.name, at=5, pressed=[0] * 10, name="twig"))
    twig = parse_origin(open_session(again).metadata.recorder)
    assert twig is not None
    assert (twig.frame, twig.parent) == (385, Parent(folder.name, branch.metadata.uuid, 5))
    assert replay_session(played, "twig").is_proven


def test_the_same_buttons_lead_to_the_same_memory(played: Path) -> None:
    parent = stored_session(played, "play")
    held = [frame.current_keys for number in range(61, 71) for frame in parent.frame_set(number, with_png=False).frames]
    pressed = [parse_presses(keys or "None")[0] for keys in held]
    folder = record_branch(played, BranchOptions(session="play", at=60, pressed=pressed, name="as-recorded"))
    branch = open_session(folder)
    for number in range(10):
        one, other = branch.frame_set(number), parent.frame_set(61 + number)
        assert one.png == other.png
        if number:  # The first sight of a chunk is no change.
            assert [scan.current.tolist() for scan in one.changes] == [scan.current.tolist() for scan in other.changes]


def test_a_moment_that_is_not_there_is_refused(played: Path) -> None:
    with pytest.raises(MomentError, match="There is no frame set 999"):
        moment_state(played, "play", 999)


def test_a_play_that_went_another_way_is_no_ground_for_a_branch(played: Path) -> None:
    assert moment_state(played, "other", 40).frame == 205
    with pytest.raises(MomentError, match="has other memory than was recorded"):
        moment_state(played, "other", 88)


@pytest.mark.parametrize("pressed", [(), (1 << 10,), (-1,)])
def test_presses_that_are_none_are_refused(tmp_path: Path, pressed: tuple[int, ...]) -> None:
    with pytest.raises(SettingsError, match="one frame at least"):
        record_branch(tmp_path, BranchOptions(session="run", at=1, pressed=pressed))
