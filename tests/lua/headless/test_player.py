"""Playing a game unattended."""

import signal
import threading
from pathlib import Path

import pytest

from lua.headless.costs import CostSummary, Distribution
from lua.headless.errors import NobodyListensError
from lua.headless.player import PlayOptions, PlayReport, play
from protocol.errors import InputFileError, RomError
from tests.lua.headless.peer import Peer
from tests.lua.headless.tiny_game import write_tiny_game

SCRIPT = (
    "comm.socketServerSend('hello') event.onexit(function() comm.socketServerSend('bye') end)"
    " event.onframeend(function() print(emu.framecount(), joypad.get().A) end) while true do emu.frameadvance() end"
)


@pytest.fixture
def options(mgba: Path, tmp_path: Path, peer: Peer) -> PlayOptions:
    script = tmp_path / "script.lua"
    script.write_text(SCRIPT, encoding="utf-8")
    return PlayOptions(
        rom=write_tiny_game(tmp_path), core=mgba, script=script, port=peer.port, frames=5, speed="max", flavour="2.10"
    )


def replaced(options: PlayOptions, **changes: object) -> PlayOptions:
    return PlayOptions(**{name: getattr(options, name) for name in PlayOptions.__dataclass_fields__} | changes)


def test_plays_so_many_frames_and_stops_the_script(options: PlayOptions, peer: Peer) -> None:
    report = play(options)
    daemon = peer.accept()
    assert [daemon.read_payload(), daemon.read_payload()] == [b"hello", b"bye"]
    assert daemon.is_closed()
    assert (report.frames, report.stopped_by, report.costs.frames) == (5, "frames", 5)
    assert report.console == tuple(f"{frame}\tFalse" for frame in range(1, 6))
    assert report.costs.calls.median == 3
    assert report.costs.elements.median == 15


def test_the_same_seed_plays_the_same(options: PlayOptions, peer: Peer) -> None:
    consoles = {play(replaced(options, seed=11, frames=300)).console for _ in range(2)}
    assert len(consoles) == 1
    assert any(line.endswith("True") for line in consoles.pop())
    assert peer.port


def test_plays_a_recorded_file(options: PlayOptions, tmp_path: Path) -> None:
    inputs = tmp_path / "tour.inputs"
    inputs.write_text("2 A\n4 None\n", encoding="utf-8")
    report = play(replaced(options, inputs=inputs))
    assert [line.split("\t")[1] for line in report.console] == ["False", "False", "True", "True", "False"]


def test_a_request_from_another_thread_stops_it_properly(options: PlayOptions, peer: Peer) -> None:
    stop = threading.Event()
    report = play(
        replaced(options, frames=None, speed="real"), stop=stop, on_frame=lambda e: stop.set() if e.frame == 4 else None
    )
    assert (report.frames, report.stopped_by) == (4, "request")
    daemon = peer.accept()
    assert [daemon.read_payload(), daemon.read_payload()] == [b"hello", b"bye"]


def test_ctrl_c_stops_it_properly_on_first_press(options: PlayOptions, peer: Peer) -> None:
    before = signal.getsignal(signal.SIGINT)
    report = play(
        replaced(options, frames=None), on_frame=lambda e: signal.raise_signal(signal.SIGINT) if e.frame == 3 else None
    )
    assert (report.frames, report.stopped_by) == (3, "request")
    daemon = peer.accept()
    assert [daemon.read_payload(), daemon.read_payload()] == [b"hello", b"bye"]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_script_can_end_the_game(options: PlayOptions) -> None:
    options.script.write_text("emu.frameadvance() client.exit() while true do emu.frameadvance() end", encoding="utf-8")
    report = play(replaced(options, frames=None))
    assert (report.frames, report.stopped_by) == (1, "script")


def test_real_time_is_kept(options: PlayOptions) -> None:
    report = play(replaced(options, frames=30, speed="real"))
    assert 0.45 < report.seconds < 2


def test_a_daemon_that_is_not_there_is_reported(options: PlayOptions, peer: Peer) -> None:
    peer.stop_listening()
    with pytest.raises(NobodyListensError):
        play(options)


def test_bad_files_are_reported_before_anything_starts(options: PlayOptions, tmp_path: Path) -> None:
    with pytest.raises(RomError):
        play(replaced(options, rom=tmp_path / "missing.gba"))
    with pytest.raises(InputFileError):
        play(replaced(options, inputs=tmp_path / "missing.inputs"))


def test_a_reset_begins_the_game_and_its_inputs_anew(options: PlayOptions, tmp_path: Path) -> None:
    inputs = tmp_path / "tour.inputs"
    inputs.write_text("2 A\n9 None\n", encoding="utf-8")
    report = play(replaced(options, inputs=inputs, frames=7, reset_after=3))
    assert list(report.console) == ["1\tFalse", "2\tFalse", "3\tTrue", "1\tFalse", "2\tFalse", "3\tTrue", "1\tFalse"]


def test_the_core_is_named(options: PlayOptions) -> None:
    assert f" s on mGBA {play(options).core.partition(' ')[2]}; the script's cost" in play(options).sentence()


def test_costs_are_whole_numbers_written_alike() -> None:
    cost = Distribution(12.5, 59407.26, 59877, 1.0)
    costs = CostSummary(1, cost, cost, cost, cost, Distribution(0.123, 1.87, 2.51, 3.0), 0)
    report = PlayReport(1, 1.0, "frames", "a core", costs, ())
    assert "bytes sent 12 (p99 59,407, at most 59,877); BizHawk's side" in report.sentence()


def test_real_time_does_not_go_in_the_steps_of_a_coarse_timer(options: PlayOptions) -> None:
    """On Windows waiting for an event takes 15.6 ms or a multiple of it, which is nearly a frame."""

    class Coarse(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pytest.fail(f"waited for an event of {timeout} s")

    report = play(replaced(options, frames=10, speed="real"), stop=Coarse())
    assert report.frames == 10
