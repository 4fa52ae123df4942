"""A session whose play is known is judged: each thing that can go wrong on a machine has its own sentence."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.checking.results import CheckResult, all_fine
from daemon.checking.session_check import KnownPlay, check_session
from protocol.errors import SessionError
from protocol.link.messages import Bye, Frame, Proof
from protocol.recorded_inputs import RecordedInputs
from protocol.session.integrity import checksum
from protocol.session.layout import SessionFolder
from tests.fakes.game import Game, SetMessage
from tests.fakes.recording_daemon import RecordingDaemon

SETS = 12
SUBJECTS = ["emulator", "frames", "buttons", "memory", "screenshots", "files", "speed"]


class Recording:
    """A session that is played from the console's start, each set followed by a proof."""

    def __init__(self, data: Path, *, proofs: bool = True) -> None:
        self.game, self.daemon = Game(frame=1), RecordingDaemon(data)
        self._proofs = proofs

    def hears(self, messages: Sequence[SetMessage]) -> None:
        self.daemon.hears(messages)
        if self._proofs:
            (words,) = [told.words for told in self.game.keyframes() if (told.region, told.chunk) == (0, 0)]
            self.daemon.hears([Proof(0, 0, checksum(words))])

    def plays(self, sets: int = SETS) -> None:
        for _ in range(sets):
            self.hears(self.game.frame_set())

    def end(self) -> Path:
        self.daemon.hears([Bye("the Lua console was closed")])
        self.daemon.is_killed()
        return self.daemon.folder.path

    def known(self) -> KnownPlay:
        changes = [(frame - 1, held) for frame, held in sorted(self.game.pressed.items())]
        return KnownPlay(inputs=RecordedInputs(changes), frames=len(changes))


def judged(path: Path, play: KnownPlay) -> dict[str, CheckResult]:
    results = check_session(path, play)
    assert [result.subject for result in results] == SUBJECTS
    return {result.subject: result for result in results}


def only_bad(path: Path, play: KnownPlay) -> CheckResult:
    """The only result that is not good."""
    (bad,) = [result for result in judged(path, play).values() if not result.good]
    return bad


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording(tmp_path)


def test_a_good_recording_has_nothing_to_complain_of(recording: Recording) -> None:
    recording.plays()
    results = judged(recording.end(), recording.known())
    assert all(result.good for result in results.values())
    assert results["emulator"].text == "BizHawk 2.11.1, memory read by bulk"
    assert results["frames"].text == "60, from 1 to 60, none missing"
    assert "12 proofs and 1 image of it agree" in results["memory"].text
    assert results["screenshots"].text == "12, 12 of them different, 240x160"
    assert results["files"].text == "12 frame sets, each as it was stored"
    assert results["speed"].text == "58.8 frames a second"


def test_a_last_set_that_is_cut_short_is_the_end_of_the_play(recording: Recording) -> None:
    recording.plays()
    recording.hears(recording.game.frame_set(interruption="the emulator was closed", frames=2))
    assert all_fine(check_session(recording.end(), recording.known()))


def test_buttons_that_somebody_else_pressed_are_reported(recording: Recording) -> None:
    recording.plays()
    play = recording.known()
    bad = only_bad(recording.end(), replace(play, inputs=RecordedInputs([(0, 0b100)])))
    assert bad.subject == "buttons"
    assert bad.text.startswith("60 of 60 frames have other buttons than were pressed, the first is 1: keep your hands")


def test_a_play_in_which_nothing_was_pressed_proves_nothing(recording: Recording) -> None:
    for _ in range(SETS):
        recording.hears(
            [replace(told, buttons=0) if isinstance(told, Frame) else told for told in recording.game.frame_set()]
        )
    bad = only_bad(recording.end(), KnownPlay(inputs=RecordedInputs([]), frames=60))
    assert (bad.subject, bad.text) == ("buttons", "none were pressed in what was recorded.")


def test_frames_that_are_missing_are_reported(recording: Recording) -> None:
    recording.plays(10)
    recording.game.frame_set()
    recording.daemon.hears(recording.game.keyframes())
    recording.plays(2)
    frames = judged(recording.end(), recording.known())["frames"]
    assert (frames.good, frames.text) == (False, "of the frames 1 to 65 5 are missing, the first is 51.")


def test_a_play_that_was_stopped_early_is_reported(recording: Recording) -> None:
    recording.plays()
    bad = only_bad(recording.end(), replace(recording.known(), frames=3600))
    assert bad.subject == "frames"
    assert bad.text.endswith("3600 were to be played from the start: was it stopped early?")


def test_a_script_that_came_late_is_reported(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    recording.game.frame = 2000
    recording.plays()
    bad = only_bad(recording.end(), recording.known())
    assert bad.subject == "frames"


def test_nothing_at_all_is_reported(recording: Recording) -> None:
    recording.daemon.is_killed()  # After a BYE it would be discarded.
    path = recording.daemon.folder.path
    results = judged(path, KnownPlay(inputs=RecordedInputs([(0, 1)]), frames=60))
    assert results["frames"].text == "none were recorded: did the game run?"
    assert not results["screenshots"].good


def test_memory_that_nothing_proves_is_reported(tmp_path: Path) -> None:
    recording = Recording(tmp_path, proofs=False)
    recording.plays()
    bad = only_bad(recording.end(), recording.known())
    assert bad.subject == "memory"
    assert "proved nothing of its memory" in bad.text


def test_a_game_that_held_other_buttons_than_were_pressed_is_reported(recording: Recording) -> None:
    recording.plays()
    addresses = {row.address for row in recording.game.rows if row.region == "iwram" and row.current & 0x3FF}
    bad = only_bad(recording.end(), replace(recording.known(), keys_held=min(addresses)))
    assert bad.subject == "memory"
    assert bad.text.startswith("the game held other buttons than were pressed, at frame ")


def test_a_screen_that_never_changes_is_reported(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    recording.plays(9)
    bad = only_bad(recording.end(), recording.known())
    assert (bad.subject, bad.text) == ("screenshots", "only 9 different ones in 9 frame sets: does the game draw?")


def test_missing_screenshots_are_reported_and_are_a_flaw(recording: Recording) -> None:
    recording.plays(10)
    recording.hears(recording.game.frame_set(screenshot=False))
    recording.plays(1)
    results = judged(recording.end(), recording.known())
    assert results["files"].text == "as they were stored, but flawed: it has no screenshot of its own"


def test_damage_is_reported_with_its_file(recording: Recording) -> None:
    recording.plays()
    path = recording.end()
    SessionFolder(path).event(3).write_bytes(SessionFolder(path).event(3).read_bytes() + b" ")
    files = judged(path, recording.known())["files"]
    assert not files.good
    assert files.text.startswith("3/event.json is not as it was stored")


def test_a_slow_machine_records_well_and_is_reported(recording: Recording) -> None:
    for _ in range(SETS):
        recording.hears(
            [
                replace(told, time=told.time + told.frame * 17) if isinstance(told, Frame) else told
                for told in recording.game.frame_set()
            ]
        )
    results = check_session(recording.end(), recording.known())
    assert results[-1].text.startswith("29.4 frames a second instead of 59.7: close what else is busy")
    assert all_fine(results)


def test_what_was_not_played_in_real_time_is_measured_against_it(recording: Recording) -> None:
    recording.plays()
    play = replace(recording.known(), real_time=False)
    assert judged(recording.end(), play)["speed"].text == "59 frames a second at full speed"


def test_a_session_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is not a session"):
        check_session(tmp_path, KnownPlay(inputs=RecordedInputs([]), frames=1))
