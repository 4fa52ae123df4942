"""The real script in the stand-in emulator; its daemon frozen, killed and back: the game plays on, all arrives."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import resources
from daemon.cli.app import command_line
from lua.headless.emulator import Emulator
from lua.headless.inputs import read_inputs
from resources import event_logger
from tests.fakes.demo_game import demo_console
from tests.fakes.free_port import free_port
from tests.integration.daemon_process import DaemonProcess
from tests.integration.stall_watch import StallWatch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
]

PATIENCE = 500
"""Milliseconds that the script waits for an answer."""

OUTAGE = 300
"""Frames that are played while the daemon is away."""

FRAME = 1 / 60


class Player:
    """A person who plays the demo game at its own speed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.daemon = DaemonProcess(folder / "data", free_port())
        self.daemon.start()
        self.emulator = self.start_emulator()
        self.halts: list[float] = []
        self.stalls = StallWatch()

    def start_emulator(self) -> Emulator:
        settings = {"spool_folder": str(self.folder / "spool"), "patience": PATIENCE, "reconnect_interval": 1}
        emulator = Emulator(
            demo_console(),
            link=("127.0.0.1", self.daemon.port),
            inputs=read_inputs(resources.demo_tour()),
            userdata=settings,
        )
        emulator.start_script(event_logger())
        return emulator

    def play(self, frames: int) -> None:
        """Play; `halts` are the frames that took longer than ten, in seconds, a busy machine left out."""
        for _ in range(frames):
            start = time.perf_counter()
            self.emulator.run_frame()
            halt = self.stalls.halt_since(start)
            if halt > 10 * FRAME:
                self.halts.append(halt)
            time.sleep(max(0.0, FRAME - halt))

    def play_until_live(self) -> None:
        deadline = time.monotonic() + 60
        while self.emulator.screen.texts:
            assert time.monotonic() < deadline, self.emulator.screen.texts
            self.play(5)
        self.play(60)

    def events(self) -> list[dict[str, Any]]:
        """The frame sets of the only session, in their order."""
        (session,) = [path.parent for path in (self.folder / "data").glob("*/session_metadata.json")]
        numbers = sorted(int(path.name) for path in session.iterdir() if path.name.isdecimal())
        assert numbers == list(range(len(numbers)))
        return [json.loads((session / str(number) / "event.json").read_bytes()) for number in numbers]

    def end(self) -> list[dict[str, Any]]:
        self.emulator.stop_script()
        self.daemon.stop()
        return self.events()


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    playing = Player(tmp_path)
    try:
        playing.play(90)
        yield playing
    finally:
        playing.emulator.close()
        playing.stalls.end()
        playing.daemon.end()


def frames_of(events: list[dict[str, Any]]) -> list[int]:
    return [frame for event in events for frame in event["frames_in_set"]]


def test_a_daemon_that_stands_still_costs_the_game_its_patience_once(player: Player) -> None:
    player.daemon.freeze()
    player.halts.clear()
    player.play(2 * OUTAGE)
    # A busy machine halts the game as well, but far more shortly.
    (halt,) = [halt for halt in player.halts if halt > 0.6 * PATIENCE / 1000]
    assert halt < PATIENCE / 1000 + 0.2
    player.daemon.thaw()
    player.play_until_live()
    events = player.end()
    assert frames_of(events) == list(range(events[0]["frames_in_set"][0], player.emulator.frame + 1))
    assert all(event["whole"] for event in events[:-1]), "each set of the outage has its screenshot"
    assert not (player.folder / "spool").exists()


def test_a_daemon_that_is_killed_loses_no_set_and_few_screenshots(player: Player) -> None:
    player.daemon.kill()
    player.play(OUTAGE)
    player.daemon.start()
    player.play_until_live()
    events = player.end()
    assert frames_of(events) == list(range(events[0]["frames_in_set"][0], player.emulator.frame + 1))
    assert sum(not event["whole"] for event in events[:-1]) <= 3, "those on their way when it died"


def test_an_emulator_that_dies_in_an_outage_leaves_what_anybody_can_import(player: Player) -> None:
    player.daemon.kill()
    player.play(OUTAGE)
    copy = shutil.copytree(player.folder / "spool" / "1", player.folder / "left")
    output = player.folder / "imported"
    log = str(copy / "event_log.csv")
    words = ["import", "--csv", log, "--output", str(output), "--session_name", "left", "--cleanup", "false"]
    told = CliRunner().invoke(command_line(), words)
    assert told.exit_code == 0, told.output
    player.daemon.start()
    player.play_until_live()
    recorded = {event["frame_set_id"]: event for event in player.end()}
    imported = {int(path.parent.name): json.loads(path.read_bytes()) for path in output.glob("left/*/event.json")}
    assert len(imported) >= OUTAGE // 5 - 1
    first = next(number for number, event in recorded.items() if event["frames_in_set"] == imported[0]["frames_in_set"])
    imported = {first + number: event for number, event in imported.items()}
    for number, event in imported.items():
        changes = [{**change, "freq": 0} for change in event["memory_changes"]]
        assert changes == [{**change, "freq": 0} for change in recorded[number]["memory_changes"]]
        (session,) = (player.folder / "data").glob("2*")
        if (copy / "snapshots" / f"{number}.png").exists():
            screenshot = output / "left" / f"{number - first}" / f"{number - first}.png"
            assert screenshot.read_bytes() == (session / f"{number}" / f"{number}.png").read_bytes()
    late = max(imported)
    assert imported[late]["memory_changes"] == recorded[late]["memory_changes"], "freq is exact after a hundred frames"
    assert imported[late]["current_keys"] == recorded[late]["current_keys"]


def test_an_emulator_that_dies_in_an_outage_is_gone_on_with_by_the_next(player: Player) -> None:
    player.daemon.kill()
    player.play(OUTAGE)
    kept = player.emulator.frame // 5 - 1
    assert player.emulator.socket is not None
    player.emulator.socket.close()
    left = shutil.copytree(player.folder / "spool", player.folder / "aside")
    player.emulator.close()
    shutil.rmtree(player.folder / "spool", ignore_errors=True)
    shutil.move(left, player.folder / "spool")
    player.daemon.start()
    player.emulator = player.start_emulator()
    player.play_until_live()
    events = player.end()
    assert events[kept]["frames_in_set"][0] > 300
    assert events[-2]["frames_in_set"][0] < 300
    assert all(event["whole"] for event in events[:kept][-10:])
