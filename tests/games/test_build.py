"""The test game builds, plays itself by random buttons, and its variables are where the build says."""

import struct
from pathlib import Path

import pytest

from lua.headless.core import MEMORY_MAP
from lua.headless.inputs import RandomInputs
from lua.headless.libretro_core import LibretroCore
from tests.games.build import BuiltGame, build_drift

FRAMES = 13_000


@pytest.fixture(scope="module")
def game(arm_compiler: str) -> BuiltGame:
    return build_drift()


def test_the_build_leaves_no_trace_of_its_folder(game: BuiltGame) -> None:
    assert build_drift() == game


@pytest.mark.usefixtures("mgba")
def test_random_buttons_play_all_of_it(game: BuiltGame, tmp_path: Path) -> None:
    rom = tmp_path / "drift.gba"
    rom.write_bytes(game.rom)
    core = LibretroCore(rom)
    memories, inputs = core.memories(), RandomInputs(5)

    def read(address: int, size: int) -> bytes:
        name = "IWRAM" if address >> 24 == 3 else "EWRAM"
        start = address - MEMORY_MAP[name][0]
        return bytes(memories[name][start : start + size])

    def word(address: int) -> int:
        return int.from_bytes(read(address, 4), "little")

    modes, ships, hulls, shields, fuels, scores = (set[object]() for _ in range(6))
    for frame in range(FRAMES):
        core.run_frame(inputs.pressed(frame))
        modes.add(read(game.variables["mode"], 1)[0])
        if ship := word(game.variables["ship"]):
            ships.add(ship)
            hulls.add(read(ship + game.offset("actor", "hull"), 2))
            fuels.add(struct.unpack("<f", read(ship + game.offset("actor", "fuel"), 4))[0])
        if battle := word(game.variables["battle"]):
            assert MEMORY_MAP["IWRAM"][0] + 0x7C00 < battle < MEMORY_MAP["IWRAM"][0] + 0x7F00, "it lies on the stack"
            shields.add(read(battle + game.offset("battle", "enemy_shield"), 2))
        scores.add(read(game.variables["score_bcd"], 4).hex())
    core.close()
    assert modes == {0, 1, 2, 3}
    assert len(ships) > 1, "the ship comes to lie elsewhere"
    assert len(hulls) > 5
    assert len(shields) > 5
    assert len(fuels) > 100
    assert all(str(score).isdecimal() for score in scores), "packed decimals"
    assert len(scores) > 5
