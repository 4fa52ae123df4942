"""Checks of the doctor, and their sentences."""

import shutil
import socket
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

import resources
from daemon.bizhawk.search import BizHawk
from daemon.checking.doctor import examine
from daemon.checking.results import CheckResult
from daemon.settings import Settings
from protocol.errors import BizHawkError
from protocol.wording import how_to_install

BIZHAWK = BizHawk(Path("BizHawk") / "EmuHawk.exe", (2, 11, 1))
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def healthy(tmp_path: Path) -> dict[str, Any]:
    """Everything where it should be: the arguments of `examine`, its settings as a map."""
    script, configs = tmp_path / "event_logger.lua", tmp_path / "data" / "game_configs"
    script.touch()
    configs.mkdir(parents=True)
    (configs / "tiny.json").write_text('{"game": "Tiny Game"}', encoding="utf-8")
    settings = {"data_folder": tmp_path / "data", "link_port": 0, "bus_port": 0, "command_port": 0, "web_port": None}
    return {
        "settings": settings,
        "script": script,
        "look": lambda: BIZHAWK,
        "core": resources.demo_tape(),
    }


def look(arguments: dict[str, Any], **settings: Any) -> dict[str, CheckResult]:
    chosen = Settings(**{**arguments["settings"], **settings})
    found = examine(chosen, arguments["script"], arguments["look"], arguments["core"])
    return {result.subject: result for result in found}


def test_in_good_health_nothing_that_is_needed_is_missing(healthy: dict[str, Any]) -> None:
    results = look(healthy)
    assert [result for result in results.values() if result.needed and not result.good] == []
    assert list(results) == [
        "versions",
        "data folder",
        "game configs",
        "script",
        "BizHawk",
        "stand-in emulator",
        "browser",
    ]
    assert results["game configs"].text.startswith("Tiny Game, ")
    assert "gbatrace 0.1.0 (link 1, bus 1), Python 3." in results["versions"].text
    assert "GiB free" in results["data folder"].text


@pytest.mark.parametrize(
    ("setting", "option"),
    [
        ("link_port", "--link-port"),
        ("bus_port", "--bus-port"),
        ("command_port", "--command-port"),
        ("web_port", "--web-port"),
    ],
)
def test_a_port_that_is_in_use_is_said_with_its_option(
    healthy: dict[str, Any], taken: int, setting: str, option: str
) -> None:
    result = look(healthy, **{setting: taken})[f"port {taken}"]
    assert not result.good
    assert result.needed
    assert f"choose another port with {option}" in result.text


def test_a_port_that_is_free_is_said_to_be(healthy: dict[str, Any], taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert look(healthy, link_port=port)[f"port {port}"].text == "free (emulators)"


def test_a_data_folder_that_cannot_be_written_is_said(healthy: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = look(healthy, data_folder=tmp_path / "file")["data folder"]
    assert not result.good
    assert "choose another with --data" in result.text


def test_little_room_is_said_and_is_no_fault(healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1 << 40, 1 << 39, 1 << 28))
    result = look(healthy)["data folder"]
    assert result.good
    assert "0.2 GiB free: that is little" in result.text


def test_a_broken_game_config_is_named(healthy: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "data" / "game_configs" / "odd.json").write_text("{", encoding="utf-8")
    result = look(healthy)["game configs"]
    assert not result.good
    assert "odd.json is not JSON" in result.text


def test_a_script_that_is_missing_is_said(healthy: dict[str, Any], tmp_path: Path) -> None:
    result = look({**healthy, "script": tmp_path / "none.lua"})["script"]
    assert not result.good
    assert result.text.endswith("none.lua is missing: install gbatrace again.")


def test_without_the_stand_in_emulator_gbatrace_still_records(
    healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lupa.lua54", None)
    result = look(healthy)["stand-in emulator"]
    assert (result.good, result.needed) == (False, False)
    assert how_to_install("demo") in result.text


def test_the_bizhawk_that_play_would_start_is_said(healthy: dict[str, Any]) -> None:
    assert look(healthy)["BizHawk"].text == f"BizHawk 2.11.1 at {BIZHAWK.program}, started by `gbatrace play GAME.gba`"


def test_a_bizhawk_of_unknown_version_and_an_old_copy_of_the_script_are_said(
    healthy: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "Lua" / "wire").mkdir(parents=True)
    (tmp_path / "Lua" / "wire" / "link.lua").touch()
    result = look({**healthy, "look": lambda: BizHawk(tmp_path / "EmuHawk.exe", None)})["BizHawk"]
    assert result.good
    assert "its version cannot be read: the script will say" in result.text
    assert result.text.endswith(f"{tmp_path / 'Lua' / 'wire'} holds an old copy of the script, delete it")


def test_without_bizhawk_the_stand_in_still_records(healthy: dict[str, Any]) -> None:
    def nowhere() -> BizHawk:
        raise BizHawkError("BizHawk was not found.")

    result = look({**healthy, "look": nowhere})["BizHawk"]
    assert (result.good, result.needed, result.text) == (False, False, "BizHawk was not found.")


def test_the_core_that_plays_is_named(healthy: dict[str, Any]) -> None:
    assert look(healthy)["stand-in emulator"].text.startswith("a tape of mGBA")


def test_a_core_that_does_not_load_is_no_core(healthy: dict[str, Any], tmp_path: Path) -> None:
    core = tmp_path / "mgba_libretro.so"
    core.write_bytes(b"not a library")
    result = look({**healthy, "core": core})["stand-in emulator"]
    assert (result.good, result.needed) == (False, False)
    assert result.text.startswith("the demo plays from its tape. ")
    assert "cannot be loaded as a libretro core" in result.text


def test_without_a_browser_gbatrace_still_records(healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.checking.doctor.find_browser", lambda: None)
    result = look(healthy)["browser"]
    assert (result.good, result.needed) == (False, False)


def test_windows_that_acknowledges_late_is_reported(healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.checking.doctor.acknowledge_every_segment", lambda _connection: False)
    result = look(healthy)["acknowledgements"]
    assert (result.good, result.needed) == (False, False)
    assert "200 ms" in result.text


def test_a_data_folder_in_onedrive_is_reported(healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(healthy["settings"]["data_folder"].parent))
    result = look(healthy)["data folder"]
    assert result.good
    assert "it lies in OneDrive" in result.text
