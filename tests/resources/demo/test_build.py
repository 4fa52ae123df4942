"""The kept cartridge is what the source builds."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import resources
from resources.demo import build as demo_build

LARGEST = 256 * 1024


@pytest.fixture(scope="module")
def built(arm_compiler: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    if arm_compiler != demo_build.COMPILER_VERSION:
        pytest.skip(f"the kept files were built with gcc {demo_build.COMPILER_VERSION}, this is {arm_compiler}")
    return demo_build.build(tmp_path_factory.mktemp("build"))


def test_the_source_builds_the_kept_files(built: Mapping[str, bytes]) -> None:
    assert demo_build.stale_files(built, demo_build.HERE) == [], "run python -m resources.demo.build"


def test_the_folder_it_is_built_in_leaves_no_trace(built: Mapping[str, bytes], tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder with spaces" / "and another name"
    elsewhere.mkdir(parents=True)
    assert demo_build.build(elsewhere) == built


def test_a_changed_byte_is_noticed(built: Mapping[str, bytes], tmp_path: Path) -> None:
    for name, content in built.items():
        (tmp_path / name).write_bytes(content)
    assert demo_build.stale_files(built, tmp_path) == []
    rom = tmp_path / demo_build.ROM_NAME
    rom.write_bytes(rom.read_bytes()[:-1] + b"!")
    assert demo_build.stale_files(built, tmp_path) == [demo_build.ROM_NAME]


def test_without_a_compiler_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert demo_build.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "demo game: arm-none-eabi-gcc is not installed; on Debian: apt-get install gcc-arm-none-eabi\n"
    )


def test_the_cartridge_is_small_and_ours() -> None:
    rom = resources.demo_rom().read_bytes()
    assert len(rom) < LARGEST
    assert rom[3] == 0xEA, "the first word is a jump"
    assert rom[0x04:0xA0] == bytes(0x9C), "no logo of the console's maker"
    assert rom[0xA0:0xAC] == b"FERNLIGHT\0\0\0"
    assert rom[0xB2] == 0x96
    assert (sum(rom[0xA0:0xBE]) + 0x19) % 256 == 0


def test_every_symbol_is_described() -> None:
    symbols = json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
    names = [symbol["name"] for symbol in symbols]
    assert len(set(names)) == len(names)
    assert {"scene", "frame_counter", "player.x", "party[0].hp", "money", "particles[].x"} <= set(names)
    for symbol in symbols:
        start, end = {"ewram": (0x02000000, 0x02040000), "iwram": (0x03000000, 0x03008000)}[symbol["region"]]
        size = int(symbol["type"][1:]) // 8
        last = int(symbol["address"], 16) + (symbol.get("count", 1) - 1) * symbol.get("stride", 0) + size
        assert symbol["address"] == f"{int(symbol['address'], 16):08X}"
        assert start <= int(symbol["address"], 16) < last <= end
        assert symbol["meaning"]
