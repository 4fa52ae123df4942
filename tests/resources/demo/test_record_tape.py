"""The demo's tape is of this game and this tour, and shows what a real core does."""

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

import resources
from lua.headless.inputs import read_inputs
from lua.headless.rom import hash_of, read_rom
from lua.headless.tape import read_tape
from lua.headless.tape_core import TapeCore
from tests.resources.demo.record_tape import difference, main, moment_of, play_tour

SIZE_LIMIT = 4 << 20
"""Bytes: the repository keeps every tape that was ever recorded."""


def test_it_belongs_to_the_game_and_the_tour() -> None:
    tape, tour = read_tape(resources.demo_tape()), read_inputs(resources.demo_tour())
    assert tape.head.rom_hash == hash_of(read_rom(resources.demo_rom()))
    assert tape.head.frames == resources.DEMO_FRAMES
    assert tape.pressed == [tour.pressed(frame) for frame in range(resources.DEMO_FRAMES)]
    assert resources.demo_tape().stat().st_size < SIZE_LIMIT


@pytest.mark.usefixtures("mgba")
def test_a_real_core_does_the_same_at_every_frame() -> None:
    assert main(["--check"]) == 0


@pytest.mark.usefixtures("mgba")
def test_a_tape_that_is_wrong_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.tape"
    with ZipFile(resources.demo_tape()) as right, ZipFile(wrong, "w") as file:
        for name in right.namelist():
            file.writestr(
                name.replace("PALRAM", "swap").replace("OAM", "PALRAM").replace("swap", "OAM"), right.read(name)
            )
    monkeypatch.setattr(resources, "demo_tape", lambda: wrong)
    assert main(["--check"]) == 1
    assert "the tape differs in PALRAM, OAM; record it again" in capsys.readouterr().out


def test_a_difference_is_named() -> None:
    core = TapeCore(resources.demo_rom(), resources.demo_tape())
    before, after = list(play_tour(core, 200))[-2:]
    assert difference(before, before) == ""
    assert "IWRAM" in difference(before, after)
    assert difference(before, replace(before, pressed=1, registers={})) == "the buttons, the registers"
    assert difference(moment_of(core, after.pressed), after) == ""
