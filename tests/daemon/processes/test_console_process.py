"""A game in a core and a process of its own: it may crash or stand still."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import resources
from daemon.processes import console_process
from daemon.processes.console_process import ConsoleProcess
from protocol.console import GBA
from protocol.errors import CoreError

REGIONS = [(region.base, region.size) for region in GBA.regions]


@pytest.fixture
def console(mgba: Path) -> Iterator[ConsoleProcess]:
    with ConsoleProcess(resources.demo_rom(), mgba, REGIONS) as process:
        yield process


def test_a_long_play_in_pieces_is_the_same_as_in_one(console: ConsoleProcess) -> None:
    wanted = [0, 599, 600, 601, 1200, 1250]
    played = console.play("power_on", [0] * 1250, images=wanted, states=[600, 1200])
    assert len(played.images) == len(wanted)
    assert len(played.states) == 2
    assert [len(image) for image in played.images] == [sum(size for _, size in REGIONS)] * len(wanted)
    again = console.play(played.states[0], [0] * 600, images=[0, 1, 600])
    assert again.images == (played.images[2], played.images[3], played.images[4])


def test_it_is_killed_with_its_owner_and_says_so(console: ConsoleProcess) -> None:
    console._process.kill()
    with pytest.raises(CoreError, match=r"The core crashed \(exit code"):
        console.play("power_on", [0])


def test_one_that_stands_still_is_stopped(console: ConsoleProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_process, "_ANSWERING", 0.5)
    psutil.Process(console._process.pid).suspend()
    with pytest.raises(CoreError, match="stood still"):
        console.play("power_on", [0])
    assert console._process.poll() is not None


def test_a_core_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "core.so").write_bytes(b"no library")
    with pytest.raises(CoreError, match=r"cannot be loaded as a libretro core|libretro.py"):
        ConsoleProcess(resources.demo_rom(), tmp_path / "core.so", REGIONS)
    with pytest.raises(CoreError, match="no libretro core at"):
        ConsoleProcess(resources.demo_rom(), tmp_path / "missing.so", REGIONS)


def test_a_state_of_another_game_is_refused_and_it_plays_on(console: ConsoleProcess) -> None:
    with pytest.raises(CoreError, match="does not take this savestate"):
        console.play(b"no state", [0])
    assert console.play("power_on", [0], images=[1]).images
