"""Games are swapped under the real script, as a player does: no false alarm, no lost set, no empty session."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from daemon.verifying.verify import verify_session
from lua.headless.emulator import Emulator
from lua.headless.flavours import FLAVOURS, Flavour
from protocol.session.flaws import UNDRAWN
from resources import event_logger
from tests.fakes.consoles import NoGame, SyntheticCore
from tests.fakes.free_port import free_port
from tests.integration.daemon_process import DaemonProcess
from tests.integration.noisy_core import noisy_core
from tests.integration.running_daemon import running_daemon

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FRAME = 1 / 60
ALARMS = ("no link", "lost", "could not", "cannot", "import", "error", "exception")


def game(number: int) -> SyntheticCore:
    """One of several games."""
    core = noisy_core(number)
    core.rom_hash, core.rom_name = f"{number:040X}", f"game {number}"
    return core


class Player:
    """A person with an emulator, who notes what was played.

    Attributes:
        played: game and frame of every frame that ended.
    """

    def __init__(self, port: int, spool: Path, flavour: Flavour = "2.11.1") -> None:
        self.played: list[tuple[str, int]] = []
        self.spool = spool
        userdata = {"spool_folder": str(spool), "reconnect_interval": "1"}
        self.emulator = Emulator(game(0), flavour=flavour, link=("127.0.0.1", port), userdata=userdata)
        self.emulator.observers.append(self._note)
        self.emulator.start_script(event_logger())

    def _note(self, emulator: Emulator) -> None:
        if emulator.core.rom_hash:
            self.played.append((emulator.core.rom_hash, emulator.frame))

    def play(self, frames: int, pause: float = 0.0) -> None:
        for _ in range(frames):
            self.emulator.run_frame()
            time.sleep(pause)

    def play_until(self, told: str) -> None:
        deadline = time.monotonic() + 60
        while not any(told in line for line in self.emulator.console.lines):
            assert time.monotonic() < deadline, self.emulator.console.lines
            self.play(5, FRAME / 4)

    def swap(self, dice: Random) -> None:
        """Open another game or the same, close it and open one, or reboot."""
        match dice.choice(("other", "other", "same", "reboot", "close")):
            case "other":
                self.emulator.change_game(game(dice.randrange(3)))
            case "same":
                self.emulator.change_game(game(int(self.emulator.core.rom_hash or "0", 16)))
            case "reboot":
                self.emulator.reboot()
            case "close":
                self.emulator.change_game(NoGame())
                self.play(dice.randint(0, 12))
                self.emulator.change_game(game(dice.randrange(3)))


def sessions_of(data: Path) -> list[tuple[Path, dict[str, Any], list[dict[str, Any]]]]:
    """The sessions with their metadata and frame sets."""
    found = []
    for path in sorted(data.glob("*/session_metadata.json")):
        numbers = sorted(int(item.name) for item in path.parent.iterdir() if item.name.isdecimal())
        events = [json.loads((path.parent / str(number) / "event.json").read_bytes()) for number in numbers]
        found.append((path.parent, json.loads(path.read_bytes()), events))
    return found


def recorded(data: Path) -> Iterator[tuple[str, int]]:
    for _, metadata, events in sessions_of(data):
        for event in events:
            yield from ((metadata["rom_hash"], frame) for frame in event["frames_in_set"])


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_twenty_swaps_at_random(tmp_path: Path, flavour: Flavour) -> None:
    dice = Random(FLAVOURS.index(flavour))
    data = tmp_path / "data"
    with running_daemon(data) as endpoints:
        player = Player(endpoints.link_port, tmp_path / "spool", flavour)
        try:
            for _ in range(20):
                player.play(dice.choice((0, 1, 2, 4, 7, 12, 33, 61)))
                player.swap(dice)
            player.play(22)
            player.emulator.stop_script()
        finally:
            player.emulator.close()

    console = player.emulator.console.lines
    assert [line for line in console if any(alarm in line.lower() for alarm in ALARMS)] == []
    assert sorted(recorded(data)) == sorted(player.played), "every frame is recorded, and once"
    for folder, metadata, events in sessions_of(data):
        assert events, f"{folder.name} is empty"
        assert metadata["lost"]["frame_sets"] == 0
        assert [event["frame_set_id"] for event in events] == list(range(len(events)))
        assert verify_session(folder).findings == []
    assert len(sessions_of(data)) <= 21
    assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_reboot_goes_on_with_the_session_and_is_linked_within_ten_frames(tmp_path: Path, flavour: Flavour) -> None:
    data = tmp_path / "data"
    with running_daemon(data) as endpoints:
        player = Player(endpoints.link_port, tmp_path / "spool", flavour)
        try:
            player.play(32, FRAME)
            player.emulator.reboot()
            before = len(player.emulator.console.lines)
            linked = 0
            while not any("connected" in line for line in player.emulator.console.lines[before:]):
                player.play(1, FRAME)
                linked += 1
            player.play(20, FRAME)
            player.emulator.stop_script()
        finally:
            player.emulator.close()
    assert linked <= 10
    ((folder, _, events),) = sessions_of(data)
    assert sorted(recorded(data)) == sorted(player.played)
    told = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
    assert [event["details"] for event in told if event["name"] == "reset"] == [{"from": 32, "to": 1}]
    assert events[6]["frames_in_set"] == [31, 32]
    assert events[7]["frames_in_set"] == [1, 2, 3, 4, 5]


def test_what_a_game_left_in_an_outage_is_delivered_while_another_is_played(tmp_path: Path) -> None:
    data, spool = tmp_path / "data", tmp_path / "spool"
    daemon = DaemonProcess(data, free_port())
    daemon.start()
    player = Player(daemon.port, spool)
    try:
        player.play(30, FRAME / 4)
        daemon.kill()
        player.play(60)
        player.emulator.change_game(game(1))
        player.play(30)
        player.emulator.change_game(game(2))
        player.play(31)
        daemon.start()
        player.play_until("connected")
        player.play(200, FRAME / 4)
        player.emulator.stop_script()
        daemon.stop()
    finally:
        player.emulator.close()
        daemon.end()
    assert sorted(recorded(data)) == sorted(player.played), "every frame is recorded, and once"
    assert [metadata["rom_name"] for _, metadata, _ in sessions_of(data)] == ["game 0", "game 1", "game 2"]
    console = player.emulator.console.lines
    assert len([line for line in console if "frame sets of an earlier run delivered" in line]) == 2
    assert not [line for line in console if "import" in line]
    assert not spool.exists()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_screenshots_of_a_game_that_runs_ahead_are_flagged(tmp_path: Path, flavour: Flavour) -> None:
    data = tmp_path / "data"
    with running_daemon(data) as endpoints:
        player = Player(endpoints.link_port, tmp_path / "spool", flavour)
        try:
            player.play(20)
            player.emulator.turbo = True
            player.play(10)
            player.emulator.turbo, player.emulator.skipped_frames = False, 2
            player.play(10)
            player.emulator.skipped_frames = 0
            player.play(20)
            player.emulator.stop_script()
        finally:
            player.emulator.close()
    ((_, _, events),) = sessions_of(data)
    assert [event["frame_set_id"] for event in events if UNDRAWN in event["flaws"]] == [4, 5, 6, 7]


def test_a_window_that_is_scaled_is_flagged_once_and_no_damage(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_daemon(data) as endpoints:
        player = Player(endpoints.link_port, tmp_path / "spool")
        try:
            player.play(22)
            player.emulator.picture_scale = 2
            player.play(20)
            player.emulator.stop_script()
        finally:
            player.emulator.close()
    ((folder, _, events),) = sessions_of(data)
    flaws = [(event["frame_set_id"], event["flaws"]) for event in events if event["flaws"]]
    assert flaws == [(4, ["its screenshot has another size than the one before: 480x320, not 240x160 pixels"])]
    assert verify_session(folder).findings == []
